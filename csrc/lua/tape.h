// The tape's nodes and the sweeps over them, as C sees them.
//
// A node is a full userdata. What it refers to are its user values, in the order of the slots; the
// struct repeats what a sweep reads of them as pointers, which live as long as the node. To Lua it is
// { op, versions, output, args..., edges... } with fields of its own, `hooks` and `trace` (node.c).
#ifndef TOCHA_LUA_TAPE_H
#define TOCHA_LUA_TAPE_H

#include "tl.h"

// The user value of the place where Lua finds the versions is the table of the node's own fields.
enum { TL_NODE_OP = 1, TL_NODE_VERSIONS, TL_NODE_OUT, TL_NODE_ARGS };

typedef struct tl_node tl_node;

typedef union tl_ref {
  tl_tensor *kept;  // with values or without; NULL: no tensor
  tl_node *edge;    // NULL: no gradient is wanted
} tl_ref;

struct tl_node {
  uint64_t magic;
  const tl_op *op;       // NULL: one of the tape's own, which have no declaration
  int nargs, edges;      // edges: as many as arguments, unless lists of tensors are among these
  bool leaf;             // the end of the way: a gradient that arrives is that of a tensor
  bool hooked;           // has had hooks
  bool freed;            // an earlier sweep has passed, and took what it keeps
  uint32_t lists;        // bit k: what is kept in slot TL_NODE_OUT + k is a list of tensors
  lua_Integer versions;  // the sum of the versions of what is kept
  uint64_t sweep;        // which sweep counts it, and where
  uint64_t wanted;       // which sweep it is asked for by
  int slot;
  tl_ref ref[];  // kept: the output, the arguments; then the edges
};

static inline tl_node *tl_edge(const tl_node *n, int k) { return n->ref[1 + n->nargs + k].edge; }

tl_node *tl_to_node(lua_State *L, int index);  // NULL when it is none
// Pushes a node without references. `op` may be NULL.
tl_node *tl_new_node(lua_State *L, const tl_op *op, int nargs, int edges);
// Do edges of several tensors belong to one argument?
static inline bool tl_has_lists(const tl_node *n) { return n->lists >> 1; }
// Pop the value on top: what the node keeps in slot TL_NODE_OUT + k; the edge, or edges, of argument k.
void tl_node_keep(lua_State *L, int node, int k, bool list);
void tl_node_lead(lua_State *L, int node, int k);
// Gives back what it keeps; its edges stay.
void tl_node_free(lua_State *L, int node);
// Is what the node keeps as it was?
bool tl_node_unchanged(lua_State *L, int node);
lua_Integer tl_versions_of(lua_State *L, int index);  // of a tensor, or the sum of a list's

// ---- sweeps (consumers.c) --------------------------------------------------------------------

// How many edges of a sweep still lead to a node, and whether a gradient has arrived.
typedef struct tl_count {
  tl_node *node;
  int left;
  bool reached;
} tl_count;

// A sweep's place in a node, while another sweep inside it passes the same node.
typedef struct tl_saved {
  tl_node *node;
  uint64_t sweep;
  int slot;
} tl_saved;

typedef struct tl_sweep tl_sweep;
struct tl_sweep {
  uint64_t id;
  tl_sweep *outer;  // the one that it runs inside of
  tl_count *count;
  tl_saved *saved;
  int nodes, room, saves, save_room;
  int ready;       // how many
  bool choosy;     // only nodes that are wanted count
  bool published;  // the functions for Lua can find it
};

void tl_begin_sweep(tl_sweep *s);
void tl_end_sweep(tl_sweep *s);
// Counts the edges that lead to each node from the roots, a list at `roots`; where there is a table at
// `wanted`, only for the nodes that it says are. Iterative: a graph may be as deep as memory allows.
void tl_count_consumers(lua_State *L, tl_sweep *s, int roots, int wanted);

static inline tl_count *tl_counted(const tl_sweep *s, const tl_node *n) {
  return n && n->sweep == s->id ? &s->count[n->slot] : NULL;
}

#endif
