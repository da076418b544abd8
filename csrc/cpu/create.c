// Tensors filled by a rule: arange, linspace, logspace.
#ifndef T
#include "cpu.h"
#define TC_TEMPLATE "create.c"
#include "numbers.h"
TC_NUMBER_KERNEL(arange)
TC_NUMBER_KERNEL(linspace)
#else

// arange(y, start, step as integers, start, step as numbers): the working type picks the pair.
static tc_status NAME(arange)(tc_args *a) {
  T *y = (T *)tc_data(a->t[0]);
  const int64_t n = tc_numel(a->t[0]);
#if TC_IS_INT
  const T start = a->i[0], step = a->i[1];
#else
  const double start = a->f[0], step = a->f[1];
#endif
  for (int64_t i = 0; i < n; i++) {
#if TC_IS_INT
    y[i] = start + i * step;
#else
    y[i] = (T)(start + (double)i * step);
#endif
  }
  return TC_OK;
}

// linspace(y, first, last, base): n values; as powers of `base` where that is not 0. The second half is
// counted from the end, so that the last value is exactly `last`.
static tc_status NAME(linspace)(tc_args *a) {
  T *y = (T *)tc_data(a->t[0]);
  const int64_t n = tc_numel(a->t[0]);
  const double first = a->f[0], last = a->f[1], base = a->f[2];
  const double step = n > 1 ? (last - first) / (double)(n - 1) : 0;
  for (int64_t i = 0; i < n; i++) {
    const double v = i < (n + 1) / 2 ? first + (double)i * step : last - (double)(n - 1 - i) * step;
    y[i] = (T)(base != 0 ? pow(base, v) : v);
  }
  return TC_OK;
}
#endif
