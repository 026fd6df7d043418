#include <string.h>

#include "table/access.h"
#include "table/table_functions.h"

/// The text so far. Not a `luaL_Buffer`: when that grows at the memory limit it fails without a collection.
typedef struct {
  char *bytes;
  size_t used, size;
  char few[1024];
} text;

enum { BUFFER = 5 };

static void append(lua_State *L, text *to, const char *bytes, size_t length) {
  if (length > to->size - to->used) {
    if (length > (size_t)LUA_MAXINTEGER / 2 - to->used) luaL_error(L, "resulting string too large");
    size_t size = to->size * 2 > to->used + length ? to->size * 2 : to->used + length;
    char *larger = lua_newuserdatauv(L, size, 0);
    memcpy(larger, to->bytes, to->used);
    lua_replace(L, BUFFER);
    to->bytes = larger;
    to->size = size;
  }
  memcpy(to->bytes + to->used, bytes, length);
  to->used += length;
}

static void append_value(lua_State *L, text *to, lua_Integer i) {
  lua_geti(L, 1, i);
  if (!lua_isstring(L, -1))
    luaL_error(L, "invalid value (%s) at index %I in table for 'concat'", luaL_typename(L, -1), (LUAI_UACINT)i);
  size_t length;
  const char *bytes = lua_tolstring(L, -1, &length);
  append(L, to, bytes, length);
  lua_pop(L, 1);
}

int lvm_table_concat(lua_State *L) {
  static const char *const needed[] = {"__index", "__len", NULL};
  lvm_check_table(L, 1, needed);
  lua_Integer last = lvm_length(L, 1);
  size_t length;
  const char *separator = luaL_optlstring(L, 2, "", &length);
  lua_Integer i = luaL_optinteger(L, 3, 1);
  last = luaL_optinteger(L, 4, last);
  lua_settop(L, BUFFER);
  text result = {.size = sizeof result.few};
  result.bytes = result.few;
  unsigned steps = 0;
  for (; i < last; i++) {
    lvm_poll(L, &steps);
    append_value(L, &result, i);
    append(L, &result, separator, length);
  }
  if (i == last) append_value(L, &result, i);  // apart: `last` may be the largest integer
  lua_pushlstring(L, result.bytes, result.used);
  return 1;
}
