// The loop of every line of pointwise.def and of its derivatives, for one type T: on the CPU a
// function, on CUDA the launch of a kernel.
//
// The includer sets T, TC_T_FLOAT, TC_IS_F32, TC_T_BOOL, NAME, the formulas' mathematics (math.h),
// LOOP(function, OUT, expression), which defines a function of type tc_loop, and LOOPS, the table's
// name. All but the mathematics and LOOP are undefined again at the end. C and C++ read it.

// Which classes exist for this T, and what they give.
#define WHEN_ARITH(...) __VA_ARGS__
#define WHEN_COMPARE(...) __VA_ARGS__
#define WHEN_SELECT(...) __VA_ARGS__
#define ROW_ARITH(...) {__VA_ARGS__},
#define ROW_COMPARE(...) {__VA_ARGS__},
#define ROW_SELECT(...) {__VA_ARGS__},
#if TC_T_FLOAT
#define WHEN_FLOAT(...) __VA_ARGS__
#define WHEN_BITS(...)
#define ROW_FLOAT(...) {__VA_ARGS__},
#define ROW_BITS(...) {NULL},
#define WITH_GRAD(...) __VA_ARGS__
#else
#define WHEN_FLOAT(...)
#define WHEN_BITS(...) __VA_ARGS__
#define ROW_FLOAT(...) {NULL},
#define ROW_BITS(...) {__VA_ARGS__},
#define WITH_GRAD(...)
#endif
#define OUT_ARITH T
#define OUT_COMPARE bool
#define OUT_SELECT T
#define OUT_FLOAT T
#define OUT_BITS T
#define NONE K(0)

#define OP1(name, args, class, f, da, doc)                                                         \
  WHEN_##class(LOOP(NAME(name##_0), OUT_##class, f) WITH_GRAD(LOOP(NAME(name##_1), T, da)))
#define OP2(name, args, class, f, da, db, doc)                                                     \
  WHEN_##class(LOOP(NAME(name##_0), OUT_##class, f)                                                \
                   WITH_GRAD(LOOP(NAME(name##_1), T, da) LOOP(NAME(name##_2), T, db)))
#define OP3(name, args, class, f, da, db, dc, doc)                                                 \
  WHEN_##class(LOOP(NAME(name##_0), OUT_##class, f) WITH_GRAD(                                     \
      LOOP(NAME(name##_1), T, da) LOOP(NAME(name##_2), T, db) LOOP(NAME(name##_3), T, dc)))
#include "pointwise.def"
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

// In the order of the file; a class that T has not leaves its row empty.
const tc_loop LOOPS[TC_POINTWISE][4] = {
#define OP1(name, args, class, f, da, doc) ROW_##class(NAME(name##_0) GRADS1(name))
#define OP2(name, args, class, f, da, db, doc) ROW_##class(NAME(name##_0) GRADS2(name))
#define OP3(name, args, class, f, da, db, dc, doc) ROW_##class(NAME(name##_0) GRADS3(name))
#include "pointwise.def"
};

#undef OP1
#undef OP2
#undef OP3
#undef GRADS1
#undef GRADS2
#undef GRADS3
#undef LOOPS
#undef NONE
#undef WHEN_ARITH
#undef WHEN_COMPARE
#undef WHEN_SELECT
#undef WHEN_FLOAT
#undef WHEN_BITS
#undef ROW_ARITH
#undef ROW_COMPARE
#undef ROW_SELECT
#undef ROW_FLOAT
#undef ROW_BITS
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
