// math.randomseed: without arguments it takes the seed of the run, where the library takes the time and an address.

#include "own.h"

/// Upvalues: the library's function, and the seed.
int lvm_math_randomseed(lua_State *L) {
  if (lua_isnone(L, 1)) {
    lua_pushvalue(L, lua_upvalueindex(2));
  } else {
    // Here, so that the message names the right function.
    luaL_checkinteger(L, 1);
    luaL_optinteger(L, 2, 0);
  }
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

static int seed(lua_State *L) {
  const int64_t *value = lua_touserdata(L, -1);
  lua_getglobal(L, LUA_MATHLIBNAME);
  lua_getfield(L, -1, "randomseed");
  if (lua_tocfunction(L, -1) == lvm_math_randomseed) {
    lua_getupvalue(L, -1, 1);
    lua_remove(L, -2);
  }
  lua_pushinteger(L, *value);
  lua_pushcclosure(L, lvm_math_randomseed, 2);
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "randomseed");
  lua_call(L, 0, 0);
  return 0;
}

bool lvm_seed(lvm *vm, int64_t value) { return lvm_protect(vm->main, seed, &value, 0, 0); }
