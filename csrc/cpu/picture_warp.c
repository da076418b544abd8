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
  const double z = m[6] * c + m[7] * r + m[8], near = z == 1 ? 1 : 1 / z;
  *x = (m[0] * c + m[1] * r + m[2]) * near - 0.5;
  *y = (m[3] * c + m[4] * r + m[5]) * near - 0.5;
  if (!p->displacement) return;
  const float *move = p->displacement + 2 * (row * p->cols + col);
  *x += (double)move[0];
  *y += (double)move[1];
}

// The four pixels around a place: `at` in a plane, `right` and `down` from it; their shares, and
// what is missing to 1, the fill's. A pixel outside has no share, and stands for its neighbour.
typedef struct spot {
  int64_t at, right, down;
  float share[4], rest;
} spot;

// Two neighbours along one dimension: the first, how far the second is, and their shares.
typedef struct pair {
  int64_t first, step;
  float near, far;
} pair;

static inline pair pair_at(double x, int64_t n) {
  const double low = floor(x);
  const int64_t first = (int64_t)low;
  const float far = (float)(x - low);
  return (pair){TC_MAX(first, 0), first >= 0 && first + 1 < n, first >= 0 ? 1 - far : 0,
                first + 1 < n ? far : 0};
}

static const spot outside = {.rest = 1};

// NaN lies outside. (Written field by field: a spot that is put together and then copied waits for
// its parts.)
static inline void around(const warp *p, double x, double y, spot *s) {
  if (!(x > -1 && x < (double)p->width && y > -1 && y < (double)p->height)) {
    *s = outside;
    return;
  }
  const pair h = pair_at(x, p->width), v = pair_at(y, p->height);
  s->at = v.first * p->width + h.first;
  s->right = h.step;
  s->down = v.step * p->width;
  s->share[0] = h.near * v.near;
  s->share[1] = h.far * v.near;
  s->share[2] = h.near * v.far;
  s->share[3] = h.far * v.far;
  s->rest = 1 - (h.near + h.far) * (v.near + v.far);
}

static inline void nearest(const warp *p, double x, double y, spot *s) {
  const double col = nearbyint(x), row = nearbyint(y);
  const bool inside = col >= 0 && col < (double)p->width && row >= 0 && row < (double)p->height;
  s->at = inside ? (int64_t)row * p->width + (int64_t)col : 0;
  s->rest = inside ? 0 : 1;
}

static void find_spots(const warp *p, int64_t row, spot *spots) {
  for (int64_t col = 0; col < p->cols; col++) {
    double x, y;
    place_of(p, row, col, &x, &y);
    (p->bilinear ? around : nearest)(p, x, y, &spots[col]);
  }
}

// Half a level goes to the even one, as in nearbyint.
static inline uint8_t to_level(float v) {
  const long level = lrintf(v);
  return (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level);
}

#define TC_TEMPLATE "picture_warp.c"
#define T uint8_t
#define NAME(x) x##_u8
#define STORE(v) to_level(v)
#include TC_TEMPLATE
#undef T
#undef NAME
#undef STORE
#define T float
#define NAME(x) x##_f32
#define STORE(v) (v)
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
                  p.cols * p.channels * 8, (size_t)p.cols * sizeof(spot));
}

#else

static inline float NAME(blend)(const T *from, const spot *s, float fill) {
  const T *x = from + s->at;
  const float sum = s->share[0] * (float)x[0] + s->share[1] * (float)x[s->right] +
                    s->share[2] * (float)x[s->down] + s->share[3] * (float)x[s->down + s->right];
  return s->rest > 0 ? sum + s->rest * fill : sum;
}

// Job: a row of one picture of the result, in all channels.
static tc_status NAME(warp_row)(const void *context, int64_t job, void *scratch) {
  const warp *p = context;
  spot *spots = scratch;
  const int64_t n = job / p->rows, row = job % p->rows, plane = p->height * p->width;
  find_spots(p, row, spots);
  for (int64_t k = 0; k < p->channels; k++) {
    const T *from = (const T *)p->from + (n * p->channels + k) * plane;
    T *to = (T *)p->to + ((n * p->channels + k) * p->rows + row) * p->cols;
    const float fill = (float)p->fill[k];
    for (int64_t col = 0; col < p->cols; col++) {
      const spot *s = &spots[col];
      if (s->rest >= 1) to[col] = STORE(fill);
      else to[col] = p->bilinear ? STORE(NAME(blend)(from, s, fill)) : from[s->at];
    }
  }
  return TC_OK;
}
#endif
