// The state of math.random, which Lua gives no way to read: batches draw under seeds of their own, and
// the program's sequence must go on as if they had not.
#include <string.h>

#include "tl.h"

enum { STATE = 32 };  // bytes: four words of xoshiro256**

// Lua 5.4 keeps it in the first upvalue of math.random. NULL where that is not so.
static void *push_state(lua_State *L) {
  lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_getfield(L, -1, "math");
  if (!lua_istable(L, -1) || lua_getfield(L, -1, "random") != LUA_TFUNCTION ||
      !lua_iscfunction(L, -1) || !lua_getupvalue(L, -1, 1))
    lua_pushnil(L);
  return lua_type(L, -1) == LUA_TUSERDATA && lua_rawlen(L, -1) == STATE ? lua_touserdata(L, -1)
                                                                        : NULL;
}

// math_state(): a string, or nil where there is none; math_state(string): goes on from there.
static int math_state(lua_State *L) {
  size_t n = 0;
  const char *state = luaL_optlstring(L, 1, NULL, &n);
  void *place = push_state(L);
  if (!place) return 0;
  if (state && n != STATE) return tl_error(L, "math_state", 1, NULL, "this is not such a state");
  if (state) memcpy(place, state, STATE);
  lua_pushlstring(L, place, STATE);
  return 1;
}

void tl_random_open(lua_State *L) {
  lua_pushcfunction(L, math_state);
  lua_setfield(L, -2, "math_state");
}
