// Autocast: while it is on, Lua replaces the arguments of an operation before they are read.
//
// Which operations want which dtype is Lua's affair (lua/tocha/autocast.lua).
#include "tl.h"

static const char cast_key = 0;  // registry: the function

// The arguments on the stack become what the function makes of them.
void tl_cast_arguments(lua_State *L) {
  luaL_checkstack(L, 4, "arguments");
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &cast_key) != LUA_TFUNCTION) {
    lua_pop(L, 1);  // another Lua state of this thread turned it on
    return;
  }
  lua_insert(L, 1);
  lua_pushvalue(L, lua_upvalueindex(TL_UP_DECL));
  lua_insert(L, 2);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
}

// set_autocast(f): f(declaration, ...) gives the arguments to call an operation with; nil turns it off.
static int set_autocast(lua_State *L) {
  lua_settop(L, 1);
  if (lua_isfunction(L, 1)) tl_detours |= TL_AUTOCAST;
  else tl_detours &= ~(unsigned)TL_AUTOCAST;
  lua_rawsetp(L, LUA_REGISTRYINDEX, &cast_key);
  return 0;
}

void tl_autocast_open(lua_State *L) {
  lua_pushcfunction(L, set_autocast);
  lua_setfield(L, -2, "set_autocast");
}
