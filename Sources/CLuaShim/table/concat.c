#include "table/access.h"
#include "table/table_functions.h"

static void add_value(lua_State *L, luaL_Buffer *buffer, lua_Integer i) {
  lua_geti(L, 1, i);
  if (!lua_isstring(L, -1))
    luaL_error(L, "invalid value (%s) at index %I in table for 'concat'", luaL_typename(L, -1), (LUAI_UACINT)i);
  luaL_addvalue(buffer);
}

int lvm_table_concat(lua_State *L) {
  static const char *const needed[] = {"__index", "__len", NULL};
  lvm_check_table(L, 1, needed);
  lua_Integer last = lvm_length(L, 1);
  size_t length;
  const char *separator = luaL_optlstring(L, 2, "", &length);
  lua_Integer i = luaL_optinteger(L, 3, 1);
  last = luaL_optinteger(L, 4, last);
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  unsigned steps = 0;
  for (; i < last; i++) {
    lvm_poll(L, &steps);
    add_value(L, &buffer, i);
    luaL_addlstring(&buffer, separator, length);
  }
  if (i == last) add_value(L, &buffer, i);  // apart: `last` may be the largest integer
  luaL_pushresult(&buffer);
  return 1;
}
