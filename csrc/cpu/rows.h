// Sums over a contiguous row: lanes of T inside a block, blocks in double, so that long rows stay
// accurate. Included inside a template, and usable for any expression of the loop variable.
#ifndef TOCHA_CPU_ROWS_H
#define TOCHA_CPU_ROWS_H

enum { TC_ROW_BLOCK = 2048 };

// total += the sum over 0 <= i < n of `term`; `total` is a double. (A `for` over the blocks, which might
// run no time, keeps gcc 12 from taking the vectorised path.)
#define TC_SUM(total, i, n, term)                                                                  \
  {                                                                                                \
    int64_t tc_from = 0;                                                                           \
    do {                                                                                           \
      const int64_t tc_to = TC_MIN((n), tc_from + TC_ROW_BLOCK);                                   \
      T tc_sum = 0;                                                                                \
      TC_PRAGMA(omp simd reduction(+ : tc_sum))                                                    \
      for (int64_t i = tc_from; i < tc_to; i++) tc_sum += (term);                                  \
      (total) += (double)tc_sum;                                                                   \
      tc_from = tc_to;                                                                             \
    } while (tc_from < (n));                                                                       \
  }

// Two sums in one pass.
#define TC_SUM2(total, other, i, n, term, other_term)                                              \
  {                                                                                                \
    int64_t tc_from = 0;                                                                           \
    do {                                                                                           \
      const int64_t tc_to = TC_MIN((n), tc_from + TC_ROW_BLOCK);                                   \
      T tc_sum = 0, tc_other = 0;                                                                  \
      TC_PRAGMA(omp simd reduction(+ : tc_sum, tc_other))                                          \
      for (int64_t i = tc_from; i < tc_to; i++) {                                                  \
        tc_sum += (term);                                                                          \
        tc_other += (other_term);                                                                  \
      }                                                                                            \
      (total) += (double)tc_sum;                                                                   \
      (other) += (double)tc_other;                                                                 \
      tc_from = tc_to;                                                                             \
    } while (tc_from < (n));                                                                       \
  }

// Count, mean and sum of squared deviations of what was seen so far.
typedef struct tc_moments {
  double n, mean, m2;
} tc_moments;

// Chan's formula; `n` values with the given mean and squared deviations join.
static inline void tc_join_moments(tc_moments *a, double n, double mean, double m2) {
  if (n == 0) return;
  if (a->n == 0) {
    *a = (tc_moments){n, mean, m2};
    return;
  }
  const double delta = mean - a->mean, both = a->n + n;
  a->mean += delta * n / both;
  a->m2 += m2 + delta * delta * a->n * n / both;
  a->n = both;
}
#endif

// A row joins `a`: two passes over a block that is in the first cache, one over memory.
static inline void NAME(row_moments)(tc_moments *a, const T *x, int64_t n) {
  int64_t from = 0;
  if (n == 0) return;
  do {
    const int64_t count = TC_MIN(n - from, TC_ROW_BLOCK);
    const T *block = x + from;
    const double inverse = 1 / (double)count;  // known before the sum is
    double sum = 0, m2 = 0;
    TC_SUM(sum, i, count, block[i])
    const double exact = sum * inverse;
    const T mean = (T)exact;
    TC_SUM(m2, i, count, (block[i] - mean) * (block[i] - mean))
    const double off = exact - (double)mean;  // what rounding `mean` added to m2 is taken off again
    tc_join_moments(a, (double)count, exact, m2 - (double)count * off * off);
    from += count;
  } while (from < n);
}

static inline T NAME(row_max)(const T *x, int64_t n) {
  T m = -(T)INFINITY;
  TC_PRAGMA(omp simd reduction(max : m))
  for (int64_t i = 0; i < n; i++) m = x[i] > m ? x[i] : m;
  return m;
}
