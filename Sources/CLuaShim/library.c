#include "own.h"

static const luaL_Reg base[] = {
    {"pcall", lvm_pcall}, {"xpcall", lvm_xpcall},     {"load", lvm_base_load},
    {"next", lvm_base_next},   {"pairs", lvm_base_pairs},       {"tostring", lvm_tostring},
    {"setmetatable", lvm_setmetatable}, {NULL, NULL}};
static const luaL_Reg coroutines[] = {
    {"create", lvm_coroutine_create},   {"resume", lvm_coroutine_resume}, {"wrap", lvm_coroutine_wrap},
    {"yield", lvm_coroutine_yield},     {"close", lvm_coroutine_close},   {"status", lvm_coroutine_status},
    {"running", lvm_coroutine_running}, {"isyieldable", lvm_coroutine_isyieldable}, {NULL, NULL}};
static const luaL_Reg strings[] = {
    {"find", lvm_string_find}, {"match", lvm_string_match}, {"gmatch", lvm_string_gmatch},
    {"gsub", lvm_string_gsub}, {"rep", lvm_string_rep}, {NULL, NULL}};
static const luaL_Reg tables[] = {
    {"concat", lvm_table_concat}, {"insert", lvm_table_insert}, {"move", lvm_table_move},
    {"remove", lvm_table_remove}, {"unpack", lvm_table_unpack}, {NULL, NULL}};

static void replace(lua_State *L, const char *table, const luaL_Reg *functions) {
  lua_getglobal(L, table);
  luaL_setfuncs(L, functions, 0);
  lua_pop(L, 1);
}

void lvm_open_own(lua_State *L) {
  lua_getglobal(L, LUA_STRLIBNAME);
  lua_getfield(L, -1, "format");
  lua_pushcclosure(L, lvm_string_format, 1);
  lua_setfield(L, -2, "format");
  lua_pop(L, 1);
  replace(L, LUA_GNAME, base);
  replace(L, LUA_COLIBNAME, coroutines);
  replace(L, LUA_STRLIBNAME, strings);
  replace(L, LUA_TABLIBNAME, tables);
  // sort.lua makes the rest of the function.
  lua_getglobal(L, LUA_TABLIBNAME);
  lua_pushcfunction(L, lvm_table_sort_bind);
  lua_setfield(L, -2, "sort");
  lua_pop(L, 1);
}

bool lvm_can_wait_below(lua_CFunction function) {
  return function == lvm_body || function == lvm_pcall || function == lvm_xpcall || function == lvm_call_wrapped ||
         function == lvm_base_load || function == lvm_base_pairs || function == lvm_tostring || function == lvm_print ||
         function == lvm_string_format || function == lvm_string_gsub || function == lvm_coroutine_resume ||
         function == lvm_coroutine_close ||
         function == lvm_table_sort || function == lvm_table_less;
}
