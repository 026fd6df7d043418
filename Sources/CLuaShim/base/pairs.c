#include "base/order.h"
#include "table/access.h"

/// What `pairs` returns: one closure for each traversal, whose upvalues are the snapshot once there is one, and the table.
/// It takes any key, as `next` does, and any table: libraries keep the iterator of one for all others. The key it is
/// called with after the last of the array finds out whether there are others.
static int iterate(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 2);
  if (!lua_rawequal(L, 1, lua_upvalueindex(2))) return lvm_base_next(L);
  if (lvm_order_step(L)) return 2;
  lvm_snapshot *snapshot = lua_touserdata(L, lua_upvalueindex(1));
  if (snapshot == NULL || lua_isnil(L, 2) || !lvm_order_covers(L, snapshot)) {
    snapshot = lvm_order_snapshot(L, lvm_order_run(L), "pairs");
    if (snapshot != NULL) lua_replace(L, lua_upvalueindex(1));
  }
  if (snapshot != NULL && lvm_order_follow(L, snapshot, lua_upvalueindex(1))) return 2;
  lua_pushnil(L);
  return 1;
}

static int finish_pairs(lua_State *L, int status, lua_KContext context) {
  (void)L;
  (void)status;
  (void)context;
  return 3;
}

int lvm_base_pairs(lua_State *L) {
  luaL_checkany(L, 1);
  if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
    lua_pushvalue(L, 1);
    lua_callk(L, 1, 3, 0, finish_pairs);
    return 3;
  }
  lua_pushnil(L);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, iterate, 2);
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  return 3;
}
