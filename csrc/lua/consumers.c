// Before a sweep: how many edges lead to each node, so that it runs when the last has brought its
// gradient. Iterative: a graph may be as deep as memory allows.
#include "tl.h"

enum { NEEDED = 2, COUNTS, STACK };  // on the stack of `consumers`, after the roots

// Counts one edge to the node on top and pops it; returns the new height of the list of nodes to see.
static lua_Integer visit(lua_State *L, lua_Integer height) {
  lua_pushvalue(L, -1);
  if (!lua_isnil(L, NEEDED)) {
    lua_rawget(L, NEEDED);
    const bool needed = lua_toboolean(L, -1);
    lua_pop(L, 1);
    if (!needed) {
      lua_pop(L, 1);
      return height;
    }
    lua_pushvalue(L, -1);
  }
  lua_rawget(L, COUNTS);
  const lua_Integer count = lua_tointeger(L, -1);
  lua_pop(L, 1);
  lua_pushvalue(L, -1);
  lua_pushinteger(L, count + 1);
  lua_rawset(L, COUNTS);
  if (count > 0) {
    lua_pop(L, 1);
    return height;
  }
  lua_rawseti(L, STACK, height + 1);
  return height + 1;
}

static lua_Integer visit_edge(lua_State *L, lua_Integer height) {
  const int edge = lua_gettop(L);
  if (lua_type(L, edge) != LUA_TTABLE) {
    lua_pop(L, 1);
    return height;
  }
  const bool is_node = lua_rawgeti(L, edge, TL_NODE_VERSIONS) == LUA_TNUMBER;
  lua_pop(L, 1);
  if (is_node) return visit(L, height);
  if (lua_getfield(L, edge, "n") == LUA_TNIL) {
    lua_pop(L, 1);
    return visit(L, height);
  }
  const int n = (int)lua_tointeger(L, -1);
  for (int j = 1; j <= n; j++) {
    if (lua_rawgeti(L, edge, j) == LUA_TTABLE) height = visit(L, height);
    lua_settop(L, edge);
  }
  lua_pop(L, 1);
  return height;
}

// Tables as large as those of the sweep before, within reason: they do not grow entry by entry.
static _Thread_local int nodes_before;

static int expected(void) {
  enum { MOST = 512 };
  return nodes_before < MOST ? nodes_before : MOST;
}

void tl_push_nodes(lua_State *L) { lua_createtable(L, 0, expected()); }

// How many arguments, and so edges, has the operation of a node?
static int edges_of(lua_State *L, int node) {
  lua_rawgeti(L, node, TL_NODE_OP);
  lua_rawgeti(L, -1, 1);
  const tl_op *op = lua_touserdata(L, -1);
  if (!op) lua_getfield(L, -2, "nargs");  // the tape's own
  const int n = op ? op->nargs : (int)lua_tointeger(L, -1);
  lua_settop(L, node);
  return n;
}

// Pushes node -> the number of edges that lead to it from the roots at 1 (and, where the table at 2
// says so, only for the nodes it names).
static void count_consumers(lua_State *L) {
  tl_push_nodes(L);
  lua_createtable(L, expected(), 0);
  lua_Integer height = 0;
  int seen = 0;
  const int roots = (int)lua_rawlen(L, 1);
  for (int k = 1; k <= roots; k++) {
    lua_rawgeti(L, 1, k);
    height = visit(L, height);
  }
  for (; height > 0; seen++) {
    lua_rawgeti(L, STACK, height--);
    const int node = lua_gettop(L);
    const int n = edges_of(L, node);
    for (int k = TL_NODE_ARGS + n; k < TL_NODE_ARGS + 2 * n; k++) {
      lua_rawgeti(L, node, k);
      height = visit_edge(L, height);
    }
    lua_settop(L, STACK);
  }
  nodes_before = seen;
  lua_settop(L, COUNTS);
}

int tl_consumers(lua_State *L) {
  count_consumers(L);
  return 1;
}
