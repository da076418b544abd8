// cross_entropy and nll_loss with class ids: x is (outer, C, inner), the ids are (outer, inner) and
// count from 1. `mode` is 0 (none), 1 (mean, over the weights of what counts) or 2 (sum). An id equal
// to `ignore` contributes nothing.
#ifndef T
#include "cpu.h"
enum { MODE_NONE, MODE_MEAN, MODE_SUM };

typedef struct ce_shape {
  int64_t outer, C, inner, positions;
  int64_t mode, ignore;
  double smoothing;
  const int64_t *target;
} ce_shape;

// Integers of a call: outer, C, inner, mode, ignore. Every id is checked before anything is read.
static tc_status ce_prepare(ce_shape *s, const tc_args *a, const tc_tensor *target) {
  *s = (ce_shape){a->i[0], a->i[1], a->i[2], a->i[0] * a->i[2],
                  a->i[3], a->i[4], a->f[0], (const int64_t *)tc_data(target)};
  for (int64_t p = 0; p < s->positions; p++)
    if (s->target[p] != s->ignore && (s->target[p] < 1 || s->target[p] > s->C))
      return tc_fail(TC_BAD_VALUE, "class id %lld is out of range 1..%lld", (long long)s->target[p],
                     (long long)s->C);
  return TC_OK;
}

#define TC_TEMPLATE "cross_entropy.c"
#include "floats.h"
TC_FLOAT_KERNEL(cross_entropy)
TC_FLOAT_KERNEL(cross_entropy_backward)
TC_FLOAT_KERNEL(cross_entropy_backward_in_place)
TC_FLOAT_KERNEL(nll_loss)
TC_FLOAT_KERNEL(nll_loss_backward)
#else
#include "softmax.h"

#define WEIGHTS(t) ((t) ? (const T *)tc_data(t) : NULL)

// Where in x the value of position p's class lies.
static inline int64_t NAME(place)(const ce_shape *s, int64_t p) {
  return (p / s->inner * s->C + s->target[p] - 1) * s->inner + p % s->inner;
}

// The weight of position p's class; 0 where it is ignored.
static inline double NAME(weight_at)(const ce_shape *s, const T *weight, int64_t p) {
  if (s->target[p] == s->ignore) return 0;
  return weight ? (double)weight[s->target[p] - 1] : 1;
}

static double NAME(weight_total)(const ce_shape *s, const T *weight) {
  double total = 0;
  for (int64_t p = 0; p < s->positions; p++) total += NAME(weight_at)(s, weight, p);
  return total;
}

static double NAME(class_total)(const ce_shape *s, const T *weight) {
  double total = 0;
  for (int64_t c = 0; weight && c < s->C; c++) total += (double)weight[c];
  return weight ? total : (double)s->C;
}

// By position, to y or to one number.
static void NAME(deliver)(const ce_shape *s, T *y, const double *loss, const T *weight) {
  double sum = 0;
  if (s->mode == MODE_NONE) {
    for (int64_t p = 0; p < s->positions; p++) y[p] = (T)loss[p];
    return;
  }
  for (int64_t p = 0; p < s->positions; p++) sum += loss[p];
  *y = (T)(s->mode == MODE_MEAN ? sum / NAME(weight_total)(s, weight) : sum);
}

static tc_status NAME(losses)(tc_args *a,
                              void (*fill)(const ce_shape *, double *, const T *, const T *)) {
  ce_shape s;
  TC_TRY(ce_prepare(&s, a, a->t[2]));
  const size_t bytes = (size_t)TC_MAX(s.positions, 1) * sizeof(double);
  double *loss = tc_alloc(bytes);
  if (!loss) return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes of losses", bytes);
  fill(&s, loss, (const T *)tc_data(a->t[1]), WEIGHTS(a->t[3]));
  NAME(deliver)(&s, (T *)tc_data(a->t[0]), loss, WEIGHTS(a->t[3]));
  tc_free(loss, bytes);
  return TC_OK;
}

// What each position's gradient is multiplied by.
static double NAME(scale)(const ce_shape *s, const T *g, const T *weight) {
  if (s->mode == MODE_NONE) return 1;
  return s->mode == MODE_SUM ? (double)*g : (double)*g / NAME(weight_total)(s, weight);
}

// ---- cross_entropy ----

// The loss of position p from its largest value and the log of its sum of exponentials.
static double NAME(loss_at)(const ce_shape *s, const T *x, const T *weight, int64_t p, T most,
                            T log, double all) {
  if (s->target[p] == s->ignore) return 0;
  const double own = (double)most - (double)x[NAME(place)(s, p)] + (double)log;
  const double hard = own * NAME(weight_at)(s, weight, p);
  if (s->smoothing == 0) return hard;
  const T *column = x + p / s->inner * s->C * s->inner + p % s->inner;
  double others = ((double)most + (double)log) * all;
  for (int64_t c = 0; c < s->C; c++)
    others -= (double)column[c * s->inner] * (weight ? (double)weight[c] : 1);
  return (1 - s->smoothing) * hard + s->smoothing / (double)s->C * others;
}

static void NAME(fill_tile)(const ce_shape *s, double *loss, const T *x, const T *weight, int64_t p,
                            int64_t w, double all) {
  T m[SOFTMAX_TILE], logs[SOFTMAX_TILE];
  double sum[SOFTMAX_TILE];
  const T *start = x + p / s->inner * s->C * s->inner + p % s->inner;
  if (s->inner == 1) NAME(row_sums)(m, sum, NULL, start, s->C, w);
  else NAME(column_sums)(m, sum, NULL, start, s->C, s->inner, w, false);
  for (int64_t j = 0; j < w; j++) logs[j] = LOG((T)sum[j]);
  for (int64_t j = 0; j < w; j++)
    loss[p + j] = NAME(loss_at)(s, x, weight, p + j, m[j], logs[j], all);
}

static void NAME(fill_cross_entropy)(const ce_shape *s, double *loss, const T *x, const T *weight) {
  const double all = NAME(class_total)(s, weight);
  const softmax_tiles t = softmax_tiles_of(s->outer, s->C, s->inner);
  TC_PARALLEL_FOR(k, t.count, 8 * s->C * t.width) {
    int64_t w;
    const int64_t p = softmax_tile(&t, k, &w);
    NAME(fill_tile)(s, loss, x, weight, p, w, all);
  }
}

// cross_entropy(y, x, target, weight, outer, C, inner, mode, ignore, smoothing)
static tc_status NAME(cross_entropy)(tc_args *a) {
  return NAME(losses)(a, NAME(fill_cross_entropy));
}

// What turns the exponentials e of a column into its gradient: k e - even w - [own class] hard.
typedef struct NAME(factors) {
  T k[SOFTMAX_TILE], even[SOFTMAX_TILE], hard[SOFTMAX_TILE];
} NAME(factors);

// `up` is what arrives at each position that counts, where it is the same for all.
static void NAME(set_factors)(NAME(factors) *f, const ce_shape *s, const T *g, const T *weight,
                              const double *sum, int64_t p, int64_t w, double up) {
  const double own = 1 - s->smoothing, each = s->smoothing / (double)s->C;
  const T all = (T)NAME(class_total)(s, weight);
  for (int64_t j = 0; j < w; j++) {
    const bool counts = s->target[p + j] != s->ignore;
    const double by = !counts ? 0 : s->mode == MODE_NONE ? (double)g[p + j] : up;
    f->hard[j] = (T)(own * by * NAME(weight_at)(s, weight, p + j));
    f->even[j] = (T)(each * by);
  }
  for (int64_t j = 0; j < w; j++) f->k[j] = (f->hard[j] + f->even[j] * all) / (T)sum[j];
}

static void NAME(apply_factors)(T *e, const NAME(factors) *f, const ce_shape *s, const T *weight,
                                int64_t w) {
  if (s->inner == 1) {
    for (int64_t j = 0; j < w; j++, e += s->C) {
      const T k = f->k[j], even = f->even[j];
      for (int64_t c = 0; c < s->C; c++) e[c] = k * e[c] - (weight ? even * weight[c] : even);
    }
    return;
  }
  for (int64_t c = 0; c < s->C; c++, e += s->inner) {
    const T own = weight ? weight[c] : 1;
    for (int64_t j = 0; j < w; j++) e[j] = f->k[j] * e[j] - f->even[j] * own;
  }
}

static void NAME(grad_tile)(const ce_shape *s, T *gx, const T *g, const T *x, const T *weight,
                            int64_t p, int64_t w, double up) {
  T m[SOFTMAX_TILE];
  double sum[SOFTMAX_TILE];
  NAME(factors) f;
  const int64_t at = p / s->inner * s->C * s->inner + p % s->inner;
  const T *start = x + at;
  T *e = gx + at;
  if (s->inner == 1) NAME(row_sums)(m, sum, e, start, s->C, w);
  else NAME(column_sums)(m, sum, e, start, s->C, s->inner, w, false);
  NAME(set_factors)(&f, s, g, weight, sum, p, w, up);
  NAME(apply_factors)(e, &f, s, weight, w);
  for (int64_t j = 0; j < w; j++)
    if (s->target[p + j] != s->ignore) e[NAME(place)(s, p + j) - at] -= f.hard[j];
}

// gx may be x: exponentials take the place of what they are of.
static tc_status NAME(ce_backward)(const tc_args *a, const tc_tensor *from, const tc_tensor *target,
                                   const tc_tensor *weights) {
  ce_shape s;
  TC_TRY(ce_prepare(&s, a, target));
  T *gx = (T *)tc_data(a->t[0]);
  const T *g = (const T *)tc_data(a->t[1]), *x = (const T *)tc_data(from);
  const T *weight = WEIGHTS(weights);
  const double up = NAME(scale)(&s, g, weight);
  const softmax_tiles t = softmax_tiles_of(s.outer, s.C, s.inner);
  TC_PARALLEL_FOR(k, t.count, 8 * s.C * t.width) {
    int64_t w;
    const int64_t p = softmax_tile(&t, k, &w);
    NAME(grad_tile)(&s, gx, g, x, weight, p, w, up);
  }
  return TC_OK;
}

// cross_entropy_backward(gx, g, x, target, weight, outer, C, inner, mode, ignore, smoothing)
static tc_status NAME(cross_entropy_backward)(tc_args *a) {
  return NAME(ce_backward)(a, a->t[2], a->t[3], a->t[4]);
}

// cross_entropy_backward_in_place(x, g, target, weight, outer, C, inner, mode, ignore, smoothing)
static tc_status NAME(cross_entropy_backward_in_place)(tc_args *a) {
  return NAME(ce_backward)(a, a->t[0], a->t[2], a->t[3]);
}

// ---- nll_loss: x are log-probabilities ----

static void NAME(fill_nll)(const ce_shape *s, double *loss, const T *x, const T *weight) {
  for (int64_t p = 0; p < s->positions; p++) {
    const bool counts = s->target[p] != s->ignore;
    loss[p] = counts ? -NAME(weight_at)(s, weight, p) * (double)x[NAME(place)(s, p)] : 0;
  }
}

// nll_loss(y, x, target, weight, outer, C, inner, mode, ignore, 0)
static tc_status NAME(nll_loss)(tc_args *a) { return NAME(losses)(a, NAME(fill_nll)); }

// nll_loss_backward(gx, g, target, weight, outer, C, inner, mode, ignore, 0)
static tc_status NAME(nll_loss_backward)(tc_args *a) {
  ce_shape s;
  TC_TRY(ce_prepare(&s, a, a->t[2]));
  T *gx = (T *)tc_data(a->t[0]);
  const T *g = (const T *)tc_data(a->t[1]), *weight = WEIGHTS(a->t[3]);
  const double by = NAME(scale)(&s, g, weight);
  memset(gx, 0, (size_t)tc_numel(a->t[0]) * sizeof(T));
  for (int64_t p = 0; p < s.positions; p++) {
    if (s.target[p] == s.ignore) continue;
    const double up = s.mode == MODE_NONE ? (double)g[p] : by;
    gx[NAME(place)(&s, p)] = (T)(-NAME(weight_at)(&s, weight, p) * up);
  }
  return TC_OK;
}
#undef WEIGHTS
#endif
