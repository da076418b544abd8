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

// In a live piece, which runs in Lua: a kernel's call on lists of tensors is noted when it is recorded,
// and made from the record when it runs again. `rerun` says whether that was so.
extern _Thread_local bool tl_live_noted, tl_live_again;
void tl_graph_note(lua_State *L, int id, const tc_args *a);
bool tl_graph_rerun(lua_State *L, int id);

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
