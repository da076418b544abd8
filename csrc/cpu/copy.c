// Copies between layouts: contiguous rows as blocks of memory, transposed dimensions through square
// tiles that are turned in registers, everything else row by row.
//
// The destination's dimensions are put in memory order and merged first, so that few and long rows are
// left. A tile is as wide as the vectors are: whole cache lines are read and written, whatever the
// strides.
#ifndef T
#include "copy.h"

// Interleaves the lower or the upper halves of two vectors of 2, 4, 8 or 16 lanes.
#define LOW_2 0, 2
#define HIGH_2 1, 3
#define LOW_4 0, 4, 1, 5
#define HIGH_4 2, 6, 3, 7
#define LOW_8 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH_8 4, 12, 5, 13, 6, 14, 7, 15
#define LOW_16 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH_16 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#if defined(__clang__) || __GNUC__ >= 12
#define SHUFFLE(vec, a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLE(vec, a, b, ...) __builtin_shuffle(a, b, (vec){__VA_ARGS__})
#endif
#define INTERLEAVE_(vec, half, lanes, a, b) SHUFFLE(vec, a, b, half##_##lanes)
#define INTERLEAVE(vec, half, lanes, a, b) INTERLEAVE_(vec, half, lanes, a, b)

// Lanes of a tile for elements of 1, 2, 4 and 8 bytes.
#define LANES_u8 16
#define LANES_u16 8
#if defined(__AVX512F__)
#define LANES_u32 16
#define LANES_u64 8
#elif defined(__AVX2__)
#define LANES_u32 8
#define LANES_u64 4
#else
#define LANES_u32 4
#define LANES_u64 2
#endif

enum { COPY_LINE = 64, COPY_PIECE = 1 << 15 };  // bytes: a cache line; what a long row is cut into

// Where item `index` of the leading dimensions begins, in elements of both sides.
typedef struct place {
  int64_t at[TC_MAX_DIMS], to, from;
} place;

static place place_of(const tc_layout_copy *c, int dims, int64_t index) {
  place p = {.to = 0, .from = 0};
  for (int d = dims - 1; d >= 0; d--) {
    p.at[d] = index % c->size[d];
    index /= c->size[d];
    p.to += p.at[d] * c->to_stride[d];
    p.from += p.at[d] * c->from_stride[d];
  }
  return p;
}

static inline void next_place(const tc_layout_copy *c, int dims, place *p) {
  for (int d = dims - 1; d >= 0; d--) {
    p->to += c->to_stride[d];
    p->from += c->from_stride[d];
    if (++p->at[d] < c->size[d]) return;
    p->to -= c->size[d] * c->to_stride[d];
    p->from -= c->size[d] * c->from_stride[d];
    p->at[d] = 0;
  }
}

// ---- the order of the dimensions ----

static void swap_dims(tc_layout_copy *c, int a, int b) {
#define SWAP(list)                                                                                 \
  {                                                                                                \
    const int64_t kept = c->list[a];                                                               \
    c->list[a] = c->list[b];                                                                       \
    c->list[b] = kept;                                                                             \
  }
  SWAP(size) SWAP(to_stride) SWAP(from_stride)
#undef SWAP
}

static void sort_dims(tc_layout_copy *c) {
  for (int d = 1; d < c->ndim; d++)
    for (int e = d; e > 0 && c->to_stride[e - 1] < c->to_stride[e]; e--) swap_dims(c, e - 1, e);
}

static void merge_dims(tc_layout_copy *c) {
  int last = 0;
  for (int d = 1; d < c->ndim; d++) {
    const bool even = c->to_stride[last] == c->to_stride[d] * c->size[d] &&
                      c->from_stride[last] == c->from_stride[d] * c->size[d];
    const int64_t size = even ? c->size[last] : 1;
    last += !even;
    c->size[last] = c->size[d] * size;
    c->to_stride[last] = c->to_stride[d];
    c->from_stride[last] = c->from_stride[d];
  }
  c->ndim = last + 1;
}

// The dimension along which the source lies, when it is not the last and both are wide enough to turn.
static int turned_dim(const tc_layout_copy *c) {
  const int last = c->ndim - 1;
  if (c->from_stride[last] == 1 || c->to_stride[last] != 1 || c->size[last] < 4) return -1;
  for (int d = 0; d < last; d++)
    if (c->from_stride[d] == 1 && c->size[d] >= 4) return d;
  return -1;
}

bool TC_CPU(is_transposed)(const tc_layout_copy *c) { return turned_dim(c) >= 0; }

// ---- the template, by the size of an element ----

#define T uint8_t
#define NAME(x) x##_u8
#define LANES LANES_u8
#include "copy.c"
#define T uint16_t
#define NAME(x) x##_u16
#define LANES LANES_u16
#include "copy.c"
#define T uint32_t
#define NAME(x) x##_u32
#define LANES LANES_u32
#include "copy.c"
#define T uint64_t
#define NAME(x) x##_u64
#define LANES LANES_u64
#include "copy.c"

void TC_CPU(copy_layout)(tc_layout_copy c) {
  sort_dims(&c);
  merge_dims(&c);
  switch (c.item) {
    case 1: copy_u8(&c); break;
    case 2: copy_u16(&c); break;
    case 4: copy_u32(&c); break;
    default: copy_u64(&c); break;
  }
}

#else

typedef T NAME(vec) __attribute__((vector_size(LANES * sizeof(T)), aligned(1), may_alias));
enum { NAME(BAND) = COPY_LINE / sizeof(T) };

// ---- tiles: to[k][l] = from[l][k] ----

// Interleaving the first half of the rows with the second, once for every bit of a row's number,
// leaves the columns.
static inline void NAME(turn)(T *to, int64_t to_step, const T *from, int64_t from_step) {
  NAME(vec) r[LANES], s[LANES];
  TC_PRAGMA(GCC unroll 16)
  for (int i = 0; i < LANES; i++) r[i] = *(const NAME(vec) *)(from + i * from_step);
  TC_PRAGMA(GCC unroll 4)
  for (int pass = 1; pass < LANES; pass *= 2) {
    TC_PRAGMA(GCC unroll 8)
    for (int i = 0; i < LANES / 2; i++) {
      s[2 * i] = INTERLEAVE(NAME(vec), LOW, LANES, r[i], r[i + LANES / 2]);
      s[2 * i + 1] = INTERLEAVE(NAME(vec), HIGH, LANES, r[i], r[i + LANES / 2]);
    }
    TC_PRAGMA(GCC unroll 16)
    for (int i = 0; i < LANES; i++) r[i] = s[i];
  }
  TC_PRAGMA(GCC unroll 16)
  for (int i = 0; i < LANES; i++) *(NAME(vec) *)(to + i * to_step) = r[i];
}

// A band of k is a cache line wide in the source; the destination is written along l.
static void NAME(turn_band)(T *to, int64_t to_step, const T *from, int64_t from_step, int64_t K,
                            int64_t L) {
  const int64_t whole_k = K / LANES * LANES, whole_l = L / LANES * LANES;
  for (int64_t l = 0; l < whole_l; l += LANES)
    for (int64_t k = 0; k < whole_k; k += LANES)
      NAME(turn)(to + k * to_step + l, to_step, from + l * from_step + k, from_step);
  for (int64_t k = 0; k < K; k++)
    for (int64_t l = k < whole_k ? whole_l : 0; l < L; l++)
      to[k * to_step + l] = from[l * from_step + k];
}

static void NAME(turn_all)(const tc_layout_copy *given, int k) {
  tc_layout_copy c = *given;
  for (; k < c.ndim - 2; k++) swap_dims(&c, k, k + 1);
  const int64_t K = c.size[k], L = c.size[k + 1], bands = (K + NAME(BAND) - 1) / NAME(BAND);
  int64_t outer = 1;
  for (int d = 0; d < k; d++) outer *= c.size[d];
  TC_PARALLEL_FOR(job, outer * bands, L * NAME(BAND)) {
    const int64_t from_k = job % bands * NAME(BAND);
    const place p = place_of(&c, k, job / bands);
    T *to = (T *)(void *)c.to + p.to + from_k * c.to_stride[k];
    const T *from = (const T *)(const void *)c.from + p.from + from_k;
    NAME(turn_band)
    (to, c.to_stride[k], from, c.from_stride[k + 1], TC_MIN(K - from_k, NAME(BAND)), L);
  }
}

// ---- rows ----

// Short rows by vectors, the last of which may overlap the one before: a call would cost more.
static inline void NAME(move_row)(T *to, const T *from, int64_t n) {
  if (n > 256 || n < LANES) {
    if (n >= LANES) memcpy(to, from, (size_t)n * sizeof(T));
    else
      for (int64_t i = 0; i < n; i++) to[i] = from[i];
    return;
  }
  const NAME(vec) end = *(const NAME(vec) *)(from + n - LANES);
  for (int64_t i = 0; i + LANES < n; i += LANES)
    *(NAME(vec) *)(to + i) = *(const NAME(vec) *)(from + i);
  *(NAME(vec) *)(to + n - LANES) = end;
}

static void NAME(strided_row)(T *to, int64_t to_step, const T *from, int64_t from_step, int64_t n) {
  const T value = *from;
  if (to_step == 1 && from_step == 1) NAME(move_row)(to, from, n);
  else if (to_step == 1 && from_step == 0) TC_PRAGMA(omp simd)
  for (int64_t i = 0; i < n; i++) to[i] = value;
  else if (to_step == 1 && from_step == 2) for (int64_t i = 0; i < n; i++) to[i] = from[2 * i];
  else for (int64_t i = 0; i < n; i++) to[i * to_step] = from[i * from_step]; }

// Pieces first..end-1; each row of the last dimension is cut into `pieces`.
static void NAME(move_rows)(const tc_layout_copy *c, int64_t pieces, int64_t first, int64_t end) {
  const int last = c->ndim - 1;
  const int64_t n = c->size[last], step = pieces == 1 ? n : (int64_t)(COPY_PIECE / sizeof(T));
  const int64_t to_step = c->to_stride[last], from_step = c->from_stride[last];
  place p = place_of(c, last, first / pieces);
  for (int64_t item = first, k = first % pieces; item < end; item++) {
    const int64_t i = k * step, more = TC_MIN(step, n - i);
    NAME(strided_row)
    ((T *)(void *)c->to + p.to + i * to_step, to_step,
     (const T *)(const void *)c->from + p.from + i * from_step, from_step, more);
    if (++k < pieces) continue;
    next_place(c, last, &p);
    k = 0;
  }
}

static void NAME(copy)(const tc_layout_copy *c) {
  const int k = turned_dim(c);
  if (k >= 0) {
    NAME(turn_all)(c, k);
    return;
  }
  const int64_t n = c->size[c->ndim - 1];
  const int64_t piece = COPY_PIECE / sizeof(T), pieces = (n + piece - 1) / piece;
  int64_t rows = pieces;
  for (int d = 0; d < c->ndim - 1; d++) rows *= c->size[d];
  const int64_t total = rows / pieces * n,
                workers = total > TC_GRAIN ? TC_MIN(rows, tc_threads()) : 1;
  TC_PARALLEL_FOR(w, workers, TC_GRAIN + 1)
  NAME(move_rows)(c, pieces, rows * w / workers, rows * (w + 1) / workers);
}

#undef T
#undef NAME
#undef LANES
#endif
