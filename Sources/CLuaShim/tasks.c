#include <stdlib.h>
#include <string.h>

#include "internal.h"

// Threads of tasks. Those of tasks that ended by returning serve again, unless a script got hold of one.

static int new_thread(lua_State *L) {
  lua_State **thread = lua_touserdata(L, -1);
  *thread = lua_newthread(L);
  lvm_flag(*thread, THREAD_WAITS | THREAD_IS_TASK, true);
  lua_pushinteger(L, luaL_ref(L, LUA_REGISTRYINDEX));
  return 1;
}

lua_State *lvm_task_new(lvm *vm, int *ref) {
  lua_State *thread = NULL;
  if (vm->idle_count > 0) {
    vm->idle_count--;
    *ref = vm->idle_refs[vm->idle_count];
    thread = vm->idle[vm->idle_count];
  } else {
    if (!lvm_protect(vm->main, new_thread, &thread, 0, 1)) return NULL;
    *ref = (int)lua_tointeger(vm->main, -1);
    lua_pop(vm->main, 1);
  }
  lua_pushcfunction(thread, lvm_body);
  return thread;
}

enum { MOST_IDLE = 256 };

void lvm_task_free(lvm *vm, lua_State *thread, int ref, bool has_returned) {
  if (vm->idle == NULL) {
    vm->idle = calloc(MOST_IDLE, sizeof *vm->idle);
    vm->idle_refs = calloc(MOST_IDLE, sizeof *vm->idle_refs);
  }
  bool serves_again = has_returned && vm->idle != NULL && vm->idle_refs != NULL && vm->idle_count < MOST_IDLE &&
                      !lvm_thread_is(thread, THREAD_IS_KNOWN);
  if (has_returned) lua_settop(thread, 0);
  if (!serves_again) {
    lvm_unref(vm->main, ref);
    return;
  }
  lvm_disarm(thread);
  vm->idle[vm->idle_count] = thread;
  vm->idle_refs[vm->idle_count] = ref;
  vm->idle_count++;
}

lvm_turn lvm_run(lvm *vm, lua_State *task, int count, lvm_stopping *stopping, int *results) {
  vm->task = task;
  vm->request_thread = NULL;
  vm->stop_level = stopping->level;
  vm->has_grace = stopping->has_grace;
  vm->raises_stop = stopping->raises;
  vm->out_of_memory = false;
  vm->out_of_time = false;
  vm->is_over_cap = false;
  vm->place_line = 0;
  lvm_enter_turn(vm, task, stopping->level > 0 || stopping->raises);
  int status = lua_resume(task, vm->main, count, results);
  int doom = vm->doom;
  lvm_leave_turn(vm);
  vm->task = NULL;
  stopping->level = vm->stop_level;
  stopping->raises = false;
  switch (status) {
    case LUA_OK: return LVM_ENDED;
    case LUA_YIELD: return vm->request_thread != NULL ? LVM_WAITING : doom >= DOOM_EXPIRED ? LVM_EXPIRED : LVM_PREEMPTED;
    default: return vm->out_of_memory || status == LUA_ERRMEM ? LVM_OUT_OF_MEMORY : LVM_FAILED;
  }
}

bool lvm_is_out_of_time(lvm *vm) { return vm->out_of_time; }
void *lvm_request_function(lvm *vm) { return vm->request_function; }
lua_State *lvm_request_thread(lvm *vm) { return vm->request_thread; }
int lvm_request_count(lvm *vm) { return vm->request_count; }
size_t lvm_request_bytes(lvm *vm) { return vm->request_bytes; }
lua_State *lvm_interrupted_thread(lvm *vm) { return vm->interrupted; }
