// The elementwise kernels of CUDA for one type T: what ../loops.h asks for.
#include "math.h"

// A formula as a type, and the launch of the kernel over it.
#define LOOP(function, OUT, expression) LOOP_NAMED(function, OUT, expression)
#define LOOP_NAMED(function, OUT, expression)                                                      \
  struct function##_formula {                                                                      \
    typedef T type;                                                                                \
    typedef OUT out;                                                                               \
    static __device__ inline OUT apply(T a, T b, T c, T g, T y, T p, T q, T r, int *bad) {         \
      (void)a, (void)b, (void)c, (void)g, (void)y, (void)p, (void)q, (void)r, (void)bad;           \
      return (OUT)(expression);                                                                    \
    }                                                                                              \
  };                                                                                               \
  static void function(const tc_job &j) { tc_launch_elementwise<function##_formula>(j); }

#include "../loops.h"
#undef LOOP
#undef LOOP_NAMED
