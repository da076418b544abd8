// What follows a convolution's sums, while they are in the cache: y = clamp(sum + bias + residual).
// Part of a template.

typedef struct NAME(ending) {
  const T *bias;      // one for each output channel, or NULL
  const T *residual;  // like y, or NULL
  T low, high;        // NaN passes
} NAME(ending);

static inline bool NAME(ends_plainly)(const NAME(ending) *e) {
  return !e->residual && e->low == -(T)INFINITY && e->high == (T)INFINITY;
}

// `residual` and `n` are constants after inlining where they can be.
static inline
    __attribute__((always_inline)) void NAME(end_elements)(const NAME(ending) *e, T bias,
                                                           const T *residual, const T *from,
                                                           int64_t n, T *to) {
  const T low = e->low, high = e->high;
  TC_PRAGMA(omp simd)
  for (int64_t i = 0; i < n; i++) {
    const T v = from[i] + bias + (residual ? residual[i] : 0), up = v < low ? low : v;
    to[i] = up > high ? high : up;
  }
}

// `n` elements of channel `o`, `at` elements from the beginning of y; to and from may be the same.
static inline void NAME(end_run)(const NAME(ending) *e, int64_t o, int64_t at, const T *from,
                                 int64_t n, T *to) {
  enum { WHOLE = NAME(PANEL_WIDE) };
  const T bias = e->bias ? e->bias[o] : 0, *residual = e->residual ? e->residual + at : NULL;
  if (n == WHOLE && residual) NAME(end_elements)(e, bias, residual, from, WHOLE, to);
  else if (n == WHOLE) NAME(end_elements)(e, bias, NULL, from, WHOLE, to);
  else if (residual) NAME(end_elements)(e, bias, residual, from, n, to);
  else NAME(end_elements)(e, bias, NULL, from, n, to);
}
