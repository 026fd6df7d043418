// Host functions, as Lua sees them.

#include "internal.h"

/// Runs when the host has answered: above the arguments the frame holds true and the results, or false and the error.
static int finish_wait(lua_State *L, int status, lua_KContext arguments) {
  (void)status;
  if (lvm_of(L)->raises_stop) lvm_raise_stop(L);
  int outcome = (int)arguments + 1;
  if (!lua_toboolean(L, outcome)) {
    lua_settop(L, outcome + 1);
    return lua_error(L);
  }
  return lua_gettop(L) - outcome;
}

/// The bytes of the arguments that are strings: the host copies them, and they count as the script's.
static size_t copied_bytes(lua_State *L, int count) {
  lvm *vm = lvm_of(L);
  if (vm->cap == 0) return 0;
  size_t bytes = 0;
  for (int index = 1; index <= count; index++) {
    if (lua_type(L, index) == LUA_TSTRING) bytes += lua_rawlen(L, index);
  }
  lvm_reserve_copies(L, bytes);
  return bytes;
}

/// Every host function that waits. No Swift frame is on the stack here.
static int wait_for_host(lua_State *L) {
  lvm *vm = lvm_of(L);
  if (vm->raises_stop || (vm->stop_level > 0 && !vm->has_grace)) lvm_raise_stop(L);
  if (!lua_isyieldable(L)) {
    lvm_push_obstacle(L);
    return luaL_error(L, "'%s' waits, and cannot wait here: %s", lua_tostring(L, lua_upvalueindex(2)),
                      lua_tostring(L, -1));
  }
  int count = lua_gettop(L);
  vm->request_bytes = copied_bytes(L, count);
  vm->request_thread = L;
  vm->request_function = lua_touserdata(L, lua_upvalueindex(1));
  vm->request_count = count;
  return lua_yieldk(L, count, count, finish_wait);
}

/// Every host function that does not wait: Swift has returned before anything is raised.
static int call_host(lua_State *L) {
  lvm *vm = lvm_of(L);
  if (vm->raises_stop) lvm_raise_stop(L);
  vm->host_depth++;
  int results = vm->call(lua_touserdata(L, lua_upvalueindex(1)), L);
  vm->host_depth--;
  if (lvm_expired(L)) lvm_leave(L);
  if (vm->cap != 0 && vm->used + vm->charged > vm->cap) {
    lvm_check_memory(L);
  }
  if (results >= 0) return results;
  switch (results) {
    case LVM_STOP: lvm_raise_stop(L);
    case LVM_NO_MEMORY: lvm_raise_memory(L);
  }
  return lua_error(L);
}

typedef struct {
  void *function;
  const char *name;
  bool waits;
} host_function;

static int push_host_function(lua_State *L) {
  const host_function *host = lua_touserdata(L, -1);
  lua_pushlightuserdata(L, host->function);
  lua_pushstring(L, host->name);
  lua_pushcclosure(L, host->waits ? wait_for_host : call_host, 2);
  return 1;
}

bool lvm_push_host_function(lua_State *L, void *function, const char *name, bool waits) {
  host_function host = {function, name, waits};
  return lvm_protect(L, push_host_function, &host, 0, 1);
}

void lvm_push_obstacle(lua_State *L) {
  luaL_checkstack(L, 4, NULL);
  lua_Debug frame;
  const char *called = "a function of the library or a metamethod that has to finish first";
  for (int level = 0; lua_getstack(L, level, &frame); level++) {
    lua_getinfo(L, "Snf", &frame);
    lua_CFunction function = lua_tocfunction(L, -1);
    lua_pop(L, 1);
    if (function == lvm_handle_message) {
      lua_pushliteral(L, "it is called from inside the message handler of xpcall");
      return;
    }
    if (level > 0 && *frame.what == 'C' && frame.name != NULL && !lvm_can_wait_below(function)) {
      lua_pushfstring(L, "it is called from inside '%s', which has to finish first", frame.name);
      return;
    }
  }
  lua_pushfstring(L, "it is called from inside %s", called);
}
