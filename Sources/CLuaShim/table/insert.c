#include "table/access.h"
#include "table/table_functions.h"

int lvm_table_insert(lua_State *L) {
  static const char *const needed[] = {"__index", "__newindex", "__len", NULL};
  lvm_check_table(L, 1, needed);
  // A length from __len may be any integer: unsigned, so that it wraps around.
  lua_Unsigned end = (lua_Unsigned)lvm_length(L, 1) + 1;
  lua_Integer position = (lua_Integer)end;
  switch (lua_gettop(L)) {
    case 2: break;
    case 3: {
      position = luaL_checkinteger(L, 2);
      luaL_argcheck(L, (lua_Unsigned)position - 1 < end, 2, "position out of bounds");
      unsigned steps = 0;
      for (lua_Integer i = (lua_Integer)end; i > position; i--) {
        lvm_poll(L, &steps);
        lua_geti(L, 1, i - 1);
        lua_seti(L, 1, i);
      }
      break;
    }
    default: return luaL_error(L, "wrong number of arguments to 'insert'");
  }
  lua_seti(L, 1, position);
  return 0;
}
