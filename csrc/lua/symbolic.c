// Operations called on symbolic tensors (nn.Input): Lua notes the call instead of running it.
//
// A symbolic tensor is a table whose metatable has a field `__symbolic`. Until Lua sets a function to
// note calls with, operations do not look for any.
#include "tl.h"

static const char note_key = 0;  // registry: the function

static bool is_symbolic(lua_State *L, int index) {
  if (lua_type(L, index) != LUA_TTABLE) return false;
  if (luaL_getmetafield(L, index, "__symbolic") == LUA_TNIL) return false;
  lua_pop(L, 1);
  return true;
}

// Is one of the elements of a plain list symbolic?
static bool holds_symbolic(lua_State *L, int index) {
  if (lua_type(L, index) != LUA_TTABLE) return false;
  bool found = false;
  const int n = (int)lua_rawlen(L, index);
  for (int k = 1; k <= n && !found; k++) {
    lua_rawgeti(L, index, k);
    found = is_symbolic(L, -1);
    lua_pop(L, 1);
  }
  return found;
}

bool tl_any_symbolic(lua_State *L) {
  luaL_checkstack(L, 4, "arguments");
  for (int k = 1; k <= lua_gettop(L); k++)
    if (is_symbolic(L, k) || holds_symbolic(L, k)) return true;
  return false;
}

int tl_note_symbolic(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &note_key) == LUA_TNIL)
    return luaL_error(L, "symbolic tensors of another Lua state");
  lua_insert(L, 1);
  lua_pushvalue(L, lua_upvalueindex(TL_UP_DECL));
  lua_insert(L, 2);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

// set_symbolic(f): f(declaration, ...) is called for operations on symbolic tensors.
static int set_symbolic(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &note_key);
  tl_detours |= TL_SYMBOLIC;
  return 0;
}

void tl_symbolic_open(lua_State *L) {
  lua_pushcfunction(L, set_symbolic);
  lua_setfield(L, -2, "set_symbolic");
}
