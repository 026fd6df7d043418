#include <stdio.h>
#include <string.h>

#include "internal.h"

/// Registry key of the weak table from threads to the tracebacks of the errors that end them.
static const char TRACEBACKS;

static void push_tracebacks_and(lua_State *L, lua_State *thread) {
  luaL_checkstack(L, 4, NULL);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &TRACEBACKS);
  lua_pushthread(thread);
  lua_xmove(thread, L, 1);
}

void lvm_take_traceback(lua_State *L, lua_State *thread) {
  push_tracebacks_and(L, thread);
  lua_pushvalue(L, -1);
  lua_rawget(L, -3);
  lua_insert(L, -3);  // traceback, table, thread
  lua_pushnil(L);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

void lvm_record_traceback(lua_State *L, int level) {
  lvm *vm = lvm_of(L);
  if (!lua_checkstack(L, LUA_MINSTACK)) return;
  int top = lua_gettop(L);
  push_tracebacks_and(L, L);
  // Its first line is the place where the error was raised. An error that comes out of a coroutine has that of the
  // coroutine, and its calls first.
  const char *inner = "", *header = "stack traceback:";
  if (vm->inherits_traceback == L) {
    vm->inherits_traceback = NULL;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &vm->inherits_traceback);
    inner = lua_tostring(L, -1);
  } else {
    lua_pushnil(L);
  }
  char source[LUA_IDSIZE];
  bool has_place = *inner != '\0' && *inner != '0';
  int line = has_place ? 0 : lvm_line(L, source, sizeof source);
  luaL_traceback(L, L, NULL, level);
  const char *outer = lua_tostring(L, -1) + (*inner == '\0' ? 0 : strlen(header));
  if (has_place) lua_pushfstring(L, "%s%s", inner, outer);
  else if (*inner != '\0') lua_pushfstring(L, "%d:%s%s%s", line, line > 0 ? source : "", strchr(inner, '\n'), outer);
  else lua_pushfstring(L, "%d:%s\n%s", line, line > 0 ? source : "", outer);
  lua_replace(L, -3);
  lua_pop(L, 1);
  lua_rawset(L, -3);
  lua_settop(L, top);
}

/// The message handler of bodies: the stack is still as it was when the error was raised.
static int record(lua_State *L) {
  lua_settop(L, 1);
  if (lvm_of(L)->stop_level == 0 && !lvm_thread_is(L, THREAD_CLOSES)) lvm_record_traceback(L, 1);
  return 1;
}

/// The frame holds the handler, then what the body returned, or its error.
static int finish(lua_State *L, int status, lua_KContext context) {
  (void)context;
  if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - 1;
  if (lvm_is_memory_error(L, status)) lvm_of(L)->out_of_memory = true;
  return lua_error(L);
}

int lvm_body(lua_State *L) {
  lua_pushcfunction(L, record);
  lua_insert(L, 1);
  int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 1, 0, finish);
  return finish(L, status, 0);
}

void lvm_inherit_traceback(lua_State *L, lua_State *from) {
  lvm *vm = lvm_of(L);
  lvm_take_traceback(L, from);
  if (lua_isstring(L, -1)) {
    lua_rawsetp(L, LUA_REGISTRYINDEX, &vm->inherits_traceback);
    vm->inherits_traceback = L;
  } else {
    lua_pop(L, 1);
  }
}

static int take(lua_State *L) {
  lvm_take_traceback(L, lua_touserdata(L, -1));
  return 1;
}

bool lvm_push_traceback(lvm *vm, lua_State *thread) { return lvm_protect(vm->main, take, thread, 0, 1); }

static int current(lua_State *L) {
  luaL_traceback(L, lua_touserdata(L, -1), NULL, 0);
  return 1;
}

bool lvm_push_current_traceback(lvm *vm, lua_State *thread) { return lvm_protect(vm->main, current, thread, 0, 1); }

void lvm_open_traceback(lua_State *L) {
  lvm_push_weak_table(L, "k");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &TRACEBACKS);
}

int lvm_line(lua_State *L, char *source, size_t size) {
  lua_Debug frame;
  for (int level = 0; lua_getstack(L, level, &frame); level++) {
    // Chunks of the host are called "=name": their lines say nothing to a script's author.
    if (lua_getinfo(L, "Sl", &frame) && frame.currentline > 0 && frame.source[0] != '=') {
      snprintf(source, size, "%s", frame.short_src);
      return frame.currentline;
    }
  }
  return 0;
}

void lvm_note_place(lvm *vm, lua_State *L) {
  vm->place_line = lvm_line(L, vm->place_source, sizeof vm->place_source);
}

int lvm_limit_line(lvm *vm, const char **source) {
  *source = vm->place_source;
  return vm->place_line;
}
