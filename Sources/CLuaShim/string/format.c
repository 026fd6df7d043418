// string.format: `%s` calls a `__tostring` that may wait, and neither it nor `%p` shows an address. The rest is the
// library's.

#include <string.h>

#include "own.h"

/// The conversions that arguments of this kind need: everything else is left to the library.
static bool is_plain(lua_State *L, int index) {
  int type = lua_type(L, index);
  return type == LUA_TNIL || type == LUA_TBOOLEAN || type == LUA_TNUMBER || type == LUA_TSTRING;
}

/// The next conversion from `from` on: its letter's position, or NULL. `argument` goes on to its argument.
static const char *next_conversion(const char *from, const char *end, int *argument) {
  for (; from < end; from++) {
    if (*from != '%') continue;
    if (++from < end && *from == '%') continue;
    while (from < end && strchr("-+ #0123456789.", *from) != NULL && *from != '\0') from++;
    ++*argument;
    return from < end ? from : NULL;
  }
  return NULL;
}

/// True if the conversion has a precision, which `%p` must not have: the library says so.
static bool has_precision(const char *letter) {
  while (*--letter != '%') {
    if (*letter == '.') return true;
  }
  return false;
}

/// The library's function, and the format with `%s` in the place of `%p`.
static int format(lua_State *L) {
  size_t length;
  const char *text = lua_tolstring(L, 1, &length), *end = text + length, *letter = text;
  int argument = 1;
  luaL_Buffer changed;
  luaL_buffinitsize(L, &changed, length);
  memcpy(luaL_buffaddr(&changed), text, length);
  while ((letter = next_conversion(letter, end, &argument)) != NULL) {
    if (*letter == 'p' && !has_precision(letter)) luaL_buffaddr(&changed)[letter - text] = 's';
  }
  luaL_pushresultsize(&changed, length);
  lua_replace(L, 1);
  return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/// Replaces an argument by what its `__tostring` gave, which is on top.
static void take_text(lua_State *L, int argument) {
  if (!lua_isstring(L, -1)) luaL_error(L, "'__tostring' must return a string");
  lua_replace(L, argument);
}

/// Converts the arguments. After a yield, on top is what a `__tostring` gave for the one at `converted`.
static int convert(lua_State *L, int status, lua_KContext converted) {
  (void)status;
  size_t length;
  const char *text = lua_tolstring(L, 1, &length), *end = text + length, *letter = text;
  int argument = 1, count = lua_gettop(L) - (converted > 0);
  if (converted > 0) take_text(L, (int)converted);
  while ((letter = next_conversion(letter, end, &argument)) != NULL) {
    if (argument <= converted || argument > count) continue;
    if (*letter == 's' && !is_plain(L, argument)) {
      if (lvm_push_text(L, argument)) {
        lua_replace(L, argument);
      } else {
        lua_pushvalue(L, argument);
        lua_callk(L, 1, 1, argument, convert);
        take_text(L, argument);
      }
    } else if (*letter == 'p' && !has_precision(letter)) {
      char number[24] = "(null)";
      if (lua_type(L, argument) >= LUA_TTABLE) lvm_write_number(number, sizeof number, lvm_number(L, argument));
      lua_pushstring(L, number);
      lua_replace(L, argument);
    }
  }
  return format(L);
}

int lvm_string_format(lua_State *L) {
  size_t length;
  const char *text = luaL_checklstring(L, 1, &length);
  int count = lua_gettop(L);
  bool plain = memchr(text, 'p', length) == NULL;
  for (int index = 2; plain && index <= count; index++) plain = is_plain(L, index);
  return plain ? lua_tocfunction(L, lua_upvalueindex(1))(L) : convert(L, LUA_OK, 0);
}
