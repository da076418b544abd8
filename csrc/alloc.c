// Memory for tensors: 64-byte aligned blocks, kept by size class after use, counted.
//
// New large blocks cost page faults worth several times the work done in them, so freed blocks stay
// here for the next tensor of their class. Classes are 64 bytes apart up to 512, then four to a
// doubling: at most a quarter is lost to rounding. One lock; what it guards takes nanoseconds.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include "tocha.h"

enum { CLASSES = 8 + 4 * 39, ALIGN = 64, HUGE_PAGE = 2 << 20 };
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

// Which class holds `bytes`, and how many bytes its blocks have.
static int class_of(size_t bytes, size_t *rounded) {
  if (!KEEPS) {
    *rounded = bytes;
    return 0;
  }
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

static void *from_system(size_t rounded) {
  const size_t align = rounded >= HUGE_PAGE ? HUGE_PAGE : ALIGN;
  void *p = NULL;
  if (posix_memalign(&p, align, KEEPS ? (rounded + align - 1) / align * align : rounded))
    return NULL;
#ifdef MADV_HUGEPAGE
  if (p && rounded >= HUGE_PAGE) madvise(p, rounded, MADV_HUGEPAGE);
#endif
  return p;
}

// Called with the lock held.
static bool told_to_fail(void) {
  if (fail_at <= 1) return fail_at == 1;
  fail_at--;
  return false;
}

static void *from_cache(int class, size_t rounded) {
  block *b = cache[class];
  if (!b) return NULL;
  cache[class] = b->next;
  stats.cached -= rounded;
  return b;
}

static void count(size_t rounded) {
  stats.in_use += rounded;
  stats.allocations++;
  stats.allocated += rounded;
  if (stats.in_use > stats.peak) stats.peak = stats.in_use;
}

void *tc_alloc(size_t bytes) {
  if (bytes > LARGEST) return NULL;
  size_t rounded;
  const int class = class_of(bytes, &rounded);
  pthread_mutex_lock(&lock);
  const bool fail = told_to_fail();
  void *p = fail ? NULL : from_cache(class, rounded);
  if (p) count(rounded);
  pthread_mutex_unlock(&lock);
  if (p || fail) return p;
  p = from_system(rounded);
  if (!p) {
    tc_memory_empty_cache();
    p = from_system(rounded);
  }
  if (!p) return NULL;
  pthread_mutex_lock(&lock);
  count(rounded);
  pthread_mutex_unlock(&lock);
  return p;
}

void tc_free(void *p, size_t bytes) {
  if (!p) return;
  size_t rounded;
  const int class = class_of(bytes, &rounded);
  pthread_mutex_lock(&lock);
  stats.in_use -= rounded;
  if (KEEPS) {
    block *b = p;
    b->next = cache[class];
    cache[class] = b;
    stats.cached += rounded;
  }
  pthread_mutex_unlock(&lock);
  if (!KEEPS) free(p);
}

void tc_memory_empty_cache(void) {
  pthread_mutex_lock(&lock);
  for (int c = 0; c < CLASSES; c++) {
    while (cache[c]) {
      block *b = cache[c];
      cache[c] = b->next;
      free(b);
    }
  }
  stats.cached = 0;
  pthread_mutex_unlock(&lock);
}

tc_memory tc_memory_stats(void) {
  pthread_mutex_lock(&lock);
  const tc_memory copy = stats;
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
