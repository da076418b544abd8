// tocha.jpeg: JPEG to pixels and back, by libjpeg(-turbo), on strings.
//
//   decode(bytes, limit = 1e8, at_least = nil)
//                                   (C, H, W) uint8; C is 1 (grey) or 3 (colours; CMYK is turned into
//                                   them). The sides are halved up to three times as long as both are
//                                   at_least so long: there is less to transform then, and to write.
//   encode(pixels, quality = 75)    of pixels (H, W, C) the bytes
//
// Rows are taken apart into the tensor's planes while they are in the cache.
// More than `limit` pixels are refused before memory is taken. Data that end early are an error, as
// is a progressive picture of more than 500 scans, which would only cost time; other damage shows.
//
// libjpeg leaves by its error_exit, here a longjmp. It does so only inside the functions marked
// "jumps here", which call nothing of Lua's; all memory belongs to the userdata, whose __close and
// __gc give it back.
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include <jerror.h>

#include "image.h"

#define READER "tocha.jpeg.reader"
#define WRITER "tocha.jpeg.writer"

// Huffman's code has a bit at least for each block of 8 x 8 (arithmetic coding may have less).
enum { DENSEST = 512, MOST_SCANS = 500, ROOM = 1 << 16 };

typedef struct trap {
  struct jpeg_error_mgr manager;  // first, so that libjpeg's pointer to it is ours
  jmp_buf place;
  char message[JMSG_LENGTH_MAX];
} trap;

typedef struct reader {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_progress_mgr progress;
  trap trap;
  JSAMPLE *row;  // of three or four samples a pixel
} reader;

typedef struct writer {
  struct jpeg_compress_struct jpeg;
  struct jpeg_destination_mgr destination;
  trap trap;
  unsigned char *out;
  size_t room;
} writer;

static void on_error(j_common_ptr jpeg) {
  trap *t = (trap *)jpeg->err;
  jpeg->err->format_message(jpeg, t->message);
  longjmp(t->place, 1);
}

// Warnings are for damage that can be gone on with; the end of the data is none.
static void on_message(j_common_ptr jpeg, int level) {
  if (level < 0 && jpeg->err->msg_code == JWRN_JPEG_EOF) on_error(jpeg);
}

static void set_trap(trap *t, struct jpeg_error_mgr **place) {
  *place = jpeg_std_error(&t->manager);
  t->manager.error_exit = on_error;
  t->manager.emit_message = on_message;
}

static int reader_close(lua_State *L) {
  reader *r = luaL_checkudata(L, 1, READER);
  jpeg_destroy_decompress(&r->jpeg);  // harmless a second time
  free(r->row);
  r->row = NULL;
  return 0;
}

static int writer_close(lua_State *L) {
  writer *w = luaL_checkudata(L, 1, WRITER);
  jpeg_destroy_compress(&w->jpeg);
  free(w->out);
  w->out = NULL;
  return 0;
}

static int fail(lua_State *L, const trap *t) {
  return luaL_error(L, "jpeg: %s", t->message[0] ? t->message : "not enough memory");
}

// ---- reading ------------------------------------------------------------------------------------

static void on_progress(j_common_ptr jpeg) {
  if (jpeg->is_decompressor && ((j_decompress_ptr)jpeg)->input_scan_number > MOST_SCANS) {
    strcpy(((trap *)jpeg->err)->message, "too many scans");
    longjmp(((trap *)jpeg->err)->place, 1);
  }
}

// The largest reduction that leaves both sides at_least so long.
static unsigned denominator(const struct jpeg_decompress_struct *jpeg, lua_Integer at_least) {
  const lua_Integer w = jpeg->image_width, h = jpeg->image_height, side = w < h ? w : h;
  unsigned by = 8;
  while (by > 1 && (side + by - 1) / by < at_least) by /= 2;
  return by;
}

// Jumps here.
static int read_header(reader *r, const char *bytes, size_t size, lua_Integer at_least) {
  if (setjmp(r->trap.place)) return 0;
  jpeg_create_decompress(&r->jpeg);
  r->progress.progress_monitor = on_progress;
  r->jpeg.progress = &r->progress;
  jpeg_mem_src(&r->jpeg, (unsigned char *)(uintptr_t)bytes, (unsigned long)size);
  jpeg_read_header(&r->jpeg, TRUE);
  r->jpeg.out_color_space = r->jpeg.num_components == 1   ? JCS_GRAYSCALE
                            : r->jpeg.num_components == 4 ? JCS_CMYK
                                                          : JCS_RGB;
  if (at_least) r->jpeg.scale_denom = denominator(&r->jpeg, at_least);
  jpeg_calc_output_dimensions(&r->jpeg);
  return 1;
}

// a * b / 255, rounded.
static unsigned scaled(unsigned a, unsigned b) {
  const unsigned v = a * b + 128;
  return (v + (v >> 8)) >> 8;
}

// Adobe's programs store CMYK inverted, and say so by a marker. Four samples become the first three.
static void to_rgb(const reader *r) {
  const unsigned flip = r->jpeg.saw_Adobe_marker ? 255 : 0;
  const JSAMPLE *from = r->row;
  JSAMPLE *to = r->row;
  for (JDIMENSION x = 0; x < r->jpeg.output_width; x++, from += 4, to += 3) {
    const unsigned light = 255 - (from[3] ^ flip);
    for (int k = 0; k < 3; k++) to[k] = (JSAMPLE)(light - scaled(from[k] ^ flip, light));
  }
}

// A loop that compilers turn into shuffles of whole registers.
static void take_apart(const JSAMPLE *restrict row, size_t width, JSAMPLE *restrict red,
                       JSAMPLE *restrict green, JSAMPLE *restrict blue) {
  for (size_t x = 0; x < width; x++) {
    red[x] = row[3 * x];
    green[x] = row[3 * x + 1];
    blue[x] = row[3 * x + 2];
  }
}

// Jumps here.
static int read_rows(reader *r, JSAMPLE *planes) {
  if (setjmp(r->trap.place)) return 0;
  jpeg_start_decompress(&r->jpeg);
  const size_t width = r->jpeg.output_width, plane = width * r->jpeg.output_height;
  while (r->jpeg.output_scanline < r->jpeg.output_height) {
    JSAMPLE *to = planes + width * r->jpeg.output_scanline;
    JSAMPROW row = r->row ? r->row : to;
    jpeg_read_scanlines(&r->jpeg, &row, 1);
    if (r->jpeg.output_components == 4) to_rgb(r);
    if (r->row) take_apart(row, width, to, to + plane, to + 2 * plane);
  }
  jpeg_finish_decompress(&r->jpeg);
  return 1;
}

static int decode(lua_State *L) {
  const lua_Integer at_least = luaL_optinteger(L, 3, 0);
  luaL_argcheck(L, at_least >= 0, 3, "expected a number of pixels");
  const source s = check_source(L, 2);
  reader *r = new_object(L, sizeof *r, READER);
  set_trap(&r->trap, &r->jpeg.err);
  if (!read_header(r, s.data, s.size, at_least)) return fail(L, &r->trap);
  const size_t known = r->jpeg.arith_code ? SIZE_MAX : s.size;
  check_size(L, "jpeg", r->jpeg.image_width, r->jpeg.image_height, s.limit, known, DENSEST);
  const int64_t shape[] = {r->jpeg.num_components == 1 ? 1 : 3, r->jpeg.output_height,
                           r->jpeg.output_width};
  if (shape[0] == 3) {
    r->row = malloc((size_t)shape[2] * 4);
    if (!r->row) return fail(L, &r->trap);
  }
  tocha_array a;
  tocha_get_api(L)->create(L, "uint8", 3, shape, &a);
  if (!read_rows(r, a.data)) return fail(L, &r->trap);
  return 1;
}

// ---- writing ------------------------------------------------------------------------------------

static void start_output(j_compress_ptr jpeg) {
  writer *w = (writer *)jpeg;
  w->destination.next_output_byte = w->out;
  w->destination.free_in_buffer = w->room;
}

static void enlarge(writer *w) {
  unsigned char *bigger = realloc(w->out, w->room * 2);
  if (!bigger) ERREXIT1(&w->jpeg, JERR_OUT_OF_MEMORY, 0);
  w->out = bigger;
  w->destination.next_output_byte = bigger + w->room;
  w->destination.free_in_buffer = w->room;
  w->room *= 2;
}

// Called when all of the room is used, whatever free_in_buffer says.
static boolean more_output(j_compress_ptr jpeg) {
  enlarge((writer *)jpeg);
  return TRUE;
}

static void end_output(j_compress_ptr jpeg) { (void)jpeg; }

// Jumps here.
static int write_all(writer *w, const tocha_array *a, int quality) {
  if (setjmp(w->trap.place)) return 0;
  jpeg_create_compress(&w->jpeg);
  w->destination.init_destination = start_output;
  w->destination.empty_output_buffer = more_output;
  w->destination.term_destination = end_output;
  w->jpeg.dest = &w->destination;
  w->jpeg.image_height = (JDIMENSION)a->size[0];
  w->jpeg.image_width = (JDIMENSION)a->size[1];
  w->jpeg.input_components = (int)a->size[2];
  w->jpeg.in_color_space = a->size[2] == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&w->jpeg);
  jpeg_set_quality(&w->jpeg, quality, TRUE);
  jpeg_start_compress(&w->jpeg, TRUE);
  const size_t bytes = (size_t)(a->size[1] * a->size[2]);
  while (w->jpeg.next_scanline < w->jpeg.image_height) {
    JSAMPROW row = (unsigned char *)a->data + bytes * w->jpeg.next_scanline;
    jpeg_write_scanlines(&w->jpeg, &row, 1);
  }
  jpeg_finish_compress(&w->jpeg);
  return 1;
}

static int encode(lua_State *L) {
  const int quality = (int)luaL_optinteger(L, 2, 75);
  luaL_argcheck(L, quality >= 1 && quality <= 100, 2, "expected a quality in 1..100");
  tocha_array a;
  if (!tocha_get_api(L)->read(L, 1, &a) || !is_pixels(&a, "uint8", JPEG_MAX_DIMENSION, 1, 3) ||
      a.size[2] == 2)
    return luaL_argerror(L, 1,
                         "expected contiguous (H, W, C) pixels of uint8, C 1 or 3, sides "
                         "up to 65500");
  lua_settop(L, 1);
  writer *w = new_object(L, sizeof *w, WRITER);
  set_trap(&w->trap, &w->jpeg.err);
  w->room = ROOM;
  w->out = malloc(w->room);
  if (!w->out || !write_all(w, &a, quality)) return fail(L, &w->trap);
  lua_pushlstring(L, (const char *)w->out, w->room - w->destination.free_in_buffer);
  return 1;
}

static const luaL_Reg functions[] = {{"decode", decode}, {"encode", encode}, {NULL, NULL}};

__attribute__((visibility("default"))) int luaopen_tocha_jpeg(lua_State *L);
int luaopen_tocha_jpeg(lua_State *L) {
  new_class(L, READER, reader_close);
  new_class(L, WRITER, writer_close);
  luaL_newlib(L, functions);
  return 1;
}
