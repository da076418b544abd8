// Functions that libm lacks, in double, for C and CUDA C++: inverse error function, polygamma; and exact integer ones.
#ifndef TOCHA_MATH_SPECIAL_H
#define TOCHA_MATH_SPECIAL_H

#include <math.h>
#include <stdint.h>

#include "../tocha.h"

// libm's lgamma writes a global; the C standard hides the one that does not.
#ifdef __CUDACC__
TC_INLINE double tc_lgamma(double x) { return lgamma(x); }
#else
extern double lgamma_r(double x, int *sign);

TC_INLINE double tc_lgamma(double x) {
  int sign;
  return lgamma_r(x, &sign);
}
#endif

// The normal distribution: what is below x, and the density.
TC_INLINE double tc_normcdf(double x) { return 0.5 * erfc(x * -0.70710678118654752440); }

TC_INLINE double tc_normpdf(double x) { return 0.39894228040143267794 * exp(-0.5 * x * x); }

// One of Halley's steps towards erf(x) = y, y > 0; in the tail by erfc, where erf has lost its digits.
TC_INLINE double tc_erfinv_step(double x, double y) {
  const double error = y < 0.5 ? erf(x) - y : (1 - y) - erfc(x);
  const double step = error * 0.88622692545275801 * exp(x * x);  // sqrt(pi) / 2
  return x - step / (1 + x * step);
}

// Winitzki's approximation is right to 2e-3; each step cubes the error.
TC_INLINE double tc_erfinv(double y) {
  const double a = fabs(y);
  if (!(a < 1)) return a > 1 || a != a ? NAN : copysign(INFINITY, y);
  if (a < 1e-9) return y * 0.88622692545275801;
  const double l = log1p(-a * a), t = 4.3307467508 + l / 2;  // 2 / (0.147 pi)
  double x = sqrt(sqrt(t * t - l / 0.147) - t);
  for (int i = 0; i < 3; i++) x = tc_erfinv_step(x, a);
  return copysign(x, y);
}

// B_2k / (2k)
#define TC_PSI_TERMS 8
TC_CONSTANT double tc_psi_series[TC_PSI_TERMS] = {1.0 / 12,   -1.0 / 120,    1.0 / 252,
                                                  -1.0 / 240, 1.0 / 132,     -691.0 / 32760,
                                                  1.0 / 12,   -3617.0 / 8160};

// Reflected below zero, stepped up to 10, then the asymptotic series.
TC_INLINE double tc_digamma(double x) {
  if (x == 0) return copysign(INFINITY, -x);
  double sum = 0;
  if (x < 0) {
    if (x == floor(x)) return NAN;
    sum = -3.14159265358979323846 / tan(3.14159265358979323846 * (x - rint(x)));
    x = 1 - x;
  }
  for (; x < 10; x++) sum -= 1 / x;
  const double s = 1 / (x * x);
  double p = 0;
  for (int k = TC_PSI_TERMS - 1; k >= 0; k--) p = (p + tc_psi_series[k]) * s;
  return x < INFINITY ? sum + log(x) - 0.5 / x - p : x;
}

// The sum of (x + k)^-s over k >= 0, s > 1: Euler and Maclaurin's formula from the tenth term on.
TC_INLINE double tc_zeta(double s, double x) {
  if (x <= 0 && x == floor(x)) return INFINITY;
  if (x < 0 && s != floor(s)) return NAN;
  double sum = 0;
  for (int k = 0; k < 10 || x < 10; k++, x++) sum += pow(x, -s);
  const double power = pow(x, -s);
  sum += power * x / (s - 1) + power / 2;
  double factor = power * s / x;  // s (s + 1) ... (s + k - 1) / k! x^(-s - k) for k = 1, 3, 5 ...
  for (int k = 1; k <= TC_PSI_TERMS; k++) {
    sum += tc_psi_series[k - 1] * factor;
    factor *= (s + 2 * k - 1) * (s + 2 * k) / (2 * k * (2 * k + 1) * x * x);
  }
  return x < INFINITY ? sum : 0;
}

// pi^2 / sin(pi x)^2 reflects the first derivative below zero.
TC_INLINE double tc_trigamma_reflected(double x) {
  const double s = sin(3.14159265358979323846 * (x - rint(x))) / 3.14159265358979323846;
  return 1 / (s * s) - tc_zeta(2, 1 - x);
}

// The n-th derivative of digamma. Far below zero (-10000) only the first: the others give NaN.
TC_INLINE double tc_polygamma(double n, double x) {
  if (n == 0 || x != x) return tc_digamma(x);
  if (n == 1 && x < 0) return tc_trigamma_reflected(x);
  if (x < -1e4) return NAN;
  const double sign = fmod(n, 2) == 0 ? -1 : 1;
  return sign * exp(tc_lgamma(n + 1)) * tc_zeta(n + 1, x);
}

// ---- integers --------------------------------------------------------------------------------

// Division by zero sets *bad and gives 0; the smallest number by -1 wraps around.
TC_INLINE int64_t tc_quotient(int64_t a, int64_t b, int *bad) {
  if (b == 0) {
    *bad = 1;
    return 0;
  }
  return b == -1 ? -a : a / b;
}

TC_INLINE int64_t tc_fmod_int(int64_t a, int64_t b, int *bad) {
  return a - tc_quotient(a, b, bad) * b;
}

TC_INLINE int64_t tc_remainder_int(int64_t a, int64_t b, int *bad) {
  const int64_t m = tc_fmod_int(a, b, bad);
  return m != 0 && (m < 0) != (b < 0) ? m + b : m;
}

TC_INLINE int64_t tc_floor_divide_int(int64_t a, int64_t b, int *bad) {
  const int64_t q = tc_quotient(a, b, bad);
  return q * b != a && (a < 0) != (b < 0) ? q - 1 : q;
}

// A negative power is 0, but of 1 and -1.
TC_INLINE int64_t tc_power_int(int64_t a, int64_t b) {
  if (b < 0) return a == 1 ? 1 : a == -1 ? ((b & 1) ? -1 : 1) : 0;
  int64_t y = 1;
  for (; b > 0; b >>= 1, a *= a)
    if (b & 1) y *= a;
  return y;
}

// Shifting out every bit leaves none, as in PyTorch; a negative shift counts as too far. `most` is
// the shift to the right that leaves nothing but the sign.
TC_INLINE int64_t tc_shift_left(int64_t a, int64_t b, int bits) {
  return b < 0 || b >= bits ? 0 : (int64_t)((uint64_t)a << b);
}

TC_INLINE int64_t tc_shift_right(int64_t a, int64_t b, int most) {
  return a >> (b < 0 || b > most ? most : b);
}

#endif
