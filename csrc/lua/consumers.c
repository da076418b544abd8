// Before a sweep: how many edges lead to each node, so that it runs when the last has brought its
// gradient.
//
// The counts are the sweep's, in the order in which nodes were met; a node knows its place there. A
// sweep inside a sweep (a hook that calls backward) may pass the same nodes: their places in the outer
// one are noted, and put back when the inner one ends, also by an error.
#include <string.h>

#include "tape.h"

static _Thread_local tl_sweep *innermost;
static _Thread_local uint64_t sweeps;  // so far

void tl_begin_sweep(tl_sweep *s) {
  *s = (tl_sweep){.id = ++sweeps, .outer = innermost};
  innermost = s;
}

void tl_end_sweep(tl_sweep *s) {
  for (int k = 0; k < s->saves; k++) {
    s->saved[k].node->sweep = s->saved[k].sweep;
    s->saved[k].node->slot = s->saved[k].slot;
  }
  tc_free(s->count, (size_t)s->room * sizeof *s->count);
  tc_free(s->saved, (size_t)s->save_room * sizeof *s->saved);
  innermost = s->outer;
}

// ---- counting --------------------------------------------------------------------------------

// Twice as much room; what was there has moved.
static void *grown(lua_State *L, void *list, int *room, size_t size) {
  enum { FEW = 32 };
  const int more = *room ? 2 * *room : FEW;
  void *to = tc_alloc((size_t)more * size);
  if (!to) luaL_error(L, "not enough memory for a backward pass");
  if (list) memcpy(to, list, (size_t)*room * size);
  tc_free(list, (size_t)*room * size);
  *room = more;
  return to;
}

static bool is_running(const tl_sweep *s, uint64_t id) {
  for (; s; s = s->outer)
    if (s->id == id) return true;
  return false;
}

static void save(lua_State *L, tl_sweep *s, tl_node *n) {
  if (s->saves == s->save_room) s->saved = grown(L, s->saved, &s->save_room, sizeof *s->saved);
  s->saved[s->saves++] = (tl_saved){n, n->sweep, n->slot};
}

// One more edge to n.
static void visit(lua_State *L, tl_sweep *s, tl_node *n) {
  if (s->choosy && n->wanted != s->id) return;
  if (n->sweep == s->id) {
    s->count[n->slot].left++;
    return;
  }
  if (is_running(s->outer, n->sweep)) save(L, s, n);
  if (s->nodes == s->room) s->count = grown(L, s->count, &s->room, sizeof *s->count);
  n->sweep = s->id;
  n->slot = s->nodes;
  s->count[s->nodes++] = (tl_count){.node = n, .left = 1};
}

static void mark_wanted(lua_State *L, const tl_sweep *s, int wanted) {
  lua_pushnil(L);
  while (lua_next(L, wanted)) {
    if (lua_toboolean(L, -1)) tl_to_node(L, -2)->wanted = s->id;
    lua_pop(L, 1);
  }
}

void tl_count_consumers(lua_State *L, tl_sweep *s, int roots, int wanted) {
  s->choosy = lua_istable(L, wanted);
  if (s->choosy) mark_wanted(L, s, wanted);
  const int n = (int)lua_rawlen(L, roots);
  for (int k = 1; k <= n; k++) {
    lua_rawgeti(L, roots, k);
    visit(L, s, tl_to_node(L, -1));
    lua_pop(L, 1);
  }
  for (int k = 0; k < s->nodes; k++) {
    const tl_node *at = s->count[k].node;
    for (int j = 0; j < at->edges; j++)
      if (tl_edge(at, j)) visit(L, s, tl_edge(at, j));
  }
}
