// Recurrent layers through cuDNN: a stack of layers in one or both directions, all of time at once.
//
// Sequences lie as in rnn.h (step after step, longest first), which is cuDNN's packed layout, and gates in
// PyTorch's order, which is cuDNN's. Weights come as one flat tensor, for each layer and direction weight_ih,
// weight_hh, bias_ih, bias_hh and, with a projection, weight_hr; they are copied to where cuDNN says it wants
// them. What backward needs (these weights, cuDNN's reserve space) is `memory`, of dnn_rnn_room bytes.
//
// float32 (in full unless TensorFloat-32 is allowed), float16 and bfloat16. What cuDNN does not take has no
// room, and is the own kernels'. TOCHA_CUDNN_RNN=off: all of it.
#ifndef TOCHA_CUDA_DNN_RNN_H
#define TOCHA_CUDA_DNN_RNN_H

#include "../cuda_calls.h"
#include "library.h"

// Kernels of kernels.def; `list` is a tc_rnn up to and with `batch`.
tc_status cuda_rnn_stack(tc_args *a);
tc_status cuda_rnn_stack_backward(tc_args *a);

// Bytes of `memory`; 0: own kernels.
size_t tc_dnn_rnn_room(int index, const tc_rnn *r);

#if TC_HAS_CUDNN

// What cuDNN is told of a stack and its sequences, and the sizes that it answers with.
typedef struct dnn_rnn {
  const tc_cudnn *lib;
  cudnnHandle_t handle;
  const tc_rnn *is;
  cudnnRNNDescriptor_t rnn;
  cudnnDropoutDescriptor_t dropout;  // none
  cudnnRNNDataDescriptor_t x, y;
  cudnnTensorDescriptor_t h, c, matrix, bias;
  size_t weights, work, reserve;
} dnn_rnn;

// False: cuDNN refuses. To be closed in any case.
bool dnn_rnn_open(dnn_rnn *d, const tc_cudnn *lib, cudnnHandle_t handle, const tc_rnn *r);
void dnn_rnn_close(dnn_rnn *d);

// Where the weights begin and end in `memory`.
size_t dnn_rnn_weights_room(const dnn_rnn *d);

// Calls copy(context, place in cuDNN's space, place in the flat weights, bytes) for each stretch of weights that
// is whole in both; stops at the first failure.
typedef tc_status (*dnn_rnn_copy)(void *context, void *in_space, size_t in_flat, size_t bytes);
tc_status dnn_rnn_each_weight(const dnn_rnn *d, void *space, dnn_rnn_copy copy, void *context);

#endif
#endif
