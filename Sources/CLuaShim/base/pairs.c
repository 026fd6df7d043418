#include "base/order.h"
#include "table/access.h"

/// What `pairs` returns: one closure for each traversal, whose upvalue is the snapshot once there is one. It takes any
/// key, as `next` does; the one it is called with after the last of the array finds out whether there are others.
static int iterate(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 2);
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
  lua_pushcclosure(L, iterate, 1);
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  return 3;
}
