#include <lauxlib.h>
#include <limits.h>
#include <string.h>

#include "interrupt.h"
#include "string/string_functions.h"

/// memcpy that looks at the time after every chunk.
static void copy(lua_State *L, char *to, const char *from, size_t length) {
  const size_t chunk = (size_t)1 << 20;
  for (; length > chunk; to += chunk, from += chunk, length -= chunk) {
    memcpy(to, from, chunk);
    if (lvm_expired(L)) lvm_leave(L);
  }
  if (length > 0) memcpy(to, from, length);
}

int lvm_string_rep(lua_State *L) {
  size_t length, separator_length;
  const char *text = luaL_checklstring(L, 1, &length);
  lua_Integer count = luaL_checkinteger(L, 2);
  const char *separator = luaL_optlstring(L, 3, "", &separator_length);
  if (count > 0 && (length + separator_length < length || length + separator_length > (size_t)(INT_MAX / count)))
    return luaL_error(L, "resulting string too large");
  size_t unit = length + separator_length;
  size_t total = count > 0 ? (size_t)count * unit - separator_length : 0;
  if (total == 0) {
    lua_pushliteral(L, "");
    return 1;
  }
  luaL_Buffer buffer;
  char *bytes = luaL_buffinitsize(L, &buffer, total);
  copy(L, bytes, text, length);
  if (count > 1) copy(L, bytes + length, separator, separator_length);
  // Whole units double until they are a block that stays in the cache; then only the block is repeated.
  const size_t block = (size_t)256 * 1024;
  size_t filled = unit;
  while (filled < total) {
    size_t units = filled <= block || unit >= block ? filled : block / unit * unit;
    if (units > total - filled) units = total - filled;
    copy(L, bytes + filled, bytes, units);
    filled += units;
    if (lvm_expired(L)) lvm_leave(L);
  }
  luaL_pushresultsize(&buffer, total);
  return 1;
}
