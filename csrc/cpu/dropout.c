// dropout: element i keeps its value, scaled by 1 / (1 - p), when word i % 4 of the generator's block
// offset + i / 4 says so. The mask is never stored: the gradient draws it again.
#ifndef T
#include "random_words.h"
enum { DROPOUT_BLOCKS = 16 * BLOCKS };
#define TC_TEMPLATE "dropout.c"
#include "floats.h"
TC_FLOAT_KERNEL(dropout)
#else

static void NAME(drop)(T *y, const T *x, int64_t n, uint64_t seed, uint64_t block, uint64_t bar,
                       T scale) {
  for (int64_t i = 0; i < n; i += WORDS, block += BLOCKS) {
    uint32_t word[WORDS];
    random_words(seed, block, word);
    for (int64_t k = 0; k < TC_MIN(WORDS, n - i); k++)
      y[i + k] = word[k] >= bar ? x[i + k] * scale : 0;
  }
}

// dropout(y, x, seed, offset, p)
static tc_status NAME(dropout)(tc_args *a) {
  T *y = (T *)tc_data(a->t[0]);
  const T *x = (const T *)tc_data(a->t[1]);
  const double p = a->f[0];
  const uint64_t seed = (uint64_t)a->i[0], offset = (uint64_t)a->i[1];
  const uint64_t bar = (uint64_t)(p * 4294967296.0);  // p = 1 is above every word
  const int64_t n = tc_numel(a->t[0]), chunk = 4 * DROPOUT_BLOCKS;
  const T scale = p < 1 ? (T)(1 / (1 - p)) : 0;
  TC_PARALLEL_FOR(c, (n + chunk - 1) / chunk, 8 * chunk)
  NAME(drop)(y + c * chunk, x + c * chunk, TC_MIN(chunk, n - c * chunk), seed,
             offset + (uint64_t)(c * DROPOUT_BLOCKS), bar, scale);
  return TC_OK;
}
#endif
