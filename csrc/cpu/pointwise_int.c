// Elementwise loops for the integers and bool.
#include "pointwise.h"

#define T int64_t
#define NAME(x) x##_i64
#define TC_T_FLOAT 0
#define TC_IS_F32 0
#define TC_T_BOOL 0
#include "loops.h"

#define T int32_t
#define NAME(x) x##_i32
#define TC_T_FLOAT 0
#define TC_IS_F32 0
#define TC_T_BOOL 0
#include "loops.h"

#define T int16_t
#define NAME(x) x##_i16
#define TC_T_FLOAT 0
#define TC_IS_F32 0
#define TC_T_BOOL 0
#include "loops.h"

#define T int8_t
#define NAME(x) x##_i8
#define TC_T_FLOAT 0
#define TC_IS_F32 0
#define TC_T_BOOL 0
#include "loops.h"

#define T uint8_t
#define NAME(x) x##_u8
#define TC_T_FLOAT 0
#define TC_IS_F32 0
#define TC_T_BOOL 0
#include "loops.h"

// The product of bools is meant.
#pragma GCC diagnostic ignored "-Wint-in-bool-context"
#define T bool
#define NAME(x) x##_bool
#define TC_T_FLOAT 0
#define TC_IS_F32 0
#define TC_T_BOOL 1
#include "loops.h"
