// tocha.png: PNG to pixels and back, by libpng, on strings.
//
//   decode(bytes, depth = 8, limit = 1e8)   -> (H, W, C) uint8, or int32 of 0..65535 where depth is 16
//   encode(pixels, level = 6, depth = 8)    (H, W, C) uint8 (int32 for depth 16), C in 1..4 -> bytes
//
// C is 1 (grey), 2 (grey, opacity), 3 (colours), 4 (colours, opacity); a palette is resolved. `limit`
// is the greatest number of pixels; it is looked at before memory is taken, as is whether so few bytes
// can hold so many. Damaged data is an error.
//
// libpng leaves by longjmp. It may do so only inside the functions marked "jumps here", which call
// nothing of Lua's; all memory belongs to the userdata, whose __gc gives it back.
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "../../../include/tocha_lua.h"

#define CODEC "tocha.png.codec"

// Deflate makes of one byte at most 1032.
enum { MESSAGE = 128, DENSEST = 1032, SLACK = 4096 };

typedef struct codec {
  png_structp png;
  png_infop info;
  int writes;
  const unsigned char *at;  // what is read
  size_t left;
  unsigned char *out;  // what is written, malloc'ed
  size_t used, room;
  png_bytep *rows;
  char message[MESSAGE];
} codec;

static int codec_close(lua_State *L) {
  codec *c = luaL_checkudata(L, 1, CODEC);
  if (c->png && c->writes) png_destroy_write_struct(&c->png, &c->info);
  else if (c->png) png_destroy_read_struct(&c->png, &c->info, NULL);
  free(c->out);
  free(c->rows);
  c->png = NULL;
  c->out = NULL;
  c->rows = NULL;
  return 0;
}

static codec *new_codec(lua_State *L, int writes) {
  codec *c = lua_newuserdatauv(L, sizeof *c, 0);
  memset(c, 0, sizeof *c);
  c->writes = writes;
  luaL_setmetatable(L, CODEC);
  lua_toclose(L, -1);
  return c;
}

static void on_error(png_structp png, png_const_charp message) {
  codec *c = png_get_error_ptr(png);
  strncpy(c->message, message, MESSAGE - 1);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void on_read(png_structp png, png_bytep to, size_t n) {
  codec *c = png_get_io_ptr(png);
  if (n > c->left) png_error(png, "the data end too early");
  memcpy(to, c->at, n);
  c->at += n;
  c->left -= n;
}

static void on_write(png_structp png, png_bytep from, size_t n) {
  codec *c = png_get_io_ptr(png);
  if (n > c->room - c->used) {
    const size_t room = (c->used + n) * 2;
    unsigned char *bigger = realloc(c->out, room);
    if (!bigger) png_error(png, "not enough memory");
    c->out = bigger;
    c->room = room;
  }
  memcpy(c->out + c->used, from, n);
  c->used += n;
}

static void on_flush(png_structp png) { (void)png; }

static int fail(lua_State *L, const codec *c, const char *what) {
  return luaL_error(L, "%s: %s", what, c->message[0] ? c->message : "not enough memory");
}

// ---- reading ------------------------------------------------------------------------------------

// Jumps here: the header, and what the rows shall be turned into.
static int read_header(codec *c, int depth) {
  if (setjmp(png_jmpbuf(c->png))) return 0;
  png_set_read_fn(c->png, c, on_read);
  png_set_user_limits(c->png, 0x7fffffff, 0x7fffffff);
  png_read_info(c->png, c->info);
  const int type = png_get_color_type(c->png, c->info);
  const int bits = png_get_bit_depth(c->png, c->info);
  if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(c->png);
  if (type == PNG_COLOR_TYPE_GRAY && bits < 8) png_set_expand_gray_1_2_4_to_8(c->png);
  if (png_get_valid(c->png, c->info, PNG_INFO_tRNS)) png_set_tRNS_to_alpha(c->png);
  if (depth == 8 && bits == 16) png_set_scale_16(c->png);
  if (depth == 16 && bits < 16) png_set_expand_16(c->png);
  if (depth == 16) png_set_swap(c->png);
  png_set_interlace_handling(c->png);
  png_read_update_info(c->png, c->info);
  return 1;
}

// Jumps here.
static int read_rows(codec *c) {
  if (setjmp(png_jmpbuf(c->png))) return 0;
  png_read_image(c->png, c->rows);
  png_read_end(c->png, NULL);
  return 1;
}

static int check_size(lua_State *L, const codec *c, lua_Integer limit) {
  const uint64_t w = png_get_image_width(c->png, c->info);
  const uint64_t h = png_get_image_height(c->png, c->info);
  const uint64_t bits =
      (uint64_t)png_get_bit_depth(c->png, c->info) * png_get_channels(c->png, c->info);
  (void)bits;
  if (w * h > (uint64_t)limit)
    return luaL_error(L, "png: %d x %d pixels are more than the limit of %d", (int)w, (int)h,
                      (int)limit);
  return 0;
}

static int point_rows(codec *c, unsigned char *data, int64_t height, size_t bytes) {
  c->rows = malloc((size_t)height * sizeof *c->rows);
  for (int64_t i = 0; c->rows && i < height; i++) c->rows[i] = data + (size_t)i * bytes;
  return c->rows != NULL;
}

// 16 bits to 32, from the last to the first, in one piece of memory.
static void widen(void *data, int64_t n) {
  const unsigned char *from = data;
  unsigned char *to = data;
  for (int64_t k = n - 1; k >= 0; k--) {
    uint16_t v;
    memcpy(&v, from + 2 * k, sizeof v);
    const int32_t wide = v;
    memcpy(to + 4 * k, &wide, sizeof wide);
  }
}

static int decode(lua_State *L) {
  size_t size;
  const char *bytes = luaL_checklstring(L, 1, &size);
  const int depth = (int)luaL_optinteger(L, 2, 8);
  const lua_Integer limit = luaL_optinteger(L, 3, 100000000);
  luaL_argcheck(L, depth == 8 || depth == 16, 2, "expected 8 or 16");
  lua_settop(L, 1);
  codec *c = new_codec(L, 0);
  c->at = (const unsigned char *)bytes;
  c->left = size;
  c->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, c, on_error, on_warning);
  if (c->png) c->info = png_create_info_struct(c->png);
  if (!c->info || !read_header(c, depth)) return fail(L, c, "png");
  check_size(L, c, limit);
  const size_t row = png_get_rowbytes(c->png, c->info);
  const int64_t shape[] = {png_get_image_height(c->png, c->info),
                           png_get_image_width(c->png, c->info), png_get_channels(c->png, c->info)};
  if ((uint64_t)row * (uint64_t)shape[0] / DENSEST > (uint64_t)size * 64 + SLACK)
    return luaL_error(L, "png: the data end too early");
  tocha_array a;
  tocha_get_api(L)->create(L, depth == 16 ? "int32" : "uint8", 3, shape, &a);
  if (!point_rows(c, a.data, shape[0], row) || !read_rows(c)) return fail(L, c, "png");
  if (depth == 16) widen(a.data, shape[0] * shape[1] * shape[2]);
  return 1;
}

// ---- writing ------------------------------------------------------------------------------------

static const int color_types[] = {0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA,
                                  PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};

// Jumps here.
static int write_all(codec *c, const tocha_array *a, int depth, int level) {
  if (setjmp(png_jmpbuf(c->png))) return 0;
  png_set_write_fn(c->png, c, on_write, on_flush);
  png_set_user_limits(c->png, 0x7fffffff, 0x7fffffff);
  png_set_compression_level(c->png, level);
  png_set_IHDR(c->png, c->info, (png_uint_32)a->size[1], (png_uint_32)a->size[0], depth,
               color_types[a->size[2]], PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(c->png, c->info);
  png_write_image(c->png, c->rows);
  png_write_end(c->png, NULL);
  return 1;
}

static int is_pixels(const tocha_array *a, const char *dtype) {
  return strcmp(a->dtype, dtype) == 0 && a->ndim == 3 && a->size[0] > 0 && a->size[1] > 0 &&
         a->size[2] >= 1 && a->size[2] <= 4 && a->stride[2] == 1 && a->stride[1] == a->size[2] &&
         a->stride[0] == a->size[1] * a->size[2] && a->size[0] < 0x7fffffff &&
         a->size[1] < 0x7fffffff;
}

static int encode(lua_State *L) {
  const int level = (int)luaL_optinteger(L, 2, 6), depth = (int)luaL_optinteger(L, 3, 8);
  luaL_argcheck(L, level >= 0 && level <= 9, 2, "expected a level in 0..9");
  tocha_array a;
  if (!tocha_get_api(L)->read(L, 1, &a) || !is_pixels(&a, "uint8"))
    return luaL_argerror(L, 1, "expected a contiguous (H, W, C) tensor of uint8, C in 1..4");
  lua_settop(L, 1);
  codec *c = new_codec(L, 1);
  c->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, c, on_error, on_warning);
  if (c->png) c->info = png_create_info_struct(c->png);
  if (!c->info || !point_rows(c, a.data, a.size[0], (size_t)(a.size[1] * a.size[2])) ||
      !write_all(c, &a, depth, level))
    return fail(L, c, "png");
  lua_pushlstring(L, (const char *)c->out, c->used);
  return 1;
}

static const luaL_Reg functions[] = {{"decode", decode}, {"encode", encode}, {NULL, NULL}};

__attribute__((visibility("default"))) int luaopen_tocha_png(lua_State *L);
int luaopen_tocha_png(lua_State *L) {
  luaL_newmetatable(L, CODEC);
  lua_pushcfunction(L, codec_close);
  lua_setfield(L, -2, "__gc");
  lua_pushcfunction(L, codec_close);
  lua_setfield(L, -2, "__close");
  luaL_newlib(L, functions);
  return 1;
}
