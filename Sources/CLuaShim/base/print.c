// print: `__tostring` may wait, and the line goes where the host says.

#include "own.h"

/// The frame holds the arguments, of which those below `next` are texts already. After a yield what the `__tostring` of
/// that one gave is on top. Upvalue: the function of the host.
static int print_on(lua_State *L, int status, lua_KContext next) {
  bool has_text = status == LUA_YIELD;
  for (;;) {
    if (has_text) {
      if (!lua_isstring(L, -1)) return luaL_error(L, "'__tostring' must return a string");
      lua_replace(L, (int)next++);
    }
    for (; next <= lua_gettop(L) && lvm_push_text(L, (int)next); next++) lua_replace(L, (int)next);
    if (next > lua_gettop(L)) break;
    lua_pushvalue(L, (int)next);
    lua_callk(L, 1, 1, next, print_on);
    has_text = true;
  }
  int count = lua_gettop(L);
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
