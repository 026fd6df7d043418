#include <stdlib.h>

#include "internal.h"

/// How far the limit is passed while Swift is on the stack, where nothing can be raised.
static size_t slack(const lvm *vm) { return vm->cap / 4 + (32u << 20); }

void *lvm_allocate(void *context, void *block, size_t old, size_t size) {
  lvm *vm = context;
  if (block == NULL) old = 0;  // then it says what is being made
  if (size == 0) {
    free(block);
    vm->used -= old;
    return NULL;
  }
  if (size > old && vm->cap != 0) {
    size_t limit = vm->host_depth > 0 ? vm->cap + slack(vm) : vm->cap;
    size_t held = vm->used + vm->charged;
    if (held > limit || size - old > limit - held) {
      // No handler sees this error: note where it is raised.
      if (vm->task != NULL) vm->refused_line = lvm_line(vm->running, vm->refused_source, sizeof vm->refused_source);
      return NULL;
    }
  }
  void *moved = realloc(block, size);
  if (moved == NULL) return size <= old ? block : NULL;  // Lua counts on it that shrinking works
  vm->used += size - old;
  return moved;
}

void lvm_check_memory(lua_State *L) {
  lvm *vm = lvm_of(L);
  if (vm->cap == 0 || vm->used + vm->charged <= vm->cap) return;
  lua_gc(L, LUA_GCCOLLECT);
  if (vm->used + vm->charged <= vm->cap) return;
  lua_settop(L, 0);
  lua_newuserdatauv(L, vm->cap, 0);  // never succeeds: raises the error that Lua has ready
}

void lvm_set_memory_limit(lvm *vm, size_t bytes) { vm->cap = bytes; }
void lvm_charge(lvm *vm, ptrdiff_t bytes) { vm->charged += (size_t)bytes; }
size_t lvm_memory(lvm *vm) { return vm->used; }

int lvm_refused_line(lvm *vm, const char **source) {
  *source = vm->refused_source;
  return vm->refused_line;
}
