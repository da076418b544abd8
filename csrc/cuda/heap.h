// Blocks of segments of memory, which nobody here reads or writes: found by size, cut, joined, found
// by address. No driver, no locks: alloc.c has both.
#ifndef TOCHA_CUDA_HEAP_H
#define TOCHA_CUDA_HEAP_H

#include <stdbool.h>
#include <stddef.h>

enum { TC_UNIT = 512, TC_BINS = 4 * 54, TC_BUCKETS = 1 << 12 };

typedef struct tc_block tc_block;

// Free blocks by size, four bins to a doubling.
typedef struct tc_bins {
  tc_block *bin[TC_BINS];
} tc_bins;

// Blocks in use by address.
typedef struct tc_map {
  tc_block *bucket[TC_BUCKETS];
} tc_map;

struct tc_block {
  char *at;
  size_t size;
  tc_block *below, *above;  // what touches it in its segment
  tc_block *next, **link;   // in its bin or bucket; what points to it there
  tc_bins *bins;            // where it is when it is free
  bool free;
  int waits;      // freed, but this many streams are not through with it
  void *used_by;  // what is noted of it while it is in use
};

// A whole segment in use, in no list; NULL: no memory for its description.
tc_block *tc_block_new(void *at, size_t size, tc_bins *bins);
static inline bool tc_block_is_whole(const tc_block *b) { return !b->below && !b->above; }

tc_block *tc_bins_best(const tc_bins *bins, size_t size);  // the smallest that fits, or NULL
void tc_bins_enter(tc_block *b);
void tc_bins_leave(tc_block *b);

// A free block, in no list from now on; where `least` or more of it would be left, that stays free.
void tc_block_take(tc_block *b, size_t size, size_t least);
// It and the free blocks that touch it become one free block.
void tc_block_give(tc_block *b);

void tc_map_enter(tc_map *map, tc_block *b);
tc_block *tc_map_find(const tc_map *map, const void *at);
void tc_map_leave(tc_block *b);

#endif
