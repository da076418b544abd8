// A Lua C module of somebody else, for spec/capi_spec.lua: uses nothing but include/tocha_lua.h.
#include <stdlib.h>
#include <string.h>
#include <tocha_lua.h>

static int released;

static void give_back(void *context, void *data) {
  (void)context;
  free(data);
  released++;
}

// ramp(n): a float64 tensor over malloc'ed memory, 0, 1, 2, ...
static int ramp(lua_State *L) {
  const int64_t n = luaL_checkinteger(L, 1);
  double *data = malloc((size_t)n * sizeof *data + 1);
  for (int64_t i = 0; i < n; i++) data[i] = (double)i;
  tocha_get_api(L)->from_blob(L, data, "float64", 1, &n, NULL, give_back, NULL);
  return 1;
}

// columns(rows, cols): an int32 tensor that reads its memory column by column.
static int columns(lua_State *L) {
  const int64_t size[] = {luaL_checkinteger(L, 1), luaL_checkinteger(L, 2)};
  const int64_t stride[] = {1, size[0]};
  int32_t *data = malloc((size_t)(size[0] * size[1]) * sizeof *data + 1);
  for (int32_t i = 0; i < size[0] * size[1]; i++) data[i] = i;
  tocha_get_api(L)->from_blob(L, data, "int32", 2, size, stride, give_back, NULL);
  return 1;
}

// bad(dtype): asks for a tensor of this dtype over a static array.
static int bad(lua_State *L) {
  static float data[4];
  const int64_t size[] = {2, 2};
  tocha_get_api(L)->from_blob(L, data, luaL_checkstring(L, 1), 2, size, NULL, NULL, NULL);
  return 1;
}

// scale(t, factor): multiplies a contiguous float32 tensor in place.
static int scale(lua_State *L) {
  const tocha_api *api = tocha_get_api(L);
  const float factor = (float)luaL_checknumber(L, 2);
  tocha_array a;
  if (!api->read(L, 1, &a)) return luaL_error(L, "a tensor was expected");
  if (strcmp(a.dtype, "float32") != 0) return luaL_error(L, "float32 was expected");
  int64_t n = 1;
  for (int d = 0; d < a.ndim; d++) n *= a.size[d];
  for (int64_t i = 0; i < n; i++) ((float *)a.data)[i] *= factor;
  api->written(L, 1, "blob.scale");
  return 0;
}

static int squares(lua_State *L) {
  const int64_t n = luaL_checkinteger(L, 1);
  tocha_array a;
  tocha_get_api(L)->create(L, "int64", 1, &n, &a);
  for (int64_t i = 0; i < n; i++) ((int64_t *)a.data)[i] = i * i;
  return 1;
}

static int released_count(lua_State *L) {
  lua_pushinteger(L, released);
  return 1;
}

int luaopen_blob(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"ramp", ramp},       {"columns", columns},         {"bad", bad}, {"scale", scale},
      {"squares", squares}, {"released", released_count}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
