#ifndef CLUASHIM_INTERRUPT_H
#define CLUASHIM_INTERRUPT_H

#include <lua.h>
#include <stdbool.h>

/// True once the running turn has used up its time. Loops in C, which no hook sees, look at it every few hundred steps
/// and call `lvm_leave` when it is true.
bool lvm_expired(lua_State *L);

/// Leaves the running C function because the time is over. Never returns to the caller: it yields or raises, so
/// nothing may be held that the collector does not own.
_Noreturn void lvm_leave(lua_State *L);

#endif
