// sort, topk, kthvalue along a dimension, and searchsorted. All are stable, so the same on any machine.
#ifndef T
#include "ids.h"
#include "jobs.h"
enum { FEW = 16 };
#define TC_TEMPLATE "sort.c"
#include "numbers.h"
TC_NUMBER_KERNEL(sort)
TC_NUMBER_KERNEL(topk)
TC_NUMBER_KERNEL(searchsorted)
#else
#include "keys.h"

#if TC_IS_INT
#define IS_NAN(v) false
#else
#define IS_NAN(v) ((v) != (v))
#endif

typedef struct NAME(lines) {
  T *y;
  int64_t *at;
  const T *x;
  tc_lines l;
  int64_t k, nth;  // topk: how many; or, for kthvalue, which
  KEY flip;
  bool sorted;
} NAME(lines);

static tc_status NAME(each_line)(job_function run, const NAME(lines) *s) {
  if (sizeof(KEY) < 8 && s->l.n > UINT32_MAX)
    return tc_fail(TC_BAD_SHAPE, "a line of %lld elements is too long", (long long)s->l.n);
  return each_job(run, s, s->l.outer * s->l.inner, s->l.n * 8,
                  2 * (size_t)s->l.n * sizeof(NAME(entry)));
}

static inline const T *NAME(line)(const NAME(lines) *s, int64_t line) {
  return s->x + line / s->l.inner * s->l.n * s->l.inner + line % s->l.inner;
}

// Entries become values and places (from 1) of an output line with `m` elements.
static void NAME(put_line)(const NAME(lines) *s, int64_t line, const NAME(entry) *e, int64_t m) {
  const int64_t inner = s->l.inner, first = line / inner * m * inner + line % inner;
  const T *x = NAME(line)(s, line);
  for (int64_t i = 0; i < m; i++) {
    s->y[first + i * inner] = x[(int64_t)e[i].at * inner];
    s->at[first + i * inner] = (int64_t)e[i].at + 1;
  }
}

static tc_status NAME(sort_line)(const void *context, int64_t line, void *scratch) {
  const NAME(lines) *s = context;
  NAME(entry) *e = scratch;
  NAME(entries)(e, NAME(line)(s, line), s->l.n, s->l.inner, s->flip);
  NAME(sort_entries)(e, e + s->l.n, s->l.n);
  NAME(put_line)(s, line, e, s->l.n);
  return TC_OK;
}

static NAME(lines) NAME(lines_of)(const tc_args *a, bool descending) {
  return (NAME(lines)){.y = (T *)tc_data(a->t[0]),
                       .at = tc_data(a->t[1]),
                       .x = (const T *)tc_data(a->t[2]),
                       .l = tc_lines_of(a->t[2], a->i[0]),
                       .flip = descending ? ~(KEY)0 : 0};
}

// sort(values, places, x, dim, descending)
static tc_status NAME(sort)(tc_args *a) {
  const NAME(lines) s = NAME(lines_of)(a, a->i[1] != 0);
  return NAME(each_line)(NAME(sort_line), &s);
}

// ---- the smallest k --------------------------------------------------------------------------

// The k-th smallest key (k from 1), found byte by byte from the top; *below: how many are smaller.
static KEY NAME(kth_key)(const NAME(entry) *e, int64_t n, int64_t k, int64_t *below) {
  KEY prefix = 0, mask = 0;
  *below = 0;
  for (int shift = KEY_BITS - 8; shift >= 0; shift -= 8) {
    int64_t count[256] = {0};
    for (int64_t i = 0; i < n; i++)
      if ((e[i].key & mask) == prefix) count[e[i].key >> shift & 255]++;
    int b = 0;
    while (*below + count[b] < k) *below += count[b++];
    prefix |= (KEY)b << shift;
    mask |= (KEY)255 << shift;
  }
  return prefix;
}

// Moves the k smallest entries to the front, in the order of their places.
static void NAME(keep_smallest)(NAME(entry) *e, int64_t n, int64_t k) {
  int64_t below, kept = 0;
  const KEY kth = NAME(kth_key)(e, n, k, &below);
  int64_t equal = k - below;
  for (int64_t i = 0; i < n && kept < k; i++) {
    const bool tie = e[i].key == kth && equal > 0;
    if (e[i].key < kth || tie) e[kept++] = e[i];
    equal -= tie;
  }
}

// A few of many: the best so far, in order; most values are worse than all of them.
static void NAME(keep_few)(NAME(entry) *e, const T *x, int64_t n, int64_t step, KEY flip,
                           int64_t k) {
  int64_t have = 0;
  for (int64_t i = 0; i < n; i++) {
    const KEY key = NAME(key)(x[i * step]) ^ flip;
    if (have == k && key >= e[k - 1].key) continue;
    int64_t j = have < k ? have++ : k - 1;
    for (; j > 0 && e[j - 1].key > key; j--) e[j] = e[j - 1];
    e[j] = (NAME(entry)){key, (KEY)i};
  }
}

static tc_status NAME(topk_line)(const void *context, int64_t line, void *scratch) {
  const NAME(lines) *s = context;
  const int64_t n = s->l.n, k = s->nth ? s->nth : s->k;
  NAME(entry) *e = scratch;
  if (k == 0) return TC_OK;
  if (k <= FEW) {
    NAME(keep_few)(e, NAME(line)(s, line), n, s->l.inner, s->flip, k);
  } else {
    NAME(entries)(e, NAME(line)(s, line), n, s->l.inner, s->flip);
    NAME(keep_smallest)(e, n, k);
    if (s->sorted || s->nth) NAME(sort_entries)(e, e + n, k);
  }
  NAME(put_line)(s, line, s->nth ? e + s->nth - 1 : e, s->nth ? 1 : k);
  return TC_OK;
}

// topk(values, places, x, dim, k, largest, sorted, only the k-th)
static tc_status NAME(topk)(tc_args *a) {
  NAME(lines) s = NAME(lines_of)(a, a->i[2] != 0);
  s.k = a->i[1];
  s.sorted = a->i[3] != 0;
  s.nth = a->i[4] ? s.k : 0;
  return NAME(each_line)(NAME(topk_line), &s);
}

// ---- searchsorted ----------------------------------------------------------------------------

// How many of a sorted line's n values are before v; with `right`, or equal to it. NaN is never either.
static int64_t NAME(count_before)(const T *line, int64_t n, T v, bool right) {
  const T *at = line;
  for (int64_t half; n > 1; n -= half) {
    half = n / 2;
    at += (right ? at[half - 1] <= v : at[half - 1] < v) ? half : 0;
  }
  return at - line + (n == 1 && (right ? *at <= v : *at < v));
}

// Where v would be put into a sorted line (from 1): before its equals, or after them (`right`).
static int64_t NAME(insertion)(const T *line, const int64_t *order, int64_t n, T v, bool right) {
  if (!order && !IS_NAN(v)) return NAME(count_before)(line, n, v, right) + 1;
  const KEY key = NAME(key)(v);
  int64_t lo = 0, hi = n;
  while (lo < hi) {
    const int64_t mid = lo + (hi - lo) / 2;
    const KEY other = NAME(key)(line[order ? tc_id(order[mid], n) : mid]);
    if (other < key || (right && other == key)) lo = mid + 1;
    else hi = mid;
  }
  return lo + 1;
}

// searchsorted(y, lines, values, order or nil, right): one line for all values, or as many lines as
// rows of values.
static tc_status NAME(searchsorted)(tc_args *a) {
  const tc_tensor *lines = a->t[1], *values = a->t[2];
  int64_t *y = tc_data(a->t[0]);
  const T *line = (const T *)tc_data(lines), *v = (const T *)tc_data(values);
  const int64_t *order = a->t[3] ? tc_data(a->t[3]) : NULL;
  const int64_t n = lines->size[lines->ndim - 1], count = tc_numel(values);
  const int64_t each = lines->ndim > 1 && values->ndim ? values->size[values->ndim - 1] : count;
  if (a->t[3]) TC_TRY(tc_check_ids(a->t[3], n, lines->ndim - 1));
  TC_PARALLEL_FOR(i, count, 32) {
    const int64_t skip = i / each * n;
    y[i] = NAME(insertion)(line + skip, order ? order + skip : NULL, n, v[i], a->i[0] != 0);
  }
  return TC_OK;
}
#undef IS_NAN
#endif
