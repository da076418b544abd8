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

// `n` elements of channel `o`, `at` elements from the beginning of y; to and from may be the same.
static inline void NAME(end_run)(const NAME(ending) *e, int64_t o, int64_t at, const T *from,
                                 int64_t n, T *to) {
  const T bias = e->bias ? e->bias[o] : 0, low = e->low, high = e->high;
  if (e->residual) {
    const T *residual = e->residual + at;
    TC_PRAGMA(omp simd)
    for (int64_t i = 0; i < n; i++) {
      const T v = from[i] + bias + residual[i], up = v < low ? low : v;
      to[i] = up > high ? high : up;
    }
  } else {
    TC_PRAGMA(omp simd)
    for (int64_t i = 0; i < n; i++) {
      const T v = from[i] + bias, up = v < low ? low : v;
      to[i] = up > high ? high : up;
    }
  }
}
