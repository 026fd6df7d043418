#include <limits.h>

#include "table/access.h"
#include "table/table_functions.h"

int lvm_table_unpack(lua_State *L) {
  lua_Integer first = luaL_optinteger(L, 2, 1);
  lua_Integer last = lua_isnoneornil(L, 3) ? lvm_length(L, 1) : luaL_checkinteger(L, 3);
  if (first > last) return 0;
  lua_Unsigned count = (lua_Unsigned)last - (lua_Unsigned)first;  // less one: all integers are one more than fit
  if (count >= INT_MAX || !lua_checkstack(L, (int)++count)) return luaL_error(L, "too many results to unpack");
  unsigned steps = 0;
  for (; first < last; first++) {
    lvm_poll(L, &steps);
    lua_geti(L, 1, first);
  }
  lua_geti(L, 1, last);  // apart: `last` may be the largest integer
  return (int)count;
}
