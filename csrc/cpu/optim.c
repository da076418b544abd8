// Optimiser steps: one pass over a parameter, its gradient and its state. The formulas are PyTorch's.
//
// A state that an option leaves out comes as a tensor without elements. Weight decay that is 0 and
// what is left out are not computed: infinite parameters stay as they are.
#ifndef T
#include "cpu.h"
enum { OPTIM_CHUNK = 8192 };

// for each chunk of n elements: i is its first, m how many it has.
#define OPTIM_CHUNKS(i, m, n, cost, call)                                                          \
  TC_PARALLEL_FOR(chunk, ((n) + OPTIM_CHUNK - 1) / OPTIM_CHUNK, (cost)*OPTIM_CHUNK) {              \
    const int64_t i = chunk * OPTIM_CHUNK, m = TC_MIN((n)-i, OPTIM_CHUNK);                         \
    call;                                                                                          \
  }

#define TC_TEMPLATE "optim.c"
#include "floats.h"
TC_FLOAT_KERNEL(sgd)
TC_FLOAT_KERNEL(adam)
TC_FLOAT_KERNEL(rmsprop)
TC_FLOAT_KERNEL(adagrad)
TC_FLOAT_KERNEL(adadelta)
#else
#define STATE(k) (tc_numel(a->t[k]) > 0 ? (T *)tc_data(a->t[k]) : NULL)
#define AT(p) ((p) ? (p) + i : NULL)

// The gradient as the update sees it.
static inline T NAME(decayed)(T g, T p, T sign, T decay) {
  return decay != 0 ? sign * g + decay * p : sign * g;
}

static inline T NAME(toward)(T from, T to, T w) {
  return w < (T)0.5 ? from + w * (to - from) : to - (to - from) * (1 - w);
}

// Bit k of `optional`: tensor k may have no elements. The last one is the gradient.
static tc_status NAME(check_state)(const tc_args *a, int last, unsigned optional) {
  const int64_t n = tc_numel(a->t[0]);
  for (int k = 1; k <= last; k++) {
    const int64_t have = tc_numel(a->t[k]);
    if (have != n && (have != 0 || !(optional >> k & 1)))
      return tc_fail(TC_BAD_SHAPE, "a parameter of %lld elements, its gradient or state of %lld",
                     (long long)n, (long long)have);
  }
  return TC_OK;
}

// ---- sgd(p, buf, g; lr, momentum, dampening, decay; nesterov, maximize, first) ----

typedef struct NAME(sgd_options) {
  T lr, momentum, fresh, decay, sign;
  bool nesterov;
} NAME(sgd_options);

static void NAME(sgd_plain)(T *restrict p, const T *restrict g, int64_t n, NAME(sgd_options) o) {
  TC_PRAGMA(omp simd)
  for (int64_t i = 0; i < n; i++) p[i] -= o.lr * NAME(decayed)(g[i], p[i], o.sign, o.decay);
}

// The first step starts the buffer with the gradient itself, without dampening.
static void NAME(sgd_first)(T *restrict p, T *restrict buf, const T *restrict g, int64_t n,
                            NAME(sgd_options) o) {
  TC_PRAGMA(omp simd)
  for (int64_t i = 0; i < n; i++) {
    const T d = NAME(decayed)(g[i], p[i], o.sign, o.decay);
    buf[i] = d;
    p[i] -= o.lr * (o.nesterov ? d + o.momentum * d : d);
  }
}

static void NAME(sgd_momentum)(T *restrict p, T *restrict buf, const T *restrict g, int64_t n,
                               NAME(sgd_options) o) {
  TC_PRAGMA(omp simd)
  for (int64_t i = 0; i < n; i++) {
    const T d = NAME(decayed)(g[i], p[i], o.sign, o.decay);
    const T b = o.momentum * buf[i] + o.fresh * d;
    buf[i] = b;
    p[i] -= o.lr * (o.nesterov ? d + o.momentum * b : b);
  }
}

static tc_status NAME(sgd)(tc_args *a) {
  TC_TRY(NAME(check_state)(a, 2, 1 << 1));
  T *p = STATE(0), *buf = STATE(1);
  const T *g = STATE(2);
  const NAME(sgd_options) o = {
      (T)a->f[0], (T)a->f[1], (T)(1 - a->f[2]), (T)a->f[3], a->i[1] ? (T)-1 : (T)1, a->i[0] != 0};
  const int64_t n = tc_numel(a->t[0]);
  if (!buf) OPTIM_CHUNKS(i, m, n, 2, NAME(sgd_plain)(p + i, g + i, m, o))
  else if (a->i[2]) OPTIM_CHUNKS(i, m, n, 3, NAME(sgd_first)(p + i, buf + i, g + i, m, o))
  else OPTIM_CHUNKS(i, m, n, 3, NAME(sgd_momentum)(p + i, buf + i, g + i, m, o))
  return TC_OK;
}

// ---- adam(p, m, v, vmax, g; lr, beta1, beta2, eps, decay, correction1, sqrt of correction2;
//           decoupled, maximize): Adam, AMSGrad (with vmax), AdamW (decoupled) ----

typedef struct NAME(adam_options) {
  T step, fresh1, beta2, fresh2, eps, decay, shrink, root2, sign;
} NAME(adam_options);

static void NAME(adam_range)(T *restrict p, T *restrict m, T *restrict v, const T *restrict g,
                             int64_t n, NAME(adam_options) o) {
  TC_PRAGMA(omp simd)
  for (int64_t i = 0; i < n; i++) {
    const T d = NAME(decayed)(g[i], p[i], o.sign, o.decay);
    m[i] = NAME(toward)(m[i], d, o.fresh1);
    v[i] = o.beta2 * v[i] + o.fresh2 * d * d;
    const T root = (T)sqrt(v[i]);
    p[i] = p[i] * o.shrink - o.step * m[i] / (root / o.root2 + o.eps);
  }
}

static void NAME(amsgrad_range)(T *restrict p, T *restrict m, T *restrict v, T *restrict vmax,
                                const T *restrict g, int64_t n, NAME(adam_options) o) {
  TC_PRAGMA(omp simd)
  for (int64_t i = 0; i < n; i++) {
    const T d = NAME(decayed)(g[i], p[i], o.sign, o.decay);
    m[i] = NAME(toward)(m[i], d, o.fresh1);
    v[i] = o.beta2 * v[i] + o.fresh2 * d * d;
    vmax[i] = v[i] > vmax[i] || v[i] != v[i] ? v[i] : vmax[i];
    const T root = (T)sqrt(vmax[i]);
    p[i] = p[i] * o.shrink - o.step * m[i] / (root / o.root2 + o.eps);
  }
}

static tc_status NAME(adam)(tc_args *a) {
  TC_TRY(NAME(check_state)(a, 4, 1 << 3));
  T *p = STATE(0), *mean = STATE(1), *v = STATE(2), *vmax = STATE(3);
  const T *g = STATE(4);
  const double *f = a->f;
  const bool decoupled = a->i[0] != 0;
  const NAME(adam_options) o = {(T)(f[0] / f[5]),
                                (T)(1 - f[1]),
                                (T)f[2],
                                (T)(1 - f[2]),
                                (T)f[3],
                                decoupled ? 0 : (T)f[4],
                                decoupled ? (T)(1 - f[0] * f[4]) : 1,
                                (T)f[6],
                                a->i[1] ? (T)-1 : (T)1};
  const int64_t n = tc_numel(a->t[0]);
  if (vmax)
    OPTIM_CHUNKS(i, m, n, 8, NAME(amsgrad_range)(p + i, mean + i, v + i, vmax + i, g + i, m, o))
  else OPTIM_CHUNKS(i, m, n, 8, NAME(adam_range)(p + i, mean + i, v + i, g + i, m, o))
  return TC_OK;
}

// ---- rmsprop(p, square, buf, mean, g; lr, alpha, eps, decay, momentum; maximize) ----

typedef struct NAME(rms_options) {
  T lr, alpha, fresh, eps, decay, momentum, sign;
} NAME(rms_options);

static void NAME(rmsprop_range)(T *restrict p, T *restrict square, T *restrict buf,
                                T *restrict mean, const T *restrict g, int64_t n,
                                NAME(rms_options) o) {
  for (int64_t i = 0; i < n; i++) {
    const T d = NAME(decayed)(g[i], p[i], o.sign, o.decay);
    square[i] = o.alpha * square[i] + o.fresh * d * d;
    T spread = square[i];
    if (mean) {
      mean[i] = NAME(toward)(mean[i], d, o.fresh);
      spread -= mean[i] * mean[i];
    }
    const T step = d / ((T)sqrt(spread) + o.eps);
    if (buf) buf[i] = o.momentum * buf[i] + step;
    p[i] -= o.lr * (buf ? buf[i] : step);
  }
}

static tc_status NAME(rmsprop)(tc_args *a) {
  TC_TRY(NAME(check_state)(a, 4, 1 << 2 | 1 << 3));
  T *p = STATE(0), *square = STATE(1), *buf = STATE(2), *mean = STATE(3);
  const T *g = STATE(4);
  const double *f = a->f;
  const NAME(rms_options) o = {(T)f[0], (T)f[1], (T)(1 - f[1]),         (T)f[2],
                               (T)f[3], (T)f[4], a->i[0] ? (T)-1 : (T)1};
  OPTIM_CHUNKS(i, m, tc_numel(a->t[0]), 8,
               NAME(rmsprop_range)(p + i, square + i, AT(buf), AT(mean), g + i, m, o))
  return TC_OK;
}

// ---- adagrad(p, sum, g; lr, decay, eps; maximize) ----

static void NAME(adagrad_range)(T *restrict p, T *restrict sum, const T *restrict g, int64_t n,
                                T lr, T decay, T eps, T sign) {
  TC_PRAGMA(omp simd)
  for (int64_t i = 0; i < n; i++) {
    const T d = NAME(decayed)(g[i], p[i], sign, decay);
    sum[i] += d * d;
    p[i] -= lr * d / ((T)sqrt(sum[i]) + eps);
  }
}

static tc_status NAME(adagrad)(tc_args *a) {
  TC_TRY(NAME(check_state)(a, 2, 0));
  T *p = STATE(0), *sum = STATE(1);
  const T *g = STATE(2);
  const T lr = (T)a->f[0], decay = (T)a->f[1], eps = (T)a->f[2], sign = a->i[0] ? (T)-1 : (T)1;
  OPTIM_CHUNKS(i, m, tc_numel(a->t[0]), 4,
               NAME(adagrad_range)(p + i, sum + i, g + i, m, lr, decay, eps, sign))
  return TC_OK;
}

// ---- adadelta(p, square, moved, g; lr, rho, eps, decay; maximize) ----

static void NAME(adadelta_range)(T *restrict p, T *restrict square, T *restrict moved,
                                 const T *restrict g, int64_t n, const T o[6]) {
  const T lr = o[0], rho = o[1], fresh = o[2], eps = o[3], decay = o[4], sign = o[5];
  TC_PRAGMA(omp simd)
  for (int64_t i = 0; i < n; i++) {
    const T d = NAME(decayed)(g[i], p[i], sign, decay);
    square[i] = rho * square[i] + fresh * d * d;
    const T step = (T)sqrt(moved[i] + eps) / (T)sqrt(square[i] + eps) * d;
    moved[i] = rho * moved[i] + fresh * step * step;
    p[i] -= lr * step;
  }
}

static tc_status NAME(adadelta)(tc_args *a) {
  TC_TRY(NAME(check_state)(a, 3, 0));
  T *p = STATE(0), *square = STATE(1), *moved = STATE(2);
  const T *g = STATE(3);
  const T o[6] = {(T)a->f[0], (T)a->f[1], (T)(1 - a->f[1]),
                  (T)a->f[2], (T)a->f[3], a->i[0] ? (T)-1 : (T)1};
  OPTIM_CHUNKS(i, m, tc_numel(a->t[0]), 8,
               NAME(adadelta_range)(p + i, square + i, moved + i, g + i, m, o))
  return TC_OK;
}
#undef STATE
#undef AT
#endif
