#include "base/order.h"
#include "table/access.h"

struct lvm_snapshot {
  lua_Integer run;
  size_t count;
  /// Where the traversal is: the item after the key that was returned last.
  size_t position;
  /// The keys are the user values of the snapshot, or when they are too many the first one is a list of them.
  bool listed;
  lvm_item items[];
};

enum { MOST_USER_VALUES = 60000 };

/// True if the key at -2 belongs in the snapshot. Pops the value.
static bool is_wanted(lua_State *L, lua_Integer run) {
  lua_pop(L, 1);
  if (run == 0 || !lua_isinteger(L, -1)) return true;
  lua_Integer key = lua_tointeger(L, -1);
  return key < 1 || key > run;
}

static size_t count_keys(lua_State *L, lua_Integer run) {
  size_t count = 0;
  unsigned steps = 0;
  for (lua_pushnil(L); lua_next(L, 1); lvm_poll(L, &steps)) count += is_wanted(L, run);
  return count;
}

lvm_snapshot *lvm_order_snapshot(lua_State *L, lua_Integer run, const char *name) {
  size_t count = count_keys(L, run);
  if (count == 0) return NULL;
  bool listed = count > MOST_USER_VALUES;
  lvm_snapshot *snapshot =
      lua_newuserdatauv(L, sizeof *snapshot + count * sizeof *snapshot->items, listed ? 1 : (int)count);
  *snapshot = (lvm_snapshot){.run = run, .count = count, .listed = listed};
  int index = lua_gettop(L);
  if (listed) {
    lua_createtable(L, count < INT32_MAX ? (int)count : 0, 0);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, index, 1);
  }
  unsigned steps = 0;
  size_t i = 0;
  for (lua_pushnil(L); i < count && lua_next(L, 1); lvm_poll(L, &steps)) {
    if (!is_wanted(L, run)) continue;
    lvm_item *item = &snapshot->items[i++];
    *item = lvm_order_item(L, -1);
    item->slot = (uint32_t)i;
    lua_pushvalue(L, -1);
    if (listed) {
      lua_rawseti(L, index + 1, (lua_Integer)i);
    } else {
      lua_setiuservalue(L, index, (int)i);
    }
  }
  lua_settop(L, index);
  // The memory that was taken may have cost a weak table some of its keys: a script can make one behind our back.
  snapshot->count = count = i;
  if (count == 0) return NULL;
  lvm_sort_items(L, snapshot->items, count);
  for (i = count - 1; i > 0 && snapshot->items[i].rank >= RANK_HANDLE; i--) {
    lvm_poll(L, &steps);
    if (!lvm_item_less(&snapshot->items[i - 1], &snapshot->items[i])) lvm_order_raise_tie(L, &snapshot->items[i], name);
  }
  return snapshot;
}

bool lvm_order_covers(lua_State *L, const lvm_snapshot *snapshot) {
  lua_Integer key = lvm_order_run(L);
  return key == 0 || key >= snapshot->run;
}

/// True if the keys are surely the same one. Compares whatever the union holds: strings by address.
static bool is_same(const lvm_item *a, const lvm_item *b) {
  return a->rank == b->rank && a->integer == b->integer && a->length == b->length && a->is_float == b->is_float;
}

/// Sets the position after `key`, which need not be in the snapshot: it may have been cleared before that was made.
static void find(lvm_snapshot *snapshot, const lvm_item *key) {
  size_t low = 0, high = snapshot->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (lvm_item_less(key, &snapshot->items[middle])) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  snapshot->position = low;
}

bool lvm_order_follow(lua_State *L, lvm_snapshot *snapshot, int index) {
  if (lua_isnil(L, 2)) {
    snapshot->position = 0;
  } else {
    lvm_item key = lvm_order_item(L, 2);
    if (snapshot->position == 0 || !is_same(&key, &snapshot->items[snapshot->position - 1])) find(snapshot, &key);
  }
  for (unsigned steps = 0; snapshot->position < snapshot->count; lvm_poll(L, &steps)) {
    lua_Integer slot = snapshot->items[snapshot->position++].slot;
    if (snapshot->listed) {
      lua_getiuservalue(L, index, 1);
      lua_rawgeti(L, -1, slot);
      lua_remove(L, -2);
    } else {
      lua_getiuservalue(L, index, (int)slot);
    }
    lua_pushvalue(L, -1);
    if (lua_rawget(L, 1) != LUA_TNIL) return true;
    lua_pop(L, 2);
  }
  return false;
}
