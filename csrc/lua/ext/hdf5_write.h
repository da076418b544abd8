// The writing half of tocha.hdf5: groups, tensors, texts as attributes.
#ifndef TOCHA_HDF5_WRITE_H
#define TOCHA_HDF5_WRITE_H

#include "hdf5.h"

static hid_t making_groups(lua_State *L) {
  const hid_t plist = hold(L, H5Pcreate(H5P_LINK_CREATE), H5Pclose, "a list of properties");
  H5Pset_create_intermediate_group(plist, 1);
  return plist;
}

static int file_group(lua_State *L) {
  const hid_t file = check_file(L);
  const char *path = luaL_checkstring(L, 2);
  const hid_t links = making_groups(L);
  hold(L, H5Gcreate2(file, path, links, H5P_DEFAULT, H5P_DEFAULT), H5Gclose, path);
  return 0;
}

// The type in the file: little-endian numbers; half precision and booleans are made by hand.
static hid_t stored_type(lua_State *L, const char *dtype) {
  const hid_t known = native(dtype);
  if (known >= 0) return known;
  if (strcmp(dtype, "bool") == 0) {
    const hid_t e = hold(L, H5Tenum_create(H5T_NATIVE_INT8), H5Tclose, dtype);
    H5Tenum_insert(e, "FALSE", &(int8_t){0});
    H5Tenum_insert(e, "TRUE", &(int8_t){1});
    return e;
  }
  if (strcmp(dtype, "float16") != 0)
    luaL_error(L, "hdf5: %s has no type there (write float32)", dtype);
  const hid_t half = hold(L, H5Tcopy(H5T_IEEE_F32LE), H5Tclose, dtype);
  H5Tset_fields(half, 15, 10, 5, 0, 10);
  H5Tset_size(half, 2);
  H5Tset_ebias(half, 15);
  return half;
}

static int file_write(lua_State *L) {
  const hid_t file = check_file(L);
  const char *path = luaL_checkstring(L, 2);
  tocha_array a;
  if (!tocha_get_api(L)->read(L, 3, &a) || !is_contiguous(&a) || strcmp(a.device, "cpu") != 0)
    return luaL_argerror(L, 3, "expected a contiguous tensor on the CPU");
  hsize_t size[TOCHA_MAX_DIMS];
  for (int d = 0; d < a.ndim; d++) size[d] = (hsize_t)a.size[d];
  const hid_t type = stored_type(L, a.dtype), links = making_groups(L);
  const hid_t space = hold(L, a.ndim ? H5Screate_simple(a.ndim, size, NULL) : H5Screate(H5S_SCALAR),
                           H5Sclose, path);
  const hid_t set =
      hold(L, H5Dcreate2(file, path, type, space, links, H5P_DEFAULT, H5P_DEFAULT), H5Dclose, path);
  if (H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, a.data) < 0) return fail(L, path);
  return 0;
}

// A text, of any length.
static void write_text(lua_State *L, hid_t object, const char *name) {
  const char *text = lua_tostring(L, 4);
  const hid_t type = hold(L, H5Tcopy(H5T_C_S1), H5Tclose, name);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  const hid_t space = hold(L, H5Screate(H5S_SCALAR), H5Sclose, name);
  const hid_t attribute =
      hold(L, H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, name);
  if (H5Awrite(attribute, type, &text) < 0) fail(L, name);
}

// A list of texts, as long as the longest one each, as NumPy has them.
static void write_texts(lua_State *L, hid_t object, const char *name) {
  const hsize_t count = lua_rawlen(L, 4);
  size_t longest = 1;
  for (lua_Integer k = 1; k <= (lua_Integer)count; k++) {
    size_t n;
    lua_rawgeti(L, 4, k);
    luaL_checklstring(L, -1, &n);
    if (n > longest) longest = n;
    lua_pop(L, 1);
  }
  char *data = lua_newuserdatauv(L, count * longest + 1, 0);
  memset(data, 0, count * longest + 1);
  for (lua_Integer k = 1; k <= (lua_Integer)count; k++) {
    size_t n;
    lua_rawgeti(L, 4, k);
    const char *text = lua_tolstring(L, -1, &n);
    memcpy(data + (size_t)(k - 1) * longest, text, n);
    lua_pop(L, 1);
  }
  const hid_t type = hold(L, H5Tcopy(H5T_C_S1), H5Tclose, name);
  H5Tset_size(type, longest);
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  const hid_t space = hold(L, H5Screate_simple(1, &count, NULL), H5Sclose, name);
  const hid_t attribute =
      hold(L, H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, name);
  if (H5Awrite(attribute, type, data) < 0) fail(L, name);
}

static int file_set_attribute(lua_State *L) {
  const hid_t file = check_file(L);
  const char *path = luaL_checkstring(L, 2), *name = luaL_checkstring(L, 3);
  const int is_list = lua_istable(L, 4);
  if (!is_list) luaL_checkstring(L, 4);
  lua_settop(L, 4);
  const hid_t object = hold(L, H5Oopen(file, path, H5P_DEFAULT), H5Oclose, path);
  (is_list ? write_texts : write_text)(L, object, name);
  return 0;
}

#endif
