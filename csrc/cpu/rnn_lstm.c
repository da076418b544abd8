// A layer of long short-term memory over all of time (Hochreiter and Schmidhuber, 1997), with an
// optional projection of its output (Sak et al., 2014). Blocks of the gates: input, forget, cell,
// output.
//
// The product of the inputs with their weight, biases added, is made before for all rows at once; what
// is left is the recurrence. Forward turns `gates` into the values of the gates, which backward reads.
#ifndef T
#include "cpu.h"
#define TC_TEMPLATE "rnn_lstm.c"
#include "floats.h"
TC_FLOAT_KERNEL(lstm_layer)
TC_FLOAT_KERNEL(lstm_layer_backward)
#else
#include "math.h"
#include "rnn.h"

// H hidden units; the state h has P columns: H, or fewer with a projection.
typedef struct NAME(lstm) {
  rnn_walk walk;
  int64_t H, P;
  NAME(rnn_weight) weight, projection;  // projection.weight is NULL where there is none
  T *y, *h, *c, *cells, *raw, *gates;   // raw: the output before its projection
  // of the backward pass: h and c are the gradients of the states
  const T *gy, *h0, *c0;
  T *grads, *before, *gh, *graw;  // gh: of the output, every path together
} NAME(lstm);

// ---- forward ---------------------------------------------------------------------------------

// One row: gates (4, H) in place, the cell in place and kept, the output.
static void NAME(lstm_cell)(T *restrict gates, T *restrict c, T *restrict kept, T *restrict y,
                            int64_t H) {
  T *gi = gates, *gf = gates + H, *gg = gates + 2 * H, *go = gates + 3 * H;
  TC_PRAGMA(omp simd)
  for (int64_t j = 0; j < H; j++) {
    const T i = SIGMOID(gi[j]), f = SIGMOID(gf[j]), g = TANH(gg[j]), o = SIGMOID(go[j]);
    const T cell = f * c[j] + i * g;
    gi[j] = i, gf[j] = f, gg[j] = g, go[j] = o;
    c[j] = kept[j] = cell;
    y[j] = o * TANH(cell);
  }
}

static tc_status NAME(lstm_walk)(const void *context, int64_t job, void *scratch) {
  const NAME(lstm) *l = context;
  const int64_t H = l->H, P = l->P;
  const rnn_part p = rnn_part_of(&l->walk, job);
  (void)scratch;
  for (int64_t s = 0; s < l->walk.steps; s++) {
    const rnn_step rows = rnn_rows_at(&l->walk, s, p);
    T *y = l->y + rows.first * P, *raw = l->raw ? l->raw + rows.first * H : y,
      *h = l->h + p.from * P;
    TC_TRY(NAME(rnn_product)(&l->weight, rows.count, h, true, l->gates + rows.first * 4 * H));
    for (int64_t i = 0; i < rows.count; i++)
      NAME(lstm_cell)(l->gates + (rows.first + i) * 4 * H, l->c + (p.from + i) * H,
                      l->cells + (rows.first + i) * H, raw + i * H, H);
    if (l->raw) TC_TRY(NAME(rnn_product)(&l->projection, rows.count, raw, false, y));
    memcpy(h, y, (size_t)(rows.count * P) * sizeof(T));
  }
  return TC_OK;
}

// Weights at `at` and `at + 1` of the arguments; forward multiplies with their transposes.
static tc_status NAME(lstm_run)(NAME(lstm) *l, const tc_args *a, int at, const tc_tensor *ends,
                                job_function walk, bool transposed) {
  const tc_tensor *weight = a->t[at], *projection = a->t[at + 1];
  const int64_t rows = a->t[0]->size[0];
  l->H = weight->size[0] / 4, l->P = weight->size[1];
  TC_TRY(rnn_walk_of(&l->walk, ends, rows, a->t[1]->size[0], a->i[0] != 0));
  const bool packs = rnn_packs(&l->walk);
  tc_status status = NAME(rnn_weight_of)(&l->weight, weight, transposed, packs);
  if (status == TC_OK && projection)
    status = NAME(rnn_weight_of)(&l->projection, projection, transposed, packs);
  if (status == TC_OK) status = rnn_run(walk, l, &l->walk, 4 * l->H * l->P);
  NAME(rnn_weight_free)(&l->weight);
  NAME(rnn_weight_free)(&l->projection);
  return status;
}

// lstm_layer(y, h, c, cells, raw, gates, weight, projection, ends, reverse): h and c hold the initial
// states and get the last ones; raw is empty without a projection.
static tc_status NAME(lstm_layer)(tc_args *a) {
  NAME(lstm) l = {.y = NAME(rnn_data)(a->t[0]), .h = NAME(rnn_data)(a->t[1])};
  l.c = NAME(rnn_data)(a->t[2]), l.cells = NAME(rnn_data)(a->t[3]);
  if (a->t[7]) l.raw = NAME(rnn_data)(a->t[4]);
  l.gates = NAME(rnn_data)(a->t[5]);
  return NAME(lstm_run)(&l, a, 6, a->t[8], NAME(lstm_walk), true);
}

// ---- backward --------------------------------------------------------------------------------

// gh: of the row's output; gc: of its cell, becomes that of the cell before.
static void NAME(lstm_cell_grad)(T *restrict grads, const T *restrict gates, const T *restrict cell,
                                 const T *restrict before, const T *restrict gh, T *restrict gc,
                                 int64_t H) {
  TC_PRAGMA(omp simd)
  for (int64_t j = 0; j < H; j++) {
    const T i = gates[j], f = gates[H + j], g = gates[2 * H + j], o = gates[3 * H + j];
    const T t = TANH(cell[j]), d = gc[j] + gh[j] * o * (1 - t * t);
    grads[j] = d * g * i * (1 - i);
    grads[H + j] = d * before[j] * f * (1 - f);
    grads[2 * H + j] = d * i * (1 - g * g);
    grads[3 * H + j] = gh[j] * t * o * (1 - o);
    gc[j] = d * f;
  }
}

// What reaches the outputs of a step: from the step after it, and from outside.
static void NAME(lstm_output_grad)(const NAME(lstm) *l, rnn_step rows, int64_t from, T *gh) {
  const int64_t n = rows.count * l->P;
  const T *later = l->h + from * l->P, *gy = l->gy ? l->gy + rows.first * l->P : NULL;
  for (int64_t j = 0; j < n; j++) gh[j] = later[j] + (gy ? gy[j] : 0);
}

static tc_status NAME(lstm_walk_back)(const void *context, int64_t job, void *scratch) {
  const NAME(lstm) *l = context;
  const int64_t H = l->H, P = l->P;
  const rnn_part p = rnn_part_of(&l->walk, job);
  (void)scratch;
  for (int64_t s = l->walk.steps - 1; s >= 0; s--) {
    const rnn_step rows = rnn_rows_at(&l->walk, s, p);
    T *gh = l->gh ? l->gh + rows.first * P : l->h + p.from * P, *graw = gh;
    NAME(lstm_output_grad)(l, rows, p.from, gh);
    if (l->gh) {
      graw = l->graw + p.from * H;
      TC_TRY(NAME(rnn_product)(&l->projection, rows.count, gh, false, graw));
    }
    for (int64_t i = 0; i < rows.count; i++)
      NAME(lstm_cell_grad)(l->grads + (rows.first + i) * 4 * H, l->gates + (rows.first + i) * 4 * H,
                           l->cells + (rows.first + i) * H,
                           NAME(rnn_before)(&l->walk, s, p.from + i, l->cells, l->c0, H),
                           graw + i * H, l->c + (p.from + i) * H, H);
    NAME(rnn_copy_before)(&l->walk, s, p, l->y, l->h0, P, l->before);
    TC_TRY(NAME(rnn_product)(&l->weight, rows.count, l->grads + rows.first * 4 * H, false,
                             l->h + p.from * P));
  }
  return TC_OK;
}

// lstm_layer_backward(grads, gh0, gc0, before, gh, gy, h0, c0, weight, projection, y, cells, gates,
// ends, reverse): grads are those of the gates; gh0 and gc0 hold the gradients of the last states and
// get those of the initial ones; before, if it
// has elements, gets the state before each row; gh is empty without a projection.
static tc_status NAME(lstm_layer_backward)(tc_args *a) {
  NAME(lstm) l = {.grads = NAME(rnn_data)(a->t[0]), .h = NAME(rnn_data)(a->t[1])};
  l.c = NAME(rnn_data)(a->t[2]), l.before = NAME(rnn_wanted)(a->t[3]);
  l.gy = NAME(rnn_data)(a->t[5]);
  l.h0 = NAME(rnn_data)(a->t[6]), l.c0 = NAME(rnn_data)(a->t[7]);
  l.y = NAME(rnn_data)(a->t[10]), l.cells = NAME(rnn_data)(a->t[11]);
  l.gates = NAME(rnn_data)(a->t[12]);
  const size_t bytes = (size_t)tc_numel(a->t[2]) * sizeof(T);
  if (a->t[9]) {
    l.gh = NAME(rnn_data)(a->t[4]);
    l.graw = tc_alloc(bytes);
    if (!l.graw) return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes of scratch", bytes);
  }
  const tc_status status = NAME(lstm_run)(&l, a, 8, a->t[13], NAME(lstm_walk_back), false);
  if (l.graw) tc_free(l.graw, bytes);
  return status;
}
#endif
