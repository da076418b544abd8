// tocha.cairo: the dozen calls of libcairo that plots are drawn with.
//
//   canvas(width, height, scale)     a page of so many pixels; coordinates are multiplied by scale
//   canvas:path(points, closed)      {x1, y1, x2, y2, ...} added to the path
//   canvas:circle(x, y, r)           added to the path
//   canvas:fill(color, keep)         {r, g, b, a}, 0..255 and 0..1; the path is kept for a stroke
//   canvas:stroke(color, width, dash)
//   canvas:text(text, x, y, size, before, down, angle, bold, color, halo)
//   canvas:image(pixels, x, y, w, h, smooth, opacity)     pixels: (H, W, 4) uint8
//   canvas:clip(x, y, w, h), canvas:unclip()
//   canvas:has_font()                is there any? Without, text would be left out in silence
//   canvas:pixels()                  the page, (H, W, 4) uint8
//
// cairo never jumps: its errors are states, looked at when the pixels are read.
#include <cairo.h>

#include "image.h"

#define CANVAS "tocha.cairo.canvas"
#define FAMILY "DejaVu Sans"

enum { MAX_SIDE = 32767, MAX_DASHES = 16, CLIPS = 64 };

typedef struct canvas {
  cairo_surface_t *surface;
  cairo_t *cr;
  int clips;  // that are to be undone
} canvas;

static int canvas_close(lua_State *L) {
  canvas *c = luaL_checkudata(L, 1, CANVAS);
  if (c->cr) cairo_destroy(c->cr);
  if (c->surface) cairo_surface_destroy(c->surface);
  c->cr = NULL;
  c->surface = NULL;
  return 0;
}

static canvas *check(lua_State *L) {
  canvas *c = luaL_checkudata(L, 1, CANVAS);
  luaL_argcheck(L, c->cr, 1, "the canvas is closed");
  return c;
}

static int check_status(lua_State *L, cairo_status_t status) {
  if (status == CAIRO_STATUS_SUCCESS) return 0;
  return luaL_error(L, "cairo: %s", cairo_status_to_string(status));
}

static int new_canvas(lua_State *L) {
  const lua_Integer w = luaL_checkinteger(L, 1), h = luaL_checkinteger(L, 2);
  const double scale = luaL_optnumber(L, 3, 1.0);
  luaL_argcheck(L, w > 0 && w <= MAX_SIDE, 1, "expected 1 to 32767 pixels");
  luaL_argcheck(L, h > 0 && h <= MAX_SIDE, 2, "expected 1 to 32767 pixels");
  luaL_argcheck(L, scale > 0, 3, "expected a number above 0");
  canvas *c = lua_newuserdatauv(L, sizeof *c, 0);
  memset(c, 0, sizeof *c);
  luaL_setmetatable(L, CANVAS);
  c->surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)w, (int)h);
  c->cr = cairo_create(c->surface);
  check_status(L, cairo_status(c->cr));
  cairo_scale(c->cr, scale, scale);
  cairo_set_line_join(c->cr, CAIRO_LINE_JOIN_ROUND);
  return 1;
}

// ---- arguments ----------------------------------------------------------------------------------

static double number_at(lua_State *L, int list, lua_Integer k) {
  lua_rawgeti(L, list, k);
  int is_number;
  const double v = lua_tonumberx(L, -1, &is_number);
  lua_pop(L, 1);
  if (!is_number) luaL_argerror(L, list, "expected a list of numbers");
  return v;
}

static void set_color(lua_State *L, cairo_t *cr, int arg) {
  luaL_checktype(L, arg, LUA_TTABLE);
  cairo_set_source_rgba(cr, number_at(L, arg, 1) / 255, number_at(L, arg, 2) / 255,
                        number_at(L, arg, 3) / 255, number_at(L, arg, 4));
}

// ---- paths --------------------------------------------------------------------------------------

static int path(lua_State *L) {
  const canvas *c = check(L);
  luaL_checktype(L, 2, LUA_TTABLE);
  const lua_Integer n = (lua_Integer)lua_rawlen(L, 2);
  cairo_new_sub_path(c->cr);
  for (lua_Integer k = 1; k + 1 <= n; k += 2)
    cairo_line_to(c->cr, number_at(L, 2, k), number_at(L, 2, k + 1));
  if (lua_toboolean(L, 3)) cairo_close_path(c->cr);
  return 0;
}

static int circle(lua_State *L) {
  const canvas *c = check(L);
  cairo_new_sub_path(c->cr);
  cairo_arc(c->cr, luaL_checknumber(L, 2), luaL_checknumber(L, 3), luaL_checknumber(L, 4), 0,
            2 * 3.14159265358979323846);
  cairo_close_path(c->cr);
  return 0;
}

static int fill(lua_State *L) {
  const canvas *c = check(L);
  set_color(L, c->cr, 2);
  cairo_fill_preserve(c->cr);
  if (!lua_toboolean(L, 3)) cairo_new_path(c->cr);
  return 0;
}

static void set_dash(lua_State *L, cairo_t *cr, int arg) {
  double dash[MAX_DASHES];
  int n = 0;
  if (lua_istable(L, arg)) {
    const lua_Integer given = (lua_Integer)lua_rawlen(L, arg);
    luaL_argcheck(L, given <= MAX_DASHES, arg, "at most 16 dashes");
    for (; n < (int)given; n++) dash[n] = number_at(L, arg, n + 1);
  }
  cairo_set_dash(cr, dash, n, 0);
}

static int stroke(lua_State *L) {
  const canvas *c = check(L);
  set_color(L, c->cr, 2);
  cairo_set_line_width(c->cr, luaL_checknumber(L, 3));
  set_dash(L, c->cr, 4);
  cairo_stroke(c->cr);
  return 0;
}

// ---- clipping -----------------------------------------------------------------------------------

static int clip(lua_State *L) {
  canvas *c = check(L);
  if (c->clips >= CLIPS) return luaL_error(L, "too many clips within each other");
  cairo_save(c->cr);
  cairo_rectangle(c->cr, luaL_checknumber(L, 2), luaL_checknumber(L, 3), luaL_checknumber(L, 4),
                  luaL_checknumber(L, 5));
  cairo_clip(c->cr);
  c->clips++;
  return 0;
}

static int unclip(lua_State *L) {
  canvas *c = check(L);
  if (c->clips == 0) return luaL_error(L, "there is no clip to undo");
  cairo_restore(c->cr);
  c->clips--;
  return 0;
}

// ---- text ---------------------------------------------------------------------------------------

// `before` is the part of the text's width that stands before x; `down` moves the baseline.
static int text(lua_State *L) {
  const canvas *c = check(L);
  const char *s = luaL_checkstring(L, 2);
  const double x = luaL_checknumber(L, 3), y = luaL_checknumber(L, 4);
  const double size = luaL_checknumber(L, 5), before = luaL_checknumber(L, 6);
  const double down = luaL_checknumber(L, 7), angle = luaL_checknumber(L, 8);
  cairo_text_extents_t extents;
  cairo_save(c->cr);
  cairo_select_font_face(c->cr, FAMILY, CAIRO_FONT_SLANT_NORMAL,
                         lua_toboolean(L, 9) ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(c->cr, size);
  cairo_text_extents(c->cr, s, &extents);
  cairo_translate(c->cr, x, y);
  cairo_rotate(c->cr, angle);
  cairo_move_to(c->cr, -before * extents.x_advance, down);
  if (lua_istable(L, 11)) {
    cairo_text_path(c->cr, s);
    set_color(L, c->cr, 11);
    cairo_set_line_width(c->cr, 2.5);
    cairo_stroke(c->cr);
    cairo_move_to(c->cr, -before * extents.x_advance, down);
  }
  set_color(L, c->cr, 10);
  cairo_show_text(c->cr, s);
  cairo_new_path(c->cr);
  cairo_restore(c->cr);
  return 0;
}

static int has_font(lua_State *L) {
  const canvas *c = check(L);
  cairo_text_extents_t extents;
  cairo_select_font_face(c->cr, FAMILY, CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(c->cr, 12);
  cairo_text_extents(c->cr, "0", &extents);
  lua_pushboolean(L, cairo_status(c->cr) == CAIRO_STATUS_SUCCESS && extents.width > 0);
  return 1;
}

// ---- images -------------------------------------------------------------------------------------

static unsigned premultiplied(unsigned v, unsigned a) { return (v * a + 127) / 255; }

// Red, green, blue, opacity in bytes -> cairo's 32 bits, in which colours are multiplied by opacity.
static void to_argb(const uint8_t *from, unsigned char *to, int width) {
  for (int x = 0; x < width; x++, from += 4, to += 4) {
    const unsigned a = from[3];
    const uint32_t v = a << 24 | premultiplied(from[0], a) << 16 | premultiplied(from[1], a) << 8 |
                       premultiplied(from[2], a);
    memcpy(to, &v, sizeof v);
  }
}

static void from_argb(const unsigned char *from, uint8_t *to, int width) {
  for (int x = 0; x < width; x++, from += 4, to += 4) {
    uint32_t v;
    memcpy(&v, from, sizeof v);
    const uint32_t a = v >> 24;
    for (int k = 0; k < 3; k++) {
      const uint32_t part = v >> (16 - 8 * k) & 255;
      to[k] = (uint8_t)(a ? (part * 255 + a / 2) / a : 0);
    }
    to[3] = (uint8_t)a;
  }
}

static void copy_pixels(const tocha_array *a, cairo_surface_t *s) {
  const int width = (int)a->size[1], stride = cairo_image_surface_get_stride(s);
  unsigned char *to = cairo_image_surface_get_data(s);
  for (int64_t i = 0; i < a->size[0]; i++)
    to_argb((uint8_t *)a->data + 4 * width * i, to + stride * i, width);
  cairo_surface_mark_dirty(s);
}

// Sharp edges only where pixels become larger; where many share one, their mean is wanted.
static cairo_filter_t filter_for(cairo_t *cr, int smooth) {
  cairo_matrix_t m;
  cairo_get_matrix(cr, &m);
  return !smooth && m.xx >= 1 && m.yy >= 1 ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD;
}

static int image(lua_State *L) {
  const canvas *c = check(L);
  const double x = luaL_checknumber(L, 3), y = luaL_checknumber(L, 4);
  const double w = luaL_checknumber(L, 5), h = luaL_checknumber(L, 6);
  const double opacity = luaL_optnumber(L, 8, 1);
  tocha_array a;
  if (!tocha_get_api(L)->read(L, 2, &a) || !is_pixels(&a, "uint8", MAX_SIDE, 4, 4))
    return luaL_argerror(L, 2, "expected a contiguous (H, W, 4) tensor of uint8, not empty");
  cairo_surface_t *s =
      cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)a.size[1], (int)a.size[0]);
  const cairo_status_t status = cairo_surface_status(s);
  if (status == CAIRO_STATUS_SUCCESS) {
    copy_pixels(&a, s);
    cairo_save(c->cr);
    cairo_rectangle(c->cr, x, y, w, h);
    cairo_clip(c->cr);
    cairo_translate(c->cr, x, y);
    cairo_scale(c->cr, w / (double)a.size[1], h / (double)a.size[0]);
    cairo_set_source_surface(c->cr, s, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(c->cr), filter_for(c->cr, lua_toboolean(L, 7)));
    cairo_pattern_set_extend(cairo_get_source(c->cr), CAIRO_EXTEND_PAD);
    cairo_paint_with_alpha(c->cr, opacity);
    cairo_restore(c->cr);
  }
  cairo_surface_destroy(s);
  return check_status(L, status);
}

static int pixels(lua_State *L) {
  const canvas *c = check(L);
  check_status(L, cairo_status(c->cr));
  cairo_surface_flush(c->surface);
  const int width = cairo_image_surface_get_width(c->surface);
  const int height = cairo_image_surface_get_height(c->surface);
  const int stride = cairo_image_surface_get_stride(c->surface);
  const int64_t size[] = {height, width, 4};
  tocha_array a;
  tocha_get_api(L)->create(L, "uint8", 3, size, &a);
  const unsigned char *from = cairo_image_surface_get_data(c->surface);
  for (int i = 0; i < height; i++)
    from_argb(from + (ptrdiff_t)stride * i, (uint8_t *)a.data + (ptrdiff_t)4 * width * i, width);
  return 1;
}

static const luaL_Reg methods[] = {
    {"path", path},   {"circle", circle}, {"fill", fill},          {"stroke", stroke},
    {"clip", clip},   {"unclip", unclip}, {"text", text},          {"has_font", has_font},
    {"image", image}, {"pixels", pixels}, {"close", canvas_close}, {NULL, NULL},
};

__attribute__((visibility("default"))) int luaopen_tocha_cairo(lua_State *L);
int luaopen_tocha_cairo(lua_State *L) {
  new_class(L, CANVAS, canvas_close);
  luaL_newlib(L, methods);
  lua_setfield(L, -2, "__index");
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, new_canvas);
  lua_setfield(L, -2, "canvas");
  return 1;
}
