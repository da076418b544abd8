// tocha.graph: programs. A program is a step, recorded for arguments of one kind; lua/tocha/graph.lua
// decides when to record, here is what a recording needs of Lua, and the way of a call.
#include "graph.h"

#include <string.h>

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
  unsigned structure;
  lua_Integer draws, runs;
} program;

#define PROGRAM "tocha.Program"
static const uint64_t MAGIC = 0x316172676f7270;  // "progra1"

// Counts the changes in Lua that recorded steps rely on and do not see: an optimiser's groups.
static _Thread_local unsigned structure;
// The program that is being recorded; its userdata is in the registry.
static _Thread_local program *recording;
static const char recording_key = 0;

// The run that has come to a live piece, and the number of its next call.
typedef struct live_run {
  program *program;
  int next;
} live_run;

static _Thread_local live_run *live_now;
_Thread_local bool tl_live_noted, tl_live_again;

static program *check_program(lua_State *L, int index) {
  return luaL_checkudata(L, index, PROGRAM);
}

// The same in haste; NULL where it is none.
static program *to_program(lua_State *L, int index) {
  program *p = lua_touserdata(L, index);
  return p && lua_rawlen(L, index) == sizeof *p && p->magic == MAGIC ? p : NULL;
}

static int program_gc(lua_State *L) {
  program *p = check_program(L, 1);
  tc_graph_free(p->graph);
  tc_free(p->input, (size_t)p->inputs * sizeof *p->input);
  tc_free(p->outside, (size_t)p->room * sizeof *p->outside);
  tc_free(p->leaf, (size_t)p->leaves * sizeof *p->leaf);
  memset(p, 0, sizeof *p);
  return 0;
}

static void *room_for(lua_State *L, int n, size_t entry) {
  void *room = tc_alloc((size_t)n * entry);
  if (!room) tl_error(L, "graph", 0, NULL, "not enough memory to record a step");
  return room;
}

static program *push_program(lua_State *L) {
  program *p = lua_newuserdatauv(L, sizeof *p, VALUES);
  memset(p, 0, sizeof *p);
  p->magic = MAGIC;
  luaL_setmetatable(L, PROGRAM);
  for (int k = 1; k <= VALUES; k++) {
    lua_newtable(L);
    lua_setiuservalue(L, -2, k);
  }
  p->graph = tc_graph_new();
  if (!p->graph) tl_error(L, "graph", 0, NULL, "not enough memory to record a step");
  p->structure = structure;
  p->grad_enabled = tl_grad_enabled;
  return p;
}

// ---- while recording -------------------------------------------------------------------------

static void push_recorded(lua_State *L, int value) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &recording_key);
  lua_getiuservalue(L, -1, value);
  lua_replace(L, -2);
}

static void add_outside(lua_State *L, const tl_tensor *x) {
  program *p = recording;
  if (p->outsides == p->room) {
    const int room = p->room ? 2 * p->room : 32;
    outside *list = room_for(L, room, sizeof *list);
    if (p->outsides) memcpy(list, p->outside, (size_t)p->outsides * sizeof *list);
    tc_free(p->outside, (size_t)p->room * sizeof *list);
    p->outside = list;
    p->room = room;
  }
  p->outside[p->outsides++] = (outside){x, x->t.storage, x->requires_grad};
}

// A view stands for what it is a view of: that owns the memory, and may change it for another.
static void push_owner(lua_State *L, int index) {
  if (lua_getiuservalue(L, index, TL_BASE) != LUA_TNIL) return;
  lua_pop(L, 1);
  lua_pushvalue(L, index);
}

void tl_graph_use(lua_State *L, int index) {
  const tl_tensor *x = tl_to(L, index);
  if (!x || !x->t.storage || tc_graph_bore(x->t.storage)) return;
  index = lua_absindex(L, index);
  luaL_checkstack(L, 8, "graph");
  push_recorded(L, OUTSIDE);
  push_owner(L, index);
  lua_pushvalue(L, -1);
  if (lua_rawget(L, -3) == LUA_TNIL) {
    add_outside(L, tl_to(L, -2));
    lua_pushvalue(L, -2);
    lua_pushboolean(L, true);
    lua_rawset(L, -5);
  }
  lua_pop(L, 3);
}

void tl_graph_grad(lua_State *L, int index, bool read) {
  index = lua_absindex(L, index);
  luaL_checkstack(L, 8, "graph");
  push_recorded(L, STARTS);
  lua_pushvalue(L, index);
  if (lua_rawget(L, -2) == LUA_TNIL) {
    lua_pushvalue(L, index);
    if (!read) lua_pushboolean(L, true);
    else tl_push_grad(L, index);
    if (lua_isnil(L, -1)) {
      lua_pop(L, 1);
      lua_pushboolean(L, false);
    }
    lua_rawset(L, -4);
  }
  lua_pop(L, 2);
}

void tl_graph_forbid(lua_State *L, const char *what) {
  tl_error(L, tl_current_op ? tl_current_op : what, 0, NULL,
           "reads values into Lua, and a recorded step (tocha.graph) does not come back to Lua: "
           "return the tensor from the function, and read it after the call");
}

static int is_recording(lua_State *L) {
  lua_pushboolean(L, tc_is_recording());
  return 1;
}

static int restructured(lua_State *L) {
  (void)L;
  structure++;
  return 0;
}

// Off the tape, as an optimiser's step is; `noted`: it is being recorded.
static int call_live(lua_State *L, bool noted, live_run *again) {
  const bool grad = tl_grad_enabled, was_noted = tl_live_noted, was_again = tl_live_again;
  live_run *const before = live_now;
  tl_grad_enabled = false;
  tl_live_noted = noted;
  tl_live_again = again != NULL;
  live_now = again;
  const int status = lua_pcall(L, 0, 0, 0);
  live_now = before;
  tl_live_again = was_again;
  tl_live_noted = was_noted;
  tl_grad_enabled = grad;
  return status;
}

static int read_lists(lua_State *L, const char *signature, const void **lists) {
  int n = 0;
  for (; signature[n] == 'W' || signature[n] == 'L'; n++) lists[n] = lua_topointer(L, n + 1);
  return n;
}

void tl_graph_note(lua_State *L, int id, const tc_args *a) {
  const void *lists[TC_MAX_MANY];
  const int n = read_lists(L, tc_kernel_table[id].signature, lists);
  luaL_checkstack(L, LUA_MINSTACK, "graph");
  push_recorded(L, LISTS);
  for (int k = 1; k <= n; k++) {
    lua_pushvalue(L, k);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  }
  lua_pop(L, 1);
  tl_status(L, "graph", tc_graph_numbered(id, a, lists));
}

bool tl_graph_rerun(lua_State *L, int id) {
  const void *lists[TC_MAX_MANY];
  double numbers[TC_MAX_NUMBERS];
  const char *signature = tc_kernel_table[id].signature;
  const int n = read_lists(L, signature, lists);
  if (n == 0 || !tc_graph_is(live_now->program->graph, live_now->next, id, lists)) return false;
  for (int k = n; signature[k]; k++) numbers[k - n] = luaL_checknumber(L, k + 1);
  tl_status(L, tc_kernel_table[id].name,
            tc_graph_again(live_now->program->graph, live_now->next++, numbers));
  return true;
}

// live(f): f() now, and in every run of the step that is being recorded, in Lua.
static int live(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  const bool noted = tc_is_recording();
  if (noted) {
    push_recorded(L, LIVES);
    lua_pushvalue(L, 1);
    lua_rawseti(L, -2, ++recording->lives);
    lua_pop(L, 1);
    tl_status(L, "graph", tc_graph_live(recording->lives));
    tc_recording_paused++;
  }
  const int status = call_live(L, noted, NULL);
  if (noted) tc_recording_paused--;
  return status == LUA_OK ? 0 : lua_error(L);
}

// ---- a recording -----------------------------------------------------------------------------

static void make_input(lua_State *L, program *p, int inputs, int k, int from) {
  const tl_tensor *x = tl_to(L, from);
  if (!x) {
    lua_pushvalue(L, from);
  } else {
    tl_tensor *own = tl_push_heap(L);
    tl_status(L, "graph", tc_tensor_like(&own->t, &x->t, (tc_dtype)x->t.dtype));
    tl_status(L, "graph", tc_copy(&own->t, &x->t));
    p->input[k] = own;
  }
  lua_rawseti(L, inputs, k + 1);
}

// The arguments from `first` on, as the step will find them in every run.
static void make_inputs(lua_State *L, program *p, int at, int first, int n) {
  if (n > 0) p->input = room_for(L, n, sizeof *p->input);
  for (int k = 0; k < n; k++) p->input[k] = NULL;
  p->inputs = n;
  lua_getiuservalue(L, at, INPUTS);
  for (int k = 0; k < n; k++) make_input(L, p, lua_gettop(L), k, first + k);
  lua_pop(L, 1);
}

static void start(lua_State *L, program *p, int at) {
  lua_pushvalue(L, at);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &recording_key);
  recording = p;
  tc_recording_paused = 0;
  tc_recording = p->graph;
  tc_recorders++;
}

static void stop(lua_State *L) {
  tc_recording = NULL;
  tc_recorders--;
  tc_recording_paused = 0;
  recording = NULL;
  lua_pushnil(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &recording_key);
}

// Calls the function at `f` with the inputs; its results stay on the stack. What it left behind is
// collected before the recording ends: only then is it known what is temporary.
static int call_recorded(lua_State *L, program *p, int at, int f) {
  luaL_checkstack(L, p->inputs + LUA_MINSTACK, "graph");
  lua_pushvalue(L, f);
  lua_getiuservalue(L, at, INPUTS);
  const int inputs = lua_gettop(L);
  for (int k = 1; k <= p->inputs; k++) lua_rawgeti(L, inputs, k);
  lua_remove(L, inputs);
  start(L, p, at);
  const int status = lua_pcall(L, p->inputs, LUA_MULTRET, 0);
  tc_recording_paused++;
  if (status == LUA_OK) lua_gc(L, LUA_GCCOLLECT);
  return status;
}

// Tensors whose gradient plays a part: all that had one before, or have one now.
static void settle_leaves(lua_State *L, program *p, int at) {
  lua_getiuservalue(L, at, LEAVES);
  lua_getiuservalue(L, at, STARTS);
  const int leaves = lua_gettop(L) - 1, starts = leaves + 1;
  int n = 0;
  for (lua_pushnil(L); lua_next(L, starts); lua_pop(L, 1)) n++;
  p->leaf = n ? room_for(L, n, sizeof *p->leaf) : NULL;
  p->leaves = n;
  n = 0;
  for (lua_pushnil(L); lua_next(L, starts); lua_pop(L, 2)) {
    tl_push_grad(L, -2);
    p->leaf[n++] = (leaf){lua_touserdata(L, -2), lua_touserdata(L, -1),
                          lua_isboolean(L, -2) && lua_toboolean(L, -2)};
    lua_pushvalue(L, -3);
    lua_rawseti(L, leaves, 2 * n - 1);
    if (lua_isnil(L, -1)) lua_pushboolean(L, false);
    else lua_pushvalue(L, -1);
    lua_rawseti(L, leaves, 2 * n);
  }
  lua_pop(L, 2);
  lua_pushnil(L);
  lua_setiuservalue(L, at, STARTS);
}

static void keep_outputs(lua_State *L, program *p, int at, int first) {
  p->outputs = lua_gettop(L) - first + 1;
  lua_getiuservalue(L, at, OUTPUTS);
  for (int k = 0; k < p->outputs; k++) {
    lua_pushvalue(L, first + k);
    lua_rawseti(L, -2, k + 1);
  }
  lua_pop(L, 1);
}

// record(f, seed, first block, arguments...): f(arguments...) returns where the generator stands in the
// end, and then its results. Gives the program and the results.
static int record(lua_State *L) {
  const int n = lua_gettop(L) - 3;
  tc_claim claim = {.seed = (uint64_t)luaL_checkinteger(L, 2),
                    .first = (uint64_t)luaL_checkinteger(L, 3)};
  program *p = push_program(L);
  const int at = lua_gettop(L), results = at + 1;
  make_inputs(L, p, at, 4, n);
  const int status = call_recorded(L, p, at, 1);
  tc_status finished = TC_OK;
  if (status == LUA_OK) {
    claim.end = (uint64_t)lua_tointeger(L, results);
    finished = tc_graph_finish(p->graph, claim);
  }
  stop(L);
  if (status != LUA_OK) return lua_error(L);
  tl_status(L, "graph", finished);
  p->draws = (lua_Integer)(claim.end - claim.first);
  settle_leaves(L, p, at);
  lua_remove(L, results);
  keep_outputs(L, p, at, results);
  return p->outputs + 1;
}

// ---- does a program serve a call? ------------------------------------------------------------

static bool is_alike(const tl_tensor *x, const tl_tensor *own) {
  return x->t.storage && x->t.dtype == own->t.dtype && !x->requires_grad &&
         tc_same_shape(&x->t, &own->t) && x->t.storage->device == own->t.storage->device;
}

static bool is_same_value(lua_State *L, int at, int k, int index) {
  lua_getiuservalue(L, at, INPUTS);
  lua_rawgeti(L, -1, k + 1);
  const bool same = lua_rawequal(L, -1, index) && lua_isinteger(L, -1) == lua_isinteger(L, index);
  lua_pop(L, 2);
  return same;
}

// Arguments of the kinds, and the tape on or off, that it was recorded for?
static bool fits(lua_State *L, const program *p, int at, int first, int n) {
  if (n != p->inputs || tl_grad_enabled != p->grad_enabled || p->running) return false;
  for (int k = 0; k < n; k++) {
    const tl_tensor *x = tl_to(L, first + k), *own = p->input[k];
    if (own ? !x || !is_alike(x, own) : x || !is_same_value(L, at, k, first + k)) return false;
  }
  return true;
}

static const void *gradient_of(lua_State *L, int leaves, int k) {
  lua_rawgeti(L, leaves, 2 * k + 1);
  lua_getiuservalue(L, -1, TL_GRAD);
  const void *g = lua_touserdata(L, -1);
  lua_pop(L, 2);
  return g;
}

// Gradients are where the step left them, or where it will find them; *moved: some have to be put back.
static bool leaves_are_fresh(lua_State *L, const program *p, int at, bool *moved) {
  lua_getiuservalue(L, at, LEAVES);
  const int leaves = lua_gettop(L);
  bool fresh = true;
  *moved = false;
  for (int k = 0; k < p->leaves && fresh; k++) {
    const leaf *f = &p->leaf[k];
    const void *g = gradient_of(L, leaves, k);
    fresh = f->any || g == f->start;
    *moved = *moved || g != f->end;
  }
  lua_pop(L, 1);
  return fresh;
}

// Is everything that it uses where it was? A parameter may have got other memory, a gradient be gone.
static bool is_fresh(lua_State *L, const program *p, int at, bool *moved) {
  if (p->structure != structure) return false;
  for (int k = 0; k < p->outsides; k++) {
    const outside *o = &p->outside[k];
    if (o->x->t.storage != o->storage || o->x->requires_grad != o->requires_grad) return false;
  }
  return leaves_are_fresh(L, p, at, moved);
}

// ---- a run -----------------------------------------------------------------------------------

static void put_gradients(lua_State *L, const program *p, int at) {
  lua_getiuservalue(L, at, LEAVES);
  for (int k = 0; k < p->leaves; k++) {
    lua_rawgeti(L, -1, 2 * k + 1);
    if (lua_rawgeti(L, -2, 2 * k + 2) == LUA_TBOOLEAN) {
      lua_pop(L, 1);
      lua_pushnil(L);
    }
    lua_setiuservalue(L, -2, TL_GRAD);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

static void copy_inputs(lua_State *L, const program *p, int first) {
  for (int k = 0; k < p->inputs; k++) {
    const tl_tensor *own = p->input[k];
    if (!own) continue;
    const tl_tensor *x = tl_to(L, first + k);
    if (x->t.storage->device == &tc_cpu && tc_is_contiguous(&x->t))
      memcpy(own->t.storage->data, tc_data(&x->t), own->t.storage->bytes);
    else tl_status(L, "graph", tc_copy(&own->t, &x->t));
  }
}

// The next run's random numbers, from where the generator stands.
static void draw(lua_State *L, const program *p) {
  lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_getfield(L, -1, "tocha.core");
  lua_getfield(L, -1, "random");
  lua_pushinteger(L, p->draws);
  lua_call(L, 1, 2);
  tc_graph_draw(p->graph, (uint64_t)lua_tointeger(L, -2), (uint64_t)lua_tointeger(L, -1));
  lua_pop(L, 4);
}

static void run(lua_State *L, program *p, int at) {
  live_run again = {.program = p};
  int *const next = &again.next, number;
  tc_status status = tc_graph_run(p->graph, next, &number);
  while (status == TC_OK && number >= 0) {
    lua_getiuservalue(L, at, LIVES);
    lua_rawgeti(L, -1, number);
    if (call_live(L, false, &again) != LUA_OK) {
      p->running = false;
      lua_error(L);
    }
    lua_pop(L, 1);
    status = tc_graph_run(p->graph, next, &number);
  }
  p->running = false;
  if (status != TC_OK) tl_status(L, tc_graph_name(p->graph, *next - 1), status);
}

// The program at `at` runs with the arguments from `first` on; pushes the results.
static int replay(lua_State *L, program *p, int at, int first, bool moved) {
  copy_inputs(L, p, first);
  if (p->draws > 0) draw(L, p);
  if (moved) put_gradients(L, p, at);
  p->running = true;
  const void *frame = __builtin_frame_address(0);
  const int event = tl_detours & TL_PROFILING ? tl_profile_kernel(L, "recorded step", frame) : 0;
  run(L, p, at);
  if (event) tl_profile_leave(event);
  tc_graph_touch(p->graph);
  p->runs++;
  luaL_checkstack(L, p->outputs + 1, "graph");
  lua_getiuservalue(L, at, OUTPUTS);
  const int outputs = lua_gettop(L);
  for (int k = 1; k <= p->outputs; k++) lua_rawgeti(L, outputs, k);
  return p->outputs;
}

// ---- a call ----------------------------------------------------------------------------------

enum {
  LAST = 1,
  MODULE = 2
};  // in a graph's table: the program used last; the module, if it is one

// A module's mode is one more argument.
static void push_mode(lua_State *L) {
  if (lua_rawgeti(L, 1, MODULE) == LUA_TNIL) {
    lua_pop(L, 1);
    return;
  }
  lua_getfield(L, -1, "is_training");
  lua_replace(L, -2);
}

static int all_of_stack(lua_State *L, int status, lua_KContext context) {
  (void)status;
  (void)context;
  return lua_gettop(L);
}

// graph(arguments...): the way of nearly every call; the others go to Lua.
static int graph_call(lua_State *L) {
  push_mode(L);
  const int n = lua_gettop(L) - 1, at = n + 2;
  lua_rawgeti(L, 1, LAST);
  program *p = to_program(L, at);
  bool moved;
  if (p && !tc_recording && fits(L, p, at, 2, n) && is_fresh(L, p, at, &moved))
    return replay(L, p, at, 2, moved);
  lua_settop(L, n + 1);
  lua_getfield(L, 1, "miss");
  lua_insert(L, 1);
  lua_callk(L, n + 1, LUA_MULTRET, 0, all_of_stack);
  return lua_gettop(L);
}

// graph_fits(program, arguments...)
static int program_fits(lua_State *L) {
  const program *p = check_program(L, 1);
  lua_pushboolean(L, fits(L, p, 1, 2, lua_gettop(L) - 1));
  return 1;
}

// graph_replay(program, arguments...): false where the program is not fresh; else true and the results.
static int program_replay(lua_State *L) {
  program *p = check_program(L, 1);
  bool moved;
  if (!is_fresh(L, p, 1, &moved)) {
    lua_pushboolean(L, false);
    return 1;
  }
  const int before = lua_gettop(L);
  lua_pushboolean(L, true);
  return replay(L, p, 1, 2, moved), lua_remove(L, before + 2), lua_gettop(L) - before;
}

static void set_integer(lua_State *L, const char *name, lua_Integer value) {
  lua_pushinteger(L, value);
  lua_setfield(L, -2, name);
}

// graph_describe(program): its inputs, outputs, sizes in bytes, runs; and the names of its calls.
static int describe(lua_State *L) {
  const program *p = check_program(L, 1);
  const tc_graph_sizes sizes = tc_graph_memory(p->graph);
  lua_newtable(L);
  lua_getiuservalue(L, 1, INPUTS);
  lua_setfield(L, -2, "inputs");
  lua_getiuservalue(L, 1, OUTPUTS);
  lua_setfield(L, -2, "outputs");
  set_integer(L, "arena", (lua_Integer)sizes.arena);
  set_integer(L, "temporaries", (lua_Integer)sizes.temporaries);
  set_integer(L, "kept", (lua_Integer)sizes.kept);
  set_integer(L, "runs", p->runs);
  const int calls = tc_graph_count(p->graph);
  lua_createtable(L, calls, 0);
  for (int k = 0; k < calls; k++) {
    lua_pushstring(L, tc_graph_name(p->graph, k));
    lua_rawseti(L, -2, k + 1);
  }
  lua_setfield(L, -2, "calls");
  return 1;
}

void tl_graph_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"graph_record", record},
                                       {"graph_call", graph_call},
                                       {"graph_fits", program_fits},
                                       {"graph_replay", program_replay},
                                       {"graph_describe", describe},
                                       {"recording", is_recording},
                                       {"restructured", restructured},
                                       {"live", live},
                                       {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
  luaL_newmetatable(L, PROGRAM);
  lua_pushcfunction(L, program_gc);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
}
