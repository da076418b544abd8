// What the recurrent layers of CUDA share: a batch that walks through time, a launch a step.
//
// Sequences lie step after step, longest first: a step has the first `count` of them, never more than
// the step before it in time. Where the steps end stands in the device's memory and is read there, so
// a walk never waits for the device and can be captured; the launches of a step are for the whole
// batch, and rows that the step does not have do nothing.
//
// rnn_step.h has a step: a product of states with a weight and, in the same launch, what a cell makes
// of the sums.
#ifndef TOCHA_CUDA_RNN_H
#define TOCHA_CUDA_RNN_H

#include "cuda.h"
#include "geometry.h"

struct rnn_walk {
  const int64_t *ends;  // of each step, its last row counted from 1; NULL: `batch` rows a step
  int64_t steps, batch, rows;
  bool reverse;
};

struct rnn_step {
  int64_t first, count;  // rows
};

// Step s of the walk, which begins at the last one in time when it is reversed; before the first and
// after the last there are no rows. Ends that make no sense (check_ends) stay within the rows.
static __device__ inline rnn_step rnn_step_at(const rnn_walk &w, int64_t s) {
  if (s < 0 || s >= w.steps) return {0, 0};
  const int64_t t = w.reverse ? w.steps - 1 - s : s;
  if (!w.ends) return {t * w.batch, w.batch};
  const int64_t first = t > 0 ? max((int64_t)0, min(w.ends[t - 1], w.rows)) : 0;
  const int64_t end = min(w.ends[t], w.rows);
  return {first, max((int64_t)0, min(end - first, w.batch))};
}

static __global__ void check_ends(const rnn_walk w, int *alarm) {
  const int64_t t = flat_index();
  if (t >= w.steps) return;
  const int64_t first = t > 0 ? w.ends[t - 1] : 0, count = w.ends[t] - first;
  const int64_t most = t > 1 ? first - w.ends[t - 2] : t == 1 ? w.ends[0] : w.batch;
  const bool begins = t > 0 || count == w.batch, ends = t + 1 < w.steps || w.ends[t] == w.rows;
  if (count < 1 || count > most || !begins || !ends) *alarm = 1;
}

static inline rnn_walk rnn_walk_of(const tc_tensor *ends, int64_t rows, int64_t batch,
                                   bool reverse) {
  rnn_walk w = {tc_ptr<const int64_t>(ends), 0, batch, rows, reverse};
  w.steps = ends ? tc_numel(ends) : batch > 0 ? rows / batch : 0;
  if (ends && w.steps > 0)
    TC_LAUNCH_FLAT(check_ends, flat_grid(w.steps), FLAT_BLOCK, w, tc_alarm());
  return w;
}

// The state of sequence b before step s: a row of what the steps gave, or the initial one.
template <class T>
static __device__ inline const T *rnn_before(const rnn_walk &w, int64_t s, int64_t b,
                                             const T *given, const T *initial, int64_t width) {
  const rnn_step before = rnn_step_at(w, s - 1);
  return b < before.count ? given + (before.first + b) * width : initial + b * width;
}

// An output that nobody wants is given without elements.
template <class T> static inline T *rnn_wanted(const tc_tensor *t) {
  return tc_numel(t) > 0 ? tc_ptr<T>(t) : nullptr;
}

template <class A> static __device__ inline A sigmoid(A x) { return 1 / (1 + exp(-x)); }

// ---- before and after the steps ----------------------------------------------------------------

// The step in time that has this row.
static __device__ inline int64_t rnn_time_of(const rnn_walk &w, int64_t row) {
  if (!w.ends) return row / w.batch;
  int64_t lo = 0, hi = w.steps - 1;
  while (lo < hi) {
    const int64_t middle = (lo + hi) / 2;
    if (row < w.ends[middle]) hi = middle;
    else lo = middle + 1;
  }
  return lo;
}

// The last step in time that has sequence b.
static __device__ inline int64_t rnn_last_of(const rnn_walk &w, int64_t b) {
  int64_t lo = 0, hi = w.steps - 1;
  while (w.ends && lo < hi) {
    const int64_t middle = (lo + hi + 1) / 2;
    if (w.ends[middle] - w.ends[middle - 1] > b) lo = middle;
    else hi = middle - 1;
  }
  return hi;
}

// The state that the walk ends with, of what the steps gave.
template <class T>
static __global__ void last_kernel(T *state, const T *given, const rnn_walk w,
                                   const divider width) {
  const int64_t i = flat_index();
  if (i >= w.batch * width.by) return;
  int64_t column = i;
  const int64_t b = width.split(&column), t = w.reverse ? 0 : rnn_last_of(w, b);
  const rnn_step step = rnn_step_at(w, w.reverse ? w.steps - 1 - t : t);
  if (b < step.count) state[i] = given[(step.first + b) * width.by + column];
}

template <class T>
static void set_last(T *state, const T *given, const rnn_walk &w, int64_t width) {
  if (w.steps > 0 && w.batch * width > 0)
    TC_LAUNCH_FLAT(last_kernel<T>, flat_grid(w.batch * width), FLAT_BLOCK, state, given, w,
                   divider(width));
}

// What came before each row, for the gradient of the weight that it was multiplied with.
template <class T>
static __global__ void before_kernel(T *before, const T *given, const T *initial, const rnn_walk w,
                                     const divider width) {
  const int64_t i = flat_index();
  if (i >= w.rows * width.by) return;
  int64_t column = i;
  const int64_t row = width.split(&column), t = rnn_time_of(w, row),
                s = w.reverse ? w.steps - 1 - t : t;
  const rnn_step step = rnn_step_at(w, s);
  before[i] = rnn_before(w, s, row - step.first, given, initial, width.by)[column];
}

// Nothing where `before` is NULL.
template <class T>
static void set_before(T *before, const T *given, const T *initial, const rnn_walk &w,
                       int64_t width) {
  if (before && w.rows * width > 0)
    TC_LAUNCH_FLAT(before_kernel<T>, flat_grid(w.rows * width), FLAT_BLOCK, before, given, initial,
                   w, divider(width));
}

#endif
