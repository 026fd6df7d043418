// coroutine.close: the coroutine is resumed with an error that only it sees, so that its `<close>` handlers may wait, and
// that a chain of coroutines which close each other does not use up the C stack.

#include "coroutine/advance.h"

static int finish(lua_State *L, int status, lua_KContext level);

/// `level`: how often a stop had been raised when the function was called.
static int answer(lua_State *L, lua_State *co, int results, lua_KContext level) {
  if (results == ADVANCE_BUBBLES) return lua_yieldk(L, 0, level, finish);
  if (results == ADVANCE_FAILED && lvm_of(L)->stop_level > level) return lua_error(L);
  lvm_flag(co, THREAD_CLOSES, false);
  lvm_of(L)->out_of_memory = false;
  if (lua_status(co) == LUA_YIELD) {  // it was not resumed: too deep
    lvm_of(L)->closes = NULL;
    return lua_error(L);
  }
  lua_resetthread(co);
  lua_settop(co, 0);
  bool failed = results == ADVANCE_FAILED && !lua_isnil(L, -1);  // nil: the error that closes
  lua_pushboolean(L, !failed);
  if (!failed) return 1;
  lua_insert(L, -2);
  return 2;
}

static int finish(lua_State *L, int status, lua_KContext level) {
  (void)status;
  lua_State *co = lua_tothread(L, 1);
  lvm_flag(co, THREAD_WAITS, false);
  return answer(L, co, lvm_advance(L, co, lua_gettop(L) - 1), level);
}

int lvm_coroutine_close(lua_State *L) {
  lua_State *co = lvm_check_coroutine(L);
  lua_settop(L, 1);
  if (lvm_thread_is(co, THREAD_WAITS) && co != L)
    return luaL_error(L, "cannot close a coroutine that waits for a host function");
  lua_Debug frame;
  bool has_begun = lua_status(co) == LUA_YIELD;
  if (co == L || (lua_status(co) == LUA_OK && lua_getstack(co, 0, &frame)))
    return luaL_error(L, "cannot close a %s coroutine", co == L ? "running" : "normal");
  if (!has_begun) {
    // Nothing of it is pending: it has not begun, or it is dead.
    bool failed = lua_status(co) != LUA_OK;
    if (failed) {
      luaL_checkstack(L, 2, NULL);
      lua_pushboolean(L, 0);
      lua_xmove(co, L, 1);
    }
    lua_resetthread(co);
    lua_settop(co, 0);
    if (failed) return 2;
    lua_pushboolean(L, 1);
    return 1;
  }
  lua_KContext level = lvm_of(L)->stops;
  lvm_of(L)->closes = co;
  lvm_flag(co, THREAD_CLOSES, true);
  return answer(L, co, lvm_advance(L, co, 0), level);
}
