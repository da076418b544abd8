// Pictures (N, C, H, W) of bytes or float32 seen through a projective map: each pixel of the result
// is looked up at its place in the picture, (x, y, 1) = map * (column + 1/2, row + 1/2, 1), moved
// by a displacement where there is one. Outside of the picture is `fill`, which bilinear blends in.
#ifndef T
#include "jobs.h"

typedef struct warp {
  const double *map, *fill;   // 3 x 3; one number a channel
  const float *displacement;  // (h, w, 2), in pixels, or NULL
  const void *from;
  void *to;
  int64_t channels, height, width, rows, cols;  // of the picture; of the result
  bool bilinear;
} warp;

// Where pixel (row, col) of the result lies in the picture: pixel centres at whole numbers.
static inline void place_of(const warp *p, int64_t row, int64_t col, double *x, double *y) {
  const double *m = p->map, c = (double)col + 0.5, r = (double)row + 0.5;
  const double z = m[6] * c + m[7] * r + m[8];
  *x = (m[0] * c + m[1] * r + m[2]) / z - 0.5;
  *y = (m[3] * c + m[4] * r + m[5]) / z - 0.5;
  if (!p->displacement) return;
  const float *move = p->displacement + 2 * (row * p->cols + col);
  *x += (double)move[0];
  *y += (double)move[1];
}

// The four pixels around a place: where they lie in a plane, and their shares. A pixel outside has
// no share; what is missing to 1 is the fill's. NaN lies outside.
typedef struct corners {
  int64_t at[4];
  double share[4], rest;
} corners;

static inline corners around(const warp *p, double x, double y) {
  corners c = {{0}, {0}, 1};
  if (!(x > -1 && x < (double)p->width && y > -1 && y < (double)p->height)) return c;
  const double left = floor(x), top = floor(y), across = x - left, down = y - top;
  for (int k = 0; k < 4; k++) {
    const int64_t col = (int64_t)left + (k & 1), row = (int64_t)top + (k >> 1);
    if (col < 0 || col >= p->width || row < 0 || row >= p->height) continue;
    c.at[k] = row * p->width + col;
    c.share[k] = (k & 1 ? across : 1 - across) * (k & 2 ? down : 1 - down);
    c.rest -= c.share[k];
  }
  return c;
}

static inline corners nearest(const warp *p, double x, double y) {
  corners c = {{0}, {0}, 1};
  const double col = nearbyint(x), row = nearbyint(y);
  if (!(col >= 0 && col < (double)p->width && row >= 0 && row < (double)p->height)) return c;
  c.at[0] = (int64_t)row * p->width + (int64_t)col;
  c.share[0] = 1;
  c.rest = 0;
  return c;
}

#define TC_TEMPLATE "picture_warp.c"
#define T uint8_t
#define NAME(x) x##_u8
#define STORE(v) (uint8_t) nearbyint(fmin(fmax(v, 0), 255))
#include TC_TEMPLATE
#undef T
#undef NAME
#undef STORE
#define T float
#define NAME(x) x##_f32
#define STORE(v) (float)(v)
#include TC_TEMPLATE
#undef T

static tc_status check(const tc_args *a) {
  const tc_tensor *to = a->t[0], *from = a->t[1], *move = a->t[4];
  if (to->ndim != 4 || from->ndim != 4 || to->dtype != from->dtype ||
      (to->dtype != TC_uint8 && to->dtype != TC_float32) || to->size[0] != from->size[0] ||
      to->size[1] != from->size[1])
    return tc_fail(TC_BAD_SHAPE, "expected (N, C, H, W) of bytes or float32");
  if (a->t[2]->dtype != TC_float64 || tc_numel(a->t[2]) != 9 || a->t[3]->dtype != TC_float64 ||
      tc_numel(a->t[3]) != from->size[1])
    return tc_fail(TC_BAD_SHAPE, "expected a map of 9 numbers and a fill a channel, in float64");
  if (move && (move->dtype != TC_float32 || tc_numel(move) != 2 * to->size[2] * to->size[3]))
    return tc_fail(TC_BAD_SHAPE, "expected a displacement (h, w, 2) in float32");
  return TC_OK;
}

// t: result, picture, map, fill, displacement or nothing. i: bilinear?
TC_PLAIN_KERNEL(picture_warp) {
  TC_TRY(check(a));
  const tc_tensor *to = a->t[0], *from = a->t[1];
  if (tc_numel(to) == 0) return TC_OK;
  const warp p = {.map = tc_data(a->t[2]),
                  .fill = tc_data(a->t[3]),
                  .displacement = a->t[4] ? tc_data(a->t[4]) : NULL,
                  .from = tc_data(from),
                  .to = tc_data(to),
                  .channels = from->size[1],
                  .height = from->size[2],
                  .width = from->size[3],
                  .rows = to->size[2],
                  .cols = to->size[3],
                  .bilinear = a->i[0] != 0};
  return each_job(to->dtype == TC_uint8 ? warp_row_u8 : warp_row_f32, &p, to->size[0] * p.rows,
                  p.cols * p.channels * 8, 0);
}

#else

// Job: a row of one picture of the result, in all channels.
static tc_status NAME(warp_row)(const void *context, int64_t job, void *scratch) {
  const warp *p = context;
  (void)scratch;
  const int64_t n = job / p->rows, row = job % p->rows, plane = p->height * p->width;
  const T *from = (const T *)p->from + n * p->channels * plane;
  T *to = (T *)p->to + (n * p->channels * p->rows + row) * p->cols;
  for (int64_t col = 0; col < p->cols; col++) {
    double x, y;
    place_of(p, row, col, &x, &y);
    const corners c = (p->bilinear ? around : nearest)(p, x, y);
    const int taps = p->bilinear ? 4 : 1;
    for (int64_t k = 0; k < p->channels; k++) {
      double sum = c.rest * p->fill[k];
      if (c.rest < 1)
        for (int j = 0; j < taps; j++) sum += c.share[j] * (double)from[k * plane + c.at[j]];
      to[k * p->rows * p->cols + col] = STORE(sum);
    }
  }
  return TC_OK;
}
#endif
