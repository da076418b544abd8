// Elementwise kernels that compute in int64, for every integer dtype and bool: what is stored wraps
// around as if the dtype itself had been computed in.
#include "pointwise.h"

#define T int64_t
#define NAME(x) x##_i64
#define LOOPS tc_loops_i64
#define TC_T_FLOAT 0
#define TC_IS_F32 0
#define TC_T_BOOL 0
#include "loops.h"
