#include "table/sort_items.h"

#include <math.h>
#include <string.h>

#include "CLuaShim.h"
#include "interrupt.h"

static uint64_t prefix_of(const char *bytes, size_t length) {
  unsigned char first[8] = {0};
  memcpy(first, bytes, length < 8 ? length : 8);
  uint64_t prefix = 0;
  for (int i = 0; i < 8; i++) prefix = prefix << 8 | first[i];
  return prefix;
}

lvm_item lvm_item_of(lua_State *L, int index) {
  lvm_item item = {.rank = RANK_OTHER};
  switch (lua_type(L, index)) {
    case LUA_TNUMBER:
      item.rank = RANK_NUMBER;
      item.is_float = !lua_isinteger(L, index);
      if (item.is_float) {
        item.number = lua_tonumber(L, index);
      } else {
        item.integer = lua_tointeger(L, index);
      }
      break;
    case LUA_TSTRING:
      item.rank = RANK_STRING;
      item.bytes = lua_tolstring(L, index, &item.length);
      item.prefix = prefix_of(item.bytes, item.length);
      break;
    case LUA_TBOOLEAN:
      item.rank = RANK_BOOLEAN;
      item.integer = lua_toboolean(L, index);
      break;
    case LUA_TUSERDATA: {  // scripts have no others than handles
      int kind;
      item.rank = RANK_HANDLE;
      item.integer = lvm_to_handle(L, index, &kind);
      item.length = (size_t)kind;
      break;
    }
    default: break;
  }
  return item;
}

/// `i < f` without rounding `i`.
static bool integer_below(int64_t i, double f) {
  if (f >= 0x1p63) return true;
  return f >= -0x1p63 && i < (int64_t)ceil(f);  // NaN: false
}

/// `f < i` without rounding `i`.
static bool integer_above(int64_t i, double f) {
  if (f < -0x1p63) return true;
  return f < 0x1p63 && (int64_t)floor(f) < i;
}

static bool number_less(const lvm_item *a, const lvm_item *b) {
  if (a->is_float) return b->is_float ? a->number < b->number : integer_above(b->integer, a->number);
  return b->is_float ? integer_below(a->integer, b->number) : a->integer < b->integer;
}

bool lvm_item_less(const lvm_item *a, const lvm_item *b) {
  if (a->rank != b->rank) return a->rank < b->rank;
  switch (a->rank) {
    case RANK_NUMBER: return number_less(a, b);
    case RANK_STRING: {
      if (a->prefix != b->prefix) return a->prefix < b->prefix;
      int order = memcmp(a->bytes, b->bytes, a->length < b->length ? a->length : b->length);
      return order != 0 ? order < 0 : a->length < b->length;
    }
    case RANK_HANDLE:
      if (a->length != b->length) return a->length < b->length;
      return a->integer < b->integer;
    case RANK_OTHER: return false;
    default: return a->integer < b->integer;
  }
}

/// Counts the work of a comparison, of which long strings are more, and leaves if the time is over.
static inline void count_step(lua_State *L, size_t *work, const lvm_item *item) {
  *work += item->rank == RANK_STRING ? 1 + (item->length >> 8) : 1;
  if (*work < 256) return;
  *work = 0;
  if (lvm_expired(L)) lvm_leave(L);
}

enum { RUN = 8 };

static void sort_run(lua_State *L, lvm_item *items, size_t count, size_t *work) {
  for (size_t i = 1; i < count; i++) {
    lvm_item item = items[i];
    size_t j = i;
    for (; j > 0 && lvm_item_less(&item, &items[j - 1]); j--) {
      items[j] = items[j - 1];
      count_step(L, work, &item);
    }
    items[j] = item;
  }
}

/// Sorts both halves, moves the left one to `spare`, and merges them. Depth first: what is small stays in the cache.
static void sort_range(lua_State *L, lvm_item *items, size_t count, lvm_item *spare, size_t *work) {
  count_step(L, work, items);
  if (count <= RUN) {
    sort_run(L, items, count, work);
    return;
  }
  size_t half = count / 2;
  sort_range(L, items, half, spare, work);
  sort_range(L, items + half, count - half, spare, work);
  if (!lvm_item_less(&items[half], &items[half - 1])) return;
  memcpy(spare, items, half * sizeof *items);
  const lvm_item *left = spare, *left_end = spare + half, *right = items + half, *right_end = items + count;
  while (left < left_end && right < right_end) {
    *items++ = lvm_item_less(right, left) ? *right++ : *left++;
    count_step(L, work, items - 1);
  }
  memcpy(items, left, (size_t)(left_end - left) * sizeof *items);
}

void lvm_sort_items(lua_State *L, lvm_item *items, size_t count) {
  size_t work = 0;
  if (count <= RUN) {
    sort_run(L, items, count, &work);
    return;
  }
  sort_range(L, items, count, lua_newuserdatauv(L, count / 2 * sizeof *items, 0), &work);
  lua_pop(L, 1);
}
