// What only the CUDA back end has, for the binding: page-locked memory, streams, events. A stream or
// an event is an address that only the back end looks behind.
#ifndef TOCHA_CUDA_CALLS_H
#define TOCHA_CUDA_CALLS_H

#include "tocha.h"

// A stack of recurrent layers: what it is, and what it is given.
enum { TC_RNN_RELU, TC_RNN_TANH, TC_RNN_LSTM, TC_RNN_GRU };
enum { TC_RNN_FIELDS = 8 };

typedef struct tc_rnn {
  int64_t kind, hidden, width, layers, directions;  // width: of h, that of a projection or `hidden`
  int64_t biased, training, batch;                  // the first TC_RNN_FIELDS, as kernels get them
  int64_t inputs, steps;
  const int *lengths;  // of each sequence, none shorter than the next
  tc_dtype dtype;
} tc_rnn;

// From the integers that kernels get.
static inline tc_rnn tc_rnn_of(const int64_t f[TC_RNN_FIELDS]) {
  return (tc_rnn){.kind = f[0],
                  .hidden = f[1],
                  .width = f[2],
                  .layers = f[3],
                  .directions = f[4],
                  .biased = f[5],
                  .training = f[6],
                  .batch = f[7]};
}

typedef struct tc_cuda_calls {
  // Memory of the host that a device copies from by itself, while the program goes on.
  tc_status (*pin)(size_t bytes, tc_storage **out);
  bool (*is_pinned)(const tc_storage *s);
  // A contiguous pinned tensor's copy on a device: it may arrive later, but before it is used.
  tc_status (*send)(const tc_device *there, const tc_tensor *from, tc_tensor *out);
  tc_status (*limit)(int index, size_t bytes);  // of memory on a device; 0: none

  tc_status (*stream)(int index, void **out);  // one of a few, which are given out in turn
  tc_status (*current_stream)(int index, void **out);
  tc_status (*use_stream)(int index, void *stream);  // by this thread, from now on
  tc_status (*wait_stream)(int index, void *stream);
  tc_status (*stream_is_done)(int index, void *stream, bool *done);
  tc_status (*used_by)(const tc_tensor *t, void *stream);  // besides the one it was made on

  tc_status (*event)(int index, bool timing, void **out);
  void (*free_event)(void *event);
  tc_status (*record_event)(int index, void *event, void *stream);
  tc_status (*await_event)(int index, void *event, void *stream);  // the stream waits, not the host
  tc_status (*wait_event)(int index, void *event);
  tc_status (*event_is_done)(int index, void *event, bool *done);
  tc_status (*elapsed)(void *start, void *end, double *milliseconds);

  // Bytes that cuDNN needs beside the tensors of a recurrent stack; 0: it does not take it.
  size_t (*rnn_room)(int index, const tc_rnn *r);
} tc_cuda_calls;

#endif
