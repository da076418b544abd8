// The plain functions of tocha.core: new tensors, dtypes, memory, threads.
#include <string.h>

#include "tl.h"

tc_dtype tl_check_dtype(lua_State *L, int index) {
  const char *name = luaL_checkstring(L, index);
  for (int d = TC_DTYPES - 1; d >= 0; d--)
    if (strcmp(tc_dtype_table[d].name, name) == 0) return (tc_dtype)d;
  return (tc_dtype)tl_error(L, tl_current_op, 0, NULL, "unknown dtype '%s'", name);
}

static int read_sizes(lua_State *L, int index, int64_t *size) {
  const int n = (int)lua_rawlen(L, index);
  if (n > TC_MAX_DIMS)
    tl_error(L, tl_current_op, 0, NULL, "%d dimensions: at most %d are possible", n, TC_MAX_DIMS);
  for (int d = 0; d < n; d++) {
    int is_int;
    lua_rawgeti(L, index, d + 1);
    size[d] = lua_tointegerx(L, -1, &is_int);
    if (!is_int || size[d] < 0)
      tl_error(L, tl_current_op, 0, NULL,
               "size %d: expected an integer that is not negative, got %s", d + 1,
               luaL_tolstring(L, -1, NULL));
    lua_pop(L, 1);
  }
  return n;
}

// empty(like or sizes, dtype, like or device): channels last where what it is like is.
static int empty(lua_State *L) {
  const tl_tensor *like = tl_to(L, 1), *on = lua_isnoneornil(L, 3) ? like : tl_to(L, 3);
  int64_t size[TC_MAX_DIMS];
  int ndim;
  if (like) {
    ndim = like->t.ndim;
    memcpy(size, like->t.size, sizeof size);
  } else {
    luaL_checktype(L, 1, LUA_TTABLE);
    ndim = read_sizes(L, 1, size);
  }
  const tl_tensor *model = like ? like : on;
  const tc_dtype dtype = !lua_isnoneornil(L, 2) ? tl_check_dtype(L, 2)
                         : model                ? (tc_dtype)model->t.dtype
                                                : TC_float32;
  const tc_device *device = !on && lua_isstring(L, 3) ? tl_check_device(L, 3)
                            : on                      ? tl_device(on)
                                                      : &tc_cpu;
  tl_tensor *y = tl_new(L, device, dtype, ndim, size);
  if (like && tc_is_channels_last(&like->t)) tc_set_channels_last(&y->t);
  return 1;
}

// picture(sizes, x, other or nil): as `empty`, of x's dtype and on its device, channels last where one of
// them is: what a window's operation makes of them.
static int picture(lua_State *L) {
  const tl_tensor *x = tl_check(L, 2), *other = tl_to(L, 3);
  int64_t size[TC_MAX_DIMS];
  luaL_checktype(L, 1, LUA_TTABLE);
  const int n = read_sizes(L, 1, size);
  tl_tensor *y = tl_new(L, tl_device(x), (tc_dtype)x->t.dtype, n, size);
  const bool last = tc_is_channels_last(&x->t) || (other && tc_is_channels_last(&other->t));
  if (last && n == x->t.ndim) tc_set_channels_last(&y->t);
  return 1;
}

// is_channels_last(x): do its strides say so?
static int is_channels_last(lua_State *L) {
  lua_pushboolean(L, tc_is_channels_last(&tl_check(L, 1)->t));
  return 1;
}

static int shape(lua_State *L) {
  tl_push_shape(L, &tl_check(L, 1)->t);
  return 1;
}

// joint(x, y): the dtype that two tensors promote to; shape(x): the sizes, without the way through
// __index: for what runs in every step.
static int joint(lua_State *L) {
  const tc_dtype a = (tc_dtype)tl_check(L, 1)->t.dtype, b = (tc_dtype)tl_check(L, 2)->t.dtype;
  lua_pushstring(L, tc_dtype_table[a == b ? a : tc_promote(a, b)].name);
  return 1;
}

// new(like, dtype or nil, sizes...): as `empty`, without a list.
static int new_sizes(lua_State *L) {
  const tl_tensor *like = tl_check(L, 1);
  int64_t size[TC_MAX_DIMS];
  const int n = lua_gettop(L) - 2;
  if (n > TC_MAX_DIMS) return tl_error(L, tl_current_op, 0, NULL, "too many dimensions");
  for (int d = 0; d < n; d++) size[d] = luaL_checkinteger(L, d + 3);
  const tc_dtype dtype = lua_isnil(L, 2) ? (tc_dtype)like->t.dtype : tl_check_dtype(L, 2);
  tl_new(L, tl_device(like), dtype, n, size);
  return 1;
}

// resized(like, dtype or nil, size): as `empty`, with another last size.
static int resized(lua_State *L) {
  const tl_tensor *like = tl_check(L, 1);
  int64_t size[TC_MAX_DIMS];
  const int n = like->t.ndim;
  memcpy(size, like->t.size, sizeof size);
  if (n > 0) size[n - 1] = luaL_checkinteger(L, 3);
  const tc_dtype dtype = lua_isnil(L, 2) ? (tc_dtype)like->t.dtype : tl_check_dtype(L, 2);
  tl_new(L, tl_device(like), dtype, n, size);
  return 1;
}

// promote(dtype, dtype)
static int promote(lua_State *L) {
  lua_pushstring(L, tc_dtype_table[tc_promote(tl_check_dtype(L, 1), tl_check_dtype(L, 2))].name);
  return 1;
}

static int is_tensor(lua_State *L) {
  lua_pushboolean(L, tl_to(L, 1) != NULL);
  return 1;
}

static int set_memory_number(lua_State *L, const char *name, size_t v) {
  lua_pushinteger(L, (lua_Integer)v);
  lua_setfield(L, -2, name);
  return 0;
}

static int memory(lua_State *L) {
  const tc_memory m = tc_memory_stats();
  lua_createtable(L, 0, 4);
  set_memory_number(L, "in_use", m.in_use);
  set_memory_number(L, "peak", m.peak);
  set_memory_number(L, "cached", m.cached);
  set_memory_number(L, "allocations", (size_t)m.allocations);
  return 1;
}

static int reset_peak(lua_State *L) {
  (void)L;
  tc_memory_reset_peak();
  return 0;
}

static int empty_cache(lua_State *L) {
  (void)L;
  tc_memory_empty_cache();
  return 0;
}

static int fail_after(lua_State *L) {
  tc_memory_fail_after((uint64_t)luaL_checkinteger(L, 1));
  return 0;
}

static int set_small_limit(lua_State *L) {
  tl_set_small_limit((size_t)luaL_checkinteger(L, 1));
  return 0;
}

static int threads(lua_State *L) {
  if (!lua_isnoneornil(L, 1)) tc_set_threads((int)luaL_checkinteger(L, 1));
  lua_pushinteger(L, tc_threads());
  return 1;
}

static int winograd(lua_State *L) {
  if (!lua_isnoneornil(L, 1)) tc_set_winograd(lua_toboolean(L, 1));
  lua_pushboolean(L, tc_winograd());
  return 1;
}

static int simd(lua_State *L) {
  if (!lua_isnoneornil(L, 1) && !tc_simd_choose(luaL_checkstring(L, 1)))
    return tl_error(L, "simd", 1, NULL, "'%s' does not run here", lua_tostring(L, 1));
  lua_pushstring(L, tc_simd_name());
  return 1;
}

static int dtypes(lua_State *L) {
  static const char *const kinds[] = {"bool", "int", "float"};
  lua_createtable(L, 0, TC_DTYPES);
  for (int d = 0; d < TC_DTYPES; d++) {
    lua_pushstring(L, kinds[tc_dtype_table[d].kind]);
    lua_setfield(L, -2, tc_dtype_table[d].name);
  }
  return 1;
}

void tl_core_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"empty", empty},
                                       {"picture", picture},
                                       {"is_channels_last", is_channels_last},
                                       {"promote", promote},
                                       {"joint", joint},
                                       {"shape", shape},
                                       {"new", new_sizes},
                                       {"resized", resized},
                                       {"is_tensor", is_tensor},
                                       {"memory", memory},
                                       {"reset_peak", reset_peak},
                                       {"empty_cache", empty_cache},
                                       {"fail_after", fail_after},
                                       {"small_limit", set_small_limit},
                                       {"threads", threads},
                                       {"winograd", winograd},
                                       {"simd", simd},
                                       {"dtypes", dtypes},
                                       {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
}
