// pcall and xpcall: as the library's, but what stops a task or closes a coroutine passes through. Only a `pcall` that
// was entered since, by a `<close>` handler on the way, catches there.

#include "own.h"

/// The context of the continuation: the mark of the entry, and how many values lie below the results.
static lua_KContext context(lua_Integer mark, int below) { return (lua_KContext)mark * 4 + below; }

static int finish_pcall(lua_State *L, int status, lua_KContext context) {
  if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - (int)(context % 4);
  lvm *vm = lvm_of(L);
  if (lvm_passes(L, context / 4)) {
    // Unwinding takes time quadratic in the depth, and no instruction runs in between.
    if (lvm_expired(L)) lvm_leave(L);
    return lua_error(L);
  }
  vm->out_of_memory = false;
  vm->inherits_traceback = NULL;
  lua_pushboolean(L, 0);
  lua_pushvalue(L, -2);
  return 2;
}

int lvm_pcall(lua_State *L) {
  luaL_checkany(L, 1);
  lua_pushboolean(L, 1);
  lua_insert(L, 1);
  lua_KContext entry = context(lvm_mark(L), 0);
  int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, entry, finish_pcall);
  return finish_pcall(L, status, entry);
}

int lvm_handle_message(lua_State *L) {
  if (lvm_passes(L, lua_tointeger(L, lua_upvalueindex(2)))) return 1;
  // An error of the handler itself is not given to it again and again.
  if (lua_toboolean(L, lua_upvalueindex(3))) return 1;
  lua_pushboolean(L, 1);
  lua_replace(L, lua_upvalueindex(3));
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  lua_pushboolean(L, 0);
  lua_replace(L, lua_upvalueindex(3));
  return 1;
}

int lvm_xpcall(lua_State *L) {
  int count = lua_gettop(L);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_Integer mark = lvm_mark(L);
  lua_pushvalue(L, 2);
  lua_pushinteger(L, mark);
  lua_pushboolean(L, 0);
  lua_pushcclosure(L, lvm_handle_message, 3);
  lua_replace(L, 2);
  lua_pushboolean(L, 1);
  lua_pushvalue(L, 1);
  lua_rotate(L, 3, 2);
  int status = lua_pcallk(L, count - 2, LUA_MULTRET, 2, context(mark, 2), finish_pcall);
  return finish_pcall(L, status, context(mark, 2));
}
