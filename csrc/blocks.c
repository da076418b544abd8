// Large blocks of memory, of whole pages: split where less is asked for, joined when both sides are
// free.
//
// The passes of a training step ask for different sizes. Were a block kept for its own size, what one
// pass leaves would lie idle in the next; split and joined, it serves both, and stays mapped, so that
// no page is faulted in twice. Of the free blocks the smallest that fits is taken; when none does, the
// lowest one is made larger by what is missing, so that a program's memory is one range as long as the
// system lets it. A range begins and ends where a huge page may.
//
// What a block is lies outside of it, in a description of its own: in use it is found by its address,
// free by its size, and either way it knows what touches it.
#define _GNU_SOURCE
#include "blocks.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { PAGE = 1 << 12, HUGE_PAGE = 1 << 21, BUCKET_BITS = 12, BINS = 4 * 52, MORE = 128 };

typedef struct block block;
struct block {
  char *at;
  size_t size;
  block *below, *above;  // what touches it
  block *next, **link;   // in its bin or bucket; what points to it there
  bool free;
};

static block *bin[BINS], *bucket[1 << BUCKET_BITS], *unused, *lowest;
static size_t free_bytes;

static size_t up(size_t n, size_t unit) { return (n + unit - 1) / unit * unit; }

size_t tc_blocks_rounded(size_t bytes) { return up(bytes, PAGE); }

size_t tc_blocks_free(void) { return free_bytes; }

// ---- lists -------------------------------------------------------------------------------------

static void link_into(block **list, block *b) {
  b->next = *list;
  b->link = list;
  if (b->next) b->next->link = &b->next;
  *list = b;
}

static void unlink_block(block *b) {
  *b->link = b->next;
  if (b->next) b->next->link = b->link;
}

static block **bucket_of(const void *p) {
  return &bucket[(uintptr_t)p / PAGE * 0x9E3779B97F4A7C15u >> (64 - BUCKET_BITS)];
}

// Four bins to a doubling.
static int bin_of(size_t size) {
  const size_t pages = size / PAGE;
  if (pages < 4) return (int)pages;
  const int top = 63 - __builtin_clzll((unsigned long long)pages);
  return 4 * (top - 1) + (int)(pages >> (top - 2) & 3);
}

static void enter_bin(block *b) {
  b->free = true;
  free_bytes += b->size;
  link_into(&bin[bin_of(b->size)], b);
}

static void leave_bin(block *b) {
  b->free = false;
  free_bytes -= b->size;
  unlink_block(b);
}

// ---- descriptions ------------------------------------------------------------------------------

// Taking a block makes two at the most: new memory, and what is left of it.
static bool two_are_unused(void) {
  if (unused && unused->next) return true;
  block *more = malloc(MORE * sizeof *more);
  for (int k = 0; more && k < MORE; k++) {
    more[k].next = unused;
    unused = &more[k];
  }
  return more != NULL;
}

// In no list yet.
static block *new_block(char *at, size_t size, block *below, block *above) {
  block *b = unused;
  unused = b->next;
  *b = (block){.at = at, .size = size, .below = below, .above = above};
  if (below) below->above = b;
  if (above) above->below = b;
  return b;
}

static void forget(block *b) {
  b->next = unused;
  unused = b;
}

// The free block above `b` becomes a part of it; neither is in a list.
static void take_in(block *b, block *above) {
  b->size += above->size;
  b->above = above->above;
  if (b->above) b->above->below = b;
  forget(above);
}

// ---- splitting and joining -----------------------------------------------------------------------

// The upper end of a free block, in no list; what is left stays where memory grows.
static block *cut(block *b, size_t size) {
  leave_bin(b);
  if (b->size == size) return b;
  b->size -= size;
  enter_bin(b);
  return new_block(b->at + b->size, size, b, b->above);
}

// `b`, in no list, and the free blocks that touch it become one free block.
static block *join(block *b) {
  block *above = b->above, *below = b->below;
  if (above && above->free) {
    leave_bin(above);
    take_in(b, above);
  }
  if (below && below->free) {
    leave_bin(below);
    take_in(below, b);
    b = below;
  }
  enter_bin(b);
  return b;
}

// The last that was freed goes out first, of those that fit as well.
static block *best(size_t size) {
  for (int k = bin_of(size); k < BINS; k++) {
    block *found = NULL;
    for (block *b = bin[k]; b; b = b->next) {
      if (b->size == size) return b;
      if (b->size > size && (!found || b->size < found->size)) found = b;
    }
    if (found) return found;
  }
  return NULL;
}

// ---- the system --------------------------------------------------------------------------------

static char *map(void *where, size_t size) {
  char *p = mmap(where, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return p == MAP_FAILED ? NULL : p;
}

// Nothing is mapped there, or NULL.
static char *map_at(uintptr_t where, size_t size) {
  char *p = map((void *)where, size);
  if (!p || (uintptr_t)p == where) return p;
  munmap(p, size);
  return NULL;
}

// Begins where a huge page may.
static char *map_anywhere(size_t size) {
  char *p = map(NULL, size + HUGE_PAGE);
  if (!p) return NULL;
  const size_t before = up((uintptr_t)p, HUGE_PAGE) - (uintptr_t)p;
  if (before) munmap(p, before);
  munmap(p + before + size, HUGE_PAGE - before);
  return p + before;
}

static block *grow(size_t size) {
  const size_t have = lowest && lowest->free ? lowest->size : 0;
  size_t missing = up(size - have, HUGE_PAGE);
  char *p = lowest ? map_at((uintptr_t)lowest->at - missing, missing) : NULL;
  block *above = p ? lowest : NULL;
  if (!p) {
    missing = up(size, HUGE_PAGE);
    p = map_anywhere(missing);
  }
  if (!p) return NULL;
#ifdef MADV_HUGEPAGE
  madvise(p, missing, MADV_HUGEPAGE);
#endif
  lowest = new_block(p, missing, NULL, above);
  return join(lowest);
}

// ---- what alloc.c calls --------------------------------------------------------------------------

void *tc_blocks_take(size_t size) {
  if (!two_are_unused()) return NULL;
  block *b = best(size);
  if (!b) b = grow(size);
  if (!b) return NULL;
  b = cut(b, size);
  link_into(bucket_of(b->at), b);
  return b->at;
}

void tc_blocks_give(void *p) {
  block *b = *bucket_of(p);
  while (b->at != p) b = b->next;
  unlink_block(b);
  join(b);
}

// What the system does not take back stays.
void tc_blocks_unmap(void) {
  for (int k = 0; k < BINS; k++) {
    for (block *b = bin[k], *next; b; b = next) {
      next = b->next;
      if (munmap(b->at, b->size)) continue;
      if (b->below) b->below->above = NULL;
      if (b->above) b->above->below = NULL;
      leave_bin(b);
      forget(b);
    }
  }
  lowest = NULL;
}
