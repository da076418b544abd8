// What the parts of tocha.hdf5 share: ids of the library that are given back, errors, types.
#ifndef TOCHA_HDF5_H
#define TOCHA_HDF5_H

#define H5_USE_110_API
#include <hdf5.h>

#include "image.h"

#define HDF5_FILE "tocha.hdf5.file"
#define HDF5_BOX "tocha.hdf5.box"

// ---- what is to be given back -------------------------------------------------------------------

// An id of the library, closed when the function that holds it ends or fails.
typedef struct box {
  hid_t id;
  herr_t (*close)(hid_t);
} box;

static int box_close(lua_State *L) {
  box *b = lua_touserdata(L, 1);
  if (b->id >= 0 && b->close) b->close(b->id);
  b->id = -1;
  return 0;
}

static box *new_box(lua_State *L, herr_t (*close)(hid_t)) {
  box *b = new_object(L, sizeof *b, HDF5_BOX);
  b->id = -1;
  b->close = close;
  return b;
}

static herr_t last_words(unsigned n, const H5E_error2_t *error, void *to) {
  (void)n;
  *(const char **)to = error->desc;
  return 0;
}

static int fail(lua_State *L, const char *what) {
  const char *why = NULL;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, last_words, &why);
  return luaL_error(L, "hdf5: %s%s%s", what, why ? ": " : "", why ? why : "");
}

static hid_t hold(lua_State *L, hid_t id, herr_t (*close)(hid_t), const char *what) {
  if (id < 0) fail(L, what);
  box *b = new_box(L, close);
  b->id = id;
  return id;
}

// ---- types --------------------------------------------------------------------------------------

static const char *integer_dtype(size_t size, int is_signed) {
  static const char *const with_sign[] = {"int8", "int16", "int32", "int64"};
  static const char *const without[] = {"uint8", "int32", "int64", "int64"};  // held by wider ones
  const int k = size == 1 ? 0 : size == 2 ? 1 : size == 4 ? 2 : size == 8 ? 3 : -1;
  return k < 0 ? NULL : is_signed ? with_sign[k] : without[k];
}

static const char *float_dtype(hid_t type, size_t size) {
  size_t sign, exponent, exponent_bits, mantissa, mantissa_bits;
  if (size == 4) return "float32";
  if (size >= 8) return "float64";
  if (size != 2) return NULL;
  if (H5Tget_fields(type, &sign, &exponent, &exponent_bits, &mantissa, &mantissa_bits) < 0)
    return NULL;
  return exponent_bits == 5 ? "float16" : exponent_bits == 8 ? "bfloat16" : NULL;
}

// The dtype of a numeric type; NULL where there is none.
static const char *dtype_of(hid_t type) {
  const size_t size = H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER: return integer_dtype(size, H5Tget_sign(type) == H5T_SGN_2);
    case H5T_FLOAT: return float_dtype(type, size);
    case H5T_ENUM: return size == 1 && H5Tget_nmembers(type) == 2 ? "bool" : NULL;
    default: return NULL;
  }
}

static const struct {
  const char *dtype;
  const hid_t *id;
} natives[] = {{"uint8", &H5T_NATIVE_UINT8_g},   {"int8", &H5T_NATIVE_INT8_g},
               {"int16", &H5T_NATIVE_INT16_g},   {"int32", &H5T_NATIVE_INT32_g},
               {"int64", &H5T_NATIVE_INT64_g},   {"float32", &H5T_NATIVE_FLOAT_g},
               {"float64", &H5T_NATIVE_DOUBLE_g}};

static hid_t native(const char *dtype) {
  for (size_t k = 0; k < sizeof natives / sizeof *natives; k++)
    if (strcmp(natives[k].dtype, dtype) == 0) return *natives[k].id;
  return -1;
}

static hid_t check_file(lua_State *L) {
  const box *b = luaL_checkudata(L, 1, HDF5_FILE);
  if (b->id < 0) luaL_error(L, "hdf5: the file is closed");
  return b->id;
}

#endif
