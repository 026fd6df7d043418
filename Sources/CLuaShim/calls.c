#include <string.h>

#include "internal.h"

/// The value a stop raises: an address that scripts cannot make.
static const char STOP;

bool lvm_push_stop(lua_State *L) {
  if (!lua_checkstack(L, 1)) return false;
  lua_pushlightuserdata(L, (void *)&STOP);
  return true;
}

/// Runs when the host has answered: the frame holds true and the results, or false and the error.
static int finish_wait(lua_State *L, int status, lua_KContext context) {
  (void)status;
  (void)context;
  if (!lua_toboolean(L, 1)) {
    lua_settop(L, 2);
    return lua_error(L);
  }
  return lua_gettop(L) - 1;
}

/// Every host function that waits. No Swift frame is on the stack here.
static int wait_for_host(lua_State *L) {
  lvm *vm = lvm_of(L);
  if (vm->stopping) {
    lvm_push_stop(L);
    return lua_error(L);
  }
  if (!lua_isyieldable(L))
    return luaL_error(L, "'%s' waits, and cannot wait here: it is called from inside a function of the library or a "
                         "metamethod that has to finish first (table.sort, string.gsub, tostring, __close after an error, ...)",
                      lua_tostring(L, lua_upvalueindex(2)));
  vm->request_thread = L;
  vm->request_function = (int)lua_tointeger(L, lua_upvalueindex(1));
  vm->request_count = lua_gettop(L);
  return lua_yieldk(L, lua_gettop(L), 0, finish_wait);
}

/// Every host function that does not wait: the trampoline. Swift has returned before anything is raised.
static int call_host(lua_State *L) {
  lvm *vm = lvm_of(L);
  int results = vm->call(vm->context, L, (int)lua_tointeger(L, lua_upvalueindex(1)));
  if (results >= 0) return results;
  if (results == LVM_STOP) vm->stopping = true;
  return lua_error(L);
}

typedef struct {
  int function;
  const char *name;
  bool waits;
} host_function;

static int push_host_function(lua_State *L) {
  const host_function *host = lua_touserdata(L, -1);
  lua_pushinteger(L, host->function);
  lua_pushstring(L, host->name);
  lua_pushcclosure(L, host->waits ? wait_for_host : call_host, 2);
  return 1;
}

bool lvm_push_host_function(lua_State *L, int function, const char *name, bool waits) {
  host_function host = {function, name, waits};
  return lvm_protect(L, push_host_function, &host, 0, 1);
}

// pcall and xpcall: as the library's, but an error that stops the task passes through.

static int finish_pcall(lua_State *L, int status, lua_KContext skip) {
  if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - (int)skip;
  if (lvm_of(L)->stopping) return lua_error(L);
  lua_pushboolean(L, 0);
  lua_pushvalue(L, -2);
  return 2;
}

static int own_pcall(lua_State *L) {
  luaL_checkany(L, 1);
  lua_pushboolean(L, 1);
  lua_insert(L, 1);
  int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall);
  return finish_pcall(L, status, 0);
}

/// The message handler of `xpcall`: the script's own, except for a stop, which is nobody's error.
static int handle_message(lua_State *L) {
  if (lvm_of(L)->stopping) return 1;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

static int own_xpcall(lua_State *L) {
  int count = lua_gettop(L);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_pushvalue(L, 2);
  lua_pushcclosure(L, handle_message, 1);
  lua_replace(L, 2);
  lua_pushboolean(L, 1);
  lua_pushvalue(L, 1);
  lua_rotate(L, 3, 2);
  int status = lua_pcallk(L, count - 2, LUA_MULTRET, 2, 2, finish_pcall);
  return finish_pcall(L, status, 2);
}

/// `load` of text: a string, or a function that is called until it returns nothing. Never bytecode.
static const char *read_piece(lua_State *L, void *data, size_t *size) {
  (void)data;
  luaL_checkstack(L, 2, "too many nested functions");
  lua_pushvalue(L, 1);
  lua_call(L, 0, 1);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    *size = 0;
    return NULL;
  }
  if (!lua_isstring(L, -1)) luaL_error(L, "reader function must return a string");
  lua_replace(L, 5);
  return lua_tolstring(L, 5, size);
}

static int own_load(lua_State *L) {
  bool environment = !lua_isnone(L, 4);
  lua_settop(L, 5);  // 5 keeps the piece that is being read alive
  int status;
  size_t length;
  const char *text = lua_tolstring(L, 1, &length);
  if (text != NULL) {
    status = luaL_loadbufferx(L, text, length, luaL_optstring(L, 2, text), "t");
  } else {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    status = lua_load(L, read_piece, NULL, luaL_optstring(L, 2, "=(load)"), "t");
  }
  if (status != LUA_OK) {
    if (lvm_of(L)->stopping) return lua_error(L);
    lua_pushnil(L);
    lua_insert(L, -2);
    return 2;
  }
  if (environment) {
    lua_pushvalue(L, 4);
    if (!lua_setupvalue(L, -2, 1)) lua_pop(L, 1);
  }
  return 1;
}

void lvm_open_calls(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"pcall", own_pcall}, {"xpcall", own_xpcall}, {"load", own_load}, {NULL, NULL}};
  lua_pushglobaltable(L);
  luaL_setfuncs(L, functions, 0);
  lua_pop(L, 1);
}
