// tocha.webp: WebP to pixels and back, by libwebp and libwebpdemux, on strings.
//
//   decode(bytes, limit = 1e8)       (H, W, C) uint8; C is 3, or 4 with opacity; of an animation the
//                                    first picture
//   frames(bytes, limit = 1e8)       {{pixels = (H, W, 4), delay = milliseconds}, ...}; the limit
//                                    counts the pixels of all
//   encode(pixels, quality = 75, lossless = false)   of pixels (H, W, 3 or 4) the bytes
//
// More than `limit` pixels are refused before memory is taken. Damaged data are an error.
//
// libwebp returns its errors; all memory belongs to the userdata, whose __close and __gc give it back.
#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>

#include "image.h"

#define CODEC "tocha.webp.codec"

typedef struct codec {
  WebPAnimDecoder *animation;
  WebPPicture picture;
  WebPMemoryWriter out;
} codec;

static int codec_close(lua_State *L) {
  codec *c = luaL_checkudata(L, 1, CODEC);
  WebPAnimDecoderDelete(c->animation);  // which may be NULL
  WebPPictureFree(&c->picture);
  WebPMemoryWriterClear(&c->out);
  c->animation = NULL;
  return 0;
}

static int damaged(lua_State *L) {
  return luaL_error(L, "webp: the data are damaged or end too early");
}

// ---- reading ------------------------------------------------------------------------------------

static WebPBitstreamFeatures check_header(lua_State *L, const source *s) {
  WebPBitstreamFeatures f;
  if (WebPGetFeatures((const uint8_t *)s->data, s->size, &f) != VP8_STATUS_OK) damaged(L);
  check_size(L, "webp", (uint64_t)f.width, (uint64_t)f.height, s->limit, SIZE_MAX, 1);
  return f;
}

static WebPAnimDecoder *new_animation(lua_State *L, const source *s) {
  codec *c = new_object(L, sizeof *c, CODEC);
  WebPAnimDecoderOptions options;
  if (!WebPAnimDecoderOptionsInit(&options)) luaL_error(L, "webp: another version of the library");
  options.color_mode = MODE_RGBA;
  const WebPData data = {(const uint8_t *)s->data, s->size};
  c->animation = WebPAnimDecoderNew(&data, &options);
  if (!c->animation) damaged(L);
  return c->animation;
}

// Pushes the next picture; returns when it ends, in milliseconds from the beginning.
static int push_picture(lua_State *L, WebPAnimDecoder *animation) {
  WebPAnimInfo info;
  uint8_t *page;
  int end = 0;
  if (!WebPAnimDecoderGetInfo(animation, &info) || !WebPAnimDecoderGetNext(animation, &page, &end))
    damaged(L);
  const int64_t shape[] = {info.canvas_height, info.canvas_width, 4};
  tocha_array a;
  tocha_get_api(L)->create(L, "uint8", 3, shape, &a);
  memcpy(a.data, page, (size_t)(shape[0] * shape[1]) * 4);
  return end;
}

static int decode(lua_State *L) {
  const source s = check_source(L, 2);
  const WebPBitstreamFeatures f = check_header(L, &s);
  if (f.has_animation) {
    push_picture(L, new_animation(L, &s));
    return 1;
  }
  const int64_t shape[] = {f.height, f.width, f.has_alpha ? 4 : 3};
  const size_t row = (size_t)(shape[1] * shape[2]), size = row * (size_t)shape[0];
  tocha_array a;
  tocha_get_api(L)->create(L, "uint8", 3, shape, &a);
  const uint8_t *done = (f.has_alpha ? WebPDecodeRGBAInto : WebPDecodeRGBInto)(
      (const uint8_t *)s.data, s.size, a.data, size, (int)row);
  return done ? 1 : damaged(L);
}

static int frames(lua_State *L) {
  const source s = check_source(L, 2);
  const WebPBitstreamFeatures f = check_header(L, &s);
  WebPAnimDecoder *animation = new_animation(L, &s);
  WebPAnimInfo info;
  if (!WebPAnimDecoderGetInfo(animation, &info)) return damaged(L);
  check_size(L, "webp", (uint64_t)f.width * (uint64_t)f.height, info.frame_count, s.limit, SIZE_MAX,
             1);
  lua_newtable(L);
  int start = 0;
  for (lua_Integer k = 1; WebPAnimDecoderHasMoreFrames(animation); k++) {
    lua_createtable(L, 0, 2);
    const int end = push_picture(L, animation);
    lua_setfield(L, -2, "pixels");
    lua_pushinteger(L, end - start);
    lua_setfield(L, -2, "delay");
    lua_rawseti(L, -2, k);
    start = end;
  }
  return 1;
}

// ---- writing ------------------------------------------------------------------------------------

// Opaque pixels are written without opacity; what is under clear ones is kept (exact).
static int write_all(codec *c, const tocha_array *a, float quality, int lossless) {
  WebPConfig config;
  if (!WebPConfigInit(&config) || !WebPPictureInit(&c->picture)) return 0;
  config.quality = quality;
  config.lossless = lossless;
  config.exact = 1;
  WebPMemoryWriterInit(&c->out);
  c->picture.use_argb = lossless;
  c->picture.height = (int)a->size[0];
  c->picture.width = (int)a->size[1];
  c->picture.writer = WebPMemoryWrite;
  c->picture.custom_ptr = &c->out;
  const int stride = (int)(a->size[1] * a->size[2]);
  return (a->size[2] == 4 ? WebPPictureImportRGBA : WebPPictureImportRGB)(&c->picture, a->data,
                                                                          stride) &&
         WebPEncode(&config, &c->picture);
}

static int encode(lua_State *L) {
  const lua_Number quality = luaL_optnumber(L, 2, 75);
  luaL_argcheck(L, quality >= 0 && quality <= 100, 2, "expected a quality in 0..100");
  const int lossless = lua_toboolean(L, 3);
  tocha_array a;
  if (!tocha_get_api(L)->read(L, 1, &a) || !is_pixels(&a, "uint8", WEBP_MAX_DIMENSION, 3, 4))
    return luaL_argerror(L, 1,
                         "expected contiguous (H, W, C) pixels of uint8, C 3 or 4, sides up "
                         "to 16383");
  lua_settop(L, 1);
  codec *c = new_object(L, sizeof *c, CODEC);
  if (!write_all(c, &a, (float)quality, lossless))
    return luaL_error(L, "webp: the picture was not written (error %d of libwebp)",
                      (int)c->picture.error_code);
  lua_pushlstring(L, (const char *)c->out.mem, c->out.size);
  return 1;
}

static const luaL_Reg functions[] = {
    {"decode", decode}, {"frames", frames}, {"encode", encode}, {NULL, NULL}};

__attribute__((visibility("default"))) int luaopen_tocha_webp(lua_State *L);
int luaopen_tocha_webp(lua_State *L) {
  new_class(L, CODEC, codec_close);
  luaL_newlib(L, functions);
  return 1;
}
