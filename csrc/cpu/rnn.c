// A layer of Elman's recurrent units over all of time: h = tanh or relu of (input's product + state's
// product). The product of the inputs with their weight, biases added, is made before for all rows at
// once and stands in y, which becomes the output.
#ifndef T
#include "cpu.h"
#define TC_TEMPLATE "rnn.c"
#include "floats.h"
TC_FLOAT_KERNEL(rnn_layer)
TC_FLOAT_KERNEL(rnn_layer_backward)
#else
#include "math.h"
#include "rnn.h"

typedef struct NAME(rnn) {
  rnn_walk walk;
  int64_t H;
  bool relu;
  NAME(rnn_weight) weight;
  T *y, *h;
  // of the backward pass: h is the gradient of the state
  const T *gy, *h0;
  T *grads, *before;
} NAME(rnn);

static void NAME(rnn_cell)(T *restrict y, T *restrict h, int64_t n, bool relu) {
  if (relu)
    for (int64_t j = 0; j < n; j++) h[j] = y[j] = y[j] < 0 ? 0 : y[j];
  else {
    TC_PRAGMA(omp simd)
    for (int64_t j = 0; j < n; j++) h[j] = y[j] = TANH(y[j]);
  }
}

static tc_status NAME(rnn_walk_forth)(const void *context, int64_t job, void *scratch) {
  const NAME(rnn) *r = context;
  const rnn_part p = rnn_part_of(&r->walk, job);
  (void)scratch;
  T *h = r->h + p.from * r->H;
  for (int64_t s = 0; s < r->walk.steps; s++) {
    const rnn_step rows = rnn_rows_at(&r->walk, s, p);
    T *y = r->y + rows.first * r->H;
    TC_TRY(NAME(rnn_product)(&r->weight, rows.count, h, true, y));
    NAME(rnn_cell)(y, h, rows.count * r->H, r->relu);
  }
  return TC_OK;
}

// Forward multiplies with the transpose of the weight.
static tc_status NAME(rnn_start)(NAME(rnn) *r, const tc_args *a, const tc_tensor *weight,
                                 const tc_tensor *ends, job_function walk, bool transposed) {
  r->H = weight->size[1], r->relu = a->i[1] != 0;
  TC_TRY(rnn_walk_of(&r->walk, ends, a->t[0]->size[0], a->t[1]->size[0], a->i[0] != 0));
  TC_TRY(NAME(rnn_weight_of)(&r->weight, weight, transposed, rnn_packs(&r->walk)));
  const tc_status status = rnn_run(walk, r, &r->walk, r->H * r->H);
  NAME(rnn_weight_free)(&r->weight);
  return status;
}

// rnn_layer(y, h, weight, ends, reverse, relu): h holds the initial state and gets the last one.
static tc_status NAME(rnn_layer)(tc_args *a) {
  NAME(rnn) r = {.y = NAME(rnn_data)(a->t[0]), .h = NAME(rnn_data)(a->t[1])};
  return NAME(rnn_start)(&r, a, a->t[2], a->t[3], NAME(rnn_walk_forth), true);
}

// ---- backward --------------------------------------------------------------------------------

static void NAME(rnn_cell_grad)(T *restrict grads, const T *restrict y, const T *restrict gh,
                                const T *restrict gy, int64_t n, bool relu) {
  for (int64_t j = 0; j < n; j++) {
    const T slope = relu ? (y[j] > 0) : 1 - y[j] * y[j];
    grads[j] = (gy ? gh[j] + gy[j] : gh[j]) * slope;
  }
}

static tc_status NAME(rnn_walk_back)(const void *context, int64_t job, void *scratch) {
  const NAME(rnn) *r = context;
  const rnn_part p = rnn_part_of(&r->walk, job);
  (void)scratch;
  for (int64_t s = r->walk.steps - 1; s >= 0; s--) {
    const rnn_step rows = rnn_rows_at(&r->walk, s, p);
    const int64_t at = rows.first * r->H;
    T *gh = r->h + p.from * r->H;
    NAME(rnn_cell_grad)(r->grads + at, r->y + at, gh, r->gy ? r->gy + at : NULL, rows.count * r->H,
                        r->relu);
    NAME(rnn_copy_before)(&r->walk, s, p, r->y, r->h0, r->H, r->before);
    TC_TRY(NAME(rnn_product)(&r->weight, rows.count, r->grads + at, false, gh));
  }
  return TC_OK;
}

// rnn_layer_backward(grads, gh0, before, gy, h0, weight, y, ends, reverse, relu): grads are those of
// the sum of both products; gh0 holds the gradient of the last state and gets that of the initial one;
// before, if it has elements, gets the state before each row.
static tc_status NAME(rnn_layer_backward)(tc_args *a) {
  NAME(rnn) r = {.grads = NAME(rnn_data)(a->t[0]), .h = NAME(rnn_data)(a->t[1])};
  r.before = NAME(rnn_wanted)(a->t[2]), r.gy = NAME(rnn_data)(a->t[3]);
  r.h0 = NAME(rnn_data)(a->t[4]), r.y = NAME(rnn_data)(a->t[6]);
  return NAME(rnn_start)(&r, a, a->t[5], a->t[7], NAME(rnn_walk_back), false);
}
#endif
