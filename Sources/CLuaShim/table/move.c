#include "table/access.h"
#include "table/table_functions.h"

int lvm_table_move(lua_State *L) {
  static const char *const readable[] = {"__index", NULL}, *const writable[] = {"__newindex", NULL};
  lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3), to = luaL_checkinteger(L, 4);
  int target = lua_isnoneornil(L, 5) ? 1 : 5;
  lvm_check_table(L, 1, readable);
  lvm_check_table(L, target, writable);
  if (last >= first) {
    luaL_argcheck(L, first > 0 || last < LUA_MAXINTEGER + first, 3, "too many elements to move");
    lua_Integer count = last - first + 1;
    luaL_argcheck(L, to <= LUA_MAXINTEGER - count + 1, 4, "destination wrap around");
    unsigned steps = 0;
    if (to > last || to <= first || (target != 1 && !lua_compare(L, 1, target, LUA_OPEQ))) {
      for (lua_Integer i = 0; i < count; i++) {
        lvm_poll(L, &steps);
        lua_geti(L, 1, first + i);
        lua_seti(L, target, to + i);
      }
    } else {  // the places overlap, and the end has to move first
      for (lua_Integer i = count - 1; i >= 0; i--) {
        lvm_poll(L, &steps);
        lua_geti(L, 1, first + i);
        lua_seti(L, target, to + i);
      }
    }
  }
  lua_pushvalue(L, target);
  return 1;
}
