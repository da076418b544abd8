// What goes wrong on a device: errors of the runtime as a tc_status, devices that cannot be used any
// more, alarms that kernels raise.
//
// A kernel's own failure (an address out of bounds) shows at some later call, and from then on every
// call fails: the device is given up, with one message that says so. What a kernel finds by itself (an
// index out of range) it writes into a word of the host's memory, one for each operation; whoever
// waits for the device reads them.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "device.h"
#include "stream.h"

enum { ALARMS = 64 };  // operations that raise them

typedef struct failures {
  atomic_bool dead;
  char epitaph[512];
  int *alarm, *on_device;            // ALARMS words, as the host and as the device see them
  _Atomic(const char *) of[ALARMS];  // whose word it is
} failures;

static failures all[TC_MAX_DEVICES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

// ---- errors ------------------------------------------------------------------------------------

// Or the next launch would find it again.
static void forget_error(void) { (void)tc_rt->cudaGetLastError(); }

// An error of a kernel, which a call that waits returns. It may be one that stays: then the next call
// returns it as well.
static bool is_fatal(cudaError_t error) {
  const int first = cudaErrorIllegalAddress, last = cudaErrorLaunchFailure, number = (int)error;
  if (error != cudaErrorECCUncorrectable && (number < first || number > last)) return false;
  if (tc_cuda_is_capturing()) return false;
  return tc_rt->cudaDeviceSynchronize() != cudaSuccess;
}

tc_status tc_cuda_check_alive(int index) {
  const failures *f = &all[index];
  if (!atomic_load_explicit(&f->dead, memory_order_acquire)) return TC_OK;
  return tc_fail(TC_INTERNAL, "%s", f->epitaph);
}

static tc_status die(int index, const char *text) {
  failures *f = &all[index];
  const char *operation = tc_cuda_operation();
  pthread_mutex_lock(&lock);
  if (!f->dead)
    snprintf(
        f->epitaph, sizeof f->epitaph,
        "cuda:%d cannot be used any more, in this process: %s. A kernel has failed, of '%s' or "
        "before; with TOCHA_CUDA_SYNC=1 the error comes from the call itself",
        index, text, operation ? operation : "?");
  atomic_store_explicit(&f->dead, true, memory_order_release);
  pthread_mutex_unlock(&lock);
  return tc_cuda_check_alive(index);
}

tc_status tc_cuda_status(cudaError_t error, const char *what) {
  char text[256];
  if (error == cudaSuccess) return TC_OK;
  snprintf(text, sizeof text, "%s", tc_rt->cudaGetErrorString(error));
  const int index = tc_cuda_active();
  forget_error();
  const bool fatal = index >= 0 && is_fatal(error);
  forget_error();
  if (fatal) return die(index, text);
  return tc_fail(error == cudaErrorMemoryAllocation ? TC_NO_MEMORY : TC_INTERNAL, "%s: %s", what,
                 text);
}

tc_status tc_launched(void) { return tc_cuda_status(tc_rt->cudaGetLastError(), "launch"); }

// ---- alarms ------------------------------------------------------------------------------------

// For one thread at a time.
tc_status tc_alarm_open(int index) {
  failures *f = &all[index];
  void *host = NULL, *device = NULL;
  if (f->alarm) return TC_OK;
  TC_TRY(TC_CUDA(cudaHostAlloc, &host, ALARMS * sizeof(int),
                 cudaHostAllocMapped | cudaHostAllocPortable));
  const tc_status status = TC_CUDA(cudaHostGetDevicePointer, &device, host, 0);
  if (status != TC_OK) {
    tc_rt->cudaFreeHost(host);
    return status;
  }
  memset(host, 0, ALARMS * sizeof(int));
  f->on_device = device;
  f->alarm = host;
  return TC_OK;
}

// The last word is of all that find no place.
int *tc_alarm(void) {
  failures *f = &all[tc_cuda_active()];
  const char *operation = tc_cuda_operation();
  int k = 0;
  for (; k < ALARMS - 1; k++) {
    const char *of = NULL;
    if (atomic_compare_exchange_strong(&f->of[k], &of, operation) || of == operation) break;
  }
  return f->on_device + k;
}

static tc_status raise(failures *f, int k) {
  const char *of = atomic_load(&f->of[k]);
  ((volatile int *)f->alarm)[k] = 0;
  return tc_fail(TC_BAD_VALUE, "'%s' has met an index out of range, or an integer divided by zero",
                 of ? of : "a kernel");
}

tc_status tc_alarm_raise(int index) {
  failures *f = &all[index];
  const volatile int *alarm = f->alarm;
  for (int k = 0; alarm && k < ALARMS; k++)
    if (alarm[k]) return raise(f, k);
  return TC_OK;
}
