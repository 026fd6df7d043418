/// The C side of the embedding.
///
/// Swift imports this header and never `lua.h`. Two rules hold for every function here:
///
/// 1. Nothing that Swift calls raises a Lua error or yields: whatever may raise runs in a protected call of ours.
/// 2. Nothing that Lua calls raises or yields while a Swift frame is on the stack: `lua_error` and `lua_yieldk` are
///    `longjmp`, and jumping over a Swift frame leaks what the frame owns. Swift returns a code; C acts on it.
#ifndef CLUASHIM_H
#define CLUASHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct lua_State lua_State;

/// One Lua state with its host.
typedef struct lvm lvm;

/// What a host function implemented in Swift returns instead of raising: the error value is on top of the stack.
#define LVM_RAISE (-1)
/// The task is stopping from now on: no `pcall` returns. No error value.
#define LVM_STOP (-2)
/// Raises the memory error of Lua. No error value.
#define LVM_NO_MEMORY (-3)

/// Called by Lua for a host function that does not wait. Returns the number of results pushed, or a code above.
typedef int (*lvm_host_call)(void *function, lua_State *L);

/// How a turn of a task ended. Expired: its time was over, and it left without an error; preempted: it can go on.
typedef enum {
  LVM_ENDED, LVM_WAITING, LVM_FAILED, LVM_OUT_OF_MEMORY, LVM_EXPIRED, LVM_PREEMPTED
} lvm_turn;

/// What a task knows of being stopped.
typedef struct {
  /// The number of the stop that was raised in it last. Above 0 `<close>` handlers run, and nothing else.
  int64_t level;
  /// Its handlers may wait.
  bool has_grace;
  /// The stop is raised as soon as it goes on.
  bool raises;
} lvm_stopping;

/// Called, in a thread of its own, for a VM that reacts to nothing; the default reports and ends the process.
typedef void (*lvm_backstop)(unsigned long long milliseconds);
/// The exit status of a process that ended so: EX_SOFTWARE of sysexits.h.
#define LVM_BACKSTOP_STATUS 70

/// The types of values that the host tells apart.
typedef enum {
  LVM_NIL, LVM_BOOLEAN, LVM_INTEGER, LVM_NUMBER, LVM_STRING, LVM_TABLE, LVM_FUNCTION, LVM_THREAD, LVM_HANDLE, LVM_OTHER
} lvm_type;

// The state.

/// A state with the safe part of the standard library, or NULL when there is no memory.
lvm *lvm_new(lvm_host_call call);
void lvm_free(lvm *vm);
/// True between the beginning and the end of a turn: the VM must not be entered.
bool lvm_is_running(lvm *vm);
/// The limit for what Lua holds and for what was charged, in bytes; 0: none.
void lvm_set_memory_limit(lvm *vm, size_t bytes);
/// Counts what the host holds for scripts.
void lvm_charge(lvm *vm, ptrdiff_t bytes);
/// What Lua holds.
size_t lvm_memory(lvm *vm);

/// The release of Lua that this was built with, as `5.4.9`.
const char *lvm_lua_version(void);
/// True if that release corrupts memory or computes wrongly in ordinary scripts.
bool lvm_lua_has_faults(void);
/// The limits of a turn in nanoseconds of processor time; a limit of 0: none. A turn that goes on for `patience` beyond
/// limit and grace is given to the backstop. False if there can be none: no thread
/// could be made. Installs a handler for SIGURG, which calls the one before it.
bool lvm_set_time_limit(lvm *vm, unsigned long long limit, unsigned long long grace, unsigned long long patience);
/// From any thread, while the VM exists: ends the turn that goes on as `LVM_PREEMPTED`, if it is in Lua code; it can go
/// on afterwards. Needs a time limit.
void lvm_preempt(lvm *vm);
/// Likewise, and every turn from then on ends as it begins, until `lvm_reopen`.
void lvm_close(lvm *vm);
/// From any thread, while the VM exists: turns that begin from then on run again.
void lvm_reopen(lvm *vm);
void lvm_set_backstop(lvm_backstop function);
/// Seeds `math.random`, also for `math.randomseed()` without arguments.
bool lvm_seed(lvm *vm, int64_t seed);
/// The main thread: values are built here and moved to a task.
lua_State *lvm_main(lvm *vm);

// Reading. None of these allocates, calls a metamethod or raises.

int lvm_top(lua_State *L);
void lvm_pop(lua_State *L, int count);
bool lvm_reserve(lua_State *L, int count);
lvm_type lvm_type_of(lua_State *L, int index);
/// The name Lua gives the type, for messages.
const char *lvm_type_name(lua_State *L, int index);
bool lvm_to_boolean(lua_State *L, int index);
int64_t lvm_to_integer(lua_State *L, int index);
double lvm_to_number(lua_State *L, int index);
/// The bytes of a string, valid while it stays on the stack. NULL when the value is not a string.
const char *lvm_to_string(lua_State *L, int index, size_t *length);
/// The id of a handle, and its kind.
int64_t lvm_to_handle(lua_State *L, int index, int *kind);
/// Pops a key, pushes the next key and value; false at the end. The table must not change in between.
bool lvm_next(lua_State *L, int index);
/// `rawequal` of two values.
bool lvm_raw_equal(lua_State *L, int a, int b);
/// True if the value is a table whose metatable is the one registered as `name`.
bool lvm_has_metatable(lua_State *L, int index, int name);

// Building. Each returns false, leaving the stack as it was, when there is no memory.

bool lvm_push_nil(lua_State *L);
bool lvm_push_boolean(lua_State *L, bool value);
bool lvm_push_integer(lua_State *L, int64_t value);
bool lvm_push_number(lua_State *L, double value);
bool lvm_push_string(lua_State *L, const char *bytes, size_t length);
bool lvm_push_table(lua_State *L, int list, int fields);
/// Pops a value and a key and sets them in the table at `index`, without metamethods.
bool lvm_raw_set(lua_State *L, int index);
/// A handle of the host: opaque to scripts, equal to every handle of the same kind and id. Pops its table of fields.
/// `exists`: it is one that was pushed before. Each other is reported by `lvm_take_dropped` once no script reaches it.
bool lvm_push_handle(lua_State *L, int kind, int64_t id, bool *exists);
/// A host function, which the host keeps alive. One that waits never calls Swift: the task stops, and the host reads its arguments.
bool lvm_push_host_function(lua_State *L, void *function, const char *name, bool waits);
/// Pops a function of the host that gets each line of `print`.
bool lvm_set_print(lua_State *L);
/// Pops a value into a global, or into a field of a global table, which is made where it is missing.
bool lvm_set_global(lua_State *L, const char *table, const char *name);
/// Pops a table that serves as metatable number `name` from now on. Its `__name` is what scripts see of it.
bool lvm_register_metatable(lua_State *L, int name);
/// Gives the table on top metatable number `name`.
bool lvm_set_metatable(lua_State *L, int name);

/// Keeps the value at `index`; 0 when there is no memory.
int lvm_ref(lua_State *L, int index);
void lvm_unref(lua_State *L, int ref);
bool lvm_push_ref(lua_State *L, int ref);

/// Pushes what `tostring` gives for the value at `index`; metamethods that raise are replaced by the type's name.
bool lvm_push_description(lua_State *L, int index);

// Running.

/// Parses text (never bytecode) and pushes the function, or false and the message.
bool lvm_load(lua_State *L, const char *bytes, size_t length, const char *chunk);
/// Takes a piece of something.
typedef void (*lvm_sink)(void *context, const void *bytes, size_t length);
/// Parses text in a state of its own and gives the bytecode to `sink`, or false and the message.
bool lvm_program(const char *bytes, size_t length, const char *chunk, lvm_sink sink, void *context);
/// Pushes the function whose bytecode `lvm_program` made: never anything else, as bytecode can do anything.
bool lvm_load_compiled(lua_State *L, const char *bytes, size_t length);
/// A thread for a task: its stack waits for the function and its arguments. `ref` keeps it. NULL when there is no
/// memory.
lua_State *lvm_task_new(lvm *vm, int *ref);
/// Lets go of a task's thread, which may serve the next one if it has returned.
void lvm_task_free(lvm *vm, lua_State *thread, int ref, bool has_returned);
/// Moves values between two threads of one state.
bool lvm_move(lua_State *from, lua_State *to, int count);
/// Runs a task until it waits or ends. `count` values on its stack are the function and its arguments; for a task that
/// waits the outcome of its wait, true and the results, or false and the error; for one that is to raise, none.
lvm_turn lvm_run(lvm *vm, lua_State *task, int count, lvm_stopping *stopping, int *results);
/// Of a turn that ended `LVM_WAITING`: the function, and the thread that has its arguments on top; the task's own, or
/// a coroutine's.
void *lvm_request_function(lvm *vm);
lua_State *lvm_request_thread(lvm *vm);
int lvm_request_count(lvm *vm);
/// The bytes of its arguments that are strings; 0 where there is no memory limit.
size_t lvm_request_bytes(lvm *vm);
/// Of a turn that was interrupted: the thread that ran.
lua_State *lvm_interrupted_thread(lvm *vm);
/// Pushes onto the main thread the traceback of the error that ended a thread, or of where its turn expired, below a first line `12:script.lua` that
/// says where it was raised, `0:` if nowhere in a script; or nil.
bool lvm_push_traceback(lvm *vm, lua_State *thread);
/// Pushes onto the main thread the traceback of a thread as it stands.
bool lvm_push_current_traceback(lvm *vm, lua_State *thread);
/// True once the running turn has used up its time. A host function that takes long looks at it, and returns: what it
/// returns then is not used.
bool lvm_expired(lua_State *L);
/// The place in the script that called the function running (level 0) in the thread; 0 when there is none.
int lvm_line(lua_State *L, char *source, size_t size);

/// True if the last turn ran into the limit on time where it could not leave, so that it ended otherwise.
bool lvm_is_out_of_time(lvm *vm);
/// The line at which the last turn reached a limit; 0: none. `source` is valid until the next turn.
int lvm_limit_line(lvm *vm, const char **source);

// What the collector found.

/// Takes a handle that no script reaches any more; false when there is none.
bool lvm_take_dropped(lvm *vm, int *kind, int64_t *id);

#endif
