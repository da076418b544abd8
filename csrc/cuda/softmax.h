// The sum of exponentials of a line, seen once: what softmax and cross_entropy share.
#ifndef TOCHA_CUDA_SOFTMAX_H
#define TOCHA_CUDA_SOFTMAX_H

#include "numbers.h"

// sum of exp(x - most). NaN is in the sum alone.
template <class A> struct tc_exponentials { A most, sum; };

template <class A> __device__ inline tc_exponentials<A> tc_no_exponentials() {
  return {-(A)INFINITY, 0};
}

template <class A> __device__ inline void tc_take_exponential(tc_exponentials<A> &e, A x) {
  const A by = x == e.most ? 1 : exp(-fabs(x - e.most));  // equal infinities have no difference
  const bool larger = x > e.most;
  e.sum = larger ? e.sum * by + 1 : e.sum + by;
  e.most = larger ? x : e.most;
}

template <class A>
__device__ inline tc_exponentials<A> tc_join_exponentials(tc_exponentials<A> a,
                                                          tc_exponentials<A> b) {
  const A most = a.most > b.most ? a.most : b.most;
  const A by_a = a.most == most ? 1 : exp(a.most - most);
  const A by_b = b.most == most ? 1 : exp(b.most - most);
  return {most, a.sum * by_a + b.sum * by_b};
}

// An infinite largest value makes every share NaN.
template <class A> __device__ inline A tc_finite_sum(tc_exponentials<A> e) {
  return isinf(e.most) ? (A)NAN : e.sum;
}

#endif
