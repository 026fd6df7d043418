#include <string.h>

#include "string/matcher.h"
#include "string/string_functions.h"

// What is on the stack: the arguments, then the state and the output if they need memory of the collector.
enum { SUBJECT = 1, PATTERN, REPLACEMENT, STATE, OUTPUT };

enum { SMALL_OUTPUT = 256 };

/// A replacement under way. If it may call a function, which may yield, then this is at STATE, with the items and the
/// small output behind it, and nothing is left on the C stack.
typedef struct {
  lvm_matcher matcher;
  lua_Integer count, most;
  bool may_call;
  const char *text;  // the replacement; NULL: a table or a function
  size_t text_length;
  const char *copied;  // up to here the subject is in the output
  char *output;        // the small one, and when that is full, the memory at OUTPUT
  size_t length, capacity;
} replacing;

static void append(lua_State *L, replacing *r, const char *text, size_t length) {
  if (length > r->capacity - r->length) {
    size_t capacity = r->length + length;
    if (capacity < 2 * r->capacity) capacity = 2 * r->capacity;
    char *output = lua_newuserdatauv(L, capacity, 0);
    memcpy(output, r->output, r->length);
    lua_replace(L, OUTPUT);
    r->output = output;
    r->capacity = capacity;
  }
  memcpy(r->output + r->length, text, length);
  r->length += length;
}

/// Adds the capture that a digit in the replacement text stands for.
static void append_capture(lua_State *L, replacing *r, char digit) {
  size_t length = (size_t)(r->matcher.stop - r->matcher.start);
  const char *text = digit == '0' ? r->matcher.start : lvm_capture(&r->matcher, digit - '1', &length);
  if (text == NULL) {
    lvm_push_capture(&r->matcher, digit - '1');
    text = lua_tolstring(L, -1, &length);
  }
  append(L, r, text, length);
  lua_settop(L, OUTPUT);
}

/// Adds the replacement text, with what each '%' stands for.
static void replace_by_text(lua_State *L, replacing *r) {
  append(L, r, r->copied, (size_t)(r->matcher.start - r->copied));
  r->copied = r->matcher.stop;
  const char *text = r->text, *end = text + r->text_length;
  for (const char *escape; (escape = lvm_find_byte(&r->matcher.clock, text, end, '%')) != NULL; text = escape + 2) {
    append(L, r, text, (size_t)(escape - text));
    char c = escape[1];  // a string of Lua has a zero behind its end
    if (c == '%') {
      append(L, r, escape, 1);
    } else if (c >= '0' && c <= '9') {
      append_capture(L, r, c);
    } else {
      luaL_error(L, "invalid use of '%%' in replacement string");
    }
  }
  append(L, r, text, (size_t)(end - text));
}

/// Pushes the function that gives the value for the match, and its arguments, whose number it returns. Or pushes the
/// value itself and returns 0.
static int push_call(lua_State *L, const replacing *r) {
  if (lua_isfunction(L, REPLACEMENT)) {
    lua_pushvalue(L, REPLACEMENT);
    return lvm_push_captures(&r->matcher, true);
  }
  lvm_push_capture(&r->matcher, 0);
  if (r->may_call) {
    int key = lua_gettop(L);
    lua_pushvalue(L, key);
    if (lua_rawget(L, REPLACEMENT) != LUA_TNIL) return 0;
    if (luaL_getmetafield(L, REPLACEMENT, "__index") == LUA_TFUNCTION) {
      lua_pushvalue(L, REPLACEMENT);
      lua_pushvalue(L, key);
      return 2;
    }
    lua_settop(L, key);
  }
  lua_gettable(L, REPLACEMENT);
  return 0;
}

/// Takes the value for the match from the top of the stack: nil and false leave the match as it is.
static void take_value(lua_State *L, replacing *r) {
  if (lua_toboolean(L, -1)) {
    if (!lua_isstring(L, -1)) luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    append(L, r, r->copied, (size_t)(r->matcher.start - r->copied));
    size_t length;
    const char *text = lua_tolstring(L, -1, &length);
    append(L, r, text, length);
    r->copied = r->matcher.stop;
  }
  lua_settop(L, OUTPUT);
}

/// Replaces what is left to replace. `lua_callk` calls it when the value that is now on the top came after a yield.
static int replace(lua_State *L, int status, lua_KContext state) {
  replacing *r = (replacing *)state;
  if (status == LUA_YIELD) take_value(L, r);
  while (r->count < r->most && lvm_search(&r->matcher)) {
    r->count++;
    if (r->text != NULL) {
      replace_by_text(L, r);
    } else {
      int arguments = push_call(L, r);
      if (arguments > 0) lua_callk(L, arguments, 1, state, replace);
      take_value(L, r);
    }
  }
  if (r->copied == r->matcher.subject && r->length == 0) {
    lua_pushvalue(L, SUBJECT);
  } else {
    append(L, r, r->copied, (size_t)(r->matcher.end - r->copied));
    lua_pushlstring(L, r->output, r->length);
  }
  lua_pushinteger(L, r->count);
  return 2;
}

/// Starts the replacement with memory for the state, for the items and for the small output.
static int start(lua_State *L, replacing *r, lvm_item *items, char *output, size_t capacity, lua_Integer most,
                 bool may_call) {
  size_t length, pattern_length;
  const char *subject = lua_tolstring(L, SUBJECT, &length), *pattern = lua_tolstring(L, PATTERN, &pattern_length);
  lua_settop(L, OUTPUT);
  lvm_compile(L, &r->matcher, items, pattern, pattern_length, true);
  lvm_set_subject(&r->matcher, subject, length, 0);
  r->count = 0;
  r->most = most;
  r->may_call = may_call;
  r->text = lua_type(L, REPLACEMENT) == LUA_TTABLE ? NULL : lua_tolstring(L, REPLACEMENT, &r->text_length);
  r->copied = subject;
  r->output = output;
  r->length = 0;
  r->capacity = capacity;
  return replace(L, LUA_OK, (lua_KContext)r);
}

/// Not inlined: while a function runs, nothing of this size has to be on the C stack.
__attribute__((noinline)) static int start_small(lua_State *L, lua_Integer most) {
  replacing state;
  lvm_item items[LVM_SMALL_PATTERN];
  char output[SMALL_OUTPUT];
  return start(L, &state, items, output, SMALL_OUTPUT, most, false);
}

int lvm_string_gsub(lua_State *L) {
  size_t length, pattern_length;
  luaL_checklstring(L, SUBJECT, &length);
  const char *pattern = luaL_checklstring(L, PATTERN, &pattern_length);
  int type = lua_type(L, REPLACEMENT);
  lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)length + 1);
  luaL_argexpected(L, type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TFUNCTION || type == LUA_TTABLE,
                   REPLACEMENT, "string/function/table");
  bool may_call = type == LUA_TFUNCTION ||
                  (type == LUA_TTABLE && luaL_getmetafield(L, REPLACEMENT, "__index") != LUA_TNIL);
  lua_settop(L, REPLACEMENT);
  if (!may_call && pattern_length < LVM_SMALL_PATTERN) return start_small(L, most);
  size_t count = lvm_item_count(L, pattern, pattern_length, true);
  size_t capacity = length < SMALL_OUTPUT ? length : SMALL_OUTPUT;
  replacing *r = lua_newuserdatauv(L, sizeof(replacing) + count * sizeof(lvm_item) + capacity, 0);
  lvm_item *items = (lvm_item *)(r + 1);
  return start(L, r, items, (char *)(items + count), capacity, most, may_call);
}
