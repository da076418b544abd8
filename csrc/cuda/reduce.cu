// Reductions that take values one by one: sum, mean, nansum, prod, amax, amin, vector norms; of
// bools: any, all, count. x is (outer, n, inner), y is (outer, inner). NaN propagates as in
// PyTorch.
#include "numbers.h"
#include "reduce.h"

#define SHAPE(a) (a)->i[0], (a)->i[1], (a)->i[2]

// What all of them have: one input, one result of type O, a number as the state.
template <class T, class O, class A> struct plain_reduction {
  typedef T in;
  typedef A acc;
  enum { INPUTS = 1 };
  const T *x[INPUTS];
  O *y;
};

template <class Op> static tc_status run(tc_args *a, Op op) {
  op.x[0] = tc_ptr<typename Op::in>(a->t[1]);
  op.y = (decltype(op.y))tc_data(a->t[0]);
  return tc_reduce(op, SHAPE(a));
}

// ---- sums ------------------------------------------------------------------------------------

template <class T> struct sum_of : plain_reduction<T, T, acc_t<T>> {
  typedef acc_t<T> A;
  A divisor;
  __device__ A none() const { return 0; }
  __device__ void take(A &a, const T *v, int64_t, int64_t) const { a += wide(*v); }
  __device__ A join(A a, A b) const { return a + b; }
  __device__ void put(A a, int64_t line) const { this->y[line] = narrow<T>(a / divisor); }
};

template <class T> struct nansum_of : sum_of<T> {
  __device__ void take(acc_t<T> &a, const T *v, int64_t, int64_t) const {
    const acc_t<T> x = wide(*v);
    if (x == x) a += x;
  }
};

template <class T> struct product_of : plain_reduction<T, T, acc_t<T>> {
  typedef acc_t<T> A;
  __device__ A none() const { return 1; }
  __device__ void take(A &a, const T *v, int64_t, int64_t) const { a *= wide(*v); }
  __device__ A join(A a, A b) const { return a * b; }
  __device__ void put(A a, int64_t line) const { this->y[line] = narrow<T>(a); }
};

template <class T> static tc_status sum_over(tc_args *a, acc_t<T> divisor) {
  sum_of<T> op;
  op.divisor = divisor;
  return run(a, op);
}
template <class T> static tc_status sum(tc_args *a) { return sum_over<T>(a, 1); }
template <class T> static tc_status mean(tc_args *a) { return sum_over<T>(a, (acc_t<T>)a->i[1]); }
template <class T> static tc_status prod(tc_args *a) { return run(a, product_of<T>()); }
template <class T> static tc_status nansum(tc_args *a) {
  nansum_of<T> op;
  op.divisor = 1;
  return run(a, op);
}
TC_CUDA_NUMBERS(sum)
TC_CUDA_FLOATS(mean)
TC_CUDA_NUMBERS(prod)
TC_CUDA_FLOATS(nansum)

// ---- extremes --------------------------------------------------------------------------------

template <class T, class F> struct extreme_of : plain_reduction<T, T, acc_t<T>> {
  typedef acc_t<T> A;
  A first;
  __device__ A none() const { return first; }
  __device__ void take(A &a, const T *v, int64_t, int64_t) const { a = F()(a, wide(*v)); }
  __device__ A join(A a, A b) const { return F()(a, b); }
  __device__ void put(A a, int64_t line) const { this->y[line] = narrow<T>(a); }
};

template <class T, class F> static tc_status extreme(tc_args *a, acc_t<T> first) {
  extreme_of<T, F> op;
  op.first = first;
  return run(a, op);
}
template <class T> static tc_status amax(tc_args *a) {
  return extreme<T, tc_larger>(a, tc_lowest<acc_t<T>>());
}
template <class T> static tc_status amin(tc_args *a) {
  return extreme<T, tc_smaller>(a, tc_highest<acc_t<T>>());
}
TC_CUDA_NUMBERS(amax)
TC_CUDA_NUMBERS(amin)

// ---- norms -----------------------------------------------------------------------------------

// (sum |x|^p)^(1/p); p = 0 counts, infinities take the extreme. The kind is the same for all
// threads, and memory is what they wait for: one kernel.
template <class T> struct norm_of : plain_reduction<T, T, acc_t<T>> {
  typedef acc_t<T> A;
  tc_norm<A> norm;
  __device__ A none() const { return norm.none(); }
  __device__ void take(A &a, const T *v, int64_t, int64_t) const {
    a = norm.join(a, norm.term(wide(*v)));
  }
  __device__ A join(A a, A b) const { return norm.join(a, b); }
  __device__ void put(A a, int64_t line) const { this->y[line] = narrow<T>(norm.root(a)); }
};

template <class T> static tc_status norm(tc_args *a) {
  norm_of<T> op;
  op.norm = tc_norm_of<acc_t<T>>(a->f[0]);
  return run(a, op);
}
TC_CUDA_FLOATS(norm)

// ---- of bools --------------------------------------------------------------------------------

struct any_of : plain_reduction<uint8_t, uint8_t, int> {
  __device__ int none() const { return 0; }
  __device__ void take(int &a, const uint8_t *v, int64_t, int64_t) const { a |= *v; }
  __device__ int join(int a, int b) const { return a | b; }
  __device__ void put(int a, int64_t line) const { y[line] = a != 0; }
};

struct all_of : plain_reduction<uint8_t, uint8_t, int> {
  __device__ int none() const { return 1; }
  __device__ void take(int &a, const uint8_t *v, int64_t, int64_t) const { a &= *v; }
  __device__ int join(int a, int b) const { return a & b; }
  __device__ void put(int a, int64_t line) const { y[line] = a != 0; }
};

struct count_of : plain_reduction<uint8_t, int64_t, int64_t> {
  __device__ int64_t none() const { return 0; }
  __device__ void take(int64_t &a, const uint8_t *v, int64_t, int64_t) const { a += *v; }
  __device__ int64_t join(int64_t a, int64_t b) const { return a + b; }
  __device__ void put(int64_t a, int64_t line) const { y[line] = a; }
};

extern "C" tc_status cuda_any(tc_args *a) { return run(a, any_of()); }
extern "C" tc_status cuda_all(tc_args *a) { return run(a, all_of()); }
extern "C" tc_status cuda_count(tc_args *a) { return run(a, count_of()); }
