// tocha.hdf5: the files of Keras, MATLAB 7.3 and many others, by libhdf5.
//
//   open(path, mode = "r")          "w" makes a new file; f:close(), also by <close>
//   f:walk()                        a list of { path, kind = "group" or "dataset", dtype, shape }
//   f:read(path)                    a tensor, a text, or a list of texts
//   f:send(path, stream, head = "") `head` and a tensor's bytes to an open file
//   f:attributes(path)              name -> tensor, text, or list of texts
//   f:group(path), f:write(path, tensor), f:set_attribute(path, name, text or list of texts)
//   apart(f, seconds, bytes)        f(stream) in a process of its own: hdf5_apart.h
//
// Numbers of up to 64 bits, halves (also bfloat16), booleans as h5py has them and texts; what has
// another type is listed without a dtype, and cannot be read. Links to other files, data in other
// files and virtual data sets are not followed. Sizes are checked before memory is taken: compressed
// data may be 1100 times their bytes, and what was never written 1 MiB.
//
// libhdf5 is not made for hostile files: damage can make it crash or spin. What comes from outside is
// therefore to be read inside `apart` (lua/tocha/io/hdf5.lua does).
#define _DEFAULT_SOURCE
#include "hdf5.h"

#include "hdf5_apart.h"
#include "hdf5_names.h"
#include "hdf5_write.h"

#define TEXTS "tocha.hdf5.texts"

enum { DENSEST = 1100, UNWRITTEN_MOST = 1 << 20 };

// How the values are wanted in memory. Halves and booleans stay as they are, but for the byte order.
static hid_t memory_type(lua_State *L, hid_t type, const char *dtype) {
  const hid_t known = native(dtype);
  if (known >= 0) return known;
  const hid_t own = hold(L, H5Tcopy(type), H5Tclose, "a type");
  if (H5Tget_size(own) > 1) H5Tset_order(own, H5T_ORDER_LE);
  return own;
}

// ---- a dataset or an attribute ------------------------------------------------------------------

typedef struct values {
  hid_t id, type, space;
  int is_attribute, ndim;
  int64_t size[TOCHA_MAX_DIMS];
  uint64_t count, stored;  // elements; bytes in the file
} values;

static herr_t values_read(const values *s, hid_t memory, void *to) {
  if (s->is_attribute) return H5Aread(s->id, memory, to);
  return H5Dread(s->id, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, to);
}

// 0 when there are too many dimensions or elements.
static int read_sizes(values *s) {
  hsize_t size[H5S_MAX_RANK];
  s->ndim = H5Sget_simple_extent_ndims(s->space);
  s->count = H5Sget_simple_extent_type(s->space) == H5S_NULL ? 0 : 1;
  if (s->ndim < 0 || s->ndim > TOCHA_MAX_DIMS) return 0;
  H5Sget_simple_extent_dims(s->space, size, NULL);
  for (int d = 0; d < s->ndim; d++) {
    if (size[d] > INT64_MAX || (s->count > 0 && size[d] > (uint64_t)INT64_MAX / 8 / s->count))
      return 0;
    s->size[d] = (int64_t)size[d];
    s->count *= size[d];
  }
  return 1;
}

// Are the data where they should be, and may they have as many elements as they say?
static int is_sound(lua_State *L, const values *s, size_t item) {
  if (s->count > (uint64_t)INT64_MAX / (item ? item : 1)) return 0;
  const uint64_t bytes = s->count * item;
  if (s->is_attribute) return bytes <= s->stored;
  const hid_t plist = hold(L, H5Dget_create_plist(s->id), H5Pclose, "a dataset");
  const H5D_layout_t layout = H5Pget_layout(plist);
  if (layout == H5D_VIRTUAL || H5Pget_external_count(plist) != 0) return 0;
  const uint64_t most = layout == H5D_CHUNKED ? s->stored * DENSEST : s->stored;
  return bytes <= UNWRITTEN_MOST || bytes <= most;
}

static void describe(lua_State *L, values *s, const char *path) {
  hold(L, s->type = s->is_attribute ? H5Aget_type(s->id) : H5Dget_type(s->id), H5Tclose, path);
  hold(L, s->space = s->is_attribute ? H5Aget_space(s->id) : H5Dget_space(s->id), H5Sclose, path);
  if (!read_sizes(s)) luaL_error(L, "hdf5: '%s' has too many dimensions or elements", path);
}

static void open_dataset(lua_State *L, values *s, hid_t file, const char *path) {
  memset(s, 0, sizeof *s);
  s->id = hold(L, H5Dopen2(file, path, H5P_DEFAULT), H5Dclose, path);
  describe(L, s, path);
  s->stored = H5Dget_storage_size(s->id);
}

static void open_attribute(lua_State *L, values *s, hid_t object, const char *name, uint64_t most) {
  memset(s, 0, sizeof *s);
  s->is_attribute = 1;
  s->id = hold(L, H5Aopen(object, name, H5P_DEFAULT), H5Aclose, name);
  describe(L, s, name);
  s->stored = most;
}

// ---- texts --------------------------------------------------------------------------------------

typedef struct texts {
  char *data;
  hid_t type, space;  // where the library has taken memory for each of them
} texts;

static int texts_close(lua_State *L) {
  texts *t = lua_touserdata(L, 1);
  if (t->data && t->type >= 0) H5Dvlen_reclaim(t->type, t->space, H5P_DEFAULT, t->data);
  free(t->data);
  t->data = NULL;
  return 0;
}

static void push_fixed(lua_State *L, const char *text, size_t size, H5T_str_t pad) {
  size_t n = pad == H5T_STR_NULLTERM ? strnlen(text, size) : size;
  const char filler = pad == H5T_STR_SPACEPAD ? ' ' : 0;
  while (n > 0 && pad != H5T_STR_NULLTERM && text[n - 1] == filler) n--;
  lua_pushlstring(L, text, n);
}

static void push_text(lua_State *L, const texts *t, hid_t memory, size_t k) {
  const size_t size = H5Tget_size(memory);
  if (t->type < 0) {
    push_fixed(L, t->data + k * size, size, H5Tget_strpad(memory));
    return;
  }
  const char *text = ((char **)(void *)t->data)[k];
  lua_pushstring(L, text ? text : "");
}

// A text, or a list of them where there is more than one place.
static int push_texts(lua_State *L, const values *s, const char *path) {
  const hid_t memory = hold(L, H5Tcopy(s->type), H5Tclose, path);
  const size_t item = H5Tget_size(memory);
  if (item == 0 || !is_sound(L, s, item))
    return luaL_error(L, "hdf5: '%s' promises more than it holds", path);
  texts *t = new_object(L, sizeof *t, TEXTS);
  t->type = t->space = -1;
  t->data = calloc(s->count + 1, item);
  if (!t->data) return luaL_error(L, "hdf5: not enough memory");
  if (values_read(s, memory, t->data) < 0) return fail(L, path);
  if (H5Tis_variable_str(memory) > 0) {
    t->type = memory;
    t->space = s->space;
  }
  if (s->ndim == 0 && s->count == 1) {
    push_text(L, t, memory, 0);
    return 1;
  }
  lua_newtable(L);
  for (size_t k = 0; k < s->count; k++) {
    push_text(L, t, memory, k);
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
  return 1;
}

// ---- values -------------------------------------------------------------------------------------

static void to_bool(void *data, uint64_t count) {
  uint8_t *bytes = data;
  for (uint64_t k = 0; k < count; k++) bytes[k] = bytes[k] != 0;
}

static int push_tensor(lua_State *L, const values *s, const char *dtype, const char *path) {
  const hid_t memory = memory_type(L, s->type, dtype);
  if (!is_sound(L, s, H5Tget_size(memory)))
    return luaL_error(L, "hdf5: '%s' promises more than it holds", path);
  tocha_array a;
  tocha_get_api(L)->create(L, dtype, s->ndim, s->size, &a);
  if (s->count > 0 && values_read(s, memory, a.data) < 0) return fail(L, path);
  if (strcmp(dtype, "bool") == 0) to_bool(a.data, s->count);
  return 1;
}

static int free_memory(lua_State *L) {
  void **m = lua_touserdata(L, 1);
  free(*m);
  *m = NULL;
  return 0;
}

#define MEMORY "tocha.hdf5.memory"

static int file_send(lua_State *L) {
  const hid_t file = check_file(L);
  const char *path = luaL_checkstring(L, 2);
  const luaL_Stream *stream = luaL_checkudata(L, 3, LUA_FILEHANDLE);
  size_t size;
  const char *head = luaL_optlstring(L, 4, "", &size);
  values s;
  open_dataset(L, &s, file, path);
  const char *dtype = dtype_of(s.type);
  if (!dtype) return luaL_error(L, "hdf5: '%s' holds no numbers", path);
  const hid_t memory = memory_type(L, s.type, dtype);
  const size_t item = H5Tget_size(memory);
  if (!is_sound(L, &s, item)) return luaL_error(L, "hdf5: '%s' promises more than it holds", path);
  void **data = new_object(L, sizeof *data, MEMORY);
  *data = malloc(s.count * item + 1);
  if (!*data) return luaL_error(L, "hdf5: not enough memory");
  if (s.count > 0 && values_read(&s, memory, *data) < 0) return fail(L, path);
  if (strcmp(dtype, "bool") == 0) to_bool(*data, s.count);
  if (fwrite(head, 1, size, stream->f) < size) return luaL_error(L, "hdf5: no room");
  if (fwrite(*data, item, s.count, stream->f) < s.count) return luaL_error(L, "hdf5: no room");
  return 0;
}

static int push_values(lua_State *L, const values *s, const char *path) {
  const char *dtype = dtype_of(s->type);
  if (dtype) return push_tensor(L, s, dtype, path);
  if (H5Tget_class(s->type) == H5T_STRING) return push_texts(L, s, path);
  return luaL_error(L, "hdf5: '%s' has a type that is not read", path);
}

static int file_read(lua_State *L) {
  const hid_t file = check_file(L);
  const char *path = luaL_checkstring(L, 2);
  values s;
  open_dataset(L, &s, file, path);
  return push_values(L, &s, path);
}

// ---- attributes ---------------------------------------------------------------------------------

// One value at the top: in a function of its own, which closes what it holds. Arguments: object,
// name, bytes of the file.
static int read_attribute(lua_State *L) {
  const box *object = lua_touserdata(L, 1);
  const char *name = lua_tostring(L, 2);
  values s;
  open_attribute(L, &s, object->id, name, (uint64_t)lua_tointeger(L, 3));
  const char *dtype = dtype_of(s.type);
  if (!dtype && H5Tget_class(s.type) != H5T_STRING) return 0;
  return push_values(L, &s, name);
}

static int file_attributes(lua_State *L) {
  const hid_t file = check_file(L);
  const char *path = luaL_checkstring(L, 2);
  hsize_t bytes = 0;
  H5Fget_filesize(file, &bytes);
  hold(L, H5Oopen(file, path, H5P_DEFAULT), H5Oclose, path);
  const int object = lua_gettop(L);
  const names *n = names_of(L, ((box *)lua_touserdata(L, object))->id);
  lua_newtable(L);
  for (hsize_t k = 0; k < n->used; k++) {
    lua_pushcfunction(L, read_attribute);
    lua_pushvalue(L, object);
    lua_pushstring(L, n->list[k]);
    lua_pushinteger(L, (lua_Integer)bytes);
    lua_call(L, 3, 1);
    lua_setfield(L, -2, n->list[k]);
  }
  return 1;
}

// ---- what is in a file --------------------------------------------------------------------------

static void push_shape(lua_State *L, const values *s) {
  lua_createtable(L, s->ndim, 0);
  for (int d = 0; d < s->ndim; d++) {
    lua_pushinteger(L, (lua_Integer)s->size[d]);
    lua_rawseti(L, -2, d + 1);
  }
}

// Dtype (nil, or "text") and shape of the dataset; arguments: file, path.
static int describe_dataset(lua_State *L) {
  values s;
  open_dataset(L, &s, check_file(L), lua_tostring(L, 2));
  const char *dtype = dtype_of(s.type);
  lua_pushstring(L, dtype ? dtype : H5Tget_class(s.type) == H5T_STRING ? "text" : NULL);
  push_shape(L, &s);
  return 2;
}

static void push_entry(lua_State *L, const entry *e) {
  lua_createtable(L, 0, 4);
  lua_pushstring(L, e->path);
  lua_setfield(L, -2, "path");
  lua_pushstring(L, e->kind ? "dataset" : "group");
  lua_setfield(L, -2, "kind");
  if (!e->kind) return;
  lua_pushcfunction(L, describe_dataset);
  lua_pushvalue(L, 1);
  lua_pushstring(L, e->path);
  lua_call(L, 2, 2);
  lua_setfield(L, -3, "shape");
  lua_setfield(L, -2, "dtype");
}

static int file_walk(lua_State *L) {
  const hid_t file = check_file(L);
  tree *t = new_object(L, sizeof *t, TREE);
  if (H5Lvisit(file, H5_INDEX_NAME, H5_ITER_INC, visit, t) < 0) return fail(L, "the groups");
  lua_createtable(L, (int)t->used, 0);
  for (size_t k = 0; k < t->used; k++) {
    push_entry(L, t->list + k);
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
  return 1;
}

// ---- files --------------------------------------------------------------------------------------

static int file_close(lua_State *L) {
  luaL_checkudata(L, 1, HDF5_FILE);
  return box_close(L);
}

static int open_file(lua_State *L) {
  static const char *const modes[] = {"r", "w", NULL};
  const char *path = luaL_checkstring(L, 1);
  const int writing = luaL_checkoption(L, 2, "r", modes);
  box *b = lua_newuserdatauv(L, sizeof *b, 0);
  *b = (box){-1, H5Fclose};
  luaL_setmetatable(L, HDF5_FILE);
  b->id = writing ? H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)
                  : H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
  if (b->id < 0) return fail(L, path);
  return 1;
}

static void make_class(lua_State *L, const char *name, lua_CFunction end) {
  new_class(L, name, end);
  lua_pop(L, 1);
}

static const luaL_Reg methods[] = {{"walk", file_walk},
                                   {"read", file_read},
                                   {"send", file_send},
                                   {"attributes", file_attributes},
                                   {"group", file_group},
                                   {"write", file_write},
                                   {"set_attribute", file_set_attribute},
                                   {"close", file_close},
                                   {NULL, NULL}};
static const luaL_Reg functions[] = {{"open", open_file}, {"apart", apart}, {NULL, NULL}};

__attribute__((visibility("default"))) int luaopen_tocha_hdf5(lua_State *L);
int luaopen_tocha_hdf5(lua_State *L) {
  if (H5open() < 0) return luaL_error(L, "libhdf5 does not start");
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  make_class(L, HDF5_BOX, box_close);
  make_class(L, MEMORY, free_memory);
  make_class(L, TEXTS, texts_close);
  make_class(L, NAMES, names_close);
  make_class(L, TREE, tree_close);
  new_class(L, HDF5_FILE, file_close);
  lua_newtable(L);
  luaL_setfuncs(L, methods, 0);
  lua_setfield(L, -2, "__index");
  luaL_newlib(L, functions);
  return 1;
}
