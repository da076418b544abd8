// dropout: element i keeps its value, scaled by 1 / (1 - p), when word i % 4 of the generator's
// block offset + i / 4 says so: a thread draws a block, and the mask is the CPU's bit for bit.
#include "../philox.h"
#include "reduce.h"

enum { DROPOUT_BLOCK = 256 };

template <class T> struct dropout_job {
  T *y;
  const T *x;
  int64_t n;
  uint64_t seed, offset, bar;
  acc_t<T> scale;
  bool packed;
};

template <class T> __device__ inline T drop(const dropout_job<T> &j, T x, uint32_t word) {
  return narrow<T>(word >= j.bar ? (acc_t<T>)wide(x) * j.scale : 0);
}

template <class T> __global__ void drop_values(const dropout_job<T> j) {
  const int64_t k = (int64_t)blockIdx.x * DROPOUT_BLOCK + threadIdx.x, at = 4 * k;
  if (at >= j.n) return;
  uint32_t word[4];
  tc_philox_stream(j.seed, j.offset + (uint64_t)k, 0, word);
  if (j.packed && at + 4 <= j.n) {
    pack<T, 4> p = *(const pack<T, 4> *)(j.x + at);
    for (int e = 0; e < 4; e++) p.at[e] = drop(j, p.at[e], word[e]);
    *(pack<T, 4> *)(j.y + at) = p;
    return;
  }
  for (int e = 0; e < 4 && at + e < j.n; e++) j.y[at + e] = drop(j, j.x[at + e], word[e]);
}

// dropout(y, x, seed, offset, p)
template <class T> static tc_status dropout(tc_args *a) {
  const double p = a->f[0];
  dropout_job<T> j = {};
  j.y = tc_ptr<T>(a->t[0]);
  j.x = tc_ptr<T>(a->t[1]);
  j.n = tc_numel(a->t[0]);
  j.seed = (uint64_t)a->i[0];
  j.offset = (uint64_t)a->i[1];
  j.bar = (uint64_t)(p * 4294967296.0);  // p = 1 is above every word
  j.scale = p < 1 ? (acc_t<T>)(1 / (1 - p)) : 0;
  j.packed = (uintptr_t)j.x % sizeof(pack<T, 4>) == 0 && (uintptr_t)j.y % sizeof(pack<T, 4>) == 0;
  if (j.n == 0) return TC_OK;
  TC_LAUNCH_FLAT(drop_values<T>, (unsigned)tc_ceil(tc_ceil(j.n, 4), DROPOUT_BLOCK), DROPOUT_BLOCK,
                 j);
  return tc_launched();
}
TC_CUDA_FLOATS(dropout)
