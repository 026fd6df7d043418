#ifndef CLUASHIM_TABLE_ACCESS_H
#define CLUASHIM_TABLE_ACCESS_H

#include <lauxlib.h>
#include <lua.h>

#include "interrupt.h"

/// Leaves if the turn has used up its time; looks every 256 steps.
static inline void lvm_poll(lua_State *L, unsigned *steps) {
  if ((++*steps & 0xFF) == 0 && lvm_expired(L)) lvm_leave(L);
}

/// Checks that an argument is a table, or something else that has all of the metamethods: up to the first NULL.
static inline void lvm_check_table(lua_State *L, int argument, const char *const *metamethods) {
  if (lua_type(L, argument) == LUA_TTABLE) return;
  if (lua_getmetatable(L, argument)) {
    for (; *metamethods != NULL; metamethods++) {
      lua_pushstring(L, *metamethods);
      if (lua_rawget(L, -2) == LUA_TNIL) break;
      lua_pop(L, 1);
    }
    if (*metamethods == NULL) {
      lua_pop(L, 1);
      return;
    }
  }
  luaL_checktype(L, argument, LUA_TTABLE);
}

/// True for a table without a metatable.
static inline bool lvm_is_raw(lua_State *L, int index) {
  if (lua_type(L, index) != LUA_TTABLE) return false;
  if (!lua_getmetatable(L, index)) return true;
  lua_pop(L, 1);
  return false;
}

static inline lua_Integer lvm_length(lua_State *L, int index) {
  return lvm_is_raw(L, index) ? (lua_Integer)lua_rawlen(L, index) : luaL_len(L, index);
}

#endif
