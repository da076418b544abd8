// Tensors to and from nested tables, numbers and strings of bytes.
#include <string.h>

#include "graph.h"

enum { FROM_BOOLS, FROM_INTEGERS, FROM_FLOATS, FROM_NOTHING };

// ---- from nested tables ----------------------------------------------------------------------

typedef struct reader {
  lua_State *L;
  int ndim, kind;
  int64_t size[TC_MAX_DIMS];
  void *at;  // where the next element goes
  tc_dtype dtype;
} reader;

static void find_sizes(reader *r, int index) {
  lua_State *L = r->L;
  lua_pushvalue(L, index);
  while (lua_type(L, -1) == LUA_TTABLE) {
    if (r->ndim == TC_MAX_DIMS)
      tl_error(L, "tensor", 1, "data", "nested deeper than %d tables", TC_MAX_DIMS);
    r->size[r->ndim++] = (int64_t)lua_rawlen(L, -1);
    lua_rawgeti(L, -1, 1);
    lua_replace(L, -2);
  }
  lua_pop(L, 1);
}

static int kind_of(lua_State *L, int index) {
  switch (lua_type(L, index)) {
    case LUA_TBOOLEAN: return FROM_BOOLS;
    case LUA_TNUMBER: return lua_isinteger(L, index) ? FROM_INTEGERS : FROM_FLOATS;
    default:
      return tl_error(L, "tensor", 1, "data", "expected numbers or booleans, got %s",
                      luaL_typename(L, index));
  }
}

typedef void (*visit)(reader *r);

// Calls `each` with every element on top of the stack; checks that the tables are a full grid.
static void walk(reader *r, int dim, visit each) {
  lua_State *L = r->L;
  if (dim == r->ndim) {
    each(r);
    return;
  }
  if (lua_type(L, -1) != LUA_TTABLE || (int64_t)lua_rawlen(L, -1) != r->size[dim])
    tl_error(L, "tensor", 1, "data", "ragged table: expected %I elements at depth %d, got %s",
             (LUAI_UACINT)r->size[dim], dim + 1,
             lua_type(L, -1) == LUA_TTABLE
                 ? lua_pushfstring(L, "%I", (LUAI_UACINT)lua_rawlen(L, -1))
                 : luaL_typename(L, -1));
  luaL_checkstack(L, 4, "nested too deep");
  for (int64_t k = 1; k <= r->size[dim]; k++) {
    lua_rawgeti(L, -1, k);
    walk(r, dim + 1, each);
    lua_pop(L, 1);
  }
}

static void see(reader *r) {
  const int kind = kind_of(r->L, -1);
  if (r->kind == FROM_NOTHING || kind > r->kind) r->kind = kind;
}

static void put(reader *r) {
  lua_State *L = r->L;
  if (r->dtype == TC_float64) {
    *(double *)r->at = lua_isboolean(L, -1) ? lua_toboolean(L, -1) : lua_tonumber(L, -1);
    r->at = (double *)r->at + 1;
    return;
  }
  *(int64_t *)r->at = lua_isboolean(L, -1) ? lua_toboolean(L, -1) : lua_tointeger(L, -1);
  r->at = (int64_t *)r->at + 1;
}

static void convert(lua_State *L, tl_tensor *to, const tl_tensor *from) {
  tl_status(L, tl_current_op, tc_copy(&to->t, &from->t));
}

// The tensor on top holds values that Lua has written: a recorded step copies them from here each time.
static int literal(lua_State *L, const tl_tensor *x, tc_dtype dtype) {
  const bool noted = tc_is_recording();
  if (noted) tl_status(L, tl_current_op, tc_graph_keep(x->t.storage));
  if (dtype == (tc_dtype)x->t.dtype && !noted) return 1;
  tl_tensor *y = tl_new(L, &tc_cpu, dtype, x->t.ndim, x->t.size);
  convert(L, y, x);
  return 1;
}

// from_table(data, dtype): booleans give bool, integers int64, any float float32.
static int from_table(lua_State *L) {
  static const tc_dtype natural[] = {TC_bool, TC_int64, TC_float32, TC_float32};
  reader r = {.L = L, .kind = FROM_NOTHING};
  lua_settop(L, 2);
  find_sizes(&r, 1);
  lua_pushvalue(L, 1);
  walk(&r, 0, see);
  const tc_dtype dtype = lua_isnil(L, 2) ? natural[r.kind] : tl_check_dtype(L, 2);
  r.dtype = r.kind >= FROM_FLOATS ? TC_float64 : TC_int64;
  tl_tensor *wide = tl_new(L, &tc_cpu, r.dtype, r.ndim, r.size);
  r.at = wide->t.storage->data;
  lua_pushvalue(L, 1);
  walk(&r, 0, put);
  lua_pop(L, 1);
  return literal(L, wide, dtype);
}

// ---- to tables and numbers -------------------------------------------------------------------

// Pushes a contiguous copy in int64 or float64 and returns it.
static tl_tensor *widen(lua_State *L, const tl_tensor *x) {
  const bool floating = tc_is_float((tc_dtype)x->t.dtype);
  tl_tensor *wide = tl_new(L, &tc_cpu, floating ? TC_float64 : TC_int64, x->t.ndim, x->t.size);
  convert(L, wide, x);
  return wide;
}

static void push_element(lua_State *L, tc_dtype dtype, const tl_tensor *wide, int64_t k) {
  if (tc_is_float(dtype)) lua_pushnumber(L, ((const double *)wide->t.storage->data)[k]);
  else if (dtype == TC_bool) lua_pushboolean(L, ((const int64_t *)wide->t.storage->data)[k] != 0);
  else lua_pushinteger(L, ((const int64_t *)wide->t.storage->data)[k]);
}

static int64_t push_nested(lua_State *L, tc_dtype dtype, const tl_tensor *wide, int dim,
                           int64_t k) {
  if (dim == wide->t.ndim) {
    push_element(L, dtype, wide, k);
    return k + 1;
  }
  const int64_t n = wide->t.size[dim];
  luaL_checkstack(L, 4, "nested too deep");
  lua_createtable(L, (int)(n < 1 << 24 ? n : 0), 0);
  for (int64_t i = 1; i <= n; i++) {
    k = push_nested(L, dtype, wide, dim + 1, k);
    lua_rawseti(L, -2, i);
  }
  return k;
}

static int totable(lua_State *L) {
  const tl_tensor *x = tl_check_values(L, 1);
  tl_reads_values(L, "tolist");
  push_nested(L, (tc_dtype)x->t.dtype, widen(L, x), 0, 0);
  return 1;
}

static int item(lua_State *L) {
  const tl_tensor *x = tl_check_values(L, 1);
  char text[200];
  tl_reads_values(L, "item");
  if (tc_numel(&x->t) != 1)
    return tl_error(L, "item", 0, NULL, "a %s tensor has no single element",
                    tc_shape_text(&x->t, text, sizeof text));
  if (x->t.dtype == TC_float32 && tc_on_host(&x->t))
    lua_pushnumber(L, (double)*(const float *)tc_data(&x->t));
  else push_element(L, (tc_dtype)x->t.dtype, widen(L, x), 0);
  return 1;
}

// ---- bytes -----------------------------------------------------------------------------------

// from_bytes(string, sizes or nil, dtype): row by row, in the machine's byte order.
static int from_bytes(lua_State *L) {
  size_t bytes;
  const char *data = luaL_checklstring(L, 1, &bytes);
  const tc_dtype dtype = tl_check_dtype(L, 3);
  int64_t size[TC_MAX_DIMS] = {(int64_t)(bytes / tc_itemsize(dtype))};
  int ndim = 1;
  if (!lua_isnoneornil(L, 2)) {
    ndim = (int)lua_rawlen(L, 2);
    if (ndim > TC_MAX_DIMS) return tl_error(L, "from_bytes", 2, "sizes", "too many dimensions");
    for (int d = 0; d < ndim; d++) {
      lua_rawgeti(L, 2, d + 1);
      size[d] = luaL_checkinteger(L, -1);
      lua_pop(L, 1);
    }
  }
  size_t need = tc_itemsize(dtype);
  bool fits = true;
  for (int d = 0; d < ndim; d++)
    fits = fits && size[d] >= 0 && !__builtin_mul_overflow(need, (size_t)size[d], &need);
  if (!fits || need != bytes)
    return tl_error(L, "from_bytes", 1, "data", "%I bytes do not make a tensor of these sizes",
                    (LUAI_UACINT)bytes);
  tl_tensor *x = tl_new(L, &tc_cpu, dtype, ndim, size);
  if (bytes) memcpy(x->t.storage->data, data, bytes);
  if (dtype == TC_bool)  // any byte but zero is true; what C calls a bool must be 0 or 1
    for (size_t k = 0; k < bytes; k++) ((unsigned char *)x->t.storage->data)[k] = data[k] != 0;
  return literal(L, x, dtype);
}

static int to_bytes(lua_State *L) {
  const tl_tensor *x = tl_check_values(L, 1);
  tl_reads_values(L, "to_bytes");
  if (!tc_is_contiguous(&x->t) || !tc_on_host(&x->t)) {
    tl_tensor *y = tl_new(L, &tc_cpu, (tc_dtype)x->t.dtype, x->t.ndim, x->t.size);
    convert(L, y, x);
    x = y;
  }
  const size_t bytes = (size_t)tc_numel(&x->t) * tc_itemsize((tc_dtype)x->t.dtype);
  lua_pushlstring(L, bytes ? tc_data(&x->t) : "", bytes);
  return 1;
}

void tl_convert_open(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"from_table", from_table}, {"totable", totable},   {"item", item},
      {"from_bytes", from_bytes}, {"to_bytes", to_bytes}, {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
}
