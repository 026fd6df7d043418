#ifndef CLUASHIM_TABLE_FUNCTIONS_H
#define CLUASHIM_TABLE_FUNCTIONS_H

#include <lua.h>

// Own versions of the functions of `table` that loop. They do what the library's do, with the same messages, and can be
// stopped while they do it.

int lvm_table_concat(lua_State *L);
int lvm_table_insert(lua_State *L);
int lvm_table_move(lua_State *L);
int lvm_table_remove(lua_State *L);
int lvm_table_unpack(lua_State *L);

/// `table.sort`. The upvalue is the sort in Lua, for whatever cannot be sorted in C; what that calls may wait.
int lvm_table_sort(lua_State *L);
/// The operator `<` as a function, which the sort in Lua calls when there is no comparator: an error of its own `<`
/// would name a line of that chunk. The metamethod may wait.
int lvm_table_less(lua_State *L);
/// Makes `table.sort` of the sort in Lua. The chunk `sort.lua` finds it in the place of `table.sort`.
int lvm_table_sort_bind(lua_State *L);

#endif
