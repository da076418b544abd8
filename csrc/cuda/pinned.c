// Page-locked memory and the copies from it: see pinned.h.
//
// To lock pages takes longer than most copies, so blocks are kept for the next batch, by powers of two;
// a block whose copy is still under way waits for its event. The copy runs on the device's stream for
// copies, into memory of that stream, while the compute stream works on what came before.
#define _GNU_SOURCE
#include "pinned.h"

#include <pthread.h>
#include <stdlib.h>

#include "alloc.h"
#include "host.h"

enum { LEAST_BITS = 12, CLASSES = 64 };

typedef struct pin {
  struct pin *next, *other;  // in its class, when it is kept; of all
  char *at;
  int class;
  int index;          // the device of the event
  cudaEvent_t event;  // after the last copy from it, or NULL
} pin;

static pin *kept[CLASSES], *all;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int class_of(size_t bytes) {
  if (bytes <= (size_t)1 << LEAST_BITS) return LEAST_BITS;
  return 64 - __builtin_clzll((unsigned long long)(bytes - 1));
}

// ---- blocks --------------------------------------------------------------------------------------

static bool is_free(const pin *p) {
  return !p->event || tc_rt->cudaEventQuery(p->event) == cudaSuccess;
}

static pin *take_kept(int class) {
  pthread_mutex_lock(&lock);
  pin **at = &kept[class];
  while (*at && !is_free(*at)) at = &(*at)->next;
  pin *p = *at;
  if (p) *at = p->next;
  pthread_mutex_unlock(&lock);
  return p;
}

static tc_status new_pin(int class, pin **out) {
  void *at = NULL;
  pin *p = calloc(1, sizeof *p);
  if (!p) return tc_fail(TC_NO_MEMORY, "not enough memory");
  const tc_status status = TC_CUDA(cudaHostAlloc, &at, (size_t)1 << class, cudaHostAllocPortable);
  if (status != TC_OK) {
    free(p);
    return status;
  }
  p->at = at;
  p->class = class;
  pthread_mutex_lock(&lock);
  p->other = all;
  all = p;
  pthread_mutex_unlock(&lock);
  *out = p;
  return TC_OK;
}

bool tc_cuda_holds_pinned(const void *address) {
  pthread_mutex_lock(&lock);
  const pin *p = all;
  while (p && (uintptr_t)address - (uintptr_t)p->at >= (size_t)1 << p->class) p = p->other;
  pthread_mutex_unlock(&lock);
  return p != NULL;
}

static void keep_pin(void *context, void *data) {
  pin *p = context;
  (void)data;
  pthread_mutex_lock(&lock);
  p->next = kept[p->class];
  kept[p->class] = p;
  pthread_mutex_unlock(&lock);
}

tc_status tc_cuda_pin(size_t bytes, tc_storage **out) {
  const int active = tc_cuda_active(), class = class_of(bytes);
  if (class >= 48) return tc_fail(TC_NO_MEMORY, "not enough memory to pin %zu bytes", bytes);
  TC_TRY(tc_cuda_enter(active < 0 ? 0 : active, "pin_memory"));
  pin *p = take_kept(class);
  if (!p) TC_TRY(new_pin(class, &p));
  const tc_status status = tc_storage_wrap(tc_host_cpu(), p->at, bytes, keep_pin, p, out);
  if (status != TC_OK) keep_pin(p, NULL);
  return status;
}

bool tc_cuda_is_pinned(const tc_storage *s) { return s->release == keep_pin; }

static void free_pin(pin *p) {
  pin **at = &all;
  while (*at != p) at = &(*at)->other;
  *at = p->other;
  if (p->event) {
    tc_rt->cudaEventSynchronize(p->event);
    tc_event_give(p->index, p->event);
  }
  tc_rt->cudaFreeHost(p->at);
  free(p);
}

void tc_cuda_unpin(void) {
  pthread_mutex_lock(&lock);
  for (int k = 0; k < CLASSES; k++)
    while (kept[k]) {
      pin *p = kept[k];
      kept[k] = p->next;
      free_pin(p);
    }
  pthread_mutex_unlock(&lock);
}

// ---- copies --------------------------------------------------------------------------------------

// An event is one device's: a copy to another device than before waits for the one before.
static tc_status note_copy(pin *p, int index, cudaStream_t s) {
  if (p->event && p->index != index) {
    TC_TRY(TC_CUDA(cudaEventSynchronize, p->event));
    tc_event_give(p->index, p->event);
    p->event = NULL;
  }
  if (!p->event) TC_TRY(tc_event_take(&p->event));
  p->index = index;
  return TC_CUDA(cudaEventRecord, p->event, s);
}

// `out` is the copies' stream's memory, and the thread's own stream is going to use it.
static tc_status copy(int index, const tc_tensor *from, tc_tensor *out, cudaStream_t own) {
  const cudaStream_t s = tc_cuda_copies(index);
  const size_t bytes = (size_t)tc_numel(from) * tc_itemsize((tc_dtype)from->dtype);
  if (!bytes) return TC_OK;
  TC_TRY(TC_CUDA(cudaMemcpyAsync, tc_data(out), tc_data(from), bytes, cudaMemcpyHostToDevice, s));
  TC_TRY(note_copy(from->storage->context, index, s));
  TC_TRY(tc_stream_after(own, s));
  return tc_cuda_used_by(index, out->storage->data, own);
}

tc_status tc_cuda_send(const tc_device *there, const tc_tensor *from, tc_tensor *out) {
  const int index = there->index;
  TC_TRY(tc_cuda_enter(index, "to"));
  if (tc_cuda_is_capturing())
    return tc_fail(TC_BAD_VALUE, "the host has a part in it, which a captured graph cannot have");
  const cudaStream_t own = tc_stream();
  tc_cuda_use_stream(index, tc_cuda_copies(index));
  tc_status status = tc_tensor_new(out, there, (tc_dtype)from->dtype, from->ndim, from->size);
  tc_cuda_use_stream(index, own);
  if (status != TC_OK) return status;
  status = copy(index, from, out, own);
  if (status != TC_OK) {
    tc_rt->cudaStreamSynchronize(tc_cuda_copies(index));  // `from` may go at once
    tc_tensor_free(out);
  }
  return status;
}
