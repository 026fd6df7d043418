#include <stdlib.h>

#include "own.h"

const char LVM_HANDLE_METATABLE;

typedef lvm_handle handle;

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

static int handle_concat(lua_State *L) {
  for (int index = 1; index <= 2; index++) {
    if (lvm_push_text(L, index)) continue;
    lua_pop(L, 1);
    luaL_tolstring(L, index, NULL);
  }
  lua_concat(L, 2);
  return 1;
}

/// Runs inside the collector: it only notes which handle it was.
static int handle_gc(lua_State *L) {
  lvm *vm = lvm_of(L);
  if (vm->dropped_count == vm->dropped_size) {
    int size = vm->dropped_size * 2 + 16;
    handle *handles = realloc(vm->dropped, (size_t)size * sizeof *handles);
    if (handles == NULL) return 0;  // what it stands for lives as long as the VM
    vm->dropped = handles;
    vm->dropped_size = size;
  }
  vm->dropped[vm->dropped_count++] = *(const handle *)lua_touserdata(L, 1);
  return 0;
}

bool lvm_take_dropped(lvm *vm, int *kind, int64_t *id) {
  if (vm->dropped_count == 0) return false;
  handle dropped = vm->dropped[--vm->dropped_count];
  *kind = dropped.kind;
  *id = dropped.id;
  return true;
}

static void open_metatable(lua_State *L) {
  static const luaL_Reg methods[] = {{"__concat", handle_concat},     {"__eq", handle_eq}, {"__gc", handle_gc},
                                     {"__index", handle_index},       {"__newindex", handle_newindex},
                                     {"__tostring", handle_tostring}, {NULL, NULL}};
  luaL_newlib(L, methods);
  lua_pushliteral(L, "handle");
  lua_setfield(L, -2, "__name");
  lua_pushliteral(L, "handle");
  lua_setfield(L, -2, "__metatable");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &LVM_HANDLE_METATABLE);
}

/// Registry key of the weak table of the handles there are, so that each thing has one: they serve as keys of tables.
static const char HANDLES;

void lvm_open_handles(lua_State *L) {
  lvm_push_weak_table(L, "v");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &HANDLES);
  open_metatable(L);
}

typedef struct {
  handle value;
  bool exists;
} new_handle;

static int push_handle(lua_State *L) {
  new_handle *new = lua_touserdata(L, -1);
  lua_settop(L, 1);
  // Two that share a number of the table take turns in it, which only costs a second userdata.
  lua_Integer number = (lua_Integer)((lua_Unsigned)new->value.id * 64 + (lua_Unsigned)(new->value.kind & 63));
  lua_rawgetp(L, LUA_REGISTRYINDEX, &HANDLES);
  lua_rawgeti(L, -1, number);
  const handle *known = lua_touserdata(L, -1);
  new->exists = known != NULL && known->kind == new->value.kind && known->id == new->value.id;
  if (new->exists) return 1;
  lua_pop(L, 1);
  handle *copy = lua_newuserdatauv(L, sizeof *copy, 1);
  *copy = new->value;
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, 1);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &LVM_HANDLE_METATABLE);
  lua_setmetatable(L, -2);
  lua_pushvalue(L, -1);
  lua_rawseti(L, 2, number);
  return 1;
}

bool lvm_push_handle(lua_State *L, int kind, int64_t id, bool *exists) {
  new_handle new = {{kind, id}, false};
  bool pushed = lvm_protect(L, push_handle, &new, 1, 1);
  *exists = new.exists;
  return pushed;
}

int64_t lvm_to_handle(lua_State *L, int index, int *kind) {
  const handle *value = lua_touserdata(L, index);
  *kind = value->kind;
  return value->id;
}
