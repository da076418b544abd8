// A layer of gated recurrent units over all of time (Cho et al., 2014), with the reset gate behind the
// product, as cuDNN and PyTorch have it. Blocks of the gates: reset, update, new.
//
// The product of the inputs with their weight is made before for all rows at once; what is left is the
// recurrence. Forward turns `gates` into the values of the gates, which backward reads.
#ifndef T
#include "cpu.h"
#define TC_TEMPLATE "rnn_gru.c"
#include "floats.h"
TC_FLOAT_KERNEL(gru_layer)
TC_FLOAT_KERNEL(gru_layer_backward)
#else
#include "math.h"
#include "rnn.h"

typedef struct NAME(gru) {
  rnn_walk walk;
  int64_t H;
  NAME(rnn_weight) weight;
  T *y, *h, *gates;
  T *inner;    // (rows, H): what the reset gate is multiplied with
  T *product;  // (batch, 3 H): of the state with the weight
  const T *bias;
  // of the backward pass: h is the gradient of the state
  const T *gy, *h0;
  T *grads, *gnew, *before;  // grads: of the product; gnew: of the new block before the reset gate
} NAME(gru);

// ---- forward ---------------------------------------------------------------------------------

// One row: gates (3, H) in place, the state in place and written to y.
static void NAME(gru_cell)(T *restrict gates, const T *restrict product, T *restrict inner,
                           T *restrict h, T *restrict y, int64_t H) {
  TC_PRAGMA(omp simd)
  for (int64_t j = 0; j < H; j++) {
    const T q = product[2 * H + j];
    const T r = SIGMOID(gates[j] + product[j]), z = SIGMOID(gates[H + j] + product[H + j]);
    const T n = TANH(gates[2 * H + j] + r * q), next = n + z * (h[j] - n);
    gates[j] = r, gates[H + j] = z, gates[2 * H + j] = n;
    inner[j] = q;
    h[j] = y[j] = next;
  }
}

static void NAME(gru_bias)(const NAME(gru) *g, int64_t count, T *product) {
  const int64_t n = 3 * g->H;
  for (int64_t i = 0; i < count; i++) memcpy(product + i * n, g->bias, (size_t)n * sizeof(T));
}

static tc_status NAME(gru_walk)(const void *context, int64_t job, void *scratch) {
  const NAME(gru) *g = context;
  const int64_t H = g->H;
  const rnn_part p = rnn_part_of(&g->walk, job);
  (void)scratch;
  T *product = g->product + p.from * 3 * H;
  for (int64_t s = 0; s < g->walk.steps; s++) {
    const rnn_step rows = rnn_rows_at(&g->walk, s, p);
    if (g->bias) NAME(gru_bias)(g, rows.count, product);
    TC_TRY(NAME(rnn_product)(&g->weight, rows.count, g->h + p.from * H, g->bias != NULL, product));
    for (int64_t i = 0; i < rows.count; i++) {
      const int64_t row = rows.first + i;
      NAME(gru_cell)(g->gates + row * 3 * H, product + i * 3 * H, g->inner + row * H,
                     g->h + (p.from + i) * H, g->y + row * H, H);
    }
  }
  return TC_OK;
}

// Forward multiplies with the transpose of the weight.
static tc_status NAME(gru_run)(NAME(gru) *g, const tc_args *a, int64_t batch,
                               const tc_tensor *weight, const tc_tensor *ends, job_function walk,
                               bool transposed) {
  g->H = weight->size[1];
  TC_TRY(rnn_walk_of(&g->walk, ends, a->t[0]->size[0], batch, a->i[0] != 0));
  const size_t bytes = (size_t)(batch * 3 * g->H) * sizeof(T);
  g->product = tc_alloc(bytes);
  if (!g->product)
    return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes of scratch", bytes);
  tc_status status = NAME(rnn_weight_of)(&g->weight, weight, transposed, rnn_packs(&g->walk));
  if (status == TC_OK) status = rnn_run(walk, g, &g->walk, 3 * g->H * g->H);
  NAME(rnn_weight_free)(&g->weight);
  tc_free(g->product, bytes);
  return status;
}

// gru_layer(y, h, inner, gates, weight, bias, ends, reverse): h holds the initial state and gets the
// last one; the bias is that of the state's product.
static tc_status NAME(gru_layer)(tc_args *a) {
  NAME(gru) g = {.y = NAME(rnn_data)(a->t[0]), .h = NAME(rnn_data)(a->t[1])};
  g.inner = NAME(rnn_data)(a->t[2]), g.gates = NAME(rnn_data)(a->t[3]);
  g.bias = NAME(rnn_data)(a->t[5]);
  return NAME(gru_run)(&g, a, a->t[1]->size[0], a->t[4], a->t[6], NAME(gru_walk), true);
}

// ---- backward --------------------------------------------------------------------------------

// gh: of the row's state; what goes straight to the state before it is left there.
static void NAME(gru_cell_grad)(T *restrict grads, T *restrict gnew, const T *restrict gates,
                                const T *restrict inner, const T *restrict before, T *restrict gh,
                                const T *restrict gy, int64_t H) {
  TC_PRAGMA(omp simd)
  for (int64_t j = 0; j < H; j++) {
    const T r = gates[j], z = gates[H + j], n = gates[2 * H + j];
    const T g = gy ? gh[j] + gy[j] : gh[j], gn = g * (1 - z) * (1 - n * n);
    grads[j] = gn * inner[j] * r * (1 - r);
    grads[H + j] = g * (before[j] - n) * z * (1 - z);
    grads[2 * H + j] = gn * r;
    gnew[j] = gn;
    gh[j] = g * z;
  }
}

static tc_status NAME(gru_walk_back)(const void *context, int64_t job, void *scratch) {
  const NAME(gru) *g = context;
  const int64_t H = g->H;
  const rnn_part p = rnn_part_of(&g->walk, job);
  (void)scratch;
  for (int64_t s = g->walk.steps - 1; s >= 0; s--) {
    const rnn_step rows = rnn_rows_at(&g->walk, s, p);
    for (int64_t i = 0; i < rows.count; i++) {
      const int64_t row = rows.first + i;
      NAME(gru_cell_grad)(g->grads + row * 3 * H, g->gnew + row * H, g->gates + row * 3 * H,
                          g->inner + row * H,
                          NAME(rnn_before)(&g->walk, s, p.from + i, g->y, g->h0, H),
                          g->h + (p.from + i) * H, g->gy ? g->gy + row * H : NULL, H);
    }
    NAME(rnn_copy_before)(&g->walk, s, p, g->y, g->h0, H, g->before);
    TC_TRY(NAME(rnn_product)(&g->weight, rows.count, g->grads + rows.first * 3 * H, true,
                             g->h + p.from * H));
  }
  return TC_OK;
}

// gru_layer_backward(grads, gnew, gh0, before, gy, h0, weight, y, inner, gates, ends, reverse): grads
// are those of the state's product, gnew that of the inputs' where it differs (the new block); gh0
// holds the gradient of the last state and gets that of the initial one; before, if it has elements,
// gets the state before each row.
static tc_status NAME(gru_layer_backward)(tc_args *a) {
  NAME(gru) g = {.grads = NAME(rnn_data)(a->t[0]), .gnew = NAME(rnn_data)(a->t[1])};
  g.h = NAME(rnn_data)(a->t[2]), g.before = NAME(rnn_wanted)(a->t[3]);
  g.gy = NAME(rnn_data)(a->t[4]), g.h0 = NAME(rnn_data)(a->t[5]);
  g.y = NAME(rnn_data)(a->t[7]), g.inner = NAME(rnn_data)(a->t[8]);
  g.gates = NAME(rnn_data)(a->t[9]);
  return NAME(gru_run)(&g, a, a->t[2]->size[0], a->t[6], a->t[10], NAME(gru_walk_back), false);
}
#endif
