// Parameters beside values of T ('p', 'q' in kernels.def): of T or of the type that T is computed in, so
// that halves go with float32 weights, losses and gradients. What is absent, or empty, is false.
#ifndef TOCHA_CUDA_VECTOR_H
#define TOCHA_CUDA_VECTOR_H

#include "cuda.h"

template <class T> struct tc_vector {
  typedef acc_t<T> A;
  void *data;
  bool whole;  // of A
  __host__ __device__ explicit operator bool() const { return data != nullptr; }
  __device__ A operator[](int64_t k) const {
    return whole ? ((const A *)data)[k] : (A)wide(((const T *)data)[k]);
  }
  __device__ void put(int64_t k, A v) const {
    if (whole) ((A *)data)[k] = v;
    else ((T *)data)[k] = narrow<T>(v);
  }
};

template <class T> static inline tc_vector<T> tc_vector_of(const tc_tensor *t) {
  if (!t || tc_numel(t) == 0) return {nullptr, true};
  return {tc_data(t), tc_itemsize((tc_dtype)t->dtype) == sizeof(acc_t<T>)};
}

#endif
