// A layer of long short-term memory over all of time (Hochreiter and Schmidhuber, 1997), with an
// optional projection of its output (Sak et al., 2014). Blocks of the gates: input, forget, cell,
// output.
//
// The product of the inputs with their weight, biases added, is made before for all rows at once; what
// is left is the recurrence. Forward turns `gates` into the values of the gates, which backward reads.
#include "rnn.h"
#include "rnn_tf32.h"

// H hidden units; the state h has P columns: H, or fewer with a projection.
template <class T> struct lstm_cell {
  enum { BLOCKS = 4, BY_UNIT = 0 };
  rnn_walk walk;
  int64_t s, H, P;
  T *gates, *cells, *out;  // out: (rows, H), what a projection takes
  const T *y, *h, *c;      // y: (rows, P); the initial states

  __device__ const T *source(int64_t b) const { return rnn_before(walk, s, b, y, h, P); }
  __device__ void apply(int64_t b, int64_t u, const acc_t<T> (&sums)[4]) const {
    const rnn_step now = rnn_step_at(walk, s);
    if (b >= now.count) return;
    const int64_t row = now.first + b;
    T *at = gates + row * 4 * H + u;
    const acc_t<T> i = sigmoid(wide(at[0]) + sums[0]), f = sigmoid(wide(at[H]) + sums[1]);
    const acc_t<T> g = tanh(wide(at[2 * H]) + sums[2]), o = sigmoid(wide(at[3 * H]) + sums[3]);
    const acc_t<T> before = wide(rnn_before(walk, s, b, (const T *)cells, c, H)[u]);
    const acc_t<T> cell = f * before + i * g;
    at[0] = narrow<T>(i), at[H] = narrow<T>(f), at[2 * H] = narrow<T>(g), at[3 * H] = narrow<T>(o);
    cells[row * H + u] = narrow<T>(cell);
    out[row * H + u] = narrow<T>(o * tanh(cell));
  }
};

// y = raw projection'
template <class T> struct projection_cell {
  enum { BLOCKS = 1, BY_UNIT = 0 };
  rnn_walk walk;
  int64_t s, H, P;
  const T *raw;
  T *y;

  __device__ const T *source(int64_t b) const {
    const rnn_step now = rnn_step_at(walk, s);
    return b < now.count ? raw + (now.first + b) * H : nullptr;
  }
  __device__ void apply(int64_t b, int64_t u, const acc_t<T> (&sums)[1]) const {
    const rnn_step now = rnn_step_at(walk, s);
    if (b < now.count) y[(now.first + b) * P + u] = narrow<T>(sums[0]);
  }
};

// lstm_layer(y, h, c, cells, raw, gates, weight, projection, ends, reverse): h and c hold the initial
// states and get the last ones; raw is empty without a projection.
template <class T> static tc_status lstm_layer(tc_args *a) {
  const int64_t batch = a->t[1]->size[0], H = a->t[6]->size[0] / 4, P = a->t[6]->size[1];
  const rnn_walk walk = rnn_walk_of(a->t[8], a->t[0]->size[0], batch, a->i[0] != 0);
  T *y = tc_ptr<T>(a->t[0]), *h = tc_ptr<T>(a->t[1]), *c = tc_ptr<T>(a->t[2]);
  T *cells = tc_ptr<T>(a->t[3]), *gates = tc_ptr<T>(a->t[5]);
  T *out = a->t[7] ? tc_ptr<T>(a->t[4]) : y;
  const rnn_weight<T> weight = {tc_ptr<const T>(a->t[6]), P, H};
  const rnn_weight<T> projection = {tc_ptr<const T>(a->t[7]), H, P};
  for (int64_t s = 0; s < walk.steps; s++) {
    launch_step(weight, lstm_cell<T>{walk, s, H, P, gates, cells, out, y, h, c}, batch);
    if (a->t[7]) launch_step(projection, projection_cell<T>{walk, s, H, P, out, y}, batch);
  }
  set_last(h, (const T *)y, walk, P);
  set_last(c, (const T *)cells, walk, H);
  return tc_launched();
}
TC_CUDA_FLOATS(lstm_layer)

// ---- backward ----------------------------------------------------------------------------------

// What both ways of backward write: the gradients of the gates, and of the cell before, in place.
template <class T> struct lstm_slopes {
  rnn_walk walk;
  int64_t s, H;
  T *grads, *c;
  const T *gates, *cells, *c0;

  // gh: the gradient of the output, every path together
  __device__ void apply(int64_t row, int64_t b, int64_t u, acc_t<T> gh) const {
    const T *at = gates + row * 4 * H + u;
    const acc_t<T> i = wide(at[0]), f = wide(at[H]), g = wide(at[2 * H]), o = wide(at[3 * H]);
    const acc_t<T> t = tanh(wide(cells[row * H + u]));
    const acc_t<T> d = wide(c[b * H + u]) + gh * o * (1 - t * t);
    const acc_t<T> before = wide(rnn_before(walk, s, b, cells, c0, H)[u]);
    T *to = grads + row * 4 * H + u;
    to[0] = narrow<T>(d * g * i * (1 - i));
    to[H] = narrow<T>(d * before * f * (1 - f));
    to[2 * H] = narrow<T>(d * i * (1 - g * g));
    to[3 * H] = narrow<T>(gh * t * o * (1 - o));
    c[b * H + u] = narrow<T>(d * f);
  }
};

// The gradient of the output: the sum of what the step after sends back, or what `h` was given with,
// and of what comes from outside. It goes into `gh` for a projection, else straight to the slopes.
template <class T> struct lstm_grad {
  enum { BLOCKS = 1, BY_UNIT = 1 };
  lstm_slopes<T> slopes;
  int64_t P;
  T *h, *gh;
  const T *gy;

  __device__ const T *source(int64_t b) const {
    const rnn_step later = rnn_step_at(slopes.walk, slopes.s + 1);
    return b < later.count ? slopes.grads + (later.first + b) * 4 * slopes.H : nullptr;
  }
  __device__ void apply(int64_t b, int64_t u, const acc_t<T> (&sums)[1]) const {
    const rnn_step now = rnn_step_at(slopes.walk, slopes.s);
    const rnn_step later = rnn_step_at(slopes.walk, slopes.s + 1);
    acc_t<T> g = b < later.count ? sums[0] : wide(h[b * P + u]);
    if (b >= now.count) {
      h[b * P + u] = narrow<T>(g);
      return;
    }
    const int64_t row = now.first + b;
    if (gy) g += wide(gy[row * P + u]);
    if (gh) gh[row * P + u] = narrow<T>(g);
    else slopes.apply(row, b, u, g);
  }
};

// Back through the projection, then the slopes.
template <class T> struct projection_grad {
  enum { BLOCKS = 1, BY_UNIT = 1 };
  lstm_slopes<T> slopes;
  int64_t P;
  const T *gh;

  __device__ const T *source(int64_t b) const {
    const rnn_step now = rnn_step_at(slopes.walk, slopes.s);
    return b < now.count ? gh + (now.first + b) * P : nullptr;
  }
  __device__ void apply(int64_t b, int64_t u, const acc_t<T> (&sums)[1]) const {
    const rnn_step now = rnn_step_at(slopes.walk, slopes.s);
    if (b < now.count) slopes.apply(now.first + b, b, u, sums[0]);
  }
};

// lstm_layer_backward(grads, gh0, gc0, before, gh, gy, h0, c0, weight, projection, y, cells, gates,
// ends, reverse): grads are those of the gates; gh0 and gc0 hold the gradients of the last states and
// get those of the initial ones; before, if it has elements, gets the state before each row; gh is
// empty without a projection.
template <class T> static tc_status lstm_layer_backward(tc_args *a) {
  const int64_t batch = a->t[1]->size[0], H = a->t[8]->size[0] / 4, P = a->t[8]->size[1];
  const rnn_walk walk = rnn_walk_of(a->t[13], a->t[0]->size[0], batch, a->i[0] != 0);
  T *gh = a->t[9] ? tc_ptr<T>(a->t[4]) : nullptr;
  lstm_slopes<T> slopes = {};
  slopes.walk = walk, slopes.H = H;
  slopes.grads = tc_ptr<T>(a->t[0]), slopes.c = tc_ptr<T>(a->t[2]);
  slopes.gates = tc_ptr<const T>(a->t[12]), slopes.cells = tc_ptr<const T>(a->t[11]);
  slopes.c0 = tc_ptr<const T>(a->t[7]);
  const rnn_weight<T> projection = {tc_ptr<const T>(a->t[9]), P, H};
  for (int64_t s = walk.steps - 1; s >= -1; s--) {
    slopes.s = s;
    const int64_t in = s + 1 < walk.steps ? 4 * H : 0;
    launch_step(rnn_weight<T>{tc_ptr<const T>(a->t[8]), in, P},
                lstm_grad<T>{slopes, P, tc_ptr<T>(a->t[1]), gh, tc_ptr<const T>(a->t[5])}, batch);
    if (gh && s >= 0) launch_step(projection, projection_grad<T>{slopes, P, gh}, batch);
  }
  set_before(rnn_wanted<T>(a->t[3]), tc_ptr<const T>(a->t[10]), tc_ptr<const T>(a->t[6]), walk, P);
  return tc_launched();
}
TC_CUDA_FLOATS(lstm_layer_backward)
