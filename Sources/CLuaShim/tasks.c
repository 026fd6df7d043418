#include <stdio.h>

#include "internal.h"

bool lvm_load(lua_State *L, const char *bytes, size_t length, const char *chunk) {
  if (!lua_checkstack(L, 2)) return false;
  // The parser runs in a protected call of its own.
  return luaL_loadbufferx(L, bytes, length, chunk, "t") == LUA_OK;
}

static int new_thread(lua_State *L) {
  lua_State **thread = lua_touserdata(L, -1);
  *thread = lua_newthread(L);
  lvm_mark_waiting(L, *thread, true);
  lua_pushinteger(L, luaL_ref(L, LUA_REGISTRYINDEX));
  return 1;
}

lua_State *lvm_task_new(lvm *vm, int *ref) {
  lua_State *thread = NULL;
  if (!lvm_protect(vm->main, new_thread, &thread, 0, 1)) return NULL;
  *ref = (int)lua_tointeger(vm->main, -1);
  lua_pop(vm->main, 1);
  return thread;
}

lvm_turn lvm_run(lvm *vm, lua_State *task, int count, bool stopping, int *results) {
  vm->task = task;
  vm->stopping = stopping;
  vm->request_thread = NULL;
  int status = lua_resume(task, vm->main, count, results);
  vm->task = NULL;
  switch (status) {
    case LUA_OK: return LVM_ENDED;
    case LUA_YIELD: return LVM_WAITING;
    default: return LVM_FAILED;
  }
}

bool lvm_is_stopping(lvm *vm) { return vm->stopping; }
int lvm_request_function(lvm *vm) { return vm->request_function; }
lua_State *lvm_request_thread(lvm *vm) { return vm->request_thread; }
int lvm_request_count(lvm *vm) { return vm->request_count; }
void lvm_clear_request(lvm *vm) { vm->request_thread = NULL; }

static int traceback(lua_State *L) {
  luaL_traceback(L, lua_touserdata(L, -1), NULL, 0);
  return 1;
}

bool lvm_push_traceback(lvm *vm, lua_State *task) { return lvm_protect(vm->main, traceback, task, 0, 1); }

void lvm_task_close(lua_State *task) {
  lvm *vm = lvm_of(task);
  vm->task = task;
  lua_resetthread(task);
  vm->task = NULL;
}

int lvm_line(lua_State *L, char *source, size_t size) {
  lua_Debug frame;
  for (int level = 0; lua_getstack(L, level, &frame); level++) {
    // Chunks of the host are called "=name": their lines say nothing to a script's author.
    if (lua_getinfo(L, "Sl", &frame) && frame.currentline > 0 && frame.source[0] != '=') {
      snprintf(source, size, "%s", frame.short_src);
      return frame.currentline;
    }
  }
  return 0;
}
