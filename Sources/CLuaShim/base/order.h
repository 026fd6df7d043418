#ifndef CLUASHIM_ORDER_H
#define CLUASHIM_ORDER_H

#include <lua.h>
#include <stdbool.h>

#include "table/sort_items.h"

// Own versions of the library's.
int lvm_base_next(lua_State *L);
int lvm_base_pairs(lua_State *L);

// The order of the keys of a table: positive integers ascending, other numbers ascending, strings by bytes, false and
// true, handles by kind and id, and at most one other key. Unlike the library's it is the same in every process.
// In all of these functions the table is at index 1 of the stack, and the key a traversal has got to at 2.

/// Of a key.
lvm_item lvm_order_item(lua_State *L, int index);

/// Raises the error for two keys that are equal in the order. It begins with `name`.
void lvm_order_raise_tie(lua_State *L, const lvm_item *item, const char *name);

/// If the key is nil or a positive integer, and the integer after it (1) is a key: pushes that and its value. This is
/// the next key in the order whatever else is in the table, so an array needs no snapshot.
bool lvm_order_step(lua_State *L);

/// The key if it is a positive integer: up to there a traversal has got that has no snapshot yet. 0 for any other key.
lua_Integer lvm_order_run(lua_State *L);

/// Pushes the first key of all and its value, without sorting; false if the table is empty.
bool lvm_order_first(lua_State *L, const char *name);

/// A sorted list of keys, a userdata.
typedef struct lvm_snapshot lvm_snapshot;

/// Pushes a snapshot of all keys but 1 to `run`; pushes nothing and returns NULL when there are none. Raises an error,
/// which begins with `name`, when their order would not be the same in every process.
lvm_snapshot *lvm_order_snapshot(lua_State *L, lua_Integer run, const char *name);

/// False if keys after the one at 2 may be missing: it is one of the 1 to `run`, and not the last of these.
bool lvm_order_covers(lua_State *L, const lvm_snapshot *snapshot);

/// Pushes the first key that comes after the one at 2 (nil: the first of all) and is still in the table, and its value;
/// false if there is none. `index`: of the snapshot.
bool lvm_order_follow(lua_State *L, lvm_snapshot *snapshot, int index);

#endif
