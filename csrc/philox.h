// One round of Philox 4x32 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011), shared by
// the plain function of random.c, the vector loops of cpu/random.c and kernels of a device.
#ifndef TOCHA_PHILOX_H
#define TOCHA_PHILOX_H

#include "tocha.h"

enum { TC_PHILOX_ROUNDS = 10 };
#define TC_PHILOX_KEY0 0x9E3779B9U
#define TC_PHILOX_KEY1 0xBB67AE85U

#define TC_PHILOX_ROUND(c0, c1, c2, c3, k0, k1)                                                    \
  do {                                                                                             \
    const uint64_t tc_p0 = (uint64_t)0xD2511F53U * (c0), tc_p1 = (uint64_t)0xCD9E8D57U * (c2);     \
    c0 = (uint32_t)(tc_p1 >> 32) ^ (c1) ^ (k0);                                                    \
    c1 = (uint32_t)tc_p1;                                                                          \
    c2 = (uint32_t)(tc_p0 >> 32) ^ (c3) ^ (k1);                                                    \
    c3 = (uint32_t)tc_p0;                                                                          \
  } while (0)

// The words of a block; `stream` parts sequences under one seed, 0 is that of tc_philox.
TC_INLINE void tc_philox_stream(uint64_t seed, uint64_t block, uint32_t stream, uint32_t *out) {
  uint32_t c0 = (uint32_t)block, c1 = (uint32_t)(block >> 32), c2 = stream, c3 = 0;
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
  for (int r = 0; r < TC_PHILOX_ROUNDS; r++) {
    TC_PHILOX_ROUND(c0, c1, c2, c3, k0, k1);
    k0 += TC_PHILOX_KEY0;
    k1 += TC_PHILOX_KEY1;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

#endif
