// The CUDA back end's memory (csrc/cuda/alloc.c) over a driver in the host's memory: blocks taken and
// given back in random orders, blocks that several streams use, too little memory, a driver whose n-th
// call fails, for every n.
#include "fake_driver.h"

#include <stdlib.h>

#include "cuda/alloc.h"

enum { LIVE = 200, TURNS = 20000 };

#define MIB ((size_t)1 << 20)

static tc_device_memory stats(int index) {
  tc_device_memory m;
  tc_cuda_memory(index, &m);
  return m;
}

static void check_nothing_is_left(const char *when) {
  for (int k = 0; k < 2; k++) {
    tc_cuda_empty_cache(k);
    const tc_device_memory m = stats(k);
    if (m.allocated || m.reserved || driver_used(k)) printf("%s, device %d: ", when, k);
    check(m.allocated == 0, "nothing is allocated when all is freed");
    check(m.reserved == 0 && driver_used(k) == 0, "an empty cache leaves nothing");
  }
}

// ---- random orders -------------------------------------------------------------------------------

typedef struct held {
  unsigned char *at;
  size_t size;
  int device;
  unsigned char mark;
} held;

static size_t random_size(void) {
  switch (random_below(8)) {
    case 0: return 1 + random_below(12 * MIB);
    case 1: return 1 + random_below(2 * MIB);
    default: return random_below(5000);
  }
}

static void take_one(held *h) {
  h->size = random_size();
  h->mark = (unsigned char)random_below(256);
  h->device = (int)random_below(2);
  h->at = tc_cuda_alloc(h->device, h->size);
  check(h->at != NULL, "there is memory");
  check((uintptr_t)h->at % 512 == 0, "blocks begin at multiples of 512");
  memset(h->at, h->mark, h->size);
}

static void give_one(held *h) {
  bool same = true;
  for (size_t k = 0; k < h->size; k += 1 + h->size / 64) same = same && h->at[k] == h->mark;
  if (h->size) same = same && h->at[h->size - 1] == h->mark;
  check(same, "nobody else wrote into a block");
  tc_cuda_free(h->device, h->at);
  h->at = NULL;
}

static size_t held_on(const held *live, int device) {
  size_t sum = 0;
  for (int k = 0; k < LIVE; k++)
    if (live[k].at && live[k].device == device) sum += (live[k].size + 511 + !live[k].size) & ~511u;
  return sum;
}

static void random_orders(void) {
  static held live[LIVE];
  for (int turn = 0; turn < TURNS; turn++) {
    held *h = &live[random_below(LIVE)];
    if (h->at) give_one(h);
    else take_one(h);
    if (turn % 1000) continue;
    for (int k = 0; k < 2; k++) {
      const tc_device_memory m = stats(k);
      check(m.allocated >= held_on(live, k), "all bytes are counted");
      check(m.reserved == driver_used(k), "what is reserved is what the driver gave");
      check(m.allocated <= m.reserved && m.allocated <= m.allocated_peak, "peaks are above");
    }
    if (turn % 5000 == 0) tc_cuda_empty_cache((int)random_below(2));
  }
  for (int k = 0; k < LIVE; k++)
    if (live[k].at) give_one(&live[k]);
  check_nothing_is_left("after random orders");
}

static void pieces_are_joined(void) {
  void *p[4];
  for (int k = 0; k < 4; k++) p[k] = tc_cuda_alloc(0, 5 * MIB);
  check(stats(0).reserved == 20 * MIB, "four pieces of 5 MiB lie in one segment");
  for (int k = 0; k < 4; k++) tc_cuda_free(0, p[k * 3 % 4]);
  p[0] = tc_cuda_alloc(0, 20 * MIB);
  check(stats(0).reserved == 20 * MIB, "joined, they serve a larger size");
  tc_cuda_free(0, p[0]);
  check(tc_cuda_alloc(0, 20 * MIB) == p[0], "the last one freed goes out first");
  tc_cuda_free(0, p[0]);
  check_nothing_is_left("after pieces");
}

// ---- streams -------------------------------------------------------------------------------------

static void streams_keep_their_order(void) {
  cudaStream_t other;
  tc_emulated.late = true;
  tc_cuda_enter(0, NULL);
  tc_rt->cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking);
  unsigned char *p = tc_cuda_alloc(0, 1000);
  tc_cuda_free(0, p);
  check(tc_cuda_alloc(0, 1000) == p, "a stream's next request gets what it freed");
  *p = 1;
  reading r = {p, 0};
  tc_emulate_submit(other, read_byte, &r, keep);
  check(tc_cuda_used_by(0, p, other) == TC_OK, "a use is noted");
  tc_cuda_free(0, p);
  unsigned char *q = tc_cuda_alloc(0, 1000);
  check(q != p, "a block waits for the other stream that uses it");
  *q = 2;
  tc_rt->cudaStreamSynchronize(other);
  check(r.got == 1, "and that stream finds what it should");
  check(tc_cuda_alloc(0, 1000) == p, "then the block serves again");
  tc_cuda_free(0, p);
  tc_cuda_free(0, q);
  tc_cuda_use_stream(0, other);
  p = tc_cuda_alloc(0, 1000);
  check(p != q, "another stream has memory of its own");
  tc_cuda_free(0, p);
  tc_cuda_use_stream(0, NULL);
  tc_emulated.late = false;
  check_nothing_is_left("after streams");
}

// ---- too little memory ---------------------------------------------------------------------------

static void cached_memory_is_given_back_first(void) {
  tc_emulated.memory = 64 * MIB;
  const uint64_t retries = stats(0).retries;
  void *p = tc_cuda_alloc(0, 40 * MIB);
  tc_cuda_free(0, p);
  p = tc_cuda_alloc(0, 50 * MIB);
  check(p && stats(0).retries == retries + 1, "what is cached gives way to another size");
  void *q = tc_cuda_alloc(0, 13 * MIB);
  check(q != NULL, "a segment is as small as it must be");
  check(!tc_cuda_alloc(0, 4 * MIB), "there is an end to memory");
  check(strstr(tc_message(), "cuda:0") && strstr(tc_message(), "4.0 MiB") &&
            strstr(tc_message(), "of 64.0 MiB 0.0 are free"),
        "the message holds the numbers");
  check(!tc_cuda_alloc(0, SIZE_MAX) && !tc_cuda_alloc(0, SIZE_MAX - 600), "nor does a size wrap");
  tc_cuda_free(0, p);
  p = tc_cuda_alloc(0, 4 * MIB);
  check(p != NULL, "and the program goes on");
  tc_cuda_free(0, p);
  tc_cuda_free(0, q);
  tc_emulated.memory = (size_t)8 << 30;
  check_nothing_is_left("after too little memory");
}

static void limits_hold(void) {
  tc_cuda_limit(0, 30 * MIB);
  void *p = tc_cuda_alloc(0, 28 * MIB), *q = tc_cuda_alloc(1, 50 * MIB);
  check(p && q, "a limit is one device's");
  check(!tc_cuda_alloc(0, 4 * MIB) && strstr(tc_message(), "limited to 30.0 MiB"), "a limit holds");
  tc_cuda_limit(0, 0);
  tc_cuda_free(0, p);
  tc_cuda_free(1, q);
  check_nothing_is_left("after limits");
}

// ---- every call of the driver fails once ---------------------------------------------------------

static cudaStream_t side;

// Whatever fails on the way, what it has taken it gives back.
static void work(void) {
  void *p[6] = {0};
  for (int k = 0; k < 6; k++) p[k] = tc_cuda_alloc(k % 2, (size_t)1 << (8 + 3 * k));
  for (int k = 0; k < 6; k++)
    if (p[k]) tc_cuda_used_by(k % 2, p[k], k % 2 ? tc_cuda_copies(1) : side);
  for (int k = 0; k < 6; k++) tc_cuda_free(k % 2, p[k]);
  void *q = tc_cuda_alloc(0, 30 * MIB);
  tc_cuda_free(0, q);
  tc_cuda_synchronize(0);
  tc_cuda_empty_cache(1);
}

static uint64_t calls_of_work(void) {
  const uint64_t before = tc_emulated.calls;
  work();
  return tc_emulated.calls - before;
}

static void every_call_fails(cudaError_t error) {
  tc_cuda_enter(0, NULL);
  if (!side) tc_rt->cudaStreamCreateWithFlags(&side, cudaStreamNonBlocking);
  const uint64_t calls = calls_of_work();
  for (uint64_t n = 1; n <= calls + 8; n++) {
    fail_nth(n, error);
    work();
    fail_nth(0, cudaSuccess);
    tc_rt->cudaGetLastError();
    void *p = tc_cuda_alloc(0, 100);
    check(p != NULL, "after a failure the next request is served");
    tc_cuda_free(0, p);
    for (int k = 0; k < 2; k++) check(stats(k).allocated == 0, "after a failure all is counted");
  }
}

// What the driver does not take back stays its own.
static void failures_lose_nothing(void) {
  every_call_fails(cudaErrorMemoryAllocation);
  check_nothing_is_left("after failures for lack of memory");
  every_call_fails(cudaErrorInvalidValue);
  for (int k = 0; k < 2; k++) tc_cuda_empty_cache(k);
  for (int k = 0; k < 2; k++) check(stats(k).reserved == driver_used(k), "failures lose nothing");
}

int main(void) {
  random_orders();
  pieces_are_joined();
  streams_keep_their_order();
  cached_memory_is_given_back_first();
  limits_hold();
  failures_lose_nothing();
  if (!failures) puts("memory on CUDA: as it should be");
  return failures != 0;
}
