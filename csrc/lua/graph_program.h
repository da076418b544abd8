// What the two sides of recorded steps share: graph_record.c makes programs, graph.c runs them.
#ifndef TOCHA_LUA_GRAPH_PROGRAM_H
#define TOCHA_LUA_GRAPH_PROGRAM_H

#include "graph.h"

// User values of a program.
enum {
  INPUTS = 1,  // list: the tensors that arguments are copied into; other arguments as they are
  OUTPUTS,     // list: what the function returned
  LIVES,       // list of functions: what runs in Lua every time
  LEAVES,      // list: a tensor, and its gradient after a run (false: none), two by two
  LISTS,       // list: the lists of tensors that live pieces gave to kernels
  OUTSIDE,     // tensor -> true: those that were there before
  STARTS,      // while recording: tensor -> its gradient before (false: none; true: it is set anew)
  VALUES = STARTS
};

// What a tensor from outside was when the step was recorded.
typedef struct outside {
  const tl_tensor *x;
  const tc_storage *storage;
  bool requires_grad;
} outside;

// The gradient that a tensor has to have before a run (unless any will do), and has after it.
typedef struct leaf {
  const void *start, *end;
  bool any;
} leaf;

typedef struct program {
  uint64_t magic;
  tc_graph *graph;
  const tl_tensor **input;  // by argument; NULL where it is no tensor
  outside *outside;
  leaf *leaf;
  int inputs, outputs, outsides, leaves, lives, room;
  bool grad_enabled, running;
  bool frozen;  // what it uses is its own: it serves every call of its shapes, on the tape and off
  unsigned structure;
  lua_Integer draws, runs;
} program;

#define TL_PROGRAM "tocha.Program"
static const uint64_t TL_PROGRAM_MAGIC = 0x316172676f7270;  // "progra1"

// Counts the changes in Lua that recorded steps rely on and do not see: an optimiser's groups.
extern _Thread_local unsigned tl_structure;

// A run that has come to a live piece, and the number of its next call.
typedef struct live_run {
  program *program;
  int next;
} live_run;

// Calls the function on top, off the tape, as an optimiser's step is. `noted`: it is being recorded;
// `again`: the run that it is a part of, or NULL.
int tl_call_live(lua_State *L, bool noted, live_run *again);

int tl_program_gc(lua_State *L);
int tl_graph_record(lua_State *L);
int tl_graph_live(lua_State *L);
int tl_graph_restructured(lua_State *L);
int tl_graph_recording(lua_State *L);
int tl_graph_steps(lua_State *L);
int tl_graph_recorded(lua_State *L);

#endif
