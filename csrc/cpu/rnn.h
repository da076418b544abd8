// What the recurrent layers share: a batch that walks through time, and the product of its states
// with a weight that is packed once for the whole walk. Part of a template; the walk is not.
//
// Sequences lie step after step, longest first: a step has the first `count` of them, never more than
// the step before it in time. Rows of the batch do not meet, so each thread takes some of them
// through all of time; an element's sum is the same whichever rows are taken together.
#ifndef TOCHA_RNN_H
#define TOCHA_RNN_H

#include "gemm.h"
#include "jobs.h"

typedef struct rnn_walk {
  const int64_t *ends;  // of each step, its last row counted from 1; NULL: `batch` rows a step
  int64_t steps, batch;
  int64_t parts;  // into which the batch is cut, each a job
  bool reverse;
} rnn_walk;

typedef struct rnn_step {
  int64_t first, count;  // rows
} rnn_step;

// The sequences of a job: [from, to) of the batch.
typedef struct rnn_part {
  int64_t from, to;
} rnn_part;

static inline rnn_part rnn_part_of(const rnn_walk *w, int64_t job) {
  return (rnn_part){w->batch * job / w->parts, w->batch * (job + 1) / w->parts};
}

// Step s of the walk, which begins at the last one in time when it is reversed.
static inline rnn_step rnn_step_at(const rnn_walk *w, int64_t s) {
  const int64_t t = w->reverse ? w->steps - 1 - s : s;
  if (!w->ends) return (rnn_step){t * w->batch, w->batch};
  const int64_t first = t > 0 ? w->ends[t - 1] : 0;
  return (rnn_step){first, w->ends[t] - first};
}

// The rows of a step that belong to a part.
static inline rnn_step rnn_rows_at(const rnn_walk *w, int64_t s, rnn_part p) {
  const rnn_step all = rnn_step_at(w, s);
  return (rnn_step){all.first + p.from, TC_MAX(0, TC_MIN(p.to, all.count) - p.from)};
}

static inline tc_status rnn_walk_of(rnn_walk *w, const tc_tensor *ends, int64_t rows, int64_t batch,
                                    bool reverse) {
  *w = (rnn_walk){.batch = batch, .reverse = reverse};
  if (!ends) {
    w->steps = batch > 0 ? rows / batch : 0;
    return TC_OK;
  }
  w->ends = tc_data(ends), w->steps = tc_numel(ends);
  int64_t most = batch, at = 0;
  for (int64_t t = 0; t < w->steps; t++) {
    const int64_t count = w->ends[t] - at;
    if (count < 1 || count > most || (t == 0 && count != batch))
      return tc_fail(TC_BAD_VALUE, "step %lld has %lld sequences after %lld", (long long)t + 1,
                     (long long)count, (long long)most);
    most = count, at = w->ends[t];
  }
  if (at == rows) return TC_OK;
  return tc_fail(TC_BAD_VALUE, "the steps have %lld rows, the data %lld", (long long)at,
                 (long long)rows);
}

// Packing pays when it is used a few times; one or two rows go faster from the weight as it is.
static inline bool rnn_packs(const rnn_walk *w) { return w->steps >= 4 && w->batch >= 4; }

// Runs the jobs of a walk: `work` multiplications a step of a sequence.
static inline tc_status rnn_run(job_function run, const void *context, rnn_walk *w, int64_t work) {
  const int64_t all = w->steps * w->batch * work;
  w->parts = rnn_packs(w) && all >= 1 << 20 ? TC_MIN(tc_threads(), w->batch / 4) : 1;
  return each_job(run, context, w->parts, all / w->parts, 0);
}

#endif

#include "panel.h"

// y = x op(weight), x has `in` columns, y has `out`.
typedef struct NAME(rnn_weight) {
  const T *weight;
  int64_t in, out;
  bool transposed;  // the weight is (out, in), not (in, out)
  T *panels;        // NULL: not packed
} NAME(rnn_weight);

static size_t NAME(rnn_panel_bytes)(const NAME(rnn_weight) *w) {
  return (size_t)NAME(panels_size)(w->in, w->out) * sizeof(T);
}

// `weight` of the sizes (rows, cols), transposed where the product is with its transpose.
static tc_status NAME(rnn_weight_of)(NAME(rnn_weight) *w, const tc_tensor *weight, bool transposed,
                                     bool packs) {
  const int64_t rows = weight->size[0], cols = weight->size[1];
  *w = (NAME(rnn_weight)){.weight = tc_data(weight), .transposed = transposed};
  w->in = transposed ? cols : rows, w->out = transposed ? rows : cols;
  if (!packs || w->in * w->out == 0) return TC_OK;
  w->panels = tc_alloc(NAME(rnn_panel_bytes)(w));
  if (!w->panels)
    return tc_fail(TC_NO_MEMORY, "not enough memory for a packed weight of %lld x %lld",
                   (long long)rows, (long long)cols);
  NAME(pack_panels)(w->panels, w->weight, transposed ? 1 : cols, transposed ? cols : 1, w->in,
                    w->out);
  return TC_OK;
}

static void NAME(rnn_weight_free)(NAME(rnn_weight) *w) {
  if (w->panels) tc_free(w->panels, NAME(rnn_panel_bytes)(w));
  w->panels = NULL;
}

// y = x op(weight), or that is added to y; x and y are contiguous, with `rows` rows.
static tc_status NAME(rnn_product)(const NAME(rnn_weight) *w, int64_t rows, const T *x, bool add,
                                   T *y) {
  const T beta = add ? 1 : 0;
  if (!w->panels)
    return GEMM(false, w->transposed, rows, w->out, w->in, 1, x, TC_MAX(w->in, 1), w->weight,
                TC_MAX(w->transposed ? w->in : w->out, 1), beta, y, TC_MAX(w->out, 1));
  NAME(panel_product) q = {.a = x, .row = w->in, .col = 1, .b = w->panels, .m = rows};
  q.n = w->out, q.k = w->in, q.alpha = 1, q.beta = beta;
  q.c = y, q.d = y, q.ldc = q.ldd = w->out;
  NAME(panel_multiply)(&q);
  return TC_OK;
}

// The state of sequence b before step s of the walk: a row of what the steps gave, or the initial one.
static inline const T *NAME(rnn_before)(const rnn_walk *w, int64_t s, int64_t b, const T *given,
                                        const T *initial, int64_t width) {
  if (s == 0) return initial + b * width;
  const rnn_step before = rnn_step_at(w, s - 1);
  return b < before.count ? given + (before.first + b) * width : initial + b * width;
}

// What came before each row, for the gradient of the weight that it was multiplied with; nothing
// where `to` is NULL.
static void NAME(rnn_copy_before)(const rnn_walk *w, int64_t s, rnn_part p, const T *given,
                                  const T *initial, int64_t width, T *to) {
  const rnn_step r = rnn_rows_at(w, s, p);
  for (int64_t i = 0; to && i < r.count; i++)
    memcpy(to + (r.first + i) * width, NAME(rnn_before)(w, s, p.from + i, given, initial, width),
           (size_t)width * sizeof(T));
}

static inline T *NAME(rnn_data)(const tc_tensor *t) { return t ? (T *)tc_data(t) : NULL; }

// An output that nobody wants is given without elements.
static inline T *NAME(rnn_wanted)(const tc_tensor *t) {
  return tc_numel(t) > 0 ? (T *)tc_data(t) : NULL;
}
