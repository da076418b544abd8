// Connectionist temporal classification, for both devices: one sample of a batch, and which steps a
// path may take. log_probs is (T, N, C), targets (N, S) with ids that count from 1. A sample of L
// labels has 2 L + 1 states: the labels with a blank before, between and after them.
#ifndef TOCHA_CTC_H
#define TOCHA_CTC_H

#include <math.h>

#include "tocha.h"

// Sizes of the batch, and one sample of it: L labels, frames in time.
typedef struct ctc_sample {
  int64_t time, N, C, S, blank;
  int64_t n, frames, L;
  const int64_t *label;
} ctc_sample;

static inline ctc_sample ctc_batch(const tc_args *a, const tc_tensor *log_probs,
                                   const tc_tensor *targets) {
  ctc_sample c = {log_probs->size[0],
                  log_probs->size[1],
                  log_probs->size[2],
                  targets->size[1],
                  a->i[0],
                  0,
                  0,
                  0,
                  NULL};
  return c;
}

TC_INLINE void ctc_select(ctc_sample *c, int64_t n, const int64_t *targets, const int64_t *frames,
                          const int64_t *lengths) {
  c->n = n;
  c->frames = frames[n];
  c->L = lengths[n];
  c->label = targets + n * c->S;
}

// The class of state s of 2 L + 1, from 0.
TC_INLINE int64_t ctc_class(const ctc_sample *c, int64_t s) {
  return (s & 1 ? c->label[s / 2] : c->blank) - 1;
}

// May a path step from state s - 2 to s? Not over a blank that parts equal labels.
TC_INLINE bool ctc_skips(const ctc_sample *c, int64_t s) {
  return s >= 2 && s & 1 && c->label[s / 2] != c->label[s / 2 - 1];
}

TC_INLINE double ctc_log_add(double a, double b) {
  const double m = a > b ? a : b;
  return isinf(m) && m < 0 ? m : m + log(exp(a - m) + exp(b - m));
}

#endif
