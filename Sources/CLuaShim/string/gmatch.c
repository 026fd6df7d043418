#include "string/matcher.h"
#include "string/string_functions.h"

/// What the iterator keeps. Its other upvalues are the subject and the pattern.
typedef struct {
  lvm_matcher matcher;
  lvm_item items[];
} iteration;

static int next_match(lua_State *L) {
  lvm_matcher *m = lua_touserdata(L, lua_upvalueindex(3));
  m->clock.L = L;  // the iterator may be called from any coroutine
  return lvm_search(m) ? lvm_push_captures(m, true) : 0;
}

int lvm_string_gmatch(lua_State *L) {
  size_t length, pattern_length;
  const char *subject = luaL_checklstring(L, 1, &length);
  const char *pattern = luaL_checklstring(L, 2, &pattern_length);
  size_t from = lvm_opt_start(L, 3, length);
  lua_settop(L, 2);
  size_t count = lvm_item_count(L, pattern, pattern_length, false);
  iteration *state = lua_newuserdatauv(L, sizeof(iteration) + count * sizeof(lvm_item), 0);
  lvm_compile(L, &state->matcher, state->items, pattern, pattern_length, false);
  lvm_set_subject(&state->matcher, subject, length, from);
  lua_pushcclosure(L, next_match, 3);
  return 1;
}
