// Variance and mean along the middle of (outer, n, inner): squared deviations from the mean of blocks,
// joined by Chan's formula. The divisor is n - correction, at least 0.
#ifndef T
#include "cpu.h"
enum { VAR_SEGMENT = 65536, VAR_TILE = 64 };
#define TC_TEMPLATE "var.c"
#include "floats.h"
TC_FLOAT_KERNEL(var)
#else
#include "rows.h"

static void NAME(var_columns)(double *mean, double *m2, const T *x, int64_t n, int64_t inner,
                              int64_t w) {
  for (int64_t j = 0; j < w; j++) mean[j] = m2[j] = 0;
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < w; j++) mean[j] += (double)x[i * inner + j];
  for (int64_t j = 0; j < w; j++) mean[j] /= (double)n;
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < w; j++) {
      const double d = (double)x[i * inner + j] - mean[j];
      m2[j] += d * d;
    }
}

static void NAME(var_inner)(T *var, T *mean, const T *x, int64_t n, int64_t inner, double divisor) {
  double centre[VAR_TILE], m2[VAR_TILE];
  for (int64_t from = 0; from < inner; from += VAR_TILE) {
    const int64_t w = TC_MIN(VAR_TILE, inner - from);
    NAME(var_columns)(centre, m2, x + from, n, inner, w);
    for (int64_t j = 0; j < w; j++) {
      mean[from + j] = (T)centre[j];
      var[from + j] = (T)(m2[j] / divisor);
    }
  }
}

// Long rows are cut into segments, whatever the number of threads.
static tc_status NAME(var_row)(T *var, T *mean, const T *x, int64_t n, double divisor) {
  const int64_t segments = (n + VAR_SEGMENT - 1) / VAR_SEGMENT;
  const size_t bytes = (size_t)TC_MAX(1, segments) * sizeof(tc_moments);
  tc_moments *part = tc_alloc(bytes), all = {0, 0, 0};
  if (!part) return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes of partial sums", bytes);
  TC_PARALLEL_FOR(s, segments, VAR_SEGMENT) {
    part[s] = (tc_moments){0, 0, 0};
    NAME(row_moments)(&part[s], x + s * VAR_SEGMENT, TC_MIN(VAR_SEGMENT, n - s * VAR_SEGMENT));
  }
  for (int64_t s = 0; s < segments; s++) tc_join_moments(&all, part[s].n, part[s].mean, part[s].m2);
  tc_free(part, bytes);
  *mean = (T)(n > 0 ? all.mean : (double)NAN);
  *var = (T)(n > 0 ? all.m2 / divisor : (double)NAN);
  return TC_OK;
}

// var(y, mean, x, outer, n, inner, correction)
static tc_status NAME(var)(tc_args *a) {
  T *var = (T *)tc_data(a->t[0]), *mean = (T *)tc_data(a->t[1]);
  const T *x = (const T *)tc_data(a->t[2]);
  const int64_t outer = a->i[0], n = a->i[1], inner = a->i[2];
  const double divisor = TC_MAX(0, (double)n - a->f[0]);
  if (inner == 1 && (outer == 1 || n > VAR_SEGMENT)) {
    for (int64_t o = 0; o < outer; o++)
      TC_TRY(NAME(var_row)(var + o, mean + o, x + o * n, n, divisor));
    return TC_OK;
  }
  TC_PARALLEL_FOR(o, outer, 2 * n * inner) {
    tc_moments m = {0, 0, 0};
    if (inner > 1 || n == 0) {
      NAME(var_inner)(var + o * inner, mean + o * inner, x + o * n * inner, n, inner, divisor);
    } else {
      NAME(row_moments)(&m, x + o * n, n);
      mean[o] = (T)m.mean;
      var[o] = (T)(m.m2 / divisor);
    }
  }
  return TC_OK;
}
#endif
