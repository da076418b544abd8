// Where temporaries lie: one block for all, in which those that are needed at the same time are apart.
//
// Largest first, each into the smallest gap that holds it between those already placed that it meets
// in time ("greedy by size"; Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net
// Inference", 2020). Within a few per cent of the least possible on networks.
#include <stdlib.h>

#include "graph.h"

enum { ALIGN = 64 };

static size_t aligned(size_t bytes) { return (bytes + ALIGN - 1) / ALIGN * ALIGN; }

static int larger_first(const void *a, const void *b) {
  const tc_span *x = *(tc_span *const *)a, *y = *(tc_span *const *)b;
  if (x->bytes != y->bytes) return x->bytes < y->bytes ? 1 : -1;
  return x->first != y->first ? (x->first > y->first) - (x->first < y->first) : (x > y) - (x < y);
}

static bool meet(const tc_span *a, const tc_span *b) {
  return a->first <= b->last && b->first <= a->last;
}

// `placed` is in the order of offsets; the end of the last is always free.
static size_t best_place(const tc_span *s, tc_span *const *placed, int n) {
  const size_t bytes = aligned(s->bytes);
  size_t end = 0, best = SIZE_MAX, least = SIZE_MAX;
  for (int k = 0; k < n; k++) {
    if (!meet(s, placed[k])) continue;
    const size_t offset = placed[k]->offset;
    if (offset > end && offset - end >= bytes && offset - end < least) {
      least = offset - end;
      best = end;
    }
    const size_t after = offset + aligned(placed[k]->bytes);
    if (after > end) end = after;
  }
  return best != SIZE_MAX ? best : end;
}

static void insert(tc_span *s, tc_span **placed, int n) {
  int k = n;
  for (; k > 0 && placed[k - 1]->offset > s->offset; k--) placed[k] = placed[k - 1];
  placed[k] = s;
}

tc_status tc_plan(tc_span *span, int n, size_t *total) {
  *total = 0;
  if (n == 0) return TC_OK;
  const size_t room = (size_t)n * 2 * sizeof(tc_span *);
  tc_span **order = tc_alloc(room), **placed = order + n;
  if (!order) return tc_fail(TC_NO_MEMORY, "not enough memory to plan %d temporaries", n);
  for (int k = 0; k < n; k++) order[k] = &span[k];
  qsort(order, (size_t)n, sizeof *order, larger_first);
  for (int k = 0; k < n; k++) {
    tc_span *s = order[k];
    s->offset = best_place(s, placed, k);
    insert(s, placed, k);
    if (s->offset + aligned(s->bytes) > *total) *total = s->offset + aligned(s->bytes);
  }
  tc_free(order, room);
  return TC_OK;
}
