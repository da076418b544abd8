// What combines values at indexed places: scatter_reduce (sum, prod, amax, amin) and index_add.
//
// Equal indices are combined in row order by one thread, so results do not depend on the threads.
#ifndef T
#include "ids.h"

enum { SCATTER_SUM, SCATTER_PROD, SCATTER_MAX, SCATTER_MIN };
enum { COLUMNS = 64 };

#define TC_TEMPLATE "scatter.c"
#include "numbers.h"
TC_NUMBER_KERNEL(scatter_reduce)
TC_NUMBER_KERNEL(index_add)
#else
#include "add_rows.h"

#if TC_IS_INT
#define LOWEST INT64_MIN
#define HIGHEST INT64_MAX
#else
#define LOWEST (-(T)INFINITY)
#define HIGHEST ((T)INFINITY)
#endif

// Every element j of a row of the index: `statement` has *p in y and v of the source.
#define EACH_ELEMENT(statement)                                                                    \
  for (int64_t j = from; j < to; j++) {                                                            \
    T *p = y + base + j * w->col + tc_id(id[j], w->size) * w->step;                                \
    const T v = source[j];                                                                         \
    (void)v;                                                                                       \
    statement;                                                                                     \
  }

typedef struct NAME(job) {
  tc_walk walk;
  T *y;
  const T *source;
  int mode;
  bool fresh;  // what y held before does not count
} NAME(job);

static void NAME(combine)(const NAME(job) *s, int64_t row, int64_t from, int64_t to) {
  const tc_walk *w = &s->walk;
  const int64_t *id = (const int64_t *)tc_data(w->index) + row * w->length;
  const int64_t base = tc_walk_base(w, row);
  const T *source = s->source + row * w->length;
  T *y = s->y;
  switch (s->mode) {
    case SCATTER_SUM: EACH_ELEMENT(*p += v) break;
    case SCATTER_PROD: EACH_ELEMENT(*p *= v) break;
    case SCATTER_MAX: EACH_ELEMENT(if (v > *p || v != v) *p = v) break;
    default: EACH_ELEMENT(if (v < *p || v != v) *p = v) break;
  }
}

static void NAME(forget)(const NAME(job) *s, int64_t row, int64_t from, int64_t to) {
  static const T first[] = {0, 1, LOWEST, HIGHEST};
  const tc_walk *w = &s->walk;
  const int64_t *id = (const int64_t *)tc_data(w->index) + row * w->length;
  const int64_t base = tc_walk_base(w, row);
  const T *source = s->source + row * w->length;
  T *y = s->y;
  const T value = first[s->mode];
  EACH_ELEMENT(*p = value)
}

static void NAME(combine_rows)(const NAME(job) *s, int64_t r0, int64_t r1, int64_t from,
                               int64_t to) {
  if (s->fresh)
    for (int64_t row = r0; row < r1; row++) NAME(forget)(s, row, from, to);
  for (int64_t row = r0; row < r1; row++) NAME(combine)(s, row, from, to);
}

// scatter_reduce(y, dim, index, source, mode, include_self). Threads share rows where each row has places
// of its own (dim is the last one), else columns.
static tc_status NAME(scatter_reduce)(tc_args *a) {
  const NAME(job) s = {.walk = tc_walk_of(a->t[1], a->t[0], a->i[0]),
                       .y = (T *)tc_data(a->t[0]),
                       .source = (const T *)tc_data(a->t[2]),
                       .mode = (int)a->i[1],
                       .fresh = a->i[2] == 0};
  const tc_walk *w = &s.walk;
  TC_TRY(tc_check_ids(a->t[1], w->size, w->dim));
  if (w->col == 0) {
    TC_PARALLEL_FOR(row, w->rows, w->length) NAME(combine_rows)(&s, row, row + 1, 0, w->length);
    return TC_OK;
  }
  const int64_t blocks = (w->length + COLUMNS - 1) / COLUMNS;
  TC_PARALLEL_FOR(b, blocks, w->rows * COLUMNS)
  NAME(combine_rows)(&s, 0, w->rows, b * COLUMNS, TC_MIN(w->length, (b + 1) * COLUMNS));
  return TC_OK;
}

// index_add(y, dim, index, source, alpha)
static tc_status NAME(index_add)(tc_args *a) {
  const tc_lines l = tc_lines_of(a->t[0], a->i[0]);
  const int64_t m = tc_numel(a->t[1]);
  T *y = (T *)tc_data(a->t[0]);
  const T *x = (const T *)tc_data(a->t[2]);
  TC_TRY(tc_check_ids(a->t[1], l.n, a->i[0]));
  NAME(add_rows) rows = {.id = tc_data(a->t[1]),
                         .alpha = (T)a->f[0],
                         .size = l.n,
                         .width = l.inner,
                         .count = m,
                         .skip = -1};
  if (l.outer < tc_threads()) {
    for (int64_t o = 0; o < l.outer; o++) {
      rows.y = y + o * l.n * l.inner;
      rows.x = x + o * m * l.inner;
      NAME(add_all_rows)(&rows);
    }
    return TC_OK;
  }
  TC_PARALLEL_FOR(o, l.outer, m * l.inner) {
    NAME(add_rows) mine = rows;
    mine.y = y + o * l.n * l.inner;
    mine.x = x + o * m * l.inner;
    NAME(add_rows_between)(&mine, 0, l.n);
  }
  return TC_OK;
}

#undef EACH_ELEMENT
#undef LOWEST
#undef HIGHEST
#endif
