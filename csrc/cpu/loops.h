// The elementwise loops of the CPU for one type T: what ../loops.h asks for.
#include "math.h"

#define LOOPS TC_CAT(NAME(cpu_loops), TC_ISA)
#define PARAM(k) (T)(s[k].is_int ? (T)s[k].i : (T)s[k].d)

// Not `restrict`: in place, `out` is one of the inputs, index by index.
#define LOOP(function, OUT, expression)                                                            \
  static void function(void *out_, const void *const *in, int64_t n, const tc_scalar *s,           \
                       int *bad) {                                                                 \
    OUT *out = out_;                                                                               \
    const T *A = in[0], *B = in[1], *C = in[2], *G = in[3], *Y = in[4];                            \
    const T p = PARAM(0), q = PARAM(1), r = PARAM(2);                                              \
    (void)p, (void)q, (void)r, (void)bad;                                                          \
    TC_PRAGMA(omp simd)                                                                            \
    for (int64_t i = 0; i < n; i++) {                                                              \
      const T a = A[i], b = B[i], c = C[i], g = G[i], y = Y[i];                                    \
      (void)a, (void)b, (void)c, (void)g, (void)y;                                                 \
      out[i] = (OUT)(expression);                                                                  \
    }                                                                                              \
  }
#include "../loops.h"
#undef LOOP
#undef PARAM
