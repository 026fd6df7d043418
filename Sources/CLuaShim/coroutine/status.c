// coroutine.status, running and isyieldable.

#include "coroutine/advance.h"

int lvm_coroutine_status(lua_State *L) {
  lua_State *co = lvm_check_coroutine(L);
  lua_Debug frame;
  const char *status = "dead";
  bool waits = lvm_thread_is(co, THREAD_WAITS);  // a task's, or one that waits for the host: not the script's to resume
  if (co == L) status = "running";
  else if (lua_status(co) == LUA_YIELD) status = waits ? "normal" : "suspended";
  else if (lua_status(co) == LUA_OK && lua_getstack(co, 0, &frame)) status = "normal";
  else if (lua_status(co) == LUA_OK && lua_gettop(co) > 0) status = waits ? "normal" : "suspended";
  lua_pushstring(L, status);
  return 1;
}

int lvm_coroutine_running(lua_State *L) {
  lvm_flag(L, THREAD_IS_KNOWN, true);
  lua_pushthread(L);
  lua_pushboolean(L, lvm_thread_is(L, THREAD_IS_TASK));
  return 2;
}

int lvm_coroutine_isyieldable(lua_State *L) {
  lua_State *co = lua_isnone(L, 1) ? L : lvm_check_coroutine(L);
  lua_pushboolean(L, !lvm_thread_is(co, THREAD_IS_TASK) && lua_isyieldable(co));
  return 1;
}
