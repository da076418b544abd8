// Words of the generator, many blocks at once: what random.c and dropout.c draw from.
#ifndef TOCHA_CPU_RANDOM_WORDS_H
#define TOCHA_CPU_RANDOM_WORDS_H

#include "../philox.h"
#include "cpu.h"

enum { LANES = 16, BLOCKS = 64, WORDS = 4 * BLOCKS };

// Words of `LANES` blocks from `block` on.
static void philox_lanes(uint64_t seed, uint64_t block, uint32_t *out) {
  uint32_t c0[LANES], c1[LANES], c2[LANES], c3[LANES];
  for (uint32_t l = 0; l < LANES; l++) {
    c0[l] = (uint32_t)(block + l);
    c1[l] = (uint32_t)((block + l) >> 32);
    c2[l] = 0;
    c3[l] = 0;
  }
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
  for (int r = 0; r < TC_PHILOX_ROUNDS; r++) {
    TC_PRAGMA(omp simd)
    for (int l = 0; l < LANES; l++) TC_PHILOX_ROUND(c0[l], c1[l], c2[l], c3[l], k0, k1);
    k0 += TC_PHILOX_KEY0;
    k1 += TC_PHILOX_KEY1;
  }
  for (int l = 0; l < LANES; l++) {
    out[4 * l] = c0[l];
    out[4 * l + 1] = c1[l];
    out[4 * l + 2] = c2[l];
    out[4 * l + 3] = c3[l];
  }
}

// The WORDS words of the BLOCKS blocks from `block` on.
static void random_words(uint64_t seed, uint64_t block, uint32_t *out) {
  for (uint64_t b = 0; b < BLOCKS; b += LANES) philox_lanes(seed, block + b, out + 4 * b);
}

#endif
