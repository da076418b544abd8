// Devices for Lua: by name, tensors moved between them, and what a back end tells of its own.
//
// A device that is not known yet may belong to a back end that is not loaded: core.open_device, a Lua
// function, is asked to load it (lua/tocha/cuda.lua).
#include <string.h>

#include "../backend.h"
#include "graph.h"

static const char opener_key;

static void open_device(lua_State *L, const char *name) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &opener_key) != LUA_TFUNCTION) {
    lua_pop(L, 1);
    return;
  }
  lua_pushstring(L, name);
  lua_call(L, 1, 0);
}

const tc_device *tl_check_device(lua_State *L, int index) {
  const char *name = luaL_checkstring(L, index);
  const tc_device *d = tc_device_find(name);
  if (d) return d;
  open_device(L, name);
  d = tc_device_find(name);
  if (!d) tl_error(L, tl_current_op, 0, NULL, "unknown device '%s'", name);
  return d;
}

// set_opener(function(name)): called for a device that is not known.
static int set_opener(lua_State *L) {
  lua_settop(L, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &opener_key);
  return 0;
}

// load_backend(path): nil, or why it does not run here.
static int load_backend(lua_State *L) {
  if (tc_backend_load(luaL_checkstring(L, 1)) == TC_OK) return 0;
  lua_pushstring(L, tc_message());
  return 1;
}

// device_name(name): as tensors on it say it; "cuda" is "cuda:0" while that is the current one.
static int device_name(lua_State *L) {
  lua_pushstring(L, tl_check_device(L, 1)->name);
  return 1;
}

// kernels_missing(device): the names of what its table has not.
static int kernels_missing(lua_State *L) {
  const tc_device *d = tl_check_device(L, 1);
  lua_newtable(L);
  for (int k = 0, n = 0; k < TC_KERNELS; k++) {
    if (d->kernels[k]) continue;
    lua_pushstring(L, tc_kernel_table[k].name);
    lua_rawseti(L, -2, ++n);
  }
  return 1;
}

// move_to(x, device): a copy there, contiguous or channels last as x is.
static int move_to(lua_State *L) {
  const tl_tensor *x = tl_check_values(L, 1);
  const tc_device *device = tl_check_device(L, 2);
  tl_tensor *y = tl_new_like(L, device, (tc_dtype)x->t.dtype, &x->t);
  tl_used(L, 1);
  tl_status(L, "to", tc_copy(&y->t, &x->t));
  return 1;
}

// ---- what a back end tells -------------------------------------------------------------------

static const tc_backend *check_backend(lua_State *L) {
  const tc_backend *b = tc_backend_named(luaL_checkstring(L, 1));
  if (!b) tl_error(L, lua_tostring(L, 1), 0, NULL, "the back end is not loaded");
  return b;
}

// The device that argument 2 numbers, from 0 as the driver does; without it the current one.
static int check_number(lua_State *L, const tc_backend *b) {
  if (lua_isnoneornil(L, 2)) return b->current()->index;
  const lua_Integer k = luaL_checkinteger(L, 2);
  if (k < 0 || k >= b->count)
    tl_error(L, b->name, 0, NULL, "there is no device %I: there are %d, numbered from 0",
             (LUAI_UACINT)k, b->count);
  return (int)k;
}

static int count(lua_State *L) {
  const tc_backend *b = tc_backend_named(luaL_checkstring(L, 1));
  lua_pushinteger(L, b ? b->count : 0);
  return 1;
}

static int current(lua_State *L) {
  lua_pushinteger(L, check_backend(L)->current()->index);
  return 1;
}

static int choose(lua_State *L) {
  const tc_backend *b = check_backend(L);
  return tl_status(L, "set_device", b->choose(check_number(L, b)));
}

static int synchronize(lua_State *L) {
  const tc_backend *b = check_backend(L);
  tl_reads_values(L, "synchronize");
  return tl_status(L, "synchronize", b->synchronize(check_number(L, b)));
}

static void set_number(lua_State *L, const char *name, uint64_t v) {
  lua_pushinteger(L, (lua_Integer)v);
  lua_setfield(L, -2, name);
}

static int facts(lua_State *L) {
  const tc_backend *b = check_backend(L);
  tc_device_facts f = {{0}, 0, 0, 0, 0};
  tl_status(L, "get_device_properties", b->facts(check_number(L, b), &f));
  lua_newtable(L);
  lua_pushstring(L, f.name);
  lua_setfield(L, -2, "name");
  set_number(L, "major", (uint64_t)f.major);
  set_number(L, "minor", (uint64_t)f.minor);
  set_number(L, "multi_processor_count", (uint64_t)f.processors);
  set_number(L, "total_memory", f.total_memory);
  return 1;
}

static int memory(lua_State *L) {
  const tc_backend *b = check_backend(L);
  tc_device_memory m = {0};
  tl_status(L, "memory_stats", b->memory(check_number(L, b), &m));
  lua_newtable(L);
  set_number(L, "allocated", m.allocated);
  set_number(L, "reserved", m.reserved);
  set_number(L, "allocated_peak", m.allocated_peak);
  set_number(L, "reserved_peak", m.reserved_peak);
  set_number(L, "allocations", m.allocations);
  set_number(L, "retries", m.retries);
  set_number(L, "out_of_memory", m.out_of_memory);
  return 1;
}

static int reset_peak(lua_State *L) {
  const tc_backend *b = check_backend(L);
  b->reset_peak(check_number(L, b));
  return 0;
}

static int empty_cache(lua_State *L) {
  check_backend(L)->empty_cache();
  return 0;
}

// tf32(name, on): the setting; with `on` it is set before.
static int tf32(lua_State *L) {
  const tc_backend *b = check_backend(L);
  if (!lua_isnoneornil(L, 2)) b->set_tf32(lua_toboolean(L, 2));
  lua_pushboolean(L, b->tf32());
  return 1;
}

// libraries(name): a table for each with its name, and its version and path or its problem.
static int libraries(lua_State *L) {
  const tc_backend *b = check_backend(L);
  tc_library_facts f;
  lua_newtable(L);
  for (int k = 0; b->library(k, &f); k++) {
    lua_createtable(L, 0, 3);
    lua_pushstring(L, f.name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, f.version ? f.path : f.problem);
    lua_setfield(L, -2, f.version ? "path" : "problem");
    if (f.version) set_number(L, "version", (uint64_t)f.version);
    lua_rawseti(L, -2, k + 1);
  }
  return 1;
}

void tl_device_open(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"set_opener", set_opener},           {"load_backend", load_backend},
      {"device_name", device_name},         {"move_to", move_to},
      {"kernels_missing", kernels_missing}, {NULL, NULL}};
  static const luaL_Reg own[] = {{"count", count},
                                 {"current", current},
                                 {"choose", choose},
                                 {"synchronize", synchronize},
                                 {"facts", facts},
                                 {"memory", memory},
                                 {"reset_peak", reset_peak},
                                 {"empty_cache", empty_cache},
                                 {"tf32", tf32},
                                 {"libraries", libraries},
                                 {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
  luaL_newlib(L, own);
  lua_setfield(L, -2, "backend");
}
