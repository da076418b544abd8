// group_norm and its gradient: x is (N, C, S), each of G groups of channels is normalised by its own
// mean and variance.
#ifndef T
#include "cpu.h"
#define TC_TEMPLATE "group_norm.c"
#include "floats.h"
TC_FLOAT_KERNEL(group_norm)
TC_FLOAT_KERNEL(group_norm_backward)
#else
#include "rows.h"

#define OPTIONAL(t) ((t) && tc_numel(t) > 0 ? (T *)tc_data(t) : NULL)

static void NAME(group_statistics)(T *mean, T *rstd, const T *x, int64_t n, double eps) {
  tc_moments m = {0, 0, 0};
  NAME(row_moments)(&m, x, n);
  *mean = (T)m.mean;
  const double inverse = 1 / (double)n;
  *rstd = 1 / (T)sqrt(m.m2 * inverse + eps);
}

// group_norm(y, x, weight, bias, N, C, S, G, eps)
static tc_status NAME(group_norm)(tc_args *a) {
  T *y = (T *)tc_data(a->t[0]);
  const T *x = (const T *)tc_data(a->t[1]), *w = OPTIONAL(a->t[2]), *b = OPTIONAL(a->t[3]);
  const int64_t C = a->i[1], S = a->i[2], G = a->i[3], D = C / G;
  TC_PARALLEL_FOR(k, a->i[0] * G, 4 * D * S) {
    T mean, rstd;
    NAME(group_statistics)(&mean, &rstd, x + k * D * S, D * S, a->f[0]);
    for (int64_t d = 0; d < D; d++) {
      const int64_t c = k % G * D + d, at = (k * D + d) * S;
      const T scale = w ? rstd * w[c] : rstd, shift = b ? b[c] : 0;
      for (int64_t s = at; s < at + S; s++) y[s] = (x[s] - mean) * scale + shift;
    }
  }
  return TC_OK;
}

// One group: gx = A g + B (x - mean) + D, with A = rstd w by channel; ds and db collect, by channel,
// the sums of g (x - mean) and of g.
static void NAME(group_grad)(T *gx, double *ds, double *db, const T *g, const T *x, const T *w,
                             T mean, T rstd, int64_t channels, int64_t S) {
  double s1 = 0, s2 = 0;
  const double M = (double)(channels * S);
  for (int64_t d = 0; d < channels; d++) {
    const T *gd = g + d * S, *xd = x + d * S;
    ds[d] = db[d] = 0;
    TC_SUM(db[d], s, S, gd[s])
    TC_SUM(ds[d], s, S, gd[s] * (xd[s] - mean))
    s1 += db[d] * (w ? (double)w[d] : 1);
    s2 += ds[d] * (w ? (double)w[d] : 1);
  }
  const T slope = (T)(-s2 / M * rstd * rstd * rstd), shift = (T)(-s1 / M * rstd);
  for (int64_t d = 0; d < channels; d++) {
    const T scale = w ? rstd * w[d] : rstd;
    for (int64_t s = d * S; s < (d + 1) * S; s++)
      gx[s] = g[s] * scale + (x[s] - mean) * slope + shift;
  }
}

// ds already carries the group's 1/std.
static void NAME(channel_grads)(tc_args *a, const double *ds, const double *db) {
  T *gw = OPTIONAL(a->t[1]), *gb = OPTIONAL(a->t[2]);
  const int64_t N = a->i[0], C = a->i[1];
  for (int64_t c = 0; c < C; c++) {
    double weight = 0, bias = 0;
    for (int64_t n = 0; n < N; n++) {
      weight += ds[n * C + c];
      bias += db[n * C + c];
    }
    if (gw) gw[c] = (T)weight;
    if (gb) gb[c] = (T)bias;
  }
}

// group_norm_backward(gx, gweight, gbias, g, x, weight, N, C, S, G, eps)
static tc_status NAME(group_norm_backward)(tc_args *a) {
  T *gx = (T *)tc_data(a->t[0]);
  const T *g = (const T *)tc_data(a->t[3]), *x = (const T *)tc_data(a->t[4]);
  const T *w = OPTIONAL(a->t[5]);
  const int64_t N = a->i[0], C = a->i[1], S = a->i[2], G = a->i[3], D = C / G;
  const size_t bytes = (size_t)(2 * N * C) * sizeof(double);
  double *ds = tc_alloc(bytes), *db = ds + N * C;
  if (!ds) return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes of partial sums", bytes);
  TC_PARALLEL_FOR(k, N * G, 6 * D * S) {
    const int64_t at = k * D * S;
    T mean, rstd;
    NAME(group_statistics)(&mean, &rstd, x + at, D * S, a->f[0]);
    NAME(group_grad)(gx + at, ds + k * D, db + k * D, g + at, x + at, w ? w + k % G * D : NULL,
                     mean, rstd, D, S);
    for (int64_t d = k * D; d < (k + 1) * D; d++) ds[d] *= (double)rstd;
  }
  NAME(channel_grads)(a, ds, db);
  tc_free(ds, bytes);
  return TC_OK;
}
#undef OPTIONAL
#endif
