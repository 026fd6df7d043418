// Parses text once for many states.

#include <lauxlib.h>

#include "own.h"

typedef struct {
  lvm_sink sink;
  void *context;
} destination;

static int write_piece(lua_State *L, const void *bytes, size_t length, void *data) {
  (void)L;
  const destination *to = data;
  to->sink(to->context, bytes, length);
  return 0;
}

bool lvm_program(const char *bytes, size_t length, const char *chunk, lvm_sink sink, void *context) {
  destination to = {sink, context};
  lua_State *L = luaL_newstate();
  if (L == NULL) return false;
  bool parsed = luaL_loadbufferx(L, bytes, length, chunk, "t") == LUA_OK;
  if (parsed) {
    // With names and lines, for messages.
    lua_dump(L, write_piece, &to, 0);
  } else {
    size_t size;
    const char *message = luaL_tolstring(L, -1, &size);
    sink(context, message, size);
  }
  lua_close(L);
  return parsed;
}
