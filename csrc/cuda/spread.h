// One value for each element of (outer, n, inner), from the elements of some tensors that lie alike
// and from what is known of their line.
//
// A formula is a struct that is copied to the device:
//   typedef ... T;   enum { INPUTS = 1 };   const T *x[INPUTS];   T *y;      INPUTS may be 0
//   typedef ... own;   own line(const spread_place &p) const   what all of (o, i) have in common
//   acc_t<T> value(const T *v, const own &w, const spread_place &p) const   v: one of each input
// and, where there is a second result, T *second (or NULL) and acc_t<T> second_value(const T *v) const.
#ifndef TOCHA_CUDA_SPREAD_H
#define TOCHA_CUDA_SPREAD_H

#include "reduce.h"

enum { SPREAD_BLOCK = 256 };

struct spread_shape {
  int64_t total, n, inner;
  bool packed;
};

// Where an element stands, and the next one.
struct spread_place {
  int64_t o, i, j;
  __device__ spread_place(const spread_shape &s, int64_t at) {
    if (s.total <= UINT32_MAX) {  // divides several times faster
      const uint32_t row = (uint32_t)at / (uint32_t)s.inner;
      j = (uint32_t)at - row * (uint32_t)s.inner;
      o = row / (uint32_t)s.n;
      i = row - (uint32_t)o * (uint32_t)s.n;
    } else {
      const int64_t row = at / s.inner;
      j = at - row * s.inner;
      o = row / s.n;
      i = row - o * s.n;
    }
  }
  // Does it stand in another line?
  __device__ bool step(const spread_shape &s) {
    if (++j < s.inner) return false;
    j = 0;
    if (++i == s.n) {
      i = 0;
      o++;
    }
    return true;
  }
};

// For formulas to which a line means nothing.
struct spread_nothing {};

template <class F, class = void> struct spread_has_second { static constexpr bool value = false; };
template <class F> struct spread_has_second<F, decltype((void)F::second)> {
  static constexpr bool value = true;
};

template <class F>
__device__ inline void spread_pack(const F &f, const spread_shape &s, int64_t at) {
  typedef typename F::T T;
  constexpr int V = tc_pack_size<T>();
  constexpr bool two = spread_has_second<F>::value;
  pack<T, V> in[F::INPUTS + 1], out, other;  // no array is empty
#pragma unroll
  for (int k = 0; k < F::INPUTS; k++) in[k] = *(const pack<T, V> *)(f.x[k] + at);
  spread_place p(s, at);
  typename F::own own = f.line(p);
#pragma unroll
  for (int e = 0; e < V; e++) {
    T v[F::INPUTS + 1];
#pragma unroll
    for (int k = 0; k < F::INPUTS; k++) v[k] = in[k].at[e];
    out.at[e] = narrow<T>(f.value(v, own, p));
    if constexpr (two) other.at[e] = narrow<T>(f.second_value(v));
    if (e + 1 < V && p.step(s)) own = f.line(p);
  }
  *(pack<T, V> *)(f.y + at) = out;
  if constexpr (two)
    if (f.second) *(pack<T, V> *)(f.second + at) = other;
}

template <class F>
__device__ inline void spread_one(const F &f, const spread_shape &s, int64_t at) {
  typename F::T v[F::INPUTS + 1];
#pragma unroll
  for (int k = 0; k < F::INPUTS; k++) v[k] = f.x[k][at];
  const spread_place p(s, at);
  f.y[at] = narrow<typename F::T>(f.value(v, f.line(p), p));
  if constexpr (spread_has_second<F>::value)
    if (f.second) f.second[at] = narrow<typename F::T>(f.second_value(v));
}

template <class F> __global__ void spread_values(const F f, const spread_shape s) {
  constexpr int V = tc_pack_size<typename F::T>();
  const int64_t first = ((int64_t)blockIdx.x * SPREAD_BLOCK + threadIdx.x) * V;
  if (s.packed && first + V <= s.total) {
    spread_pack(f, s, first);
    return;
  }
  for (int64_t at = first; at < first + V && at < s.total; at++) spread_one(f, s, at);
}

template <class F>
static spread_shape spread_shape_of(const F &f, int64_t outer, int64_t n, int64_t inner) {
  spread_shape s = {outer * n * inner, n, inner, tc_is_aligned(f.y)};
  for (int k = 0; k < F::INPUTS; k++) s.packed = s.packed && tc_is_aligned(f.x[k]);
  if constexpr (spread_has_second<F>::value) s.packed = s.packed && tc_is_aligned(f.second);
  return s;
}

template <class F> static tc_status tc_spread(const F &f, int64_t outer, int64_t n, int64_t inner) {
  const spread_shape s = spread_shape_of(f, outer, n, inner);
  if (s.total == 0) return TC_OK;
  const int64_t threads = tc_ceil(s.total, tc_pack_size<typename F::T>());
  TC_LAUNCH_FLAT(spread_values<F>, (unsigned)tc_ceil(threads, SPREAD_BLOCK), SPREAD_BLOCK, f, s);
  return tc_launched();
}

#endif
