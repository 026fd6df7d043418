#include <stdlib.h>

#include "internal.h"

static int open_libraries(lua_State *L) {
  static const luaL_Reg libraries[] = {
      {LUA_GNAME, luaopen_base},         {LUA_TABLIBNAME, luaopen_table},  {LUA_STRLIBNAME, luaopen_string},
      {LUA_MATHLIBNAME, luaopen_math},   {LUA_UTF8LIBNAME, luaopen_utf8},  {LUA_COLIBNAME, luaopen_coroutine},
      {LUA_OSLIBNAME, luaopen_os},       {LUA_DBLIBNAME, luaopen_debug},   {NULL, NULL}};
  for (const luaL_Reg *library = libraries; library->func != NULL; library++) {
    luaL_requiref(L, library->name, library->func, 1);
    lua_pop(L, 1);
  }
  lvm_open_own(L);
  lvm_open_handles(L);
  lvm_open_numbers(L);
  lvm_open_traceback(L);
  return 0;
}

lvm *lvm_new(lvm_host_call call) {
  // The low bits of the address carry flags of threads.
  lvm *vm = aligned_alloc(THREAD_FLAGS + 1, (sizeof *vm + THREAD_FLAGS) & ~(size_t)THREAD_FLAGS);
  if (vm == NULL) return NULL;
  *vm = (lvm){.call = call, .host_depth = 1};
  vm->main = lua_newstate(lvm_allocate, vm);
  if (vm->main == NULL) {
    free(vm);
    return NULL;
  }
  vm->running = vm->main;
  // Threads made later start with a copy of the main thread's extra space.
  *lvm_extra(vm->main) = (uintptr_t)vm;
  lvm_watch(vm);
  if (!lvm_protect(vm->main, open_libraries, NULL, 0, 0)) {
    lvm_free(vm);
    return NULL;
  }
  return vm;
}

void lvm_free(lvm *vm) {
  lvm_unwatch(vm);
  lua_close(vm->main);
  free(vm->dropped);
  free(vm->idle);
  free(vm->idle_refs);
  free(vm);
}

void lvm_push_weak_table(lua_State *L, const char *mode) {
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  lua_pushstring(L, mode);
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
}

lua_State *lvm_main(lvm *vm) { return vm->main; }
bool lvm_is_running(lvm *vm) { return vm->task != NULL; }

bool lvm_protect(lua_State *L, lua_CFunction function, void *argument, int count, int results) {
  if (!lua_checkstack(L, 4 + results)) {
    lua_pop(L, count);
    return false;
  }
  lua_pushcfunction(L, function);  // light: does not allocate
  lua_insert(L, -1 - count);
  lua_pushlightuserdata(L, argument);
  if (lua_pcall(L, count + 1, results, 0) == LUA_OK) return true;
  lua_pop(L, 1);
  return false;
}
