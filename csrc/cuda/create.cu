// Tensors filled by a rule: arange, linspace, logspace.
#include "flat.h"

template <class T> static __device__ inline T from_double(double v) {
  return narrow<T>((acc_t<T>)v);
}

// As the CPU: computed in double, rounded once to the working type.
template <class T>
static __global__ void arange_kernel(T *y, int64_t n, int64_t first, int64_t by, double start,
                                     double step) {
  const int64_t i = flat_index();
  if (i >= n) return;
  if constexpr ((acc_t<T>)0.5 == 0) y[i] = first + i * by;
  else y[i] = from_double<T>(fma((double)i, step, start));
}

// arange(y, start, step as integers, start, step as numbers): the working type picks the pair.
template <class T> static tc_status arange(tc_args *a) {
  const int64_t n = tc_numel(a->t[0]);
  if (n == 0) return TC_OK;
  TC_LAUNCH_FLAT(arange_kernel<T>, flat_grid(n), FLAT_BLOCK, tc_ptr<T>(a->t[0]), n, a->i[0],
                 a->i[1], a->f[0], a->f[1]);
  return tc_launched();
}
TC_CUDA_NUMBERS(arange)

template <class T>
static __global__ void linspace_kernel(T *y, int64_t n, double first, double last, double step,
                                       double base) {
  const int64_t i = flat_index();
  if (i >= n) return;
  const bool near = i < (n + 1) / 2;
  const double v = near ? fma((double)i, step, first) : fma(-(double)(n - 1 - i), step, last);
  y[i] = from_double<T>(base != 0 ? pow(base, v) : v);
}

// linspace(y, first, last, base): n values; as powers of `base` where that is not 0. The second half is
// counted from the end, so that the last value is exactly `last`.
template <class T> static tc_status linspace(tc_args *a) {
  const int64_t n = tc_numel(a->t[0]);
  const double first = a->f[0], last = a->f[1];
  if (n == 0) return TC_OK;
  TC_LAUNCH_FLAT(linspace_kernel<T>, flat_grid(n), FLAT_BLOCK, tc_ptr<T>(a->t[0]), n, first, last,
                 n > 1 ? (last - first) / (double)(n - 1) : 0., a->f[2]);
  return tc_launched();
}
TC_CUDA_NUMBERS(linspace)
