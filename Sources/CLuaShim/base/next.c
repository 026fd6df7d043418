#include "base/order.h"
#include "own.h"

// Scripts see no state, but the snapshots of the tables that are being traversed are kept. A traversal that ends, and
// one that begins, forgets that of its table; one that was left is forgotten when its place is needed. A snapshot that
// was forgotten too early is made again.
//
// A key that is not in the table is not an error, as it is in the library: it may have been cleared during a traversal,
// and whether the table still has a trace of it depends on its hash. The traversal goes on where it would be.

static const char TRAVERSALS;

enum { PLACES = 16, TABLES = PLACES + 1, ALL = 3, SNAPSHOT };

/// A userdata in the registry, on the stack at `ALL`. Its user values are the snapshots, and as number `TABLES` a list
/// of the tables with weak values: an address alone may have become that of another table.
typedef struct {
  const void *tables[PLACES];
  int last;
} traversals;

static traversals *push_traversals(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &TRAVERSALS) != LUA_TNIL) return lua_touserdata(L, ALL);
  lua_pop(L, 1);
  traversals *all = lua_newuserdatauv(L, sizeof *all, TABLES);
  *all = (traversals){0};
  lvm_push_weak_table(L, "v");
  lua_setiuservalue(L, ALL, TABLES);
  lua_pushvalue(L, ALL);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &TRAVERSALS);
  return all;
}

/// The place of the table at 1, from 1 on; 0 if it has none.
static int find_place(lua_State *L, traversals *all) {
  const void *table = lua_topointer(L, 1);
  for (int i = 0; i < PLACES; i++) {
    if (all->tables[i] != table) continue;
    lua_getiuservalue(L, ALL, TABLES);
    lua_rawgeti(L, -1, i + 1);
    bool is_same = lua_rawequal(L, -1, 1);
    lua_pop(L, 2);
    if (is_same) return i + 1;
    all->tables[i] = NULL;
  }
  return 0;
}

static void forget(lua_State *L, traversals *all, int place) {
  if (place == 0) return;
  all->tables[place - 1] = NULL;
  lua_pushnil(L);
  lua_setiuservalue(L, ALL, place);
}

/// Keeps the snapshot on top of the stack, in the place its table has, in a free one, or in that of another.
static int keep(lua_State *L, traversals *all, int place) {
  for (int i = 0; place == 0 && i < PLACES; i++)
    if (all->tables[i] == NULL) place = i + 1;
  if (place == 0) place = all->last = all->last % PLACES + 1;
  all->tables[place - 1] = lua_topointer(L, 1);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, ALL, place);
  lua_getiuservalue(L, ALL, TABLES);
  lua_pushvalue(L, 1);
  lua_rawseti(L, -2, place);
  lua_pop(L, 1);
  return place;
}

int lvm_base_next(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 2);
  if (lua_isnil(L, 2)) {
    traversals *all = push_traversals(L);
    forget(L, all, find_place(L, all));
    return lvm_order_first(L, "next") ? 2 : 1;
  }
  if (lvm_order_step(L)) return 2;
  traversals *all = push_traversals(L);
  int place = find_place(L, all);
  lvm_snapshot *snapshot = NULL;
  if (place > 0) {
    lua_getiuservalue(L, ALL, place);
    snapshot = lua_touserdata(L, SNAPSHOT);
    if (!lvm_order_covers(L, snapshot)) {
      lua_settop(L, ALL);
      snapshot = NULL;
    }
  }
  if (snapshot == NULL) {
    snapshot = lvm_order_snapshot(L, lvm_order_run(L), "next");
    if (snapshot != NULL) place = keep(L, all, place);
  }
  if (snapshot != NULL && lvm_order_follow(L, snapshot, SNAPSHOT)) return 2;
  forget(L, all, place);
  lua_pushnil(L);
  return 1;
}
