// Recurrent stacks as cuDNN's RNN functions know them: descriptors, sizes, places of weights.
#include "dnn_rnn.h"

#if TC_HAS_CUDNN
#include <limits.h>
#include <string.h>

#include "dnn.h"
#include "dnn_run.h"

// ---- descriptors -----------------------------------------------------------------------------

#define IS(call) ((call) == CUDNN_STATUS_SUCCESS)

static cudnnDataType_t type_of(const tc_rnn *r) { return (cudnnDataType_t)dnn_type_of(r->dtype); }

// Products of float32 are in full unless the user allows less; those of halves are on tensor cores.
static cudnnMathType_t math_of(const tc_rnn *r) {
  if (tc_is_half(r->dtype)) return CUDNN_TENSOR_OP_MATH;
  return tc_tf32() ? CUDNN_DEFAULT_MATH : CUDNN_FMA_MATH;
}

static bool create(dnn_rnn *d) {
  const tc_cudnn *lib = d->lib;
  return IS(lib->cudnnCreateRNNDescriptor(&d->rnn)) &&
         IS(lib->cudnnCreateDropoutDescriptor(&d->dropout)) &&
         IS(lib->cudnnCreateRNNDataDescriptor(&d->x)) &&
         IS(lib->cudnnCreateRNNDataDescriptor(&d->y)) &&
         IS(lib->cudnnCreateTensorDescriptor(&d->h)) &&
         IS(lib->cudnnCreateTensorDescriptor(&d->c)) &&
         IS(lib->cudnnCreateTensorDescriptor(&d->matrix)) &&
         IS(lib->cudnnCreateTensorDescriptor(&d->bias));
}

static bool set_rnn(const dnn_rnn *d) {
  static const cudnnRNNMode_t kinds[] = {[TC_RNN_RELU] = CUDNN_RNN_RELU,
                                         [TC_RNN_TANH] = CUDNN_RNN_TANH,
                                         [TC_RNN_LSTM] = CUDNN_LSTM,
                                         [TC_RNN_GRU] = CUDNN_GRU};
  const tc_rnn *r = d->is;
  return IS(d->lib->cudnnSetDropoutDescriptor(d->dropout, d->handle, 0, NULL, 0, 0)) &&
         IS(d->lib->cudnnSetRNNDescriptor_v8(
             d->rnn, CUDNN_RNN_ALGO_STANDARD, kinds[r->kind],
             r->biased ? CUDNN_RNN_DOUBLE_BIAS : CUDNN_RNN_NO_BIAS,
             r->directions == 2 ? CUDNN_BIDIRECTIONAL : CUDNN_UNIDIRECTIONAL, CUDNN_LINEAR_INPUT,
             type_of(r), CUDNN_DATA_FLOAT, math_of(r), (int32_t)r->inputs, (int32_t)r->hidden,
             (int32_t)r->width, (int32_t)r->layers, d->dropout, CUDNN_RNN_PADDED_IO_DISABLED));
}

static bool set_data(const dnn_rnn *d, cudnnRNNDataDescriptor_t data, int64_t width) {
  const tc_rnn *r = d->is;
  double padding = 0;  // there is none to fill
  return IS(d->lib->cudnnSetRNNDataDescriptor(data, type_of(r),
                                              CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED, (int)r->steps,
                                              (int)r->batch, (int)width, r->lengths, &padding));
}

static bool set_state(const dnn_rnn *d, cudnnTensorDescriptor_t state, int64_t width) {
  const tc_rnn *r = d->is;
  const int size[3] = {(int)(r->layers * r->directions), (int)r->batch, (int)width};
  const int stride[3] = {size[1] * size[2], size[2], 1};
  return IS(d->lib->cudnnSetTensorNdDescriptor(state, type_of(r), 3, size, stride));
}

static bool ask_sizes(dnn_rnn *d) {
  const cudnnForwardMode_t mode =
      d->is->training ? CUDNN_FWD_MODE_TRAINING : CUDNN_FWD_MODE_INFERENCE;
  return IS(d->lib->cudnnGetRNNWeightSpaceSize(d->handle, d->rnn, &d->weights)) &&
         IS(d->lib->cudnnGetRNNTempSpaceSizes(d->handle, d->rnn, mode, d->x, &d->work,
                                              &d->reserve));
}

bool dnn_rnn_open(dnn_rnn *d, const tc_cudnn *lib, cudnnHandle_t handle, const tc_rnn *r) {
  *d = (dnn_rnn){.lib = lib, .handle = handle, .is = r};
  return create(d) && set_rnn(d) && set_data(d, d->x, r->inputs) &&
         set_data(d, d->y, r->directions * r->width) && set_state(d, d->h, r->width) &&
         set_state(d, d->c, r->hidden) && ask_sizes(d);
}

void dnn_rnn_close(dnn_rnn *d) {
  if (d->rnn) d->lib->cudnnDestroyRNNDescriptor(d->rnn);
  if (d->dropout) d->lib->cudnnDestroyDropoutDescriptor(d->dropout);
  if (d->x) d->lib->cudnnDestroyRNNDataDescriptor(d->x);
  if (d->y) d->lib->cudnnDestroyRNNDataDescriptor(d->y);
  if (d->h) d->lib->cudnnDestroyTensorDescriptor(d->h);
  if (d->c) d->lib->cudnnDestroyTensorDescriptor(d->c);
  if (d->matrix) d->lib->cudnnDestroyTensorDescriptor(d->matrix);
  if (d->bias) d->lib->cudnnDestroyTensorDescriptor(d->bias);
}

size_t dnn_rnn_weights_room(const dnn_rnn *d) { return (d->weights + 255) / 256 * 256; }

// ---- weights ---------------------------------------------------------------------------------

// Stretches that go on where the one before ended, on both sides, are one.
typedef struct walk {
  const dnn_rnn *d;
  char *space;
  dnn_rnn_copy copy;
  void *context;
  char *from;  // in cuDNN's space: the stretch that waits
  size_t flat, bytes, at;
} walk;

static tc_status flush(walk *w) {
  const size_t bytes = w->bytes;
  w->bytes = 0;
  return bytes ? w->copy(w->context, w->from, w->flat, bytes) : TC_OK;
}

static tc_status add(walk *w, char *place, size_t bytes) {
  if (place != w->from + w->bytes || !w->bytes) {
    TC_TRY(flush(w));
    w->from = place, w->flat = w->at;
  }
  w->bytes += bytes, w->at += bytes;
  return TC_OK;
}

// A matrix or a bias of cuDNN's: `id` counts the gates of the inputs, then those of the state, then comes the
// projection. One of another size than ours would be read as something else.
static tc_status add_block(walk *w, int64_t layer, int64_t id, bool is_bias, size_t bytes) {
  const dnn_rnn *d = w->d;
  void *matrix = NULL, *bias = NULL;
  size_t found = 0;
  const cudnnTensorDescriptor_t which = is_bias ? d->bias : d->matrix;
  if (!IS(d->lib->cudnnGetRNNWeightParams(d->handle, d->rnn, (int32_t)layer, d->weights, w->space,
                                          (int32_t)id, d->matrix, &matrix, d->bias, &bias)) ||
      !IS(d->lib->cudnnGetTensorSizeInBytes(which, &found)))
    return tc_fail(TC_INTERNAL, "cuDNN does not tell where the weights lie");
  char *place = is_bias ? bias : matrix;
  if (!place || found != bytes || place < w->space || place + bytes > w->space + d->weights)
    return tc_fail(TC_INTERNAL, "cuDNN has %zu bytes where weights have %zu", found, bytes);
  return add(w, place, bytes);
}

static tc_status add_blocks(walk *w, int64_t layer, int64_t first, int64_t n, bool is_bias,
                            int64_t elements) {
  const size_t bytes = (size_t)elements * tc_itemsize(w->d->is->dtype);
  for (int64_t id = first; id < first + n; id++) TC_TRY(add_block(w, layer, id, is_bias, bytes));
  return TC_OK;
}

static tc_status add_layer(walk *w, int64_t layer) {
  static const int64_t gates_of[] = {
      [TC_RNN_RELU] = 1, [TC_RNN_TANH] = 1, [TC_RNN_LSTM] = 4, [TC_RNN_GRU] = 3};
  const tc_rnn *r = w->d->is;
  const int64_t gates = gates_of[r->kind], H = r->hidden, P = r->width;
  const int64_t inputs = layer < r->directions ? r->inputs : r->directions * P;
  TC_TRY(add_blocks(w, layer, 0, gates, false, H * inputs));
  TC_TRY(add_blocks(w, layer, gates, gates, false, H * P));
  if (r->biased) TC_TRY(add_blocks(w, layer, 0, gates, true, H));
  if (r->biased) TC_TRY(add_blocks(w, layer, gates, gates, true, H));
  return P == H ? TC_OK : add_blocks(w, layer, 2 * gates, 1, false, P * H);
}

tc_status dnn_rnn_each_weight(const dnn_rnn *d, void *space, dnn_rnn_copy copy, void *context) {
  walk w = {.d = d, .space = space, .copy = copy, .context = context};
  for (int64_t layer = 0; layer < d->is->layers * d->is->directions; layer++)
    TC_TRY(add_layer(&w, layer));
  return flush(&w);
}
#endif
