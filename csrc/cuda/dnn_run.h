// A run of cuDNN: a description, from which a plan is made once, and the tensors of this time.
#ifndef TOCHA_CUDA_DNN_RUN_H
#define TOCHA_CUDA_DNN_RUN_H

#include "../tocha.h"
#include "dnn_graphs.h"

#if TC_HAS_CUDNN

enum { MOST_TENSORS = 16 };

// A description and the tensors of one run.
typedef struct dnn_request {
  void (*build)(dnn_graph *g, const void *description);
  const void *description;
  size_t bytes;
  bool is_float32;
  int count;
  int64_t ids[MOST_TENSORS];
  void *pointers[MOST_TENSORS];
} dnn_request;

// A tensor's memory, or a number's, under its id.
void dnn_give(dnn_request *r, int64_t id, const void *pointer);
void dnn_give_tensor(dnn_request *r, int64_t id, const tc_tensor *t);  // NULL: left out

// *done is false where cuDNN is missing or refuses, and where an address or the memory does not allow it.
tc_status dnn_run(const dnn_request *r, bool *done);

int32_t dnn_type_of(tc_dtype d);

// cuDNN's handle on the current device, for this thread alone until it is unlocked; NULL: there is none, and
// nothing is locked.
cudnnHandle_t dnn_lock_handle(const tc_cudnn *lib);
void dnn_unlock_handle(void);

#endif
#endif
