// Convolution of 3 x 3 windows at stride 1 by Winograd's transforms. Part of a template, after
// winograd.h.
//
// The weights are transformed once a call. A job takes a block of tiles that stays in the second
// cache: its input at the 36 points, for each point a product (tiles, channels) x (channels,
// outputs), and back from the points to the outputs. Sums run over the channels in order: results do
// not depend on how tiles and outputs are shared out.

#ifndef TOCHA_CONV_WINOGRAD_H
#define TOCHA_CONV_WINOGRAD_H
// Outputs whose sums are kept at a time, in panels; how deep a panel stays in the first cache.
enum { WINO_PANELS = 2, WINO_DEPTH = 256 };
#endif

typedef struct NAME(by_points) {
  NAME(wino) w;
  const T *x;
  NAME(ending) end;
  T *filter, *y;                   // filter: (points, panels, channels, PANEL_WIDE)
  int64_t filter_plane;            // elements of a point
  int64_t inputs, panels;          // channels in whole vectors; of all outputs
  int64_t blocks, parts, largest;  // of strips; of the panels; tiles of a block
} NAME(by_points);

// ---- weights ---------------------------------------------------------------------------------

// The filters of PANEL_LANES outputs from `o` on and one channel: nine vectors.
static void NAME(load_filters)(const conv *v, const NAME(layout) *l, const T *weight, int64_t o,
                               int64_t c, NAME(wv) *to) {
  enum { AHEAD = 32 };
  T *lanes = (T *)to;
  const int64_t valid = TC_MIN(NAME(PANEL_LANES), v->outputs - o);
  memset(to, 0, 9 * sizeof *to);
  for (int64_t j = 0; j < valid; j++) {
    const T *from = weight + (o + j) * l->output + c * l->channel;
    __builtin_prefetch(from + AHEAD * l->channel);  // too many streams for the processor to see
    for (int64_t k = 0; k < 9; k++)
      lanes[k * NAME(PANEL_LANES) + j] = from[l->mirrored ? 8 - k : k];
  }
}

static void NAME(filter_points)(const NAME(wv) *filter, T *to, int64_t plane) {
  NAME(wv) columns[3 * WINO_SPAN];
  for (int64_t k = 0; k < 3; k++) NAME(wino_filter)(filter + k, 3, columns + k, 3);
  for (int64_t i = 0; i < WINO_SPAN; i++)
    NAME(wino_filter)(columns + 3 * i, 1, (NAME(wv) *)(to + i * WINO_SPAN * plane),
                      plane / NAME(PANEL_LANES));
}

static void NAME(transform_weights)(const NAME(by_points) *d, const NAME(layout) *l,
                                    const T *weight) {
  const conv *v = d->w.v;
  const int64_t lanes = NAME(PANEL_LANES);
  TC_PARALLEL_FOR(i, d->panels * v->channels, 36 * 32) {
    const int64_t panel = i / v->channels, c = i % v->channels;
    for (int64_t h = 0; h < 2; h++) {
      NAME(wv) filter[9];
      NAME(load_filters)(v, l, weight, (panel * 2 + h) * lanes, c, filter);
      NAME(filter_points)(filter, d->filter + (i * 2 + h) * lanes, d->filter_plane);
    }
  }
}

// ---- blocks ----------------------------------------------------------------------------------

static inline int64_t NAME(first_strip)(const NAME(by_points) *d, int64_t block) {
  return d->w.strips * block / d->blocks;
}

// All channels of the input of a block's strips; the number of its tiles.
static int64_t NAME(transform_inputs)(const NAME(by_points) *d, int64_t block, NAME(points) to,
                                      NAME(wv) *scratch) {
  const conv *v = d->w.v;
  int64_t tiles = 0;
  for (int64_t i = NAME(first_strip)(d, block); i < NAME(first_strip)(d, block + 1); i++) {
    const NAME(strip) s = NAME(strip_at)(&d->w, i);
    for (int64_t c = 0; c < v->channels; c += NAME(PANEL_LANES)) {
      const NAME(points) at = {to.x + tiles * to.ld + c, to.plane, to.ld};
      NAME(input_strip)(&d->w, &s, d->x + (s.image * v->channels + c) * v->w.in_plane,
                        TC_MIN(NAME(PANEL_LANES), v->channels - c), at, scratch);
    }
    tiles += s.tiles;
  }
  return tiles;
}

// sums (tiles, WINO_PANELS * PANEL_WIDE) at each point, for `panels` panels of outputs.
static void NAME(multiply_points)(const NAME(by_points) *d, NAME(points) in, int64_t tiles,
                                  int64_t panel, int64_t panels, NAME(points) sums) {
  const int64_t channels = d->w.v->channels, wide = NAME(PANEL_WIDE);
  NAME(panel_product) q = {.row = in.ld, .col = 1, .m = tiles, .n = wide, .alpha = 1};
  q.ldd = q.ldc = sums.ld;
  for (int64_t p = 0; p < WINO_POINTS; p++)
    for (int64_t j = 0; j < panels; j++)
      for (int64_t c = 0; c < channels; c += WINO_DEPTH) {
        q.a = in.x + p * in.plane + c;
        q.b = d->filter + p * d->filter_plane + ((panel + j) * channels + c) * wide;
        q.d = q.c = sums.x + p * sums.plane + j * wide;
        q.k = TC_MIN(WINO_DEPTH, channels - c);
        q.beta = c > 0;
        NAME(panel_multiply)(&q);
      }
}

// One tile of LANES outputs from its sums to 4 x 4 pixels, of which `width` columns are kept, rows
// `ld` vectors apart.
static void NAME(output_tile)(NAME(points) sums, NAME(wv) bias, int64_t width, NAME(wv) *to,
                              int64_t ld) {
  NAME(wv) columns[WINO_TILE * WINO_SPAN], tile[WINO_TILE];
  for (int64_t i = 0; i < WINO_SPAN; i++)
    NAME(wino_output)((const NAME(wv) *)(sums.x + i * sums.plane),
                      WINO_SPAN * sums.plane / NAME(PANEL_LANES), columns + i, WINO_SPAN);
  for (int64_t i = 0; i < WINO_TILE; i++) {
    NAME(wino_output)(columns + i * WINO_SPAN, 1, tile, 1);
    for (int64_t x = 0; x < width; x++) to[i * ld + x] = tile[x] + bias;
  }
}

// What follows the sums and the bias, in a region of `channels` planes of y from `plane` on.
static void NAME(end_region)(const NAME(by_points) *d, const NAME(region) *r, int64_t plane,
                             int64_t channels) {
  const int64_t *out = d->w.v->w.out;
  NAME(ending) rest = d->end;
  rest.bias = NULL;
  for (int64_t c = 0; c < channels; c++, plane += out[1] * out[2])
    for (int64_t row = r->top; row < r->bottom; row++) {
      const int64_t at = plane + row * out[2] + r->left;
      NAME(end_run)(&rest, 0, at, d->y + at, r->right - r->left, d->y + at);
    }
}

// The outputs of a strip, of LANES channels at most from `o` on.
static void NAME(output_strip)(const NAME(by_points) *d, const NAME(strip) *s, int64_t o,
                               NAME(points) sums, NAME(wv) *scratch) {
  const conv *v = d->w.v;
  const int64_t channels = TC_MIN(NAME(PANEL_LANES), v->outputs - o);
  NAME(wv) bias = {0};
  if (d->end.bias) memcpy(&bias, d->end.bias + o, (size_t)channels * sizeof(T));
  const NAME(region) r =
      NAME(region_of)(v->w.out, s->row, WINO_TILE, s->column, WINO_TILE * s->tiles);
  const int64_t width = r.right - r.left;
  for (int64_t t = 0; t < s->tiles; t++, sums.x += sums.ld)
    NAME(output_tile)(sums, bias, TC_MIN(WINO_TILE, width - WINO_TILE * t), scratch + WINO_TILE * t,
                      width);
  const int64_t plane = (s->image * v->outputs + o) * v->w.out_plane;
  NAME(store_region)(&r, v->w.out, scratch, channels, d->y + plane);
  if (!NAME(ends_plainly)(&d->end)) NAME(end_region)(d, &r, plane, channels);
}

static void NAME(transform_outputs)(const NAME(by_points) *d, int64_t block, int64_t panel,
                                    int64_t panels, NAME(points) sums, NAME(wv) *scratch) {
  const int64_t first = panel * NAME(PANEL_WIDE), lanes = NAME(PANEL_LANES);
  const int64_t end = TC_MIN(d->w.v->outputs, (panel + panels) * NAME(PANEL_WIDE));
  for (int64_t i = NAME(first_strip)(d, block); i < NAME(first_strip)(d, block + 1); i++) {
    const NAME(strip) s = NAME(strip_at)(&d->w, i);
    for (int64_t o = first; o < end; o += lanes) {
      const NAME(points) at = {sums.x + o - first, sums.plane, sums.ld};
      NAME(output_strip)(d, &s, o, at, scratch);
    }
    sums.x += s.tiles * sums.ld;
  }
}

// ---- the whole -------------------------------------------------------------------------------

// A job is (block of strips, part of the outputs).
static tc_status NAME(points_job)(const void *context, int64_t job, void *scratch) {
  const NAME(by_points) *d = context;
  const int64_t block = job / d->parts, part = job % d->parts;
  const int64_t columns = WINO_PANELS * NAME(PANEL_WIDE);
  const NAME(points) in = {scratch, NAME(points_plane)(d->largest, d->inputs), d->inputs};
  const NAME(points) sums = {in.x + WINO_POINTS * in.plane, NAME(points_plane)(d->largest, columns),
                             columns};
  NAME(wv) *rest = (NAME(wv) *)(sums.x + WINO_POINTS * sums.plane);
  const int64_t tiles = NAME(transform_inputs)(d, block, in, rest);
  const int64_t end = d->panels * (part + 1) / d->parts;
  for (int64_t j = d->panels * part / d->parts; j < end; j += WINO_PANELS) {
    const int64_t panels = TC_MIN(WINO_PANELS, end - j);
    NAME(multiply_points)(d, in, tiles, j, panels, sums);
    NAME(transform_outputs)(d, block, j, panels, sums, rest);
  }
  return TC_OK;
}

static size_t NAME(points_scratch)(const NAME(by_points) *d) {
  const int64_t in = NAME(points_plane)(d->largest, d->inputs);
  const int64_t sums = NAME(points_plane)(d->largest, WINO_PANELS * NAME(PANEL_WIDE));
  return (size_t)(WINO_POINTS * (in + sums) +
                  NAME(strip_vectors)(&d->w) * NAME(PANEL_LANES))*sizeof(T);
}

// Blocks of tiles that stay in the second cache, but so many that a panel is worth its passing; the
// outputs are cut where there are few blocks and they do not share out evenly, since each part
// transforms the input for itself. Where no thread would get any, blocks are smaller.
static NAME(by_points) NAME(plan_points)(const conv *v) {
  enum { CACHE = 600 << 10, FEWEST = 32, MOST_TILES = 64 };
  NAME(by_points) d = {.w = NAME(wino_of)(v), .inputs = NAME(whole_lanes)(v->channels)};
  const int64_t threads = tc_threads();
  d.panels = (v->outputs + NAME(PANEL_WIDE) - 1) / NAME(PANEL_WIDE);
  d.filter_plane = NAME(points_plane)(d.panels * NAME(PANEL_WIDE), v->channels);
  const int64_t fit = CACHE / (WINO_POINTS * d.inputs * (int64_t)sizeof(T));
  const int64_t strips = TC_MAX(1, TC_MIN(MOST_TILES, TC_MAX(FEWEST, fit)) / d.w.tiles);
  d.blocks = (d.w.strips + strips - 1) / strips;
  const bool even = d.blocks >= 4 * threads || d.blocks % threads == 0;
  d.parts = even ? 1 : TC_MIN(threads, (d.panels + 1) / WINO_PANELS);
  if (d.blocks * d.parts < threads) d.blocks = TC_MIN(threads, d.w.strips);
  d.largest = (d.w.strips + d.blocks - 1) / d.blocks * d.w.tiles;
  return d;
}

static tc_status NAME(convolve_points)(const conv *v, const NAME(layout) *l, const T *x,
                                       const T *weight, const NAME(ending) *end, T *y) {
  NAME(by_points) d = NAME(plan_points)(v);
  d.x = x, d.end = *end, d.y = y;
  const size_t bytes = (size_t)(WINO_POINTS * d.filter_plane) * sizeof(T);
  d.filter = tc_alloc(bytes);
  if (!d.filter)
    return tc_fail(TC_NO_MEMORY, "not enough memory for transformed weights (%zu bytes)", bytes);
  NAME(transform_weights)(&d, l, weight);
  const int64_t cost = d.largest * WINO_POINTS * v->channels * v->outputs / d.parts / 8;
  const tc_status status =
      each_job(NAME(points_job), &d, d.blocks * d.parts, cost + 1, NAME(points_scratch)(&d));
  tc_free(d.filter, bytes);
  return status;
}

// Worth the transforms: whole vectors of channels, enough tiles for the weights' transform, and
// tiles that are filled at least by half.
static bool NAME(points_pay)(const conv *v) {
  const window *w = &v->w;
  if (w->kernel[0] != 1 || w->kernel[1] != 3 || w->kernel[2] != 3 || v->groups > 1) return false;
  for (int d = 0; d < 3; d++)
    if (w->stride[d] != 1 || w->dilation[d] != 1) return false;
  if (w->in[0] != 1 || w->out[0] != 1 || v->channels < 16 || v->outputs < 16) return false;
  const NAME(wino) t = NAME(wino_of)(v);
  const int64_t tiles = t.across * t.down;
  return v->images * tiles >= 16 && w->out_plane * 2 >= tiles * WINO_TILE * WINO_TILE;
}
