// What every CPU kernel file starts from: names for this SIMD variant, threads, numbers.
#ifndef TOCHA_CPU_H
#define TOCHA_CPU_H

#include <math.h>
#include <string.h>

#include "../tocha.h"

#ifndef TC_ISA
#define TC_ISA v2
#endif

#define TC_CAT2(a, b) a##_##b
#define TC_CAT(a, b) TC_CAT2(a, b)
#define TC_CPU(name) TC_CAT(cpu_##name, TC_ISA)  // cpu_softmax_avx2

#define TC_PRAGMA(x) _Pragma(#x)

// for (i = 0; i < n; i++) on the threads, when n * cost (elements touched an iteration) is worth it.
// Which thread takes which i must not change the result.
#define TC_GRAIN 32768
#define TC_PARALLEL_FOR(i, n, cost)                                                                                       \
  TC_PRAGMA(omp parallel for schedule(static) num_threads(tc_threads()) if ((n) > 1 && (n) * (int64_t)(cost) > TC_GRAIN)) \
  for (int64_t i = 0; i < (n); i++)

// The same for a body that is one call: when there is little to do it stays clear of OpenMP, whose
// regions cost several small kernels even on one thread.
#define TC_CALL_FOR(i, n, cost, call)                                                              \
  if ((n) * (int64_t)(cost) <= TC_GRAIN) {                                                         \
    for (int64_t i = 0; i < (n); i++) call;                                                        \
  } else {                                                                                         \
    TC_PARALLEL_FOR(i, n, cost) call;                                                              \
  }

#define TC_MIN(a, b) ((a) < (b) ? (a) : (b))
#define TC_MAX(a, b) ((a) > (b) ? (a) : (b))

// The public kernel that picks the instance for the working type.
#define TC_FLOAT_KERNEL(name)                                                                      \
  tc_status TC_CPU(name)(tc_args * a);                                                             \
  tc_status TC_CPU(name)(tc_args * a) {                                                            \
    return a->dtype == TC_float64 ? name##_f64(a) : name##_f32(a);                                 \
  }
#define TC_NUMBER_KERNEL(name)                                                                     \
  tc_status TC_CPU(name)(tc_args * a);                                                             \
  tc_status TC_CPU(name)(tc_args * a) {                                                            \
    if (a->dtype == TC_int64) return name##_i64(a);                                                \
    return a->dtype == TC_float64 ? name##_f64(a) : name##_f32(a);                                 \
  }
// A kernel that does not depend on the type (TC_BYTES): TC_PLAIN_KERNEL(name) { ... }
#define TC_PLAIN_KERNEL(name)                                                                      \
  tc_status TC_CPU(name)(tc_args * a);                                                             \
  tc_status TC_CPU(name)(tc_args * a)

#endif
