#include "coroutine/advance.h"

static int finish(lua_State *L, int status, lua_KContext level);

/// `level`: how often a stop had been raised when the function was called.
static int answer(lua_State *L, lua_State *co, int results, lua_KContext level) {
  if (results == ADVANCE_BUBBLES) return lua_yieldk(L, 0, level, finish);
  lvm *vm = lvm_of(L);
  if (results == ADVANCE_FAILED) {
    if (vm->stop_level > level) return lua_error(L);
    vm->out_of_memory = false;
    lvm_take_traceback(L, co);
    lua_pop(L, 1);
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    return 2;
  }
  lua_pushboolean(L, 1);
  lua_insert(L, -(results + 1));
  return results + 1;
}

/// The frame holds the coroutine, then what it is resumed with.
static int finish(lua_State *L, int status, lua_KContext level) {
  (void)status;
  lua_State *co = lua_tothread(L, 1);
  lvm_flag(co, THREAD_WAITS, false);
  return answer(L, co, lvm_advance(L, co, lua_gettop(L) - 1), level);
}

int lvm_coroutine_resume(lua_State *L) {
  lua_State *co = lvm_check_coroutine(L);
  const char *why = lvm_refusal(L, co);
  if (why != NULL) {
    lua_pushboolean(L, 0);
    lua_pushstring(L, why);
    return 2;
  }
  lua_KContext level = lvm_of(L)->stops;
  return answer(L, co, lvm_advance(L, co, lua_gettop(L) - 1), level);
}
