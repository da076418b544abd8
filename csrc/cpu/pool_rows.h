// Rows of pixels split by residue modulo the stride, and put together again, by vectors. Part of a
// template, after pool.h.
#include "vectors.h"

#define VEC NAME(panel_vec)
#define LANES ((int64_t)NAME(PANEL_LANES))

static inline void NAME(fill)(T *to, int64_t n, T value) {
  for (int64_t i = 0; i < n; i++) to[i] = value;
}

static inline void NAME(move_row)(T *to, const T *from, int64_t n) {
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) *(VEC *)(to + i) = *(const VEC *)(from + i);
  if (VECTOR_MASKS && i < n) NAME(store_some)(to + i, NAME(load_some)(from + i, n - i), n - i);
  else
    for (; i < n; i++) to[i] = from[i];
}

static inline VEC NAME(load_up_to)(const T *from, int64_t n) {
  if (n >= LANES) return *(const VEC *)from;
  return n > 0 ? NAME(load_some)(from, n) : (VEC){0};
}

// The elements of even and of odd number of a row of n pairs.
static inline void NAME(unzip_row)(T *restrict even, T *restrict odd, const T *from, int64_t n) {
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    const VEC *pair = (const VEC *)(from + 2 * i);
    *(VEC *)(even + i) = EVENS(pair[0], pair[1]);
    *(VEC *)(odd + i) = ODDS(pair[0], pair[1]);
  }
  if (VECTOR_MASKS && i < n) {
    const VEC low = NAME(load_up_to)(from + 2 * i, 2 * (n - i));
    const VEC high = NAME(load_up_to)(from + 2 * i + LANES, 2 * (n - i) - LANES);
    NAME(store_some)(even + i, EVENS(low, high), n - i);
    NAME(store_some)(odd + i, ODDS(low, high), n - i);
  } else {
    for (; i < n; i++) even[i] = from[2 * i], odd[i] = from[2 * i + 1];
  }
}

static inline void NAME(store_up_to)(T *to, VEC x, int64_t n) {
  if (n >= LANES) *(VEC *)to = x;
  else if (n > 0) NAME(store_some)(to, x, n);
}

// The other way.
static inline void NAME(zip_row)(T *restrict to, const T *even, const T *odd, int64_t n) {
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    const VEC e = *(const VEC *)(even + i);
    const VEC o = *(const VEC *)(odd + i);
    VEC *pair = (VEC *)(to + 2 * i);
    pair[0] = RIFFLE_LOW(e, o), pair[1] = RIFFLE_HIGH(e, o);
  }
  if (VECTOR_MASKS && i < n) {
    const VEC e = NAME(load_some)(even + i, n - i);
    const VEC o = NAME(load_some)(odd + i, n - i);
    NAME(store_up_to)(to + 2 * i, RIFFLE_LOW(e, o), 2 * (n - i));
    NAME(store_up_to)(to + 2 * i + LANES, RIFFLE_HIGH(e, o), 2 * (n - i) - LANES);
  } else {
    for (; i < n; i++) to[2 * i] = even[i], to[2 * i + 1] = odd[i];
  }
}

// ---- rows of the input -----------------------------------------------------------------------

// Positions [from, end) of a row that may lie beyond it in some residue: minus infinity there.
static void NAME(split_ends)(const residues *s, const T *x, int64_t from, int64_t end, T *to,
                             int64_t apart) {
  for (int64_t q = from; q < end; q++)
    for (int64_t r = 0, i = q * s->step - s->pad; r < s->step; r++, i++)
      to[r * apart + q] = i >= 0 && i < s->in ? x[i] : (T)-INFINITY;
}

// Residue r of the row x goes to `to` + r `apart`.
static inline __attribute__((always_inline)) void NAME(split_row)(const residues *s, const T *x,
                                                                  T *to, int64_t apart) {
  const int64_t n = s->end - s->first, step = s->step;
  const T *from = x + s->first * step - s->pad;
  T *at = to + s->first;
  if (step == 1) NAME(move_row)(at, from, n);
  else if (step == 2) NAME(unzip_row)(at, at + apart, from, n);
  else
    for (int64_t r = 0; r < step; r++)
      for (int64_t q = 0; q < n; q++) at[r * apart + q] = from[q * step + r];
  if (n == s->n) return;
  NAME(split_ends)(s, x, 0, s->first, to, apart);
  NAME(split_ends)(s, x, s->end, s->n, to, apart);
}

static void NAME(join_ends)(const residues *s, const T *from, int64_t apart, int64_t first,
                            int64_t end, T *x) {
  for (int64_t q = first; q < end; q++)
    for (int64_t r = 0, i = q * s->step - s->pad; r < s->step; r++, i++)
      if (i >= 0 && i < s->in) x[i] = from[r * apart + q];
}

// The row x of residues that lie `apart`.
static inline __attribute__((always_inline)) void NAME(join_row)(const residues *s, const T *from,
                                                                 int64_t apart, T *x) {
  const int64_t n = s->end - s->first, step = s->step;
  const T *at = from + s->first;
  T *to = x + s->first * step - s->pad;
  if (step == 1) NAME(move_row)(to, at, n);
  else if (step == 2) NAME(zip_row)(to, at, at + apart, n);
  else
    for (int64_t r = 0; r < step; r++)
      for (int64_t q = 0; q < n; q++) to[q * step + r] = at[r * apart + q];
  if (n == s->n) return;
  NAME(join_ends)(s, from, apart, 0, s->first, x);
  NAME(join_ends)(s, from, apart, s->end, s->n, x);
}
