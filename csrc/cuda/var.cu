// Variance and mean along the middle of (outer, n, inner). The divisor is n - correction, at least
// 0.
#include "numbers.h"
#include "reduce.h"

// The sum beside the moments is the mean's where values are infinite: moments have NaN then.
template <class A> struct var_state {
  tc_moments<A> m;
  A sum;
};

template <class T> struct variance_of {
  typedef T in;
  typedef acc_t<T> A;
  typedef var_state<A> acc;
  enum { INPUTS = 1 };
  const T *x[INPUTS];
  T *var, *mean;
  A divisor;
  __device__ acc none() const { return {{0, 0, 0}, 0}; }
  __device__ void take(acc &a, const T *v, int64_t, int64_t) const {
    tc_take_moments(a.m, (A)wide(*v));
    a.sum += wide(*v);
  }
  __device__ acc join(acc a, acc b) const { return {tc_join_moments(a.m, b.m), a.sum + b.sum}; }
  __device__ void put(acc a, int64_t line) const {
    mean[line] = narrow<T>(isfinite(a.m.mean) && a.m.n > 0 ? a.m.mean : a.sum / a.m.n);
    var[line] = narrow<T>(a.m.n > 0 ? a.m.m2 / divisor : (A)NAN);
  }
};

// var(y, mean, x, outer, n, inner, correction)
template <class T> static tc_status var(tc_args *a) {
  const double divisor = (double)a->i[1] - a->f[0];
  const variance_of<T> op = {{tc_ptr<T>(a->t[2])},
                             tc_ptr<T>(a->t[0]),
                             tc_ptr<T>(a->t[1]),
                             (acc_t<T>)(divisor > 0 ? divisor : 0)};
  return tc_reduce(op, a->i[0], a->i[1], a->i[2]);
}
TC_CUDA_FLOATS(var)
