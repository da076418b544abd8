// Convolution kernels through cuDNN: from their arguments to descriptions and runs.
#include "dnn.h"

#include <math.h>
#include <stdatomic.h>

#include "conv_ending.h"
#include "dnn_run.h"

static atomic_bool tf32;

bool tc_tf32(void) { return tf32; }
void tc_set_tf32(bool on) { tf32 = on; }

#if !TC_HAS_CUDNN
#define ABSENT(name)                                                                               \
  tc_status name(tc_args *a, bool *done) {                                                         \
    (void)a;                                                                                       \
    *done = false;                                                                                 \
    return TC_OK;                                                                                  \
  }
ABSENT(tc_dnn_conv)
ABSENT(tc_dnn_conv_input_grad)
ABSENT(tc_dnn_conv_weight_grad)
ABSENT(tc_dnn_attention)
ABSENT(tc_dnn_attention_backward)
#else

// N C (D) H W; a leading size of one stands for a missing image, a missing height.
static void conv_sizes(int64_t *to, const tc_tensor *t, int n, int spatial) {
  const int first = t->ndim - n;
  to[0] = first > 1 ? t->size[0] : 1;
  to[1] = t->size[first - 1];
  for (int d = 0; d < spatial; d++)
    to[2 + d] = d < spatial - n ? 1 : t->size[first + d - (spatial - n)];
}

static dnn_conv conv_description(const tc_args *a, dnn_conv_pass pass, const tc_tensor *x,
                                 const tc_tensor *w, const tc_tensor *y) {
  const int n = a->len[0], spatial = n < 2 ? 2 : n;
  dnn_conv c = {.pass = (int32_t)pass, .type = dnn_type_of(a->dtype), .spatial = spatial};
  c.channels_last = a->channels_last;
  conv_sizes(c.x, x, n, spatial);
  conv_sizes(c.w, w, n, spatial);
  conv_sizes(c.y, y, n, spatial);
  for (int d = 0; d < spatial; d++) {
    const int from = d - (spatial - n);
    c.stride[d] = from < 0 ? 1 : a->list[0][from];
    c.before[d] = from < 0 ? 0 : a->list[1][2 * from];
    c.after[d] = from < 0 ? 0 : a->list[1][2 * from + 1];
    c.dilation[d] = from < 0 ? 1 : a->list[2][from];
  }
  return c;
}

static tc_status run_conv(const tc_args *a, const dnn_conv *c, const tc_tensor *x,
                          const tc_tensor *w, const tc_tensor *y, bool *done) {
  dnn_request r = {.build = dnn_conv_graph, .description = c, .bytes = sizeof *c};
  *done = false;
  if (tc_numel(x) == 0 || tc_numel(w) == 0 || tc_numel(y) == 0) return TC_OK;
  r.is_float32 = a->dtype == TC_float32;
  dnn_give_tensor(&r, DNN_X, x);
  dnn_give_tensor(&r, DNN_W, w);
  dnn_give_tensor(&r, DNN_Y, y);
  if (c->bias) dnn_give_tensor(&r, DNN_BIAS, a->t[3]);
  if (c->residual) dnn_give_tensor(&r, DNN_RESIDUAL, a->t[4]);
  return dnn_run(&r, done);
}

// The elements from one channel to the next.
static int64_t plane_of(const dnn_conv *c, const int64_t *size) {
  int64_t n = 1;
  if (c->channels_last) return 1;
  for (int d = 0; d < c->spatial; d++) n *= size[2 + d];
  return n;
}

// With what follows fused where cuDNN knows how, else as a pass of its own.
tc_status tc_dnn_conv(tc_args *a, bool *done) {
  tc_tensor *y = a->t[0], *x = a->t[1], *w = a->t[2];
  const double low = a->f[0], high = a->f[1];
  const bool clamps = low > -INFINITY || high < INFINITY, relu = low == 0 && high == INFINITY;
  const dnn_conv plain = conv_description(a, DNN_CONV, x, w, y);
  dnn_conv fused = plain;
  fused.bias = a->t[3] != NULL, fused.residual = a->t[4] != NULL, fused.relu = relu;
  const bool follows = fused.bias || fused.residual || clamps;
  *done = false;
  if (follows && (relu || !clamps)) TC_TRY(run_conv(a, &fused, x, w, y, done));
  if (*done) return TC_OK;
  TC_TRY(run_conv(a, &plain, x, w, y, done));
  return *done && follows
             ? tc_conv_ending(y, a->t[3], a->t[4], plane_of(&plain, plain.y), low, high)
             : TC_OK;
}

tc_status tc_dnn_conv_input_grad(tc_args *a, bool *done) {
  const dnn_conv c = conv_description(a, DNN_INPUT_GRAD, a->t[0], a->t[2], a->t[1]);
  TC_TRY(run_conv(a, &c, a->t[0], a->t[2], a->t[1], done));
  return *done && a->t[3]
             ? tc_conv_ending(a->t[0], a->t[3], NULL, plane_of(&c, c.x), -INFINITY, INFINITY)
             : TC_OK;
}

tc_status tc_dnn_conv_weight_grad(tc_args *a, bool *done) {
  const dnn_conv c = conv_description(a, DNN_WEIGHT_GRAD, a->t[1], a->t[0], a->t[2]);
  return run_conv(a, &c, a->t[1], a->t[0], a->t[2], done);
}
#endif
