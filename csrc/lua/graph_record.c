// Recording a step: what a recording needs of Lua beside the calls of kernels (csrc/graph.c): which
// tensors are from outside, whose gradients play a part, what has to run in Lua every time.
#include <string.h>

#include "graph_program.h"

_Thread_local unsigned tl_structure;
// The program that is being recorded; its userdata is in the registry.
static _Thread_local program *recording;
static const char recording_key = 0;

static _Thread_local live_run *live_now;
_Thread_local bool tl_live_noted, tl_live_again;

int tl_program_gc(lua_State *L) {
  program *p = luaL_checkudata(L, 1, TL_PROGRAM);
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
  p->magic = TL_PROGRAM_MAGIC;
  luaL_setmetatable(L, TL_PROGRAM);
  for (int k = 1; k <= VALUES; k++) {
    lua_newtable(L);
    lua_setiuservalue(L, -2, k);
  }
  p->graph = tc_graph_new();
  if (!p->graph) tl_error(L, "graph", 0, NULL, "not enough memory to record a step");
  p->structure = tl_structure;
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

int tl_graph_recording(lua_State *L) {
  lua_pushboolean(L, tc_is_recording());
  return 1;
}

int tl_graph_restructured(lua_State *L) {
  (void)L;
  tl_structure++;
  return 0;
}

int tl_call_live(lua_State *L, bool noted, live_run *again) {
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
int tl_graph_live(lua_State *L) {
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
  const int status = tl_call_live(L, noted, NULL);
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
int tl_graph_record(lua_State *L) {
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
