// The inner loop of backward: which node is ready, its gradients, where they go.
//
// This is policy, and policy is Lua's; but it runs once for every node of every training step, and in
// a small network it was most of the step. What is rare (hooks, captured gradients, anomaly mode,
// lists of tensors, joint gradients, sums) goes back to autograd.lua, which holds the whole truth:
// its tables `pending` and `grads` (by node) and the list `ready` (its length in ready[1], then the nodes) are used
// by both sides.
#include <string.h>

#include "graph.h"

// Where things are on the stack of `run`.
enum { SELF = 1, PENDING, GRADS, READY, SLOW, ACCUMULATE, NODE, G, OP };
enum { ROOTS = ACCUMULATE + 1, SEEDS };  // before the first node

static bool has_field(lua_State *L, int index, const char *name) {
  const bool has = lua_getfield(L, index, name) != LUA_TNIL && lua_toboolean(L, -1);
  lua_pop(L, 1);
  return has;
}

static lua_Integer get_ready(lua_State *L) {
  lua_rawgeti(L, READY, 1);
  const lua_Integer top = lua_tointeger(L, -1);
  lua_pop(L, 1);
  return top;
}

static void set_ready(lua_State *L, lua_Integer top) {
  lua_pushinteger(L, top);
  lua_rawseti(L, READY, 1);
}

// Functions in Lua may keep what they are given.
static void show(lua_State *L, int g) {
  tl_tensor *x = tl_to(L, g);
  if (x) x->unseen = false;
}

static void slow(lua_State *L) {
  show(L, G);
  lua_pushvalue(L, SLOW);
  lua_pushvalue(L, SELF);
  lua_pushvalue(L, NODE);
  lua_pushvalue(L, G);
  lua_call(L, 3, 0);
}

// ---- arrivals --------------------------------------------------------------------------------

// The gradient at `g` meets what is there for the node at `edge`.
static void add_gradient(lua_State *L, int edge, int g) {
  lua_pushvalue(L, edge);
  if (lua_rawget(L, GRADS) != LUA_TNIL) {
    show(L, -1);
    show(L, g);
    lua_getfield(L, SELF, "meet");
    lua_insert(L, -2);
    lua_pushvalue(L, SELF);
    lua_insert(L, -2);
    lua_pushvalue(L, edge);
    lua_insert(L, -2);
    lua_pushvalue(L, g);
    lua_call(L, 4, 1);
  } else {
    lua_pop(L, 1);
    lua_pushvalue(L, g);
  }
  lua_pushvalue(L, edge);
  lua_insert(L, -2);
  lua_rawset(L, GRADS);
}

// One edge to the node at `edge` is done, with what is at `g`. `left` edges were waited for.
static void arrive(lua_State *L, int edge, int g, lua_Integer left) {
  if (lua_toboolean(L, g)) add_gradient(L, edge, g);
  if (left == 1) {
    const lua_Integer top = get_ready(L) + 1;
    lua_pushvalue(L, edge);
    lua_rawseti(L, READY, top + 1);
    set_ready(L, top);
    return;
  }
  lua_pushvalue(L, edge);
  lua_pushinteger(L, left - 1);
  lua_rawset(L, PENDING);
}

// ---- nodes -----------------------------------------------------------------------------------

static void run_leaf(lua_State *L) {
  lua_rawgeti(L, NODE, TL_NODE_ARGS);
  const int x = lua_gettop(L);
  tl_tensor *g = tl_to(L, G);
  if (!tl_to(L, x) || lua_getiuservalue(L, x, TL_GRAD) != LUA_TNIL || !g || !tl_is_own(g)) {
    slow(L);
    return;
  }
  g->kept = true;
  tl_grad_used(L, x, true);
  lua_pushvalue(L, G);
  lua_setiuservalue(L, x, TL_GRAD);
}

static void release(lua_State *L, int nargs) {
  lua_pushnil(L);
  lua_rawseti(L, NODE, TL_NODE_VERSIONS);
  for (int k = TL_NODE_OUT; k <= TL_NODE_OUT + nargs; k++) {
    lua_pushboolean(L, false);
    lua_rawseti(L, NODE, k);
  }
}

// Pushes what a gradient is computed from: g, the result, the arguments; nil for what may follow.
static int push_kept(lua_State *L, int nargs) {
  const int first = lua_gettop(L) + 1;
  lua_pushvalue(L, G);
  for (int j = TL_NODE_OUT; j <= TL_NODE_OUT + nargs; j++) lua_rawgeti(L, NODE, j);
  for (int j = 0; j < TC_PARAMS; j++) lua_pushnil(L);
  return first;
}

// The fused kernel, where argument k has the shape and dtype of the result; false where it has not.
static bool run_fused(lua_State *L, const tl_op *op, int k, int first) {
  const tl_tensor *g = tl_to(L, G), *x = tl_to(L, first + 1 + k);
  if (x && (x->t.dtype != g->t.dtype || !tc_same_shape(&x->t, &g->t))) return false;
  if (op->identities & 1U << (k - 1)) {
    lua_pushvalue(L, G);
    show(L, G);  // others get it too
  } else {
    tl_derivative(L, op->id, k, g, first);
    tl_to(L, -1)->unseen = true;
  }
  return true;
}

// A gradient that is a call of another operation: the kernel itself where it is one.
static void run_call(lua_State *L, int gradient, int first) {
  const tl_gradient *call = lua_touserdata(L, gradient);
  const tl_op *op = call->op, *outer = tl_current;
  const char *outer_name = tl_current_op;
  lua_getiuservalue(L, gradient, 1);
  const int base = lua_gettop(L);
  tl_tensor *x[TL_MAX_ARGS] = {NULL};
  for (int k = 0; k < call->n; k++) {
    lua_pushvalue(L, first + call->from[k]);
    x[k] = tl_to(L, -1);
  }
  lua_settop(L, base + op->nargs);
  tl_current_op = op->name;
  tl_current = op;
  if (op->direct && tl_direct_run(L, op, base, x)) {
    tl_to(L, -1)->unseen = true;
  } else {
    show(L, G);
    lua_call(L, op->nargs, 1);
  }
  tl_current_op = outer_name;
  tl_current = outer;
}

// Pushes op.calls[k], brought to form when it is first asked for; false where there is none.
static bool push_call(lua_State *L, int calls, int k) {
  const int type = lua_istable(L, calls) ? lua_rawgeti(L, calls, k) : LUA_TNIL;
  if (type == LUA_TUSERDATA) return true;
  if (type != LUA_TSTRING) return false;
  lua_getfield(L, SELF, "read_call");
  lua_pushvalue(L, OP);
  lua_pushinteger(L, k);
  lua_call(L, 2, 1);
  return true;
}

// Pushes the gradient for argument k; `first` is where what it is computed from lies.
static void run_gradient(lua_State *L, const tl_op *op, int k, int first) {
  if (op->kind <= TL_INPLACE && run_fused(L, op, k, first)) return;
  lua_getiuservalue(L, OP + 1, TL_OP_CALLS);
  if (push_call(L, lua_gettop(L), k)) {
    run_call(L, lua_gettop(L), first);
    return;
  }
  lua_getfield(L, OP, "grads");
  if (lua_rawgeti(L, -1, k) == LUA_TFUNCTION) {
    show(L, G);
    for (int j = 0; j < op->nargs + 2; j++) lua_pushvalue(L, first + j);
    lua_call(L, op->nargs + 2, 1);
  }
}

// One gradient for each edge that somebody waits for.
static void run_gradients(lua_State *L, const tl_op *op) {
  const int nargs = op->nargs, first = push_kept(L, nargs), edge = lua_gettop(L) + 1;
  for (int k = 0; k < nargs; k++) {
    if (lua_rawgeti(L, NODE, TL_NODE_ARGS + nargs + k) == LUA_TTABLE) {
      lua_pushvalue(L, edge);
      lua_rawget(L, PENDING);
      const lua_Integer left = lua_tointeger(L, -1);
      if (left > 0) {
        run_gradient(L, op, k + 1, first);
        arrive(L, edge, lua_gettop(L), left);
      }
    }
    lua_settop(L, edge - 1);
  }
}

static void run_operation(lua_State *L, bool retain) {
  lua_rawgeti(L, OP, 1);
  const tl_op *op = lua_touserdata(L, -1);
  if (!op || op->has_lists || !op->has_grads || !tl_unchanged(L, NODE, op->nargs)) {
    slow(L);
    return;
  }
  luaL_checkstack(L, 3 * op->nargs + 24, "gradients");
  run_gradients(L, op);
  if (!retain) release(L, op->nargs);
}

static void run_node(lua_State *L, bool plain, bool retain) {
  if (!plain || has_field(L, NODE, "hooks")) {
    slow(L);
    return;
  }
  lua_rawgeti(L, NODE, TL_NODE_OP);
  if (lua_rawequal(L, OP, ACCUMULATE)) run_leaf(L);
  else run_operation(L, retain);
}

// ---- the whole sweep -------------------------------------------------------------------------

// The gradients that come from outside, at the roots.
static void seed(lua_State *L) {
  const int n = (int)lua_rawlen(L, ROOTS);
  for (int k = 1; k <= n; k++) {
    lua_rawgeti(L, ROOTS, k);
    lua_rawgeti(L, SEEDS, k);
    lua_pushvalue(L, SEEDS + 1);
    if (lua_rawget(L, PENDING) == LUA_TNUMBER)
      arrive(L, SEEDS + 1, SEEDS + 2, lua_tointeger(L, SEEDS + 3));
    lua_settop(L, SEEDS);
  }
}

// On the stack as the enumeration has it: until no node is ready.
static int run(lua_State *L) {
  const bool retain = has_field(L, SELF, "retain");
  const bool plain = !has_field(L, SELF, "capture") && !has_field(L, SELF, "anomaly") &&
                     !has_field(L, SELF, "create");
  const bool profiling = tl_detours & TL_PROFILING;
  seed(L);
  lua_settop(L, ACCUMULATE);
  for (lua_Integer top = get_ready(L); top > 0; top = get_ready(L)) {
    lua_rawgeti(L, READY, top + 1);
    set_ready(L, top - 1);
    lua_pushvalue(L, NODE);
    lua_rawget(L, GRADS);
    lua_pushvalue(L, NODE);
    lua_pushnil(L);
    lua_rawset(L, GRADS);
    const int event = profiling ? tl_profile_node(L, NODE, __builtin_frame_address(0)) : 0;
    if (lua_isnil(L, G)) slow(L);
    else run_node(L, plain, retain);
    if (event) tl_profile_leave(event);
    lua_settop(L, ACCUMULATE);
  }
  if (!retain) tl_swept(L);
  return 0;
}

// Seeds belong to the caller: no leaf may take one as its own.
static void keep_seeds(lua_State *L, int seeds) {
  const int n = (int)lua_rawlen(L, seeds);
  for (int k = 1; k <= n; k++) {
    lua_rawgeti(L, seeds, k);
    tl_check(L, -1)->kept = true;
    lua_pop(L, 1);
  }
}

// Makes the tables of a sweep, fields of self at 1, from the roots at 2.
static void push_tables(lua_State *L) {
  enum { FEW = 8 };
  static const char *const names[] = {"pending", "grads", "ready"};
  const int first = lua_gettop(L) + 1;
  lua_pushcfunction(L, tl_consumers);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 4);
  lua_call(L, 2, 1);
  tl_push_nodes(L);
  lua_createtable(L, FEW, 0);
  lua_pushinteger(L, 0);
  lua_rawseti(L, -2, 1);
  for (int k = 0; k < 3; k++) {
    lua_pushvalue(L, first + k);
    lua_setfield(L, 1, names[k]);
  }
}

// sweep(self, roots, seeds, needed or nil, slow, accumulate)
static int sweep(lua_State *L) {
  lua_settop(L, 6);
  keep_seeds(L, 3);
  lua_pushcfunction(L, run);
  lua_pushvalue(L, 1);
  push_tables(L);
  lua_pushvalue(L, 5);
  lua_pushvalue(L, 6);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 3);
  lua_call(L, SEEDS, 0);
  return 0;
}

void tl_sweep_open(lua_State *L) {
  lua_pushcfunction(L, sweep);
  lua_setfield(L, -2, "sweep");
}
