// Streams and events of the user's, and what else the binding calls: see csrc/cuda_calls.h.
#define _GNU_SOURCE
#include "calls.h"

#include <pthread.h>
#include <stdlib.h>

#include "alloc.h"
#include "dnn_rnn.h"
#include "pinned.h"

// ---- streams -------------------------------------------------------------------------------------

enum { SIDE_STREAMS = 32 };

static struct {
  cudaStream_t stream[SIDE_STREAMS];
  int next;
} side[TC_MAX_DEVICES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

// They are never destroyed: memory that was theirs may still wait for them.
static tc_status stream(int index, void **out) {
  TC_TRY(tc_cuda_enter(index, "Stream"));
  pthread_mutex_lock(&lock);
  cudaStream_t *s = &side[index].stream[side[index].next++ % SIDE_STREAMS];
  const tc_status status =
      *s ? TC_OK : TC_CUDA(cudaStreamCreateWithFlags, s, cudaStreamNonBlocking);
  *out = *s;
  pthread_mutex_unlock(&lock);
  return status;
}

static tc_status current_stream(int index, void **out) {
  TC_TRY(tc_cuda_enter(index, "current_stream"));
  *out = tc_stream();
  return TC_OK;
}

static tc_status use_stream(int index, void *s) {
  TC_TRY(tc_cuda_enter(index, "stream"));
  tc_cuda_use_stream(index, s);
  return TC_OK;
}

static tc_status wait_stream(int index, void *s) {
  TC_TRY(tc_cuda_enter(index, "synchronize"));
  return tc_stream_wait(s);
}

// What is not ready yet is no error.
static tc_status is_done(cudaError_t error, bool *done) {
  *done = error == cudaSuccess;
  return error == cudaErrorNotReady ? TC_OK : tc_cuda_status(error, "query");
}

static tc_status stream_is_done(int index, void *s, bool *done) {
  TC_TRY(tc_cuda_enter(index, "query"));
  return is_done(tc_rt->cudaStreamQuery(s), done);
}

static tc_status used_by(const tc_tensor *t, void *s) {
  TC_TRY(tc_cuda_enter(t->storage->device->index, "record_stream"));
  return tc_cuda_used_by(t->storage->device->index, t->storage->data, s);
}

// ---- events --------------------------------------------------------------------------------------

static tc_status event(int index, bool timing, void **out) {
  cudaEvent_t e = NULL;
  TC_TRY(tc_cuda_enter(index, "Event"));
  TC_TRY(TC_CUDA(cudaEventCreateWithFlags, &e, timing ? cudaEventDefault : cudaEventDisableTiming));
  *out = e;
  return TC_OK;
}

static void free_event(void *e) { tc_rt->cudaEventDestroy(e); }

static tc_status record_event(int index, void *e, void *s) {
  TC_TRY(tc_cuda_enter(index, "record"));
  return TC_CUDA(cudaEventRecord, e, s);
}

static tc_status await_event(int index, void *e, void *s) {
  TC_TRY(tc_cuda_enter(index, "wait"));
  return TC_CUDA(cudaStreamWaitEvent, s, e, 0);
}

static tc_status wait_event(int index, void *e) {
  TC_TRY(tc_cuda_enter(index, "synchronize"));
  TC_TRY(TC_CUDA(cudaEventSynchronize, e));
  return tc_alarm_raise(index);
}

static tc_status event_is_done(int index, void *e, bool *done) {
  TC_TRY(tc_cuda_enter(index, "query"));
  return is_done(tc_rt->cudaEventQuery(e), done);
}

static tc_status elapsed(void *start, void *end, double *milliseconds) {
  float ms = 0;
  TC_TRY(TC_CUDA(cudaEventElapsedTime, &ms, start, end));
  *milliseconds = ms;
  return TC_OK;
}

static tc_status limit(int index, size_t bytes) {
  tc_cuda_limit(index, bytes);
  return TC_OK;
}

const tc_cuda_calls tc_cuda_table = {
    .pin = tc_cuda_pin,
    .is_pinned = tc_cuda_is_pinned,
    .send = tc_cuda_send,
    .limit = limit,
    .stream = stream,
    .current_stream = current_stream,
    .use_stream = use_stream,
    .wait_stream = wait_stream,
    .stream_is_done = stream_is_done,
    .used_by = used_by,
    .event = event,
    .free_event = free_event,
    .record_event = record_event,
    .await_event = await_event,
    .wait_event = wait_event,
    .event_is_done = event_is_done,
    .elapsed = elapsed,
    .rnn_room = tc_dnn_rnn_room,
};
