// load: text only, never bytecode. A reader function is called before the parser, so it may wait; the parser gets its
// text in small pieces, between which it can be stopped: it takes quadratic time for some texts.

#include <string.h>

#include "own.h"

enum { PIECE = 512 };

typedef struct {
  const char *text;
  size_t length;
} remaining;

static const char *read_piece(lua_State *L, void *data, size_t *size) {
  remaining *rest = data;
  if (lvm_expired(L)) lvm_leave(L);
  const char *piece = rest->text;
  *size = rest->length < PIECE ? rest->length : PIECE;
  rest->text += *size;
  rest->length -= *size;
  return piece;
}

bool lvm_parse(lua_State *L, const char *text, size_t length, const char *chunk) {
  remaining rest = {text, length};
  return lua_load(L, read_piece, &rest, chunk, "t") == LUA_OK;
}

/// The frame of `load` holds its four arguments, then a table of the pieces that a reader gave. Context of its
/// continuation: the mark of the entry, and whether there is an environment.
enum { ENVIRONMENT = 4, PIECES = 5 };

static int fail(lua_State *L) {
  lua_pushnil(L);
  lua_insert(L, -2);
  return 2;
}

/// Parses the text on top of the stack.
static int parse(lua_State *L, const char *chunk, lua_KContext context) {
  const char *mode = luaL_optstring(L, 3, "t");
  size_t length;
  const char *text = lua_tolstring(L, -1, &length);
  if (chunk == NULL) chunk = text;
  if (strchr(mode, 't') == NULL && *text != LUA_SIGNATURE[0]) {
    lua_pushfstring(L, "attempt to load a text chunk (mode is '%s')", lua_tostring(L, 3));
    return fail(L);
  }
  if (!lvm_parse(L, text, length, chunk)) return lvm_passes(L, context / 2) ? lua_error(L) : fail(L);
  if (context % 2) {
    lua_pushvalue(L, ENVIRONMENT);
    if (!lua_setupvalue(L, -2, 1)) lua_pop(L, 1);
  }
  return 1;
}

/// Runs after each call of the reader, with what it gave on top, or its error.
static int read_on(lua_State *L, int status, lua_KContext context) {
  for (;;) {
    if (status != LUA_OK && status != LUA_YIELD) return lvm_passes(L, context / 2) ? lua_error(L) : fail(L);
    if (lua_isnil(L, -1) || (lua_type(L, -1) == LUA_TSTRING && lua_rawlen(L, -1) == 0)) break;
    if (!lua_isstring(L, -1)) {
      luaL_where(L, 1);
      lua_pushliteral(L, "reader function must return a string");
      lua_concat(L, 2);
      return fail(L);
    }
    lua_rawseti(L, PIECES, (lua_Integer)lua_rawlen(L, PIECES) + 1);
    lua_pushvalue(L, 1);
    status = lua_pcallk(L, 0, 1, 0, context, read_on);
  }
  lua_settop(L, PIECES);
  lua_pushcfunction(L, lvm_table_concat);
  lua_insert(L, PIECES);
  lua_call(L, 1, 1);
  return parse(L, luaL_optstring(L, 2, "=(load)"), context);
}

int lvm_base_load(lua_State *L) {
  lua_KContext context = (lua_KContext)lvm_mark(L) * 2 + !lua_isnone(L, ENVIRONMENT);
  if (!lua_isstring(L, 1)) luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, ENVIRONMENT);
  if (lua_isstring(L, 1)) {
    lua_pushvalue(L, 1);
    return parse(L, luaL_optstring(L, 2, NULL), context);
  }
  lua_newtable(L);
  lua_pushvalue(L, 1);
  int status = lua_pcallk(L, 0, 1, 0, context, read_on);
  return read_on(L, status, context);
}
