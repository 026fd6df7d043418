#ifndef CLUASHIM_OWN_H
#define CLUASHIM_OWN_H

#include "internal.h"
#include "string/string_functions.h"
#include "table/table_functions.h"

// Own versions of library functions, each in a file with its name. They let host functions wait across them, never
// swallow a stop, look at the time in their loops, and give the same results in every process.

int lvm_pcall(lua_State *L);
int lvm_xpcall(lua_State *L);
int lvm_base_load(lua_State *L);
int lvm_base_next(lua_State *L);
int lvm_base_pairs(lua_State *L);
int lvm_tostring(lua_State *L);
int lvm_print(lua_State *L);
int lvm_setmetatable(lua_State *L);

int lvm_coroutine_create(lua_State *L);
int lvm_coroutine_resume(lua_State *L);
int lvm_coroutine_wrap(lua_State *L);
int lvm_coroutine_yield(lua_State *L);
int lvm_coroutine_close(lua_State *L);
int lvm_coroutine_status(lua_State *L);
int lvm_coroutine_running(lua_State *L);
int lvm_coroutine_isyieldable(lua_State *L);

int lvm_string_format(lua_State *L);
int lvm_math_randomseed(lua_State *L);

/// The function that `coroutine.wrap` gives.
int lvm_call_wrapped(lua_State *L);

/// The number of an object, given when it is first asked for, and how it is written.
lua_Integer lvm_number(lua_State *L, int index);
void lvm_write_number(char *text, size_t size, lua_Integer number);
/// Pushes what `tostring` gives for the value at `index`, and returns true, if that calls nothing. If the value has a
/// `__tostring`, pushes that, and returns false.
bool lvm_push_text(lua_State *L, int index);

#endif
