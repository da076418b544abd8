// What the profiler records: each operation, node of a backward pass, kernel and scope that a thread
// enters, when, for how long, and the bytes it took. Off, it is one flag that the call path looks at.
//
// Events form a tree: an event's parent is the one that was open when it began. An error leaves events
// open; those of C know how deep their C frame lay, so the next one that lies no deeper closes them.
// Sums, tables and files are lua/tocha/profiler's.
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tape.h"

typedef enum event_kind { OPERATION, BACKWARD, KERNEL, SCOPE, MODULE } event_kind;
static const char *const kinds[] = {"op", "backward", "kernel", "scope", "module", NULL};

// Names are places in the table of names, from 1; events too, 0 is none.
typedef struct event {
  lua_Integer name, shapes, results, module;
  int parent;
  event_kind kind;
  const void *frame;  // NULL: Lua closes it
  double start, end;
  uint64_t allocated;
} event;

static _Thread_local struct {
  event *list;
  int count, room, open;
  bool with_shapes;
} record;
static _Thread_local lua_Integer past;  // events of earlier recordings: a scope may outlive its own

static bool is_recording(void) { return tl_detours & TL_PROFILING; }

static const char names_key = 0;  // registry: name -> place, place -> name

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

// ---- names -----------------------------------------------------------------------------------

// The place of the string on top, which is popped.
static lua_Integer place_of(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &names_key);
  lua_pushvalue(L, -2);
  lua_rawget(L, -2);
  lua_Integer place = lua_tointeger(L, -1);
  lua_pop(L, 1);
  if (place == 0) {
    place = (lua_Integer)lua_rawlen(L, -1) + 1;
    lua_pushvalue(L, -2);
    lua_rawseti(L, -2, place);
    lua_pushvalue(L, -2);
    lua_pushinteger(L, place);
    lua_rawset(L, -3);
  }
  lua_pop(L, 2);
  return place;
}

static void add_shape(luaL_Buffer *b, const tc_tensor *t) {
  char text[24];
  luaL_addchar(b, '(');
  for (int d = 0; d < t->ndim; d++) {
    snprintf(text, sizeof text, d ? ", %lld" : "%lld", (long long)t->size[d]);
    luaL_addstring(b, text);
  }
  luaL_addchar(b, ')');
}

// "(64, 784) (512, 784)": of the tensors among the values at first..last, where shapes are wanted.
static lua_Integer shapes_of(lua_State *L, int first, int last) {
  luaL_Buffer b;
  bool any = false;
  if (!record.with_shapes) return 0;
  luaL_buffinit(L, &b);
  for (int k = first; k <= last; k++) {
    const tl_tensor *x = tl_to(L, k);
    if (!x) continue;
    if (any) luaL_addchar(&b, ' ');
    add_shape(&b, &x->t);
    any = true;
  }
  luaL_pushresult(&b);
  return place_of(L);
}

// ---- events ----------------------------------------------------------------------------------

static void close_event(event *e) {
  e->end = now();
  e->allocated = tc_memory_stats().allocated - e->allocated;
  record.open = e->parent;
}

// Closes the event, and what was opened in it and never closed.
static void leave(int id) {
  if (id == 0) return;
  while (record.open >= id) close_event(&record.list[record.open - 1]);
}

// What an error left: its frame lay where the new one lies, or deeper.
static void leave_abandoned(const void *frame) {
  for (int id = record.open; id > 0; id = record.open) {
    const void *opened = record.list[id - 1].frame;
    if (!opened || opened > frame) return;
    leave(id);
  }
}

static event *new_event(void) {
  if (record.count == record.room) {
    const int room = record.room ? 2 * record.room : 1024;
    event *list = realloc(record.list, (size_t)room * sizeof *list);
    if (!list) return NULL;
    record.list = list;
    record.room = room;
  }
  return &record.list[record.count++];
}

// Begins an event by the name on top, which is popped; 0 when memory is short: it is not recorded.
static int enter(lua_State *L, event_kind kind, lua_Integer shapes, const void *frame) {
  const lua_Integer name = place_of(L);
  if (frame) leave_abandoned(frame);
  event *e = new_event();
  if (!e) return 0;
  *e = (event){name, shapes, 0, 0, record.open, kind, frame, 0, 0, tc_memory_stats().allocated};
  record.open = record.count;
  e->start = now();
  return record.count;
}

// ---- what the call path calls ----------------------------------------------------------------

int tl_profile_call(lua_State *L, const tl_op *op, const void *frame) {
  luaL_checkstack(L, 8, "profile");
  const lua_Integer shapes = shapes_of(L, 1, lua_gettop(L));
  lua_pushstring(L, op->name);
  return enter(L, OPERATION, shapes, frame);
}

// A node of the tape is about to give its gradients; `node` is its place on the stack, and what has
// arrived at it comes after it.
int tl_profile_node(lua_State *L, int node, const void *frame) {
  if (!is_recording()) return 0;  // a hook of this pass stopped it
  luaL_checkstack(L, 8, "profile");
  const lua_Integer shapes = shapes_of(L, node + 1, node + 1);
  lua_getiuservalue(L, node, TL_NODE_OP);
  lua_getfield(L, -1, "name");
  lua_replace(L, -2);
  if (!lua_isstring(L, -1)) {
    lua_pop(L, 1);
    lua_pushliteral(L, "?");
  }
  const int id = enter(L, BACKWARD, shapes, frame);
  if (id && lua_getfield(L, node, "trace") == LUA_TSTRING) record.list[id - 1].module = place_of(L);
  else lua_pop(L, 1);
  return id;
}

// A kernel that Lua calls by itself, such as an optimiser's: none where an operation is being run.
int tl_profile_kernel(lua_State *L, const char *name, const void *frame) {
  leave_abandoned(frame);
  if (record.open && record.list[record.open - 1].kind <= KERNEL) return 0;
  luaL_checkstack(L, 8, "profile");
  lua_pushstring(L, name);
  return enter(L, KERNEL, 0, frame);
}

void tl_profile_leave(int id) { leave(id); }

// What is measured ends before the shapes are written down.
void tl_profile_results(lua_State *L, int id, int results) {
  const int last = lua_gettop(L);
  leave(id);
  luaL_checkstack(L, 8, "profile");
  if (is_recording() && id <= record.count)
    record.list[id - 1].results = shapes_of(L, last - results + 1, last);
}

// ---- what the profiler calls -----------------------------------------------------------------

// profile_start(with_shapes): records anew.
static int profile_start(lua_State *L) {
  lua_newtable(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &names_key);
  record.count = record.open = 0;
  record.with_shapes = lua_toboolean(L, 1);
  tl_detours |= TL_PROFILING;
  return 0;
}

static void push_name(lua_State *L, int names, lua_Integer place, const char *field) {
  if (place == 0) return;
  lua_rawgeti(L, names, place);
  lua_setfield(L, -2, field);
}

static void push_number(lua_State *L, const char *field, double value) {
  lua_pushnumber(L, value);
  lua_setfield(L, -2, field);
}

static void push_integer(lua_State *L, const char *field, lua_Integer value) {
  lua_pushinteger(L, value);
  lua_setfield(L, -2, field);
}

static void push_event(lua_State *L, int names, const event *e) {
  lua_createtable(L, 0, 8);
  push_name(L, names, e->name, "name");
  push_name(L, names, e->shapes, "shapes");
  push_name(L, names, e->results, "results");
  push_name(L, names, e->module, "module");
  lua_pushstring(L, kinds[e->kind]);
  lua_setfield(L, -2, "kind");
  push_integer(L, "parent", e->parent);
  push_integer(L, "allocated", (lua_Integer)e->allocated);
  push_number(L, "start", e->start);
  push_number(L, "duration", e->end - e->start);
}

static int profile_stop(lua_State *L) {
  if (!is_recording()) return 0;
  leave(record.count > 0);
  tl_detours &= ~(unsigned)TL_PROFILING;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &names_key);
  lua_createtable(L, record.count, 0);
  for (int k = 0; k < record.count; k++) {
    push_event(L, lua_gettop(L) - 1, &record.list[k]);
    lua_rawseti(L, -2, k + 1);
  }
  past += record.count;
  free(record.list);
  memset(&record, 0, sizeof record);
  return 1;
}

// profile_enter(name, kind): begins a scope or module; 0 while nothing is recorded.
static int profile_enter(lua_State *L) {
  luaL_checkstring(L, 1);
  const event_kind kind = (event_kind)luaL_checkoption(L, 2, "scope", kinds);
  lua_settop(L, 1);
  // A call that failed leaves its module open; what runs in it lies at its level or deeper.
  const char *frame = kind == MODULE ? (const char *)__builtin_frame_address(0) + 1 : NULL;
  const int id = is_recording() ? enter(L, kind, 0, frame) : 0;
  lua_pushinteger(L, id ? past + id : 0);
  return 1;
}

static int profile_leave(lua_State *L) {
  const lua_Integer id = luaL_checkinteger(L, 1) - past;
  if (is_recording() && id > 0 && id <= record.count) leave((int)id);
  return 0;
}

void tl_profile_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"profile_start", profile_start},
                                       {"profile_stop", profile_stop},
                                       {"profile_enter", profile_enter},
                                       {"profile_leave", profile_leave},
                                       {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
}
