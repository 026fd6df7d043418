#ifndef CLUASHIM_ORDER_H
#define CLUASHIM_ORDER_H

#include <lua.h>
#include <stdbool.h>

// Own versions of the library's.
int lvm_base_next(lua_State *L);
int lvm_base_pairs(lua_State *L);

// The order of the keys of a table: positive integers ascending, other numbers ascending, strings by bytes, false and
// true, handles by kind and id, and at most one other key. Unlike the library's it is the same in every process.
//
// A snapshot is a sorted list of keys, a userdata. In all of these the table is at index 1 of the stack.

typedef struct lvm_snapshot lvm_snapshot;

/// If the key at 2 is nil or a positive integer, and the integer after it (1) is a key: pushes it and its value. This is
/// the next key in the order whatever else is in the table, so an array needs no snapshot.
bool lvm_order_step(lua_State *L);

/// Pushes a snapshot of all keys but 1 to `run`; pushes nothing and returns NULL when there are none. Raises an error,
/// which begins with `name`, when their order would not be the same in every process.
lvm_snapshot *lvm_order_snapshot(lua_State *L, lua_Integer run, const char *name);

/// The positive integer at 2, up to which a traversal that has no snapshot yet has got; 0 for any other key.
lua_Integer lvm_order_run(lua_State *L);

/// False if the key at 2 is one of the 1 to `run` that a snapshot does not have, and not the last of these.
bool lvm_order_covers(lua_State *L, const lvm_snapshot *snapshot);

/// Pushes the first key that comes after the key at 2 (nil: the first of all) and is still in the table, and its value;
/// false if there is none. `index`: of the snapshot.
bool lvm_order_follow(lua_State *L, lvm_snapshot *snapshot, int index);

/// Pushes the first key of all and its value, without sorting; false if the table is empty.
bool lvm_order_first(lua_State *L, const char *name);

#endif
