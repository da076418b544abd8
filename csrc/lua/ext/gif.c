// tocha.gif: GIF to pixels, and animations to GIF, by giflib, on strings.
//
//   decode(bytes, limit = 1e8)     the first picture, (H, W, 4) uint8: colours and opacity
//   frames(bytes, limit = 1e8)     all: {{pixels = (H, W, 4), delay = 1/100 s}, ...}, each as one sees
//                                  it; the limit counts the pixels of all
//   encode(width, height, frames)  an animation that repeats for ever, of frames
//       { pixels = (h, w) uint8, palette = bytes of red, green, blue, x =, y =, delay = 1/100 s,
//         transparent = number or nil }
//
// A frame is drawn over those before it. More than `limit` pixels, or more than so few bytes can hold,
// are refused before memory is taken. Damaged data are an error.
//
// giflib returns its errors; all memory belongs to the userdata, whose __close and __gc give it back.
#include <gif_lib.h>

#include "image.h"

#define CODEC "tocha.gif.codec"

// LZW makes at most 4096 pixels of a code, which has three bits and more.
enum { DENSEST = 4096 * 8 / 3, COLORS = 256, MAX_SIDE = 65535 };

typedef struct codec {
  GifFileType *gif;
  int writes;
  const unsigned char *at;  // what is read
  size_t left;
  bytes out;  // what is written
  GifPixelType *row;
  ColorMapObject *map;
} codec;

static int codec_close(lua_State *L) {
  codec *c = luaL_checkudata(L, 1, CODEC);
  int error;
  if (c->gif && c->writes) EGifCloseFile(c->gif, &error);
  else if (c->gif) DGifCloseFile(c->gif, &error);
  free(c->out.data);
  free(c->row);
  if (c->map) GifFreeMapObject(c->map);
  memset(c, 0, sizeof *c);
  return 0;
}

static codec *new_codec(lua_State *L, int writes) {
  codec *c = new_object(L, sizeof *c, CODEC);
  c->writes = writes;
  return c;
}

static int fail(lua_State *L, const codec *c) {
  const char *message = c->gif ? GifErrorString(c->gif->Error) : NULL;
  return luaL_error(L, "gif: %s", message ? message : "the data are damaged");
}

// ---- reading ------------------------------------------------------------------------------------

static int on_read(GifFileType *gif, GifByteType *to, int n) {
  codec *c = gif->UserData;
  const size_t count = (size_t)n < c->left ? (size_t)n : c->left;
  memcpy(to, c->at, count);
  c->at += count;
  c->left -= count;
  return (int)count;
}

static const GraphicsControlBlock NO_CONTROL = {.TransparentColor = NO_TRANSPARENT_COLOR};

// What a graphics control block says; its first byte is its length.
static GraphicsControlBlock control_of(const GifByteType *block) {
  GraphicsControlBlock control = NO_CONTROL;
  DGifExtensionToGCB(block[0], block + 1, &control);
  return control;
}

enum { FAILED = -1, ENDED, FOUND };

// Goes on to the next picture; what a block before it says of it goes to *control.
static int find_picture(GifFileType *gif, GraphicsControlBlock *control) {
  GifRecordType type;
  *control = NO_CONTROL;
  for (;;) {
    if (DGifGetRecordType(gif, &type) == GIF_ERROR) return FAILED;
    if (type == TERMINATE_RECORD_TYPE) return ENDED;
    if (type == IMAGE_DESC_RECORD_TYPE) return DGifGetImageDesc(gif) == GIF_OK ? FOUND : FAILED;
    if (type != EXTENSION_RECORD_TYPE) continue;
    int code;
    GifByteType *block;
    if (DGifGetExtension(gif, &code, &block) == GIF_ERROR) return FAILED;
    if (code == GRAPHICS_EXT_FUNC_CODE && block) *control = control_of(block);
    while (block)
      if (DGifGetExtensionNext(gif, &block) == GIF_ERROR) return FAILED;
  }
}

// A row of the picture into the page, as far as it lies on it; 0 for a colour that is not there.
static int put_row(const GifFileType *gif, const ColorMapObject *map, const GifPixelType *row,
                   int y, int clear, unsigned char *page) {
  const GifImageDesc *image = &gif->Image;
  const int top = image->Top + y;
  for (int x = 0; x < image->Width; x++) {
    if (row[x] >= map->ColorCount) return 0;
    const int left = image->Left + x;
    if (row[x] == clear || top >= gif->SHeight || left >= gif->SWidth) continue;
    unsigned char *to = page + ((size_t)top * (size_t)gif->SWidth + (size_t)left) * 4;
    const GifColorType *color = &map->Colors[row[x]];
    to[0] = color->Red;
    to[1] = color->Green;
    to[2] = color->Blue;
    to[3] = 255;
  }
  return 1;
}

static int read_rows(codec *c, const ColorMapObject *map, int clear, unsigned char *page) {
  static const int first[] = {0, 4, 2, 1}, step[] = {8, 8, 4, 2};
  const GifImageDesc *image = &c->gif->Image;
  for (int pass = 0; pass < (image->Interlace ? 4 : 1); pass++) {
    const int by = image->Interlace ? step[pass] : 1;
    for (int y = image->Interlace ? first[pass] : 0; y < image->Height; y += by)
      if (DGifGetLine(c->gif, c->row, image->Width) == GIF_ERROR ||
          !put_row(c->gif, map, c->row, y, clear, page))
        return 0;
  }
  return 1;
}

static codec *open_file(lua_State *L, const source *s) {
  codec *c = new_codec(L, 0);
  c->at = (const unsigned char *)s->data;
  c->left = s->size;
  int error = 0;
  c->gif = DGifOpen(c, on_read, &error);
  if (!c->gif) luaL_error(L, "gif: %s", GifErrorString(error));
  check_size(L, "gif", (uint64_t)c->gif->SWidth, (uint64_t)c->gif->SHeight, s->limit, SIZE_MAX, 1);
  return c;
}

// The picture that was found, over what is on the page.
static void draw(lua_State *L, codec *c, const source *s, int clear, unsigned char *page) {
  const GifFileType *gif = c->gif;
  const ColorMapObject *map = gif->Image.ColorMap ? gif->Image.ColorMap : gif->SColorMap;
  if (!map) luaL_error(L, "gif: the picture has no colors");
  check_size(L, "gif", (uint64_t)gif->Image.Width, (uint64_t)gif->Image.Height, s->limit, s->size,
             DENSEST);
  free(c->row);
  c->row = malloc((size_t)gif->Image.Width);
  if (!c->row || !read_rows(c, map, clear, page)) fail(L, c);
}

// Pushes a page and gives its pixels.
static unsigned char *new_page(lua_State *L, const GifFileType *gif, const unsigned char *from) {
  const int64_t shape[] = {gif->SHeight, gif->SWidth, 4};
  const size_t size = (size_t)(shape[0] * shape[1]) * 4;
  tocha_array a;
  tocha_get_api(L)->create(L, "uint8", 3, shape, &a);
  if (from) memcpy(a.data, from, size);
  else memset(a.data, 0, size);
  return a.data;
}

static int decode(lua_State *L) {
  const source s = check_source(L, 2);
  codec *c = open_file(L, &s);
  GraphicsControlBlock control;
  if (find_picture(c->gif, &control) != FOUND) return fail(L, c);
  draw(L, c, &s, control.TransparentColor, new_page(L, c->gif, NULL));
  return 1;
}

// ---- animations ---------------------------------------------------------------------------------

// The picture's place on the page becomes clear, as a browser does it.
static void wipe(const GifFileType *gif, unsigned char *page) {
  const GifImageDesc *image = &gif->Image;
  const int right = image->Left + image->Width, bottom = image->Top + image->Height;
  const int end = right < gif->SWidth ? right : gif->SWidth;
  for (int y = image->Top; y < bottom && y < gif->SHeight; y++)
    for (int x = image->Left; x < end; x++)
      memset(page + ((size_t)y * (size_t)gif->SWidth + (size_t)x) * 4, 0, 4);
}

static void *pixels_at(lua_State *L, int index) {
  tocha_array a;
  tocha_get_api(L)->read(L, index, &a);
  return a.data;
}

// The page at `below` when the picture of the page `top` is over; which may be the same page.
static int page_after(lua_State *L, const GifFileType *gif, int disposal, int below, int top) {
  if (disposal == DISPOSE_PREVIOUS) return below;
  if (disposal != DISPOSE_BACKGROUND) return top;
  wipe(gif, new_page(L, gif, pixels_at(L, top)));
  return lua_gettop(L);
}

// On the stack: the string, the codec, the list, the page below, the page of this picture.
static int frames(lua_State *L) {
  const source s = check_source(L, 2);
  codec *c = open_file(L, &s);
  const int list = 3, below = 4, page = 5;
  lua_newtable(L);
  new_page(L, c->gif, NULL);
  GraphicsControlBlock control;
  int found;
  for (lua_Integer k = 1; (found = find_picture(c->gif, &control)) == FOUND; k++) {
    check_size(L, "gif", (uint64_t)c->gif->SWidth * (uint64_t)c->gif->SHeight, (uint64_t)k, s.limit,
               SIZE_MAX, 1);
    draw(L, c, &s, control.TransparentColor, new_page(L, c->gif, pixels_at(L, below)));
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, page);
    lua_setfield(L, -2, "pixels");
    lua_pushinteger(L, control.DelayTime);
    lua_setfield(L, -2, "delay");
    lua_rawseti(L, list, k);
    lua_copy(L, page_after(L, c->gif, control.DisposalMode, below, page), below);
    lua_settop(L, below);
  }
  if (found == FAILED || lua_rawlen(L, list) == 0) return fail(L, c);
  lua_settop(L, list);
  return 1;
}

// ---- writing ------------------------------------------------------------------------------------

static int on_write(GifFileType *gif, const GifByteType *from, int n) {
  codec *c = gif->UserData;
  return bytes_append(&c->out, from, (size_t)n) ? n : 0;
}

// Netscape's block, by which an animation repeats for ever.
static int put_loop(GifFileType *gif) {
  static const unsigned char times[] = {1, 0, 0};
  return EGifPutExtensionLeader(gif, APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
         EGifPutExtensionBlock(gif, 11, "NETSCAPE2.0") == GIF_OK &&
         EGifPutExtensionBlock(gif, sizeof times, times) == GIF_OK &&
         EGifPutExtensionTrailer(gif) == GIF_OK;
}

static int put_control(GifFileType *gif, int delay, int clear) {
  const GraphicsControlBlock control = {.DisposalMode = DISPOSE_DO_NOT,
                                        .UserInputFlag = false,
                                        .DelayTime = delay,
                                        .TransparentColor = clear};
  GifByteType block[4];
  EGifGCBToExtension(&control, block);
  return EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, sizeof block, block) == GIF_OK;
}

static lua_Integer field(lua_State *L, int frame, const char *name, lua_Integer low,
                         lua_Integer high, lua_Integer otherwise) {
  lua_getfield(L, frame, name);
  int is_integer = 1;
  const lua_Integer v = lua_isnil(L, -1) ? otherwise : lua_tointegerx(L, -1, &is_integer);
  lua_pop(L, 1);
  if (!is_integer || v < low || v > high)
    luaL_error(L, "gif: a frame's %s must be %I to %I", name, (LUAI_UACINT)low, (LUAI_UACINT)high);
  return v;
}

// The palette at the top of the stack, padded to a power of two; 0 when there is no memory.
static int read_palette(lua_State *L, codec *c) {
  size_t size;
  const char *bytes = luaL_checklstring(L, -1, &size);
  if (size == 0 || size % 3 != 0 || size > 3 * COLORS)
    luaL_error(L, "gif: a palette is 1 to 256 colors of three bytes");
  int count = 2;
  while ((size_t)count * 3 < size) count *= 2;
  if (c->map) GifFreeMapObject(c->map);
  c->map = GifMakeMapObject(count, NULL);
  if (!c->map) return 0;
  for (size_t k = 0; k < size; k++) {
    GifColorType *color = &c->map->Colors[k / 3];
    const GifByteType v = (GifByteType)bytes[k];
    if (k % 3 == 0) color->Red = v;
    else if (k % 3 == 1) color->Green = v;
    else color->Blue = v;
  }
  return 1;
}

static void read_pixels(lua_State *L, const tocha_api *api, tocha_array *a, const codec *c) {
  const int is_tensor = api->read(L, -1, a);
  if (!is_tensor || strcmp(a->dtype, "uint8") != 0 || a->ndim != 2 || a->size[0] < 1 ||
      a->size[1] < 1 || !is_contiguous(a))
    luaL_error(L, "gif: a frame's pixels are a contiguous (h, w) tensor of uint8, not empty");
  const unsigned char *v = a->data;
  for (int64_t k = 0; k < a->size[0] * a->size[1]; k++)
    if (v[k] >= c->map->ColorCount) luaL_error(L, "gif: a pixel has a color beyond the palette");
}

static int put_rows(codec *c, const tocha_array *a) {
  for (int64_t y = 0; y < a->size[0]; y++)
    if (EGifPutLine(c->gif, (GifPixelType *)a->data + y * a->size[1], (int)a->size[1]) == GIF_ERROR)
      return 0;
  return 1;
}

// The frame at the top of the stack.
static int put_frame(lua_State *L, codec *c, const tocha_api *api) {
  const int frame = lua_gettop(L);
  luaL_checktype(L, frame, LUA_TTABLE);
  tocha_array a;
  lua_getfield(L, frame, "palette");
  if (!read_palette(L, c)) return 0;
  lua_getfield(L, frame, "pixels");
  read_pixels(L, api, &a, c);
  const int x = (int)field(L, frame, "x", 0, c->gif->SWidth - a.size[1], 0);
  const int y = (int)field(L, frame, "y", 0, c->gif->SHeight - a.size[0], 0);
  const int delay = (int)field(L, frame, "delay", 0, 65535, 10);
  const int clear = (int)field(L, frame, "transparent", -1, COLORS - 1, NO_TRANSPARENT_COLOR);
  const int ok =
      put_control(c->gif, delay, clear) &&
      EGifPutImageDesc(c->gif, x, y, (int)a.size[1], (int)a.size[0], false, c->map) == GIF_OK &&
      put_rows(c, &a);
  lua_settop(L, frame);
  return ok;
}

static int encode(lua_State *L) {
  const lua_Integer w = luaL_checkinteger(L, 1), h = luaL_checkinteger(L, 2);
  luaL_argcheck(L, w > 0 && w <= MAX_SIDE, 1, "expected 1 to 65535 pixels");
  luaL_argcheck(L, h > 0 && h <= MAX_SIDE, 2, "expected 1 to 65535 pixels");
  luaL_checktype(L, 3, LUA_TTABLE);
  lua_settop(L, 3);
  const tocha_api *api = tocha_get_api(L);
  codec *c = new_codec(L, 1);
  int error = 0;
  c->gif = EGifOpen(c, on_write, &error);
  if (!c->gif) return luaL_error(L, "gif: %s", GifErrorString(error));
  EGifSetGifVersion(c->gif, true);
  if (EGifPutScreenDesc(c->gif, (int)w, (int)h, 8, 0, NULL) == GIF_ERROR || !put_loop(c->gif))
    return fail(L, c);
  const lua_Integer n = luaL_len(L, 3);
  for (lua_Integer k = 1; k <= n; k++) {
    lua_geti(L, 3, k);
    if (!put_frame(L, c, api)) return fail(L, c);
    lua_pop(L, 1);
  }
  GifFileType *gif = c->gif;
  c->gif = NULL;  // closing frees it, well or not
  if (EGifCloseFile(gif, &error) == GIF_ERROR)
    return luaL_error(L, "gif: %s", GifErrorString(error));
  lua_pushlstring(L, (const char *)c->out.data, c->out.used);
  return 1;
}

static const luaL_Reg functions[] = {
    {"decode", decode}, {"frames", frames}, {"encode", encode}, {NULL, NULL}};

__attribute__((visibility("default"))) int luaopen_tocha_gif(lua_State *L);
int luaopen_tocha_gif(lua_State *L) {
  new_class(L, CODEC, codec_close);
  luaL_newlib(L, functions);
  return 1;
}
