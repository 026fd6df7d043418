#include "coroutine/advance.h"

/// `lua_resume`, for which the thread inside is the one that the watchdog stops.
static int resume(lvm *vm, lua_State *L, lua_State *co, int count, int *results) {
  vm->running = co;
  if (vm->doom > DOOM_PREEMPTED || (vm->doom && lua_isyieldable(L)) || vm->is_over_cap) lvm_arm(co);
  else if (lua_gethook(co) != NULL) lvm_disarm(co);
  int status = lua_resume(co, L, count, results);
  vm->running = L;
  if (vm->doom || vm->is_over_cap) lvm_arm(L);
  return status;
}

int lvm_advance(lua_State *L, lua_State *co, int count) {
  lvm *vm = lvm_of(L);
  if (!lua_checkstack(co, count + 1)) {
    lua_pushliteral(L, "too many arguments to resume");
    return ADVANCE_FAILED;
  }
  int before = lua_status(co);
  if (before > LUA_YIELD || (before == LUA_OK && lua_gettop(co) == 0)) {
    lua_pushliteral(L, "cannot resume dead coroutine");
    return ADVANCE_FAILED;
  }
  lua_xmove(L, co, count);
  if (before == LUA_OK) count++;  // the first time, `lvm_body` gets the function too
  for (;;) {
    int results;
    int status = resume(vm, L, co, count, &results);
    bool waits = vm->request_thread != NULL;
    if (status == LUA_YIELD && (waits || vm->interrupted != NULL)) {
      // What was yielded are a request's arguments, which stay where they are until it is answered.
      if (lua_isyieldable(L)) {
        lvm_flag(co, THREAD_WAITS, true);
        return ADVANCE_BUBBLES;
      }
      if (!waits) {
        vm->interrupted = NULL;
        if (vm->doom == DOOM_PREEMPTED) {  // here it would do harm: it ends further out
          count = 0;
          continue;
        }
        // Nothing resumes it any more: the stop goes on from here.
        lvm_flag(co, THREAD_WAITS, true);
        lvm_accept_doom(L);
        lvm_disarm(L);
        lvm_raise_stop(L);
      }
      // The coroutine could wait, but what resumed it cannot.
      vm->request_thread = NULL;
      lua_pushboolean(co, 0);
      lvm_push_obstacle(L);
      lua_pushliteral(L, "a host function cannot wait here: ");
      lua_insert(L, -2);
      lua_concat(L, 2);
      lua_xmove(L, co, 1);
      count = 2;
      continue;
    }
    if (status == LUA_OK || status == LUA_YIELD) {
      if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        lua_pushliteral(L, "too many results to resume");
        return ADVANCE_FAILED;
      }
      lua_xmove(co, L, results);
      return results;
    }
    luaL_checkstack(L, 4, NULL);
    if (lua_status(co) <= LUA_YIELD) {  // it was not resumed: too deep
      lua_xmove(co, L, 1);
      if (before == LUA_OK) lua_settop(co, 0);
      return ADVANCE_FAILED;
    }
    lua_pushvalue(co, -1);  // stays there too: `close` reports it
    lua_xmove(co, L, 1);
    return ADVANCE_FAILED;
  }
}

lua_State *lvm_check_coroutine(lua_State *L) {
  lua_State *co = lua_tothread(L, 1);
  luaL_argexpected(L, co, 1, "thread");
  return co;
}

const char *lvm_refusal(lua_State *L, lua_State *co) {
  lua_Debug frame;
  bool runs = co == L || (lua_status(co) == LUA_OK && lua_getstack(co, 0, &frame));
  return runs || lvm_thread_is(co, THREAD_WAITS) ? "cannot resume non-suspended coroutine" : NULL;
}
