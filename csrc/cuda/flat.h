// Launches of a thread an element.
#ifndef TOCHA_CUDA_FLAT_H
#define TOCHA_CUDA_FLAT_H

#include "cuda.h"

enum { FLAT_BLOCK = 256 };

static inline unsigned flat_grid(int64_t n) { return (unsigned)tc_ceil(n, FLAT_BLOCK); }
static __device__ inline int64_t flat_index() {
  return (int64_t)blockIdx.x * blockDim.x + threadIdx.x;
}

template <class T> static __global__ void fill_kernel(T *y, int64_t n, T value) {
  const int64_t i = flat_index();
  if (i < n) y[i] = value;
}

template <class T> static inline void fill(T *y, int64_t n, T value) {
  if (n > 0) TC_LAUNCH_FLAT(fill_kernel<T>, flat_grid(n), FLAT_BLOCK, y, n, value);
}

#endif
