// mse_loss and its gradient, each in one pass: a small network's loss should cost one call.
// `reduction` is 0 (none), 1 (mean) or 2 (sum).
#ifndef T
#include "cpu.h"
enum { LOSS_SEGMENT = 32768 };  // summed apart, whatever the number of threads
enum { LOSS_NONE, LOSS_MEAN, LOSS_SUM };
#define TC_TEMPLATE "loss.c"
#include "floats.h"
TC_FLOAT_KERNEL(mse_loss)
TC_FLOAT_KERNEL(mse_loss_backward)
#else
#include "rows.h"

// Of segment s.
static double NAME(segment_squares)(const T *x, const T *t, int64_t n, int64_t s) {
  const T *a = x + s * LOSS_SEGMENT, *b = t + s * LOSS_SEGMENT;
  double sum = 0;
  TC_SUM(sum, i, TC_MIN(LOSS_SEGMENT, n - s * LOSS_SEGMENT), (a[i] - b[i]) * (a[i] - b[i]))
  return sum;
}

static tc_status NAME(squares)(double *sum, const T *x, const T *t, int64_t n) {
  const int64_t segments = (n + LOSS_SEGMENT - 1) / LOSS_SEGMENT;
  const size_t bytes = (size_t)segments * sizeof(double);
  double few[64], *part = segments <= 64 ? few : tc_alloc(bytes);
  if (!part) return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes of partial sums", bytes);
  TC_CALL_FOR(s, segments, LOSS_SEGMENT, part[s] = NAME(segment_squares)(x, t, n, s))
  *sum = 0;
  for (int64_t s = 0; s < segments; s++) *sum += part[s];
  if (part != few) tc_free(part, bytes);
  return TC_OK;
}

// mse_loss(y, x, target, reduction)
static tc_status NAME(mse_loss)(tc_args *a) {
  T *y = (T *)tc_data(a->t[0]);
  const T *x = (const T *)tc_data(a->t[1]), *t = (const T *)tc_data(a->t[2]);
  const int64_t n = tc_numel(a->t[1]);
  if (a->i[0] == LOSS_NONE) {
    for (int64_t i = 0; i < n; i++) y[i] = (x[i] - t[i]) * (x[i] - t[i]);
    return TC_OK;
  }
  double sum;
  TC_TRY(NAME(squares)(&sum, x, t, n));
  *y = (T)(a->i[0] == LOSS_MEAN ? sum / (double)n : sum);
  return TC_OK;
}

static void NAME(scaled_difference)(T *gx, T scale, const T *x, const T *t, int64_t n, int64_t s) {
  const int64_t to = TC_MIN(n, (s + 1) * LOSS_SEGMENT);
  for (int64_t i = s * LOSS_SEGMENT; i < to; i++) gx[i] = scale * (x[i] - t[i]);
}

// mse_loss_backward(gx, g, x, target, reduction)
static tc_status NAME(mse_loss_backward)(tc_args *a) {
  T *gx = (T *)tc_data(a->t[0]);
  const T *g = (const T *)tc_data(a->t[1]);
  const T *x = (const T *)tc_data(a->t[2]), *t = (const T *)tc_data(a->t[3]);
  const int64_t n = tc_numel(a->t[2]), segments = (n + LOSS_SEGMENT - 1) / LOSS_SEGMENT;
  if (a->i[0] == LOSS_NONE) {
    for (int64_t i = 0; i < n; i++) gx[i] = 2 * g[i] * (x[i] - t[i]);
    return TC_OK;
  }
  const T scale = *g * (a->i[0] == LOSS_MEAN ? (T)(2 / (double)n) : 2);
  TC_CALL_FOR(s, segments, LOSS_SEGMENT, NAME(scaled_difference)(gx, scale, x, t, n, s))
  return TC_OK;
}
#endif
