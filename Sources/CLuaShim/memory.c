// The limit on memory. It may be passed by a little: whoever allocates may hold what cannot be left by an error, such as
// a frame of Swift, or a buffer of the library, which fails without a collection where Lua itself would try one. So the
// allocator arms the hook, which collects at the next instruction and raises the error if that was not enough.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

enum { MOST_SLACK = 32 << 20 };

static size_t held(const lvm *vm) { return vm->used + vm->charged; }

#if LUA_VERSION_RELEASE_NUM < 50408
// Before 5.4.8 Lua leaves tables and stacks in pieces where an allocation in the middle of an assignment fails
// (https://github.com/lua/lua/commit/983bc433). Only what is refused as a whole is refused then: a string, a userdata, and
// what is larger than all that is allowed. The rest grows until the script stops, at its next instruction. Where that does
// not come, a far higher limit ends the process: going on could do anything.
enum { CEILING = 8 };

static bool may_refuse(const lvm *vm, const void *block, size_t kind, size_t more) {
  if (more > vm->cap || (block == NULL && (kind == LUA_TSTRING || kind == LUA_TUSERDATA))) return true;
  if ((held(vm) + more) / CEILING > vm->cap) {
    fputs("baton: the script has used far more memory than its limit, and cannot be stopped otherwise\n", stderr);
    abort();
  }
  return false;
}
#else
static bool may_refuse(const lvm *vm, const void *block, size_t kind, size_t more) {
  (void)vm, (void)block, (void)kind, (void)more;
  return true;
}
#endif

static size_t slack(const lvm *vm) { return vm->cap / 4 < MOST_SLACK ? vm->cap / 4 : MOST_SLACK; }

void *lvm_allocate(void *context, void *block, size_t old, size_t size) {
  lvm *vm = context;
  size_t kind = old;
  if (block == NULL) old = 0;  // then it says what is being made
  if (size == 0) {
    free(block);
    vm->used -= old;
    return NULL;
  }
  if (size > old && vm->cap != 0) {
    size_t more = size - old, most = vm->cap + slack(vm);
    if ((held(vm) > most || more > most - held(vm)) && may_refuse(vm, block, kind, more)) {
      lvm_note_place(vm, vm->running);
      return NULL;
    }
    if (held(vm) + more > vm->cap && vm->host_depth == 0 && !vm->is_over_cap) {
      vm->is_over_cap = true;
      lvm_arm(vm->running);
    }
  }
  void *moved = realloc(block, size);
  if (moved == NULL) return size <= old ? block : NULL;  // Lua counts on it that shrinking works
  vm->used += size - old;
  return moved;
}

_Noreturn void lvm_raise_memory(lua_State *L) {
  lua_newuserdatauv(L, SIZE_MAX / 4, 0);  // never succeeds: raises the error that Lua has ready
  for (;;) {}
}

void lvm_check_memory(lua_State *L) {
  lvm_of(L)->is_over_cap = false;
  lvm_reserve_copies(L, 0);
}

void lvm_reserve_copies(lua_State *L, size_t bytes) {
  lvm *vm = lvm_of(L);
  if (vm->cap == 0) return;
  if (bytes > vm->cap) lvm_raise_memory(L);
  if (held(vm) + bytes <= vm->cap) return;
  lua_gc(L, LUA_GCCOLLECT);
  if (held(vm) + bytes > vm->cap) lvm_raise_memory(L);
}

bool lvm_is_memory_error(lua_State *L, int status) {
  const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
  return status == LUA_ERRMEM || (text != NULL && strcmp(text, "not enough memory") == 0);
}

const char *lvm_lua_version(void) { return LUA_VERSION_MAJOR "." LUA_VERSION_MINOR "." LUA_VERSION_RELEASE; }
bool lvm_lua_has_faults(void) { return LUA_VERSION_RELEASE_NUM < 50408; }

void lvm_set_memory_limit(lvm *vm, size_t bytes) { vm->cap = bytes; }
void lvm_charge(lvm *vm, ptrdiff_t bytes) { vm->charged += (size_t)bytes; }
size_t lvm_memory(lvm *vm) { return vm->used; }
