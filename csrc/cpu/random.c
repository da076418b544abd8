// Random fills: uniform, normal, bernoulli, integers, permutations, multinomial, Poisson.
//
// Under `seed`, element i of a float32 tensor uses word i % 4 of Philox block offset + i / 4; what
// needs 53 bits (float64, integers) uses two words: i % 2 of block offset + i / 2. So the result does
// not depend on the threads, and another device gives the same. Two normals come from a pair of
// uniforms (Box and Muller). Poisson counts take as many words as they need, from a stream of their own.
#ifndef T
#include "../draws.h"
#include "random_words.h"

static tc_status bad_probability(const char *what) { return tc_fail(TC_BAD_VALUE, "%s", what); }

#define TC_TEMPLATE "random.c"
#include "floats.h"
TC_FLOAT_KERNEL(uniform)
TC_FLOAT_KERNEL(normal)
TC_FLOAT_KERNEL(bernoulli)
TC_FLOAT_KERNEL(multinomial)
TC_FLOAT_KERNEL(poisson)

// randint(y, seed, offset, low, range)
TC_PLAIN_KERNEL(randint) {
  int64_t *y = (int64_t *)tc_data(a->t[0]);
  const uint64_t seed = (uint64_t)a->i[0], offset = (uint64_t)a->i[1];
  const uint64_t low = (uint64_t)a->i[2], range = (uint64_t)a->i[3];
  const int64_t n = tc_numel(a->t[0]), each = WORDS / 2, batches = (n + each - 1) / each;
  TC_PARALLEL_FOR(b, batches, each * 4) {
    uint32_t w[WORDS];
    random_words(seed, offset + (uint64_t)b * BLOCKS, w);
    const int64_t count = TC_MIN(each, n - b * each);
    for (int64_t i = 0; i < count; i++)
      y[b * each + i] = (int64_t)(low + tc_below(tc_word64(w, i), range));
  }
  return TC_OK;
}

// randperm(y, seed, offset): 1 .. n shuffled (Fisher and Yates).
TC_PLAIN_KERNEL(randperm) {
  int64_t *y = (int64_t *)tc_data(a->t[0]);
  const int64_t n = tc_numel(a->t[0]), each = WORDS / 2;
  uint32_t w[WORDS];
  for (int64_t i = 0; i < n; i++) {
    if (i % each == 0) random_words((uint64_t)a->i[0], (uint64_t)(a->i[1] + i / each * BLOCKS), w);
    const int64_t j = (int64_t)tc_below(tc_word64(w, i % each), (uint64_t)i + 1);
    y[i] = y[j];
    y[j] = i + 1;
  }
  return TC_OK;
}

#else
#include "math.h"

#define EACH (TC_IS_F32 ? WORDS : WORDS / 2)

static inline T NAME(unit)(const uint32_t *w, int64_t i, int bits) {
#if TC_IS_F32
  return tc_unit_f32(w[i], bits);
#else
  (void)bits;
  return tc_unit53(tc_word64(w, i));
#endif
}

static inline T NAME(positive_unit)(const uint32_t *w, int64_t i) {
#if TC_IS_F32
  return tc_positive_f32(w[i]);
#else
  return tc_positive53(tc_word64(w, i));
#endif
}

// for each batch b of EACH elements with its words in w: `body` fills y[0 .. count - 1].
#define EACH_BATCH(body)                                                                           \
  T *all = (T *)tc_data(a->t[0]);                                                                  \
  const int64_t n = tc_numel(a->t[0]), batches = (n + EACH - 1) / EACH;                            \
  TC_PARALLEL_FOR(b, batches, EACH * 4) {                                                          \
    uint32_t w[WORDS];                                                                             \
    random_words((uint64_t)a->i[0], (uint64_t)(a->i[1] + b * BLOCKS), w);                          \
    T *y = all + b * EACH;                                                                         \
    const int64_t count = TC_MIN(EACH, n - b * EACH);                                              \
    body                                                                                           \
  }                                                                                                \
  return TC_OK;

// uniform(y, seed, offset, bits, from, to)
static tc_status NAME(uniform)(tc_args *a) {
  const int bits = (int)a->i[2];
  const T from = (T)a->f[0], width = (T)(a->f[1] - a->f[0]);
  EACH_BATCH(for (int64_t i = 0; i < count; i++) y[i] = from + NAME(unit)(w, i, bits) * width;)
}

// Words 2k and 2k + 1 of T give normals 2k and 2k + 1.
static void NAME(normals)(const uint32_t *w, T mean, T std, T *z) {
  TC_PRAGMA(omp simd)
  for (int64_t k = 0; k < EACH / 2; k++) {
    const T r = std * SQRT(-2 * LOG(NAME(positive_unit)(w, 2 * k)));
    const T angle = (T)6.283185307179586 * NAME(unit)(w, 2 * k + 1, 24);
    z[2 * k] = mean + r * COS(angle);
    z[2 * k + 1] = mean + r * SIN(angle);
  }
}

// normal(y, seed, offset, mean, std)
static tc_status NAME(normal)(tc_args *a) {
  const T mean = (T)a->f[0], std = (T)a->f[1];
  EACH_BATCH({
    if (count == EACH) {
      NAME(normals)(w, mean, std, y);
    } else {
      T z[EACH];
      NAME(normals)(w, mean, std, z);
      memcpy(y, z, (size_t)count * sizeof(T));
    }
  })
}

// bernoulli(y, p or nil, seed, offset, p): 1 with the probability p, else 0.
static tc_status NAME(bernoulli)(tc_args *a) {
  const T *p = a->t[1] ? (const T *)tc_data(a->t[1]) : NULL;
  const T same = (T)a->f[0];
  int bad = p ? 0 : !(same >= 0 && same <= 1);
  for (int64_t i = 0, m = p ? tc_numel(a->t[1]) : 0; i < m; i++) bad |= !(p[i] >= 0 && p[i] <= 1);
  if (bad) return bad_probability("expected probabilities between 0 and 1");
  EACH_BATCH({
    const T *q = p ? p + b * EACH : NULL;
    if (q)
      for (int64_t i = 0; i < count; i++) y[i] = NAME(unit)(w, i, 24) < q[i] ? 1 : 0;
    else
      for (int64_t i = 0; i < count; i++) y[i] = NAME(unit)(w, i, 24) < same ? 1 : 0;
  })
}

// Running sums of a row of weights into `sum`; its total, or -1 for a weight that is none.
static double NAME(running_sum)(const T *weight, int64_t n, double *sum) {
  double total = 0;
  for (int64_t i = 0; i < n; i++) {
    if (!(weight[i] >= 0) || isinf((double)weight[i])) return -1;
    total += (double)weight[i];
    sum[i] = total;
  }
  return total;
}

// multinomial(y, weights, seed, offset): y is (rows, samples), weights (rows, n); with replacement.
static tc_status NAME(multinomial)(tc_args *a) {
  int64_t *y = (int64_t *)tc_data(a->t[0]);
  const T *weight = (const T *)tc_data(a->t[1]);
  const int64_t rows = a->t[1]->size[0], n = a->t[1]->size[1], samples = a->t[0]->size[1];
  double *sum = tc_alloc((size_t)n * sizeof *sum);
  if (!sum) return tc_fail(TC_NO_MEMORY, "not enough memory for the running sums");
  tc_status status = TC_OK;
  for (int64_t r = 0; r < rows && status == TC_OK; r++) {
    const double total = NAME(running_sum)(weight + r * n, n, sum);
    if (!(total > 0))
      status = bad_probability("expected finite weights, none negative, and not all zero");
    for (int64_t s = 0; s < samples && status == TC_OK; s++) {
      uint32_t w[4];
      const uint64_t k = (uint64_t)(r * samples + s);
      tc_philox((uint64_t)a->i[0], (uint64_t)a->i[1] + k / 2, w);
      int64_t at = tc_find(sum, n, tc_unit53(tc_word64(w, (int64_t)(k % 2))) * total);
      while (at > 0 && weight[r * n + at] == 0) at--;  // rounding may lead to a weight of zero
      y[r * samples + s] = at + 1;
    }
  }
  tc_free(sum, (size_t)n * sizeof *sum);
  return status;
}

// poisson(y, rates, seed, offset)
static tc_status NAME(poisson)(tc_args *a) {
  T *y = (T *)tc_data(a->t[0]);
  const T *rate = (const T *)tc_data(a->t[1]);
  const int64_t n = tc_numel(a->t[0]);
  for (int64_t i = 0; i < n; i++)
    if (!(rate[i] >= 0) || isinf((double)rate[i]))
      return bad_probability("expected finite rates, none negative");
  TC_PARALLEL_FOR(i, n, 256) {
    const uint64_t block = (uint64_t)(a->i[1] + i);
    y[i] = (T)tc_poisson((uint64_t)a->i[0], block, (double)rate[i]);
  }
  return TC_OK;
}

#undef EACH_BATCH
#undef EACH
#endif
