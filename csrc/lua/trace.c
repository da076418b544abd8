// Tracing: a function of Lua's is told of every operation, before and after it runs.
//
// What it returns before says how the operation runs: nil, and the operations that it is made of are
// told of too; true, and they are not; a function, and that is called in its place.
#include "tl.h"

static const char before_key = 0, after_key = 0;  // registry: the functions

// Calls the function at `key` with the operation's declaration and the n values from `first` on.
static void tell(lua_State *L, const char *key, int first, int n, int results) {
  tl_detours &= ~(unsigned)TL_TRACING;
  luaL_checkstack(L, n + 2, "arguments");
  lua_rawgetp(L, LUA_REGISTRYINDEX, key);
  lua_pushvalue(L, lua_upvalueindex(TL_UP_DECL));
  for (int k = 0; k < n; k++) lua_pushvalue(L, first + k);
  lua_call(L, n + 1, results);
  tl_detours |= TL_TRACING;
}

// The function on top takes the arguments at 1..nargs.
static int call_instead(lua_State *L, int nargs) {
  luaL_checkstack(L, nargs, "arguments");
  for (int k = 1; k <= nargs; k++) lua_pushvalue(L, k);
  lua_call(L, nargs, LUA_MULTRET);
  return lua_gettop(L) - nargs;
}

static int run_unseen(lua_State *L, const tl_op *op, tl_tensor **x, tl_run *run) {
  tl_detours &= ~(unsigned)TL_TRACING;
  const int results = run(L, op, x);
  tl_detours |= TL_TRACING;
  return results;
}

// An error leaves tracing as it is: who set the functions takes them away again.
int tl_trace(lua_State *L, const tl_op *op, tl_tensor **x, tl_run *run) {
  const int nargs = op->nargs;
  tell(L, &before_key, 1, nargs, 1);
  int results;
  if (lua_isfunction(L, -1)) {
    results = call_instead(L, nargs);
  } else {
    const bool unseen = lua_toboolean(L, -1);
    lua_pop(L, 1);
    results = unseen ? run_unseen(L, op, x, run) : run(L, op, x);
  }
  tell(L, &after_key, lua_gettop(L) - results + 1, results, 0);
  return results;
}

// set_tracing(before, after): before(declaration, arguments...), after(declaration, results...); nil
// ends it.
static int set_tracing(lua_State *L) {
  lua_settop(L, 2);
  if (lua_isfunction(L, 1)) tl_detours |= TL_TRACING;
  else tl_detours &= ~(unsigned)TL_TRACING;
  lua_rawsetp(L, LUA_REGISTRYINDEX, &after_key);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &before_key);
  return 0;
}

void tl_trace_open(lua_State *L) {
  lua_pushcfunction(L, set_tracing);
  lua_setfield(L, -2, "set_tracing");
}
