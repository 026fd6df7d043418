#include "internal.h"

// coroutine.resume, wrap, yield, close, running and isyieldable: a host function called inside a coroutine travels
// outwards, level by level, until the task itself waits; the answer travels back the same way.

/// Registry key of the weak set of threads that scripts cannot resume: those of tasks, and coroutines inside which a
/// host function waits.
static const char WAITING;

/// Pushes the set and the thread.
static void push_set_and(lua_State *L, lua_State *thread) {
  luaL_checkstack(L, 4, "too many values");
  luaL_argcheck(L, lua_checkstack(thread, 1), 1, "too many values in the coroutine");
  lua_rawgetp(L, LUA_REGISTRYINDEX, &WAITING);
  lua_pushthread(thread);
  lua_xmove(thread, L, 1);
}

void lvm_mark_waiting(lua_State *L, lua_State *thread, bool waits) {
  push_set_and(L, thread);
  if (waits) lua_pushboolean(L, 1); else lua_pushnil(L);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

static bool is_waiting(lua_State *L, lua_State *thread) {
  if (thread == lvm_of(L)->main) return true;
  push_set_and(L, thread);
  lua_rawget(L, -2);
  bool waits = lua_toboolean(L, -1);
  lua_pop(L, 2);
  return waits;
}

static lua_State *check_coroutine(lua_State *L) {
  lua_State *co = lua_tothread(L, 1);
  luaL_argexpected(L, co, 1, "coroutine");
  return co;
}

/// Outcomes of `advance`.
enum { FAILED = -1, BUBBLES = -2 };

/// Resumes `co` with the top `count` values of `L`. Returns the number of values it gave, now on top of `L`; `FAILED`
/// with the error on top; or `BUBBLES`: a host function waits inside, and `L` has to yield in its turn.
static int advance(lua_State *L, lua_State *co, int count, int *held) {
  lvm *vm = lvm_of(L);
  if (!lua_checkstack(co, count)) {
    lua_pushliteral(L, "too many arguments to resume");
    return FAILED;
  }
  if (lua_status(co) == LUA_OK && lua_gettop(co) == 0) {
    lua_pushliteral(L, "cannot resume dead coroutine");
    return FAILED;
  }
  lua_xmove(L, co, count);
  for (;;) {
    int results;
    int status = lua_resume(co, L, count, &results);
    if (status == LUA_YIELD && vm->request_thread != NULL) {
      if (lua_isyieldable(L)) {
        *held = results;
        return BUBBLES;
      }
      // The coroutine could wait, but what resumed it cannot.
      vm->request_thread = NULL;
      lua_pop(co, results);
      lua_pushboolean(co, 0);
      lua_pushliteral(co, "a host function cannot wait here: its coroutine is resumed from inside a function of the "
                          "library or a metamethod that has to finish first");
      count = 2;
      continue;
    }
    if (status == LUA_OK || status == LUA_YIELD) {
      if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        lua_pushliteral(L, "too many results to resume");
        return FAILED;
      }
      lua_xmove(co, L, results);
      return results;
    }
    lua_xmove(co, L, 1);
    return FAILED;
  }
}

/// Why a script cannot resume the coroutine; NULL if it can, or if Lua itself says so.
static const char *refusal(lua_State *L, lua_State *co) {
  lua_Debug frame;
  bool runs = co == L || (lua_status(co) == LUA_OK && lua_getstack(co, 0, &frame));
  return runs || is_waiting(L, co) ? "cannot resume non-suspended coroutine" : NULL;
}

static int finish_resume(lua_State *L, int status, lua_KContext held);

static int resume_results(lua_State *L, lua_State *co, int results, int held) {
  if (results == BUBBLES) {
    lvm_mark_waiting(L, co, true);
    return lua_yieldk(L, 0, held, finish_resume);
  }
  if (results == FAILED) {
    if (lvm_of(L)->stopping) return lua_error(L);
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    return 2;
  }
  lua_pushboolean(L, 1);
  lua_insert(L, -(results + 1));
  return results + 1;
}

static int finish_resume(lua_State *L, int status, lua_KContext held) {
  (void)status;
  lua_State *co = lua_tothread(L, 1);
  lvm_mark_waiting(L, co, false);
  lua_pop(co, (int)held);
  int again = 0;
  int results = advance(L, co, lua_gettop(L) - 1, &again);
  return resume_results(L, co, results, again);
}

static int own_resume(lua_State *L) {
  lua_State *co = check_coroutine(L);
  const char *why = refusal(L, co);
  if (why != NULL) {
    lua_pushboolean(L, 0);
    lua_pushstring(L, why);
    return 2;
  }
  int held = 0;
  int results = advance(L, co, lua_gettop(L) - 1, &held);
  return resume_results(L, co, results, held);
}

static int finish_wrap(lua_State *L, int status, lua_KContext held);

static int wrap_results(lua_State *L, lua_State *co, int results, int held) {
  if (results == BUBBLES) {
    lvm_mark_waiting(L, co, true);
    return lua_yieldk(L, 0, held, finish_wrap);
  }
  if (results != FAILED) return results;
  int status = lua_status(co);
  if (status != LUA_OK && status != LUA_YIELD) {
    // As the library does: close its variables, whose errors take the place of this one. The reset expects the error
    // on the coroutine's stack, and leaves the last one there.
    lua_xmove(L, co, 1);
    lua_resetthread(co);
    lua_xmove(co, L, 1);
  }
  if (!lvm_of(L)->stopping && lua_type(L, -1) == LUA_TSTRING) {
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

static int finish_wrap(lua_State *L, int status, lua_KContext held) {
  (void)status;
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  lvm_mark_waiting(L, co, false);
  lua_pop(co, (int)held);
  int again = 0;
  int results = advance(L, co, lua_gettop(L), &again);
  return wrap_results(L, co, results, again);
}

static int call_wrapped(lua_State *L) {
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  const char *why = refusal(L, co);
  if (why != NULL) return luaL_error(L, "%s", why);
  int held = 0;
  int results = advance(L, co, lua_gettop(L), &held);
  return wrap_results(L, co, results, held);
}

static int own_wrap(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  lua_pushcclosure(L, call_wrapped, 1);
  return 1;
}

static int own_yield(lua_State *L) {
  if (L == lvm_of(L)->task) return luaL_error(L, "attempt to yield from outside a coroutine");
  return lua_yield(L, lua_gettop(L));
}

static int own_running(lua_State *L) {
  lua_pushthread(L);
  lua_pushboolean(L, L == lvm_of(L)->task);
  return 2;
}

static int own_isyieldable(lua_State *L) {
  lua_State *co = lua_isnone(L, 1) ? L : check_coroutine(L);
  lua_pushboolean(L, co != lvm_of(L)->task && lua_isyieldable(co));
  return 1;
}

/// The library's function in upvalue 1, called with the same arguments.
static int call_original(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

static int own_close(lua_State *L) {
  if (is_waiting(L, check_coroutine(L))) return luaL_error(L, "cannot close a coroutine that waits for a host function");
  return call_original(L);
}

static int own_status(lua_State *L) {
  lua_State *co = check_coroutine(L);
  if (co == L || !is_waiting(L, co)) return call_original(L);
  lua_pushliteral(L, "normal");
  return 1;
}

void lvm_open_coroutines(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"resume", own_resume},   {"wrap", own_wrap},
      {"yield", own_yield},     {"running", own_running},
      {"isyieldable", own_isyieldable}, {NULL, NULL}};
  lua_getglobal(L, LUA_COLIBNAME);
  luaL_setfuncs(L, functions, 0);
  lua_getfield(L, -1, "close");
  lua_pushcclosure(L, own_close, 1);
  lua_setfield(L, -2, "close");
  lua_getfield(L, -1, "status");
  lua_pushcclosure(L, own_status, 1);
  lua_setfield(L, -2, "status");
  lua_pop(L, 1);

  lua_newtable(L);
  lua_newtable(L);
  lua_pushliteral(L, "k");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &WAITING);
}
