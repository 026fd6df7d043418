#ifndef CLUASHIM_MATCHER_H
#define CLUASHIM_MATCHER_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "interrupt.h"

// Lua patterns: a pattern is compiled to an array of items once, then searched for without recursion.

#define LVM_MAX_CAPTURES 32

/// The length of a capture that is a position.
#define LVM_POSITION SIZE_MAX

/// Patterns shorter than this need no more items than this: callers have that many on the C stack.
#define LVM_SMALL_PATTERN 64

/// How many steps are between two looks at the time.
#define LVM_STEPS 256

/// The most bytes that any loop handles before it looks at the time.
#define LVM_CHUNK ((size_t)64 * 1024)

/// One element of a compiled pattern. What matching remembers is in here too: repetitions do not nest, so a path passes
/// each item once, and each has at most one other way to try. The stack of these ways is a list through the items.
/// 64 bytes.
typedef struct lvm_item {
  unsigned char kind, repeat;
  unsigned char byte;   // to match, first to match or first of a pair; or the number of a capture
  unsigned char close;  // the second byte of a pair
  bool settled;         // shorter repetitions need no try: what follows could not begin inside this one
  unsigned char ahead;  // how far ahead the item is that has to match right behind this; 0: not known
  union {
    uint64_t set[4];  // one bit for each byte that matches
    struct {
      const char *text;  // to match; or the captured text; or the message of an invalid item
      size_t length;     // of the text; or `LVM_POSITION`
    };
  };
  // A way to try, while there is one: the repetition ends at `at`, and may become shorter down to `limit`, or longer.
  const char *at, *limit;
  struct lvm_item *previous;
} lvm_item;

/// Counts the steps until the next look at the time.
typedef struct {
  lua_State *L;
  int left;
} lvm_clock;

/// A compiled pattern, the subject it is searched for in, and the match that was found last. It points into both
/// strings and at its items: the caller keeps them alive, and where it may yield, in memory of the collector.
typedef struct {
  lvm_clock clock;
  lvm_item *items, *choice;  // `choice`: the last way to try
  const lvm_item *first;     // what a match has to begin with, if that is known
  bool anchored;
  int count;      // of captures
  uint32_t open;  // those of them that are never closed: one bit for each
  const char *subject, *end;
  const char *next;                     // where the search goes on; NULL: nowhere
  const char *start, *stop;             // the match; `stop` is NULL before the first
  uint32_t captures[LVM_MAX_CAPTURES];  // the indices of the items that begin them and know them
} lvm_matcher;

static inline void lvm_look_at_time(lua_State *L) {
  if (lvm_expired(L)) lvm_leave(L);
}

/// How many items the pattern needs. `may_anchor`: a '^' at its start is special.
size_t lvm_item_count(lua_State *L, const char *pattern, size_t length, bool may_anchor);

/// Room for the items of a pattern that may be anchored: `small`, or for a long pattern, memory that is pushed.
lvm_item *lvm_item_room(lua_State *L, lvm_item *small, const char *pattern, size_t length);

/// Compiles the pattern. Raises nothing: what is wrong with a pattern is raised when a match gets there.
void lvm_compile(lua_State *L, lvm_matcher *m, lvm_item *items, const char *pattern, size_t length, bool may_anchor);

/// Makes the next search start at `from`; none finds anything if that is beyond the end.
void lvm_set_subject(lvm_matcher *m, const char *subject, size_t length, size_t from);

/// Finds the next match that does not end where the last one ended.
bool lvm_search(lvm_matcher *m);

/// A capture of the match, counted from 0. Without captures, 0 is the whole match. NULL: the capture is a position.
const char *lvm_capture(const lvm_matcher *m, int index, size_t *length);

void lvm_push_capture(const lvm_matcher *m, int index);

/// Pushes all captures, or if there are none and `whole`, the whole match. Returns how many.
int lvm_push_captures(const lvm_matcher *m, bool whole);

/// Where a search that starts at the optional argument `index` starts in a string of this length. Beyond: length + 1.
size_t lvm_opt_start(lua_State *L, int index, size_t length);

/// The first occurrence of a byte, or NULL.
const char *lvm_find_byte(lvm_clock *clock, const char *from, const char *end, unsigned char byte);

/// memcmp(a, b, length) == 0, which looks at the time if that is long.
bool lvm_equal(lvm_clock *clock, const char *a, const char *b, size_t length);

#endif
