// The tape: what a call leaves behind for its gradient. The sweep itself is in autograd.lua.
#include <stdlib.h>
#include <string.h>

#include "tape.h"

_Thread_local bool tl_grad_enabled = true, tl_tracing;

// Lua functions and declarations that the tape needs, kept in one registry table.
static const char tape_key = 0;

void tl_set_tape(lua_State *L) { lua_rawsetp(L, LUA_REGISTRYINDEX, &tape_key); }

void tl_push_tape(lua_State *L, const char *name) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &tape_key);
  if (!name) return;
  lua_getfield(L, -1, name);
  lua_replace(L, -2);
}

static bool list_wants_grad(lua_State *L, int index) {
  const int n = (int)lua_rawlen(L, index);
  bool wants = false;
  for (int j = 1; j <= n && !wants; j++) {
    lua_rawgeti(L, index, j);
    const tl_tensor *x = tl_to(L, -1);
    wants = x && x->requires_grad;
    lua_pop(L, 1);
  }
  return wants;
}

bool tl_wants_grad(lua_State *L, const tl_op *op, tl_tensor *const *x) {
  if (!tl_grad_enabled) return false;
  for (int k = 0; k < op->nargs; k++)
    if (x[k] && x[k]->requires_grad) return true;
  for (int k = 1; op->may_hold_lists && k <= op->nargs; k++)
    if (lua_type(L, k) == LUA_TTABLE && list_wants_grad(L, k)) return true;
  return false;
}

// ---- what a node keeps -----------------------------------------------------------------------

// Pushes a tensor without values: shape, dtype, device, nothing else.
void tl_push_ghost(lua_State *L, const tl_tensor *x) {
  tl_tensor *ghost = tl_push(L);
  ghost->t = x->t;
  ghost->ghost_of = tl_device(x);
  ghost->t.storage = NULL;
  ghost->t.offset = 0;
}

static lua_Integer keep(lua_State *L, tl_tensor *x, int index) {
  lua_pushvalue(L, index);
  if (!x->t.storage) return 0;
  x->t.storage->watched = true;
  return x->t.storage->version;
}

static bool like_result(const tl_tensor *x, const tl_tensor *y) {
  return x->t.dtype == y->t.dtype && tc_same_shape(&x->t, &y->t);
}

// A list of tensors is copied, so that the caller may change his.
static lua_Integer keep_list(lua_State *L, int index, bool values) {
  lua_Integer versions = 0;
  const int n = (int)lua_rawlen(L, index);
  lua_createtable(L, n, 0);
  for (int j = 1; j <= n; j++) {
    lua_rawgeti(L, index, j);
    tl_tensor *x = tl_to(L, -1);
    if (x && values) versions += keep(L, x, lua_gettop(L));
    else if (x) tl_push_ghost(L, x);
    else lua_pushvalue(L, -1);
    lua_rawseti(L, -3, j);
    lua_pop(L, 1);
  }
  return versions;
}

// Pushes what the node keeps of argument k.
static lua_Integer keep_arg(lua_State *L, const tl_op *op, int k, tl_tensor *x,
                            const tl_tensor *result, uint32_t saves) {
  const bool values = saves & 1U << (k - 1);
  if (!x && lua_type(L, k) == LUA_TTABLE) return keep_list(L, k, values);
  if (!x || values) {
    if (x) return keep(L, x, k);
    lua_pushvalue(L, k);
    return 0;
  }
  if (op->kind <= TL_INPLACE && result && like_result(x, result)) lua_pushnil(L);
  else tl_push_ghost(L, x);
  return 0;
}

static lua_Integer keep_out(lua_State *L, const tl_op *op, int out, int n, uint32_t saves) {
  const bool values = saves & TL_SAVES_OUT;
  if ((op->kind <= TL_INPLACE && !values) || op->ignores_result) {
    lua_pushnil(L);
    return 0;
  }
  if (n == 1) {
    tl_tensor *y = tl_to(L, out);
    if (y && values) return keep(L, y, out);
    if (y) tl_push_ghost(L, y);
    else lua_pushnil(L);
    return 0;
  }
  lua_createtable(L, n, 0);
  for (int j = 1; j <= n; j++) {
    lua_pushvalue(L, out + j - 1);
    lua_rawseti(L, -2, j);
  }
  const lua_Integer versions = keep_list(L, lua_gettop(L), values);
  lua_replace(L, -2);
  return versions;
}

// A view whose base was changed in place since has the history of the base now.
void tl_push_node(lua_State *L, int index) {
  tl_tensor *x = tl_to(L, index);
  if (x->is_view && x->t.storage && x->view_version != x->t.storage->version) {
    tl_push_tape(L, "refresh_view");
    lua_pushvalue(L, index);
    x->view_version = x->t.storage->version;
    lua_call(L, 1, 0);
  }
  lua_getiuservalue(L, index, TL_NODE);
}

// ---- edges -----------------------------------------------------------------------------------

// Pushes the node that the gradient of the tensor at `index` goes to, or false.
static void push_edge(lua_State *L, const tl_tensor *x, int index) {
  if (!x || !x->requires_grad) {
    lua_pushboolean(L, false);
    return;
  }
  tl_push_node(L, index);
}

static void push_edges_of(lua_State *L, const tl_tensor *x, int index) {
  if (x || lua_type(L, index) != LUA_TTABLE) {
    push_edge(L, x, index);
    return;
  }
  if (!list_wants_grad(L, index)) {
    lua_pushboolean(L, false);
    return;
  }
  const int n = (int)lua_rawlen(L, index);
  lua_createtable(L, n, 1);
  for (int j = 1; j <= n; j++) {
    lua_rawgeti(L, index, j);
    push_edge(L, tl_to(L, -1), lua_gettop(L));
    lua_rawseti(L, -3, j);
    lua_pop(L, 1);
  }
  lua_pushinteger(L, n);
  lua_setfield(L, -2, "n");
}

static void give_node(lua_State *L, int out, int node) {
  tl_tensor *y = tl_to(L, out);
  y->requires_grad = true;
  if (y->t.storage) y->view_version = y->t.storage->version;
  lua_pushvalue(L, node);
  lua_setiuservalue(L, out, TL_NODE);
}

// One of several differentiable results: its node keeps which one, and leads to theirs.
static void give_pick(lua_State *L, int out, int which, int node) {
  tl_new_node(L, NULL, 1, 1);
  const int pick = lua_gettop(L);
  tl_push_tape(L, "pick");
  lua_setiuservalue(L, pick, TL_NODE_OP);
  lua_pushinteger(L, which);
  tl_node_keep(L, pick, 1, false);
  lua_pushvalue(L, node);
  tl_node_lead(L, pick, 0);
  give_node(L, out, pick);
  lua_pop(L, 1);
}

uint32_t tl_saves(const tl_op *op, tl_tensor *const *x) {
  if (op->kind > TL_INPLACE) return op->saves;
  uint32_t saves = 0;
  for (int k = 0; k < op->inputs; k++)
    if (x[k] && x[k]->requires_grad) saves |= op->saves_for[k];
  return saves;
}

// Anomaly mode and the profiler: the node remembers where it was made.
static void trace(lua_State *L, int node) {
  tl_push_tape(L, "trace");
  lua_call(L, 0, 1);
  lua_setfield(L, node, "trace");
}

static bool is_list(lua_State *L, const tl_op *op, tl_tensor *const *x, int k) {
  return op->may_hold_lists && !x[k] && lua_type(L, k + 1) == LUA_TTABLE;
}

static int count_edges(lua_State *L, const tl_op *op, tl_tensor *const *x) {
  if (!op->may_hold_lists) return op->nargs;
  int edges = 0;
  for (int k = 0; k < op->nargs; k++)
    edges += is_list(L, op, x, k) && list_wants_grad(L, k + 1) ? (int)lua_rawlen(L, k + 1) : 1;
  return edges;
}

static void give_nodes(lua_State *L, const tl_op *op, int out, int n, int node) {
  if (op->differentiable == 1) {
    give_node(L, out, node);
    return;
  }
  for (int j = 0; j < op->differentiable && j < n; j++)
    if (tl_to(L, out + j)) give_pick(L, out + j, j + 1, node);
}

void tl_record(lua_State *L, const tl_op *op, tl_tensor *const *x, int out, int n) {
  const tl_tensor *result = tl_to(L, out);
  const uint32_t saves = tl_saves(op, x);
  luaL_checkstack(L, LUA_MINSTACK, "tape");
  tl_node *made = tl_new_node(L, op, op->nargs, count_edges(L, op, x));
  const int node = lua_gettop(L);
  lua_pushvalue(L, lua_upvalueindex(TL_UP_DECL));
  lua_setiuservalue(L, node, TL_NODE_OP);
  made->versions = keep_out(L, op, out, n, saves);
  tl_node_keep(L, node, 0, n > 1);
  for (int k = 0; k < op->nargs; k++) {
    made->versions += keep_arg(L, op, k + 1, x[k], result, saves);
    tl_node_keep(L, node, k + 1, is_list(L, op, x, k));
  }
  for (int k = 0; k < op->nargs; k++) {
    if (!x[k] && !is_list(L, op, x, k)) continue;
    push_edges_of(L, x[k], k + 1);
    tl_node_lead(L, node, k);
  }
  if (tl_tracing) trace(L, node);
  give_nodes(L, op, out, n, node);
  lua_settop(L, node - 1);
}

// ---- writing in place ------------------------------------------------------------------------

static bool is_leaf(lua_State *L, int index) {
  lua_getiuservalue(L, index, TL_NODE);
  const tl_node *n = tl_to_node(L, -1);
  lua_pop(L, 1);
  return !n || n->leaf;
}

static bool leaf_is_viewed(lua_State *L, int index) {
  if (!tl_to(L, index)->is_view) return false;
  lua_getiuservalue(L, index, TL_BASE);
  const tl_tensor *base = tl_to(L, -1);
  const bool viewed = base && base->requires_grad && is_leaf(L, lua_gettop(L));
  lua_pop(L, 1);
  return viewed;
}

void tl_before_write(lua_State *L, const char *op, int index) {
  const tl_tensor *x = tl_to(L, index);
  if (!x->t.storage) tl_error(L, op, index, NULL, "the tensor has no values");
  for (int d = 0; d < x->t.ndim; d++)
    if (x->t.size[d] > 1 && x->t.stride[d] == 0 && tc_numel(&x->t) > 0)
      tl_error(
          L, op, index, NULL,
          "several elements of this expanded tensor share one place in memory; clone() it first");
  if (!tl_grad_enabled || !x->requires_grad) return;
  if (leaf_is_viewed(L, index))
    tl_error(L, op, index, NULL,
             "a view of a leaf that requires grad cannot be changed in place; do it under "
             "tocha.no_grad()");
  if (is_leaf(L, index))
    tl_error(L, op, index, NULL,
             "a leaf that requires grad cannot be changed in place; do it under tocha.no_grad()");
}

// Who changed a value that the tape keeps: remembered by storage, for the error message.
static void note_writer(lua_State *L, const char *op, const tc_storage *s) {
  tl_push_tape(L, "writers");
  lua_rawgetp(L, LUA_REGISTRYINDEX, &tape_key);
  lua_getfield(L, -1, "where");
  lua_call(L, 0, 1);
  lua_pushfstring(L, "%s at %s", op, lua_tostring(L, -1));
  lua_rawsetp(L, -4, s);
  lua_pop(L, 3);
}

// Other threads may look at the same storage.
static void touch(tc_storage *s) {
  atomic_fetch_add_explicit(&s->version, 1, memory_order_relaxed);
}

void tl_after_write(lua_State *L, const char *op, int index) {
  tc_storage *s = tl_to(L, index)->t.storage;
  touch(s);
  if (s->watched) note_writer(L, op, s);
}

// For optimisers, which write all parameters in every step: the name must do, without the line.
void tl_after_kernel(lua_State *L, const char *op, int index) {
  tc_storage *s = tl_to(L, index)->t.storage;
  touch(s);
  if (!s->watched) return;
  tl_push_tape(L, "writers");
  lua_pushstring(L, op);
  lua_rawsetp(L, -2, s);
  lua_pop(L, 1);
}

void tl_rebase_view(lua_State *L, int index) {
  tl_push_tape(L, "rebase_view");
  lua_pushvalue(L, index);
  lua_call(L, 1, 0);
}
