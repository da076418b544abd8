// Division by a number that a whole launch shares, as a multiplication and a shift (Granlund and
// Montgomery, 1994): a few instructions where a division takes some twenty, or eighty in 64 bits.
#ifndef TOCHA_CUDA_DIVIDE_H
#define TOCHA_CUDA_DIVIDE_H

#include <stdint.h>

#include "launch.h"

struct divider {
  int64_t by;
  uint32_t factor, shift;

  divider() = default;
  explicit divider(int64_t d) : by(d > 0 ? d : 1), factor(0), shift(0) {
    if (by >> 31) return;  // never fast
    while ((int64_t)1 << shift < by) shift++;
    factor =
        (uint32_t)((((uint64_t)1 << 32) * (((uint64_t)1 << shift) - (uint64_t)by)) / (uint64_t)by +
                   1);
  }

  // n >= 0; both below 2^31
  __device__ int over(int n) const {
    return (int)((__umulhi((uint32_t)n, factor) + (uint32_t)n) >> shift);
  }
  // n >= 0; whole warps take the fast way unless a tensor is larger than 2^31
  __device__ int64_t over(int64_t n) const { return (n | by) >> 31 ? n / by : over((int)n); }

  // Leaves what remains in n.
  template <class I> __device__ I split(I *n) const {
    const I q = over(*n);
    *n -= q * (I)by;
    return q;
  }
};

#endif
