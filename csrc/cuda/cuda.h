// What every kernel file of the CUDA back end starts from: launches, number types, device memory.
//
// A kernel of kernels.def is `template <class T> static tc_status name(tc_args *a)` and a line
// TC_CUDA_FLOATS(name) or TC_CUDA_NUMBERS(name); one that moves bytes defines cuda_name itself.
// Launches are asynchronous: host memory, and memory that is freed, must not be read by them.
#ifndef TOCHA_CUDA_H
#define TOCHA_CUDA_H

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <string.h>

#include "../tocha.h"
#include "device.h"
#include "launch.h"

typedef __nv_bfloat16 bfloat16;  // `half` is cuda_fp16.h's

// ---- numbers ---------------------------------------------------------------------------------

// What values of T are computed in, and summed in.
template <class T> struct tc_acc { typedef T type; };
template <> struct tc_acc<half> { typedef float type; };
template <> struct tc_acc<bfloat16> { typedef float type; };
template <class T> using acc_t = typename tc_acc<T>::type;

__host__ __device__ inline double wide(double x) { return x; }
__host__ __device__ inline float wide(float x) { return x; }
__host__ __device__ inline int64_t wide(int64_t x) { return x; }
__host__ __device__ inline float wide(half x) { return __half2float(x); }
__host__ __device__ inline float wide(bfloat16 x) { return __bfloat162float(x); }

template <class T, class A> __host__ __device__ inline T narrow(A x) { return (T)x; }
template <> __host__ __device__ inline half narrow<half, float>(float x) {
  return __float2half_rn(x);
}
template <> __host__ __device__ inline half narrow<half, double>(double x) {
  return __double2half(x);
}
template <> __host__ __device__ inline bfloat16 narrow<bfloat16, float>(float x) {
  return __float2bfloat16_rn(x);
}
template <> __host__ __device__ inline bfloat16 narrow<bfloat16, double>(double x) {
  return __double2bfloat16(x);
}

// N values that one instruction moves, where the address is a multiple of their size.
template <class T, int N> struct alignas(N * sizeof(T)) pack { T at[N]; };

// ---- kernels ---------------------------------------------------------------------------------

#define TC_CUDA_FLOATS(name)                                                                       \
  extern "C" tc_status cuda_##name(tc_args *a) {                                                   \
    switch (a->dtype) {                                                                            \
      case TC_float32: return name<float>(a);                                                      \
      case TC_float16: return name<half>(a);                                                       \
      case TC_bfloat16: return name<bfloat16>(a);                                                  \
      default: return name<double>(a);                                                             \
    }                                                                                              \
  }
#define TC_CUDA_NUMBERS(name)                                                                      \
  extern "C" tc_status cuda_##name(tc_args *a) {                                                   \
    switch (a->dtype) {                                                                            \
      case TC_float32: return name<float>(a);                                                      \
      case TC_float16: return name<half>(a);                                                       \
      case TC_bfloat16: return name<bfloat16>(a);                                                  \
      case TC_int64: return name<int64_t>(a);                                                      \
      default: return name<double>(a);                                                             \
    }                                                                                              \
  }

// Values of the tensor in a slot; NULL where it is absent.
template <class T> static inline T *tc_ptr(const tc_tensor *t) {
  return t ? (T *)tc_data(t) : nullptr;
}

static inline int64_t tc_ceil(int64_t n, int64_t d) { return (n + d - 1) / d; }

// Device memory for the launches of one call.
class scratch {
public:
  explicit scratch(size_t bytes) : bytes(bytes), data(tc_scratch(bytes)) {}
  ~scratch() { tc_scratch_free(data, bytes); }
  scratch(const scratch &) = delete;
  scratch &operator=(const scratch &) = delete;
  bool ok() const { return data != nullptr; }
  tc_status status() const { return TC_NO_MEMORY; }  // the allocator has said why
  template <class T> T *as() const { return (T *)data; }

private:
  size_t bytes;
  void *data;
};

// ---- sums over a warp and a block ------------------------------------------------------------

// Every thread gets the result. The order is fixed, so the same sum comes out each time.
struct tc_add {
  template <class A> __device__ A operator()(A a, A b) const { return a + b; }
};
struct tc_larger {  // NaN wins
  template <class A> __device__ A operator()(A a, A b) const { return a != a || a > b ? a : b; }
};
struct tc_smaller {
  template <class A> __device__ A operator()(A a, A b) const { return a != a || a < b ? a : b; }
};

// Values of any plain type between lanes, word by word.
template <class A, class F> __device__ inline A warp_words(const A &x, F shuffle) {
  static_assert(sizeof(A) % sizeof(unsigned) == 0, "whole words");
  unsigned word[sizeof(A) / sizeof(unsigned)];
  A y;
  memcpy(word, &x, sizeof x);
#pragma unroll
  for (unsigned &w : word) w = shuffle(w);
  memcpy(&y, word, sizeof y);
  return y;
}

// Over `width` neighbouring lanes, a power of two.
template <class F, class A> __device__ inline A warp_reduce(A x, F f, int width = 32) {
  for (int step = width / 2; step > 0; step /= 2)
    x = f(x, warp_words(x, [=](unsigned w) { return __shfl_xor_sync(~0u, w, step); }));
  return x;
}

// All threads of a block of whole warps (one dimension, at most 1024) call it; `none` changes nothing.
template <class F, class A> __device__ inline A block_reduce(A x, A none, F f) {
  TC_SHARED(A, part, [32]);
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, warps = blockDim.x / 32;
  x = warp_reduce(x, f);
  if (warps == 1) return x;
  __syncthreads();  // the sum before this one may still be read
  if (lane == 0) part[warp] = x;
  __syncthreads();
  return warp_reduce(lane < warps ? part[lane] : none, f);
}

// Over `width` threads next to each other: a power of two up to a warp, or else the block.
template <class F, class A> __device__ inline A group_reduce(A x, A none, F f, int width) {
  return width <= 32 ? warp_reduce(x, f, width) : block_reduce(x, none, f);
}

template <class A> __device__ inline A warp_sum(A x) { return warp_reduce(x, tc_add()); }
template <class A> __device__ inline A block_sum(A x) { return block_reduce(x, (A)0, tc_add()); }

#endif
