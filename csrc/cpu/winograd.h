// The transforms of Winograd's F(4 x 4, 3 x 3) (Lavin and Gray, 2016) on vectors of channels. Part of
// a template, after lanes.h.
//
// Four outputs of a filter of three are six products: values at the points 0, a, -a, b, -b, infinity.
// With a = 5/8, b = 3/2 the factors are exact in binary and the error is about that of a direct
// sum (the usual points 1, 2 lose four times as much). A 4 x 4 tile takes 36 products instead of 144.

typedef NAME(panel_vec) NAME(wv);

#ifndef TOCHA_WINOGRAD_H
#define TOCHA_WINOGRAD_H

enum { WINO_TILE = 4, WINO_SPAN = 6, WINO_POINTS = 36 };

// Points, their squares, the product of those; the weights of the points in the filter.
#define WINO_A 0.625f
#define WINO_B 1.5f
#define WINO_A2 (WINO_A * WINO_A)
#define WINO_B2 (WINO_B * WINO_B)
#define WINO_AB (WINO_A2 * WINO_B2)
#define WINO_FA (1 / (2 * WINO_A2 * (WINO_A2 - WINO_B2)))
#define WINO_FB (1 / (2 * WINO_B2 * (WINO_B2 - WINO_A2)))
#endif

// ---- along one dimension; elements of `from` and `to` lie `step` and `stride` vectors apart --------

static inline
    __attribute__((always_inline)) void NAME(wino_input)(const NAME(wv) *from, int64_t step,
                                                         NAME(wv) *to, int64_t stride) {
  const NAME(wv) d1 = from[step], d2 = from[2 * step], d3 = from[3 * step], d4 = from[4 * step];
  const NAME(wv) even_a = d4 - WINO_B2 * d2, odd_a = WINO_A * (d3 - WINO_B2 * d1);
  const NAME(wv) even_b = d4 - WINO_A2 * d2, odd_b = WINO_B * (d3 - WINO_A2 * d1);
  to[0] = WINO_AB * from[0] - (WINO_A2 + WINO_B2) * d2 + d4;
  to[stride] = even_a + odd_a;
  to[2 * stride] = even_a - odd_a;
  to[3 * stride] = even_b + odd_b;
  to[4 * stride] = even_b - odd_b;
  to[5 * stride] = WINO_AB * d1 - (WINO_A2 + WINO_B2) * d3 + from[5 * step];
}

static inline
    __attribute__((always_inline)) void NAME(wino_filter)(const NAME(wv) *from, int64_t step,
                                                          NAME(wv) *to, int64_t stride) {
  const NAME(wv) w0 = from[0], w1 = from[step], w2 = from[2 * step];
  const NAME(wv) even_a = WINO_FA * (w0 + WINO_A2 * w2), odd_a = WINO_FA * WINO_A * w1;
  const NAME(wv) even_b = WINO_FB * (w0 + WINO_B2 * w2), odd_b = WINO_FB * WINO_B * w1;
  to[0] = w0 * (1 / WINO_AB);
  to[stride] = even_a + odd_a;
  to[2 * stride] = even_a - odd_a;
  to[3 * stride] = even_b + odd_b;
  to[4 * stride] = even_b - odd_b;
  to[5 * stride] = w2;
}

static inline
    __attribute__((always_inline)) void NAME(wino_output)(const NAME(wv) *from, int64_t step,
                                                          NAME(wv) *to, int64_t stride) {
  const NAME(wv) even_a = from[step] + from[2 * step], odd_a = from[step] - from[2 * step];
  const NAME(wv) even_b = from[3 * step] + from[4 * step];
  const NAME(wv) odd_b = from[3 * step] - from[4 * step];
  to[0] = from[0] + even_a + even_b;
  to[stride] = WINO_A * odd_a + WINO_B * odd_b;
  to[2 * stride] = WINO_A2 * even_a + WINO_B2 * even_b;
  to[3 * stride] = WINO_A2 * WINO_A * odd_a + WINO_B2 * WINO_B * odd_b + from[5 * step];
}

// The adjoint of wino_output: what four outputs' gradients give the points.
static inline
    __attribute__((always_inline)) void NAME(wino_gradient)(const NAME(wv) *from, int64_t step,
                                                            NAME(wv) *to, int64_t stride) {
  const NAME(wv) g0 = from[0], g1 = from[step], g2 = from[2 * step], g3 = from[3 * step];
  const NAME(wv) even_a = g0 + WINO_A2 * g2, odd_a = WINO_A * (g1 + WINO_A2 * g3);
  const NAME(wv) even_b = g0 + WINO_B2 * g2, odd_b = WINO_B * (g1 + WINO_B2 * g3);
  to[0] = g0;
  to[stride] = even_a + odd_a;
  to[2 * stride] = even_a - odd_a;
  to[3 * stride] = even_b + odd_b;
  to[4 * stride] = even_b - odd_b;
  to[5 * stride] = g3;
}

// The adjoint of wino_filter: from the points to a filter's gradient.
static inline
    __attribute__((always_inline)) void NAME(wino_weight)(const NAME(wv) *from, int64_t step,
                                                          NAME(wv) *to, int64_t stride) {
  const NAME(wv) even_a = WINO_FA * (from[step] + from[2 * step]);
  const NAME(wv) even_b = WINO_FB * (from[3 * step] + from[4 * step]);
  const NAME(wv) odd_a = WINO_FA * WINO_A * (from[step] - from[2 * step]);
  const NAME(wv) odd_b = WINO_FB * WINO_B * (from[3 * step] - from[4 * step]);
  to[0] = from[0] * (1 / WINO_AB) + even_a + even_b;
  to[stride] = odd_a + odd_b;
  to[2 * stride] = WINO_A2 * even_a + WINO_B2 * even_b + from[5 * step];
}

// ---- blocks of tiles -----------------------------------------------------------------------------

// A strip is up to STRIP tiles of a row of tiles; a block of work is a run of strips. Tiles are
// those of the output, `in` is padded around it.
typedef struct NAME(wino) {
  const conv *v;
  int64_t across, down, cuts;  // tiles of an image; strips of a row of tiles
  int64_t strips, tiles;       // of all images; of a strip at most
} NAME(wino);

typedef struct NAME(strip) {
  int64_t image, row, column, tiles;  // its first output's row and column
} NAME(strip);

static NAME(wino) NAME(wino_of)(const conv *v) {
  enum { STRIP = 16 };
  NAME(wino) w = {.v = v};
  w.across = (v->w.out[2] + WINO_TILE - 1) / WINO_TILE;
  w.down = (v->w.out[1] + WINO_TILE - 1) / WINO_TILE;
  w.cuts = (w.across + STRIP - 1) / STRIP;
  w.strips = v->images * w.down * w.cuts;
  w.tiles = (w.across + w.cuts - 1) / w.cuts;
  return w;
}

static NAME(strip) NAME(strip_at)(const NAME(wino) *w, int64_t index) {
  const int64_t cut = index % w->cuts, row = index / w->cuts;
  const int64_t from = w->across * cut / w->cuts, to = w->across * (cut + 1) / w->cuts;
  return (NAME(strip)){row / w->down, row % w->down * WINO_TILE, from * WINO_TILE, to - from};
}

// Rows [top, bottom) and columns [left, right) of a plane.
typedef struct NAME(region) {
  int64_t top, bottom, left, right;
} NAME(region);

// What of `height` rows and `width` columns at (row, column) lies in a plane.
static NAME(region) NAME(region_of)(const int64_t plane[3], int64_t row, int64_t height,
                                    int64_t column, int64_t width) {
  NAME(region) r = {TC_MAX(row, 0), TC_MIN(row + height, plane[1]), TC_MAX(column, 0),
                    TC_MIN(column + width, plane[2])};
  r.bottom = TC_MAX(r.top, r.bottom), r.right = TC_MAX(r.left, r.right);
  return r;
}

// A region of some planes as vectors of channels, its rows one after the other. Rows that fill the
// plane are one run.
static void NAME(load_region)(const NAME(region) *r, const int64_t plane[3], const T *x,
                              int64_t channels, NAME(wv) *to) {
  const int64_t width = r->right - r->left, size = plane[1] * plane[2];
  const bool whole = width == plane[2];
  const int64_t n = whole ? width * (r->bottom - r->top) : width;
  for (int64_t y = r->top; y < r->bottom; y += whole ? r->bottom - r->top : 1, to += n)
    NAME(to_lanes)(x + y * plane[2] + r->left, size, channels, n, to);
}

static void NAME(store_region)(const NAME(region) *r, const int64_t plane[3], const NAME(wv) *from,
                               int64_t channels, T *y) {
  const int64_t width = r->right - r->left, size = plane[1] * plane[2];
  const bool whole = width == plane[2];
  const int64_t n = whole ? width * (r->bottom - r->top) : width;
  for (int64_t row = r->top; row < r->bottom; row += whole ? r->bottom - r->top : 1, from += n)
    NAME(from_lanes)(from, n, channels, y + row * plane[2] + r->left, size);
}

// Values at the 36 points: (points, tiles, channels), points `plane` elements apart, tiles `ld`.
typedef struct NAME(points) {
  T *x;
  int64_t plane, ld;
} NAME(points);

// One vector more than the values take keeps the points out of each other's sets of the cache.
static inline int64_t NAME(points_plane)(int64_t rows, int64_t columns) {
  return rows * columns + NAME(PANEL_LANES);
}

static inline int64_t NAME(whole_lanes)(int64_t channels) {
  return (channels + NAME(PANEL_LANES) - 1) / NAME(PANEL_LANES) *NAME(PANEL_LANES);
}

// Vectors of scratch for the pixels of one strip, before and after the first dimension.
static inline int64_t NAME(strip_vectors)(const NAME(wino) *w) {
  return 2 * WINO_SPAN * (WINO_TILE * w->tiles + 2) + 1;
}

// A strip's pixels, of `height` rows, inside and outside of its plane.
typedef struct NAME(pixels) {
  NAME(region) r;
  int64_t row, column, height, width;
  const NAME(wv) *x;  // those of the region
} NAME(pixels);

// Columns of a strip: each becomes its values at six points. `gradient` is a constant.
static inline
    __attribute__((always_inline)) void NAME(strip_columns)(const NAME(pixels) *p,
                                                            const bool gradient, NAME(wv) *to) {
  const int64_t wide = p->r.right - p->r.left, height = gradient ? WINO_TILE : WINO_SPAN;
  for (int64_t x = p->column; x < p->column + p->width; x++, to++) {
    NAME(wv) d[WINO_SPAN];
    const bool in = x >= p->r.left && x < p->r.right;
    for (int64_t i = 0, y = p->row; i < height; i++, y++)
      d[i] = in && y >= p->r.top && y < p->r.bottom ? p->x[(y - p->r.top) * wide + x - p->r.left]
                                                    : (NAME(wv)){0};
    if (gradient) NAME(wino_gradient)(d, 1, to, p->width);
    else NAME(wino_input)(d, 1, to, p->width);
  }
}

static inline
    __attribute__((always_inline)) void NAME(strip_points)(NAME(pixels) *p, int64_t tiles,
                                                           const int64_t plane[3], const T *x,
                                                           int64_t channels, const bool gradient,
                                                           NAME(points) to, NAME(wv) *scratch) {
  NAME(wv) *columns = scratch + p->height * p->width;
  p->r = NAME(region_of)(plane, p->row, p->height, p->column, p->width);
  p->x = scratch;
  NAME(load_region)(&p->r, plane, x, channels, scratch);
  NAME(strip_columns)(p, gradient, columns);
  for (int64_t t = 0; t < tiles; t++, to.x += to.ld)
    for (int64_t i = 0; i < WINO_SPAN; i++) {
      const NAME(wv) *from = columns + i * p->width + WINO_TILE * t;
      NAME(wv) *at = (NAME(wv) *)(to.x + i * WINO_SPAN * to.plane);
      if (gradient) NAME(wino_gradient)(from, 1, at, to.plane / NAME(PANEL_LANES));
      else NAME(wino_input)(from, 1, at, to.plane / NAME(PANEL_LANES));
    }
}

// The input of a strip, of LANES channels at most, at the points of its tiles.
static void NAME(input_strip)(const NAME(wino) *w, const NAME(strip) *s, const T *x,
                              int64_t channels, NAME(points) to, NAME(wv) *scratch) {
  const window *g = &w->v->w;
  NAME(pixels) p = {.row = s->row - g->pad[1], .column = s->column - g->pad[2]};
  p.height = WINO_SPAN, p.width = WINO_TILE * s->tiles + 2;
  NAME(strip_points)(&p, s->tiles, g->in, x, channels, false, to, scratch);
}

// The output's gradient of a strip, of LANES channels at most, at the points.
static void NAME(gradient_strip)(const NAME(wino) *w, const NAME(strip) *s, const T *g,
                                 int64_t channels, NAME(points) to, NAME(wv) *scratch) {
  NAME(pixels) p = {.row = s->row, .column = s->column, .height = WINO_TILE};
  p.width = WINO_TILE * s->tiles;
  NAME(strip_points)(&p, s->tiles, w->v->w.out, g, channels, true, to, scratch);
}
