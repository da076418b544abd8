// The devices' streams and events, and which of them a thread works on. See stream.h.
#define _GNU_SOURCE
#include "stream.h"

#include <pthread.h>
#include <stdatomic.h>

enum { EVENTS = 64 };  // of a device, kept for later

typedef struct device {
  atomic_bool opened;
  cudaStream_t compute, copies;
  cudaEvent_t event[EVENTS];
  int events;
} device;

static device devices[TC_MAX_DEVICES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static _Thread_local struct {
  int active;  // its index and 1, so that 0 is none
  const char *operation;
  cudaStream_t stream[TC_MAX_DEVICES];
} here;

// ---- devices -----------------------------------------------------------------------------------

tc_status tc_cuda_count(int *count) {
  const cudaError_t error = tc_rt->cudaGetDeviceCount(count);
  if (error == cudaErrorInsufficientDriver)
    return tc_fail(TC_INTERNAL, "there is no NVIDIA driver, or one older than CUDA %d.%d",
                   CUDART_VERSION / 1000, CUDART_VERSION % 1000 / 10);
  TC_TRY(tc_cuda_status(error, "cudaGetDeviceCount"));
  if (*count > TC_MAX_DEVICES) *count = TC_MAX_DEVICES;
  return *count > 0 ? TC_OK : tc_fail(TC_INTERNAL, "there is no CUDA device");
}

static tc_status open_streams(device *d) {
  if (!d->compute) TC_TRY(TC_CUDA(cudaStreamCreateWithFlags, &d->compute, cudaStreamNonBlocking));
  if (!d->copies) TC_TRY(TC_CUDA(cudaStreamCreateWithFlags, &d->copies, cudaStreamNonBlocking));
  return tc_alarm_open((int)(d - devices));
}

// What came into being before something failed is there for the next attempt.
static tc_status open_device(device *d) {
  pthread_mutex_lock(&lock);
  const tc_status status = open_streams(d);
  atomic_store(&d->opened, status == TC_OK);
  pthread_mutex_unlock(&lock);
  return status;
}

tc_status tc_cuda_enter(int index, const char *what) {
  here.operation = what;
  TC_TRY(tc_cuda_check_alive(index));
  if (here.active != index + 1) {
    TC_TRY(TC_CUDA(cudaSetDevice, index));
    here.active = index + 1;
  }
  device *d = &devices[index];
  return atomic_load_explicit(&d->opened, memory_order_acquire) ? TC_OK : open_device(d);
}

int tc_cuda_active(void) { return here.active - 1; }

const char *tc_cuda_operation(void) { return here.operation; }

// ---- streams -----------------------------------------------------------------------------------

cudaStream_t tc_cuda_compute(int index) { return devices[index].compute; }

cudaStream_t tc_cuda_copies(int index) { return devices[index].copies; }

cudaStream_t tc_cuda_stream(int index) {
  return here.stream[index] ? here.stream[index] : devices[index].compute;
}

cudaStream_t tc_stream(void) { return here.active ? tc_cuda_stream(here.active - 1) : NULL; }

void tc_cuda_use_stream(int index, cudaStream_t s) { here.stream[index] = s; }

bool tc_cuda_is_capturing(void) {
  enum cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
  const cudaStream_t s = tc_stream();
  if (!s || s == devices[here.active - 1].compute) return false;  // a capture has its own stream
  return tc_rt->cudaStreamIsCapturing(s, &status) == cudaSuccess &&
         status != cudaStreamCaptureStatusNone;
}

// ---- events ------------------------------------------------------------------------------------

tc_status tc_event_take(cudaEvent_t *out) {
  device *d = &devices[here.active - 1];
  pthread_mutex_lock(&lock);
  *out = d->events > 0 ? d->event[--d->events] : NULL;
  pthread_mutex_unlock(&lock);
  return *out ? TC_OK : TC_CUDA(cudaEventCreateWithFlags, out, cudaEventDisableTiming);
}

void tc_event_give(int index, cudaEvent_t e) {
  device *d = &devices[index];
  pthread_mutex_lock(&lock);
  const bool keep = d->events < EVENTS;
  if (keep) d->event[d->events++] = e;
  pthread_mutex_unlock(&lock);
  if (!keep) tc_rt->cudaEventDestroy(e);
}

tc_status tc_stream_after(cudaStream_t later, cudaStream_t earlier) {
  cudaEvent_t e;
  if (later == earlier) return TC_OK;
  TC_TRY(tc_event_take(&e));
  tc_status status = TC_CUDA(cudaEventRecord, e, earlier);
  if (status == TC_OK) status = TC_CUDA(cudaStreamWaitEvent, later, e, 0);
  tc_event_give(tc_cuda_active(), e);  // whoever waits for it has taken its place
  return status;
}

// ---- waiting -----------------------------------------------------------------------------------

tc_status tc_stream_wait(cudaStream_t s) {
  const int index = tc_cuda_active();
  TC_TRY(TC_CUDA(cudaStreamSynchronize, s));
  return tc_alarm_raise(index);
}

tc_status tc_cuda_synchronize(int index) {
  TC_TRY(tc_cuda_enter(index, "synchronize"));
  TC_TRY(tc_cuda_status(tc_rt->cudaDeviceSynchronize(), "cudaDeviceSynchronize"));
  return tc_alarm_raise(index);
}
