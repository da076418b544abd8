// Captured graphs: see capture.h.
//
// A capture has a stream of its own, since whatever another thread gives a capturing stream would
// become a part of the graph. Memory that is taken during a capture comes from a pool that all parts
// of one recorded step share, and stays there: the runs use it again, in the same order.
#include "capture.h"

#include <stdlib.h>

#include "alloc.h"

struct tc_captured {
  int index;
  tc_pool *pool;
  cudaStream_t stream, before;  // of the capture that is on; what the thread worked on
  cudaStream_t last;            // on which a part ran last
  cudaGraphExec_t *part;
  int count, room;
};

static tc_status no_memory(void) {
  return tc_fail(TC_NO_MEMORY, "not enough memory for a capture");
}

static tc_status new_captured(int index, tc_captured **out) {
  tc_captured *c = calloc(1, sizeof *c);
  tc_pool *pool = c ? tc_pool_new(index) : NULL;
  if (!pool) {
    free(c);
    return no_memory();
  }
  c->index = index;
  c->pool = pool;
  *out = c;
  return TC_OK;
}

static tc_status room_for_one(tc_captured *c) {
  if (c->count < c->room) return TC_OK;
  const int more = c->room ? 2 * c->room : 8;
  cudaGraphExec_t *bigger = realloc(c->part, (size_t)more * sizeof *bigger);
  if (!bigger) return no_memory();
  c->part = bigger;
  c->room = more;
  return TC_OK;
}

static void stop(tc_captured *c) {
  tc_pool_use(NULL);
  tc_cuda_use_stream(c->index, c->before);
  if (c->stream) tc_rt->cudaStreamDestroy(c->stream);
  c->stream = NULL;
}

// ThreadLocal: what this thread must not do during a capture is an error, other threads go on.
static tc_status start(tc_captured *c) {
  TC_TRY(room_for_one(c));
  TC_TRY(TC_CUDA(cudaStreamCreateWithFlags, &c->stream, cudaStreamNonBlocking));
  c->before = tc_cuda_stream(c->index);
  tc_status status = TC_CUDA(cudaStreamBeginCapture, c->stream, cudaStreamCaptureModeThreadLocal);
  tc_cuda_use_stream(c->index, c->stream);
  tc_pool_use(c->pool);
  if (status != TC_OK) stop(c);
  return status;
}

tc_status tc_cuda_capture_begin(const tc_device *self, tc_captured **c) {
  TC_TRY(tc_cuda_enter(self->index, tc_cuda_operation()));
  if (tc_cuda_is_capturing()) return tc_fail(TC_BAD_VALUE, "this thread is capturing already");
  if (!*c) TC_TRY(new_captured(self->index, c));
  return start(*c);
}

static tc_status instantiate(tc_captured *c, cudaGraph_t graph) {
  const tc_status status = TC_CUDA(cudaGraphInstantiate, &c->part[c->count], graph, 0);
  tc_rt->cudaGraphDestroy(graph);
  if (status == TC_OK) c->count++;
  return status;
}

tc_status tc_cuda_capture_end(const tc_device *self, tc_captured *c, int *part) {
  cudaGraph_t graph = NULL;
  const tc_status entered = tc_cuda_enter(self->index, tc_cuda_operation());
  tc_status status = TC_CUDA(cudaStreamEndCapture, c->stream, &graph);
  stop(c);
  if (status == TC_OK) status = entered;
  if (status == TC_OK && part) status = instantiate(c, graph);
  else if (graph) tc_rt->cudaGraphDestroy(graph);
  if (status == TC_OK && part) *part = c->count - 1;
  return status;
}

// All parts use the same memory, one after the other.
tc_status tc_cuda_capture_launch(const tc_device *self, tc_captured *c, int part) {
  TC_TRY(tc_cuda_enter(self->index, "recorded step"));
  const cudaStream_t s = tc_stream();
  if (c->last) TC_TRY(tc_stream_after(s, c->last));
  c->last = s;
  return TC_CUDA(cudaGraphLaunch, c->part[part], s);
}

// The last run may not have ended: the driver keeps what it needs for it, and what the compute stream
// does with the memory comes later.
void tc_cuda_capture_free(const tc_device *self, tc_captured *c) {
  if (!c) return;
  const bool entered = tc_cuda_enter(self->index, tc_cuda_operation()) == TC_OK;
  if (entered && c->last) (void)tc_stream_after(tc_cuda_compute(c->index), c->last);
  for (int k = 0; k < c->count; k++) tc_rt->cudaGraphExecDestroy(c->part[k]);
  tc_pool_free(c->pool);
  free(c->part);
  free(c);
}
