// What layer_norm, group_norm and batch_norm share: the mean and 1/std of lines, the sums that
// their gradients need, and how a line is shifted and scaled.
#ifndef TOCHA_CUDA_NORM_H
#define TOCHA_CUDA_NORM_H

#include "numbers.h"
#include "spread.h"
#include "vector.h"

template <class A> struct norm_line { A mean, rstd; };

// 1 / sqrt(m2 / n + eps)
template <class A> __device__ inline A norm_rstd(A m2, A n, A eps) {
  return 1 / sqrt(m2 / n + eps);
}

// Moments of lines; without a centre (rms_norm) the mean counts as 0.
template <class T> struct norm_moments {
  typedef T in;
  typedef tc_moments<acc_t<T>> acc;
  enum { INPUTS = 1 };
  const T *x[INPUTS];
  bool centred;
  __device__ acc none() const { return {0, 0, 0}; }
  __device__ void take(acc &a, const T *v, int64_t, int64_t) const {
    const acc_t<T> x = wide(*v);
    if (centred) {
      tc_take_moments(a, x);
    } else {
      a.n += 1;
      a.m2 += x * x;
    }
  }
  __device__ acc join(acc a, acc b) const { return tc_join_moments(a, b); }
};

template <class T> struct norm_statistics : norm_moments<T> {
  norm_line<acc_t<T>> *lines;
  acc_t<T> eps;
  __device__ void put(typename norm_moments<T>::acc a, int64_t line) const {
    lines[line] = {a.mean, norm_rstd(a.m2, a.n, eps)};
  }
};

template <class T>
static norm_statistics<T> norm_statistics_of(const T *x, bool centred, double eps,
                                             norm_line<acc_t<T>> *lines) {
  norm_statistics<T> op;
  op.x[0] = x;
  op.centred = centred;
  op.eps = (acc_t<T>)eps;
  op.lines = lines;
  return op;
}

// The sums of g (x - mean) and of g: inputs are g and x, and perhaps more.
template <class A> struct norm_pair { A dot, sum; };

template <class T, int N = 2> struct norm_sums {
  typedef T in;
  typedef acc_t<T> A;
  typedef norm_pair<A> acc;
  enum { INPUTS = N };
  const T *x[INPUTS];
  __device__ acc none() const { return {0, 0}; }
  __device__ acc join(acc a, acc b) const { return {a.dot + b.dot, a.sum + b.sum}; }
  __device__ static void add(acc &a, A g, A off) {
    a.dot += g * off;
    a.sum += g;
  }
};

// y = (x - mean) scale + shift
template <class A> struct norm_affine { A mean, scale, shift; };

// gx = g scale + (x - mean) slope + shift
template <class A> struct norm_slope {
  A mean, scale, slope, shift;
  __device__ A at(A g, A x) const { return g * scale + (x - mean) * slope + shift; }
};

#endif
