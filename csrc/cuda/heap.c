// Blocks of segments: see heap.h.
#include "heap.h"

#include <stdint.h>
#include <stdlib.h>

// ---- lists -------------------------------------------------------------------------------------

static void link_into(tc_block **list, tc_block *b) {
  b->next = *list;
  b->link = list;
  if (b->next) b->next->link = &b->next;
  *list = b;
}

static void unlink_block(tc_block *b) {
  *b->link = b->next;
  if (b->next) b->next->link = b->link;
}

static size_t bucket_of(const void *p) {
  return (size_t)((uintptr_t)p / TC_UNIT * 0x9E3779B97F4A7C15u >> 52);
}

void tc_map_enter(tc_map *map, tc_block *b) { link_into(&map->bucket[bucket_of(b->at)], b); }

tc_block *tc_map_find(const tc_map *map, const void *at) {
  tc_block *b = map->bucket[bucket_of(at)];
  while (b && b->at != at) b = b->next;
  return b;
}

void tc_map_leave(tc_block *b) { unlink_block(b); }

// ---- by size -----------------------------------------------------------------------------------

static int bin_of(size_t size) {
  const size_t units = size / TC_UNIT;
  if (units < 4) return (int)units;
  const int top = 63 - __builtin_clzll((unsigned long long)units);
  return 4 * (top - 1) + (int)(units >> (top - 2) & 3);
}

void tc_bins_enter(tc_block *b) {
  b->free = true;
  link_into(&b->bins->bin[bin_of(b->size)], b);
}

void tc_bins_leave(tc_block *b) {
  b->free = false;
  unlink_block(b);
}

// Of those that fit as well, the last that was freed: it may still be in the cache.
tc_block *tc_bins_best(const tc_bins *bins, size_t size) {
  for (int k = bin_of(size); k < TC_BINS; k++) {
    tc_block *found = NULL;
    for (tc_block *b = bins->bin[k]; b; b = b->next) {
      if (b->size == size) return b;
      if (b->size > size && (!found || b->size < found->size)) found = b;
    }
    if (found) return found;
  }
  return NULL;
}

// ---- cutting and joining -------------------------------------------------------------------------

tc_block *tc_block_new(void *at, size_t size, tc_bins *bins) {
  tc_block *b = calloc(1, sizeof *b);
  if (!b) return NULL;
  b->at = at;
  b->size = size;
  b->bins = bins;
  return b;
}

// Without memory for a description the block stays as large as it is.
void tc_block_take(tc_block *b, size_t size, size_t least) {
  tc_bins_leave(b);
  if (b->size - size < least || b->size == size) return;
  tc_block *rest = tc_block_new(b->at + size, b->size - size, b->bins);
  if (!rest) return;
  b->size = size;
  rest->below = b;
  rest->above = b->above;
  if (rest->above) rest->above->below = rest;
  b->above = rest;
  tc_bins_enter(rest);
}

// Neither is in a list.
static void take_in(tc_block *b, tc_block *above) {
  b->size += above->size;
  b->above = above->above;
  if (b->above) b->above->below = b;
  free(above);
}

void tc_block_give(tc_block *b) {
  tc_block *above = b->above, *below = b->below;
  if (above && above->free) {
    tc_bins_leave(above);
    take_in(b, above);
  }
  if (below && below->free) {
    tc_bins_leave(below);
    take_in(below, b);
    b = below;
  }
  tc_bins_enter(b);
}
