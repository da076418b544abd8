// From the words of the generator to numbers: the formulas of every device. C and CUDA read it.
#ifndef TOCHA_DRAWS_H
#define TOCHA_DRAWS_H

#include <math.h>

#include "philox.h"

__extension__ typedef unsigned __int128 tc_uint128;

TC_INLINE uint64_t tc_word64(const uint32_t *w, int64_t i) {
  return (uint64_t)w[2 * i] << 32 | w[2 * i + 1];
}

// Uniform in [0, 1). With `bits` bits: fewer than float has where the result will be a half type, which
// must not round it up to 1.
TC_INLINE double tc_unit53(uint64_t word) { return (double)(int64_t)(word >> 11) * 0x1p-53; }
TC_INLINE float tc_unit_f32(uint32_t word, int bits) {
  return (float)(int32_t)(word >> (32 - bits)) * (1 / (float)(1 << bits));
}

// In (0, 1]: its logarithm is finite.
TC_INLINE double tc_positive53(uint64_t word) { return 1 - tc_unit53(word); }
TC_INLINE float tc_positive_f32(uint32_t word) { return ((float)word + 0.5f) * 0x1p-32f; }

// In 0 .. range - 1; a range of 0 means 2^64.
TC_INLINE uint64_t tc_below(uint64_t word, uint64_t range) {
  return range ? (uint64_t)(((tc_uint128)word * range) >> 64) : word;
}

// The first i whose running sum is above `at`.
TC_INLINE int64_t tc_find(const double *sum, int64_t n, double at) {
  int64_t lo = 0, hi = n - 1;
  while (lo < hi) {
    const int64_t mid = (lo + hi) / 2;
    if (sum[mid] > at) hi = mid;
    else lo = mid + 1;
  }
  return lo;
}

// ---- Poisson ---------------------------------------------------------------------------------

// A stream of uniforms in (0, 1] for one element.
typedef struct tc_draws {
  uint64_t seed, block;
  uint32_t stream, w[4];
  int used;
} tc_draws;

TC_INLINE double tc_draw(tc_draws *d) {
  if (d->used == 0) tc_philox_stream(d->seed, d->block, ++d->stream, d->w);
  const double u = tc_positive53(tc_word64(d->w, d->used));
  d->used = (d->used + 1) % 2;
  return u;
}

// Small rates: how many uniforms can be multiplied before the product falls below e^-rate?
TC_INLINE double tc_poisson_small(tc_draws *d, double rate) {
  const double limit = exp(-rate);
  double count = -1, product = 1;
  do {
    count++;
    product *= tc_draw(d);
  } while (product > limit);
  return count;
}

// Larger rates: Hörmann's transformed rejection ("PTRS", 1993).
TC_INLINE double tc_poisson_large(tc_draws *d, double rate) {
  const double root = sqrt(rate), b = 0.931 + 2.53 * root, c = -0.059 + 0.02483 * b;
  const double inverse = 1.1239 + 1.1328 / (b - 3.4), certain = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = tc_draw(d) - 0.5, v = tc_draw(d), us = 0.5 - fabs(u);
    const double k = floor((2 * c / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= certain) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (log(v) + log(inverse) - log(c / (us * us) + b) <= k * log(rate) - rate - lgamma(k + 1))
      return k;
  }
}

TC_INLINE double tc_poisson(uint64_t seed, uint64_t block, double rate) {
  tc_draws d = {seed, block, 0, {0}, 0};
  return rate < 10 ? tc_poisson_small(&d, rate) : tc_poisson_large(&d, rate);
}

#endif
