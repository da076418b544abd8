// The normal distribution in float32, for the formulas: density and distribution function. Part of
// math_f32.h, whose words it uses.
#ifndef TOCHA_CPU_MATH_NORMAL_H
#define TOCHA_CPU_MATH_NORMAL_H

#include "math_f32.h"

// Beyond, no value is a normal float: 0.
#define TC_NORMAL_END 13.125f

// e^(-t^2 / 2). Rounding of t^2 is not made up for: the last places go as t grows.
TC_INLINE float tc_bell_f32(float t) {
  const float s = t * t;
  const float z = TC_FMA(s, -0x1.715476p-1f, TC_ROUNDER), n = z - TC_ROUNDER;
  const float r = TC_FMA(s, -0x1.715476p-1f, -n);
  float p = 0x1.417850p-13f;  // 2^r
  p = TC_FMA(p, r, 0x1.5f094cp-10f);
  p = TC_FMA(p, r, 0x1.3b2dd4p-7f);
  p = TC_FMA(p, r, 0x1.c6af7ap-5f);
  p = TC_FMA(p, r, 0x1.ebfbdcp-3f);
  p = TC_FMA(p, r, 0x1.62e430p-1f);
  p = TC_FMA(p, r, 1);
  return tc_of_bits(tc_bits(p) + (tc_bits(z) << 23));
}

TC_INLINE float tc_normpdf_f32(float x) {
  const float a = fabsf(x), t = a > TC_NORMAL_END ? TC_NORMAL_END : a;
  return tc_sel(a > TC_NORMAL_END, 0, tc_bell_f32(t) * 0x1.988454p-2f);
}

// The tail beyond |x| is the bell times p / q, its ratio to the bell (Mills').
TC_INLINE float tc_normcdf_f32(float x) {
  const float a = fabsf(x), t = a > TC_NORMAL_END ? TC_NORMAL_END : a;
  float p = 0x1.04ea84p-8f;
  p = TC_FMA(p, t, 0x1.456e8ap-5f);
  p = TC_FMA(p, t, 0x1.71c18ep-3f);
  p = TC_FMA(p, t, 0x1.bd1958p-2f);
  p = TC_FMA(p, t, 0.5f);
  float q = 0x1.47013ep-7f;
  q = TC_FMA(q, t, 0x1.97e65ap-4f);
  q = TC_FMA(q, t, 0x1.d976eap-2f);
  q = TC_FMA(q, t, 0x1.30fb4cp+0f);
  q = TC_FMA(q, t, 0x1.aacedap+0f);
  q = TC_FMA(q, t, 1);
  const float tail = tc_sel(a > TC_NORMAL_END, 0, tc_bell_f32(t) * p / q);
  return tc_sel(x < 0, tail, 1 - tail);
}

#endif
