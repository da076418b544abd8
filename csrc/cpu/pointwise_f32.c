// Elementwise loops for float32.
#include "pointwise.h"

#define T float
#define NAME(x) x##_f32
#define TC_T_FLOAT 1
#define TC_IS_F32 1
#define TC_T_BOOL 0
#include "loops.h"
