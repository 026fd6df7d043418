#include <limits.h>

#include "table/access.h"
#include "table/sort_items.h"
#include "table/table_functions.h"

/// What is sorted without a userdata.
enum { FEW = 16 };

/// True if 1 to `count` of the raw table at 1 are all numbers or all strings. Found out before anything is allocated: a
/// table with holes may have any length.
static bool is_uniform(lua_State *L, lua_Integer count) {
  unsigned steps = 0;
  int type = lua_rawgeti(L, 1, 1);
  lua_pop(L, 1);
  if (type != LUA_TNUMBER && type != LUA_TSTRING) return false;
  for (lua_Integer i = 2; i <= count; i++) {
    lvm_poll(L, &steps);
    int other = lua_rawgeti(L, 1, i);
    lua_pop(L, 1);
    if (other != type) return false;
  }
  return true;
}

/// Puts the values where their items are, one cycle of the permutation after the other: only one value at a time is not
/// in the table, and it is on the stack.
static void permute(lua_State *L, lvm_item *items, lua_Integer count) {
  unsigned steps = 0;
  for (lua_Integer i = 1; i <= count; i++) {
    lua_Integer to = i, from = items[i - 1].slot;
    if (from == i) continue;
    lua_rawgeti(L, 1, i);
    for (; from != i; to = from, from = items[to - 1].slot) {
      if ((++steps & 0xFF) == 0 && lvm_expired(L)) {
        lua_rawseti(L, 1, to);  // every value is in the table, whoever looks at it from now on
        lvm_leave(L);
      }
      lua_rawgeti(L, 1, from);
      lua_rawseti(L, 1, to);
      items[to - 1].slot = (uint32_t)to;
    }
    lua_rawseti(L, 1, to);
    items[to - 1].slot = (uint32_t)to;
  }
}

static void sort_uniform(lua_State *L, lua_Integer count) {
  lvm_item few[FEW], *items = few;
  if (count > FEW) items = lua_newuserdatauv(L, (size_t)count * sizeof *items, 0);
  unsigned steps = 0;
  for (lua_Integer i = 1; i <= count; i++) {
    lvm_poll(L, &steps);
    lua_rawgeti(L, 1, i);
    items[i - 1] = lvm_item_of(L, -1);
    items[i - 1].slot = (uint32_t)i;
    lua_pop(L, 1);
  }
  lvm_sort_items(L, items, (size_t)count);
  permute(L, items, count);
}

static int finish_less(lua_State *L, int status, lua_KContext context) {
  (void)status;
  (void)context;
  lua_pushboolean(L, lua_toboolean(L, -1));
  return 1;
}

int lvm_table_less(lua_State *L) {
  int a = lua_type(L, 1), b = lua_type(L, 2);
  if (a == b && (a == LUA_TNUMBER || a == LUA_TSTRING)) {
    lua_pushboolean(L, lua_compare(L, 1, 2, LUA_OPLT));
    return 1;
  }
  if (luaL_getmetafield(L, 1, "__lt") == LUA_TNIL && luaL_getmetafield(L, 2, "__lt") == LUA_TNIL)
    return lua_compare(L, 1, 2, LUA_OPLT);  // raises
  lua_insert(L, 1);
  lua_callk(L, 2, 1, 0, finish_less);
  return finish_less(L, LUA_OK, 0);
}

/// Pushes a list of the values, or an empty one if reading them may call a metamethod.
static void push_list(lua_State *L, bool raw, lua_Integer count) {
  lua_createtable(L, raw && count < 0x10000 ? (int)count : 0, 0);
  unsigned steps = 0;
  for (lua_Integer i = 1; raw && i <= count; i++) {
    lvm_poll(L, &steps);
    lua_rawgeti(L, 1, i);
    lua_rawseti(L, -2, i);
  }
}

static int finish_sort(lua_State *L, int status, lua_KContext context) {
  (void)L;
  (void)status;
  (void)context;
  return 0;
}

int lvm_table_sort(lua_State *L) {
  static const char *const needed[] = {"__index", "__newindex", "__len", NULL};
  lvm_check_table(L, 1, needed);
  bool raw = lvm_is_raw(L, 1);
  lua_Integer count = raw ? (lua_Integer)lua_rawlen(L, 1) : luaL_len(L, 1);
  if (count < 2) return 0;
  luaL_argcheck(L, count < INT_MAX, 1, "array too big");
  bool given = !lua_isnoneornil(L, 2);
  if (given) luaL_checktype(L, 2, LUA_TFUNCTION);
  if (!given && raw && is_uniform(L, count)) {
    sort_uniform(L, count);
    return 0;
  }
  lua_settop(L, 2);
  lua_pushvalue(L, lua_upvalueindex(1));
  push_list(L, raw, count);
  lua_pushinteger(L, count);
  if (given) {
    lua_pushvalue(L, 2);
  } else {
    lua_pushcfunction(L, lvm_table_less);
  }
  lua_pushboolean(L, given);
  lua_pushvalue(L, 1);
  lua_pushboolean(L, raw);
  lua_callk(L, 6, 0, 0, finish_sort);
  return 0;
}

int lvm_table_sort_bind(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  lua_pushcclosure(L, lvm_table_sort, 1);
  return 1;
}
