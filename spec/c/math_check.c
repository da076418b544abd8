// Accuracy of the float functions of csrc/cpu/math_f32.h against libm in double.
//
//   cc -O2 -Icsrc spec/c/math_check.c -lm -o math_check && ./math_check [stride]
//
// Sweeps the bit patterns of float (every one with stride 1), prints the largest error of each
// function in units in the last place, and fails above 2 (4 for the distribution function). Compile
// it with -mfma as well: that variant rounds differently.
#include <float.h>
#include <stdio.h>
#include <stdlib.h>

#define T float
#define TC_IS_F32 1
#include "cpu/math.h"

static const double LIMIT = 2.0;

typedef struct check {
  const char *name;
  float (*ours)(float);
  double (*reference)(double);
} check;

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

#define OURS(name, MACRO)                                                                          \
  static float our_##name(float x) { return MACRO(x); }
OURS(exp, EXP)
OURS(exp2, EXP2)
OURS(expm1, EXPM1)
OURS(log, LOG)
OURS(log2, LOG2)
OURS(log10, LOG10)
OURS(log1p, LOG1P)
OURS(tanh, TANH)
OURS(sigmoid, SIGMOID)
OURS(erf, ERF)
OURS(sin, SIN)
OURS(cos, COS)
OURS(tan, TAN)

static const check checks[] = {
    {"exp", our_exp, exp},       {"exp2", our_exp2, exp2}, {"expm1", our_expm1, expm1},
    {"log", our_log, log},       {"log2", our_log2, log2}, {"log10", our_log10, log10},
    {"log1p", our_log1p, log1p}, {"tanh", our_tanh, tanh}, {"sigmoid", our_sigmoid, sigmoid},
    {"erf", our_erf, erf},       {"sin", our_sin, sin},    {"cos", our_cos, cos},
    {"tan", our_tan, tan},
};

// The distance between neighbours around `exact` in float.
static double ulp(double exact) {
  int e;
  frexp(exact, &e);
  return ldexp(1, e < -125 ? -149 : e - 24);
}

static int same(float a, float b) { return a == b && signbit(a) == signbit(b); }

// Zeros and infinities must be the right ones, but the largest float may pass for infinity.
static double error_of(float got, double exact) {
  const float rounded = (float)exact;
  if (isnan(exact)) return isnan(got) ? 0 : HUGE_VAL;
  if (isinf(rounded))
    return same(got, rounded) || same(got, copysignf(FLT_MAX, rounded)) ? 0 : HUGE_VAL;
  if (isnan(got) || isinf(got) || (exact == 0 && !same(got, rounded))) return HUGE_VAL;
  return fabs(got - exact) / ulp(exact);
}

static int run(const check *c, uint32_t stride) {
  double worst = 0;
  float at = 0;
  for (uint64_t u = 0; u <= UINT32_MAX; u += stride) {
    const float x = tc_of_bits((uint32_t)u);
    const double error = error_of(c->ours(x), c->reference(x));
    if (error > worst) worst = error, at = x;
  }
  printf("%-8s %6.3f ulp at %a (%.9g)\n", c->name, worst, (double)at, (double)at);
  return worst > LIMIT;
}

// clang-format off
static const float edges[] = {
    0.0f, -0.0f, 0.5f, -0.5f, 1.0f, -1.0f, 2.0f, -2.0f, 3.0f, -3.0f, 0x1p-149f, -0x1p-149f,
    0x1p-126f, -0x1p-126f, INFINITY, -INFINITY, NAN, FLT_MAX, -FLT_MAX, 88.7228f, -103.97f,
    0x1.62e42ep6f};
// clang-format on

static int run_edges(const check *c) {
  int failed = 0;
  for (size_t k = 0; k < sizeof edges / sizeof *edges; k++) {
    const float x = edges[k], got = c->ours(x);
    if (error_of(got, c->reference(x)) <= LIMIT) continue;
    printf("%s(%a) is %a, not %a\n", c->name, (double)x, (double)got, c->reference(x));
    failed = 1;
  }
  return failed;
}

// Every pair of some bases and exponents, and many between: one figure for all.
static int run_pow(uint32_t stride) {
  double worst = 0;
  float at[2] = {0, 0};
  const uint64_t step = (uint64_t)stride * 7919 + 1;
  for (uint64_t u = 0; u <= UINT32_MAX; u += step) {
    const uint32_t v = (uint32_t)u * 2654435761U;
    const float near_1 = 0.5f + (float)(v >> 8) * 0x1p-24f, y = tc_of_bits((v << 7) ^ (v >> 9));
    const float some[] = {near_1, tc_of_bits((uint32_t)u), 1 + near_1 * 0x1p-10f};
    for (size_t k = 0; k < 3; k++) {
      const double error = error_of(POW(some[k], y), pow(some[k], y));
      if (error > worst) worst = error, at[0] = some[k], at[1] = y;
    }
  }
  const size_t n = sizeof edges / sizeof *edges;
  for (size_t k = 0; k < n * n; k++) {
    const double error = error_of(POW(edges[k / n], edges[k % n]), pow(edges[k / n], edges[k % n]));
    if (error > worst) worst = error, at[0] = edges[k / n], at[1] = edges[k % n];
  }
  printf("%-8s %6.3f ulp at %a, %a\n", "pow", worst, (double)at[0], (double)at[1]);
  return worst > LIMIT;
}

// The normal distribution is as exact as x^2 in float, and above 0 as exact as what it is added to.
static int run_normal(uint32_t stride) {
  double worst[2] = {0, 0};
  for (uint64_t u = 0; u < tc_bits(13.125f); u += stride) {
    for (int sign = -1; sign <= 1; sign += 2) {
      const float x = (float)sign * tc_of_bits((uint32_t)u);
      const double last = 1 + (double)x * (double)x / 2;
      const double below = error_of(NORMCDF(x), tc_normcdf(x)) / (x > 0 ? 1 : last);
      const double density = error_of(NORMPDF(x), tc_normpdf(x)) / last;
      worst[0] = below > worst[0] ? below : worst[0];
      worst[1] = density > worst[1] ? density : worst[1];
    }
  }
  printf("normcdf  %6.3f, normpdf %6.3f ulp (1 + x^2 / 2)\n", worst[0], worst[1]);
  const int edges_hold = NORMCDF(-INFINITY) == 0 && NORMCDF(INFINITY) == 1 &&
                         NORMCDF(0.0f) == 0.5f && NORMPDF(INFINITY) == 0 && isnan(NORMCDF(NAN)) &&
                         isnan(NORMPDF(NAN));
  return !edges_hold || worst[0] > 2 * LIMIT || worst[1] > LIMIT;
}

int main(int argc, char **argv) {
  const uint32_t stride = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 2039;
  int failed = 0;
  for (size_t k = 0; k < sizeof checks / sizeof *checks; k++)
    failed |= run_edges(&checks[k]) | run(&checks[k], stride > 0 ? stride : 1);
  return failed | run_pow(stride) | run_normal(stride > 0 ? stride : 1);
}
