#include "own.h"

/// Its function runs inside `lvm_body`, as a task's does.
int lvm_coroutine_create(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *co = lua_newthread(L);
  lua_pushcfunction(co, lvm_body);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  return 1;
}
