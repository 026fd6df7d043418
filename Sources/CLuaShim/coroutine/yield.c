#include "own.h"

/// The frame holds what the coroutine is resumed with, unless `coroutine.close` unwinds it.
static int finish(lua_State *L, int status, lua_KContext context) {
  (void)status;
  (void)context;
  lvm *vm = lvm_of(L);
  if (vm->raises_stop) lvm_raise_stop(L);
  if (vm->closes != L) return lua_gettop(L);
  vm->closes = NULL;
  lua_pushnil(L);  // what handlers get when a coroutine is closed without an error
  return lua_error(L);
}

int lvm_coroutine_yield(lua_State *L) {
  if (lvm_thread_is(L, THREAD_IS_TASK)) return luaL_error(L, "attempt to yield from outside a coroutine");
  if (lvm_thread_is(L, THREAD_CLOSES)) return luaL_error(L, "attempt to yield from a coroutine that is being closed");
  return lua_yieldk(L, lua_gettop(L), 0, finish);
}
