// Selection that moves elements without looking at them, so for any dtype: index_select, index_copy,
// gather, scatter (assignment), masked_select, masked_scatter, nonzero, joining, flip, and the arithmetic
// of indices over several dimensions. Indices count from 1 and are checked before any use.
#include "ids.h"

// ---- whole slices along a dimension ----------------------------------------------------------

// One element each: a loop the compiler knows the size of.
#define PICK(U)                                                                                    \
  for (int64_t k = 0; k < count; k++) ((U *)to)[k] = ((const U *)from)[tc_id(id[k], n)]

static void pick_elements(const tc_tensor *x, char *to, const char *from, const int64_t *id,
                          int64_t count, int64_t n){TC_BY_SIZE(x, PICK)}

// index_select(y, x, dim, index)
TC_PLAIN_KERNEL(index_select) {
  const tc_tensor *x = a->t[1];
  const tc_lines l = tc_lines_of(x, a->i[0]);
  const int64_t *id = tc_data(a->t[2]), m = tc_numel(a->t[2]);
  const size_t item = tc_itemsize((tc_dtype)x->dtype), slice = (size_t)l.inner * item;
  char *y = tc_data(a->t[0]);
  const char *from = tc_data(x);
  TC_TRY(tc_check_ids(a->t[2], l.n, a->i[0]));
  if (l.inner == 1) {
    const size_t line = (size_t)l.n * item;
    TC_PARALLEL_FOR(o, l.outer, m)
    pick_elements(x, y + (size_t)(o * m) * item, from + (size_t)o * line, id, m, l.n);
    return TC_OK;
  }
  TC_PARALLEL_FOR(k, l.outer * m, l.inner) {
    const int64_t at = k / m * l.n + tc_id(id[k % m], l.n);
    memcpy(y + (size_t)k * slice, from + (size_t)at * slice, slice);
  }
  return TC_OK;
}

// index_copy(y, dim, index, source): slices of y become those of source; the last of equals wins.
TC_PLAIN_KERNEL(index_copy) {
  const tc_lines l = tc_lines_of(a->t[0], a->i[0]);
  const int64_t *id = tc_data(a->t[1]), m = tc_numel(a->t[1]);
  const size_t slice = (size_t)l.inner * tc_itemsize((tc_dtype)a->t[0]->dtype);
  char *y = tc_data(a->t[0]);
  const char *from = tc_data(a->t[2]);
  TC_TRY(tc_check_ids(a->t[1], l.n, a->i[0]));
  TC_PARALLEL_FOR(o, l.outer, m * l.inner)
  for (int64_t k = 0; k < m; k++)
    memcpy(y + (size_t)(o * l.n + tc_id(id[k], l.n)) * slice, from + (size_t)(o * m + k) * slice,
           slice);
  return TC_OK;
}

// ---- element by element along a dimension ----------------------------------------------------

#define GATHER_ROW(U)                                                                              \
  for (int64_t j = 0; j < w->length; j++)                                                          \
  ((U *)y)[row * w->length + j] =                                                                  \
      ((const U *)x)[base + j * w->col + tc_id(id[j], w->size) * w->step]

static void gather_row(const tc_walk *w, char *y, const char *x, int64_t row) {
  const int64_t *id = (const int64_t *)tc_data(w->index) + row * w->length;
  const int64_t base = tc_walk_base(w, row);
  TC_BY_SIZE(w->x, GATHER_ROW)
}

// gather(y, x, dim, index)
TC_PLAIN_KERNEL(gather) {
  const tc_walk w = tc_walk_of(a->t[2], a->t[1], a->i[0]);
  char *y = tc_data(a->t[0]);
  const char *x = tc_data(a->t[1]);
  TC_TRY(tc_check_ids(a->t[2], w.size, w.dim));
  TC_PARALLEL_FOR(row, w.rows, w.length) gather_row(&w, y, x, row);
  return TC_OK;
}

#define SCATTER_ROW(U)                                                                             \
  for (int64_t j = 0; j < w->length; j++)                                                          \
  ((U *)y)[base + j * w->col + tc_id(id[j], w->size) * w->step] =                                  \
      ((const U *)from)[row * w->length + j]

static void scatter_row(const tc_walk *w, char *y, const char *from, int64_t row) {
  const int64_t *id = (const int64_t *)tc_data(w->index) + row * w->length;
  const int64_t base = tc_walk_base(w, row);
  TC_BY_SIZE(w->x, SCATTER_ROW)
}

// scatter(y, dim, index, source): source has the index's shape. Rows meet in the same places of y unless
// dim is the last one: only then do they go to several threads.
TC_PLAIN_KERNEL(scatter) {
  const tc_walk w = tc_walk_of(a->t[1], a->t[0], a->i[0]);
  char *y = tc_data(a->t[0]);
  const char *from = tc_data(a->t[2]);
  TC_TRY(tc_check_ids(a->t[1], w.size, w.dim));
  if (w.col) {
    for (int64_t row = 0; row < w.rows; row++) scatter_row(&w, y, from, row);
    return TC_OK;
  }
  TC_PARALLEL_FOR(row, w.rows, w.length) scatter_row(&w, y, from, row);
  return TC_OK;
}

// index_fold(y, index, size, dim): y = (y - 1) * size + the place of index, counted from 1: the index of
// several dimensions as one.
TC_PLAIN_KERNEL(index_fold) {
  int64_t *y = tc_data(a->t[0]);
  const int64_t *id = tc_data(a->t[1]), size = a->i[0], n = tc_numel(a->t[0]);
  TC_TRY(tc_check_ids(a->t[1], size, a->i[1]));
  for (int64_t i = 0; i < n; i++) y[i] = (y[i] - 1) * size + tc_id(id[i], size) + 1;
  return TC_OK;
}

// ---- masks -----------------------------------------------------------------------------------

#define SELECT(U)                                                                                  \
  for (int64_t i = 0; i < n; i++)                                                                  \
    if (mask[i]) ((U *)y)[k++] = ((const U *)x)[i]

// masked_select(y, x, mask): y has as many elements as mask has true ones.
TC_PLAIN_KERNEL(masked_select) {
  char *y = tc_data(a->t[0]);
  const char *x = tc_data(a->t[1]);
  const bool *mask = tc_data(a->t[2]);
  const int64_t n = tc_numel(a->t[2]);
  int64_t k = 0;
  TC_BY_SIZE(a->t[1], SELECT)
  return TC_OK;
}

#define FILL(U)                                                                                    \
  for (int64_t i = 0; i < n; i++)                                                                  \
    if (mask[i]) ((U *)y)[i] = ((const U *)source)[k++]

// masked_scatter(y, mask, source): true places get the elements of source, in order.
TC_PLAIN_KERNEL(masked_scatter) {
  char *y = tc_data(a->t[0]);
  const bool *mask = tc_data(a->t[1]);
  const char *source = tc_data(a->t[2]);
  const int64_t n = tc_numel(a->t[1]), have = tc_numel(a->t[2]);
  int64_t k = 0;
  for (int64_t i = 0; i < n; i++) k += mask[i];
  if (k > have)
    return tc_fail(TC_BAD_VALUE, "the mask has %lld true elements, the source only %lld",
                   (long long)k, (long long)have);
  k = 0;
  TC_BY_SIZE(a->t[0], FILL)
  return TC_OK;
}

// The next place in row order.
static void advance(const tc_tensor *t, int64_t *place) {
  for (int d = t->ndim - 1; d >= 0; d--) {
    if (++place[d] < t->size[d]) return;
    place[d] = 0;
  }
}

// nonzero(y, mask): the places of true elements, a row each, from 1. y has room for all.
TC_PLAIN_KERNEL(nonzero) {
  const tc_tensor *m = a->t[1];
  int64_t *y = tc_data(a->t[0]), place[TC_MAX_DIMS] = {0};
  const bool *mask = tc_data(m);
  const int64_t n = tc_numel(m);
  for (int64_t i = 0; i < n; i++, advance(m, place))
    if (mask[i])
      for (int d = 0; d < m->ndim; d++) *y++ = place[d] + 1;
  return TC_OK;
}

// ---- joining ---------------------------------------------------------------------------------

// join(y, outer, start, up to 12 tensors): y as `outer` rows gets the rows of each tensor side by side,
// from element `start` of a row on. For small tensors: no threads.
TC_PLAIN_KERNEL(join) {
  const size_t item = tc_itemsize((tc_dtype)a->t[0]->dtype);
  const int64_t outer = a->i[0], row = outer ? tc_numel(a->t[0]) / outer : 0;
  size_t at = (size_t)a->i[1] * item;
  for (int k = 1; k <= 12 && a->t[k]; k++) {
    const size_t width = outer ? (size_t)(tc_numel(a->t[k]) / outer) * item : 0;
    const char *from = tc_data(a->t[k]);
    char *to = (char *)tc_data(a->t[0]) + at;
    at += width;
    if (at > (size_t)row * item)
      return tc_fail(TC_INTERNAL, "tensor %d does not fit the rows of the result", k);
    for (int64_t o = 0; o < outer; o++)
      memcpy(to + (size_t)(o * row) * item, from + (size_t)o * width, width);
  }
  return TC_OK;
}

// ---- flip ------------------------------------------------------------------------------------

#define REVERSE(U)                                                                                 \
  for (int64_t j = 0; j < n; j++) ((U *)to)[j] = ((const U *)from)[n - 1 - j]

static void copy_row(const tc_tensor *x, char *to, const char *from, int64_t n, bool reversed) {
  if (!reversed) memcpy(to, from, (size_t)n * tc_itemsize((tc_dtype)x->dtype));
  else TC_BY_SIZE(x, REVERSE)
}

// flip(y, x, dims from 1)
TC_PLAIN_KERNEL(flip) {
  const tc_tensor *x = a->t[1];
  const int last = x->ndim - 1;
  bool flipped[TC_MAX_DIMS] = {false};
  for (int k = 0; k < a->len[0]; k++) flipped[a->list[0][k] - 1] = true;
  const int64_t n = x->ndim ? x->size[last] : 1, rows = n ? tc_numel(x) / n : 0;
  const size_t bytes = (size_t)n * tc_itemsize((tc_dtype)x->dtype);
  char *y = tc_data(a->t[0]);
  const char *all = tc_data(x);
  TC_PARALLEL_FOR(row, rows, n) {
    int64_t from = 0, step = 1, rest = row;
    for (int d = last - 1; d >= 0; d--) {
      const int64_t at = rest % x->size[d];
      from += (flipped[d] ? x->size[d] - 1 - at : at) * step;
      step *= x->size[d];
      rest /= x->size[d];
    }
    copy_row(x, y + (size_t)row * bytes, all + (size_t)from * bytes, n, last >= 0 && flipped[last]);
  }
  return TC_OK;
}
