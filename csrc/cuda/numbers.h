// Numbers that kernels of several files compute with: limits, norms, moments.
#ifndef TOCHA_CUDA_NUMBERS_H
#define TOCHA_CUDA_NUMBERS_H

#include <math.h>

#include "cuda.h"

template <class A> __host__ __device__ inline A tc_lowest() { return -(A)INFINITY; }
template <> __host__ __device__ inline int64_t tc_lowest<int64_t>() { return INT64_MIN; }
template <class A> __host__ __device__ inline A tc_highest() { return (A)INFINITY; }
template <> __host__ __device__ inline int64_t tc_highest<int64_t>() { return INT64_MAX; }

// ---- vector norms ----------------------------------------------------------------------------

enum tc_norm_kind {
  NORM_SQUARES,
  NORM_ABSOLUTE,
  NORM_LARGEST,
  NORM_SMALLEST,
  NORM_COUNT,
  NORM_POWERS
};

// (sum |x|^p)^(1/p): what of a value is joined, how, and what becomes of it. NaN wins everywhere.
template <class A> struct tc_norm {
  tc_norm_kind kind;
  A p;
  __device__ A none() const { return kind == NORM_SMALLEST ? (A)INFINITY : 0; }
  __device__ A term(A x) const {
    if (kind == NORM_SQUARES) return x * x;
    if (kind == NORM_COUNT) return x != 0;
    return kind == NORM_POWERS ? pow(fabs(x), p) : fabs(x);
  }
  __device__ A join(A a, A b) const {
    if (kind == NORM_LARGEST) return tc_larger()(a, b);
    return kind == NORM_SMALLEST ? tc_smaller()(a, b) : a + b;
  }
  __device__ A root(A a) const {
    if (kind == NORM_SQUARES) return sqrt(a);
    return kind == NORM_POWERS ? pow(a, 1 / p) : a;
  }
};

template <class A> static inline tc_norm<A> tc_norm_of(double p) {
  if (p == 2) return {NORM_SQUARES, (A)p};
  if (p == 1) return {NORM_ABSOLUTE, (A)p};
  if (p == 0) return {NORM_COUNT, (A)p};
  if (isinf(p)) return {p > 0 ? NORM_LARGEST : NORM_SMALLEST, (A)p};
  return {NORM_POWERS, (A)p};
}

// ---- moments ---------------------------------------------------------------------------------

// Count, mean and sum of squared deviations (Welford; Chan's formula joins them).
template <class A> struct tc_moments { A n, mean, m2; };

__device__ inline float tc_quotient_of(float a, float b) { return __fdividef(a, b); }
__device__ inline double tc_quotient_of(double a, double b) { return a / b; }

template <class A> __device__ inline void tc_take_moments(tc_moments<A> &m, A x) {
  const A delta = x - m.mean;
  m.n += 1;
  m.mean += tc_quotient_of(delta, m.n);
  m.m2 += delta * (x - m.mean);
}

template <class A>
__device__ inline tc_moments<A> tc_join_moments(tc_moments<A> a, tc_moments<A> b) {
  const A n = a.n + b.n, delta = b.mean - a.mean;
  if (a.n == 0) return b;
  if (b.n == 0) return a;
  return {n, a.mean + delta * (b.n / n), a.m2 + b.m2 + delta * delta * (a.n * (b.n / n))};
}

#endif
