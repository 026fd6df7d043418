#ifndef CLUASHIM_COROUTINE_ADVANCE_H
#define CLUASHIM_COROUTINE_ADVANCE_H

#include "own.h"

// What resume, wrap and close share. A host function called inside a coroutine travels outwards, level by level, until
// the task itself waits; the answer travels back the same way. So does the end of a turn whose time is over.

/// How `lvm_advance` ended, where it did not end with a number of values.
enum { ADVANCE_FAILED = -1, ADVANCE_BUBBLES = -2 };

/// Resumes `co` with the top `count` values of `L`. Returns the number of values it gave, now on top of `L`;
/// `ADVANCE_FAILED` with the error on top; or `ADVANCE_BUBBLES`: something inside waits, and `L` has to yield in its
/// turn. `co` is marked as waiting then, until `L` goes on.
int lvm_advance(lua_State *L, lua_State *co, int count);

/// The coroutine in argument 1.
lua_State *lvm_check_coroutine(lua_State *L);

/// Why a script cannot resume the coroutine; NULL if it can, or if Lua itself says so.
const char *lvm_refusal(lua_State *L, lua_State *co);

#endif
