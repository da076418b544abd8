// What stands between a mask and cuDNN's attention (attention_mask.h).
#include "attention_mask.h"
#include "cuda.h"

namespace {

// The logarithm of a row that sees a key is a score or more, and scores of halves are far from these.
constexpr float HIDDEN = -30000, BLIND = -15000;

enum { THREADS = 256 };

template <class T>
__global__ void fill_bias(T *bias, const bool *allowed, int64_t head, int64_t row, int64_t key,
                          int64_t rows, int64_t keys, int64_t n) {
  const int64_t i = (int64_t)blockIdx.x * THREADS + threadIdx.x;
  if (i >= n) return;
  const int64_t at = i / keys / rows * head + i / keys % rows * row + i % keys * key;
  bias[i] = narrow<T>(allowed[at] ? 0.0f : HIDDEN);
}

template <class T> __global__ void clear_blind(T *y, const float *lse, int64_t width, int64_t n) {
  const int64_t i = (int64_t)blockIdx.x * THREADS + threadIdx.x;
  if (i < n && lse[i / width] < BLIND) y[i] = narrow<T>(0.0f);
}

__global__ void mark_blind(float *to, const float *lse, float blind, int64_t n) {
  const int64_t i = (int64_t)blockIdx.x * THREADS + threadIdx.x;
  if (i < n) to[i] = lse[i] < BLIND ? blind : lse[i];
}

unsigned blocks(int64_t n) { return (unsigned)tc_ceil(n, THREADS); }

template <class T>
void launch_bias(void *bias, const bool *allowed, const int64_t *s, int64_t rows, int64_t keys,
                 int64_t n) {
  TC_LAUNCH_FLAT(fill_bias<T>, blocks(n), THREADS, (T *)bias, allowed, s[0], s[1], s[2], rows, keys,
                 n);
}

template <class T> void launch_clear(const tc_tensor *y, const float *lse, int64_t n) {
  TC_LAUNCH_FLAT(clear_blind<T>, blocks(n), THREADS, tc_ptr<T>(y), lse, y->size[2], n);
}

}  // namespace

extern "C" tc_status tc_mask_bias(void *bias, tc_dtype dtype, const bool *allowed,
                                  const int64_t *strides, int64_t heads, int64_t rows,
                                  int64_t keys) {
  const int64_t n = heads * rows * keys;
  if (dtype == TC_float16) launch_bias<half>(bias, allowed, strides, rows, keys, n);
  else launch_bias<bfloat16>(bias, allowed, strides, rows, keys, n);
  return tc_launched();
}

extern "C" tc_status tc_mask_blind(const tc_tensor *y, const tc_tensor *lse) {
  float *sums = tc_ptr<float>(lse);
  const int64_t n = tc_numel(y), rows = tc_numel(lse);
  if (y->dtype == TC_float16) launch_clear<half>(y, sums, n);
  else launch_clear<bfloat16>(y, sums, n);
  TC_LAUNCH_FLAT(mark_blind, blocks(rows), THREADS, sums, sums, -INFINITY, rows);
  return tc_launched();
}

extern "C" tc_status tc_mask_stats(float *to, const float *lse, int64_t n) {
  TC_LAUNCH_FLAT(mark_blind, blocks(n), THREADS, to, lse, 1e30f, n);
  return tc_launched();
}
