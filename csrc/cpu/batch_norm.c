// batch_norm: x is (N, C, S), statistics are over N and S. A channel is finished before the next one
// is begun, so that it is still in the second cache when its statistics are known. With S = 1 the
// channels lie side by side, and a tile of them is done at once.
#ifndef T
#include "cpu.h"
enum { BN_TILE = 64, BN_LONG = 512 };

typedef struct bn_shape {
  int64_t N, C, S;
} bn_shape;

static inline bn_shape bn_shape_of(const tc_args *a) {
  return (bn_shape){a->i[0], a->i[1], a->i[2]};
}

#define TC_TEMPLATE "batch_norm.c"
#include "floats.h"
TC_FLOAT_KERNEL(batch_norm_train)
TC_FLOAT_KERNEL(batch_norm_eval)
TC_FLOAT_KERNEL(batch_norm_backward)
TC_FLOAT_KERNEL(batch_norm_update)
TC_FLOAT_KERNEL(batch_norm_relu_train)
TC_FLOAT_KERNEL(batch_norm_relu_backward)
#else
#include "rows.h"

#define OPTIONAL(t) ((t) && tc_numel(t) > 0 ? (T *)tc_data(t) : NULL)

// ---- statistics: x starts at channel c, w channels are wanted ----

static void NAME(bn_columns)(T *mean, T *var, const T *x, bn_shape s, int64_t w) {
  double sum[BN_TILE] = {0}, m2[BN_TILE] = {0};
  for (int64_t n = 0; n < s.N; n++)
    for (int64_t j = 0; j < w; j++) sum[j] += (double)x[n * s.C + j];
  for (int64_t j = 0; j < w; j++) sum[j] /= (double)s.N;
  for (int64_t n = 0; n < s.N; n++)
    for (int64_t j = 0; j < w; j++) {
      const double d = (double)x[n * s.C + j] - sum[j];
      m2[j] += d * d;
    }
  for (int64_t j = 0; j < w; j++) {
    mean[j] = (T)sum[j];
    var[j] = (T)(m2[j] / (double)s.N);
  }
}

// Long rows are read once; short ones twice, which costs less than joining the moments of each.
static void NAME(bn_channel)(T *mean, T *var, const T *x, bn_shape s) {
  tc_moments m = {0, 0, 0};
  const int64_t step = s.C * s.S;
  const double count = (double)(s.N * s.S);
  if (s.S >= BN_LONG) {
    for (int64_t n = 0; n < s.N; n++) NAME(row_moments)(&m, x + n * step, s.S);
  } else {
    for (int64_t n = 0; n < s.N; n++) TC_SUM(m.mean, i, s.S, x[n * step + i])
    m.mean /= count;
    const T centre = (T)m.mean;
    for (int64_t n = 0; n < s.N; n++)
      TC_SUM(m.m2, i, s.S, (x[n * step + i] - centre) * (x[n * step + i] - centre))
  }
  *mean = (T)m.mean;
  *var = (T)(m.m2 / count);
}

// ---- forward: y = (x - mean) scale + shift ----

static void NAME(bn_apply)(T *y, const T *x, bn_shape s, int64_t w, const T *mean, const T *scale,
                           const T *shift) {
  for (int64_t n = 0; n < s.N; n++, x += s.C * s.S, y += s.C * s.S) {
    if (s.S == 1) {
      for (int64_t j = 0; j < w; j++) y[j] = (x[j] - mean[j]) * scale[j] + shift[j];
    } else {
      const T centre = *mean, by = *scale, up = *shift;
      for (int64_t i = 0; i < s.S; i++) y[i] = (x[i] - centre) * by + up;
    }
  }
}

// (y, x, weight, bias, mean, var, N, C, S, eps); `train` computes mean and var first.
static tc_status NAME(bn_forward)(tc_args *a, T *mean, T *var, bool train) {
  T *y = (T *)tc_data(a->t[0]);
  const int first = train ? 3 : 1;
  const T *x = (const T *)tc_data(a->t[first]);
  const T *weight = OPTIONAL(a->t[first + 1]), *bias = OPTIONAL(a->t[first + 2]);
  const bn_shape s = bn_shape_of(a);
  const int64_t most = s.S == 1 ? BN_TILE : 1, tiles = (s.C + most - 1) / most;
  TC_PARALLEL_FOR(t, tiles, 4 * s.N * s.S * most) {
    const int64_t c = t * most, w = TC_MIN(most, s.C - c);
    T scale[BN_TILE], shift[BN_TILE];
    if (train && s.S == 1) NAME(bn_columns)(mean + c, var + c, x + c, s, w);
    if (train && s.S != 1) NAME(bn_channel)(mean + c, var + c, x + c * s.S, s);
    for (int64_t j = 0; j < w; j++) {
      scale[j] = (T)(1 / sqrt((double)var[c + j] + a->f[0])) * (weight ? weight[c + j] : 1);
      shift[j] = bias ? bias[c + j] : 0;
    }
    NAME(bn_apply)(y + c * s.S, x + c * s.S, s, w, mean + c, scale, shift);
  }
  return TC_OK;
}

// batch_norm_train(y, mean, var, x, weight, bias, N, C, S, eps)
static tc_status NAME(batch_norm_train)(tc_args *a) {
  return NAME(bn_forward)(a, (T *)tc_data(a->t[1]), (T *)tc_data(a->t[2]), true);
}

// batch_norm_eval(y, x, weight, bias, mean, var, N, C, S, eps)
static tc_status NAME(batch_norm_eval)(tc_args *a) {
  return NAME(bn_forward)(a, (T *)tc_data(a->t[4]), (T *)tc_data(a->t[5]), false);
}

// batch_norm_update(running_mean, running_var, mean, var, momentum, correction n / (n - 1))
static tc_status NAME(batch_norm_update)(tc_args *a) {
  T *running_mean = (T *)tc_data(a->t[0]), *running_var = (T *)tc_data(a->t[1]);
  const T *mean = (const T *)tc_data(a->t[2]), *var = (const T *)tc_data(a->t[3]);
  const T momentum = (T)a->f[0], correction = (T)a->f[1];
  for (int64_t c = 0; c < tc_numel(a->t[0]); c++) {
    running_mean[c] += momentum * (mean[c] - running_mean[c]);
    running_var[c] += momentum * (var[c] * correction - running_var[c]);
  }
  return TC_OK;
}

// ---- backward ----

// By channel: the sums of g (x - mean) and of g.
static void NAME(bn_sums)(double *dot, double *sum, const T *g, const T *x, bn_shape s, int64_t w,
                          const T *mean) {
  const T centre = *mean;
  for (int64_t j = 0; j < w; j++) dot[j] = sum[j] = 0;
  for (int64_t n = 0; n < s.N; n++, x += s.C * s.S, g += s.C * s.S) {
    if (s.S == 1) {
      for (int64_t j = 0; j < w; j++) {
        dot[j] += (double)(g[j] * (x[j] - mean[j]));
        sum[j] += (double)g[j];
      }
    } else {
      TC_SUM2(*dot, *sum, i, s.S, g[i] * (x[i] - centre), g[i])
    }
  }
}

// gx = g scale + (x - mean) slope + shift
static void NAME(bn_spread)(T *gx, const T *g, const T *x, bn_shape s, int64_t w, const T *mean,
                            const T *scale, const T *slope, const T *shift) {
  const int64_t step = s.C * s.S;
  for (int64_t n = 0; n < s.N; n++, x += step, g += step, gx += step) {
    if (s.S == 1) {
      for (int64_t j = 0; j < w; j++)
        gx[j] = g[j] * scale[j] + (x[j] - mean[j]) * slope[j] + shift[j];
    } else {
      const T centre = *mean, by = *scale, tilt = *slope, up = *shift;
      for (int64_t i = 0; i < s.S; i++) gx[i] = g[i] * by + (x[i] - centre) * tilt + up;
    }
  }
}

// batch_norm_backward(gx, gweight, gbias, g, x, weight, mean, var, N, C, S, training, eps)
static tc_status NAME(batch_norm_backward)(tc_args *a) {
  T *gx = (T *)tc_data(a->t[0]), *gw = OPTIONAL(a->t[1]), *gb = OPTIONAL(a->t[2]);
  const T *g = (const T *)tc_data(a->t[3]), *x = (const T *)tc_data(a->t[4]);
  const T *weight = OPTIONAL(a->t[5]);
  const T *mean = (const T *)tc_data(a->t[6]), *var = (const T *)tc_data(a->t[7]);
  const bn_shape s = bn_shape_of(a);
  const double moved = a->i[3] ? 1 / (double)(s.N * s.S) : 0;  // do the statistics move with x?
  const int64_t most = s.S == 1 ? BN_TILE : 1, tiles = (s.C + most - 1) / most;
  TC_PARALLEL_FOR(t, tiles, 6 * s.N * s.S * most) {
    const int64_t c = t * most, w = TC_MIN(most, s.C - c), at = c * s.S;
    double dot[BN_TILE], sum[BN_TILE];
    T scale[BN_TILE], slope[BN_TILE], shift[BN_TILE];
    NAME(bn_sums)(dot, sum, g + at, x + at, s, w, mean + c);
    for (int64_t j = 0; j < w; j++) {
      const double rstd = 1 / sqrt((double)var[c + j] + a->f[0]);
      const double by = rstd * (weight ? (double)weight[c + j] : 1);
      scale[j] = (T)by;
      slope[j] = (T)(-by * rstd * rstd * dot[j] * moved);
      shift[j] = (T)(-by * sum[j] * moved);
      if (gw) gw[c + j] = (T)(dot[j] * rstd);
      if (gb) gb[c + j] = (T)sum[j];
    }
    NAME(bn_spread)(gx + at, g + at, x + at, s, w, mean + c, scale, slope, shift);
  }
  return TC_OK;
}

// ---- with what follows: y = relu(batch_norm(x) + residual), NaN passes ----

// batch_norm_relu_train(y, mean, var, x, weight, bias, residual, N, C, S, eps)
static tc_status NAME(batch_norm_relu_train)(tc_args *a) {
  T *y = (T *)tc_data(a->t[0]);
  const T *residual = OPTIONAL(a->t[6]);
  TC_TRY(NAME(batch_norm_train)(a));
  TC_PARALLEL_FOR(i, tc_numel(a->t[0]), 1) {
    const T v = residual ? y[i] + residual[i] : y[i];
    y[i] = v < 0 ? 0 : v;
  }
  return TC_OK;
}

// batch_norm_relu_backward(gx, gresidual, gweight, gbias, g, y, x, weight, mean, var, N, C, S, eps): the
// gradient of the residual, of the sum too, is that of y where y is above zero. gx has it first.
static tc_status NAME(batch_norm_relu_backward)(tc_args *a) {
  T *gx = (T *)tc_data(a->t[0]), *gr = OPTIONAL(a->t[1]);
  const T *g = (const T *)tc_data(a->t[4]), *y = (const T *)tc_data(a->t[5]);
  TC_PARALLEL_FOR(i, tc_numel(a->t[0]), 1) {
    gx[i] = y[i] <= 0 ? 0 : g[i];
    if (gr) gr[i] = gx[i];
  }
  tc_args plain = {.i = {a->i[0], a->i[1], a->i[2], 1}, .f = {a->f[0]}};
  tc_tensor *const t[] = {a->t[0], a->t[2], a->t[3], a->t[0], a->t[6], a->t[7], a->t[8], a->t[9]};
  memcpy(plain.t, t, sizeof t);
  return NAME(batch_norm_backward)(&plain);
}
#undef OPTIONAL
#endif
