// Conversion of n elements between any two dtypes, at any distance apart.
#ifndef TOCHA_CONVERT_H
#define TOCHA_CONVERT_H

#include "cpu.h"

// Strides count elements; a source stride of 0 repeats one value.
typedef void (*tc_convert_fn)(void *to, int64_t to_stride, const void *from, int64_t from_stride,
                              int64_t n);
extern const tc_convert_fn TC_CPU(convert_table)[TC_DTYPES][TC_DTYPES];  // [to][from]

static inline float tc_bits_float(uint32_t u) {
  float f;
  memcpy(&f, &u, sizeof f);
  return f;
}

static inline uint32_t tc_float_bits(float f) {
  uint32_t u;
  memcpy(&u, &f, sizeof u);
  return u;
}

static inline float tc_from_bfloat16(uint16_t h) { return tc_bits_float((uint32_t)h << 16); }

// Round to nearest even; a NaN stays one.
static inline uint16_t tc_to_bfloat16(float f) {
  const uint32_t u = tc_float_bits(f);
  const uint32_t rounded = (u + 0x7FFFU + ((u >> 16) & 1U)) >> 16;
  const uint32_t nan = (u >> 16) | 0x40U;
  return (uint16_t)(f == f ? rounded : nan);
}

// Multiplying by 2^112 moves the exponent's bias; it also makes subnormals right.
static inline float tc_from_float16(uint16_t h) {
  const uint32_t sign = (uint32_t)(h & 0x8000U) << 16, rest = (uint32_t)(h & 0x7FFFU) << 13;
  const float scaled = tc_bits_float(rest) * 0x1p112f;
  const uint32_t special = rest | 0x7F800000U;
  const uint32_t magnitude = (h & 0x7C00U) == 0x7C00U ? special : tc_float_bits(scaled);
  return tc_bits_float(sign | magnitude);
}

// Round to nearest even. Subnormal results come from adding 0.5, whose last bit is worth 2^-24.
static inline uint16_t tc_to_float16(float f) {
  const uint32_t u = tc_float_bits(f), sign = (u >> 16) & 0x8000U, m = u & 0x7FFFFFFFU;
  const uint32_t small = tc_float_bits(tc_bits_float(m) + 0.5f) - 0x3F000000U;
  const uint32_t normal = (m - 0x38000000U + 0xFFFU + ((m >> 13) & 1U)) >> 13;
  const uint32_t big = m > 0x7F800000U ? 0x7E00U : 0x7C00U;
  const uint32_t half = m >= 0x477FF000U ? big : m < 0x38800000U ? small : normal;
  return (uint16_t)(sign | half);
}

#endif
