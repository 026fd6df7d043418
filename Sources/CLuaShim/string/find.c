#ifndef _GNU_SOURCE
#define _GNU_SOURCE  // memmem
#endif
#include <string.h>

#include "string/matcher.h"
#include "string/string_functions.h"

/// True if no byte of the pattern is special, so that it is text to find.
static bool is_text(lua_State *L, const char *pattern, size_t length) {
  static const bool special[256] = {['^'] = true, ['$'] = true, ['*'] = true, ['+'] = true, ['?'] = true,
                                    ['.'] = true, ['('] = true, ['['] = true, ['%'] = true, ['-'] = true};
  for (size_t i = 0; i < length; i++) {
    if (special[(unsigned char)pattern[i]]) return false;
    if (i % LVM_CHUNK == LVM_CHUNK - 1) lvm_look_at_time(L);
  }
  return true;
}

/// The first occurrence of the text that starts at or before `last`, or NULL. Where its first byte is rare, memchr is
/// many times faster than memmem; where it is not, memmem is faster, and never worse than linear.
static const char *find_head(const char *from, const char *last, const char *text, size_t length) {
  for (int tries = 0; tries < 32; tries++) {
    from = memchr(from, *text, (size_t)(last - from) + 1);
    if (from == NULL || memcmp(from, text, length) == 0) return from;
    if (from++ == last) return NULL;
  }
  return memmem(from, (size_t)(last - from) + length, text, length);
}

/// The first occurrence of the text, which is not empty, or NULL. Looks for its head in one piece after the other.
static const char *find_text(lua_State *L, const char *from, const char *end, const char *text, size_t length) {
  const ptrdiff_t piece = 16 * LVM_CHUNK;
  const char *last = end - length;
  size_t head = length < LVM_CHUNK ? length : LVM_CHUNK;
  lvm_clock clock = {L, LVM_STEPS};
  for (;;) {
    const char *stop = last - from > piece ? from + piece : last;
    const char *found = find_head(from, stop, text, head);
    if (found != NULL && lvm_equal(&clock, found + head, text + head, length - head)) return found;
    from = found != NULL ? found : stop;
    if (from++ == last) return NULL;
    lvm_look_at_time(L);
  }
}

static int push_text_position(lua_State *L, const char *subject, size_t length, size_t from, const char *text,
                              size_t text_length) {
  const char *found = subject + from;
  if (text_length > length - from) {
    found = NULL;
  } else if (text_length > 0) {
    found = find_text(L, found, subject + length, text, text_length);
  }
  if (found == NULL) {
    luaL_pushfail(L);
    return 1;
  }
  lua_pushinteger(L, found - subject + 1);
  lua_pushinteger(L, found - subject + (lua_Integer)text_length);
  return 2;
}

/// `find` and `match`.
static int search(lua_State *L, bool find) {
  size_t length, pattern_length;
  const char *subject = luaL_checklstring(L, 1, &length);
  const char *pattern = luaL_checklstring(L, 2, &pattern_length);
  size_t from = lvm_opt_start(L, 3, length);
  if (from > length) {
    luaL_pushfail(L);
    return 1;
  }
  if (find && (lua_toboolean(L, 4) || is_text(L, pattern, pattern_length)))
    return push_text_position(L, subject, length, from, pattern, pattern_length);
  lvm_item small[LVM_SMALL_PATTERN];
  lvm_matcher m;
  lvm_compile(L, &m, lvm_item_room(L, small, pattern, pattern_length), pattern, pattern_length, true);
  lvm_set_subject(&m, subject, length, from);
  if (!lvm_search(&m)) {
    luaL_pushfail(L);
    return 1;
  }
  if (!find) return lvm_push_captures(&m, true);
  lua_pushinteger(L, m.start - subject + 1);
  lua_pushinteger(L, m.stop - subject);
  return 2 + lvm_push_captures(&m, false);
}

int lvm_string_find(lua_State *L) { return search(L, true); }

int lvm_string_match(lua_State *L) { return search(L, false); }
