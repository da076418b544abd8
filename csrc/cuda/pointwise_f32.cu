// Elementwise kernels that compute in float32: of float16 and bfloat16 too.
#include "pointwise.h"

#define T float
#define NAME(x) x##_f32
#define LOOPS tc_loops_f32
#define TC_T_FLOAT 1
#define TC_IS_F32 0
#define TC_T_BOOL 0
#include "loops.h"
