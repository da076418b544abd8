// Normalisation of contiguous rows, x is (rows, n): layer_norm and rms_norm, and the gradient of both.
// A row stays in the first cache between its statistics and its result: one pass over memory.
#ifndef T
#include "cpu.h"
enum { NORM_CHUNKS = 32 };  // rows are shared out in as many parts, whatever the threads
#define TC_TEMPLATE "layer_norm.c"
#include "floats.h"
TC_FLOAT_KERNEL(layer_norm)
TC_FLOAT_KERNEL(layer_norm_backward)
#else
#include "rows.h"

static inline T *NAME(optional)(const tc_tensor *t) {
  return t && tc_numel(t) > 0 ? (T *)tc_data(t) : NULL;
}

static void NAME(affine_row)(T *y, const T *x, int64_t n, T mean, T rstd, const T *w, const T *b) {
  if (w && b) {
    for (int64_t i = 0; i < n; i++) y[i] = (x[i] - mean) * rstd * w[i] + b[i];
    return;
  }
  for (int64_t i = 0; i < n; i++) y[i] = (x[i] - mean) * rstd;
  for (int64_t i = 0; w && i < n; i++) y[i] *= w[i];
  for (int64_t i = 0; b && i < n; i++) y[i] += b[i];
}

// Mean and 1/std of a row; rms_norm does not subtract the mean.
static void NAME(row_statistics)(T *mean, T *rstd, const T *x, int64_t n, double eps,
                                 bool centred) {
  tc_moments m = {0, 0, 0};
  if (centred) NAME(row_moments)(&m, x, n);
  else TC_SUM(m.m2, i, n, x[i] * x[i])
  *mean = (T)m.mean;
  const double inverse = 1 / (double)n;
  *rstd = 1 / (T)sqrt(m.m2 * inverse + eps);
}

// layer_norm(y, x, weight, bias, rows, n, centred, eps); not centred: rms_norm
static tc_status NAME(layer_norm)(tc_args *a) {
  T *y = (T *)tc_data(a->t[0]);
  const T *x = (const T *)tc_data(a->t[1]);
  const T *w = NAME(optional)(a->t[2]), *b = NAME(optional)(a->t[3]);
  const int64_t rows = a->i[0], n = a->i[1];
  TC_PARALLEL_FOR(r, rows, 4 * n) {
    T mean, rstd;
    NAME(row_statistics)(&mean, &rstd, x + r * n, n, a->f[0], a->i[2] != 0);
    NAME(affine_row)(y + r * n, x + r * n, n, mean, rstd, w, b);
  }
  return TC_OK;
}

// What a row of the gradient needs; gw and gb collect over the rows of a chunk.
typedef struct NAME(row_grad) {
  const T *w;
  T *gw, *gb;
  T mean, rstd;
  bool centred;  // layer_norm: the mean moves with x
} NAME(row_grad);

// dot = sum of wg (x - mean), sum = sum of wg, wg = w g
static inline void NAME(grad_sums)(double *dot, double *sum, const NAME(row_grad) *p, const T *g,
                                   const T *x, int64_t n) {
  const T mean = p->mean, *w = p->w;
  *dot = *sum = 0;
  if (w) TC_SUM2(*dot, *sum, i, n, g[i] * w[i] * (x[i] - mean), g[i] * w[i])
  else TC_SUM2(*dot, *sum, i, n, g[i] * (x[i] - mean), g[i])
}

// gx = rstd (wg - mean(wg) - xhat mean(wg xhat)); the row's part of the weight's gradient and of the
// bias's is added in the same pass.
static inline void NAME(grad_row)(const NAME(row_grad) *p, T *gx, const T *g, const T *x,
                                  int64_t n) {
  double dot, sum;
  NAME(grad_sums)(&dot, &sum, p, g, x, n);
  const T mean = p->mean, rstd = p->rstd, *w = p->w;
  const T slope = (T)(-dot / (double)n * rstd * rstd * rstd);
  const T shift = p->centred ? (T)(-sum / (double)n * rstd) : 0;
  T *gw = p->gw, *gb = p->gb;
  if (!w) {
    TC_PRAGMA(omp simd)
    for (int64_t i = 0; i < n; i++) {
      gx[i] = g[i] * rstd + (x[i] - mean) * slope + shift;
      gb[i] += g[i];
    }
    return;
  }
  TC_PRAGMA(omp simd)
  for (int64_t i = 0; i < n; i++) {
    const T off = x[i] - mean, up = g[i];
    gx[i] = up * w[i] * rstd + off * slope + shift;
    gw[i] += up * off * rstd;
    gb[i] += up;
  }
}

static void NAME(add_chunks)(T *to, const T *part, int64_t chunks, int64_t stride, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    double sum = 0;
    for (int64_t c = 0; c < chunks; c++) sum += (double)part[c * stride + i];
    to[i] = (T)sum;
  }
}

// layer_norm_backward(gx, gweight, gbias, g, x, weight, rows, n, centred, eps): an empty gweight or
// gbias is not wanted. The statistics are computed again: the row has to be read anyway.
static tc_status NAME(layer_norm_backward)(tc_args *a) {
  T *gx = (T *)tc_data(a->t[0]);
  T *gw = NAME(optional)(a->t[1]), *gb = NAME(optional)(a->t[2]);
  const T *g = (const T *)tc_data(a->t[3]), *x = (const T *)tc_data(a->t[4]);
  const int64_t rows = a->i[0], n = a->i[1], chunks = TC_MAX(1, TC_MIN(NORM_CHUNKS, rows / 16));
  const size_t bytes = (size_t)(chunks * 2 * n) * sizeof(T);
  T *part = tc_alloc(bytes);
  if (!part) return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes of partial sums", bytes);
  memset(part, 0, bytes);
  TC_PARALLEL_FOR(c, chunks, rows / chunks * n * 6) {
    NAME(row_grad) p = {.w = NAME(optional)(a->t[5]), .centred = a->i[2] != 0};
    p.gw = part + c * 2 * n;
    p.gb = p.gw + n;
    for (int64_t r = rows * c / chunks; r < rows * (c + 1) / chunks; r++) {
      const T *row = x + r * n;
      NAME(row_statistics)(&p.mean, &p.rstd, row, n, a->f[0], p.centred);
      NAME(grad_row)(&p, gx + r * n, g + r * n, row, n);
    }
  }
  if (gw) NAME(add_chunks)(gw, part, chunks, 2 * n, n);
  if (gb) NAME(add_chunks)(gb, part + n, chunks, 2 * n, n);
  tc_free(part, bytes);
  return TC_OK;
}
#endif
