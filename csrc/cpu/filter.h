// Windows of a resampling filter: which inputs make an output, and with what weights. A filter is
// widened where the result is smaller (antialiasing), and its weights sum to one, as in Pillow.
#ifndef TOCHA_FILTER_H
#define TOCHA_FILTER_H

#include "cpu.h"

// The order is that of FILTERS in lua/tocha/filter.lua, which has their supports.
typedef enum filter_kind {
  FILTER_BOX,
  FILTER_BILINEAR,
  FILTER_HAMMING,
  FILTER_BICUBIC,
  FILTER_LANCZOS,
  FILTERS
} filter_kind;

#define FILTER_PI 3.14159265358979323846

typedef struct filter {
  filter_kind kind;
  int64_t inputs;        // along this dimension
  double step, support;  // inputs an output; half the width of the filter at step 1
} filter;

static inline double filter_sinc(double t) {
  return t == 0 ? 1 : sin(FILTER_PI * t) / (FILTER_PI * t);
}

static inline double filter_cubic(double t) {
  const double a = -0.5;
  t = fabs(t);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
}

static inline double filter_at(filter_kind kind, double t) {
  switch (kind) {
    case FILTER_BOX: return t > -0.5 && t <= 0.5;
    case FILTER_BILINEAR: return fmax(0, 1 - fabs(t));
    case FILTER_HAMMING:
      return fabs(t) < 1 ? filter_sinc(t) * (0.54 + 0.46 * cos(FILTER_PI * t)) : 0;
    case FILTER_BICUBIC: return filter_cubic(t);
    case FILTER_LANCZOS: return t >= -3 && t < 3 ? filter_sinc(t) * filter_sinc(t / 3) : 0;
    default: return 0;
  }
}

static inline double filter_reach(const filter *f) { return f->support * fmax(f->step, 1); }

// No window has more taps.
static inline int64_t filter_most(const filter *f) {
  return 2 * (int64_t)ceil(filter_reach(f)) + 1;
}

// The window of output `o`: its first input, how many (at least one), and their weights.
static inline int64_t filter_window(const filter *f, int64_t o, int64_t *first, double *weight) {
  const double centre = ((double)o + 0.5) * f->step, reach = filter_reach(f);
  const double narrow = 1 / fmax(f->step, 1);
  int64_t low = TC_MAX((int64_t)(centre - reach + 0.5), 0);
  int64_t high = TC_MIN((int64_t)(centre + reach + 0.5), f->inputs);
  if (high <= low) {  // a step that leaves the input
    low = TC_MIN(low, f->inputs - 1);
    high = low + 1;
  }
  double sum = 0;
  for (int64_t k = low; k < high; k++) {
    weight[k - low] = filter_at(f->kind, ((double)k - centre + 0.5) * narrow);
    sum += weight[k - low];
  }
  for (int64_t k = 0; k < high - low; k++)
    weight[k] = sum != 0 ? weight[k] / sum : 1.0 / (double)(high - low);
  *first = low;
  return high - low;
}

static inline tc_status filter_check(const filter *f) {
  if ((int)f->kind < 0 || f->kind >= FILTERS || f->inputs < 1 || !(f->step > 0) ||
      !(f->step <= (double)INT32_MAX) || !(f->support > 0 && f->support <= 8))
    return tc_fail(TC_BAD_VALUE, "there is no such filter");
  return TC_OK;
}

#endif
