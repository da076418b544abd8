// The third part of fake_cudnn.c: the RNN functions, as cuDNN documents them, on packed sequences.
//
// Where weights lie is its own choice, other than anyone would guess: pseudo-layers and matrices backwards,
// gaps of NaN between them. The reserve space holds doubles; BackwardData leaves there what BackwardWeights
// needs, so that these two in the wrong order, or twice, show. TOCHA_FAKE_FAIL names a function that fails.
#ifndef FAKE_CUDNN_RNN_H
#define FAKE_CUDNN_RNN_H

#include "fake_cudnn_machine.h"

static bool must_fail(const char *name) {
  const char *text = getenv("TOCHA_FAKE_FAIL");
  return text && strcmp(text, name) == 0;
}
#define MAY_FAIL                                                                                   \
  if (must_fail(__func__)) return CUDNN_STATUS_NOT_SUPPORTED

// ---- descriptors -----------------------------------------------------------------------------

struct cudnnTensorStruct {
  fake_type type;
  int ndim, size[8];
};
struct cudnnDropoutStruct {
  float p;
};
struct cudnnRNNDataStruct {
  fake_type type;
  int steps, batch, width, *length;
};
struct cudnnRNNStruct {
  cudnnRNNMode_t mode;
  fake_type type;
  int inputs, hidden, width, layers, directions, gates;
  bool biased;
};

#define CREATE(name, type)                                                                         \
  cudnnStatus_t cudnnCreate##name(type *out) {                                                     \
    MAY_FAIL;                                                                                      \
    *out = calloc(1, sizeof **out);                                                                \
    return CUDNN_STATUS_SUCCESS;                                                                   \
  }
#define DESTROY(name, type)                                                                        \
  cudnnStatus_t cudnnDestroy##name(type d) {                                                       \
    free(d);                                                                                       \
    return CUDNN_STATUS_SUCCESS;                                                                   \
  }
CREATE(TensorDescriptor, cudnnTensorDescriptor_t)
CREATE(DropoutDescriptor, cudnnDropoutDescriptor_t)
CREATE(RNNDescriptor, cudnnRNNDescriptor_t)
CREATE(RNNDataDescriptor, cudnnRNNDataDescriptor_t)
DESTROY(TensorDescriptor, cudnnTensorDescriptor_t)
DESTROY(DropoutDescriptor, cudnnDropoutDescriptor_t)
DESTROY(RNNDescriptor, cudnnRNNDescriptor_t)
cudnnStatus_t cudnnDestroyRNNDataDescriptor(cudnnRNNDataDescriptor_t d) {
  free(d->length);
  free(d);
  return CUDNN_STATUS_SUCCESS;
}

static size_t bytes_of(fake_type type) {
  return type == FAKE_F64 ? 8 : type == FAKE_F16 || type == FAKE_BF16 ? 2 : 4;
}

cudnnStatus_t cudnnSetTensorNdDescriptor(cudnnTensorDescriptor_t d, cudnnDataType_t type, int n,
                                         const int size[], const int stride[]) {
  MAY_FAIL;
  int step = 1;
  d->type = fake_cudnn_type(type), d->ndim = n;
  for (int k = n - 1; k >= 0; step *= size[k--]) {
    d->size[k] = size[k];
    if (stride[k] != step) return CUDNN_STATUS_BAD_PARAM;  // states must be packed
  }
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnGetTensorSizeInBytes(const cudnnTensorDescriptor_t d, size_t *size) {
  MAY_FAIL;
  *size = bytes_of(d->type);
  for (int k = 0; k < d->ndim; k++) *size *= (size_t)d->size[k];
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetDropoutDescriptor(cudnnDropoutDescriptor_t d, cudnnHandle_t handle, float p,
                                        void *states, size_t bytes, unsigned long long seed) {
  MAY_FAIL;
  (void)handle, (void)states, (void)bytes, (void)seed;
  d->p = p;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetRNNDescriptor_v8(cudnnRNNDescriptor_t d, cudnnRNNAlgo_t algo,
                                       cudnnRNNMode_t mode, cudnnRNNBiasMode_t bias,
                                       cudnnDirectionMode_t direction, cudnnRNNInputMode_t input,
                                       cudnnDataType_t type, cudnnDataType_t precision,
                                       cudnnMathType_t math, int32_t inputs, int32_t hidden,
                                       int32_t width, int32_t layers,
                                       cudnnDropoutDescriptor_t dropout, uint32_t flags) {
  MAY_FAIL;
  const bool single = type == CUDNN_DATA_FLOAT;
  if (algo != CUDNN_RNN_ALGO_STANDARD || input != CUDNN_LINEAR_INPUT || dropout->p != 0 || flags ||
      precision != CUDNN_DATA_FLOAT || (single ? math == CUDNN_TENSOR_OP_MATH : math != 1) ||
      (width != hidden && mode != CUDNN_LSTM) || width > hidden)
    return CUDNN_STATUS_BAD_PARAM;
  *d = (struct cudnnRNNStruct){.mode = mode,
                               .type = fake_cudnn_type(type),
                               .inputs = inputs,
                               .hidden = hidden,
                               .width = width,
                               .layers = layers,
                               .directions = direction == CUDNN_BIDIRECTIONAL ? 2 : 1,
                               .gates = mode == CUDNN_LSTM  ? 4
                                        : mode == CUDNN_GRU ? 3
                                                            : 1,
                               .biased = bias == CUDNN_RNN_DOUBLE_BIAS};
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnSetRNNDataDescriptor(cudnnRNNDataDescriptor_t d, cudnnDataType_t type,
                                        cudnnRNNDataLayout_t layout, int steps, int batch,
                                        int width, const int length[], void *padding) {
  MAY_FAIL;
  (void)padding;
  if (layout != CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED || batch < 1 || length[0] > steps)
    return CUDNN_STATUS_BAD_PARAM;
  d->type = fake_cudnn_type(type);
  d->steps = steps, d->batch = batch, d->width = width;
  d->length = malloc((size_t)batch * sizeof(int));
  memcpy(d->length, length, (size_t)batch * sizeof(int));
  for (int b = 1; b < batch; b++)
    if (length[b] > length[b - 1] || length[b] < 1) return CUDNN_STATUS_BAD_PARAM;
  return CUDNN_STATUS_SUCCESS;
}

// ---- where weights lie -----------------------------------------------------------------------

enum { GAP = 16 };  // elements before each block

static int inputs_of(const struct cudnnRNNStruct *d, int layer) {
  return layer < d->directions ? d->inputs : d->directions * d->width;
}

// The elements of a block: the matrix of `id`, or its bias.
static size_t elements(const struct cudnnRNNStruct *d, int layer, int id, bool is_bias) {
  const size_t H = (size_t)d->hidden, P = (size_t)d->width;
  if (id == 2 * d->gates) return is_bias || P == H ? 0 : P * H;
  if (is_bias) return d->biased ? H : 0;
  return H * (id < d->gates ? (size_t)inputs_of(d, layer) : P);
}

// The place of a block, in elements; that of layer -1 is the end of all.
static size_t place_of(const struct cudnnRNNStruct *d, int layer, int id, bool is_bias) {
  size_t at = 0;
  for (int l = d->layers * d->directions - 1; l >= 0; l--)
    for (int bias = 1; bias >= 0; bias--)
      for (int k = 2 * d->gates; k >= 0; k--) {
        at += GAP;
        if (l == layer && k == id && bias == is_bias) return at;
        at += elements(d, l, k, bias);
      }
  return at;
}

cudnnStatus_t cudnnGetRNNWeightSpaceSize(cudnnHandle_t handle, cudnnRNNDescriptor_t d,
                                         size_t *size) {
  MAY_FAIL;
  (void)handle;
  *size = place_of(d, -1, 0, false) * bytes_of(d->type);
  return CUDNN_STATUS_SUCCESS;
}

static void tell(const struct cudnnRNNStruct *d, int layer, int id, bool is_bias, const char *space,
                 cudnnTensorDescriptor_t block, void **address) {
  const size_t n = elements(d, layer, id, is_bias);
  *block = (struct cudnnTensorStruct){d->type, 3, {1, (int)n, 1}};
  *address =
      n ? (void *)(uintptr_t)(space + place_of(d, layer, id, is_bias) * bytes_of(d->type)) : NULL;
}

cudnnStatus_t cudnnGetRNNWeightParams(cudnnHandle_t handle, cudnnRNNDescriptor_t d, int32_t layer,
                                      size_t bytes, const void *space, int32_t id,
                                      cudnnTensorDescriptor_t matrix, void **matrix_at,
                                      cudnnTensorDescriptor_t bias, void **bias_at) {
  MAY_FAIL;
  (void)handle, (void)bytes;
  tell(d, layer, id, false, space, matrix, matrix_at);
  tell(d, layer, id, true, space, bias, bias_at);
  return CUDNN_STATUS_SUCCESS;
}

// ---- the reserve space -----------------------------------------------------------------------

// Of one pseudo-layer, in doubles for each row: the gates' values, what the reset gate multiplies, the cell,
// the output before a projection; and from BackwardData the gradients of the inputs' and of the state's product,
// and of the output. After them, the outputs of each layer.
typedef struct rooms {
  double *gates, *inner, *cell, *raw, *ginput, *gstate, *gout;
} rooms;

static int64_t rows_of(const struct cudnnRNNDataStruct *x) {
  int64_t n = 0;
  for (int b = 0; b < x->batch; b++) n += x->length[b];
  return n;
}

static int64_t per_row(const struct cudnnRNNStruct *d) {
  return 3 * (int64_t)d->gates * d->hidden + 3 * (int64_t)d->hidden + d->width;
}

static rooms rooms_of(const struct cudnnRNNStruct *d, double *reserve, int64_t rows, int layer) {
  const int64_t H = rows * d->hidden, G = H * d->gates;
  double *p = reserve + layer * rows * per_row(d);
  return (rooms){
      p, p + G, p + G + H, p + G + 2 * H, p + G + 3 * H, p + 2 * G + 3 * H, p + 3 * G + 3 * H};
}

// What layer `layer` (of all directions) gave: (rows, directions * width); a place in the reserve space.
static int64_t outputs_at(const struct cudnnRNNStruct *d, int64_t rows, int layer) {
  const int64_t width = (int64_t)d->directions * d->width;
  return rows * (d->layers * d->directions * per_row(d) + layer * width);
}

cudnnStatus_t cudnnGetRNNTempSpaceSizes(cudnnHandle_t handle, cudnnRNNDescriptor_t d,
                                        cudnnForwardMode_t mode, cudnnRNNDataDescriptor_t x,
                                        size_t *work, size_t *reserve) {
  MAY_FAIL;
  (void)handle, (void)mode;
  *reserve = (size_t)outputs_at(d, rows_of(x), d->layers) * sizeof(double);
  *work = *reserve;  // for inference, which may not count on a reserve
  if (mode == CUDNN_FWD_MODE_INFERENCE) *reserve = 0;
  return CUDNN_STATUS_SUCCESS;
}

#include "fake_cudnn_cells.h"

#endif
