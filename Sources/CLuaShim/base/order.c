#include "base/order.h"

#include "table/access.h"

lvm_item lvm_order_item(lua_State *L, int index) {
  lvm_item item = lvm_item_of(L, index);
  if (item.rank != RANK_NUMBER) return item;
  int is_integer;
  lua_Integer integer = lua_tointegerx(L, index, &is_integer);
  if (is_integer) item = (lvm_item){.integer = integer, .rank = integer > 0 ? RANK_POSITIVE : RANK_NUMBER};
  return item;
}

void lvm_order_raise_tie(lua_State *L, const lvm_item *item, const char *name) {
  luaL_error(L,
             item->rank == RANK_HANDLE
                 ? "%s: the order of two handles of the same object as keys is not the same in every process"
                 : "%s: the order of two or more tables or functions as keys is not the same in every process; keep "
                   "them in a list",
             name);
}

bool lvm_order_step(lua_State *L) {
  int is_integer = 1;
  lua_Integer key = 0;
  switch (lua_type(L, 2)) {
    case LUA_TNIL: break;
    case LUA_TNUMBER:
      key = lua_tointegerx(L, 2, &is_integer);
      if (!is_integer && lua_tonumber(L, 2) != lua_tonumber(L, 2)) {
        lua_pushliteral(L, "invalid key to 'next'");
        lua_error(L);
      }
      if (is_integer && key > 0 && key < LUA_MAXINTEGER) break;
      return false;
    default: return false;
  }
  lua_pushinteger(L, key + 1);
  if (lua_rawgeti(L, 1, key + 1) != LUA_TNIL) return true;
  lua_pop(L, 2);
  return false;
}

lua_Integer lvm_order_run(lua_State *L) {
  lua_Integer key = lua_type(L, 2) == LUA_TNUMBER ? lua_tointeger(L, 2) : 0;
  return key > 0 ? key : 0;
}

bool lvm_order_first(lua_State *L, const char *name) {
  if (lua_rawgeti(L, 1, 1) != LUA_TNIL) {
    lua_pushinteger(L, 1);
    lua_insert(L, -2);
    return true;
  }
  int best = lua_gettop(L);  // the place of nil
  lvm_item first = {0};
  bool found = false, tied = false;
  unsigned steps = 0;
  for (lua_pushnil(L); lua_next(L, 1); lvm_poll(L, &steps)) {
    lua_pop(L, 1);
    lvm_item item = lvm_order_item(L, -1);
    if (!found || lvm_item_less(&item, &first)) {
      first = item;
      found = true;
      tied = false;
      lua_copy(L, -1, best);
    } else {
      tied = tied || (item.rank == first.rank && !lvm_item_less(&first, &item));
    }
  }
  if (tied) lvm_order_raise_tie(L, &first, name);
  if (!found) return false;
  lua_pushvalue(L, best);
  lua_rawget(L, 1);
  return true;
}
