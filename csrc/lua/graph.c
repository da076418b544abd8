// tocha.graph: programs. A program is a step, recorded for arguments of one kind (graph_record.c);
// lua/tocha/graph.lua decides when to record, here is the way of a call.
#include <string.h>

#include "graph_program.h"

static program *check_program(lua_State *L, int index) {
  return luaL_checkudata(L, index, TL_PROGRAM);
}

// The same in haste; NULL where it is none.
static program *to_program(lua_State *L, int index) {
  program *p = lua_touserdata(L, index);
  return p && lua_rawlen(L, index) == sizeof *p && p->magic == TL_PROGRAM_MAGIC ? p : NULL;
}

// ---- does a program serve a call? ------------------------------------------------------------

static bool is_alike(const tl_tensor *x, const tl_tensor *own) {
  return x->t.storage && x->t.dtype == own->t.dtype && tc_same_shape(&x->t, &own->t) &&
         x->t.storage->device == own->t.storage->device;
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
  if (n != p->inputs || p->running) return false;
  if (!p->frozen && tl_grad_enabled != p->grad_enabled) return false;
  for (int k = 0; k < n; k++) {
    const tl_tensor *x = tl_to(L, first + k), *own = p->input[k];
    if (own ? !x || !is_alike(x, own) : x || !is_same_value(L, at, k, first + k)) return false;
    if (own && x->requires_grad && !p->frozen) return false;
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
  *moved = false;
  if (p->frozen) return true;
  if (p->structure != tl_structure) return false;
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
    if (x == own) continue;
    if (tc_on_host(&x->t) && tc_on_host(&own->t) && tc_is_contiguous(&x->t))
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
    if (tl_call_live(L, false, &again) != LUA_OK) {
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

// No program fits: Lua's `miss` of the table at 1, with it and its n arguments.
static int miss(lua_State *L, int n) {
  lua_settop(L, n + 1);
  lua_getfield(L, 1, "miss");
  lua_insert(L, 1);
  lua_callk(L, n + 1, LUA_MULTRET, 0, all_of_stack);
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
  return miss(L, n);
}

// frozen(arguments...), a table that lists frozen programs: the one that fits; else Lua makes one.
static int frozen_call(lua_State *L) {
  const int n = lua_gettop(L) - 1, at = n + 2;
  for (int k = 1; !tc_recording; k++) {
    lua_rawgeti(L, 1, k);
    program *p = to_program(L, at);
    if (!p) break;
    if (fits(L, p, at, 2, n)) return replay(L, p, at, 2, false);
    lua_settop(L, n + 1);
  }
  return miss(L, n);
}

// graph_freeze(program): what it uses is its own, and stays.
static int program_freeze(lua_State *L) {
  check_program(L, 1)->frozen = true;
  return 0;
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

// What runs outside of captured parts: { number of a call = reason }.
static void push_outside(lua_State *L, const tc_graph *g) {
  lua_newtable(L);
  for (int k = 0; k < tc_graph_count(g); k++) {
    const char *why = tc_graph_outside(g, k);
    if (!why) continue;
    lua_pushstring(L, why);
    lua_rawseti(L, -2, k + 1);
  }
}

// graph_describe(program): its inputs, outputs, sizes in bytes, runs; the names of its calls, and why some
// of them run outside of captured parts.
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
  int parts;
  set_integer(L, "captured", tc_graph_captured(p->graph, &parts));
  set_integer(L, "parts", parts);
  const int calls = tc_graph_count(p->graph);
  lua_createtable(L, calls, 0);
  for (int k = 0; k < calls; k++) {
    lua_pushstring(L, tc_graph_name(p->graph, k));
    lua_rawseti(L, -2, k + 1);
  }
  lua_setfield(L, -2, "calls");
  push_outside(L, p->graph);
  lua_setfield(L, -2, "outside");
  return 1;
}

// graph_strict(program): what cannot be captured is an error.
static int program_strict(lua_State *L) {
  tc_graph_be_strict(check_program(L, 1)->graph);
  return 0;
}

void tl_graph_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"graph_record", tl_graph_record},
                                       {"graph_call", graph_call},
                                       {"frozen_call", frozen_call},
                                       {"graph_steps", tl_graph_steps},
                                       {"graph_recorded", tl_graph_recorded},
                                       {"graph_freeze", program_freeze},
                                       {"graph_fits", program_fits},
                                       {"graph_replay", program_replay},
                                       {"graph_describe", describe},
                                       {"graph_strict", program_strict},
                                       {"recording", tl_graph_recording},
                                       {"restructured", tl_graph_restructured},
                                       {"live", tl_graph_live},
                                       {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
  luaL_newmetatable(L, TL_PROGRAM);
  lua_pushcfunction(L, tl_program_gc);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
}
