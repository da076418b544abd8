// A layer of gated recurrent units over all of time (Cho et al., 2014), with the reset gate behind the
// product, as cuDNN and PyTorch have it. Blocks of the gates: reset, update, new.
//
// The product of the inputs with their weight is made before for all rows at once; what is left is the
// recurrence. Forward turns `gates` into the values of the gates, which backward reads.
#include "rnn.h"
#include "rnn_tf32.h"

template <class T> struct gru_cell {
  enum { BLOCKS = 3, BY_UNIT = 0 };
  rnn_walk walk;
  int64_t s, H;
  T *y, *inner, *gates;  // inner: (rows, H), what the reset gate is multiplied with
  const T *h, *bias;     // the initial state; of the state's product, or NULL

  __device__ const T *source(int64_t b) const { return rnn_before(walk, s, b, (const T *)y, h, H); }
  __device__ acc_t<T> biased(int block, int64_t u, acc_t<T> sum) const {
    return bias ? sum + wide(bias[block * H + u]) : sum;
  }
  __device__ void apply(int64_t b, int64_t u, const acc_t<T> (&sums)[3]) const {
    const rnn_step now = rnn_step_at(walk, s);
    if (b >= now.count) return;
    const int64_t row = now.first + b;
    T *at = gates + row * 3 * H + u;
    const acc_t<T> before = wide(source(b)[u]), q = biased(2, u, sums[2]);
    const acc_t<T> r = sigmoid(wide(at[0]) + biased(0, u, sums[0]));
    const acc_t<T> z = sigmoid(wide(at[H]) + biased(1, u, sums[1]));
    const acc_t<T> n = tanh(wide(at[2 * H]) + r * q);
    at[0] = narrow<T>(r), at[H] = narrow<T>(z), at[2 * H] = narrow<T>(n);
    inner[row * H + u] = narrow<T>(q);
    y[row * H + u] = narrow<T>(n + z * (before - n));
  }
};

// gru_layer(y, h, inner, gates, weight, bias, ends, reverse): h holds the initial state and gets the
// last one; the bias is that of the state's product.
template <class T> static tc_status gru_layer(tc_args *a) {
  const int64_t batch = a->t[1]->size[0], H = a->t[4]->size[1];
  const rnn_walk walk = rnn_walk_of(a->t[6], a->t[0]->size[0], batch, a->i[0] != 0);
  T *y = tc_ptr<T>(a->t[0]), *h = tc_ptr<T>(a->t[1]);
  gru_cell<T> cell = {
      walk, 0, H, y, tc_ptr<T>(a->t[2]), tc_ptr<T>(a->t[3]), h, tc_ptr<const T>(a->t[5])};
  for (cell.s = 0; cell.s < walk.steps; cell.s++)
    launch_step(rnn_weight<T>{tc_ptr<const T>(a->t[4]), H, H}, cell, batch);
  set_last(h, (const T *)y, walk, H);
  return tc_launched();
}
TC_CUDA_FLOATS(gru_layer)

// ---- backward ----------------------------------------------------------------------------------

// The gradient of a state: what goes straight to it (left in h, or given with it), and what the product
// of the step after sends back.
template <class T> struct gru_grad {
  enum { BLOCKS = 1, BY_UNIT = 1 };
  rnn_walk walk;
  int64_t s, H;
  T *grads, *gnew, *h;  // grads: of the product; gnew: of the new block before the reset gate
  const T *gy, *h0, *y, *inner, *gates;

  __device__ const T *source(int64_t b) const {
    const rnn_step later = rnn_step_at(walk, s + 1);
    return b < later.count ? grads + (later.first + b) * 3 * H : nullptr;
  }
  __device__ void slopes(int64_t row, int64_t b, int64_t u, acc_t<T> g) const {
    const T *at = gates + row * 3 * H + u;
    const acc_t<T> r = wide(at[0]), z = wide(at[H]), n = wide(at[2 * H]);
    const acc_t<T> before = wide(rnn_before(walk, s, b, y, h0, H)[u]);
    const acc_t<T> gn = g * (1 - z) * (1 - n * n);
    T *to = grads + row * 3 * H + u;
    to[0] = narrow<T>(gn * wide(inner[row * H + u]) * r * (1 - r));
    to[H] = narrow<T>(g * (before - n) * z * (1 - z));
    to[2 * H] = narrow<T>(gn * r);
    gnew[row * H + u] = narrow<T>(gn);
    h[b * H + u] = narrow<T>(g * z);
  }
  __device__ void apply(int64_t b, int64_t u, const acc_t<T> (&sums)[1]) const {
    const rnn_step now = rnn_step_at(walk, s);
    const acc_t<T> g = wide(h[b * H + u]) + sums[0];
    if (b >= now.count) h[b * H + u] = narrow<T>(g);
    else {
      const int64_t row = now.first + b;
      slopes(row, b, u, gy ? g + wide(gy[row * H + u]) : g);
    }
  }
};

// gru_layer_backward(grads, gnew, gh0, before, gy, h0, weight, y, inner, gates, ends, reverse): grads
// are those of the state's product, gnew that of the inputs' where it differs (the new block); gh0
// holds the gradient of the last state and gets that of the initial one; before, if it has elements,
// gets the state before each row.
template <class T> static tc_status gru_layer_backward(tc_args *a) {
  const int64_t batch = a->t[2]->size[0], H = a->t[6]->size[1];
  const rnn_walk walk = rnn_walk_of(a->t[10], a->t[0]->size[0], batch, a->i[0] != 0);
  gru_grad<T> cell = {};
  cell.walk = walk, cell.H = H;
  cell.grads = tc_ptr<T>(a->t[0]), cell.gnew = tc_ptr<T>(a->t[1]), cell.h = tc_ptr<T>(a->t[2]);
  cell.gy = tc_ptr<const T>(a->t[4]), cell.h0 = tc_ptr<const T>(a->t[5]);
  cell.y = tc_ptr<const T>(a->t[7]), cell.inner = tc_ptr<const T>(a->t[8]);
  cell.gates = tc_ptr<const T>(a->t[9]);
  for (cell.s = walk.steps - 1; cell.s >= -1; cell.s--) {
    const int64_t in = cell.s + 1 < walk.steps ? 3 * H : 0;
    launch_step(rnn_weight<T>{tc_ptr<const T>(a->t[6]), in, H}, cell, batch);
  }
  set_before(rnn_wanted<T>(a->t[3]), cell.y, cell.h0, walk, H);
  return tc_launched();
}
TC_CUDA_FLOATS(gru_layer_backward)
