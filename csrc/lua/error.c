// Errors that name the operation, the argument and the user's line.
#include <stdarg.h>
#include <string.h>

#include "tl.h"

_Thread_local const char *tl_current_op;
_Thread_local const tl_op *tl_current;

static const char library_key = 0;  // registry: the prefix of the library's own chunk names

static bool in_library(const char *source, const char *prefix) {
  return prefix && strncmp(source, prefix, strlen(prefix)) == 0;
}

static const char *library_prefix(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &library_key);
  const char *prefix = lua_tostring(L, -1);  // the registry keeps it
  lua_pop(L, 1);
  return prefix;
}

bool tl_in_library(lua_State *L, const char *source) {
  return in_library(source, library_prefix(L));
}

// Pushes "file:line: " of the innermost Lua function outside the library, or "".
static void push_where(lua_State *L) {
  lua_Debug frame;
  const char *prefix = library_prefix(L);
  for (int level = 0; lua_getstack(L, level, &frame); level++) {
    lua_getinfo(L, "Sl", &frame);
    if (frame.currentline < 0 || in_library(frame.source, prefix)) continue;
    lua_pushfstring(L, "%s:%d: ", frame.short_src, frame.currentline);
    return;
  }
  lua_pushliteral(L, "");
}

static int raise(lua_State *L, const char *op, int arg, const char *name) {
  // the message is on top
  push_where(L);
  if (op) lua_pushfstring(L, "[%s] ", op);
  else lua_pushliteral(L, "");
  if (arg > 0 && name) lua_pushfstring(L, "argument %d '%s': ", arg, name);
  else if (arg > 0) lua_pushfstring(L, "argument %d: ", arg);
  else lua_pushliteral(L, "");
  lua_pushvalue(L, -4);
  lua_concat(L, 4);
  tl_current_op = NULL;  // the error leaves the operation: what fails next is not this one
  tl_current = NULL;
  return lua_error(L);
}

int tl_error(lua_State *L, const char *op, int arg, const char *name, const char *format, ...) {
  va_list args;
  va_start(args, format);
  lua_pushvfstring(L, format, args);
  va_end(args);
  return raise(L, op, arg, name);
}

int tl_status(lua_State *L, const char *op, tc_status status) {
  if (status == TC_OK) return 0;
  lua_pushstring(L, tc_message());
  return raise(L, op, 0, NULL);
}

// The name of an argument of the operation that runs, where `op` is its name.
static const char *argument_name(const char *op, int arg) {
  if (!op || !tl_current || arg < 1 || arg > tl_current->nargs) return NULL;
  return strcmp(op, tl_current->name) == 0 ? tl_current->arg[arg - 1].name : NULL;
}

// fail(op, argument or nil, format, ...): the argument is its place, or its name.
static int fail(lua_State *L) {
  const char *op = luaL_optstring(L, 1, NULL);
  const bool by_name = lua_type(L, 2) == LUA_TSTRING;
  const int arg = by_name ? 0 : (int)luaL_optinteger(L, 2, 0);
  lua_getglobal(L, "string");
  lua_getfield(L, -1, "format");
  lua_replace(L, -2);
  lua_insert(L, 3);
  lua_call(L, lua_gettop(L) - 3, 1);
  if (by_name) {
    lua_pushfstring(L, "argument '%s': ", lua_tostring(L, 2));
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return raise(L, op, arg, argument_name(op, arg));
}

// where(): "file:line" of the user's call.
static int where(lua_State *L) {
  push_where(L);
  size_t n;
  const char *text = lua_tolstring(L, -1, &n);
  lua_pushlstring(L, text, n > 2 ? n - 2 : 0);
  return 1;
}

static int set_library(lua_State *L) {
  luaL_checkstring(L, 1);
  lua_settop(L, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &library_key);
  return 0;
}

void tl_error_open(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"fail", fail}, {"where", where}, {"set_library", set_library}, {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
}
