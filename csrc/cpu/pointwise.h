// What the driver and the loops of the elementwise operations agree on.
#ifndef TOCHA_CPU_POINTWISE_H
#define TOCHA_CPU_POINTWISE_H

#include "cpu.h"

// n elements; in[]: a, b, c, g, y, all contiguous and of type T. *bad is set by a division by zero.
typedef void (*tc_loop)(void *out, const void *const *in, int64_t n, const tc_scalar *param,
                        int *bad);

#define LOOPS(suffix) extern const tc_loop TC_CPU(loops_##suffix)[TC_POINTWISE][4];
LOOPS(f32)
LOOPS(f64)
LOOPS(i64)
LOOPS(i32)
LOOPS(i16)
LOOPS(i8)
LOOPS(u8)
LOOPS(bool)
#undef LOOPS

#endif
