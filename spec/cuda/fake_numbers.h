// Numbers of the stand-ins' types in memory, as doubles.
#ifndef FAKE_NUMBERS_H
#define FAKE_NUMBERS_H

#include "cpu/convert.h"

typedef enum fake_type { FAKE_F32, FAKE_F64, FAKE_F16, FAKE_BF16, FAKE_EXACT } fake_type;

#define fake_cudnn_type(t)                                                                         \
  ((t) == CUDNN_DATA_FLOAT      ? FAKE_F32                                                         \
   : (t) == CUDNN_DATA_DOUBLE   ? FAKE_F64                                                         \
   : (t) == CUDNN_DATA_HALF     ? FAKE_F16                                                         \
   : (t) == CUDNN_DATA_BFLOAT16 ? FAKE_BF16                                                        \
                                : FAKE_EXACT)
#define fake_cuda_type(t)                                                                          \
  ((t) == CUDA_R_64F    ? FAKE_F64                                                                 \
   : (t) == CUDA_R_16F  ? FAKE_F16                                                                 \
   : (t) == CUDA_R_16BF ? FAKE_BF16                                                                \
                        : FAKE_F32)

static inline double fake_get(const void *p, fake_type type, int64_t at) {
  switch (type) {
    case FAKE_F64: return ((const double *)p)[at];
    case FAKE_F16: return (double)tc_from_float16(((const uint16_t *)p)[at]);
    case FAKE_BF16: return (double)tc_from_bfloat16(((const uint16_t *)p)[at]);
    default: return (double)((const float *)p)[at];
  }
}

static inline void fake_put(void *p, fake_type type, int64_t at, double v) {
  switch (type) {
    case FAKE_F64: ((double *)p)[at] = v; break;
    case FAKE_F16: ((uint16_t *)p)[at] = tc_to_float16((float)v); break;
    case FAKE_BF16: ((uint16_t *)p)[at] = tc_to_bfloat16((float)v); break;
    default: ((float *)p)[at] = (float)v;
  }
}

static inline double fake_rounded(double v, fake_type type) {
  double room;
  if (type == FAKE_EXACT) return v;
  fake_put(&room, type, 0, v);
  return fake_get(&room, type, 0);
}

#endif
