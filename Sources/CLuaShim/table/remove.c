#include "table/access.h"
#include "table/table_functions.h"

int lvm_table_remove(lua_State *L) {
  static const char *const needed[] = {"__index", "__newindex", "__len", NULL};
  lvm_check_table(L, 1, needed);
  lua_Integer length = lvm_length(L, 1);
  lua_Integer position = luaL_optinteger(L, 2, length);
  // The position of the length itself is allowed even when it is 0, and that of the first free place. The argument is
  // number 1 in the library's message too.
  if (position != length)
    luaL_argcheck(L, (lua_Unsigned)position - 1 <= (lua_Unsigned)length, 1, "position out of bounds");
  lua_geti(L, 1, position);
  unsigned steps = 0;
  for (; position < length; position++) {
    lvm_poll(L, &steps);
    lua_geti(L, 1, position + 1);
    lua_seti(L, 1, position);
  }
  lua_pushnil(L);
  lua_seti(L, 1, position);
  return 1;
}
