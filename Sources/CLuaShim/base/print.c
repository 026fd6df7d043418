// print: `__tostring` may wait, and the line goes where the host says.

#include "own.h"

/// The frame holds the arguments, of which those below `next` are texts already; on top may be what a `__tostring` gave
/// for the one at `next`. Upvalue: the function of the host.
static int print_on(lua_State *L, int status, lua_KContext next) {
  int count = lua_gettop(L);
  if (status == LUA_YIELD) {
    if (!lua_isstring(L, -1)) return luaL_error(L, "'__tostring' must return a string");
    lua_replace(L, (int)next);
    count--;
    next++;
  }
  for (; next <= count; next++) {
    if (lvm_push_text(L, (int)next)) {
      lua_replace(L, (int)next);
      continue;
    }
    lua_pushvalue(L, (int)next);
    lua_callk(L, 1, 1, next, print_on);
    return print_on(L, LUA_YIELD, next);
  }
  luaL_Buffer line;
  luaL_buffinit(L, &line);
  for (int index = 1; index <= count; index++) {
    if (index > 1) luaL_addchar(&line, '\t');
    lua_pushvalue(L, index);
    luaL_addvalue(&line);
  }
  luaL_pushresult(&line);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, -2);
  lua_call(L, 1, 0);
  return 0;
}

int lvm_print(lua_State *L) { return print_on(L, LUA_OK, 1); }

static int open_print(lua_State *L) {
  lua_settop(L, 1);
  lua_pushcclosure(L, lvm_print, 1);
  lua_setglobal(L, "print");
  return 0;
}

bool lvm_set_print(lua_State *L) { return lvm_protect(L, open_print, NULL, 1, 0); }
