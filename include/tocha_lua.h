// Tensors for other Lua C modules: look at a tensor's memory, or make a tensor of memory of your own.
//
//   #include <tocha_lua.h>
//   const tocha_api *api = tocha_get_api(L);            // after require "tocha"; raises if it is not there
//
//   tocha_array a;
//   if (!api->read(L, 1, &a)) return luaL_error(L, "a tensor was expected");
//   float *x = a.data;                                  // if (strcmp(a.dtype, "float32") == 0)
//
//   int64_t size[] = {480, 640, 3};
//   api->from_blob(L, frame, "uint8", 3, size, NULL, my_free, my_context);   // pushes a tensor
//
// No linking is needed: the functions come through the Lua registry. Sizes and strides count
// elements. Memory read from a tensor is valid while the tensor is alive (keep it on the stack or
// referenced) and no assignment to its `data` happens; after writing call `written`, so that the
// tape notices. Memory given to `from_blob` must stay valid until `release` is called, which happens
// when the last tensor over it is collected, possibly on another thread than the one that made it.
#ifndef TOCHA_LUA_H
#define TOCHA_LUA_H

#include <lauxlib.h>
#include <lua.h>
#include <stdint.h>

#define TOCHA_API_VERSION 1
#define TOCHA_API_NAME "tocha.api"
#define TOCHA_MAX_DIMS 8

typedef struct tocha_array {
  void *data;          // the first element
  const char *dtype;   // "float32", ...; a static string
  const char *device;  // "cpu"
  int ndim;
  int64_t size[TOCHA_MAX_DIMS];
  int64_t stride[TOCHA_MAX_DIMS];
} tocha_array;

typedef struct tocha_api {
  int version;
  // The tensor at `index`; 0 when there is none (or it has no values).
  int (*read)(lua_State *L, int index, tocha_array *out);
  // Pushes a tensor over `data`; strides NULL: row by row. Raises a Lua error for an unknown dtype,
  // negative sizes or strides, too many dimensions, or no memory; `release` is not called then.
  void (*from_blob)(lua_State *L, void *data, const char *dtype, int ndim, const int64_t *size,
                    const int64_t *stride, void (*release)(void *context, void *data),
                    void *context);
  // Pushes a new tensor whose values are not set, and describes it.
  void (*create)(lua_State *L, const char *dtype, int ndim, const int64_t *size, tocha_array *out);
  // Tells that the values of the tensor at `index` were changed, by what (for error messages).
  void (*written)(lua_State *L, int index, const char *by);
} tocha_api;

static inline const tocha_api *tocha_get_api(lua_State *L) {
  lua_getfield(L, LUA_REGISTRYINDEX, TOCHA_API_NAME);
  const tocha_api *api = (const tocha_api *)lua_touserdata(L, -1);
  lua_pop(L, 1);
  if (!api) luaL_error(L, "tocha is not loaded: require \"tocha\" first");
  if (api->version != TOCHA_API_VERSION)
    luaL_error(L, "tocha's C interface has version %d, this module was built for %d", api->version,
               TOCHA_API_VERSION);
  return api;
}

#endif
