// As floats.h, and T = int64_t besides.
#define TC_IS_INT 0
#include "floats.h"
#undef TC_IS_INT
#define T int64_t
#define ACC int64_t
#define NAME(x) x##_i64
#define TC_IS_F32 0
#define TC_IS_INT 1
#include TC_TEMPLATE
#undef T
#undef ACC
#undef NAME
#undef TC_IS_F32
#undef TC_IS_INT
