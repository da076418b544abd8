// randperm: the CPU's shuffle, 1 .. n by Fisher and Yates from front to back, without going one by one.
//
// Step i takes what stands at place j(i) <= i to place i and leaves i at j(i). What stood there was left
// by the step before i that had the same j, or, where there is none, was taken there by step j(i)
// itself: which took it from j(j(i)), and so on. So with the steps sorted by j, a neighbour or a short
// walk (log n steps on average) tells each step's number; and the last step of a j what stays at place j.
#include "../draws.h"
#include "order.h"

struct shuffle_job {
  int64_t n;
  uint64_t seed, offset;
};

// keys[i] = j(i)
static __global__ void draw_places_kernel(uint32_t *keys, const shuffle_job s) {
  const int64_t i = flat_index();
  uint32_t w[4];
  if (i >= s.n) return;
  tc_philox_stream(s.seed, s.offset + (uint64_t)i / 2, 0, w);
  const uint64_t word = i & 1 ? tc_word64(w, 1) : tc_word64(w, 0);
  keys[i] = (uint32_t)tc_below(word, (uint64_t)i + 1);
}

// Element e of the steps in order of j: before[i] is the step of the same j before step i, or n where
// there is none and the walk goes on at from[i] = j(i). stays[j] is the last step of j, or n.
static __global__ void link_steps_kernel(uint32_t *before, uint32_t *from, uint32_t *stays,
                                         const uint32_t *key, const uint32_t *step, int64_t n) {
  const int64_t e = flat_index();
  if (e >= n) return;
  const uint32_t j = key[e], i = step[e];
  from[i] = j;
  before[i] = e > 0 && key[e - 1] == j ? step[e - 1] : (uint32_t)n;
  if (e + 1 == n || key[e + 1] != j) stays[j] = i;
}

// A step that stays where it is, j(i) = i, is the first of its j and takes its own number.
static __global__ void follow_steps_kernel(int64_t *y, const uint32_t *before, const uint32_t *from,
                                           const uint32_t *stays, int64_t n) {
  const int64_t p = flat_index();
  if (p >= n) return;
  uint32_t i = stays[p];
  for (uint32_t at = (uint32_t)p; i == n; at = from[at]) i = from[at] == at ? at : before[at];
  y[p] = (int64_t)i + 1;
}

// randperm(y, seed, offset): 1 .. n shuffled.
extern "C" tc_status cuda_randperm(tc_args *a) {
  const int64_t n = tc_numel(a->t[0]);
  const shuffle_job s = {n, (uint64_t)a->i[0], (uint64_t)a->i[1]};
  if (n == 0) return TC_OK;
  line_sorter<uint32_t> sorter(1, n);
  if (!sorter.ok()) return sorter.status();
  scratch links(3 * (size_t)n * sizeof(uint32_t));
  if (!links.ok()) return links.status();
  uint32_t *before = links.as<uint32_t>(), *from = before + n, *stays = from + n;
  fill(stays, n, (uint32_t)n);
  TC_LAUNCH_FLAT(draw_places_kernel, flat_grid(n), FLAT_BLOCK, sorter.keys(), s);
  sorter.sort(bits_of((uint64_t)n));
  TC_LAUNCH_FLAT(link_steps_kernel, flat_grid(n), FLAT_BLOCK, before, from, stays, sorter.sorted(),
                 sorter.places(), n);
  TC_LAUNCH_FLAT(follow_steps_kernel, flat_grid(n), FLAT_BLOCK, tc_ptr<int64_t>(a->t[0]), before,
                 from, stays, n);
  return tc_launched();
}
