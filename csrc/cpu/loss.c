// Losses of the difference d of two tensors, summed up in one pass, and their gradients: mse_loss,
// l1_loss, smooth_l1_loss, huber_loss. `mode` is 0 (none), 1 (mean) or 2 (sum).
#ifndef T
#include "cpu.h"
enum { LOSS_SEGMENT = 32768 };
enum { MODE_NONE, MODE_MEAN, MODE_SUM };

// X(name, loss of d, its slope); p is beta or delta
#define PAIR_LOSSES(X)                                                                             \
  X(mse_loss, d * d, 2 * d)                                                                        \
  X(l1_loss, ABS(d), SIGN(d))                                                                      \
  X(smooth_l1_loss, SEL(ABS(d) < p, d * d * K(0.5) / p, ABS(d) - K(0.5) * p),                      \
    SEL(ABS(d) < p, d / p, SIGN(d)))                                                               \
  X(huber_loss, SEL(ABS(d) <= p, d * d * K(0.5), p * (ABS(d) - K(0.5) * p)),                       \
    SEL(ABS(d) <= p, d, p * SIGN(d)))

#define TC_TEMPLATE "loss.c"
#include "floats.h"
#define KERNELS_OF(name, loss, slope) TC_FLOAT_KERNEL(name) TC_FLOAT_KERNEL(name##_backward)
PAIR_LOSSES(KERNELS_OF)

#else
#include "math.h"
#include "rows.h"

typedef void (*NAME(elements))(T *y, const T *x, const T *t, int64_t n, T p);
typedef double (*NAME(total))(const T *x, const T *t, int64_t n, T p);
typedef void (*NAME(slopes))(T *gx, const T *g, int64_t g_step, const T *x, const T *t, int64_t n,
                             T p, T scale);

#define LOOPS_OF(name, loss, slope)                                                                \
  static void NAME(name##_elements)(T *y, const T *x, const T *t, int64_t n, T p) {                \
    (void)p;                                                                                       \
    for (int64_t i = 0; i < n; i++) {                                                              \
      const T d = x[i] - t[i];                                                                     \
      y[i] = loss;                                                                                 \
    }                                                                                              \
  }                                                                                                \
  static double NAME(name##_total)(const T *x, const T *t, int64_t n, T p) {                       \
    double total = 0;                                                                              \
    (void)p;                                                                                       \
    for (int64_t from = 0; from < n; from += TC_ROW_BLOCK) {                                       \
      const int64_t to = TC_MIN(n, from + TC_ROW_BLOCK);                                           \
      T sum = 0;                                                                                   \
      TC_PRAGMA(omp simd reduction(+ : sum))                                                       \
      for (int64_t i = from; i < to; i++) {                                                        \
        const T d = x[i] - t[i];                                                                   \
        sum += loss;                                                                               \
      }                                                                                            \
      total += (double)sum;                                                                        \
    }                                                                                              \
    return total;                                                                                  \
  }                                                                                                \
  static void NAME(name##_slopes)(T *gx, const T *g, int64_t g_step, const T *x, const T *t,       \
                                  int64_t n, T p, T scale) {                                       \
    (void)p;                                                                                       \
    for (int64_t i = 0; i < n; i++) {                                                              \
      const T d = x[i] - t[i];                                                                     \
      gx[i] = g[i * g_step] * scale * (slope);                                                     \
    }                                                                                              \
  }
PAIR_LOSSES(LOOPS_OF)

static tc_status NAME(add_up)(tc_args *a, NAME(total) total, int64_t n) {
  const T *x = (const T *)tc_data(a->t[1]), *t = (const T *)tc_data(a->t[2]);
  const T p = (T)a->f[0];
  const int64_t segments = (n + LOSS_SEGMENT - 1) / LOSS_SEGMENT;
  double sum = 0, few[64];
  const size_t bytes = (size_t)segments * sizeof(double);
  double *part = segments <= 64 ? few : tc_alloc(bytes);
  if (!part) return tc_fail(TC_NO_MEMORY, "no memory for %zu bytes of partial sums", bytes);
  TC_PARALLEL_FOR(s, segments, LOSS_SEGMENT) {
    const int64_t at = s * LOSS_SEGMENT;
    part[s] = total(x + at, t + at, TC_MIN(LOSS_SEGMENT, n - at), p);
  }
  for (int64_t s = 0; s < segments; s++) sum += part[s];
  if (part != few) tc_free(part, bytes);
  *(T *)tc_data(a->t[0]) = (T)(a->i[0] == MODE_MEAN ? sum / (double)n : sum);
  return TC_OK;
}

// name(y, x, target, mode, p)
static tc_status NAME(pair_loss)(tc_args *a, NAME(elements) elements, NAME(total) total) {
  const int64_t n = tc_numel(a->t[1]), segments = (n + LOSS_SEGMENT - 1) / LOSS_SEGMENT;
  if (a->i[0] != MODE_NONE) return NAME(add_up)(a, total, n);
  T *y = (T *)tc_data(a->t[0]);
  const T *x = (const T *)tc_data(a->t[1]), *t = (const T *)tc_data(a->t[2]);
  TC_PARALLEL_FOR(s, segments, LOSS_SEGMENT) {
    const int64_t at = s * LOSS_SEGMENT;
    elements(y + at, x + at, t + at, TC_MIN(LOSS_SEGMENT, n - at), (T)a->f[0]);
  }
  return TC_OK;
}

// name_backward(gx, g, x, target, mode, p)
static tc_status NAME(pair_loss_backward)(tc_args *a, NAME(slopes) slopes) {
  T *gx = (T *)tc_data(a->t[0]);
  const T *g = (const T *)tc_data(a->t[1]);
  const T *x = (const T *)tc_data(a->t[2]), *t = (const T *)tc_data(a->t[3]);
  const int64_t n = tc_numel(a->t[2]), segments = (n + LOSS_SEGMENT - 1) / LOSS_SEGMENT;
  const int64_t step = a->i[0] == MODE_NONE;
  const T scale = a->i[0] == MODE_MEAN ? (T)(1 / (double)n) : 1;
  TC_PARALLEL_FOR(s, segments, LOSS_SEGMENT) {
    const int64_t at = s * LOSS_SEGMENT, count = TC_MIN(LOSS_SEGMENT, n - at);
    slopes(gx + at, g + at * step, step, x + at, t + at, count, (T)a->f[0], scale);
  }
  return TC_OK;
}

#define INSTANCES_OF(name, loss, slope)                                                            \
  static tc_status NAME(name)(tc_args *a) {                                                        \
    return NAME(pair_loss)(a, NAME(name##_elements), NAME(name##_total));                          \
  }                                                                                                \
  static tc_status NAME(name##_backward)(tc_args *a) {                                             \
    return NAME(pair_loss_backward)(a, NAME(name##_slopes));                                       \
  }
PAIR_LOSSES(INSTANCES_OF)
#undef LOOPS_OF
#undef INSTANCES_OF
#endif
