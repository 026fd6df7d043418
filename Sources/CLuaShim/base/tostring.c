// tostring: `__tostring` may wait, and what has no text of its own gets a number instead of its address, which
// differs from process to process.

#include <stdio.h>

#include "own.h"

/// Registry key of the weak table from objects to their numbers.
static const char NUMBERS;

void lvm_open_numbers(lua_State *L) {
  lvm_push_weak_table(L, "k");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &NUMBERS);
}

lua_Integer lvm_number(lua_State *L, int index) {
  index = lua_absindex(L, index);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &NUMBERS);
  lua_pushvalue(L, index);
  lua_rawget(L, -2);
  lua_Integer number = lua_tointeger(L, -1);
  lua_pop(L, 1);
  if (number == 0) {
    number = ++lvm_of(L)->last_number;
    lua_pushvalue(L, index);
    lua_pushinteger(L, number);
    lua_rawset(L, -3);
  }
  lua_pop(L, 1);
  return number;
}

void lvm_write_number(char *text, size_t size, lua_Integer number) { snprintf(text, size, "0x%08llx", (unsigned long long)number); }

bool lvm_push_text(lua_State *L, int index) {
  index = lua_absindex(L, index);
  luaL_checkstack(L, 4, NULL);
  if (luaL_getmetafield(L, index, "__tostring") != LUA_TNIL) return false;
  int type = lua_type(L, index);
  if (type == LUA_TLIGHTUSERDATA) {
    lua_pushliteral(L, "stopped");  // the host makes no other
  } else if (type < LUA_TTABLE) {
    luaL_tolstring(L, index, NULL);
  } else {
    const char *name = luaL_getmetafield(L, index, "__name") == LUA_TSTRING ? lua_tostring(L, -1) : luaL_typename(L, index);
    char number[24];
    lvm_write_number(number, sizeof number, lvm_number(L, index));
    lua_pushfstring(L, "%s: %s", name, number);
  }
  return true;
}

static int finish(lua_State *L, int status, lua_KContext context) {
  (void)status;
  (void)context;
  if (!lua_isstring(L, -1)) return luaL_error(L, "'__tostring' must return a string");
  lua_tolstring(L, -1, NULL);  // a number becomes one
  return 1;
}

int lvm_tostring(lua_State *L) {
  luaL_checkany(L, 1);
  if (lvm_push_text(L, 1)) return 1;
  lua_pushvalue(L, 1);
  lua_callk(L, 1, 1, 0, finish);
  return finish(L, LUA_OK, 0);
}
