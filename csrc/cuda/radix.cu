// The stable sort of lines of keys (order.h): bitonic in shared memory, or by digits.
#include "order.h"
#include "scan.h"

enum { SHORT = 1024, SHORT_BLOCK = 256 };

// ---- short lines -------------------------------------------------------------------------------

// A step of the network: the pair that thread t holds, `stride` apart, is put into the order that the
// run of `size` has. Places decide between equal keys.
template <class K>
static __device__ inline void exchange(K *key, uint32_t *at, int t, int size, int stride,
                                       int width) {
  const int low = 2 * stride * (t / stride) + t % stride, high = low + stride;
  const bool rising = (low & (width - 1) & size) == 0;
  const bool falls = key[low] != key[high] ? key[low] > key[high] : at[low] > at[high];
  if (falls != rising) return;
  const K k = key[low];
  const uint32_t a = at[low];
  key[low] = key[high], key[high] = k;
  at[low] = at[high], at[high] = a;
}

// A warp's pairs of strides up to 32 lie within its own 64 elements: it waits for itself alone.
template <class K> static __device__ void sort_network(K *key, uint32_t *at, int width) {
  int before = SHORT;
  for (int size = 2; size <= width; size *= 2)
    for (int stride = size / 2; stride > 0; before = stride, stride /= 2) {
      if (stride > 32 || before > 32) __syncthreads();
      else __syncwarp();
      for (int t = threadIdx.x; t < SHORT / 2; t += SHORT_BLOCK)
        exchange(key, at, t, size, stride, width);
    }
  __syncthreads();
}

// A block has lines of n keys, each in `width` elements (a power of two), filled up with what comes last.
template <class K>
static __global__ void sort_short_kernel(K *keys, uint32_t *places, int64_t lines, int n,
                                         int width) {
  TC_SHARED(K, key, [SHORT]);
  TC_SHARED(uint32_t, at, [SHORT]);
  const int64_t first = (int64_t)blockIdx.x * (SHORT / width);
  for (int e = threadIdx.x; e < SHORT; e += SHORT_BLOCK) {
    const int64_t line = first + e / width;
    const bool there = line < lines && e % width < n;
    key[e] = there ? keys[line * n + e % width] : (K) ~(K)0;
    at[e] = there ? e % width : UINT32_MAX;
  }
  sort_network(key, at, width);
  for (int e = threadIdx.x; e < SHORT; e += SHORT_BLOCK) {
    const int64_t line = first + e / width, to = line * n + e % width;
    if (line < lines && e % width < n) keys[to] = key[e], places[to] = at[e];
  }
}

// ---- digits ------------------------------------------------------------------------------------

enum {
  DIGITS = 256,
  RADIX_BLOCK = 256,
  RADIX_WARPS = RADIX_BLOCK / 32,
  RADIX_EACH = 8,
  RADIX_TILE = RADIX_BLOCK * RADIX_EACH,
  RADIX_MOST = 512  // blocks a line
};

// From one pair of arrays to the other; table is (line, digit, block).
template <class K> struct radix_job {
  const K *from;
  const uint32_t *from_place;  // NULL: each element's own
  K *to;
  uint32_t *to_place, *table;
  int64_t n, blocks, span;
  int shift;
};

struct radix_part {
  int64_t line, first, end;
};
template <class K> static __device__ inline radix_part part_of(const radix_job<K> &j) {
  const int64_t line = blockIdx.x / j.blocks, first = blockIdx.x % j.blocks * j.span;
  return {line, first, min(first + j.span, j.n)};
}

template <class K> static __device__ inline int digit_of(K key, int shift) {
  return (int)(key >> shift) & (DIGITS - 1);
}

template <class K> static __global__ void radix_count_kernel(const radix_job<K> j) {
  TC_SHARED(uint32_t, count, [DIGITS]);
  const radix_part p = part_of(j);
  const K *from = j.from + p.line * j.n;
  count[threadIdx.x] = 0;
  __syncthreads();
  for (int64_t i = p.first + threadIdx.x; i < p.end; i += RADIX_BLOCK)
    atomicAdd(&count[digit_of(from[i], j.shift)], 1u);
  __syncthreads();
  j.table[(p.line * DIGITS + threadIdx.x) * j.blocks + blockIdx.x % j.blocks] = count[threadIdx.x];
}

// The lanes that have the same digit as this one; only lanes that are `there` count.
static __device__ inline unsigned lanes_alike(int digit, bool there) {
  unsigned alike = __ballot_sync(~0u, there);
#pragma unroll
  for (int bit = 1; bit < DIGITS; bit *= 2) {
    const unsigned votes = __ballot_sync(~0u, (digit & bit) != 0);
    alike &= digit & bit ? votes : ~votes;
  }
  return alike;
}

template <class K> struct radix_tile {
  K key[RADIX_TILE];
  uint32_t place[RADIX_TILE];
  uint32_t count[RADIX_WARPS][DIGITS];   // of a warp's digits; then how many the warps before have
  uint32_t start[DIGITS], base[DIGITS];  // of a digit in the tile; in the line, for the tile
};

// Each warp takes 256 elements in a row: rank[k] is how many before it, in its warp, have its digit.
template <class K>
static __device__ inline void rank_in_warp(radix_tile<K> &tile, const K *key, int64_t first,
                                           int64_t end, int shift, uint32_t *rank) {
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
#pragma unroll
  for (int k = 0; k < RADIX_EACH; k++) {
    const int digit = digit_of(key[k], shift);
    const unsigned alike = lanes_alike(digit, first + k * 32 < end);
    uint32_t *count = &tile.count[warp][digit];
    rank[k] = *count + __popc(alike & ((1u << lane) - 1));
    __syncwarp();
    if (alike >> lane & 1 && !(alike & ((1u << lane) - 1))) *count += __popc(alike);
    __syncwarp();
  }
}

// A thread a digit: sums over the warps, and where each digit starts in the tile.
template <class K> static __device__ inline uint32_t sum_digits(radix_tile<K> &tile) {
  uint32_t sum = 0, total;
  for (int w = 0; w < RADIX_WARPS; w++) {
    const uint32_t count = tile.count[w][threadIdx.x];
    tile.count[w][threadIdx.x] = sum;
    sum += count;
  }
  tile.start[threadIdx.x] = block_scan(sum, &total);
  return sum;
}

// Puts the elements from `first` on into the tile, in the order of their digits.
template <class K>
static __device__ inline void order_tile(radix_tile<K> &tile, const radix_job<K> &j,
                                         const radix_part &p, int64_t tile_first, uint32_t *mine) {
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  const int64_t first = tile_first + warp * 32 * RADIX_EACH + lane, line = p.line * j.n;
  K key[RADIX_EACH];
  uint32_t rank[RADIX_EACH];
#pragma unroll
  for (int k = 0; k < RADIX_EACH; k++)
    key[k] = first + k * 32 < p.end ? j.from[line + first + k * 32] : (K)0;
  rank_in_warp(tile, key, first, p.end, j.shift, rank);
  __syncthreads();
  *mine = sum_digits(tile);
  __syncthreads();
#pragma unroll
  for (int k = 0; k < RADIX_EACH; k++) {
    const int64_t i = first + k * 32;
    if (i >= p.end) continue;
    const int digit = digit_of(key[k], j.shift);
    const uint32_t to = tile.start[digit] + tile.count[warp][digit] + rank[k];
    tile.key[to] = key[k];
    tile.place[to] = j.from_place ? j.from_place[line + i] : (uint32_t)i;
  }
}

// Tiles are put in order in shared memory first, so that neighbours go to neighbouring places.
template <class K> static __global__ void radix_move_kernel(const radix_job<K> j) {
  TC_SHARED(radix_tile<K>, tile);
  const radix_part p = part_of(j);
  const int64_t line = p.line * j.n;
  uint32_t base = j.table[(p.line * DIGITS + threadIdx.x) * j.blocks + blockIdx.x % j.blocks], mine;
  for (int64_t first = p.first; first < p.end; first += RADIX_TILE) {
    for (int w = 0; w < RADIX_WARPS; w++) tile.count[w][threadIdx.x] = 0;
    __syncthreads();
    order_tile(tile, j, p, first, &mine);
    tile.base[threadIdx.x] = base;
    base += mine;
    __syncthreads();
    const int have = (int)min(p.end - first, (int64_t)RADIX_TILE);
    for (int e = threadIdx.x; e < have; e += RADIX_BLOCK) {
      const K key = tile.key[e];
      const int digit = digit_of(key, j.shift);
      const int64_t to = line + tile.base[digit] + ((uint32_t)e - tile.start[digit]);
      j.to[to] = key;
      j.to_place[to] = tile.place[e];
    }
    __syncthreads();
  }
}

// ---- the sorter --------------------------------------------------------------------------------

static int64_t span_of(int64_t n) {
  return tc_ceil(tc_ceil(n, RADIX_MOST), RADIX_TILE) * RADIX_TILE;
}

// Two pairs of arrays and the table of digits; one pair for short lines.
template <class K> static size_t bytes_of(int64_t lines, int64_t n) {
  const size_t pair = (size_t)(lines * n) * (sizeof(K) + sizeof(uint32_t));
  if (n <= SHORT || n > UINT32_MAX) return n <= SHORT ? pair : 0;
  return 2 * pair + (size_t)(lines * DIGITS * tc_ceil(n, span_of(n))) * sizeof(uint32_t);
}

template <class K>
line_sorter<K>::line_sorter(int64_t lines, int64_t n)
    : lines(lines), n(n), blocks(n > 0 ? tc_ceil(n, span_of(n)) : 0), span(n > 0 ? span_of(n) : 0),
      swapped(false), memory(bytes_of<K>(lines, n)) {}

template <class K> bool line_sorter<K>::is_short() const { return n <= SHORT; }

template <class K> void line_sorter<K>::sort_short() {
  int width = 1;
  while (width < n) width *= 2;
  TC_LAUNCH(sort_short_kernel<K>, (unsigned)tc_ceil(lines, SHORT / width), SHORT_BLOCK, 0, keys(),
            place(), lines, (int)n, width);
}

template <class K> void line_sorter<K>::pass(int shift, bool first) {
  const int64_t all = lines * n;
  K *key[2] = {keys(), keys() + all};
  uint32_t *at[2] = {place(), place() + all}, *table = place() + 2 * all;
  const unsigned grid = (unsigned)(lines * blocks);
  const radix_job<K> j = {
      key[swapped], first ? NULL : at[swapped], key[!swapped], at[!swapped], table, n, blocks, span,
      shift};
  TC_LAUNCH(radix_count_kernel<K>, grid, RADIX_BLOCK, 0, j);
  scan_rows(table, lines, DIGITS * blocks);
  TC_LAUNCH(radix_move_kernel<K>, grid, RADIX_BLOCK, 0, j);
  swapped = !swapped;
}

// Keys without bits would be left without places: one pass at least.
template <class K> void line_sorter<K>::sort(int bits) {
  if (lines * n == 0) return;
  if (is_short()) return sort_short();
  pass(0, true);
  for (int shift = 8; shift < bits; shift += 8) pass(shift, false);
}

template class line_sorter<uint16_t>;
template class line_sorter<uint32_t>;
template class line_sorter<uint64_t>;
