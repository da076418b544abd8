// Memory for tensors: 64-byte aligned blocks, kept after use, counted.
//
// New memory costs page faults worth several times the work done in it, so freed blocks stay here.
// Small ones stay for the next tensor of their size class: classes are 64 bytes apart up to 512, then
// four to a doubling, so at most a quarter is lost to rounding. Large ones are split and joined
// (blocks.c). One lock; what it guards takes nanoseconds.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>

#include "blocks.h"
#include "tocha.h"

enum { SMALL_BITS = 16, SMALL = 1 << SMALL_BITS, CLASSES = 8 + 4 * (SMALL_BITS - 9), ALIGN = 64 };
static const size_t LARGEST = (size_t)1 << 47;

// The debug build takes memory to the byte and gives it back at once, so that the sanitizer sees
// every overrun and every late use.
#ifdef TC_DEBUG
enum { KEEPS = 0 };
#else
enum { KEEPS = 1 };
#endif

typedef struct block {
  struct block *next;
} block;

#ifdef PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP  // spins a moment before it sleeps
static pthread_mutex_t lock = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;
#else
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
#endif
static block *cache[CLASSES];
static tc_memory stats;
static uint64_t fail_at;  // counts down to 1, where every allocation fails; 0: none does

// Which class holds `bytes`, at most SMALL, and how many bytes its blocks have.
static int class_of(size_t bytes, size_t *rounded) {
  if (bytes <= 512) {
    const size_t k = bytes == 0 ? 0 : (bytes - 1) / 64;
    *rounded = (k + 1) * 64;
    return (int)k;
  }
  const int top = 63 - __builtin_clzll((unsigned long long)(bytes - 1));  // 2^top <= bytes - 1
  const size_t quarter = (size_t)1 << (top - 2);
  const size_t part = (bytes - 1 - ((size_t)1 << top)) / quarter;
  *rounded = ((size_t)1 << top) + (part + 1) * quarter;
  return 8 + 4 * (top - 9) + (int)part;
}

static void *from_system(size_t bytes) {
  void *p = NULL;
  return posix_memalign(&p, ALIGN, bytes) ? NULL : p;
}

// These three are called with the lock held.
static bool told_to_fail(void) {
  if (fail_at <= 1) return fail_at == 1;
  fail_at--;
  return false;
}

static void *take(size_t bytes, size_t *rounded) {
  if (!KEEPS) return from_system(*rounded = bytes);
  if (bytes > SMALL) return tc_blocks_take(*rounded = tc_blocks_rounded(bytes));
  const int class = class_of(bytes, rounded);
  block *b = cache[class];
  if (!b) return from_system(*rounded);
  cache[class] = b->next;
  stats.cached -= *rounded;
  return b;
}

static void empty_cache(void) {
  for (int c = 0; c < CLASSES; c++) {
    while (cache[c]) {
      block *b = cache[c];
      cache[c] = b->next;
      free(b);
    }
  }
  stats.cached = 0;
  tc_blocks_unmap();
}

void *tc_alloc(size_t bytes) {
  if (bytes > LARGEST) return NULL;
  size_t rounded;
  pthread_mutex_lock(&lock);
  const bool fail = told_to_fail();
  void *p = fail ? NULL : take(bytes, &rounded);
  if (!p && !fail) {
    empty_cache();
    p = take(bytes, &rounded);
  }
  if (p) {
    stats.in_use += rounded;
    stats.allocations++;
    stats.allocated += rounded;
    if (stats.in_use > stats.peak) stats.peak = stats.in_use;
  }
  pthread_mutex_unlock(&lock);
  return p;
}

static size_t give(void *p, size_t bytes) {
  if (bytes > SMALL) {
    tc_blocks_give(p);
    return tc_blocks_rounded(bytes);
  }
  size_t rounded;
  const int class = class_of(bytes, &rounded);
  block *b = p;
  b->next = cache[class];
  cache[class] = b;
  stats.cached += rounded;
  return rounded;
}

void tc_free(void *p, size_t bytes) {
  if (!p) return;
  if (!KEEPS) free(p);
  pthread_mutex_lock(&lock);
  stats.in_use -= KEEPS ? give(p, bytes) : bytes;
  pthread_mutex_unlock(&lock);
}

void tc_memory_empty_cache(void) {
  pthread_mutex_lock(&lock);
  empty_cache();
  pthread_mutex_unlock(&lock);
}

tc_memory tc_memory_stats(void) {
  pthread_mutex_lock(&lock);
  tc_memory copy = stats;
  copy.cached += tc_blocks_free();
  pthread_mutex_unlock(&lock);
  return copy;
}

void tc_memory_reset_peak(void) {
  pthread_mutex_lock(&lock);
  stats.peak = stats.in_use;
  pthread_mutex_unlock(&lock);
}

void tc_memory_fail_after(uint64_t n) {
  pthread_mutex_lock(&lock);
  fail_at = n;
  pthread_mutex_unlock(&lock);
}
