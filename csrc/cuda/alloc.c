// The devices' memory: segments from the driver, cut into blocks. See alloc.h.
//
// The sizes are PyTorch's, which years of training have tried: blocks are multiples of 512 bytes; up to
// 1 MiB they lie in segments of 2 MiB, up to 10 MiB in segments of 20, and larger ones have segments of
// their own, in steps of 2 MiB. Of the free blocks the smallest that fits is taken, and what is left of
// it stays free; free blocks that touch are joined.
//
// TOCHA_CUDA_CACHE=off: every block is the driver's, so that its tools see where one ends.
// TOCHA_CUDA_POISON=1: every block that is handed out holds NaNs.
#define _GNU_SOURCE
#include "alloc.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heap.h"

#define MIB ((size_t)1 << 20)
enum { POISON = 0xFF };

// What one stream has, or one recorded step.
struct tc_pool {
  tc_pool *next;
  int index;
  cudaStream_t stream;  // NULL: of a recorded step
  tc_bins small, large;
};

// A stream that has used a block besides its own. `event` is recorded when the block is freed; not
// during a capture, which knows nothing of what is outside.
typedef struct use {
  struct use *next;
  tc_block *block;
  cudaStream_t stream;
  cudaEvent_t event;
} use;

typedef struct heap {
  tc_pool *pools;
  tc_map in_use;
  use *waiting;
  tc_device_memory stats;
  size_t limit;
} heap;

static heap heaps[TC_MAX_DEVICES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local tc_pool *captured;  // what this thread's capture takes from, or NULL

// ---- settings ----------------------------------------------------------------------------------

static bool is_set(const char *name, const char *value) {
  const char *text = getenv(name);
  return text && strcmp(text, value) == 0;
}

static bool keeps(void) {
  static atomic_int known;  // 1: no, 2: yes
  if (!atomic_load(&known)) atomic_store(&known, is_set("TOCHA_CUDA_CACHE", "off") ? 1 : 2);
  return atomic_load(&known) == 2;
}

static bool poisons(void) {
  static atomic_int known;
  if (!atomic_load(&known)) atomic_store(&known, is_set("TOCHA_CUDA_POISON", "1") ? 2 : 1);
  return atomic_load(&known) == 2;
}

// ---- sizes -------------------------------------------------------------------------------------

static size_t up(size_t n, size_t unit) { return (n + unit - 1) / unit * unit; }

static bool is_small(size_t size) { return size <= MIB; }

static size_t segment_size(size_t size) {
  if (!keeps()) return size;
  if (is_small(size)) return 2 * MIB;
  return size < 10 * MIB ? 20 * MIB : up(size, 2 * MIB);
}

// What is left of a block when it is cut is worth being one.
static size_t least_rest(size_t size) { return is_small(size) ? TC_UNIT : MIB + 1; }

// ---- pools -------------------------------------------------------------------------------------

tc_pool *tc_pool_new(int index) {
  tc_pool *p = calloc(1, sizeof *p);
  if (p) p->index = index;
  return p;
}

void tc_pool_use(tc_pool *pool) { captured = pool; }

static tc_pool *pool_of(int index, cudaStream_t s) {
  heap *h = &heaps[index];
  for (tc_pool *p = h->pools; p; p = p->next)
    if (p->stream == s) return p;
  tc_pool *p = tc_pool_new(index);
  if (!p) return NULL;
  p->stream = s;
  p->next = h->pools;
  h->pools = p;
  return p;
}

static tc_bins *bins_of(tc_pool *p, size_t size) { return is_small(size) ? &p->small : &p->large; }

// ---- segments ----------------------------------------------------------------------------------

static void grew(size_t *now, size_t *peak, size_t bytes) {
  *now += bytes;
  if (*now > *peak) *peak = *now;
}

// A capture forbids its thread cudaMalloc, unless the thread insists: it is nothing that runs again.
static cudaError_t insist_on_memory(void **out, size_t bytes) {
  enum cudaStreamCaptureMode mode = cudaStreamCaptureModeRelaxed;
  cudaError_t error = tc_rt->cudaThreadExchangeStreamCaptureMode(&mode);
  if (error != cudaSuccess) return error;
  error = tc_rt->cudaMalloc(out, bytes);
  tc_rt->cudaThreadExchangeStreamCaptureMode(&mode);
  return error;
}

static bool is_over_limit(const heap *h, size_t bytes) {
  return h->limit && (h->stats.reserved > h->limit || bytes > h->limit - h->stats.reserved);
}

// TC_NO_MEMORY is what the caller can do something about.
static tc_status new_segment(heap *h, tc_bins *bins, size_t bytes, tc_block **out) {
  void *p = NULL;
  if (is_over_limit(h, bytes)) return TC_NO_MEMORY;
  TC_TRY(tc_cuda_status(insist_on_memory(&p, bytes), "cudaMalloc"));
  *out = tc_block_new(p, bytes, bins);
  if (!*out) {
    tc_rt->cudaFree(p);
    return TC_NO_MEMORY;
  }
  tc_bins_enter(*out);
  grew(&h->stats.reserved, &h->stats.reserved_peak, bytes);
  return TC_OK;
}

// What the driver does not take back stays.
static void free_segment(heap *h, tc_block *b) {
  if (TC_CUDA(cudaFree, b->at) != TC_OK) return;
  tc_bins_leave(b);
  h->stats.reserved -= b->size;
  free(b);
}

static void free_whole(heap *h, tc_bins *bins) {
  for (int k = 0; k < TC_BINS; k++)
    for (tc_block *b = bins->bin[k], *next; b; b = next) {
      next = b->next;
      if (tc_block_is_whole(b)) free_segment(h, b);
    }
}

static void flush(heap *h) {
  for (tc_pool *p = h->pools; p; p = p->next) {
    free_whole(h, &p->small);
    free_whole(h, &p->large);
  }
}

// ---- blocks that other streams use ---------------------------------------------------------------

static void give_block(heap *h, tc_block *b) {
  tc_block_give(b);
  if (!keeps() && !captured) flush(h);
}

static tc_status record(use *u) {
  if (u->event) return TC_OK;
  TC_TRY(tc_event_take(&u->event));
  const tc_status status = TC_CUDA(cudaEventRecord, u->event, u->stream);
  if (status == TC_OK) return TC_OK;
  tc_event_give(tc_cuda_active(), u->event);
  u->event = NULL;
  return status;
}

// Is the stream through with the block? `wait`: until it is. An error counts as the end.
static bool has_ended(use *u, bool wait) {
  if (record(u) != TC_OK) return tc_rt->cudaStreamSynchronize(u->stream) == cudaSuccess || wait;
  const cudaError_t error =
      wait ? tc_rt->cudaEventSynchronize(u->event) : tc_rt->cudaEventQuery(u->event);
  if (error == cudaErrorNotReady) return false;
  tc_event_give(tc_cuda_active(), u->event);
  return true;
}

// The active device is the heap's.
static void settle(heap *h, bool wait) {
  if (captured) return;
  for (use **at = &h->waiting; *at;) {
    use *u = *at;
    if (!has_ended(u, wait)) {
      at = &u->next;
      continue;
    }
    *at = u->next;
    if (--u->block->waits == 0) give_block(h, u->block);
    free(u);
  }
}

// `record_now` is false where it cannot be done; settle will.
static void begin_waiting(heap *h, tc_block *b, bool record_now) {
  for (use *u = b->used_by, *next; u; u = next) {
    next = u->next;
    u->next = h->waiting;
    h->waiting = u;
    b->waits++;
    if (record_now) (void)record(u);
  }
  b->used_by = NULL;
}

static tc_status note_use(heap *h, void *p, cudaStream_t s) {
  tc_block *b = tc_map_find(&h->in_use, p);
  if (!b) return tc_fail(TC_INTERNAL, "record_stream: %p is no block of this device", p);
  for (const use *u = b->used_by; u; u = u->next)
    if (u->stream == s) return TC_OK;
  use *u = calloc(1, sizeof *u);
  if (!u) return tc_fail(TC_NO_MEMORY, "not enough memory for record_stream");
  u->next = b->used_by;
  u->block = b;
  u->stream = s;
  b->used_by = u;
  return TC_OK;
}

tc_status tc_cuda_used_by(int index, void *p, cudaStream_t s) {
  pthread_mutex_lock(&lock);
  const tc_status status = note_use(&heaps[index], p, s);
  pthread_mutex_unlock(&lock);
  return status;
}

// ---- out of memory -------------------------------------------------------------------------------

static void give_back_all(heap *h) {
  settle(h, true);
  flush(h);
  h->stats.retries++;
}

// A segment; without enough memory what is cached goes first, then the segment is as small as it can.
static tc_status grow(heap *h, tc_bins *bins, size_t size, tc_block **out) {
  tc_status status = new_segment(h, bins, segment_size(size), out);
  if (status != TC_NO_MEMORY || captured) return status;
  give_back_all(h);
  status = new_segment(h, bins, segment_size(size), out);
  return status == TC_NO_MEMORY ? new_segment(h, bins, up(size, 2 * MIB), out) : status;
}

static tc_status out_of_memory(heap *h, int index, size_t bytes) {
  size_t left = 0, total = 0;
  char limit[64] = "";
  h->stats.out_of_memory++;
  tc_rt->cudaMemGetInfo(&left, &total);
  const double mib = 1 / (double)MIB;
  if (h->limit) snprintf(limit, sizeof limit, ", limited to %.1f MiB", (double)h->limit * mib);
  return tc_fail(
      TC_NO_MEMORY,
      "not enough memory on cuda:%d for %.1f MiB: of %.1f MiB %.1f are free; this process "
      "has reserved %.1f MiB%s, and tensors hold %.1f of them",
      index, (double)bytes * mib, (double)total * mib, (double)left * mib,
      (double)h->stats.reserved * mib, limit, (double)h->stats.allocated * mib);
}

// ---- requests ------------------------------------------------------------------------------------

static tc_status take(heap *h, int index, size_t bytes, tc_block **out) {
  const size_t size = up(bytes ? bytes : 1, TC_UNIT);
  settle(h, false);
  const bool inside = captured && captured->index == index;
  tc_pool *pool = inside ? captured : pool_of(index, tc_cuda_stream(index));
  if (!pool) return tc_fail(TC_NO_MEMORY, "not enough memory");
  tc_bins *bins = bins_of(pool, size);
  *out = tc_bins_best(bins, size);
  const tc_status status = *out ? TC_OK : grow(h, bins, size, out);
  if (status == TC_NO_MEMORY) return out_of_memory(h, index, bytes);
  TC_TRY(status);
  tc_block_take(*out, size, least_rest(size));
  tc_map_enter(&h->in_use, *out);
  grew(&h->stats.allocated, &h->stats.allocated_peak, (*out)->size);
  h->stats.allocations++;
  return TC_OK;
}

void *tc_cuda_alloc(int index, size_t bytes) {
  tc_block *b;
  if (bytes > SIZE_MAX / 2) bytes = SIZE_MAX / 2;  // and fails, with numbers
  if (tc_cuda_enter(index, tc_cuda_operation()) != TC_OK) return NULL;
  pthread_mutex_lock(&lock);
  const tc_status status = take(&heaps[index], index, bytes, &b);
  pthread_mutex_unlock(&lock);
  if (status != TC_OK) return NULL;
  if (poisons()) tc_rt->cudaMemsetAsync(b->at, POISON, b->size, tc_cuda_stream(index));
  return b->at;
}

static void give(heap *h, void *p, bool entered) {
  tc_block *b = tc_map_find(&h->in_use, p);
  if (!b) return;
  tc_map_leave(b);
  h->stats.allocated -= b->size;
  if (b->used_by) begin_waiting(h, b, entered && !captured);
  else give_block(h, b);
}

void tc_cuda_free(int index, void *p) {
  if (!p) return;
  const bool entered = tc_cuda_enter(index, tc_cuda_operation()) == TC_OK;
  pthread_mutex_lock(&lock);
  give(&heaps[index], p, entered);
  pthread_mutex_unlock(&lock);
}

// ---- the end of a capture ------------------------------------------------------------------------

static void move_bins(tc_bins *from, tc_bins *to) {
  for (int k = 0; k < TC_BINS; k++)
    while (from->bin[k]) {
      tc_block *b = from->bin[k];
      tc_bins_leave(b);
      b->bins = to;
      tc_bins_enter(b);
    }
}

// Those in use, too, which will be freed some day.
static void move_blocks(heap *h, tc_bins *from, tc_bins *to) {
  move_bins(from, to);
  for (int k = 0; k < TC_BUCKETS; k++)
    for (tc_block *b = h->in_use.bucket[k]; b; b = b->next)
      if (b->bins == from) b->bins = to;
  for (const use *u = h->waiting; u; u = u->next)
    if (u->block->bins == from) u->block->bins = to;
}

// The graphs have run on the compute stream: what it does from now on comes after them.
void tc_pool_free(tc_pool *pool) {
  if (!pool) return;
  heap *h = &heaps[pool->index];
  pthread_mutex_lock(&lock);
  tc_pool *heir = pool_of(pool->index, tc_cuda_compute(pool->index));
  if (heir) {
    move_blocks(h, &pool->small, &heir->small);
    move_blocks(h, &pool->large, &heir->large);
    free(pool);
  }
  pthread_mutex_unlock(&lock);
}

// ---- reports -------------------------------------------------------------------------------------

void tc_cuda_memory(int index, tc_device_memory *out) {
  pthread_mutex_lock(&lock);
  *out = heaps[index].stats;
  pthread_mutex_unlock(&lock);
}

void tc_cuda_reset_peak(int index) {
  pthread_mutex_lock(&lock);
  tc_device_memory *s = &heaps[index].stats;
  s->allocated_peak = s->allocated;
  s->reserved_peak = s->reserved;
  pthread_mutex_unlock(&lock);
}

void tc_cuda_empty_cache(int index) {
  if (tc_cuda_enter(index, "empty_cache") != TC_OK) return;
  pthread_mutex_lock(&lock);
  settle(&heaps[index], true);
  flush(&heaps[index]);
  pthread_mutex_unlock(&lock);
}

void tc_cuda_limit(int index, size_t bytes) {
  pthread_mutex_lock(&lock);
  heaps[index].limit = bytes;
  pthread_mutex_unlock(&lock);
}
