#ifndef CLUASHIM_TABLE_SORT_ITEMS_H
#define CLUASHIM_TABLE_SORT_ITEMS_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The groups in which the keys of a table are ordered.
typedef enum { RANK_POSITIVE, RANK_NUMBER, RANK_STRING, RANK_BOOLEAN, RANK_HANDLE, RANK_OTHER } lvm_rank;

/// What is compared of a Lua value. It keeps nothing alive: whoever makes an item of a string keeps the string.
typedef struct {
  union {
    int64_t integer;  // or a boolean, or the id of a handle
    double number;
    const char *bytes;
  };
  size_t length;    // of a string; of a handle the kind
  uint64_t prefix;  // of a string: its first bytes, the first one highest, so that few comparisons go to memory
  uint32_t slot;  // for the user: where the value is
  uint8_t rank;
  bool is_float;
} lvm_item;

/// Items of one rank and type are ordered; all `RANK_OTHER` are equal, and so are handles of the same kind and id. The
/// rank of every number is `RANK_NUMBER`: integers and floats compare exactly, as in Lua.
lvm_item lvm_item_of(lua_State *L, int index);

bool lvm_item_less(const lvm_item *a, const lvm_item *b);

/// A stable merge sort that can be stopped. Memory is the collector's.
void lvm_sort_items(lua_State *L, lvm_item *items, size_t count);

#endif
