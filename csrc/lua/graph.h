// What the binding's files tell a recording (graph.c). Each is for a thread that records.
#ifndef TOCHA_LUA_GRAPH_H
#define TOCHA_LUA_GRAPH_H

#include "../graph.h"
#include "tl.h"

// A call uses the tensor at `index`: one from outside must stay as long as the graph.
void tl_graph_use(lua_State *L, int index);
// The gradient of the tensor at `index` is about to be read, or to be set whatever it was.
void tl_graph_grad(lua_State *L, int index, bool read);
// Raises the error of what would bring values back into Lua, or take them past the kernels.
void tl_graph_forbid(lua_State *L, const char *what);

static inline void tl_used(lua_State *L, int index) {
  if (tc_is_recording()) tl_graph_use(L, index);
}

static inline void tl_grad_used(lua_State *L, int index, bool read) {
  if (tc_is_recording()) tl_graph_grad(L, index, read);
}

static inline void tl_reads_values(lua_State *L, const char *what) {
  if (tc_is_recording()) tl_graph_forbid(L, what);
}

#endif
