// The extreme value along the middle of (outer, n, inner), and where it first stands (from 1). NaN
// is the largest and the smallest of all, as in PyTorch.
#include "numbers.h"
#include "reduce.h"

template <class A> struct arg_place {
  A value;
  int64_t at;
};

template <class T, bool LARGEST> struct arg_place_of {
  typedef T in;
  typedef acc_t<T> A;
  typedef arg_place<A> acc;
  enum { INPUTS = 1 };
  const T *x[INPUTS];
  T *y;
  int64_t *index;
  __device__ acc none() const { return {LARGEST ? tc_lowest<A>() : tc_highest<A>(), INT64_MAX}; }
  __device__ static bool beats(A a, A b) { return (LARGEST ? a > b : a < b) || (a != a && b == b); }
  __device__ acc join(acc a, acc b) const {
    const bool alike = a.value == b.value || (a.value != a.value && b.value != b.value);
    return beats(b.value, a.value) || (alike && b.at < a.at) ? b : a;
  }
  __device__ void take(acc &a, const T *v, int64_t i, int64_t) const {
    a = join(a, {(A)wide(*v), i + 1});
  }
  __device__ void put(acc a, int64_t line) const {
    y[line] = narrow<T>(a.value);
    index[line] = a.at;
  }
};

template <class T, bool LARGEST> static tc_status find(tc_args *a) {
  const arg_place_of<T, LARGEST> op = {
      {tc_ptr<T>(a->t[2])}, tc_ptr<T>(a->t[0]), tc_ptr<int64_t>(a->t[1])};
  return tc_reduce(op, a->i[0], a->i[1], a->i[2]);
}
template <class T> static tc_status max_dim(tc_args *a) { return find<T, true>(a); }
template <class T> static tc_status min_dim(tc_args *a) { return find<T, false>(a); }
TC_CUDA_NUMBERS(max_dim)
TC_CUDA_NUMBERS(min_dim)
