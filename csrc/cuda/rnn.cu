// A layer of Elman's recurrent units over all of time: h = tanh or relu of (input's product + state's
// product). The product of the inputs with their weight, biases added, is made before for all rows at
// once and stands in y, which becomes the output.
#include "rnn.h"
#include "rnn_tf32.h"

template <class T> struct elman_cell {
  enum { BLOCKS = 1, BY_UNIT = 0 };
  rnn_walk walk;
  int64_t s, H;
  bool relu;
  T *y;
  const T *h;  // the initial state

  __device__ const T *source(int64_t b) const { return rnn_before(walk, s, b, (const T *)y, h, H); }
  __device__ void apply(int64_t b, int64_t u, const acc_t<T> (&sums)[1]) const {
    const rnn_step now = rnn_step_at(walk, s);
    if (b >= now.count) return;
    T *to = y + (now.first + b) * H + u;
    const acc_t<T> x = wide(*to) + sums[0];
    *to = narrow<T>(!relu ? tanh(x) : x < 0 ? acc_t<T>(0) : x);
  }
};

// rnn_layer(y, h, weight, ends, reverse, relu): h holds the initial state and gets the last one.
template <class T> static tc_status rnn_layer(tc_args *a) {
  const int64_t batch = a->t[1]->size[0], H = a->t[2]->size[1];
  const rnn_walk walk = rnn_walk_of(a->t[3], a->t[0]->size[0], batch, a->i[0] != 0);
  T *y = tc_ptr<T>(a->t[0]), *h = tc_ptr<T>(a->t[1]);
  const rnn_weight<T> weight = {tc_ptr<const T>(a->t[2]), H, H};
  for (int64_t s = 0; s < walk.steps; s++)
    launch_step(weight, elman_cell<T>{walk, s, H, a->i[1] != 0, y, h}, batch);
  set_last(h, (const T *)y, walk, H);
  return tc_launched();
}
TC_CUDA_FLOATS(rnn_layer)

// ---- backward ----------------------------------------------------------------------------------

// The gradient of a state is what the step after it sends back, or what `h` was given with.
template <class T> struct elman_grad {
  enum { BLOCKS = 1, BY_UNIT = 1 };
  rnn_walk walk;
  int64_t s, H;
  bool relu;
  T *grads, *h;
  const T *gy, *y;

  __device__ const T *source(int64_t b) const {
    const rnn_step later = rnn_step_at(walk, s + 1);
    return b < later.count ? grads + (later.first + b) * H : nullptr;
  }
  __device__ void apply(int64_t b, int64_t u, const acc_t<T> (&sums)[1]) const {
    const rnn_step now = rnn_step_at(walk, s), later = rnn_step_at(walk, s + 1);
    const acc_t<T> gh = b < later.count ? sums[0] : wide(h[b * H + u]);
    if (b >= now.count) {
      h[b * H + u] = narrow<T>(gh);
      return;
    }
    const int64_t at = (now.first + b) * H + u;
    const acc_t<T> v = wide(y[at]), slope = !relu ? 1 - v * v : v > 0 ? 1 : 0;
    grads[at] = narrow<T>((gy ? gh + wide(gy[at]) : gh) * slope);
  }
};

// rnn_layer_backward(grads, gh0, before, gy, h0, weight, y, ends, reverse, relu): grads are those of
// the sum of both products; gh0 holds the gradient of the last state and gets that of the initial one;
// before, if it has elements, gets the state before each row.
template <class T> static tc_status rnn_layer_backward(tc_args *a) {
  const int64_t batch = a->t[1]->size[0], H = a->t[5]->size[1];
  const rnn_walk walk = rnn_walk_of(a->t[7], a->t[0]->size[0], batch, a->i[0] != 0);
  const T *y = tc_ptr<const T>(a->t[6]), *gy = tc_ptr<const T>(a->t[3]);
  T *grads = tc_ptr<T>(a->t[0]), *h = tc_ptr<T>(a->t[1]);
  for (int64_t s = walk.steps - 1; s >= -1; s--) {
    const int64_t in = s + 1 < walk.steps ? H : 0;
    launch_step(rnn_weight<T>{tc_ptr<const T>(a->t[5]), in, H},
                elman_grad<T>{walk, s, H, a->i[1] != 0, grads, h, gy, y}, batch);
  }
  set_before(rnn_wanted<T>(a->t[2]), y, tc_ptr<const T>(a->t[4]), walk, H);
  return tc_launched();
}
TC_CUDA_FLOATS(rnn_layer_backward)
