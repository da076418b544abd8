// Running results along the middle of (outer, n, inner): cumsum (forwards or backwards), cumprod,
// logcumsumexp and its gradient; cummax and cummin with the places (from 1).
#include "numbers.h"
#include "running.h"

template <class Op> static tc_status run(const tc_args *a, const Op &op, bool backwards) {
  return tc_scan(op, a->i[0], a->i[1], a->i[2], backwards);
}

// ---- sums, products, logarithms of sums of exponentials --------------------------------------

struct scan_plus {
  template <class A> __device__ static A first() { return 0; }
  template <class A> __device__ static A join(A a, A b) { return a + b; }
};

struct scan_times {
  template <class A> __device__ static A first() { return 1; }
  template <class A> __device__ static A join(A a, A b) { return a * b; }
};

// log(exp(a) + exp(b)) without overflow.
struct scan_log_add {
  template <class A> __device__ static A first() { return -(A)INFINITY; }
  template <class A> __device__ static A join(A a, A b) {
    const A most = a > b ? a : b, least = a > b ? b : a;
    if (a != a || b != b) return a + b;
    return isinf(most) ? most : most + log1p(exp(least - most));
  }
};

template <class T, class F> struct running {
  typedef acc_t<T> acc;
  T *y;
  const T *x;
  __device__ acc none() const { return F::template first<acc>(); }
  __device__ acc load(int64_t at, int64_t) const { return wide(x[at]); }
  __device__ acc join(acc a, acc b) const { return F::join(a, b); }
  __device__ void put(acc a, int64_t at) const { y[at] = narrow<T>(a); }
};

template <class T> static tc_status cumsum(tc_args *a) {
  return run(a, running<T, scan_plus>{tc_ptr<T>(a->t[0]), tc_ptr<T>(a->t[1])}, a->i[3] != 0);
}
template <class T> static tc_status cumprod(tc_args *a) {
  return run(a, running<T, scan_times>{tc_ptr<T>(a->t[0]), tc_ptr<T>(a->t[1])}, false);
}
template <class T> static tc_status logcumsumexp(tc_args *a) {
  return run(a, running<T, scan_log_add>{tc_ptr<T>(a->t[0]), tc_ptr<T>(a->t[1])}, false);
}
TC_CUDA_NUMBERS(cumsum)
TC_CUDA_NUMBERS(cumprod)
TC_CUDA_FLOATS(logcumsumexp)

// ---- extremes --------------------------------------------------------------------------------

template <class A> struct scan_place {
  A value;
  int64_t at;
};

// The latest of equal values is the one reported; NaN stays once it was met.
template <class T, bool LARGEST> struct running_extreme {
  typedef acc_t<T> A;
  typedef scan_place<A> acc;
  T *y;
  int64_t *index;
  const T *x;
  __device__ acc none() const { return {0, 0}; }
  __device__ acc load(int64_t at, int64_t i) const { return {(A)wide(x[at]), i + 1}; }
  __device__ acc join(acc a, acc b) const {  // b stands after a
    if (a.at == 0 || b.at == 0) return a.at == 0 ? b : a;
    return (LARGEST ? b.value >= a.value : b.value <= a.value) || b.value != b.value ? b : a;
  }
  __device__ void put(acc a, int64_t at) const {
    y[at] = narrow<T>(a.value);
    index[at] = a.at;
  }
};

template <class T, bool LARGEST> static tc_status extreme(tc_args *a) {
  const running_extreme<T, LARGEST> op = {tc_ptr<T>(a->t[0]), tc_ptr<int64_t>(a->t[1]),
                                          tc_ptr<T>(a->t[2])};
  return run(a, op, false);
}
template <class T> static tc_status cummax(tc_args *a) { return extreme<T, true>(a); }
template <class T> static tc_status cummin(tc_args *a) { return extreme<T, false>(a); }
TC_CUDA_NUMBERS(cummax)
TC_CUDA_NUMBERS(cummin)

// ---- the gradient of logcumsumexp ------------------------------------------------------------

// gx[k] = exp(x[k] - y[k]) r[k], where r[k] = g[k] + exp(y[k] - y[k + 1]) r[k + 1]: y only grows,
// so no exponential overflows. A step takes r to add + by r, and so do several together.
template <class A> struct scan_step { A by, add; };

template <class T> struct logcumsumexp_slopes {
  typedef acc_t<T> A;
  typedef scan_step<A> acc;
  T *gx;
  const T *g, *x, *y;
  int64_t n, inner;
  __device__ acc none() const { return {1, 0}; }
  __device__ acc load(int64_t at, int64_t k) const {
    const A own = wide(y[at]);
    const bool alone = k == n - 1 || isinf(own);
    return {alone ? 0 : exp(own - (A)wide(y[at + inner])), wide(g[at])};
  }
  __device__ acc join(acc a, acc b) const {  // b after a
    return {a.by * b.by, b.by == 0 ? b.add : b.add + b.by * a.add};
  }
  __device__ void put(acc a, int64_t at) const {
    const A own = wide(y[at]);
    gx[at] = narrow<T>(isinf(own) ? 0 : exp((A)wide(x[at]) - own) * a.add);
  }
};

template <class T> static tc_status logcumsumexp_backward(tc_args *a) {
  const logcumsumexp_slopes<T> op = {tc_ptr<T>(a->t[0]),
                                     tc_ptr<T>(a->t[1]),
                                     tc_ptr<T>(a->t[2]),
                                     tc_ptr<T>(a->t[3]),
                                     a->i[1],
                                     a->i[2]};
  return run(a, op, true);
}
TC_CUDA_FLOATS(logcumsumexp_backward)
