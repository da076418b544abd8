// Streams and graphs of the emulated driver. See runtime_emulated.h.
#define _GNU_SOURCE
#include "streams_emulated.h"

#include <stdlib.h>

static struct CUstream_st *streams;
static _Thread_local enum cudaStreamCaptureMode thread_mode = cudaStreamCaptureModeGlobal;

// ---- queues ------------------------------------------------------------------------------------

static cudaError_t push(queue *q, work what) {
  work *w = malloc(sizeof *w);
  if (!w) return tc_emulated_error(cudaErrorMemoryAllocation, "out of memory for work");
  *w = what;
  if (q->last) q->last->next = w;
  else q->first = w;
  q->last = w;
  return cudaSuccess;
}

static work pop(queue *q) {
  work *first = q->first, copy = *first;
  q->first = first->next;
  if (!q->first) q->last = NULL;
  free(first);
  return copy;
}

static void drop(const work *w) {
  if (w->drop) w->drop(w->context);
}

static void release_graph(struct CUgraph_st *g) {
  if (--g->refs > 0) return;
  while (g->nodes.first) {
    const work w = pop(&g->nodes);
    drop(&w);
  }
  free(g);
}

void tc_emulated_advance(struct CUstream_st *s, uint64_t place) {
  while (s->done < place && s->queue.first) {
    const work w = pop(&s->queue);
    s->done++;
    w.run(w.context);
    drop(&w);
  }
}

void tc_emulated_finish(cudaStream_t s) { tc_emulated_advance(s, s->submitted); }

void tc_emulated_finish_device(int device) {
  for (struct CUstream_st *s = streams; s; s = s->next)
    if (device < 0 || s->device == device) tc_emulated_advance(s, s->submitted);
}

// ---- captures ----------------------------------------------------------------------------------

cudaError_t tc_emulated_check_stream(cudaStream_t s, const char *call) {
  if (s && !s->destroyed) return cudaSuccess;
  return tc_emulated_error(cudaErrorInvalidResourceHandle, "%s: %s", call,
                           s ? "the stream is destroyed" : "the legacy default stream");
}

bool tc_emulated_is_capturing(cudaStream_t s) { return s && s->capture; }

static bool forbids(const struct CUgraph_st *g) {
  if (g->mode == cudaStreamCaptureModeRelaxed || thread_mode == cudaStreamCaptureModeRelaxed)
    return false;
  return pthread_equal(g->thread, pthread_self()) ||
         (g->mode == cudaStreamCaptureModeGlobal && thread_mode == cudaStreamCaptureModeGlobal);
}

cudaError_t tc_emulated_invalidate(struct CUgraph_st *g, cudaError_t error, const char *what) {
  g->invalid = true;
  return tc_emulated_error(error, "%s is not permitted during a capture", what);
}

cudaError_t tc_emulated_unsafe(const char *call) {
  for (const struct CUstream_st *s = streams; s; s = s->next)
    if (s->capture && s->origin && forbids(s->capture))
      return tc_emulated_invalidate(s->capture, cudaErrorStreamCaptureUnsupported, call);
  return cudaSuccess;
}

static cudaError_t submit_to_graph(struct CUstream_st *s, work w) {
  if (s->capture->invalid)
    return tc_emulated_error(cudaErrorStreamCaptureInvalidated, "the capture has failed before");
  s->unjoined = !s->origin;
  return push(&s->capture->nodes, w);
}

static cudaError_t submit(struct CUstream_st *s, work w) {
  if (s->capture) return submit_to_graph(s, w);
  if (tc_emulated.late) {
    const cudaError_t error = push(&s->queue, w);
    if (error == cudaSuccess) s->submitted++;
    return error;
  }
  s->submitted++, s->done++;
  w.run(w.context);
  drop(&w);
  return cudaSuccess;
}

cudaError_t tc_emulated_work(cudaStream_t s, void (*run)(void *), void *context,
                             void (*drop_context)(void *)) {
  const work w = {NULL, run, drop_context, context};
  cudaError_t error = tc_emulated_check_stream(s, "work");
  if (error == cudaSuccess) error = submit(s, w);
  if (error != cudaSuccess) drop(&w);
  return error;
}

static cudaError_t submit_launch(cudaStream_t s, const work *w) {
  ENTER(launch);
  return tc_emulated_work(s, w->run, w->context, w->drop);
}

void tc_emulate_submit(void *stream, void (*run)(void *), void *context,
                       void (*drop_context)(void *)) {
  submit_launch(stream, &(work){NULL, run, drop_context, context});
}

cudaError_t tc_emulated_cudaStreamBeginCapture(cudaStream_t s, enum cudaStreamCaptureMode mode) {
  ENTER(cudaStreamBeginCapture);
  const cudaError_t error = tc_emulated_check_stream(s, "cudaStreamBeginCapture");
  if (error != cudaSuccess) return error;
  if (s->capture) return tc_emulated_error(cudaErrorIllegalState, "the stream captures already");
  struct CUgraph_st *g = calloc(1, sizeof *g);
  if (!g) return tc_emulated_error(cudaErrorMemoryAllocation, "out of memory for a graph");
  g->refs = 1;
  g->mode = mode;
  g->thread = pthread_self();
  s->capture = g;
  s->origin = true;
  return cudaSuccess;
}

static bool leave_capture(const struct CUgraph_st *g) {
  bool joined = true;
  for (struct CUstream_st *s = streams; s; s = s->next) {
    if (s->capture != g) continue;
    joined = joined && !s->unjoined;
    s->capture = NULL;
    s->origin = s->unjoined = false;
  }
  return joined;
}

cudaError_t tc_emulated_cudaStreamEndCapture(cudaStream_t s, cudaGraph_t *out) {
  ENTER(cudaStreamEndCapture);
  *out = NULL;
  if (!s || !s->capture)
    return tc_emulated_error(cudaErrorIllegalState, "the stream does not capture");
  struct CUgraph_st *g = s->capture;
  if (!s->origin)
    return tc_emulated_invalidate(g, cudaErrorStreamCaptureUnmatched, "to end another's capture");
  if (!pthread_equal(g->thread, pthread_self()))
    return tc_emulated_error(cudaErrorStreamCaptureWrongThread, "the capture of another thread");
  const bool invalid = g->invalid;
  const bool joined = leave_capture(g);
  if (!invalid && joined) *out = g;
  else release_graph(g);
  if (invalid)
    return tc_emulated_error(cudaErrorStreamCaptureInvalidated, "the capture has failed before");
  if (joined) return cudaSuccess;
  return tc_emulated_error(cudaErrorStreamCaptureUnjoined, "a stream of the capture is not joined");
}

cudaError_t tc_emulated_cudaStreamIsCapturing(cudaStream_t s, enum cudaStreamCaptureStatus *out) {
  ENTER(cudaStreamIsCapturing);
  *out = !s || !s->capture     ? cudaStreamCaptureStatusNone
         : s->capture->invalid ? cudaStreamCaptureStatusInvalidated
                               : cudaStreamCaptureStatusActive;
  return tc_emulated_check_stream(s, "cudaStreamIsCapturing");
}

cudaError_t tc_emulated_cudaThreadExchangeStreamCaptureMode(enum cudaStreamCaptureMode *mode) {
  ENTER(cudaThreadExchangeStreamCaptureMode);
  const enum cudaStreamCaptureMode before = thread_mode;
  thread_mode = *mode;
  *mode = before;
  return cudaSuccess;
}

// ---- streams -----------------------------------------------------------------------------------

cudaError_t tc_emulated_cudaStreamCreateWithFlags(cudaStream_t *out, unsigned flags) {
  ENTER(cudaStreamCreateWithFlags);
  (void)flags;
  struct CUstream_st *s = calloc(1, sizeof *s);
  if (!s) return tc_emulated_error(cudaErrorMemoryAllocation, "out of memory for a stream");
  s->device = tc_emulated_device();
  s->next = streams;
  streams = s;
  *out = s;
  return cudaSuccess;
}

// Events may still point to it: it stays.
cudaError_t tc_emulated_cudaStreamDestroy(cudaStream_t s) {
  ENTER_ANYWAY(cudaStreamDestroy);
  const cudaError_t error = tc_emulated_check_stream(s, "cudaStreamDestroy");
  if (error != cudaSuccess) return error;
  struct CUgraph_st *g = s->origin ? s->capture : NULL;
  if (g) {
    leave_capture(g);
    release_graph(g);
  }
  tc_emulated_advance(s, s->submitted);
  s->destroyed = true;
  return entered_;
}

static cudaError_t check_wait(cudaStream_t s, const char *call) {
  const cudaError_t error = tc_emulated_check_stream(s, call);
  if (error != cudaSuccess) return error;
  if (s->capture)
    return tc_emulated_invalidate(s->capture, cudaErrorStreamCaptureUnsupported, call);
  return tc_emulated_unsafe(call);
}

cudaError_t tc_emulated_cudaStreamSynchronize(cudaStream_t s) {
  ENTER(cudaStreamSynchronize);
  const cudaError_t error = check_wait(s, "cudaStreamSynchronize");
  if (error != cudaSuccess) return error;
  tc_emulated_advance(s, s->submitted);
  return (cudaError_t)tc_emulate_peek_error();
}

cudaError_t tc_emulated_cudaStreamQuery(cudaStream_t s) {
  ENTER(cudaStreamQuery);
  const cudaError_t error = check_wait(s, "cudaStreamQuery");
  if (error != cudaSuccess) return error;
  return s->done < s->submitted ? cudaErrorNotReady : (cudaError_t)tc_emulate_peek_error();
}

// ---- graphs ------------------------------------------------------------------------------------

cudaError_t tc_emulated_cudaGraphInstantiate(cudaGraphExec_t *out, cudaGraph_t g,
                                             unsigned long long flags) {
  ENTER(cudaGraphInstantiate);
  (void)flags;
  *out = malloc(sizeof **out);
  if (!*out) return tc_emulated_error(cudaErrorMemoryAllocation, "out of memory");
  (*out)->graph = g;
  g->refs++;
  return cudaSuccess;
}

static void run_graph(void *context) {
  const struct CUgraph_st *g = context;
  for (const work *w = g->nodes.first; w; w = w->next) w->run(w->context);
}

static void drop_graph(void *context) { release_graph(context); }

cudaError_t tc_emulated_cudaGraphLaunch(cudaGraphExec_t e, cudaStream_t s) {
  ENTER(cudaGraphLaunch);
  e->graph->refs++;
  return tc_emulated_work(s, run_graph, e->graph, drop_graph);
}

cudaError_t tc_emulated_cudaGraphExecDestroy(cudaGraphExec_t e) {
  ENTER_ANYWAY(cudaGraphExecDestroy);
  release_graph(e->graph);
  free(e);
  return entered_;
}

cudaError_t tc_emulated_cudaGraphDestroy(cudaGraph_t g) {
  ENTER_ANYWAY(cudaGraphDestroy);
  release_graph(g);
  return entered_;
}
