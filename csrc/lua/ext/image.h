// What the picture codecs share: which tensors are pixels, bytes that grow, the limit of pixels.
#ifndef TOCHA_IMAGE_H
#define TOCHA_IMAGE_H

#include <stdlib.h>
#include <string.h>

#include "../../../include/tocha_lua.h"

enum { MOST_PIXELS = 100000000 };

// Row by row without gaps; the stride of a dimension of size 1 does not matter.
static inline int is_contiguous(const tocha_array *a) {
  int64_t step = 1;
  for (int d = a->ndim - 1; d >= 0; d--) {
    if (a->size[d] != 1 && a->stride[d] != step) return 0;
    step *= a->size[d];
  }
  return 1;
}

// (H, W, C) of the dtype, with sides of 1 to max_side and least to most channels?
static inline int is_pixels(const tocha_array *a, const char *dtype, int64_t max_side, int least,
                            int most) {
  return strcmp(a->dtype, dtype) == 0 && a->ndim == 3 && a->size[0] > 0 && a->size[1] > 0 &&
         a->size[0] <= max_side && a->size[1] <= max_side && a->size[2] >= least &&
         a->size[2] <= most && is_contiguous(a);
}

// Raises an error when w x h pixels are more than the limit, or more than so many bytes of a file can
// hold when each makes at most `densest` of them.
static inline void check_size(lua_State *L, const char *format, uint64_t w, uint64_t h,
                              lua_Integer limit, size_t bytes, uint64_t densest) {
  if (w == 0 || h == 0) luaL_error(L, "%s: the picture is empty", format);
  if (w * h > (uint64_t)limit)
    luaL_error(L, "%s: %I x %I pixels are more than the limit of %I", format, (LUAI_UACINT)w,
               (LUAI_UACINT)h, (LUAI_UACINT)limit);
  if (w * h / densest > bytes) luaL_error(L, "%s: the data end too early", format);
}

// ---- memory that Lua owns -----------------------------------------------------------------------

// A class whose objects are given back by `end`, at the end of the function that made them or when
// they are collected.
static inline void new_class(lua_State *L, const char *name, lua_CFunction end) {
  luaL_newmetatable(L, name);
  lua_pushcfunction(L, end);
  lua_setfield(L, -2, "__gc");
  lua_pushcfunction(L, end);
  lua_setfield(L, -2, "__close");
}

// A new object of the class, all zero, to be closed when the C function that runs ends or fails.
static inline void *new_object(lua_State *L, size_t size, const char *name) {
  void *object = lua_newuserdatauv(L, size, 0);
  memset(object, 0, size);
  luaL_setmetatable(L, name);
  lua_toclose(L, -1);
  return object;
}

// ---- bytes --------------------------------------------------------------------------------------

// What is to be decoded: the string at 1, and the limit of pixels at `limit_arg`.
typedef struct source {
  const char *data;
  size_t size;
  lua_Integer limit;
} source;

// Leaves only the string on the stack.
static inline source check_source(lua_State *L, int limit_arg) {
  source s;
  s.data = luaL_checklstring(L, 1, &s.size);
  s.limit = luaL_optinteger(L, limit_arg, MOST_PIXELS);
  luaL_argcheck(L, s.limit > 0, limit_arg, "expected a number above 0");
  lua_settop(L, 1);
  return s;
}

typedef struct bytes {
  unsigned char *data;  // malloc'ed
  size_t used, room;
} bytes;

// 0 when there is no memory.
static inline int bytes_append(bytes *b, const void *from, size_t n) {
  if (n > b->room - b->used) {
    const size_t room = (b->used + n) * 2;
    unsigned char *bigger = realloc(b->data, room);
    if (!bigger) return 0;
    b->data = bigger;
    b->room = room;
  }
  memcpy(b->data + b->used, from, n);
  b->used += n;
  return 1;
}

#endif
