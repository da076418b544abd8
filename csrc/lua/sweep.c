// The inner loop of backward: which node is ready, its gradients, where they go.
//
// This is policy, and policy is Lua's; but it runs once for every node of every training step, and in
// a small network it was most of the step. What is rare (hooks, captured gradients, anomaly mode,
// lists of tensors, joint gradients, sums) goes back to autograd/sweep.lua, which holds the whole
// truth, and brings its gradients by the functions at the end.
#include <string.h>

#include "graph.h"
#include "tape.h"

// Where things are on the stack of `run`, and what they need of it on that of the functions for Lua.
enum { SELF = 1, ROOTS, SEEDS, WANTED, SLOW, STATE, GRADS, READY, NODE, G, FIRST };

static tl_sweep *sweep_at(lua_State *L) { return lua_touserdata(L, STATE); }
static tl_node *node_at(lua_State *L, int index) { return lua_touserdata(L, index); }

static bool has_field(lua_State *L, int index, const char *name) {
  const bool has = lua_getfield(L, index, name) != LUA_TNIL && lua_toboolean(L, -1);
  lua_pop(L, 1);
  return has;
}

// Functions in Lua may keep what they are given.
static void show(lua_State *L, int g) {
  tl_tensor *x = tl_to(L, g);
  if (x) x->unseen = false;
}

// The functions for Lua find the sweep in these fields.
static void publish(lua_State *L) {
  tl_sweep *s = sweep_at(L);
  if (s->published) return;
  s->published = true;
  lua_pushvalue(L, STATE);
  lua_setfield(L, SELF, "state");
  lua_pushvalue(L, GRADS);
  lua_setfield(L, SELF, "grads");
  lua_pushvalue(L, READY);
  lua_setfield(L, SELF, "ready");
}

static void slow(lua_State *L) {
  publish(L);
  show(L, G);
  lua_pushvalue(L, SLOW);
  lua_pushvalue(L, SELF);
  lua_pushvalue(L, NODE);
  lua_pushvalue(L, G);
  lua_call(L, 3, 0);
}

// ---- arrivals --------------------------------------------------------------------------------

// The gradient at `g` becomes the sum with the one that is there for the node at `edge`.
static void meet(lua_State *L, int edge, int g) {
  lua_getfield(L, SELF, "meet");
  lua_pushvalue(L, SELF);
  lua_pushvalue(L, edge);
  lua_rawgeti(L, GRADS, node_at(L, edge)->slot + 1);
  show(L, -1);
  show(L, g);
  lua_pushvalue(L, g);
  lua_call(L, 4, 1);
  lua_replace(L, g);
}

static void put_gradient(lua_State *L, const tl_node *n, int g) {
  lua_pushvalue(L, g);
  lua_rawseti(L, GRADS, n->slot + 1);
}

// One edge to the node at `edge` is done, with what is at `g`.
static void arrive(lua_State *L, int edge, int g) {
  tl_sweep *s = sweep_at(L);
  const tl_node *n = node_at(L, edge);
  if (lua_toboolean(L, g)) {
    if (s->count[n->slot].reached) meet(L, edge, g);
    s->count[n->slot].reached = true;
    put_gradient(L, n, g);
  }
  if (--s->count[n->slot].left > 0) return;
  lua_pushvalue(L, edge);
  lua_rawseti(L, READY, ++s->ready);
}

// ---- nodes -----------------------------------------------------------------------------------

static void run_leaf(lua_State *L) {
  lua_getiuservalue(L, NODE, TL_NODE_ARGS);
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

// Pushes what a gradient is computed from: g, the result, the arguments; nil for what may follow.
static void push_kept(lua_State *L, int nargs) {
  lua_pushvalue(L, G);
  for (int k = 0; k <= nargs; k++) lua_getiuservalue(L, NODE, TL_NODE_OUT + k);
  for (int k = 0; k < TC_PARAMS; k++) lua_pushnil(L);
}

// The fused kernel, where argument k has the shape and dtype of the result; false where it has not.
static bool run_fused(lua_State *L, const tl_node *n, int k) {
  const tl_tensor *g = tl_to(L, G), *x = n->ref[k].kept;
  if (x && (x->t.dtype != g->t.dtype || !tc_same_shape(&x->t, &g->t))) return false;
  if (n->op->identities & 1U << (k - 1)) {
    lua_pushvalue(L, G);
    show(L, G);  // others get it too
  } else {
    tl_derivative(L, n->op->id, k, g, FIRST);
    tl_to(L, -1)->unseen = true;
  }
  return true;
}

// Pushes the declaration's calls[k], which is brought to form when it is first asked for.
static int push_call(lua_State *L, int k) {
  lua_getiuservalue(L, NODE, TL_NODE_OP);
  if (lua_getfield(L, -1, "calls") != LUA_TTABLE) return LUA_TNIL;
  const int type = lua_rawgeti(L, -1, k);
  if (type != LUA_TSTRING) return type;
  lua_getfield(L, SELF, "read_call");
  lua_getiuservalue(L, NODE, TL_NODE_OP);
  lua_pushinteger(L, k);
  lua_call(L, 2, 1);
  return LUA_TUSERDATA;
}

static const tl_gradient *call_of(lua_State *L, const tl_op *op, int k) {
  if (op->looked_up & 1U << k) return op->call[k - 1];
  tl_op *known = (tl_op *)op;  // the declaration, which owns the operation, keeps the call
  known->call[k - 1] = push_call(L, k) == LUA_TUSERDATA ? lua_touserdata(L, -1) : NULL;
  known->looked_up |= 1U << k;
  return op->call[k - 1];
}

// A gradient that is a call of another operation: the kernel itself where it is one.
static void run_call(lua_State *L, const tl_gradient *call, int k) {
  const tl_op *op = call->op, *outer = tl_current;
  const char *outer_name = tl_current_op;
  const int base = lua_gettop(L);
  tl_tensor *x[TL_MAX_ARGS] = {NULL};
  for (int j = 0; j < call->n; j++) {
    lua_pushvalue(L, FIRST + call->from[j]);
    x[j] = tl_to(L, -1);
  }
  lua_settop(L, base + op->nargs);
  tl_current_op = op->name;
  tl_current = op;
  if (op->direct && tl_direct_run(L, op, base, x)) {
    tl_to(L, -1)->unseen = true;
  } else {
    show(L, G);
    push_call(L, k);
    lua_getiuservalue(L, -1, 1);
    for (int j = 1; j <= op->nargs; j++) lua_pushvalue(L, base + j);
    lua_call(L, op->nargs, 1);
  }
  tl_current_op = outer_name;
  tl_current = outer;
}

// Pushes the gradient for argument k, or what is none.
static void run_gradient(lua_State *L, const tl_node *n, int k) {
  const tl_op *op = n->op;
  if (op->kind <= TL_INPLACE && run_fused(L, n, k)) return;
  const tl_gradient *call = call_of(L, op, k);
  if (call) {
    run_call(L, call, k);
    return;
  }
  lua_getiuservalue(L, NODE, TL_NODE_OP);
  lua_getfield(L, -1, "grads");
  if (lua_rawgeti(L, -1, k) != LUA_TFUNCTION) return;
  show(L, G);
  for (int j = 0; j < op->nargs + 2; j++) lua_pushvalue(L, FIRST + j);
  lua_call(L, op->nargs + 2, 1);
}

// One gradient for each edge that somebody waits for.
static void run_gradients(lua_State *L, const tl_sweep *s, const tl_node *n) {
  push_kept(L, n->nargs);
  const int edge = lua_gettop(L) + 1;
  for (int k = 0; k < n->nargs; k++) {
    const tl_count *count = tl_counted(s, tl_edge(n, k));
    if (!count || count->left == 0) continue;
    lua_getiuservalue(L, NODE, TL_NODE_ARGS + n->nargs + k);
    run_gradient(L, n, k + 1);
    arrive(L, edge, lua_gettop(L));
    lua_settop(L, edge - 1);
  }
}

static void run_node(lua_State *L, const tl_sweep *s, bool plain, bool retain) {
  const tl_node *n = node_at(L, NODE);
  if (lua_isnil(L, G) || !plain || n->hooked) {
    slow(L);
  } else if (n->leaf) {
    run_leaf(L);
  } else if (!n->op || n->lists || !n->op->has_grads || !tl_node_unchanged(L, NODE)) {
    slow(L);
  } else {
    luaL_checkstack(L, 3 * n->nargs + 24, "gradients");
    run_gradients(L, s, n);
    if (!retain) tl_node_free(L, NODE);
  }
}

// ---- the whole sweep -------------------------------------------------------------------------

// The gradients that come from outside, at the roots. They belong to the caller: no leaf may take one
// as its own.
static void seed(lua_State *L, const tl_sweep *s) {
  const int n = (int)lua_rawlen(L, ROOTS);
  for (int k = 1; k <= n; k++) {
    lua_rawgeti(L, ROOTS, k);
    lua_rawgeti(L, SEEDS, k);
    tl_check(L, G)->kept = true;
    if (tl_counted(s, node_at(L, NODE))) arrive(L, NODE, G);
    lua_settop(L, READY);
  }
}

static void run_ready(lua_State *L, tl_sweep *s, bool retain) {
  const bool plain = !has_field(L, SELF, "capture") && !has_field(L, SELF, "anomaly") &&
                     !has_field(L, SELF, "create");
  const bool profiling = tl_detours & TL_PROFILING;
  while (s->ready > 0) {
    lua_rawgeti(L, READY, s->ready--);
    const int slot = node_at(L, NODE)->slot + 1;
    lua_rawgeti(L, GRADS, slot);
    lua_pushnil(L);
    lua_rawseti(L, GRADS, slot);
    const int event = profiling ? tl_profile_node(L, NODE, __builtin_frame_address(0)) : 0;
    run_node(L, s, plain, retain);
    if (event) tl_profile_leave(event);
    lua_settop(L, READY);
  }
}

// Does the innermost sweep that runs free its nodes as it goes?
static _Thread_local bool frees;

// On the stack up to the state: until no node is ready.
static int run(lua_State *L) {
  tl_sweep *s = sweep_at(L);
  const bool retain = has_field(L, SELF, "retain");
  frees = !retain;
  tl_count_consumers(L, s, ROOTS, WANTED);
  lua_createtable(L, s->nodes, 0);
  lua_createtable(L, s->nodes, 0);
  seed(L, s);
  run_ready(L, s, retain);
  if (!retain) tl_swept(L);
  return 0;
}

// sweep(self, roots, seeds, wanted or nil, slow, caught): caught(message) sees where an error arose.
static int sweep(lua_State *L) {
  tl_sweep s;
  lua_settop(L, 6);
  lua_insert(L, 1);
  lua_pushcfunction(L, run);
  lua_insert(L, 2);
  const bool outer = frees;
  tl_begin_sweep(&s);
  lua_pushlightuserdata(L, &s);
  const int status = lua_pcall(L, STATE, 0, 1);
  tl_end_sweep(&s);
  frees = outer;
  return status == LUA_OK ? 0 : lua_error(L);
}

// ---- for Lua ---------------------------------------------------------------------------------

static void replace_by_field(lua_State *L, int index, const char *name) {
  lua_getfield(L, SELF, name);
  lua_replace(L, index);
}

// The arguments self, node, g become what `run` has on its stack; NULL where the node is none of its.
static tl_count *enter(lua_State *L) {
  lua_settop(L, READY);
  replace_by_field(L, STATE, "state");
  replace_by_field(L, GRADS, "grads");
  replace_by_field(L, READY, "ready");
  if (!sweep_at(L)) luaL_error(L, "no sweep is running");
  lua_pushvalue(L, ROOTS);
  lua_pushvalue(L, SEEDS);
  return tl_counted(sweep_at(L), tl_to_node(L, NODE));
}

// arrive(self, node, g or nothing): one edge to the node is done.
static int arrive_at(lua_State *L) {
  const tl_count *count = enter(L);
  if (count && count->left > 0) arrive(L, NODE, G);
  return 0;
}

// frees_graph(): will the nodes of the sweep that runs never be asked again?
static int frees_graph(lua_State *L) {
  lua_pushboolean(L, frees);
  return 1;
}

// awaits(self, node): does the node take part in the sweep?
static int awaits(lua_State *L) {
  lua_pushboolean(L, enter(L) != NULL);
  return 1;
}

// gathered(self, node, list or nil): what has arrived at the node so far, which `list` replaces.
static int gathered(lua_State *L) {
  tl_count *count = enter(L);
  if (!count) return 0;
  lua_rawgeti(L, GRADS, node_at(L, NODE)->slot + 1);
  if (lua_isnil(L, G)) return 1;
  count->reached = true;
  put_gradient(L, node_at(L, NODE), G);
  return 1;
}

void tl_sweep_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"sweep", sweep},       {"arrive", arrive_at},
                                       {"awaits", awaits},     {"frees_graph", frees_graph},
                                       {"gathered", gathered}, {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
}
