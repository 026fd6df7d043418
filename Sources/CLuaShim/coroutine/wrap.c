#include "coroutine/advance.h"

static int finish(lua_State *L, int status, lua_KContext context);

static int answer(lua_State *L, lua_State *co, int results) {
  if (results == ADVANCE_BUBBLES) return lua_yieldk(L, 0, 0, finish);
  if (results != ADVANCE_FAILED) return results;
  if (lua_type(L, -1) == LUA_TSTRING) {
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  if (lvm_of(L)->stop_level == 0) lvm_inherit_traceback(L, co);
  return lua_error(L);
}

static int finish(lua_State *L, int status, lua_KContext context) {
  (void)status;
  (void)context;
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  lvm_flag(co, THREAD_WAITS, false);
  return answer(L, co, lvm_advance(L, co, lua_gettop(L)));
}

int lvm_call_wrapped(lua_State *L) {
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  const char *why = lvm_refusal(L, co);
  if (why != NULL) return luaL_error(L, "%s", why);
  return answer(L, co, lvm_advance(L, co, lua_gettop(L)));
}

int lvm_coroutine_wrap(lua_State *L) {
  lvm_coroutine_create(L);
  lua_pushcclosure(L, lvm_call_wrapped, 1);
  return 1;
}
