#ifndef CLUASHIM_INTERNAL_H
#define CLUASHIM_INTERNAL_H

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "CLuaShim.h"

struct lvm {
  lua_State *main;
  void *context;
  lvm_host_call call;
  /// The thread of the task that runs now: `coroutine.yield` there has nobody to yield to.
  lua_State *task;
  /// The running task is stopping: see `lvm_run`.
  bool stopping;
  /// The request that ended the turn, and the thread its arguments are on. NULL: none.
  lua_State *request_thread;
  int request_function;
  int request_count;
};

static inline lvm *lvm_of(lua_State *L) { return *(lvm **)lua_getextraspace(L); }

/// Calls `function` protected, with the top `count` values and then `argument`. On failure the stack is as before,
/// less those values.
bool lvm_protect(lua_State *L, lua_CFunction function, void *argument, int count, int results);

/// Own versions of the library functions that call or resume other functions: they let host functions wait across
/// them and never swallow a stop.
void lvm_open_calls(lua_State *L);
void lvm_open_coroutines(lua_State *L);

/// From now on scripts cannot resume or close the thread: it is a task's, or a host function waits inside it.
void lvm_mark_waiting(lua_State *L, lua_State *thread, bool waits);

extern const char LVM_HANDLE_METATABLE;
void lvm_open_handles(lua_State *L);

#endif
