// The table of conversions: one loop, written out for every pair of dtypes.
#include "convert.h"

// As a macro it would be expanded before it is pasted into names.
#undef bool
typedef _Bool bool;

// Through int64, so that what is out of range wraps around instead of being undefined.
#define TO_INT(type, v) (type)(int64_t)(v)

#define LOOP(to, to_type, from, from_type, expression)                                             \
  static void from##_to_##to(void *out, int64_t so, const void *in, int64_t si, int64_t n) {       \
    to_type *restrict y = out;                                                                     \
    const from_type *restrict x = in;                                                              \
    if (so == 1 && si == 1) {                                                                      \
      for (int64_t i = 0; i < n; i++) {                                                            \
        const from_type v = x[i];                                                                  \
        y[i] = expression;                                                                         \
      }                                                                                            \
    } else if (so == 1 && si == 0) {                                                               \
      const from_type v = x[0];                                                                    \
      const to_type w = expression;                                                                \
      for (int64_t i = 0; i < n; i++) y[i] = w;                                                    \
    } else {                                                                                       \
      for (int64_t i = 0; i < n; i++) {                                                            \
        const from_type v = x[i * si];                                                             \
        y[i * so] = expression;                                                                    \
      }                                                                                            \
    }                                                                                              \
  }

// One row: to every dtype from one.
#define ROW(from, type, value)                                                                     \
  LOOP(bool, bool, from, type, (value) != 0)                                                       \
  LOOP(uint8, uint8_t, from, type, TO_INT(uint8_t, value))                                         \
  LOOP(int8, int8_t, from, type, TO_INT(int8_t, value))                                            \
  LOOP(int16, int16_t, from, type, TO_INT(int16_t, value))                                         \
  LOOP(int32, int32_t, from, type, TO_INT(int32_t, value))                                         \
  LOOP(int64, int64_t, from, type, TO_INT(int64_t, value))                                         \
  LOOP(float16, uint16_t, from, type, tc_to_float16((float)(value)))                               \
  LOOP(bfloat16, uint16_t, from, type, tc_to_bfloat16((float)(value)))                             \
  LOOP(float32, float, from, type, (float)(value))                                                 \
  LOOP(float64, double, from, type, (double)(value))

ROW(bool, bool, v)
ROW(uint8, uint8_t, v)
ROW(int8, int8_t, v)
ROW(int16, int16_t, v)
ROW(int32, int32_t, v)
ROW(int64, int64_t, v)
ROW(float16, uint16_t, tc_from_float16(v))
ROW(bfloat16, uint16_t, tc_from_bfloat16(v))
ROW(float32, float, v)
ROW(float64, double, v)

#define ENTRIES(to)                                                                                \
  [TC_##to] = {[TC_bool] = bool_to_##to,       [TC_uint8] = uint8_to_##to,                         \
               [TC_int8] = int8_to_##to,       [TC_int16] = int16_to_##to,                         \
               [TC_int32] = int32_to_##to,     [TC_int64] = int64_to_##to,                         \
               [TC_float16] = float16_to_##to, [TC_bfloat16] = bfloat16_to_##to,                   \
               [TC_float32] = float32_to_##to, [TC_float64] = float64_to_##to}

const tc_convert_fn TC_CPU(convert_table)[TC_DTYPES][TC_DTYPES] = {
    ENTRIES(bool),  ENTRIES(uint8),   ENTRIES(int8),     ENTRIES(int16),   ENTRIES(int32),
    ENTRIES(int64), ENTRIES(float16), ENTRIES(bfloat16), ENTRIES(float32), ENTRIES(float64)};
