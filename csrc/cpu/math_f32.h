// Elementary functions of float, without branches, tables or calls, for the compiler to vectorise.
//
// Promises at most 2 ulp over all of float, less of the normal distribution (spec/c/math_check.c
// measures both), and the values libm gives at zeros, subnormals, infinities and NaN. The polynomials are minimax fits by Remez'
// exchange in 40 digits, weighted for relative error of the whole function; coefficients were
// rounded to float from the lowest power up, refitting the rest after each.
// The compiler must keep IEEE order: (x + m) - m below rounds to an integer.
#ifndef TOCHA_MATH_F32_H
#define TOCHA_MATH_F32_H

#include <math.h>
#include <string.h>

#include "../tocha.h"

// One rounding where the target has it: faster, and never less accurate. CUDA has it (random.cu).
#ifdef __cplusplus
#define TC_FMA(a, b, c) fmaf(a, b, c)
#elif defined(__FMA__)
#define TC_FMA(a, b, c) __builtin_fmaf(a, b, c)
#else
#define TC_FMA(a, b, c) ((a) * (b) + (c))
#endif

#define TC_ROUNDER 0x1.8p23f  // adding it moves the integer part into the low bits

TC_INLINE uint32_t tc_bits(float x) {
  uint32_t u;
  memcpy(&u, &x, sizeof u);
  return u;
}

TC_INLINE float tc_of_bits(uint32_t u) {
  float x;
  memcpy(&x, &u, sizeof x);
  return x;
}

TC_INLINE float tc_sel(int c, float a, float b) { return c ? a : b; }

TC_INLINE float tc_with_sign(float magnitude, float sign) {
  return tc_of_bits((tc_bits(magnitude) & 0x7FFFFFFFU) | (tc_bits(sign) & 0x80000000U));
}

// NaN passes.
TC_INLINE float tc_clamp_f32(float x, float lo, float hi) {
  x = x < lo ? lo : x;
  return x > hi ? hi : x;
}

// 2^n for -126 <= n <= 127.
TC_INLINE float tc_power2(int32_t n) { return tc_of_bits((uint32_t)(n + 127) << 23); }

// ---- exponentials ----------------------------------------------------------------------------

// x * 2^n, by two factors, so that subnormal and largest results come out rounded once.
TC_INLINE float tc_scale(float x, int32_t n) {
  const int32_t half = n >> 1;
  return x * tc_power2(half) * tc_power2(n - half);
}

// e^r for |r| <= ln(2) / 2. What 1 + r loses is kept.
TC_INLINE float tc_exp_reduced(float r) {
  float p = 0x1.6ac31cp-10f;
  p = TC_FMA(p, r, 0x1.123ec2p-7f);
  p = TC_FMA(p, r, 0x1.555850p-5f);
  p = TC_FMA(p, r, 0x1.55548ap-3f);
  p = TC_FMA(p, r, 0x1.fffffcp-2f);
  const float s = 1 + r;
  return s + TC_FMA(r * r, p, r - (s - 1));
}

// x = n ln(2) + r; the product with the high part is exact.
typedef struct tc_reduced {
  float r;
  int32_t n;
} tc_reduced;

TC_INLINE tc_reduced tc_reduce_exp(float x) {
  const float z = TC_FMA(x, 0x1.715476p0f, TC_ROUNDER), n = z - TC_ROUNDER;
  const float r = TC_FMA(n, -0x1.7f7d1cp-20f, TC_FMA(n, -0x1.62e4p-1f, x));
  const tc_reduced k = {r, (int32_t)(tc_bits(z) - tc_bits(TC_ROUNDER))};
  return k;
}

TC_INLINE float tc_exp_f32(float x) {
  const tc_reduced k = tc_reduce_exp(tc_clamp_f32(x, -104.0f, 89.0f));
  return tc_scale(tc_exp_reduced(k.r), k.n);
}

TC_INLINE float tc_exp2_f32(float x) {
  const float c = tc_clamp_f32(x, -151.0f, 129.0f);
  const float z = c + TC_ROUNDER, r = c - (z - TC_ROUNDER);
  const int32_t n = (int32_t)(tc_bits(z) - tc_bits(TC_ROUNDER));
  return tc_scale(tc_exp_reduced(r * 0x1.62e430p-1f), n);
}

// 2^n (q + 1) - 1 with q = e^r - 1, at half its size, so that 2^n does not overflow before it.
TC_INLINE float tc_expm1_f32(float x) {
  const tc_reduced k = tc_reduce_exp(tc_clamp_f32(x, -20.0f, 89.0f));
  const float r = k.r, half = tc_power2(k.n - 1);
  float p = 0x1.3b8a24p-13f;
  p = TC_FMA(p, r, 0x1.6d2e4ap-10f);
  p = TC_FMA(p, r, 0x1.1155a8p-7f);
  p = TC_FMA(p, r, 0x1.555502p-5f);
  p = TC_FMA(p, r, 0x1.55552cp-3f);
  p = TC_FMA(p, r, 0.5f);
  const float q = TC_FMA(r * r, p, r);
  return tc_sel(fabsf(x) < 0x1p-26f, x, 2 * TC_FMA(half, q, half - 0.5f));
}

TC_INLINE float tc_tanh_f32(float x) {
  const float a = fabsf(x), s = x * x;
  float p = -0x1.750ce4p-8f;
  p = TC_FMA(p, s, 0x1.51f8cep-6f);
  p = TC_FMA(p, s, -0x1.b835a4p-5f);
  p = TC_FMA(p, s, 0x1.1106f6p-3f);
  p = TC_FMA(p, s, -0x1.555532p-2f);
  const float small = TC_FMA(a * s, p, a);
  const tc_reduced k = tc_reduce_exp(tc_clamp_f32(2 * a, 0, 20.0f));
  const float big = 1 - 2 / (tc_exp_reduced(k.r) * tc_power2(k.n) + 1);
  return tc_with_sign(tc_sel(a < 0.625f, small, big), x);
}

// e^-a for a >= 0; 2^25 times that is no subnormal, so it is rounded once.
TC_INLINE float tc_exp_falling(float a) {
  const tc_reduced k = tc_reduce_exp(-(a > 104.0f ? 104.0f : a));
  return tc_exp_reduced(k.r) * tc_power2(k.n + 25) * 0x1p-25f;
}

// From e^-|x| on both sides: small results keep their relative accuracy. What 1 + e loses, over
// 1 + e, changes the last bit; 1 / d is near enough to 24/17 - 8/17 d from 1 to 2.
TC_INLINE float tc_sigmoid_f32(float x) {
  const float e = tc_exp_falling(fabsf(x)), d = 1 + e, lost = e - (d - 1);
  const float y = tc_sel(x < 0, e, 1) / d;
  return y - y * (lost * (1.4117647f - 0.47058824f * d));
}

TC_INLINE float tc_erf_f32(float x) {
  const float a = fabsf(x), s = x * x, c = tc_clamp_f32(a, 0, 4.0f);
  float p = 0x1.4771fcp-14f;  // (erf(x) / x - 1) in x^2, up to 1
  p = TC_FMA(p, s, -0x1.a3515ep-11f);
  p = TC_FMA(p, s, 0x1.53f224p-8f);
  p = TC_FMA(p, s, -0x1.b7f71ap-6f);
  p = TC_FMA(p, s, 0x1.ce2ce6p-4f);
  p = TC_FMA(p, s, -0x1.81273ep-2f);
  p = TC_FMA(p, s, 0x1.06eba8p-3f);
  float q = -0x1.d45f84p-17f;  // log(erfc(x)) / x, from 1 to 4
  q = TC_FMA(q, c, 0x1.6f93e6p-12f);
  q = TC_FMA(q, c, -0x1.ec7a8ep-9f);
  q = TC_FMA(q, c, 0x1.89603ap-6f);
  q = TC_FMA(q, c, -0x1.b4595ep-4f);
  q = TC_FMA(q, c, -0x1.451ac0p-1f);
  q = TC_FMA(q, c, -0x1.20f21cp0f);
  const tc_reduced k = tc_reduce_exp(q * c);
  const float big = 1 - tc_exp_reduced(k.r) * tc_power2(k.n);
  return tc_with_sign(tc_sel(a < 1, TC_FMA(a, p, a), big), x);
}

// ---- logarithms ------------------------------------------------------------------------------

// x = m 2^e with m from sqrt(1/2) to sqrt(2).
typedef struct tc_split {
  float m, e;
} tc_split;

TC_INLINE tc_split tc_split_f32(float x) {
  const int tiny = x < 0x1p-126f;
  const uint32_t u = tc_bits(tc_sel(tiny, x * 0x1p23f, x)) - 0x3F3504F3U;
  const float e = (float)((int32_t)u >> 23);
  const tc_split k = {tc_of_bits((u & 0x7FFFFFU) + 0x3F3504F3U), tc_sel(tiny, e - 23, e)};
  return k;
}

// log(1 + f) - f for 1 + f from sqrt(1/2) to sqrt(2).
TC_INLINE float tc_log1p_tail(float f) {
  const float s = f * f;
  float p = -0x1.384f72p-4f;
  p = TC_FMA(p, f, 0x1.0542p-3f);
  p = TC_FMA(p, f, -0x1.0d805cp-3f);
  p = TC_FMA(p, f, 0x1.22d78cp-3f);
  p = TC_FMA(p, f, -0x1.547204p-3f);
  p = TC_FMA(p, f, 0x1.99a02ep-3f);
  p = TC_FMA(p, f, -0x1.000228p-2f);
  p = TC_FMA(p, f, 0x1.555554p-2f);
  return TC_FMA(s * f, p, -0.5f * s);
}

// What a logarithm of x is where the formula does not hold: 0, negative, infinite, NaN.
TC_INLINE float tc_log_edges(float x, float log) {
  const float edge = tc_sel(x == 0, -INFINITY, NAN);
  return tc_sel(x > 0, tc_sel(x < INFINITY, log, x), edge);
}

TC_INLINE float tc_log_of(float f, float e) {
  return TC_FMA(e, 0x1.62e4p-1f, f + TC_FMA(e, 0x1.7f7d1cp-20f, tc_log1p_tail(f)));
}

TC_INLINE float tc_log_f32(float x) {
  const tc_split k = tc_split_f32(x);
  return tc_log_edges(x, tc_log_of(k.m - 1, k.e));
}

TC_INLINE float tc_log2_f32(float x) {
  const tc_split k = tc_split_f32(x);
  const float f = k.m - 1, tail = tc_log1p_tail(f);
  const float small = TC_FMA(f, 0x1.c551dap-2f, tail * 0x1.715476p0f);  // log2(e) = 1 + 0.44...
  return tc_log_edges(x, k.e + (f + small));
}

// log10(e) = 0.5 - 0.0657: half of f is exact.
TC_INLINE float tc_log10_f32(float x) {
  const tc_split k = tc_split_f32(x);
  const float f = k.m - 1, tail = tc_log1p_tail(f);
  const float low = TC_FMA(k.e, 0x1.3509f8p-18f, tail * 0x1.bcb7b2p-2f);
  const float small = TC_FMA(f, -0x1.0d213ap-4f, low);
  return tc_log_edges(x, TC_FMA(k.e, 0x1.344p-2f, TC_FMA(f, 0.5f, small)));
}

// u = 1 + x loses c, which is exact; it comes back scaled as the mantissa of u is.
TC_INLINE float tc_log1p_f32(float x) {
  const float u = 1 + x, b = u - 1, c = (1 - (u - b)) + (x - b);
  const tc_split k = tc_split_f32(u);
  const float unscale = tc_of_bits((uint32_t)(127 - (int32_t)tc_clamp_f32(k.e, -30, 127)) << 23);
  const float log = tc_log_of(TC_FMA(c, unscale, k.m - 1), k.e);
  return tc_sel(x == 0, x, tc_log_edges(u, log));
}

// ---- circular functions ----------------------------------------------------------------------

// x = (n + r) pi/2, |r| <= 1/2, for every float.
//
// The quotient x 2/pi is wanted modulo 4. x has 24 bits, so its products with 29-bit pieces of 2/pi
// are exact in double, and whole multiples of 4 drop out exactly. From 2^55 on, x 2^-s with s = 32,
// 64 or 96 is still an integer, and 2^s 2/pi may be taken modulo 4 beforehand.
typedef struct tc_turn {
  double r;
  int32_t quadrant;
} tc_turn;

TC_INLINE uint32_t tc_low_bits(double x) {
  uint64_t u;
  memcpy(&u, &x, sizeof u);
  return (uint32_t)u;
}

TC_INLINE double tc_seld(int c, double a, double b) { return c ? a : b; }

TC_INLINE tc_turn tc_reduce_turn(float xf) {
  const double x = xf, a = fabs(x);
  const int s1 = a >= 0x1p55, s2 = a >= 0x1p87, s3 = a >= 0x1p119;
#define PICK(c0, c1, c2, c3) tc_seld(s3, c3, tc_seld(s2, c2, tc_seld(s1, c1, c0)))
  const double m = x * PICK(1, 0x1p-32, 0x1p-64, 0x1p-96);
  const double hi = PICK(0x1.45f306cp-1, 0x1.27220a9p1, 0x1.fc2757cp0, 0x1.f534ddcp0);
  const double mid = PICK(0x1.c9c882ap-29, 0x1.3f84eaep-29, 0x1.1f534ddp-28, 0x1.b6c52ap-33);
  const double lo = PICK(0x1.4fe13abe8fa9ap-59, 0x1.a3ea69bb81b6cp-57, 0x1.81b6c52b32788p-57,
                         0x1.3278872083fcap-57);
#undef PICK
  const double p = m * hi, p2 = m * mid, p3 = m * lo;
  const double p1 = p - ((p + 0x1.8p58) - 0x1.8p58);  // less a multiple of 64
  const double z = (p1 + p2 + p3) + 0x1.8p52;
  const tc_turn k = {((p1 - (z - 0x1.8p52)) + p2) + p3, (int32_t)tc_low_bits(z)};
  return k;
}

TC_INLINE float tc_sin_poly(float r) {
  const float s = r * r;
  float p = -0x1.9951e6p-13f;
  p = TC_FMA(p, s, 0x1.110774p-7f);
  p = TC_FMA(p, s, -0x1.555546p-3f);
  return TC_FMA(r * s, p, r);
}

TC_INLINE float tc_cos_poly(float r) {
  const float s = r * r;
  float p = 0x1.99e80cp-16f;
  p = TC_FMA(p, s, -0x1.6c0c28p-10f);
  p = TC_FMA(p, s, 0x1.55554ap-5f);
  return TC_FMA(s * s, p, TC_FMA(s, -0.5f, 1));
}

// sin((quadrant + r) pi/2): cosine in the odd quadrants, negative in the second pair.
TC_INLINE float tc_sin_turn(float r, int32_t quadrant) {
  const float v = tc_sel((quadrant & 1) != 0, tc_cos_poly(r), tc_sin_poly(r));
  return tc_of_bits(tc_bits(v) ^ ((uint32_t)(quadrant & 2) << 30));
}

TC_INLINE float tc_sin_f32(float x) {
  const tc_turn k = tc_reduce_turn(x);
  return tc_sel(x == 0, x, tc_sin_turn((float)(k.r * 0x1.921fb54442d18p0), k.quadrant));
}

TC_INLINE float tc_cos_f32(float x) {
  const tc_turn k = tc_reduce_turn(x);
  return tc_sin_turn((float)(k.r * 0x1.921fb54442d18p0), k.quadrant + 1);
}

// In double, so that the quotient of the odd quadrants is rounded once.
TC_INLINE float tc_tan_f32(float x) {
  const tc_turn k = tc_reduce_turn(x);
  const double r = k.r * 0x1.921fb54442d18p0, s = r * r;
  double p = 0x1.1f82f3ea0d431p-8;
  p = p * s + 0x1.1e0e64d3c37b5p-14;
  p = p * s + 0x1.639ab1dd39ceep-7;
  p = p * s + 0x1.5c9640a5a21b8p-6;
  p = p * s + 0x1.bade460c698a6p-5;
  p = p * s + 0x1.110d80a6e7387p-3;
  p = p * s + 0x1.55556089b2397p-2;
  const double t = r + r * s * p;
  return tc_sel(x == 0, x, (float)tc_seld((k.quadrant & 1) != 0, -1 / t, t));
}

// ---- powers ----------------------------------------------------------------------------------

// log2(m 2^e) to 40 bits: 2 atanh(s) / log(2) with s = (m - 1) / (m + 1).
TC_INLINE double tc_log2_wide(tc_split k) {
  const double m = k.m, s = (m - 1) / (m + 1), q = s * s;
  double p = 0x1.5ce85a6232d99p-2;
  p = p * q + 0x1.a58d888300aa2p-2;
  p = p * q + 0x1.27777fe8f7b05p-1;
  p = p * q + 0x1.ec709d12cf29cp-1;
  p = p * q + 0x1.71547652bedf3p+1;
  return k.e + s * p;
}

// 2^x to 29 bits; beyond the range of float it need only overflow when rounded to it.
TC_INLINE double tc_exp2_wide(double x) {
  const double low = x < -160 ? -160 : x, c = low > 160 ? 160 : low;
  const double z = c + 0x1.8p52, r = c - (z - 0x1.8p52);
  double p = 0x1.41d3314643e62p-13;
  p = p * r + 0x1.5f456aa3472d6p-10;
  p = p * r + 0x1.3b2dbbc6ec4b4p-7;
  p = p * r + 0x1.c6aed4b93b18ep-5;
  p = p * r + 0x1.ebfbdadca10abp-3;
  p = p * r + 0x1.62e430c7e8f33p-1;
  p = p * r + 0x1.0000000261596p+0;
  const uint64_t u = ((uint64_t)tc_low_bits(z) + 1023) << 52;
  double scale;
  memcpy(&scale, &u, sizeof scale);
  return p * scale;
}

// The sign and the edges are C's: 1 where the base is 1 or the exponent 0, even beside NaN; NaN for
// a fractional power of a negative number.
TC_INLINE float tc_pow_f32(float x, float y) {
  const float a = fabsf(x), half = 0.5f * y;
  const int whole = floorf(y) == y, odd = whole & (floorf(half) != half);
  const double edge = tc_seld(a == 0, -HUGE_VAL, HUGE_VAL);
  const double l = tc_seld((a > 0) & (a < INFINITY), tc_log2_wide(tc_split_f32(a)), edge);
  const float size = (float)tc_exp2_wide(y * l);
  const float value = tc_sel(odd, tc_with_sign(size, x), size);
  const int one = (x == 1) | (y == 0) | ((x == -1) & (fabsf(y) == INFINITY));
  const int nan = (x != x) | (y != y) | ((x < 0) & (x > -INFINITY) & !whole);
  return tc_sel(one, 1, tc_sel(nan, NAN, value));
}

// No square of a float overflows in double. An infinite side wins over NaN, as in C.
TC_INLINE float tc_hypot_f32(float x, float y) {
  const double a = x, b = y;
  const int infinite = (fabsf(x) == INFINITY) | (fabsf(y) == INFINITY);
  return tc_sel(infinite, INFINITY, (float)sqrt(a * a + b * b));
}

#endif
