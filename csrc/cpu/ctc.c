// Connectionist temporal classification (Graves et al., 2006) in the log domain. alpha is (T, 2 S + 1) for each sample, over the labels with a
// blank before, between and after them; the gradient computes it again. The gradient is that of the loss as a function of log_probs alone.
#ifndef T
#include "../ctc.h"
#include "cpu.h"

// Lengths and labels, before anything is read through them.
static tc_status ctc_check(ctc_sample c, const int64_t *targets, const int64_t *frames,
                           const int64_t *lengths) {
  for (int64_t n = 0; n < c.N; n++) {
    ctc_select(&c, n, targets, frames, lengths);
    if (c.frames < 0 || c.frames > c.time)
      return tc_fail(TC_BAD_VALUE, "input length %lld of sample %lld is not in 0..%lld",
                     (long long)c.frames, (long long)n + 1, (long long)c.time);
    if (c.L < 0 || c.L > c.S)
      return tc_fail(TC_BAD_VALUE, "target length %lld of sample %lld is not in 0..%lld",
                     (long long)c.L, (long long)n + 1, (long long)c.S);
    for (int64_t k = 0; k < c.L; k++)
      if (c.label[k] < 1 || c.label[k] > c.C)
        return tc_fail(TC_BAD_VALUE, "label %lld of sample %lld is out of range 1..%lld",
                       (long long)c.label[k], (long long)n + 1, (long long)c.C);
  }
  return TC_OK;
}

#define TC_TEMPLATE "ctc.c"
#include "floats.h"
TC_FLOAT_KERNEL(ctc_loss)
TC_FLOAT_KERNEL(ctc_loss_backward)
#else

// Row t of alpha from the row before: the ways into state s.
static void NAME(ctc_step)(const ctc_sample *c, T *row, const T *before, const T *lp) {
  for (int64_t s = 0; s < 2 * c->L + 1; s++) {
    double sum = (double)before[s];
    if (s >= 1) sum = ctc_log_add(sum, (double)before[s - 1]);
    if (ctc_skips(c, s)) sum = ctc_log_add(sum, (double)before[s - 2]);
    row[s] = (T)(sum + (double)lp[ctc_class(c, s)]);
  }
}

// log of the probability of ending in one of the last two of `states`.
static double NAME(ctc_end)(const T *row, int64_t states) {
  return states < 2 ? (double)row[0]
                    : ctc_log_add((double)row[states - 1], (double)row[states - 2]);
}

static double NAME(ctc_forward)(const ctc_sample *c, T *alpha, const T *log_probs) {
  const int64_t width = 2 * c->S + 1, states = 2 * c->L + 1;
  const T *lp = log_probs + c->n * c->C;
  for (int64_t k = 0; k < c->time * width; k++) alpha[k] = -(T)INFINITY;
  if (c->frames == 0) return c->L == 0 ? 0 : -INFINITY;
  for (int64_t s = 0; s < TC_MIN(2, states); s++) alpha[s] = lp[ctc_class(c, s)];
  for (int64_t t = 1; t < c->frames; t++)
    NAME(ctc_step)(c, alpha + t * width, alpha + (t - 1) * width, lp + t * c->N * c->C);
  return NAME(ctc_end)(alpha + (c->frames - 1) * width, states);
}

// ctc_loss(loss, log_probs, targets, input_lengths, target_lengths, blank)
static tc_status NAME(ctc_loss)(tc_args *a) {
  T *loss = (T *)tc_data(a->t[0]);
  const T *log_probs = (const T *)tc_data(a->t[1]);
  const int64_t *targets = (const int64_t *)tc_data(a->t[2]);
  const int64_t *frames = (const int64_t *)tc_data(a->t[3]);
  const int64_t *lengths = (const int64_t *)tc_data(a->t[4]);
  const ctc_sample batch = ctc_batch(a, a->t[1], a->t[2]);
  TC_TRY(ctc_check(batch, targets, frames, lengths));
  const int64_t area = batch.time * (2 * batch.S + 1);
  const size_t bytes = (size_t)(batch.N * area) * sizeof(T);
  T *alpha = tc_alloc(bytes);
  if (!alpha)
    return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes of forward variables", bytes);
  TC_PARALLEL_FOR(n, batch.N, 32 * area) {
    ctc_sample c = batch;
    ctc_select(&c, n, targets, frames, lengths);
    loss[n] = (T)-NAME(ctc_forward)(&c, alpha + n * area, log_probs);
  }
  tc_free(alpha, bytes);
  return TC_OK;
}

// The ways out of state s at a frame, `lp` and `beta` being those of the next one.
static double NAME(ctc_out)(const ctc_sample *c, const double *beta, const T *lp, int64_t s) {
  double sum = beta[s] + (double)lp[ctc_class(c, s)];
  for (int64_t next = s + 1; next <= s + 2 && next < 2 * c->L + 1; next++)
    if (next == s + 1 || ctc_skips(c, next))
      sum = ctc_log_add(sum, beta[next] + (double)lp[ctc_class(c, next)]);
  return sum;
}

// beta excludes a frame's own label, so alpha + beta + loss is the log of the share of paths through s.
static void NAME(ctc_backward)(const ctc_sample *c, T *gx, const T *alpha, const T *log_probs,
                               double loss, double g, double *beta) {
  const int64_t width = 2 * c->S + 1, states = 2 * c->L + 1, step = c->N * c->C;
  if (g == 0) return;  // also where an infinite loss was set to zero
  for (int64_t s = 0; s < states; s++) beta[s] = s >= states - 2 ? 0 : -INFINITY;
  for (int64_t t = c->frames - 1; t >= 0; t--) {
    const T *lp = log_probs + (t + 1) * step + c->n * c->C;
    T *out = gx + t * step + c->n * c->C;
    if (t < c->frames - 1)  // upwards: state s needs the old values of s and above
      for (int64_t s = 0; s < states; s++) beta[s] = NAME(ctc_out)(c, beta, lp, s);
    for (int64_t s = 0; s < states; s++)
      out[ctc_class(c, s)] -= (T)(g * exp((double)alpha[t * width + s] + beta[s] + loss));
  }
}

// ctc_loss_backward(gx, g, log_probs, targets, input_lengths, target_lengths, blank)
static tc_status NAME(ctc_loss_backward)(tc_args *a) {
  T *gx = (T *)tc_data(a->t[0]);
  const T *g = (const T *)tc_data(a->t[1]), *log_probs = (const T *)tc_data(a->t[2]);
  const int64_t *targets = (const int64_t *)tc_data(a->t[3]);
  const int64_t *frames = (const int64_t *)tc_data(a->t[4]);
  const int64_t *lengths = (const int64_t *)tc_data(a->t[5]);
  const ctc_sample batch = ctc_batch(a, a->t[2], a->t[3]);
  TC_TRY(ctc_check(batch, targets, frames, lengths));
  const int64_t width = 2 * batch.S + 1, area = batch.time * width;
  const size_t beta_bytes = (size_t)(batch.N * width) * sizeof(double);
  const size_t bytes = beta_bytes + (size_t)(batch.N * area) * sizeof(T);
  double *beta = tc_alloc(bytes);
  if (!beta)
    return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes of path variables", bytes);
  T *alpha = (T *)(beta + batch.N * width);
  memset(gx, 0, (size_t)tc_numel(a->t[0]) * sizeof(T));
  TC_PARALLEL_FOR(n, batch.N, 64 * area) {
    ctc_sample c = batch;
    ctc_select(&c, n, targets, frames, lengths);
    const double loss = -NAME(ctc_forward)(&c, alpha + n * area, log_probs);
    NAME(ctc_backward)(&c, gx, alpha + n * area, log_probs, loss, (double)g[n], beta + n * width);
  }
  tc_free(beta, bytes);
  return TC_OK;
}
#endif
