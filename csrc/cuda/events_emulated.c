// Events of the emulated driver. See streams_emulated.h.
#define _GNU_SOURCE
#include "streams_emulated.h"

#include <stdlib.h>
#include <time.h>

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
  const cudaError_t error = tc_emulated_check_stream(s, "cudaEventRecord");
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
  if (e->stream) tc_emulated_advance(e->stream, e->place);
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
  tc_emulated_advance(e->stream, e->place);
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
    return tc_emulated_invalidate(s->capture, cudaErrorStreamCaptureIsolation,
                                  e->capture ? "to wait for another capture"
                                             : "to wait for what is outside of it");
  s->capture = e->capture;
  if (s->origin) e->stream->unjoined = false;
  return cudaSuccess;
}

cudaError_t tc_emulated_cudaStreamWaitEvent(cudaStream_t s, cudaEvent_t e, unsigned flags) {
  ENTER(cudaStreamWaitEvent);
  (void)flags;
  const cudaError_t error = tc_emulated_check_stream(s, "cudaStreamWaitEvent");
  if (error != cudaSuccess || !e->stream) return error;
  return s->capture || e->capture ? wait_inside(s, e) : wait_outside(s, e);
}
