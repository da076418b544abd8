// The functions behind include/tocha_lua.h, and the registry entry through which they are found.
#include <string.h>

#include "../../include/tocha_lua.h"
#include "graph.h"

_Static_assert(TOCHA_MAX_DIMS == (int)TC_MAX_DIMS,
               "the public header speaks of as many dimensions");

static void describe(const tl_tensor *x, tocha_array *out) {
  out->data = tc_data(&x->t);
  out->dtype = tc_dtype_table[x->t.dtype].name;
  out->device = x->t.storage->device->name;
  out->ndim = x->t.ndim;
  memcpy(out->size, x->t.size, sizeof out->size);
  memcpy(out->stride, x->t.stride, sizeof out->stride);
}

static int api_read(lua_State *L, int index, tocha_array *out) {
  const tl_tensor *x = tl_to(L, index);
  if (!x || !x->t.storage) return 0;
  tl_reads_values(L, "a C function");
  describe(x, out);
  return 1;
}

static tc_dtype dtype_named(lua_State *L, const char *name) {
  lua_pushstring(L, name);
  const tc_dtype d = tl_check_dtype(L, -1);
  lua_pop(L, 1);
  return d;
}

// The elements from the first to the last that the strides reach.
static size_t reach(lua_State *L, const tc_tensor *t) {
  int64_t last = 0;
  for (int d = 0; d < t->ndim; d++) {
    int64_t step;
    if (t->size[d] == 0) return 0;
    if (t->stride[d] < 0 || __builtin_mul_overflow(t->size[d] - 1, t->stride[d], &step) ||
        __builtin_add_overflow(last, step, &last) || last >= INT64_MAX / 16)
      tl_error(L, "from_blob", 0, NULL, "stride %d is negative or reaches too far", d + 1);
  }
  return (size_t)last + 1;
}

static void api_from_blob(lua_State *L, void *data, const char *dtype, int ndim,
                          const int64_t *size, const int64_t *stride,
                          void (*release)(void *, void *), void *context) {
  tc_tensor t;
  size_t bytes = 0;
  tl_reads_values(L, "from_blob");
  tl_status(L, "from_blob", tc_tensor_shape(&t, dtype_named(L, dtype), ndim, size, &bytes));
  if (stride) memcpy(t.stride, stride, (size_t)ndim * sizeof *stride);
  bytes = reach(L, &t) * tc_itemsize((tc_dtype)t.dtype);
  tl_tensor *x = tl_push_heap(L);
  tl_status(L, "from_blob", tc_storage_wrap(&tc_cpu, data, bytes, release, context, &t.storage));
  x->t = t;
}

static void api_create(lua_State *L, const char *dtype, int ndim, const int64_t *size,
                       tocha_array *out) {
  tl_reads_values(L, "a C function");
  describe(tl_new(L, &tc_cpu, dtype_named(L, dtype), ndim, size), out);
}

static void api_written(lua_State *L, int index, const char *by) {
  tl_check_values(L, index);
  tl_after_write(L, by, lua_absindex(L, index));
}

void tl_api_open(lua_State *L) {
  static tocha_api api = {TOCHA_API_VERSION, api_read, api_from_blob, api_create, api_written};
  lua_pushlightuserdata(L, &api);
  lua_setfield(L, LUA_REGISTRYINDEX, TOCHA_API_NAME);
}
