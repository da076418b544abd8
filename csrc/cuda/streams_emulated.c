// Streams, events and graphs of the emulated driver. See runtime_emulated.h.
//
// A stream is a queue of work and two counts: how much was submitted, how much is done. An event is a
// place in a stream; to wait for it is to do that stream's work up to there. Where nothing is to be
// late, work is done when it is submitted. A graph is a queue that is kept.
#define _GNU_SOURCE
#include "runtime_emulated.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

typedef struct work {
  struct work *next;
  void (*run)(void *);
  void (*drop)(void *);
  void *context;
} work;

typedef struct queue {
  work *first, *last;
  size_t count;
} queue;

struct CUgraph_st {
  queue nodes;
  int refs;  // executables run the nodes of the graph that they were made of
  bool invalid;
  enum cudaStreamCaptureMode mode;
  pthread_t thread;
};

struct CUgraphExec_st {
  struct CUgraph_st *graph;
};

struct CUstream_st {
  struct CUstream_st *next;
  int device;
  bool destroyed;
  queue queue;
  uint64_t submitted, done;
  struct CUgraph_st *capture;  // into which it captures, or NULL
  bool origin;                 // its own capture; else it has joined one by waiting for an event
  bool unjoined;               // has work that the origin has not waited for
};

struct CUevent_st {
  struct CUstream_st *stream;  // NULL: not recorded yet
  uint64_t place;
  struct CUgraph_st *capture;
  double time;
};

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
  q->count++;
  return cudaSuccess;
}

static work pop(queue *q) {
  work *first = q->first, copy = *first;
  q->first = first->next;
  if (!q->first) q->last = NULL;
  q->count--;
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

static void advance(struct CUstream_st *s, uint64_t place) {
  while (s->done < place && s->queue.first) {
    const work w = pop(&s->queue);
    s->done++;
    w.run(w.context);
    drop(&w);
  }
}

void tc_emulated_finish(cudaStream_t s) { advance(s, s->submitted); }

void tc_emulated_finish_device(int device) {
  for (struct CUstream_st *s = streams; s; s = s->next)
    if (device < 0 || s->device == device) advance(s, s->submitted);
}

// ---- captures ----------------------------------------------------------------------------------

static cudaError_t check_stream(cudaStream_t s, const char *call) {
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

static cudaError_t invalidate(struct CUgraph_st *g, cudaError_t error, const char *what) {
  g->invalid = true;
  return tc_emulated_error(error, "%s is not permitted during a capture", what);
}

cudaError_t tc_emulated_unsafe(const char *call) {
  for (const struct CUstream_st *s = streams; s; s = s->next)
    if (s->capture && s->origin && forbids(s->capture))
      return invalidate(s->capture, cudaErrorStreamCaptureUnsupported, call);
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
  cudaError_t error = check_stream(s, "work");
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
  const cudaError_t error = check_stream(s, "cudaStreamBeginCapture");
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
  if (!s->origin) return invalidate(g, cudaErrorStreamCaptureUnmatched, "to end another's capture");
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
  return check_stream(s, "cudaStreamIsCapturing");
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
  const cudaError_t error = check_stream(s, "cudaStreamDestroy");
  if (error != cudaSuccess) return error;
  struct CUgraph_st *g = s->origin ? s->capture : NULL;
  if (g) {
    leave_capture(g);
    release_graph(g);
  }
  advance(s, s->submitted);
  s->destroyed = true;
  return entered_;
}

static cudaError_t check_wait(cudaStream_t s, const char *call) {
  const cudaError_t error = check_stream(s, call);
  if (error != cudaSuccess) return error;
  if (s->capture) return invalidate(s->capture, cudaErrorStreamCaptureUnsupported, call);
  return tc_emulated_unsafe(call);
}

cudaError_t tc_emulated_cudaStreamSynchronize(cudaStream_t s) {
  ENTER(cudaStreamSynchronize);
  const cudaError_t error = check_wait(s, "cudaStreamSynchronize");
  if (error != cudaSuccess) return error;
  advance(s, s->submitted);
  return (cudaError_t)tc_emulate_peek_error();
}

cudaError_t tc_emulated_cudaStreamQuery(cudaStream_t s) {
  ENTER(cudaStreamQuery);
  const cudaError_t error = check_wait(s, "cudaStreamQuery");
  if (error != cudaSuccess) return error;
  return s->done < s->submitted ? cudaErrorNotReady : (cudaError_t)tc_emulate_peek_error();
}

// ---- events ------------------------------------------------------------------------------------

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

cudaError_t tc_emulated_cudaEventCreateWithFlags(cudaEvent_t *out, unsigned flags) {
  ENTER(cudaEventCreateWithFlags);
  (void)flags;
  *out = calloc(1, sizeof **out);
  return *out ? cudaSuccess : tc_emulated_error(cudaErrorMemoryAllocation, "out of memory");
}

cudaError_t tc_emulated_cudaEventDestroy(cudaEvent_t e) {
  ENTER_ANYWAY(cudaEventDestroy);
  free(e);
  return entered_;
}

cudaError_t tc_emulated_cudaEventRecord(cudaEvent_t e, cudaStream_t s) {
  ENTER(cudaEventRecord);
  const cudaError_t error = check_stream(s, "cudaEventRecord");
  if (error != cudaSuccess) return error;
  *e = (struct CUevent_st){s, s->submitted, s->capture, now()};
  return cudaSuccess;
}

static bool has_passed(const struct CUevent_st *e) {
  return !e->stream || e->stream->done >= e->place;
}

static cudaError_t check_event(const struct CUevent_st *e, const char *call) {
  const cudaError_t error = tc_emulated_unsafe(call);
  if (error != cudaSuccess || !e->capture) return error;
  return tc_emulated_error(cudaErrorCapturedEvent, "%s: the event was recorded in a capture", call);
}

cudaError_t tc_emulated_cudaEventQuery(cudaEvent_t e) {
  ENTER(cudaEventQuery);
  const cudaError_t error = check_event(e, "cudaEventQuery");
  if (error != cudaSuccess) return error;
  return has_passed(e) ? cudaSuccess : cudaErrorNotReady;
}

cudaError_t tc_emulated_cudaEventSynchronize(cudaEvent_t e) {
  ENTER(cudaEventSynchronize);
  const cudaError_t error = check_event(e, "cudaEventSynchronize");
  if (error != cudaSuccess) return error;
  if (e->stream) advance(e->stream, e->place);
  return (cudaError_t)tc_emulate_peek_error();
}

cudaError_t tc_emulated_cudaEventElapsedTime(float *ms, cudaEvent_t start, cudaEvent_t end) {
  ENTER(cudaEventElapsedTime);
  if (!start->stream || !end->stream)
    return tc_emulated_error(cudaErrorInvalidResourceHandle, "an event that was not recorded");
  *ms = (float)(end->time - start->time);
  return has_passed(end) ? cudaSuccess : cudaErrorNotReady;
}

static void wait_for(void *context) {
  const struct CUevent_st *e = context;
  advance(e->stream, e->place);
}

static cudaError_t wait_outside(cudaStream_t s, const struct CUevent_st *e) {
  if (has_passed(e)) return cudaSuccess;
  struct CUevent_st *copy = malloc(sizeof *copy);
  if (!copy) return tc_emulated_error(cudaErrorMemoryAllocation, "out of memory");
  *copy = *e;
  return tc_emulated_work(s, wait_for, copy, free);
}

// A stream that waits for an event of a capture joins it; the origin that waits takes it back.
static cudaError_t wait_inside(cudaStream_t s, const struct CUevent_st *e) {
  if (s->capture && s->capture != e->capture)
    return invalidate(s->capture, cudaErrorStreamCaptureIsolation,
                      e->capture ? "to wait for another capture"
                                 : "to wait for what is outside of it");
  s->capture = e->capture;
  if (s->origin) e->stream->unjoined = false;
  return cudaSuccess;
}

cudaError_t tc_emulated_cudaStreamWaitEvent(cudaStream_t s, cudaEvent_t e, unsigned flags) {
  ENTER(cudaStreamWaitEvent);
  (void)flags;
  const cudaError_t error = check_stream(s, "cudaStreamWaitEvent");
  if (error != cudaSuccess || !e->stream) return error;
  return s->capture || e->capture ? wait_inside(s, e) : wait_outside(s, e);
}

// ---- graphs ------------------------------------------------------------------------------------

cudaError_t tc_emulated_cudaGraphGetNodes(cudaGraph_t g, cudaGraphNode_t *nodes, size_t *n) {
  ENTER(cudaGraphGetNodes);
  if (nodes) return tc_emulated_error(cudaErrorNotSupported, "nodes are counted, not shown");
  *n = g->nodes.count;
  return cudaSuccess;
}

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

static bool is_alike(const queue *a, const queue *b) {
  const work *x = a->first, *y = b->first;
  for (; x && y && x->run == y->run; x = x->next) y = y->next;
  return !x && !y;
}

cudaError_t tc_emulated_cudaGraphExecUpdate(cudaGraphExec_t e, cudaGraph_t g,
                                            cudaGraphExecUpdateResultInfo *info) {
  ENTER(cudaGraphExecUpdate);
  *info = (cudaGraphExecUpdateResultInfo){.result = cudaGraphExecUpdateSuccess};
  if (!is_alike(&e->graph->nodes, &g->nodes)) {
    info->result = cudaGraphExecUpdateErrorTopologyChanged;
    return tc_emulated_error(cudaErrorGraphExecUpdateFailure, "the graphs differ");
  }
  g->refs++;
  release_graph(e->graph);
  e->graph = g;
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
