// The tensor as Lua sees it: userdata, its life, its properties.
#include <string.h>

#include "graph.h"

static const uint64_t MAGIC = 0x31726f736e6574;  // "tensor1"
// Two metatables, alike but for __gc: a tensor whose values lie inside its userdata needs none.
static const char heap_key = 0, small_key = 0;

tl_tensor *tl_to(lua_State *L, int index) {
  tl_tensor *x = lua_touserdata(L, index);
  if (!x || lua_rawlen(L, index) < sizeof *x) return NULL;
  return x->magic == MAGIC ? x : NULL;
}

tl_tensor *tl_check(lua_State *L, int index) {
  tl_tensor *x = tl_to(L, index);
  if (!x)
    tl_error(L, tl_current_op, index, NULL, "expected a tensor, got %s", luaL_typename(L, index));
  return x;
}

tl_tensor *tl_check_values(lua_State *L, int index) {
  tl_tensor *x = tl_check(L, index);
  if (!x->t.storage) tl_error(L, tl_current_op, index, NULL, "the tensor has no values");
  return x;
}

static tl_tensor *push_userdata(lua_State *L, size_t extra, const void *metatable) {
  tl_tensor *x = lua_newuserdatauv(L, sizeof *x + extra, 3);
  x->magic = MAGIC;
  x->t.storage = NULL;
  x->t.offset = 0;
  x->t.ndim = 0;
  x->requires_grad = x->is_view = x->kept = x->unseen = false;
  x->view_version = 0;
  x->ghost_of = NULL;
  lua_rawgetp(L, LUA_REGISTRYINDEX, metatable);
  lua_setmetatable(L, -2);
  return x;
}

tl_tensor *tl_push(lua_State *L) { return push_userdata(L, 0, &small_key); }

tl_tensor *tl_push_heap(lua_State *L) { return push_userdata(L, 0, &heap_key); }

static bool owns_storage(const tl_tensor *x) {
  return x->t.storage && x->t.storage->embedded && x->t.storage == tl_own_storage(x);
}

void tl_share(lua_State *L, int from, int to, bool view) {
  const tl_tensor *x = tl_to(L, from);
  tl_tensor *y = tl_to(L, to);
  tc_storage *s = x->t.storage;
  if (x == y) return;
  to = lua_absindex(L, to);
  from = lua_absindex(L, from);
  if (s) tc_storage_retain(s);
  tc_tensor_free(&y->t);
  y->t = x->t;
  lua_rawgetp(L, LUA_REGISTRYINDEX, s && !s->embedded ? &heap_key : &small_key);
  lua_setmetatable(L, to);
  if (!view && !(s && s->embedded)) return;
  // A view's history needs its base; an embedded storage lives as long as its owner.
  if (x->is_view || (s && s->embedded && !owns_storage(x))) lua_getiuservalue(L, from, TL_BASE);
  else lua_pushvalue(L, from);
  lua_setiuservalue(L, to, TL_BASE);
}

// What shares a small tensor's storage would keep the whole tensor alive, and its graph with it.
void tl_promote(lua_State *L, int index) {
  tl_tensor *x = tl_to(L, index);
  if (!owns_storage(x) || atomic_load(&x->t.storage->refs) != 1) return;
  tc_storage *old = x->t.storage, *s;
  index = lua_absindex(L, index);
  tl_status(L, tl_current_op, tc_storage_new(old->device, old->bytes, &s));
  memcpy(s->data, old->data, old->bytes);
  s->version = old->version;
  s->watched = old->watched;
  x->t.storage = s;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &heap_key);
  lua_setmetatable(L, index);
}

// ---- memory ----------------------------------------------------------------------------------

// Small tensors live inside their userdata: one allocation, no finaliser. Tests turn it off by 0.
static atomic_size_t small_limit = 4097;
enum { ROOM = (sizeof(tl_tensor) + 15) / 16 * 16 - sizeof(tl_tensor) };

const tc_storage *tl_own_storage(const tl_tensor *x) {
  return (const tc_storage *)(const void *)((const char *)x + sizeof *x + ROOM);
}

static tl_tensor *new_small(lua_State *L, const tc_tensor *shape, size_t bytes) {
  enum { HEAD = (sizeof(tc_storage) + 15) / 16 * 16 };
  tl_tensor *x = push_userdata(L, ROOM + HEAD + bytes, &small_key);
  char *place = (char *)x + sizeof *x + ROOM;
  x->t = *shape;
  x->t.storage = (tc_storage *)(void *)place;
  tc_storage_embed(x->t.storage, &tc_cpu, place + HEAD, bytes);
  return x;
}

static tc_status new_storage(lua_State *L, const tc_device *device, size_t bytes, tl_tensor *x) {
  const tc_status status = tc_storage_new(device, bytes, &x->t.storage);
  if (status != TC_NO_MEMORY) return status;
  tl_collect(L);
  tc_memory_empty_cache();
  return tc_storage_new(device, bytes, &x->t.storage);
}

void tl_set_small_limit(size_t bytes) { small_limit = bytes; }

tl_tensor *tl_new(lua_State *L, const tc_device *device, tc_dtype dtype, int ndim,
                  const int64_t *size) {
  tc_tensor shape;
  size_t bytes = 0;
  tl_status(L, tl_current_op, tc_tensor_shape(&shape, dtype, ndim, size, &bytes));
  if (bytes < small_limit && device == &tc_cpu && !tc_has_recording())
    return new_small(L, &shape, bytes);
  tl_pace(L, bytes);
  tl_tensor *x = tl_push_heap(L);
  x->t = shape;
  tl_status(L, tl_current_op, new_storage(L, device, bytes, x));
  return x;
}

tl_tensor *tl_new_like(lua_State *L, const tc_device *device, tc_dtype dtype,
                       const tc_tensor *like) {
  tl_tensor *x = tl_new(L, device, dtype, like->ndim, like->size);
  if (tc_is_channels_last(like)) tc_set_channels_last(&x->t);
  return x;
}

tl_tensor *tl_adopt(lua_State *L, tc_tensor *t) {
  tl_tensor *x = tl_push_heap(L);
  x->t = *t;
  t->storage = NULL;
  tl_pace(L, x->t.storage->bytes);
  return x;
}

// Also called by hand, on anything.
static int tensor_gc(lua_State *L) {
  tl_tensor *x = tl_to(L, 1);
  if (x) tc_tensor_free(&x->t);
  return 0;
}

// ---- indexing and properties -----------------------------------------------------------------

void tl_push_shape(lua_State *L, const tc_tensor *t) {
  lua_createtable(L, t->ndim, 0);
  for (int d = 0; d < t->ndim; d++) {
    lua_pushinteger(L, t->size[d]);
    lua_rawseti(L, -2, d + 1);
  }
}

static int get_shape(lua_State *L) {
  tl_push_shape(L, &tl_check(L, 1)->t);
  return 1;
}

static int get_ndim(lua_State *L) {
  lua_pushinteger(L, tl_check(L, 1)->t.ndim);
  return 1;
}

void tl_push_grad(lua_State *L, int index) {
  lua_getiuservalue(L, index, TL_GRAD);
  tl_tensor *g = tl_to(L, -1);
  if (g) g->unseen = false;
}

// Properties are so often read that each is a case, not a call.
enum { GET_SHAPE = 1, GET_DTYPE, GET_DEVICE, GET_NDIM, GET_REQUIRES_GRAD, GET_GRAD, GET_NODE };

static void push_property(lua_State *L, const tl_tensor *x, lua_Integer which) {
  switch (which) {
    case GET_SHAPE: tl_push_shape(L, &x->t); break;
    case GET_DTYPE: lua_pushstring(L, tc_dtype_table[x->t.dtype].name); break;
    case GET_DEVICE: lua_pushstring(L, tl_device(x)->name); break;
    case GET_NDIM: lua_pushinteger(L, x->t.ndim); break;
    case GET_REQUIRES_GRAD: lua_pushboolean(L, x->requires_grad); break;
    case GET_GRAD:
      tl_grad_used(L, 1, true);
      tl_push_grad(L, 1);
      break;
    case GET_NODE: tl_push_node(L, 1); break;
    default: lua_pushnil(L); break;
  }
}

static void push_properties(lua_State *L) {
  static const char *const names[] = {"shape",         "dtype", "device", "ndim",
                                      "requires_grad", "grad",  "node"};
  lua_newtable(L);
  for (int k = 0; k < GET_NODE; k++) {
    lua_pushinteger(L, k + 1);
    lua_setfield(L, -2, names[k]);
  }
}

// Neither method nor property: perhaps a method of a family that is not loaded yet.
static int missing(lua_State *L) {
  if (lua_getfield(L, lua_upvalueindex(3), "missing") == LUA_TNIL) return 1;
  lua_insert(L, 1);
  lua_settop(L, 3);
  lua_call(L, 2, 1);
  return 1;
}

// Upvalues: methods, properties, hooks (whose `index` serves every key that is not a string).
static int tensor_index(lua_State *L) {
  if (lua_type(L, 2) == LUA_TSTRING) {
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(2)) == LUA_TNIL) return missing(L);
    push_property(L, tl_check(L, 1), lua_tointeger(L, -1));
    return 1;
  }
  lua_getfield(L, lua_upvalueindex(3), "index");
  lua_insert(L, 1);
  lua_call(L, 2, 1);
  return 1;
}

static int tensor_newindex(lua_State *L) {
  lua_getfield(L, lua_upvalueindex(1), lua_type(L, 2) == LUA_TSTRING ? "set" : "newindex");
  lua_insert(L, 1);
  lua_call(L, 3, 0);
  return 0;
}

static int tensor_tostring(lua_State *L) {
  tl_reads_values(L, "print");
  lua_settop(L, 1);
  lua_getfield(L, lua_upvalueindex(1), "tostring");
  lua_insert(L, 1);
  lua_call(L, 1, 1);
  return 1;
}

static int tensor_len(lua_State *L) {
  const tl_tensor *x = tl_check(L, 1);
  if (x->t.ndim == 0) return tl_error(L, "#", 0, NULL, "a 0-d tensor has no length");
  lua_pushinteger(L, x->t.size[0]);
  return 1;
}

// ---- plain methods ---------------------------------------------------------------------------

static int64_t check_dim(lua_State *L, const tl_tensor *x, int arg) {
  int64_t d = luaL_checkinteger(L, arg);
  if (d < 0) d += x->t.ndim + 1;
  if (d < 1 || d > x->t.ndim)
    tl_error(L, "size", 2, "dim", "%I is out of range for a tensor of %d dimensions",
             (LUAI_UACINT)luaL_checkinteger(L, arg), x->t.ndim);
  return d - 1;
}

static int tensor_size(lua_State *L) {
  const tl_tensor *x = tl_check(L, 1);
  if (lua_isnoneornil(L, 2)) return get_shape(L);
  lua_pushinteger(L, x->t.size[check_dim(L, x, 2)]);
  return 1;
}

static int tensor_stride(lua_State *L) {
  const tl_tensor *x = tl_check(L, 1);
  if (!lua_isnoneornil(L, 2)) {
    lua_pushinteger(L, x->t.stride[check_dim(L, x, 2)]);
    return 1;
  }
  lua_createtable(L, x->t.ndim, 0);
  for (int d = 0; d < x->t.ndim; d++) {
    lua_pushinteger(L, x->t.stride[d]);
    lua_rawseti(L, -2, d + 1);
  }
  return 1;
}

static int tensor_numel(lua_State *L) {
  lua_pushinteger(L, tc_numel(&tl_check(L, 1)->t));
  return 1;
}

// is_contiguous(format): also "channels_last" (four dimensions) or "channels_last_3d" (five), by name
// or as {memory_format = }.
static int tensor_is_contiguous(lua_State *L) {
  static const char *const formats[] = {"contiguous_format", "preserve_format", "channels_last",
                                        "channels_last_3d", NULL};
  const tc_tensor *t = &tl_check(L, 1)->t;
  if (lua_istable(L, 2)) {
    lua_getfield(L, 2, "memory_format");
    lua_replace(L, 2);
  }
  const int format = luaL_checkoption(L, 2, formats[0], formats);
  lua_pushboolean(L, format < 2 ? tc_is_contiguous(t)
                                : t->ndim == format + 2 && tc_lies_channels_last(t));
  return 1;
}

static int tensor_storage_offset(lua_State *L) {
  lua_pushinteger(L, tl_check(L, 1)->t.offset);
  return 1;
}

static int tensor_is_floating_point(lua_State *L) {
  lua_pushboolean(L, tc_is_float((tc_dtype)tl_check(L, 1)->t.dtype));
  return 1;
}

static int tensor_element_size(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)tc_itemsize((tc_dtype)tl_check(L, 1)->t.dtype));
  return 1;
}

static int tensor_is_same_size(lua_State *L) {
  lua_pushboolean(L, tc_same_shape(&tl_check(L, 1)->t, &tl_check(L, 2)->t));
  return 1;
}

static const luaL_Reg methods[] = {{"size", tensor_size},
                                   {"stride", tensor_stride},
                                   {"numel", tensor_numel},
                                   {"nelement", tensor_numel},
                                   {"dim", get_ndim},
                                   {"is_contiguous", tensor_is_contiguous},
                                   {"storage_offset", tensor_storage_offset},
                                   {"is_floating_point", tensor_is_floating_point},
                                   {"element_size", tensor_element_size},
                                   {"is_same_size", tensor_is_same_size},
                                   {NULL, NULL}};

// ---- metatables ------------------------------------------------------------------------------

// One metatable; methods, properties and hooks are at `base` and after.
static void make_metatable(lua_State *L, int base, const char *name, const void *key) {
  lua_newtable(L);
  for (int k = 0; k < 3; k++) lua_pushvalue(L, base + k);
  lua_pushcclosure(L, tensor_index, 3);
  lua_setfield(L, -2, "__index");
  lua_pushvalue(L, base + 2);
  lua_pushcclosure(L, tensor_newindex, 1);
  lua_setfield(L, -2, "__newindex");
  lua_pushvalue(L, base + 2);
  lua_pushcclosure(L, tensor_tostring, 1);
  lua_setfield(L, -2, "__tostring");
  lua_pushcfunction(L, tensor_gc);
  lua_setfield(L, -2, "__close");
  lua_pushcfunction(L, tensor_len);
  lua_setfield(L, -2, "__len");
  lua_pushliteral(L, "tocha.Tensor");
  lua_setfield(L, -2, "__name");
  if (key == &heap_key) {
    lua_pushcfunction(L, tensor_gc);
    lua_setfield(L, -2, "__gc");
  }
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, key);
  lua_setfield(L, base - 1, name);
}

// The module gets the metatables, the methods and the hooks that Lua fills in.
static void make_metatables(lua_State *L) {
  const int base = lua_gettop(L) + 1;
  luaL_newlib(L, methods);
  push_properties(L);
  lua_newtable(L);
  make_metatable(L, base, "metatable", &heap_key);
  make_metatable(L, base, "small_metatable", &small_key);
  lua_setfield(L, base - 1, "hooks");
  lua_pop(L, 1);
  lua_setfield(L, base - 1, "methods");
}

void tl_tensor_open(lua_State *L) { make_metatables(L); }
