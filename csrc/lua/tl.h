// The binding: what its files share. Only csrc/lua includes lua.h.
//
// A tensor is a full userdata with three user values: its node on the tape, its gradient, and for
// a view the tensor it was taken from. Nothing here depends on which metatable it carries.
#ifndef TOCHA_TL_H
#define TOCHA_TL_H

#include <lauxlib.h>
#include <lua.h>

#include "../tocha.h"

// Also of what is only declared here: thread-local variables are then found with one call.
#pragma GCC visibility push(hidden)

enum { TL_NODE = 1, TL_GRAD = 2, TL_BASE = 3 };

typedef struct tl_tensor {
  uint64_t magic;
  tc_tensor t;
  bool requires_grad;
  bool is_view;
  bool kept;                  // as a gradient: it belongs to a leaf or to the caller
  bool unseen;                // as a gradient: made by the sweep, and nothing of Lua has held it
  uint32_t view_version;      // the storage's version when the view's node was made
  const tc_device *ghost_of;  // where the values of a ghost were; NULL: on the host
} tl_tensor;

static inline const tc_device *tl_device(const tl_tensor *x) {
  if (x->t.storage) return x->t.storage->device;
  return x->ghost_of ? x->ghost_of : &tc_cpu;
}

// ---- tensors (tensor.c) ----------------------------------------------------------------------

tl_tensor *tl_to(lua_State *L, int index);  // NULL when it is no tensor
tl_tensor *tl_check(lua_State *L, int index);
tl_tensor *tl_check_values(lua_State *L, int index);  // no ghost, and nothing that was closed
void tl_push_grad(lua_State *L, int index);           // x.grad, which may be held from now on
tl_tensor *tl_push(lua_State *L);                     // a ghost, to be filled in
tl_tensor *tl_push_heap(lua_State *L);  // the same, for a storage that must be released
// `to` becomes another tensor over from's storage, with its shape, and keeps that storage alive.
void tl_share(lua_State *L, int from, int to, bool view);
void tl_promote(lua_State *L, int index);  // a small tensor's values move to a storage of their own
const tc_storage *tl_own_storage(const tl_tensor *x);  // where a small tensor's storage lies
// A new tensor with values yet to be written; collects and tries again when memory is short.
tl_tensor *tl_new(lua_State *L, const tc_device *device, tc_dtype dtype, int ndim,
                  const int64_t *size);
// With the sizes of `like`, and channels last where that is.
tl_tensor *tl_new_like(lua_State *L, const tc_device *device, tc_dtype dtype,
                       const tc_tensor *like);
// Pushes a tensor that takes over the storage of `t`, which becomes a ghost.
tl_tensor *tl_adopt(lua_State *L, tc_tensor *t);
tc_dtype tl_check_dtype(lua_State *L, int index);
void tl_push_shape(lua_State *L, const tc_tensor *t);
void tl_tensor_open(lua_State *L);  // adds to the module table on top
void tl_core_open(lua_State *L);
void tl_convert_open(lua_State *L);
const tc_device *tl_check_device(lua_State *L, int index);  // by name; loads its back end
void tl_device_open(lua_State *L);
void tl_cuda_open(lua_State *L);
void tl_set_small_limit(size_t bytes);  // tensors of fewer bytes lie inside their userdata

// ---- the collector (collector.c) -------------------------------------------------------------

void tl_pace(lua_State *L, size_t bytes);  // so much was allocated: collects when it is time
void tl_collect(lua_State *L);             // everything, now
void tl_swept(lua_State *L);     // a sweep has dropped what it passed: collects if that pays
void tl_set_pace(size_t bytes);  // of this thread: how much is allocated before a full collection
void tl_collector_open(lua_State *L);

// ---- errors (error.c) ------------------------------------------------------------------------

// "[op] argument 2 'weight': message", at the first line outside the library. No argument: 0.
int tl_error(lua_State *L, const char *op, int arg, const char *name, const char *format, ...);
int tl_status(lua_State *L, const char *op, tc_status status);  // nothing when TC_OK
bool tl_in_library(lua_State *L, const char *source);  // is a chunk of this name the library's?
void tl_error_open(lua_State *L);

extern _Thread_local const char *tl_current_op;

// ---- operations ------------------------------------------------------------------------------

enum { TL_MAX_ARGS = 16 };

typedef struct tl_arg {
  const char *name;
  char type;  // see args.c
  bool optional;
} tl_arg;

typedef struct tl_direct tl_direct;

typedef enum tl_op_kind { TL_POINTWISE, TL_INPLACE, TL_VIEW, TL_FUNCTION } tl_op_kind;

typedef struct tl_op {
  const char *name;
  tl_op_kind kind;
  int id;             // in the table of pointwise operations or views
  int nargs, inputs;  // inputs: leading operands of a pointwise operation
  int outputs, differentiable;
  uint32_t saves;         // bit i: argument i+1 is kept with its values; TL_SAVES_OUT: the result
  uint32_t saves_for[3];  // of a pointwise operation: the same, for the gradient of each operand
  bool own_grad;          // recorded as one node
  bool has_lists, has_shape;  // among the arguments
  bool may_hold_lists;        // of tensors: also where anything is taken
  bool has_grads;             // a gradient for each argument, and not one function for all
  bool ignores_result;        // as its gradients do
  uint32_t identities;        // bit i: the gradient of operand i+1 is that of the result
  const tl_direct *direct;    // or NULL
  // Gradients that are calls of other operations, and for which arguments (bit k: the k-th) that is
  // known.
  const struct tl_gradient *call[TL_MAX_ARGS];
  uint32_t looked_up;
  tl_arg arg[TL_MAX_ARGS];
} tl_op;

extern _Thread_local const tl_op *tl_current;  // the operation that runs

#define TL_SAVES_OUT (1U << 31)

// What calls do beside computing, as bits; mostly 0.
// Arguments may be symbolic; events are recorded; arguments are cast; calls are told of.
enum { TL_SYMBOLIC = 1, TL_PROFILING = 2, TL_AUTOCAST = 4, TL_TRACING = 8 };
extern _Thread_local unsigned tl_detours;

// User values of an operation; upvalues of its closure.
enum { TL_OP_NAME = 1, TL_OP_PARAMS, TL_OP_DIRECT, TL_OP_VALUES = TL_OP_DIRECT };
enum { TL_UP_OP = 1, TL_UP_DECL, TL_UP_RUN, TL_UP_DEFAULTS };

// The stack becomes exactly op->nargs checked values; `x` the tensors among them, NULL for the others.
void tl_parse(lua_State *L, const tl_op *op, tl_tensor **x);
// Reads arguments `first`, `first` + 1, ... by a signature's letters.
void tl_read(lua_State *L, const char *op, const char *signature, int first, tc_args *a);
bool tl_is_operation(lua_State *L, int index);  // is the function one that make_op made?
int tl_pointwise(lua_State *L, const tl_op *op, tl_tensor **x);
// Pushes the derivative of an elementwise operation, fused with the product by g, in the dtype of
// `like`. At `first` and after: g, y, the inputs, and TC_PARAMS values for parameters.
void tl_derivative(lua_State *L, int id, int wrt, const tl_tensor *like, int first);
void tl_pointwise_open(lua_State *L);
void tl_call_open(lua_State *L);

// ---- one kernel call without Lua (direct.c) --------------------------------------------------

// Reads a declaration's line and pushes what it means.
const tl_direct *tl_direct_read(lua_State *L, const tl_op *op, const char *text);
// Runs op->direct on the arguments at base + 1, ..., of which `x` are tensors, and pushes the result;
// false, and nothing pushed, where its conditions do not hold.
bool tl_direct_run(lua_State *L, const tl_op *op, int base, tl_tensor *const *x);

// A gradient that is a call of another operation with what a node keeps.
typedef struct tl_gradient {
  const tl_op *op;           // the user value is its closure
  int n, from[TL_MAX_ARGS];  // 0: g, 1: the result, 2...: the arguments
} tl_gradient;

void tl_direct_open(lua_State *L);

// ---- symbolic tensors (symbolic.c) -----------------------------------------------------------

bool tl_any_symbolic(lua_State *L);  // is one of them?
int tl_note_symbolic(lua_State *L);  // the call, noted; in an operation's closure
void tl_symbolic_open(lua_State *L);

// ---- tracing (trace.c) -----------------------------------------------------------------------

typedef int tl_run(lua_State *L, const tl_op *op, tl_tensor **x);
// Runs the operation on its arguments at 1..nargs, and tells of it; returns the number of results.
int tl_trace(lua_State *L, const tl_op *op, tl_tensor **x, tl_run *run);
void tl_trace_open(lua_State *L);

// ---- the profiler (profile.c) ----------------------------------------------------------------

// Begin an event that tl_profile_leave ends, or give 0; `frame` is that of the caller.
int tl_profile_call(lua_State *L, const tl_op *op, const void *frame);
int tl_profile_node(lua_State *L, int node, const void *frame);
int tl_profile_kernel(lua_State *L, const char *name, const void *frame);
void tl_profile_leave(int event);
void tl_profile_results(lua_State *L, int event, int results);  // and these are on top
void tl_profile_open(lua_State *L);

// ---- autocast (autocast.c) -------------------------------------------------------------------

void tl_cast_arguments(lua_State *L);  // in an operation's closure
void tl_autocast_open(lua_State *L);

// ---- the tape (tape.c) -----------------------------------------------------------------------

extern _Thread_local bool tl_grad_enabled;
extern _Thread_local bool tl_tracing;  // do nodes remember where they were made?

// In an operation's call, of its arguments and `x`, the tensors among them: does one want a gradient?
// Which values must be kept for that?
bool tl_wants_grad(lua_State *L, const tl_op *op, tl_tensor *const *x);
uint32_t tl_saves(const tl_op *op, tl_tensor *const *x);
void tl_push_node(lua_State *L, int index);  // the node of a tensor, as it is now
// Makes the node of a call whose arguments are at 1..nargs, gives it to the `n` results at `out`...
void tl_record(lua_State *L, const tl_op *op, tl_tensor *const *x, int out, int n);
// Before and after the tensor at `index` is written in place by op.
void tl_before_write(lua_State *L, const char *op, int index);
void tl_after_write(lua_State *L, const char *op, int index);
void tl_after_kernel(lua_State *L, const char *op, int index);  // the same, in haste
// A view was written in place and recorded: what it is a view of gets its part of the new node.
void tl_rebase_view(lua_State *L, int index);
// May x.grad become g, whose memory nobody shares?
bool tl_is_own(const tl_tensor *g);
void tl_autograd_open(lua_State *L);
void tl_push_tape(lua_State *L, const char *name);  // a field of that table; NULL: the table
void tl_set_tape(lua_State *L);  // pops the table of what the tape needs from Lua
void tl_push_ghost(lua_State *L, const tl_tensor *x);  // shape, dtype, device, no values
void tl_sweep_open(lua_State *L);
void tl_node_open(lua_State *L);
void tl_api_open(lua_State *L);  // api.c: what include/tocha_lua.h promises
void tl_system_open(lua_State *L);
void tl_channel_open(lua_State *L);  // thread_channel.c
void tl_thread_open(lua_State *L);
void tl_random_open(lua_State *L);  // thread_random.c
void tl_interrupt_open(lua_State *L);
void tl_graph_open(lua_State *L);

#pragma GCC visibility pop

#endif
