// Includes TC_TEMPLATE once with T = float and once with T = double. ACC: what sums are kept in.
#define T float
#define ACC float
#define NAME(x) x##_f32
#define TC_IS_F32 1
#include TC_TEMPLATE
#undef T
#undef ACC
#undef NAME
#undef TC_IS_F32
#define T double
#define ACC double
#define NAME(x) x##_f64
#define TC_IS_F32 0
#include TC_TEMPLATE
#undef T
#undef ACC
#undef NAME
#undef TC_IS_F32
