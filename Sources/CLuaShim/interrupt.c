// How a turn ends before its time: see interrupt.h for the loops in C, watchdog.c for who asks.

#include "internal.h"

/// Its address is the value that a stop raises: scripts cannot make it.
static const char STOP;

void lvm_raise_stop(lua_State *L) {
  lvm *vm = lvm_of(L);
  vm->raises_stop = false;
  vm->stop_level = ++vm->stops;
  luaL_checkstack(L, 1, NULL);
  lua_pushlightuserdata(L, (void *)&STOP);
  lua_error(L);
  for (;;) {}  // lua_error does not return, and its declaration does not say so
}

bool lvm_expired(lua_State *L) { return lvm_of(L)->doom >= DOOM_EXPIRED; }

/// Protected: there may be no memory for it.
static int record_here(lua_State *L) {
  lvm_record_traceback(L, 1);
  return 0;
}

void lvm_accept_doom(lua_State *L) {
  lvm *vm = lvm_of(L);
  lvm_note_place(vm, L);
  vm->out_of_time = true;
  // The error takes its time: what runs on its way is granted the rest until the next doom.
  vm->acted = vm->doom;
  if (vm->doom == DOOM_EXPIRED) vm->doom = 0;
}

/// True if the turn can end by a yield, which nothing in a script catches. It is noted then.
static bool may_yield(lvm *vm, lua_State *L) {
  if (lua_isyieldable(L)) {
    // Afterwards the line would be that of the instruction before.
    if (vm->doom > DOOM_PREEMPTED) lvm_protect(L, record_here, NULL, 0, 0);
    vm->interrupted = L;
    return true;
  }
  if (vm->doom == DOOM_PREEMPTED) return false;
  lvm_accept_doom(L);
  return false;
}

static int raise_when_resumed(lua_State *L, int status, lua_KContext context) {
  (void)status;
  (void)context;
  lvm_raise_stop(L);
}

void lvm_leave(lua_State *L) {
  lvm *vm = lvm_of(L);
  if (may_yield(vm, L)) lua_yieldk(L, 0, 0, raise_when_resumed);
  lvm_raise_stop(L);
}

/// Called at every instruction of a thread that is armed.
static void interrupt(lua_State *L, lua_Debug *frame) {
  (void)frame;
  lvm *vm = lvm_of(L);
  if (vm->raises_stop) {
    lvm_disarm(L);
    lvm_raise_stop(L);
  }
  if (vm->is_over_cap) {
    if (vm->doom == 0) lvm_disarm(L);
    lvm_note_place(vm, L);
    lvm_check_memory(L);
  }
  if (vm->doom == 0) {
    lvm_disarm(L);
    return;
  }
  bool is_preempted = vm->doom == DOOM_PREEMPTED;
  if (may_yield(vm, L)) {
    lua_yield(L, 0);  // stays armed: it raises when it goes on, if it has to
    return;
  }
  if (is_preempted) return;
  if (vm->doom == 0) lvm_disarm(L);
  lvm_raise_stop(L);
}

void lvm_arm(lua_State *L) { lua_sethook(L, interrupt, LUA_MASKCOUNT, 1); }
void lvm_disarm(lua_State *L) { lua_sethook(L, NULL, 0, 0); }
