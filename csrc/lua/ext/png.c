// tocha.png: PNG to pixels and back, by libpng, on strings.
//
//   decode(bytes, depth = 8, limit = 1e8)    (H, W, C) uint8; with depth 16 int32 of 0..65535
//   encode(pixels, depth = 8, level = 6)     of such pixels the bytes
//
// C is 1 (grey), 2 (grey, opacity), 3 (colours) or 4 (colours, opacity); a palette is resolved. More
// than `limit` pixels, or more than so few bytes can hold, are refused before memory is taken.
// Damaged data are an error.
//
// libpng leaves by longjmp. It does so only inside the functions marked "jumps here", which call
// nothing of Lua's; all memory belongs to the userdata, whose __close and __gc give it back.
#include <png.h>
#include <setjmp.h>

#include "image.h"

#define CODEC "tocha.png.codec"

// Deflate makes at most 1032 bytes of one.
enum { MESSAGE = 128, DENSEST = 1032, MAX_SIDE = 0x7fffffff };

typedef struct codec {
  png_structp png;
  png_infop info;
  int writes;
  const unsigned char *at;  // what is read
  size_t left;
  bytes out;  // what is written
  png_bytep *rows;
  unsigned char *samples;  // 16 bits each, as PNG has them
  unsigned file_bits;      // of a pixel in the file
  char message[MESSAGE];
} codec;

static int codec_close(lua_State *L) {
  codec *c = luaL_checkudata(L, 1, CODEC);
  if (c->png && c->writes) png_destroy_write_struct(&c->png, &c->info);
  else if (c->png) png_destroy_read_struct(&c->png, &c->info, NULL);
  free(c->out.data);
  free(c->rows);
  free(c->samples);
  c->png = NULL;
  c->out.data = c->samples = NULL;
  c->rows = NULL;
  return 0;
}

static codec *new_codec(lua_State *L, int writes) {
  codec *c = new_object(L, sizeof *c, CODEC);
  c->writes = writes;
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
  if (!bytes_append(&c->out, from, n)) png_error(png, "not enough memory");
}

static void on_flush(png_structp png) { (void)png; }

static int fail(lua_State *L, const codec *c) {
  return luaL_error(L, "png: %s", c->message[0] ? c->message : "not enough memory");
}

static int point_rows(codec *c, unsigned char *data, int64_t height, size_t bytes) {
  c->rows = malloc((size_t)height * sizeof *c->rows);
  for (int64_t i = 0; c->rows && i < height; i++) c->rows[i] = data + (size_t)i * bytes;
  return c->rows != NULL;
}

// ---- reading ------------------------------------------------------------------------------------

// Jumps here.
static int read_header(codec *c) {
  if (setjmp(png_jmpbuf(c->png))) return 0;
  png_set_read_fn(c->png, c, on_read);
  png_set_user_limits(c->png, MAX_SIDE, MAX_SIDE);
  png_read_info(c->png, c->info);
  c->file_bits = (unsigned)png_get_bit_depth(c->png, c->info) * png_get_channels(c->png, c->info);
  return 1;
}

// Jumps here: says what the rows shall be turned into.
static int transform(codec *c, int depth) {
  if (setjmp(png_jmpbuf(c->png))) return 0;
  const int type = png_get_color_type(c->png, c->info);
  const int bits = png_get_bit_depth(c->png, c->info);
  if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(c->png);
  if (type == PNG_COLOR_TYPE_GRAY && bits < 8) png_set_expand_gray_1_2_4_to_8(c->png);
  if (png_get_valid(c->png, c->info, PNG_INFO_tRNS)) png_set_tRNS_to_alpha(c->png);
  if (depth == 8 && bits == 16) png_set_scale_16(c->png);
  if (depth == 16 && bits < 16) png_set_expand_16(c->png);
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

// Two bytes a sample to 32 bits, from the last to the first, in one piece of memory.
static void widen(unsigned char *data, int64_t n) {
  for (int64_t k = n - 1; k >= 0; k--) {
    const int32_t v = data[2 * k] << 8 | data[2 * k + 1];
    memcpy(data + 4 * k, &v, sizeof v);
  }
}

static int decode(lua_State *L) {
  const int depth = (int)luaL_optinteger(L, 2, 8);
  luaL_argcheck(L, depth == 8 || depth == 16, 2, "expected 8 or 16");
  const source s = check_source(L, 3);
  codec *c = new_codec(L, 0);
  c->at = (const unsigned char *)s.data;
  c->left = s.size;
  c->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, c, on_error, on_warning);
  if (c->png) c->info = png_create_info_struct(c->png);
  if (!c->info || !read_header(c)) return fail(L, c);
  check_size(L, "png", png_get_image_width(c->png, c->info), png_get_image_height(c->png, c->info),
             s.limit, s.size, DENSEST * 8 / c->file_bits);
  if (!transform(c, depth)) return fail(L, c);
  const int64_t shape[] = {png_get_image_height(c->png, c->info),
                           png_get_image_width(c->png, c->info), png_get_channels(c->png, c->info)};
  tocha_array a;
  tocha_get_api(L)->create(L, depth == 16 ? "int32" : "uint8", 3, shape, &a);
  if (!point_rows(c, a.data, shape[0], png_get_rowbytes(c->png, c->info)) || !read_rows(c))
    return fail(L, c);
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
  png_set_user_limits(c->png, MAX_SIDE, MAX_SIDE);
  png_set_compression_level(c->png, level);
  png_set_IHDR(c->png, c->info, (png_uint_32)a->size[1], (png_uint_32)a->size[0], depth,
               color_types[a->size[2]], PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(c->png, c->info);
  png_write_image(c->png, c->rows);
  png_write_end(c->png, NULL);
  return 1;
}

static unsigned char *narrow(codec *c, const int32_t *from, int64_t n) {
  c->samples = malloc((size_t)n * 2);
  for (int64_t k = 0; c->samples && k < n; k++) {
    const int32_t v = from[k] < 0 ? 0 : from[k] > 65535 ? 65535 : from[k];
    c->samples[2 * k] = (unsigned char)(v >> 8);
    c->samples[2 * k + 1] = (unsigned char)(v & 255);
  }
  return c->samples;
}

static int encode(lua_State *L) {
  const int depth = (int)luaL_optinteger(L, 2, 8), level = (int)luaL_optinteger(L, 3, 6);
  luaL_argcheck(L, depth == 8 || depth == 16, 2, "expected 8 or 16");
  luaL_argcheck(L, level >= 0 && level <= 9, 3, "expected a level in 0..9");
  tocha_array a;
  if (!tocha_get_api(L)->read(L, 1, &a) ||
      !is_pixels(&a, depth == 16 ? "int32" : "uint8", MAX_SIDE, 1, 4))
    return luaL_argerror(L, 1, "expected contiguous (H, W, C) pixels, C in 1..4");
  lua_settop(L, 1);
  codec *c = new_codec(L, 1);
  const int64_t samples = a.size[1] * a.size[2];
  unsigned char *data = depth == 16 ? narrow(c, a.data, a.size[0] * samples) : a.data;
  c->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, c, on_error, on_warning);
  if (c->png) c->info = png_create_info_struct(c->png);
  if (!data || !c->info || !point_rows(c, data, a.size[0], (size_t)(samples * depth / 8)) ||
      !write_all(c, &a, depth, level))
    return fail(L, c);
  lua_pushlstring(L, (const char *)c->out.data, c->out.used);
  return 1;
}

static const luaL_Reg functions[] = {{"decode", decode}, {"encode", encode}, {NULL, NULL}};

__attribute__((visibility("default"))) int luaopen_tocha_png(lua_State *L);
int luaopen_tocha_png(lua_State *L) {
  new_class(L, CODEC, codec_close);
  luaL_newlib(L, functions);
  return 1;
}
