// What a program consists of, as tables: for what writes it down in another language
// (lua/tocha/freeze).
//
// graph_steps(program) gives { arena = bytes, storages =, steps = }. A storage is { bytes =, written =,
// offset = in the arena } or, where it has memory of its own, { bytes =, written =, key = as
// core.storage gives it, data = its bytes }; one that came and went without a call has neither. A
// step is { name =, pointwise = bool, tensors =, integers =, numbers =, lists = }; a tensor { storage
// = its place, dtype =, shape =, strides =, offset = }, false where an optional one is absent. A
// pointwise step's tensors are the result and then the operands; `wrt` is above 0 for a derivative.
#include "../graph_steps.h"
#include "../letters.h"
#include "graph_program.h"

static void set_int(lua_State *L, const char *name, int64_t value) {
  lua_pushinteger(L, (lua_Integer)value);
  lua_setfield(L, -2, name);
}

static void set_text(lua_State *L, const char *name, const char *value) {
  lua_pushstring(L, value);
  lua_setfield(L, -2, name);
}

static void set_bool(lua_State *L, const char *name, bool value) {
  lua_pushboolean(L, value);
  lua_setfield(L, -2, name);
}

static void push_ints(lua_State *L, const int64_t *list, int n) {
  lua_createtable(L, n, 0);
  for (int k = 0; k < n; k++) {
    lua_pushinteger(L, (lua_Integer)list[k]);
    lua_rawseti(L, -2, k + 1);
  }
}

// ---- storages --------------------------------------------------------------------------------

// No call uses it, and its memory is gone.
static bool is_gone(const slot *s) { return !s->real && s->first < 0; }

static bool lies_in_arena(const tc_graph *g, const slot *s) {
  const char *data = s->header.data, *arena = g->arena;
  return !s->real && arena && data >= arena && data < arena + g->sizes.arena;
}

static void push_storage(lua_State *L, const tc_graph *g, const slot *s) {
  lua_createtable(L, 0, 4);
  set_int(L, "bytes", (int64_t)s->header.bytes);
  set_bool(L, "written", s->written);
  if (is_gone(s)) return;
  if (lies_in_arena(g, s)) {
    set_int(L, "offset", (const char *)s->header.data - (const char *)g->arena);
    return;
  }
  lua_pushlightuserdata(L, s->real);
  lua_setfield(L, -2, "key");
  lua_pushlstring(L, s->header.data ? s->header.data : "", s->header.data ? s->header.bytes : 0);
  lua_setfield(L, -2, "data");
}

// The place of a header among the storages.
static int place_of(const tc_graph *g, const tc_storage *header) {
  for (int k = 0; k < g->slot_count; k++)
    if (&g->slots[k]->header == header) return k + 1;
  return 0;
}

static void push_tensor(lua_State *L, const tc_graph *g, const tc_tensor *t) {
  if (!t) {
    lua_pushboolean(L, false);
    return;
  }
  lua_createtable(L, 0, 5);
  set_int(L, "storage", place_of(g, t->storage));
  set_int(L, "offset", t->offset);
  set_text(L, "dtype", tc_dtype_table[t->dtype].name);
  push_ints(L, t->size, t->ndim);
  lua_setfield(L, -2, "shape");
  push_ints(L, t->stride, t->ndim);
  lua_setfield(L, -2, "strides");
}

// ---- steps -----------------------------------------------------------------------------------

// How many slots of each array a signature fills.
typedef struct counts {
  int tensors, integers, numbers, lists;
} counts;

static counts count_letters(const char *signature) {
  counts n = {0};
  for (const char *s = signature; *s; s++) {
    if (tc_is_tensor(*s)) n.tensors++;
    else if (*s == 'l') n.lists++;
    else if (*s == 'f') n.numbers++;
    else if (!tc_is_many(*s)) n.integers += tc_is_integer(*s) != 0;
  }
  return n;
}

static void push_kernel(lua_State *L, const tc_graph *g, const step *s) {
  const counts n = count_letters(tc_kernel_table[s->id].signature);
  lua_createtable(L, n.tensors, 0);
  for (int k = 0; k < n.tensors; k++) {
    push_tensor(L, g, s->args->t[k]);
    lua_rawseti(L, -2, k + 1);
  }
  lua_setfield(L, -2, "tensors");
  push_ints(L, s->args->i, n.integers);
  lua_setfield(L, -2, "integers");
  lua_createtable(L, n.numbers, 0);
  for (int k = 0; k < n.numbers; k++) {
    lua_pushnumber(L, s->args->f[k]);
    lua_rawseti(L, -2, k + 1);
  }
  lua_setfield(L, -2, "numbers");
  lua_createtable(L, n.lists, 0);
  for (int k = 0; k < n.lists; k++) {
    push_ints(L, s->args->list[k], s->args->len[k]);
    lua_rawseti(L, -2, k + 1);
  }
  lua_setfield(L, -2, "lists");
}

static void push_pointwise(lua_State *L, const tc_graph *g, const step *s) {
  const tc_pointwise *p = s->pointwise;
  const int inputs = tc_pointwise_table[p->op].inputs;
  set_bool(L, "pointwise", true);
  set_int(L, "wrt", p->wrt);
  lua_createtable(L, 1 + inputs, 0);
  push_tensor(L, g, p->out);
  lua_rawseti(L, -2, 1);
  for (int k = 0; k < inputs; k++) {
    push_tensor(L, g, p->in[k]);
    lua_rawseti(L, -2, k + 2);
  }
  lua_setfield(L, -2, "tensors");
  lua_createtable(L, TC_PARAMS, 0);
  for (int k = 0; k < TC_PARAMS; k++) {
    lua_pushnumber(L, p->param[k].is_int ? (double)p->param[k].i : p->param[k].d);
    lua_rawseti(L, -2, k + 1);
  }
  lua_setfield(L, -2, "numbers");
}

static void push_step(lua_State *L, const tc_graph *g, int k) {
  const step *s = &g->steps[k];
  lua_createtable(L, 0, 6);
  set_text(L, "name", tc_graph_name(g, k));
  if (s->kind == POINTWISE) push_pointwise(L, g, s);
  else if (s->kind == KERNEL) push_kernel(L, g, s);
}

int tl_graph_steps(lua_State *L) {
  const program *p = luaL_checkudata(L, 1, TL_PROGRAM);
  const tc_graph *g = p->graph;
  if (g->device && g->device != &tc_cpu)
    return tl_error(L, "graph_steps", 1, NULL, "the program is not of the CPU: it runs on %s",
                    g->device->name);
  luaL_checkstack(L, LUA_MINSTACK, "graph_steps");
  lua_createtable(L, 0, 3);
  set_int(L, "arena", (int64_t)g->sizes.arena);
  lua_createtable(L, g->slot_count, 0);
  for (int k = 0; k < g->slot_count; k++) {
    push_storage(L, g, g->slots[k]);
    lua_rawseti(L, -2, k + 1);
  }
  lua_setfield(L, -2, "storages");
  lua_createtable(L, g->count, 0);
  for (int k = 0; k < g->count; k++) {
    push_step(L, g, k);
    lua_rawseti(L, -2, k + 1);
  }
  lua_setfield(L, -2, "steps");
  return 1;
}

// recorded(): how many calls the recording of this thread has so far.
int tl_graph_recorded(lua_State *L) {
  lua_pushinteger(L, tc_has_recording() ? tc_graph_count(tc_recording) : 0);
  return 1;
}
