// One elementwise call for the device: how its operands lie, and the launch of a formula over them.
#ifndef TOCHA_CUDA_POINTWISE_H
#define TOCHA_CUDA_POINTWISE_H

#include "cuda.h"

struct tc_operand {
  void *data;  // NULL: not used, or a number
  int64_t stride[TC_MAX_DIMS];
  double number;  // of a host's 0-d tensor
  int64_t integer;
  int dtype;
};

struct tc_job {
  int64_t n, size[TC_MAX_DIMS];
  int ndim;
  bool dense;  // all that lies in memory lies as the result does, and packs of four are aligned
  tc_operand out, in[TC_OPERANDS];
  double number[TC_PARAMS];
  int64_t integer[TC_PARAMS];
  int *alarm;
};

typedef void (*tc_loop)(const tc_job &j);

extern const tc_loop tc_loops_f32[TC_POINTWISE][4], tc_loops_f64[TC_POINTWISE][4],
    tc_loops_i64[TC_POINTWISE][4];

// Launches a copy (of operand b) within one dtype where moving bits is all there is to do (copy.cu).
bool tc_copy_layout(const tc_job &j);

// ---- elements of any dtype -------------------------------------------------------------------

template <class T> __host__ __device__ inline T tc_load(const void *p, int dtype, int64_t i) {
  switch (dtype) {
    case TC_bool: return (T)((const bool *)p)[i];
    case TC_uint8: return (T)((const uint8_t *)p)[i];
    case TC_int8: return (T)((const int8_t *)p)[i];
    case TC_int16: return (T)((const int16_t *)p)[i];
    case TC_int32: return (T)((const int32_t *)p)[i];
    case TC_int64: return (T)((const int64_t *)p)[i];
    case TC_float16: return (T)wide(((const half *)p)[i]);
    case TC_bfloat16: return (T)wide(((const bfloat16 *)p)[i]);
    case TC_float32: return (T)((const float *)p)[i];
    default: return (T)((const double *)p)[i];
  }
}

// Integers wrap around; a float goes by way of int64, as on the CPU.
template <class T> __device__ inline void tc_store(void *p, int dtype, int64_t i, T v) {
  switch (dtype) {
    case TC_bool: ((bool *)p)[i] = v != 0; break;
    case TC_uint8: ((uint8_t *)p)[i] = (uint8_t)(int64_t)v; break;
    case TC_int8: ((int8_t *)p)[i] = (int8_t)(int64_t)v; break;
    case TC_int16: ((int16_t *)p)[i] = (int16_t)(int64_t)v; break;
    case TC_int32: ((int32_t *)p)[i] = (int32_t)(int64_t)v; break;
    case TC_int64: ((int64_t *)p)[i] = (int64_t)v; break;
    case TC_float16: ((half *)p)[i] = narrow<half>((float)v); break;
    case TC_bfloat16: ((bfloat16 *)p)[i] = narrow<bfloat16>((float)v); break;
    case TC_float32: ((float *)p)[i] = (float)v; break;
    default: ((double *)p)[i] = (double)v;
  }
}

template <class S, class T> __device__ inline void tc_unpack(T *v, const void *p, int64_t i) {
  const pack<S, 4> four = *(const pack<S, 4> *)((const S *)p + i);
  for (int k = 0; k < 4; k++) v[k] = (T)wide(four.at[k]);
}

// Four neighbours from i, a multiple of four, on: one access for the common dtypes.
template <class T> __device__ inline void tc_load4(T *v, const void *p, int dtype, int64_t i) {
  switch (dtype) {
    case TC_float32: tc_unpack<float>(v, p, i); break;
    case TC_float16: tc_unpack<half>(v, p, i); break;
    case TC_bfloat16: tc_unpack<bfloat16>(v, p, i); break;
    default:
      for (int k = 0; k < 4; k++) v[k] = tc_load<T>(p, dtype, i + k);
  }
}

template <class S, class T> __device__ inline void tc_pack(const T *v, void *p, int64_t i) {
  pack<S, 4> four;
  for (int k = 0; k < 4; k++) four.at[k] = narrow<S>((acc_t<S>)v[k]);
  *(pack<S, 4> *)((S *)p + i) = four;
}

template <class T> __device__ inline void tc_store4(const T *v, void *p, int dtype, int64_t i) {
  switch (dtype) {
    case TC_float32: tc_pack<float>(v, p, i); break;
    case TC_float16: tc_pack<half>(v, p, i); break;
    case TC_bfloat16: tc_pack<bfloat16>(v, p, i); break;
    default:
      for (int k = 0; k < 4; k++) tc_store<T>(p, dtype, i + k, v[k]);
  }
}

// ---- the kernel ------------------------------------------------------------------------------

template <class T> __device__ inline T tc_either(double number, int64_t integer) {
  return (T)0.5 != 0 ? (T)number : (T)integer;
}

template <class T> __device__ inline T tc_number(const tc_operand &o) {
  return tc_either<T>(o.number, o.integer);
}

template <class T> __device__ inline T tc_param(const tc_job &j, int k) {
  return tc_either<T>(j.number[k], j.integer[k]);
}

template <class F, class T>
__device__ inline typename F::out tc_apply(const tc_job &j, const T *v) {
  return F::apply(v[0], v[1], v[2], v[3], v[4], tc_param<T>(j, 0), tc_param<T>(j, 1),
                  tc_param<T>(j, 2), j.alarm);
}

// Four elements in a row of tensors that lie alike.
template <class F> __device__ inline void tc_dense4(const tc_job &j, int64_t i) {
  typedef typename F::type T;
  T v[TC_OPERANDS][4];
  typename F::out y[4];
#pragma unroll
  for (int k = 0; k < TC_OPERANDS; k++) {
    if (j.in[k].data) tc_load4<T>(v[k], j.in[k].data, j.in[k].dtype, i);
    else
      for (int e = 0; e < 4; e++) v[k][e] = tc_number<T>(j.in[k]);
  }
  for (int e = 0; e < 4; e++) {
    const T one[TC_OPERANDS] = {v[0][e], v[1][e], v[2][e], v[3][e], v[4][e]};
    y[e] = tc_apply<F, T>(j, one);
  }
  tc_store4(y, j.out.data, j.out.dtype, i);
}

// One element anywhere. Launches have at most 2^31 elements: 32 bits divide several times faster.
template <class F> __device__ inline void tc_single(const tc_job &j, uint32_t i) {
  typedef typename F::type T;
  int64_t at[TC_OPERANDS] = {0}, to = 0;
  for (int d = j.ndim - 1; d >= 0; d--) {
    const uint32_t size = (uint32_t)j.size[d], quotient = i / size;
    const int64_t p = i - quotient * size;
    i = quotient;
    to += p * j.out.stride[d];
#pragma unroll
    for (int k = 0; k < TC_OPERANDS; k++) at[k] += p * j.in[k].stride[d];
  }
  T v[TC_OPERANDS];
#pragma unroll
  for (int k = 0; k < TC_OPERANDS; k++)
    v[k] = j.in[k].data ? tc_load<T>(j.in[k].data, j.in[k].dtype, at[k]) : tc_number<T>(j.in[k]);
  tc_store(j.out.data, j.out.dtype, to, tc_apply<F, T>(j, v));
}

enum { TC_POINTWISE_BLOCK = 256 };

// PACKS: threads take four elements where the tensors are dense. A kernel is compiled for each formula
// and type, so only float has them, where they pay; the last thread takes what is left one by one.
template <class F, bool PACKS> __global__ void tc_elementwise(const __grid_constant__ tc_job j) {
  const int step = PACKS && j.dense ? 4 : 1;
  uint32_t i = (blockIdx.x * blockDim.x + threadIdx.x) * step;
  if constexpr (PACKS) {
    if (step == 4 && (int64_t)i + 4 <= j.n) {
      tc_dense4<F>(j, i);
      return;
    }
  }
  const int64_t end = (int64_t)i + step < j.n ? (int64_t)i + step : j.n;
  for (; i < end; i++) tc_single<F>(j, i);
}

template <class F> static void tc_launch_elementwise(const tc_job &j) {
  constexpr bool packs = sizeof(typename F::type) == 4;
  const int64_t threads = packs && j.dense ? tc_ceil(j.n, 4) : j.n;
  TC_LAUNCH_FLAT((tc_elementwise<F, packs>), (unsigned)tc_ceil(threads, TC_POINTWISE_BLOCK),
                 TC_POINTWISE_BLOCK, j);
}

#endif
