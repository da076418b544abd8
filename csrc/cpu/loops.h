// The loop of every line of pointwise.def and of its derivatives, for one type T.
//
// The includer sets T, TC_T_FLOAT, TC_IS_F32, TC_T_BOOL and NAME, and gets a table NAME(loops);
// they are undefined again at the end.
#include "math.h"

// Which classes exist for this T, and what they give.
#define WHEN_ARITH(...) __VA_ARGS__
#define WHEN_COMPARE(...) __VA_ARGS__
#define WHEN_SELECT(...) __VA_ARGS__
#if TC_T_FLOAT
#define WHEN_FLOAT(...) __VA_ARGS__
#define WHEN_BITS(...)
#define WITH_GRAD(...) __VA_ARGS__
#else
#define WHEN_FLOAT(...)
#define WHEN_BITS(...) __VA_ARGS__
#define WITH_GRAD(...)
#endif
#define OUT_ARITH T
#define OUT_COMPARE bool
#define OUT_SELECT T
#define OUT_FLOAT T
#define OUT_BITS T
#define NONE K(0)

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

#define OP1(name, args, class, f, da, doc)                                                         \
  WHEN_##class(LOOP(NAME(name##_0), OUT_##class, f) WITH_GRAD(LOOP(NAME(name##_1), T, da)))
#define OP2(name, args, class, f, da, db, doc)                                                     \
  WHEN_##class(LOOP(NAME(name##_0), OUT_##class, f) WITH_GRAD(                                     \
      LOOP(NAME(name##_1), T, da) LOOP(NAME(name##_2), T, db)))
#define OP3(name, args, class, f, da, db, dc, doc)                                                 \
  WHEN_##class(LOOP(NAME(name##_0), OUT_##class, f) WITH_GRAD(                                     \
      LOOP(NAME(name##_1), T, da) LOOP(NAME(name##_2), T, db) LOOP(NAME(name##_3), T, dc)))
#include "../pointwise.def"
#undef OP1
#undef OP2
#undef OP3

#if TC_T_FLOAT
#define GRADS1(name) , NAME(name##_1)
#define GRADS2(name) , NAME(name##_1), NAME(name##_2)
#define GRADS3(name) , NAME(name##_1), NAME(name##_2), NAME(name##_3)
#else
#define GRADS1(name)
#define GRADS2(name)
#define GRADS3(name)
#endif

const tc_loop TC_CAT(NAME(cpu_loops), TC_ISA)[TC_POINTWISE][4] = {
#define OP1(name, args, class, f, da, doc)                                                         \
  WHEN_##class([TC_P_##name] = {NAME(name##_0) GRADS1(name)}, )
#define OP2(name, args, class, f, da, db, doc)                                                     \
  WHEN_##class([TC_P_##name] = {NAME(name##_0) GRADS2(name)}, )
#define OP3(name, args, class, f, da, db, dc, doc)                                                 \
  WHEN_##class([TC_P_##name] = {NAME(name##_0) GRADS3(name)}, )
#include "../pointwise.def"
};

#undef OP1
#undef OP2
#undef OP3
#undef GRADS1
#undef GRADS2
#undef GRADS3
#undef LOOP
#undef PARAM
#undef NONE
#undef WHEN_ARITH
#undef WHEN_COMPARE
#undef WHEN_SELECT
#undef WHEN_FLOAT
#undef WHEN_BITS
#undef WITH_GRAD
#undef OUT_ARITH
#undef OUT_COMPARE
#undef OUT_SELECT
#undef OUT_FLOAT
#undef OUT_BITS
#undef T
#undef NAME
#undef TC_T_FLOAT
#undef TC_IS_F32
#undef TC_T_BOOL
