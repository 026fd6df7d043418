#include "CFloor.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

static lua_State *state_of(floor_lua *lua) { return (lua_State *)lua; }

static int give_back(lua_State *L) {
  lua_pushinteger(L, lua_tointeger(L, 1));
  return 1;
}

static int wait_over(lua_State *L, int status, lua_KContext context) {
  (void)status, (void)context;
  return lua_gettop(L);
}

static int wait(lua_State *L) { return lua_yieldk(L, lua_gettop(L), 0, wait_over); }

static int fail(lua_State *L) {
  lua_pushliteral(L, "no");
  return lua_error(L);
}

static int open(lua_State *L) {
  luaL_openlibs(L);
  lua_register(L, "f", give_back);
  lua_register(L, "wait", wait);
  lua_register(L, "fail", fail);
  return 0;
}

floor_lua *floor_new(void) {
  lua_State *L = luaL_newstate();
  if (L == NULL) return NULL;
  lua_pushcfunction(L, open);
  if (lua_pcall(L, 0, 0, 0) != LUA_OK) {
    lua_close(L);
    return NULL;
  }
  return (floor_lua *)L;
}

void floor_free(floor_lua *lua) { lua_close(state_of(lua)); }

int floor_load(floor_lua *lua, const char *text) {
  lua_State *L = state_of(lua);
  if (luaL_loadstring(L, text) == LUA_OK) return luaL_ref(L, LUA_REGISTRYINDEX);
  lua_pop(L, 1);
  return -1;
}

bool floor_run(floor_lua *lua, int chunk, int64_t argument) {
  lua_State *L = state_of(lua);
  lua_rawgeti(L, LUA_REGISTRYINDEX, chunk);
  lua_pushinteger(L, argument);
  int status = lua_pcall(L, 1, 0, 0);
  lua_settop(L, 0);
  return status == LUA_OK;
}

bool floor_run_waiting(floor_lua *lua, int chunk, int64_t argument) {
  lua_State *L = state_of(lua);
  lua_State *thread = lua_newthread(L);
  lua_rawgeti(thread, LUA_REGISTRYINDEX, chunk);
  lua_pushinteger(thread, argument);
  int results = 0;
  int status = lua_resume(thread, L, 1, &results);
  while (status == LUA_YIELD) {
    lua_Integer given = lua_tointeger(thread, -1);
    lua_pop(thread, results);
    lua_pushinteger(thread, given);
    status = lua_resume(thread, L, 1, &results);
  }
  lua_settop(L, 0);
  return status == LUA_OK;
}
