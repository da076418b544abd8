// Elementwise kernels that compute in float64.
#include "pointwise.h"

#define T double
#define NAME(x) x##_f64
#define LOOPS tc_loops_f64
#define TC_T_FLOAT 1
#define TC_IS_F32 0
#define TC_T_BOOL 0
#include "loops.h"
