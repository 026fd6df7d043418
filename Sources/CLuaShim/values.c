#include <string.h>

#include "own.h"

int lvm_top(lua_State *L) { return lua_gettop(L); }
void lvm_pop(lua_State *L, int count) { lua_pop(L, count); }
bool lvm_reserve(lua_State *L, int count) { return lua_checkstack(L, count); }

lvm_type lvm_type_of(lua_State *L, int index) {
  switch (lua_type(L, index)) {
    case LUA_TNONE:
    case LUA_TNIL: return LVM_NIL;
    case LUA_TBOOLEAN: return LVM_BOOLEAN;
    case LUA_TNUMBER: return lua_isinteger(L, index) ? LVM_INTEGER : LVM_NUMBER;
    case LUA_TSTRING: return LVM_STRING;
    case LUA_TTABLE: return LVM_TABLE;
    case LUA_TFUNCTION: return LVM_FUNCTION;
    case LUA_TTHREAD: return LVM_THREAD;
    case LUA_TUSERDATA: return LVM_HANDLE;  // scripts have no other way to userdata
    default: return LVM_OTHER;
  }
}

const char *lvm_type_name(lua_State *L, int index) { return lua_typename(L, lua_type(L, index)); }
bool lvm_to_boolean(lua_State *L, int index) { return lua_toboolean(L, index); }
int64_t lvm_to_integer(lua_State *L, int index) { return lua_tointeger(L, index); }
double lvm_to_number(lua_State *L, int index) { return lua_tonumber(L, index); }

const char *lvm_to_string(lua_State *L, int index, size_t *length) {
  // lua_tolstring converts numbers in place, which allocates.
  if (lua_type(L, index) != LUA_TSTRING) return NULL;
  return lua_tolstring(L, index, length);
}

bool lvm_raw_equal(lua_State *L, int a, int b) { return lua_rawequal(L, a, b); }

bool lvm_next(lua_State *L, int index) { return lua_type(L, index) == LUA_TTABLE && lua_next(L, index); }

bool lvm_push_nil(lua_State *L) {
  if (!lua_checkstack(L, 1)) return false;
  lua_pushnil(L);
  return true;
}

bool lvm_push_boolean(lua_State *L, bool value) {
  if (!lua_checkstack(L, 1)) return false;
  lua_pushboolean(L, value);
  return true;
}

bool lvm_push_integer(lua_State *L, int64_t value) {
  if (!lua_checkstack(L, 1)) return false;
  lua_pushinteger(L, value);
  return true;
}

bool lvm_push_number(lua_State *L, double value) {
  if (!lua_checkstack(L, 1)) return false;
  lua_pushnumber(L, value);
  return true;
}

typedef struct {
  const char *bytes;
  size_t length;
} text;

static int push_string(lua_State *L) {
  const text *string = lua_touserdata(L, -1);
  lua_pushlstring(L, string->bytes, string->length);
  return 1;
}

bool lvm_push_string(lua_State *L, const char *bytes, size_t length) {
  text string = {bytes, length};
  return lvm_protect(L, push_string, &string, 0, 1);
}

static int push_table(lua_State *L) {
  const int *sizes = lua_touserdata(L, -1);
  lua_createtable(L, sizes[0], sizes[1]);
  return 1;
}

bool lvm_push_table(lua_State *L, int list, int fields) {
  int sizes[2] = {list, fields};
  return lvm_protect(L, push_table, sizes, 0, 1);
}

static int raw_set(lua_State *L) {
  lua_settop(L, 3);
  lua_rawset(L, 1);
  return 0;
}

bool lvm_raw_set(lua_State *L, int index) {
  index = lua_absindex(L, index);
  if (!lua_checkstack(L, 1)) {
    lua_pop(L, 2);
    return false;
  }
  lua_pushvalue(L, index);
  lua_insert(L, -3);
  return lvm_protect(L, raw_set, NULL, 3, 0);
}

static int set_global(lua_State *L) {
  const char *const *path = lua_touserdata(L, -1);
  lua_settop(L, 1);
  lua_pushglobaltable(L);
  if (path[0] != NULL) luaL_getsubtable(L, 2, path[0]);
  lua_pushvalue(L, 1);
  lua_setfield(L, -2, path[1]);
  return 0;
}

bool lvm_set_global(lua_State *L, const char *table, const char *name) {
  const char *path[2] = {table, name};
  return lvm_protect(L, set_global, path, 1, 0);
}

/// Registry keys of registered metatables: addresses nobody else has.
static const char metatables[16];

static int register_metatable(lua_State *L) {
  const char *key = lua_touserdata(L, -1);
  lua_settop(L, 1);
  // Scripts must not reach it: a `__gc` put into it would run whenever the collector does.
  if (lua_getfield(L, 1, "__metatable") == LUA_TNIL) {
    if (lua_getfield(L, 1, "__name") == LUA_TNIL) lua_pushliteral(L, "protected");
    lua_setfield(L, 1, "__metatable");
  }
  lua_settop(L, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, key);
  return 0;
}

bool lvm_register_metatable(lua_State *L, int name) {
  return lvm_protect(L, register_metatable, (void *)&metatables[name], 1, 0);
}

bool lvm_set_metatable(lua_State *L, int name) {
  if (!lua_checkstack(L, 1)) return false;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &metatables[name]);
  lua_setmetatable(L, -2);  // no allocation: these metatables have no __gc
  return true;
}

bool lvm_has_metatable(lua_State *L, int index, int name) {
  index = lua_absindex(L, index);
  if (!lua_checkstack(L, 2) || !lua_getmetatable(L, index)) return false;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &metatables[name]);
  bool same = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  return same;
}

static int take_ref(lua_State *L) {
  lua_settop(L, 1);
  lua_pushinteger(L, luaL_ref(L, LUA_REGISTRYINDEX));
  return 1;
}

int lvm_ref(lua_State *L, int index) {
  if (!lua_checkstack(L, 1)) return 0;
  lua_pushvalue(L, index);
  // A thread that is suspended or has failed cannot make a protected call: the main thread can.
  lua_State *caller = lua_status(L) == LUA_OK ? L : lvm_of(L)->main;
  if (!lvm_move(L, caller, 1)) {
    lua_pop(L, 1);
    return 0;
  }
  if (!lvm_protect(caller, take_ref, NULL, 1, 1)) return 0;
  int ref = (int)lua_tointeger(caller, -1);
  lua_pop(caller, 1);
  return ref;
}

void lvm_unref(lua_State *L, int ref) {
  // luaL_unref sets existing fields only: it does not allocate.
  if (ref > 0 && lua_checkstack(L, 2)) luaL_unref(L, LUA_REGISTRYINDEX, ref);
}

bool lvm_push_ref(lua_State *L, int ref) {
  if (!lua_checkstack(L, 1)) return false;
  lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
  return true;
}

static int describe(lua_State *L) {
  if (lvm_push_text(L, 1)) return 1;
  lua_pushvalue(L, 1);
  lua_call(L, 1, 1);
  if (!lua_isstring(L, -1)) return luaL_error(L, "'__tostring' must return a string");
  lua_tolstring(L, -1, NULL);
  return 1;
}

typedef bool (*guarded)(lua_State *L, void *argument);

/// Runs what may call functions of scripts, or take long, under the limit: a turn of its own, or a part of the turn
/// that goes on.
static bool guard(lua_State *L, guarded run, void *argument) {
  lvm *vm = lvm_of(L);
  lua_State *running = vm->running;
  lua_Integer level = vm->stop_level;
  bool was_out_of_time = vm->out_of_time;
  bool is_inside = vm->task != NULL || vm->guards > 0;
  vm->guards++;
  if (is_inside) vm->running = L; else lvm_enter_turn(vm, L, false);
  bool done = run(L, argument);
  vm->guards--;
  vm->stop_level = level;
  vm->out_of_time = was_out_of_time;
  if (is_inside) {
    vm->running = running;
    vm->acted = 0;  // the watchdog sends again what was taken here
    if (vm->doom) lvm_arm(running);
  } else {
    lvm_leave_turn(vm);
  }
  return done;
}

static bool protect_describe(lua_State *L, void *argument) {
  (void)argument;
  return lvm_protect(L, describe, NULL, 1, 1);
}

bool lvm_push_description(lua_State *L, int index) {
  index = lua_absindex(L, index);
  if (!lua_checkstack(L, 1)) return false;
  lua_pushvalue(L, index);
  if (guard(L, protect_describe, NULL)) return true;
  const char *name = lvm_type_name(L, index);
  return lvm_push_string(L, name, strlen(name));
}

typedef struct {
  text source;
  const char *chunk;
} source;

static bool parse(lua_State *L, void *argument) {
  const source *code = argument;
  return lvm_parse(L, code->source.bytes, code->source.length, code->chunk);
}

bool lvm_load(lua_State *L, const char *bytes, size_t length, const char *chunk) {
  source code = {{bytes, length}, chunk};
  if (!lua_checkstack(L, 2)) return false;
  return guard(L, parse, &code);
}

static bool undump(lua_State *L, void *argument) {
  const text *code = argument;
  return luaL_loadbufferx(L, code->bytes, code->length, "=compiled", "b") == LUA_OK;
}

bool lvm_load_compiled(lua_State *L, const char *bytes, size_t length) {
  text code = {bytes, length};
  if (!lua_checkstack(L, 2)) return false;
  return guard(L, undump, &code);
}

bool lvm_move(lua_State *from, lua_State *to, int count) {
  if (from == to) return true;
  if (!lua_checkstack(to, count)) return false;
  lua_xmove(from, to, count);
  return true;
}
