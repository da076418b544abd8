// Recurrent stacks through cuDNN: the kernels, from their arguments to calls.
#include "dnn_rnn.h"

#if TC_HAS_CUDNN
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "dnn_run.h"
#include "host.h"
#include "move.h"
#include "stream.h"

// A call: what the stack is, its descriptors, and the memory that cuDNN works in.
typedef struct call {
  tc_rnn is;
  dnn_rnn d;
  char *space, *reserve;  // in `memory`
  void *work;
} call;

static tc_status failed(const tc_cudnn *lib, const char *what) {
  char reason[400] = "";
  lib->cudnnGetLastErrorString(reason, sizeof reason);
  return tc_fail(TC_INTERNAL, "%s failed: %s", what, reason);
}

#define TC_CUDNN(lib, name, ...)                                                                   \
  ((lib)->name(__VA_ARGS__) == CUDNN_STATUS_SUCCESS ? TC_OK : failed(lib, #name))

// ---- sequences -------------------------------------------------------------------------------

// Each sequence has as many steps as there are that hold more sequences than come before it.
static tc_status count_steps(const tc_rnn *r, const int64_t *ends, int64_t rows, int *lengths) {
  int64_t before = r->batch, b = r->batch, first = 0;
  for (int64_t t = 0; t < r->steps; first = ends[t++]) {
    const int64_t count = ends[t] - first;
    if (count < 1 || count > before || (t == 0 && count != r->batch))
      return tc_fail(TC_BAD_VALUE, "the sequences of a step are out of range");
    while (b > count) lengths[--b] = (int)t;
    before = count;
  }
  while (b > 0) lengths[--b] = (int)r->steps;
  return first == rows ? TC_OK
                       : tc_fail(TC_BAD_VALUE, "the steps are out of range: %lld rows of %lld",
                                 (long long)first, (long long)rows);
}

// cuDNN wants them on the host: ends of steps, which lie on the device, are waited for.
static tc_status read_lengths(const tc_rnn *r, const tc_tensor *ends, int64_t rows, int *lengths) {
  const size_t bytes = (size_t)r->steps * sizeof(int64_t);
  for (int64_t b = 0; !ends && b < r->batch; b++) lengths[b] = (int)r->steps;
  if (!ends) return TC_OK;
  int64_t *on_host = tc_alloc(bytes);
  if (!on_host) return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes", bytes);
  tc_status status =
      tc_cuda_move(tc_host_cpu(), on_host, tc_current_device(), tc_data(ends), bytes);
  if (status == TC_OK) status = count_steps(r, on_host, rows, lengths);
  tc_free(on_host, bytes);
  return status;
}

// ---- a call ----------------------------------------------------------------------------------

static tc_rnn stack_of(const tc_args *a, const tc_tensor *x, const tc_tensor *ends) {
  tc_rnn r = tc_rnn_of(a->list[0]);
  r.inputs = x->size[1];
  r.steps = ends ? tc_numel(ends) : x->size[0] / r.batch;
  r.dtype = a->dtype;
  return r;
}

// The places in `memory`, which was made for a stack of this description.
static tc_status place(call *c, const tc_tensor *memory) {
  const size_t weights = dnn_rnn_weights_room(&c->d);
  if ((size_t)tc_numel(memory) < weights + c->d.reserve)
    return tc_fail(TC_BAD_SHAPE, "expected %zu bytes of memory, got %lld", weights + c->d.reserve,
                   (long long)tc_numel(memory));
  c->space = tc_data(memory);
  c->reserve = c->space + weights;
  return TC_OK;
}

static tc_status run_opened(call *c, tc_args *a, const tc_tensor *memory,
                            tc_status (*run)(const call *c, tc_args *a)) {
  TC_TRY(place(c, memory));
  TC_TRY(TC_CUDNN(c->d.lib, cudnnSetStream, c->d.handle, tc_stream()));
  c->work = c->d.work ? tc_scratch(c->d.work) : NULL;
  if (c->d.work && !c->work) return TC_NO_MEMORY;
  const tc_status status = run(c, a);
  if (c->work) tc_scratch_free(c->work, c->d.work);
  return status;
}

// A handle serves one thread at a time.
static tc_status with_handle(call *c, tc_args *a, const tc_tensor *memory,
                             tc_status (*run)(const call *c, tc_args *a)) {
  const tc_cudnn *lib = tc_library_cudnn();
  cudnnHandle_t handle = lib ? dnn_lock_handle(lib) : NULL;
  if (!handle) return tc_fail(TC_NO_KERNEL, "cuDNN is missing");
  tc_status status = dnn_rnn_open(&c->d, lib, handle, &c->is) ? TC_OK : failed(lib, "cuDNN's RNN");
  if (status == TC_OK) status = run_opened(c, a, memory, run);
  dnn_rnn_close(&c->d);
  dnn_unlock_handle();
  return status;
}

static tc_status call_with(tc_args *a, const tc_tensor *x, const tc_tensor *ends,
                           const tc_tensor *memory, tc_status (*run)(const call *c, tc_args *a)) {
  call c = {.is = stack_of(a, x, ends)};
  const size_t bytes = (size_t)c.is.batch * sizeof(int);
  int *lengths = tc_alloc(bytes);
  if (!lengths) return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes", bytes);
  c.is.lengths = lengths;
  tc_status status = read_lengths(&c.is, ends, x->size[0], lengths);
  if (status == TC_OK) status = with_handle(&c, a, memory, run);
  tc_free(lengths, bytes);
  return status;
}

// A state or a gradient that is not there, or that nobody wants, is NULL for cuDNN: zeros, or not written.
static void *optional(const tc_tensor *t) { return t && tc_numel(t) > 0 ? tc_data(t) : NULL; }

static tc_status copy_bytes(void *to, const void *from, size_t bytes) {
  return TC_CUDA(cudaMemcpyAsync, to, from, bytes, cudaMemcpyDeviceToDevice, tc_stream());
}

// ---- forward ---------------------------------------------------------------------------------

static tc_status to_space(void *flat, void *in_space, size_t in_flat, size_t bytes) {
  return copy_bytes(in_space, (const char *)flat + in_flat, bytes);
}

static tc_status forward(const call *c, tc_args *a) {
  const dnn_rnn *d = &c->d;
  const cudnnForwardMode_t mode =
      c->is.training ? CUDNN_FWD_MODE_TRAINING : CUDNN_FWD_MODE_INFERENCE;
  TC_TRY(dnn_rnn_each_weight(d, c->space, to_space, tc_data(a->t[7])));
  return TC_CUDNN(d->lib, cudnnRNNForward, d->handle, d->rnn, mode, NULL, d->x, tc_data(a->t[4]),
                  d->y, tc_data(a->t[0]), d->h, optional(a->t[5]), tc_data(a->t[1]), d->c,
                  optional(a->t[6]), optional(a->t[2]), d->weights, c->space, d->work, c->work,
                  d->reserve, c->reserve);
}

// rnn_stack(y, h, c, memory, x, h0, c0, weights, ends, stack): the last states of all layers; c is empty but for
// LSTM.
tc_status cuda_rnn_stack(tc_args *a) { return call_with(a, a->t[4], a->t[8], a->t[3], forward); }

// ---- backward --------------------------------------------------------------------------------

static tc_status from_space(void *flat, void *in_space, size_t in_flat, size_t bytes) {
  return copy_bytes((char *)flat + in_flat, in_space, bytes);
}

// cuDNN adds to what lies in its space.
static tc_status weight_grads(const call *c, tc_args *a, void *space) {
  const dnn_rnn *d = &c->d;
  TC_TRY(TC_CUDA(cudaMemsetAsync, space, 0, d->weights, tc_stream()));
  TC_TRY(TC_CUDNN(d->lib, cudnnRNNBackwardWeights_v8, d->handle, d->rnn, CUDNN_WGRAD_MODE_ADD, NULL,
                  d->x, tc_data(a->t[8]), d->h, optional(a->t[9]), d->y, tc_data(a->t[11]),
                  d->weights, space, d->work, c->work, d->reserve, c->reserve));
  return dnn_rnn_each_weight(d, space, from_space, tc_data(a->t[3]));
}

static tc_status backward(const call *c, tc_args *a) {
  const dnn_rnn *d = &c->d;
  TC_TRY(TC_CUDNN(d->lib, cudnnRNNBackwardData_v8, d->handle, d->rnn, NULL, d->y, tc_data(a->t[11]),
                  tc_data(a->t[5]), d->x, tc_data(a->t[0]), d->h, optional(a->t[9]),
                  optional(a->t[6]), optional(a->t[1]), d->c, optional(a->t[10]), optional(a->t[7]),
                  optional(a->t[2]), d->weights, c->space, d->work, c->work, d->reserve,
                  c->reserve));
  if (!optional(a->t[3])) return TC_OK;
  void *space = tc_scratch(d->weights);
  if (!space) return TC_NO_MEMORY;
  const tc_status status = weight_grads(c, a, space);
  tc_scratch_free(space, d->weights);
  return status;
}

// rnn_stack_backward(gx, gh0, gc0, gweights, memory, gy, gh, gc, x, h0, c0, y, ends, stack): a gradient that is
// not wanted is empty; memory is used up.
tc_status cuda_rnn_stack_backward(tc_args *a) {
  return call_with(a, a->t[8], a->t[12], a->t[4], backward);
}

// ---- is it taken? ----------------------------------------------------------------------------

static bool is_off(void) {
  const char *text = getenv("TOCHA_CUDNN_RNN");
  return text && strcmp(text, "off") == 0;
}

static bool is_possible(const tc_rnn *r) {
  const bool type = r->dtype == TC_float32 || tc_is_half(r->dtype);
  return type && r->batch > 0 && r->steps > 0 && r->inputs > 0 && r->hidden > 0 &&
         r->batch <= INT_MAX && r->steps <= INT_MAX && r->inputs <= INT_MAX &&
         r->hidden <= INT_MAX / 2 && r->layers <= INT_MAX / 2;
}

size_t tc_dnn_rnn_room(int index, const tc_rnn *r) {
  dnn_rnn d;
  size_t bytes = 0;
  if (is_off() || !is_possible(r) || tc_cuda_enter(index, "rnn_stack") != TC_OK) return 0;
  const tc_cudnn *lib = tc_library_cudnn();
  cudnnHandle_t handle = lib ? dnn_lock_handle(lib) : NULL;
  if (!handle) return 0;
  if (dnn_rnn_open(&d, lib, handle, r)) bytes = dnn_rnn_weights_room(&d) + d.reserve;
  dnn_rnn_close(&d);
  dnn_unlock_handle();
  return bytes;
}
#else
size_t tc_dnn_rnn_room(int index, const tc_rnn *r) {
  (void)index, (void)r;
  return 0;
}
#endif
