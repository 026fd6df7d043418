#ifndef CLUASHIM_INTERNAL_H
#define CLUASHIM_INTERNAL_H

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <signal.h>
#include <stdatomic.h>

#include "CLuaShim.h"
#include "interrupt.h"

/// What a thread's extra space says about it, in the low bits of the pointer to its `lvm`.
enum {
  /// Scripts cannot resume or close it: it is a task's, or a host function waits inside it.
  THREAD_WAITS = 1,
  /// `coroutine.close` unwinds it: its `pcall`s let everything through.
  THREAD_CLOSES = 2,
  /// It is a task's own thread.
  THREAD_IS_TASK = 4,
  /// A script has seen it: it is never used for another task.
  THREAD_IS_KNOWN = 8,
  THREAD_FLAGS = 15
};

/// Why a turn is to end, by urgency.
enum {
  /// The host wants to look: the turn ends at the next instruction where that does no harm, and can go on.
  DOOM_PREEMPTED = 1,
  /// Its time is over, or the grace that a stopping task has.
  DOOM_EXPIRED = 2,
  /// It was told, and has used up the grace as well.
  DOOM_OVERDUE = 3
};

/// What a handle of a script stands for.
typedef struct {
  int kind;
  int64_t id;
} lvm_handle;

/// Shared by the thread inside the VM, its signal handler and the watchdog.
typedef struct {
  /// Odd while script code runs.
  atomic_ullong epoch;
  /// The turn that is to end, and why.
  atomic_ullong doomed_epoch;
  atomic_int doom;
  /// Every turn is to end as soon as it begins.
  atomic_bool is_closed;
  /// The kernel's number of the thread inside the VM.
  atomic_int thread;
  /// What this turn may use of that thread's time, in nanoseconds.
  atomic_ullong limit;
  /// The watchdog's own: the epoch it saw last, and the thread's time then.
  unsigned long long seen, since;
  /// The epoch that was told that its grace is over.
  unsigned long long overdue;
} turn_clock;

struct lvm {
  lua_State *main;
  lvm_host_call call;

  /// The thread of the task that runs now: `coroutine.yield` there has nobody to yield to. NULL between turns.
  lua_State *task;
  /// The thread that runs now: the task's, or that of one of its coroutines.
  lua_State *running;

  /// The request that ended the turn, and the thread its arguments are on. NULL: none.
  lua_State *request_thread;
  void *request_function;
  int request_count;

  /// How often a stop was raised in any task.
  lua_Integer stops;
  /// The number of the last one in the running task, 0 for none: what was entered before lets every error through.
  lua_Integer stop_level;
  /// Whether a stopping task may wait.
  bool has_grace;
  /// The thread was interrupted in the turn before, and raises the stop as soon as it goes on.
  bool raises_stop;
  /// The task ended by the limit on memory, or ran into that on time.
  bool out_of_memory, out_of_time;

  /// Set by the signal handler: the doom of this turn. 0: it has time.
  volatile sig_atomic_t doom;
  /// The doom that was acted on.
  volatile sig_atomic_t acted;
  /// The thread that left its turn because the time was over.
  lua_State *interrupted;
  turn_clock clock;
  /// Nanoseconds of processor time for a turn, 0 for no limit, and for what runs while a task is stopped.
  unsigned long long limit, grace;
  /// What a VM may use beyond both before it counts as one that reacts to nothing.
  unsigned long long patience;
  /// The VM whose turn goes on further out on the same thread, and the next one the watchdog knows.
  lvm *outer, *next;

  /// Bytes that Lua holds, that the host holds for it, and the limit for both; 0: none.
  size_t used, charged, cap;
  /// Of the request: the bytes of its strings, which the host copies.
  size_t request_bytes;
  /// The limit is passed, and the hook is to collect.
  bool is_over_cap;
  /// Where a limit was reached last.
  char place_source[LUA_IDSIZE];
  int place_line;
  /// Above 0 while Swift is on the stack: the limit is soft then.
  int host_depth;
  /// How many calls of script code by the host, such as for a description, are inside each other.
  int guards;

  /// The coroutine that `coroutine.close` unwinds, until its `yield` sees it.
  lua_State *closes;
  /// The thread through which the error of a coroutine travels, whose traceback is joined to its own.
  lua_State *inherits_traceback;

  /// The number that was given last to an object that has no other name.
  lua_Integer last_number;

  /// Ids of host objects that the collector found unreachable.
  lvm_handle *dropped;
  int dropped_count, dropped_size;

  /// Threads of tasks that ended, kept for the next ones.
  lua_State **idle;
  int *idle_refs;
  int idle_count;
};

static inline uintptr_t *lvm_extra(lua_State *L) { return (uintptr_t *)lua_getextraspace(L); }
static inline lvm *lvm_of(lua_State *L) { return (lvm *)(*lvm_extra(L) & ~(uintptr_t)THREAD_FLAGS); }
static inline bool lvm_thread_is(lua_State *L, int flag) { return *lvm_extra(L) & (uintptr_t)flag; }
static inline void lvm_flag(lua_State *L, int flag, bool on) {
  if (on) *lvm_extra(L) |= (uintptr_t)flag; else *lvm_extra(L) &= ~(uintptr_t)flag;
}

/// Calls `function` protected, with the top `count` values and then `argument`. On failure the stack is as before,
/// less those values.
bool lvm_protect(lua_State *L, lua_CFunction function, void *argument, int count, int results);

/// Pushes a table that does not keep its keys alive, `mode` "k", or its values, "v".
void lvm_push_weak_table(lua_State *L, const char *mode);

// Memory.

void *lvm_allocate(void *vm, void *block, size_t old, size_t size);
_Noreturn void lvm_raise_memory(lua_State *L);
/// Raises the memory error if the limit is passed even after a collection.
void lvm_check_memory(lua_State *L);
/// Raises the memory error if the host cannot copy so many bytes within the limit, even after a collection.
void lvm_reserve_copies(lua_State *L, size_t bytes);
/// True if the error on top says that there is no memory: buffers of the library raise the text alone.
bool lvm_is_memory_error(lua_State *L, int status);
/// Notes the line that `L` is at, for the message about a limit.
void lvm_note_place(lvm *vm, lua_State *L);

// Time and stopping.

/// What a `pcall` notes at its entry: how often a stop was raised in this VM, and whether its coroutine is being closed.
static inline lua_Integer lvm_mark(lua_State *L) { return lvm_of(L)->stops * 2 + lvm_thread_is(L, THREAD_CLOSES); }
/// True if an error is not for a `pcall` with that mark: since its entry the task was told to stop, or the coroutine is
/// being closed.
static inline bool lvm_passes(lua_State *L, lua_Integer mark) {
  return lvm_of(L)->stop_level > mark / 2 || (mark % 2 == 0 && lvm_thread_is(L, THREAD_CLOSES));
}
/// Raises the stop in the running task.
_Noreturn void lvm_raise_stop(lua_State *L);
/// The turn of `L` is over and cannot end by a yield: notes it, before the stop is raised.
void lvm_accept_doom(lua_State *L);
/// Makes `L` call the hook at its next instruction.
void lvm_arm(lua_State *L);
void lvm_disarm(lua_State *L);
/// From here on script code runs in `L`, under the time limit or, where the task is stopping, within the grace.
void lvm_enter_turn(lvm *vm, lua_State *L, bool is_stopping);
void lvm_leave_turn(lvm *vm);
/// Tells the watchdog of a VM, and that it is gone.
void lvm_watch(lvm *vm);
void lvm_unwatch(lvm *vm);

// Bodies of tasks and coroutines.

/// Calls its first argument with the others, so that an error is recorded where it is raised, and `<close>` handlers
/// run where they may wait. The error goes on afterwards.
int lvm_body(lua_State *L);
/// Keeps the traceback of a thread, from a level on, with the place in front: see `lvm_push_traceback`.
void lvm_record_traceback(lua_State *L, int level);
/// Pushes the traceback of the error that ended the thread, or nil, and forgets it.
void lvm_take_traceback(lua_State *L, lua_State *thread);
void lvm_open_traceback(lua_State *L);

/// The error that ended `from` is about to be raised in `L`: its traceback goes in front of the one recorded there.
void lvm_inherit_traceback(lua_State *L, lua_State *from);

/// The message handler that `xpcall` puts around the script's.
int lvm_handle_message(lua_State *L);
/// True for functions of ours through which a wait travels outwards.
bool lvm_can_wait_below(lua_CFunction function);
/// Why nothing can wait in `L`, as the end of a sentence. Pushes it.
void lvm_push_obstacle(lua_State *L);

/// Parses text in pieces, between which it can be stopped; pushes the function, or the message.
bool lvm_parse(lua_State *L, const char *text, size_t length, const char *chunk);
void lvm_open_numbers(lua_State *L);

extern const char LVM_HANDLE_METATABLE;
void lvm_open_handles(lua_State *L);

/// Puts the own versions in the place of the library's.
void lvm_open_own(lua_State *L);

#endif
