// Large blocks (csrc/blocks.c) taken and given back in random orders: none overlap, all bytes are
// counted, what is free and touches is one block, and what one size leaves serves another.
//
//   cc -O2 -Icsrc spec/c/blocks_check.c -o blocks_check && ./blocks_check
#include "blocks.c"

#include <string.h>

#include "check.h"

enum { LIVE = 400, TURNS = 6000, MOST_PAGES = 200 };

typedef struct held {
  unsigned char *at;
  size_t size;
  unsigned char mark;
} held;

static void take_one(held *h) {
  h->size = tc_blocks_rounded(1 + random_below(MOST_PAGES * (random_below(9) ? 1 : 8)) * PAGE);
  h->mark = (unsigned char)random_below(256);
  h->at = tc_blocks_take(h->size);
  check(h->at != NULL, "there is memory");
  if (h->at) memset(h->at, h->mark, h->size);
}

static void give_one(held *h) {
  bool same = true;
  for (size_t k = 0; k < h->size; k++) same &= h->at[k] == h->mark;
  check(same, "nobody else wrote into a block");
  tc_blocks_give(h->at);
  h->at = NULL;
}

static void check_neighbours(const block *b) {
  check(!b->above || b->above->below == b, "neighbours know each other");
  check(!b->above || b->at + b->size == b->above->at, "neighbours touch");
  check(!b->above || !b->free || !b->above->free, "what is free and touches is one block");
}

// Free bytes as the lists have them.
static size_t check_lists(void) {
  size_t sum = 0;
  for (int k = 0; k < BINS; k++) {
    for (const block *b = bin[k]; b; b = b->next) {
      check(b->free && bin_of(b->size) == k, "a free block lies in its bin");
      check_neighbours(b);
      sum += b->size;
    }
  }
  for (int k = 0; k < 1 << BUCKET_BITS; k++)
    for (const block *b = bucket[k]; b; b = b->next) {
      check(!b->free && bucket_of(b->at) == &bucket[k], "a block in use lies in its bucket");
      check_neighbours(b);
    }
  return sum;
}

static void random_orders(void) {
  static held live[LIVE];
  for (int turn = 0; turn < TURNS; turn++) {
    held *h = &live[random_below(LIVE)];
    if (h->at) give_one(h);
    else take_one(h);
    if (turn % 500 == 0) check(check_lists() == tc_blocks_free(), "free bytes are counted");
    if (turn % 2000 == 1000) tc_blocks_unmap();
  }
  for (int k = 0; k < LIVE; k++)
    if (live[k].at) give_one(&live[k]);
  check(check_lists() == tc_blocks_free(), "free bytes are counted at the end");
  for (int k = 0; k < BINS; k++)
    for (const block *b = bin[k]; b; b = b->next)
      check(!b->below && !b->above, "with nothing in use a range is one block");
}

static void give_all_back(void) {
  tc_blocks_unmap();
  check(tc_blocks_free() == 0, "nothing is left after unmapping");
}

// Eight small ones, then as much in one piece: from the same memory.
static void sizes_serve_each_other(void) {
  const size_t small = HUGE_PAGE / 2;
  void *p[8];
  for (int k = 0; k < 8; k++) p[k] = tc_blocks_take(small);
  check(tc_blocks_free() == 0, "a range is as large as was asked for");
  for (int k = 0; k < 8; k++) tc_blocks_give(p[(k * 3) % 8]);
  void *all = tc_blocks_take(8 * small);
  check(all && tc_blocks_free() == 0, "joined blocks serve a larger size");
  tc_blocks_give(all);
  check(tc_blocks_take(8 * small) == all, "the last one freed goes out first");
  tc_blocks_give(all);
}

static void too_much(void) {
  const size_t before = tc_blocks_free();
  check(!tc_blocks_take((size_t)1 << 47), "there is an end to memory");
  check(tc_blocks_free() == before, "and nothing is lost at it");
}

int main(void) {
  sizes_serve_each_other();
  give_all_back();
  random_orders();
  too_much();
  give_all_back();
  if (!failures) puts("blocks: as they should be");
  return failures != 0;
}
