#ifndef CLUASHIM_STRING_FUNCTIONS_H
#define CLUASHIM_STRING_FUNCTIONS_H

#include <lua.h>

// Own versions of the functions of `string` that search and repeat. They do what the library's do, with the same
// messages, but never take too long where no hook sees them, have no "pattern too complex", and the function that
// `gsub` calls may yield.

int lvm_string_find(lua_State *L);
int lvm_string_match(lua_State *L);
int lvm_string_gmatch(lua_State *L);
int lvm_string_gsub(lua_State *L);
int lvm_string_rep(lua_State *L);

#endif
