#include "internal.h"

const char LVM_HANDLE_METATABLE;

typedef struct {
  int kind;
  int64_t id;
} handle;

static int handle_eq(lua_State *L) {
  // Called only where both operands are userdata, and all userdata are handles.
  const handle *a = lua_touserdata(L, 1), *b = lua_touserdata(L, 2);
  lua_pushboolean(L, a != NULL && b != NULL && a->kind == b->kind && a->id == b->id);
  return 1;
}

static int handle_index(lua_State *L) {
  if (lua_type(L, 1) != LUA_TUSERDATA) return 0;
  lua_getiuservalue(L, 1, 1);
  lua_pushvalue(L, 2);
  lua_rawget(L, -2);
  return 1;
}

static int handle_newindex(lua_State *L) { return luaL_error(L, "a handle cannot be changed"); }

static int handle_tostring(lua_State *L) {
  if (lua_type(L, 1) != LUA_TUSERDATA) return luaL_error(L, "a handle was expected");
  lua_getiuservalue(L, 1, 1);
  lua_pushliteral(L, "description");
  lua_rawget(L, -2);
  return 1;
}

void lvm_open_handles(lua_State *L) {
  static const luaL_Reg methods[] = {{"__eq", handle_eq},
                                     {"__index", handle_index},
                                     {"__newindex", handle_newindex},
                                     {"__tostring", handle_tostring},
                                     {NULL, NULL}};
  luaL_newlib(L, methods);
  lua_pushliteral(L, "handle");
  lua_setfield(L, -2, "__name");
  lua_pushliteral(L, "handle");
  lua_setfield(L, -2, "__metatable");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &LVM_HANDLE_METATABLE);
}

static int push_handle(lua_State *L) {
  const handle *value = lua_touserdata(L, -1);
  lua_settop(L, 1);
  handle *copy = lua_newuserdatauv(L, sizeof *copy, 1);
  *copy = *value;
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, 1);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &LVM_HANDLE_METATABLE);
  lua_setmetatable(L, -2);
  return 1;
}

bool lvm_push_handle(lua_State *L, int kind, int64_t id) {
  handle value = {kind, id};
  return lvm_protect(L, push_handle, &value, 1, 1);
}

int64_t lvm_to_handle(lua_State *L, int index, int *kind) {
  const handle *value = lua_touserdata(L, index);
  *kind = value->kind;
  return value->id;
}
