// Max pooling in one to three dimensions: values, indices, gradient.
//
// Values are reduced first down, then along the rows. Where the maxima are is searched along the rows
// first and then down, which is the order of the taps; the gradient finds them again, which costs
// less than keeping their indices in memory. NaN wins over everything.
#ifndef T
#include "pool.h"
#define TC_TEMPLATE "pool.c"
#include "floats.h"
TC_FLOAT_KERNEL(max_pool)
TC_FLOAT_KERNEL(max_pool_with_indices)
TC_FLOAT_KERNEL(max_pool_backward)
#else
#include "slab.h"
#include "pool_runs.h"

typedef struct NAME(maxima) {
  const pool *p;
  const tiling *t;
  const T *x, *g;
  T *y;
  int64_t *index;
} NAME(maxima);

static inline int NAME(wins)(T x, T over) { return (x > over) | (x != x); }

// ---- values ----------------------------------------------------------------------------------

static inline void NAME(max_into)(T *restrict to, const T *restrict from, int64_t n) {
  for (int64_t i = 0; i < n; i++) to[i] = NAME(wins)(from[i], to[i]) ? from[i] : to[i];
}

static inline void NAME(max_of)(T *restrict to, const T *restrict a, const T *restrict b,
                                int64_t n) {
  for (int64_t i = 0; i < n; i++) to[i] = NAME(wins)(b[i], a[i]) ? b[i] : a[i];
}

// The largest of the rows under a row of output, two at once to begin with.
static void NAME(max_down)(const window *w, const pool_row *r, const T *x, T *to) {
  const T *before = NULL;
  int64_t seen = 0;
  for (int64_t z = r->z0; z < r->z1; z++)
    for (int64_t y = r->y0; y < r->y1; y++, seen++) {
      const T *row = x + pool_input(w, r, z, y);
      if (seen == 1) NAME(max_of)(to, before, row, w->in[2]);
      else if (seen > 1) NAME(max_into)(to, row, w->in[2]);
      before = row;
    }
  if (seen == 1) memcpy(to, before, (size_t)w->in[2] * sizeof(T));
  if (seen == 0) NAME(fill)(to, 0, w->in[2], (T)-INFINITY);
}

// What is under some rows of output, each split by residue: (residue, rows, phase).
static void NAME(split_rows)(const window *w, const slab *s, const T *x, int64_t rows, T *to) {
  const int64_t step = w->stride[2], n = s->phase;
  for (int64_t r = 0; r < step; r++) {
    int64_t lo, hi;
    NAME(phase_range)(w, s, r, &lo, &hi);
    const T *from = x + s->begin[2] + r;
    const bool whole = hi - lo == n && w->in[2] == n * step;  // then all rows are one run
    const int64_t runs = whole ? 1 : rows, length = rows * n / TC_MAX(1, runs);
    for (int64_t row = 0; row < runs; row++, to += length)
      NAME(fill_phase)(from + row * w->in[2], step, lo, whole ? length : hi, length, (T)-INFINITY,
                       to);
  }
}

typedef struct NAME(rows) {
  T *down, *split, *across;  // (rows, width of the input), (residue, rows, phase), (rows, phase)
} NAME(rows);

static void NAME(max_rows)(const NAME(maxima) *m, const block *b, const NAME(rows) *k, const T *x,
                           T *to) {
  const window *w = &m->p->w;
  const slab *s = &m->p->row;
  const int64_t rows = b->size[0] * b->size[1], first = b->offset / w->out[2];
  const int64_t length = rows * s->phase, step = w->stride[2];
  for (int64_t row = 0; row < rows; row++) {
    const pool_row r = pool_row_at(w, first + row);
    NAME(max_down)(w, &r, x, k->down + row * w->in[2]);
  }
  NAME(split_rows)(w, s, k->down, rows, k->split);
  T *across = s->phase == w->out[2] ? to : k->across;
  memcpy(across, k->split, (size_t)length * sizeof(T));
  for (int64_t t = 1; t < w->kernel[2]; t++) {
    const int64_t along = t * w->dilation[2];
    NAME(max_into)(across, k->split + along % step * length + along / step, length);
  }
  for (int64_t row = 0; across != to && row < rows; row++)
    memcpy(to + row * w->out[2], across + row * s->phase, (size_t)w->out[2] * sizeof(T));
}

static int64_t NAME(rows_of)(const pool *p, const tiling *t) {
  const block b = block_at(&p->w, t, p->planes, 0);
  return b.size[0] * b.size[1];
}

static tc_status NAME(max_job)(const void *context, int64_t job, void *scratch) {
  const NAME(maxima) *m = context;
  const window *w = &m->p->w;
  const block b = block_at(w, m->t, m->p->planes, job);
  const int64_t rows = NAME(rows_of)(m->p, m->t);
  NAME(rows) k = {.down = scratch};
  k.split = k.down + rows * w->in[2];
  k.across = k.split + NAME(room_for)(w, rows * m->p->row.phase);
  for (int64_t i = b.image; i < b.image + b.images; i++)
    NAME(max_rows)(m, &b, &k, m->x + i * w->in_plane, m->y + i * w->out_plane + b.offset);
  return TC_OK;
}

static tc_status NAME(max_pool)(tc_args *a) {
  const pool p = pool_of(a, a->t[1], a->t[0], a->list[3]);
  if (p.w.out_plane == 0) return TC_OK;
  const tiling t = pool_tiling(&p);
  const NAME(maxima) m = {&p, &t, tc_data(a->t[1]), NULL, tc_data(a->t[0]), NULL};
  const int64_t rows = NAME(rows_of)(&p, &t), length = rows * p.row.phase;
  const int64_t scratch = rows * p.w.in[2] + NAME(room_for)(&p.w, length) + length + TC_SLACK;
  return each_job(NAME(max_job), &m, t.count, block_volume(&p, &t), (size_t)scratch * sizeof(T));
}

// ---- where the maxima are --------------------------------------------------------------------

// A block at work: what lies under it, the best of each window along its row and its gradient (a run
// each), the best of each window (a row is as long as one of a run), and which taps these are:
// along the row, of which `first` is inside (-1: none), and down, z and y together.
typedef struct NAME(search) {
  NAME(runs) r;
  block b;
  T *split, *across, *up, *best;
  int32_t *tap, *down, *first;
} NAME(search);

static size_t NAME(search_scratch)(const pool *p, const tiling *t) {
  const block b = block_at(&p->w, t, p->planes, 0);
  const NAME(runs) r = NAME(runs_of)(&p->w, &b);
  const size_t run = (size_t)r.length, best = (size_t)(b.size[1] * r.s.phase);
  return ((size_t)NAME(runs_room)(&r) + 2 * run + best) * sizeof(T) +
         (run + best + (size_t)r.s.phase) * sizeof(int32_t);
}

static void NAME(first_taps)(const NAME(search) *k) {
  for (int64_t o = 0; o < k->r.s.phase; o++) {
    int64_t lo = 0, hi = 0;
    if (o < k->r.w->out[2]) taps_inside(k->r.w, 2, o, &lo, &hi);
    k->first[o] = lo < hi ? (int32_t)lo : -1;
  }
}

// The scratch of a block is no larger than the first one's.
static NAME(search) NAME(search_of)(const window *w, const block *b, void *scratch) {
  NAME(search) k = {.r = NAME(runs_of)(w, b), .b = *b, .split = scratch};
  const int64_t best = b->size[1] * k.r.s.phase;
  k.across = k.split + NAME(runs_room)(&k.r);
  k.up = k.across + k.r.length;
  k.best = k.up + k.r.length;
  k.tap = (int32_t *)(k.best + best);
  k.down = k.tap + k.r.length;
  k.first = k.down + best;
  NAME(first_taps)(&k);
  return k;
}

// How many windows the rows of output at one z have, with what lies between the rows.
static inline int64_t NAME(windows_of)(const NAME(search) *k) {
  return (k->b.size[1] - 1) * k->r.s.phase + k->r.w->out[2];
}

static inline int64_t NAME(rows_down)(const window *w) { return w->kernel[0] * w->kernel[1]; }

static inline pool_row NAME(row_at)(const NAME(search) *k, int64_t z, int64_t y) {
  return pool_row_at(k->r.w, (k->b.begin[0] + z) * k->r.w->out[1] + k->b.begin[1] + y);
}

static void NAME(better)(const T *restrict x, int32_t tap, int64_t n, T *restrict best,
                         int32_t *restrict taps) {
  for (int64_t i = 0; i < n; i++) {
    const int take = NAME(wins)(x[i], best[i]);
    best[i] = take ? x[i] : best[i];
    taps[i] = take ? tap : taps[i];
  }
}

// Fills k->across and k->tap. Of equals the first wins, of NaNs the last.
static void NAME(search_across)(const NAME(search) *k, const T *x) {
  const int64_t n = k->r.length, row = k->r.s.phase;
  NAME(split_runs)(&k->r, x, k->split);
  NAME(fill)(k->across, 0, n, (T)-INFINITY);
  for (int64_t at = 0; at < n; at += row)
    memcpy(k->tap + at, k->first, (size_t)row * sizeof *k->tap);
  for (int64_t t = 0; t < k->r.w->kernel[2]; t++)
    NAME(better)(k->split + NAME(run_along)(&k->r, t), (int32_t)t, n, k->across, k->tap);
}

// Fills k->best and k->down for the rows of output at z.
static void NAME(search_down)(const NAME(search) *k, int64_t z) {
  const int64_t row = k->r.s.phase;
  NAME(fill)(k->best, 0, k->b.size[1] * row, (T)-INFINITY);
  for (int64_t y = 0; y < k->b.size[1]; y++) {
    const pool_row r = NAME(row_at)(k, z, y);
    const bool none = r.z0 == r.z1 || r.y0 == r.y1;
    const int32_t begin = none ? -1 : (int32_t)(r.z0 * k->r.w->kernel[1] + r.y0);
    for (int64_t o = 0; o < row; o++) k->down[y * row + o] = begin;
  }
  for (int64_t t = 0; t < NAME(rows_down)(k->r.w); t++)
    NAME(better)(k->across + NAME(run_down)(&k->r, z, t), (int32_t)t, NAME(windows_of)(k), k->best,
                 k->down);
}

// Where in the plane the best of output o of row (z, y) lies, from 0; 0 where the window is empty.
static inline int64_t NAME(found)(const NAME(search) *k, int64_t z, int64_t y, int64_t o) {
  const window *w = k->r.w;
  const pool_row r = NAME(row_at)(k, z, y);
  const int64_t at = y * k->r.s.phase + o, down = k->down[at];
  if (down < 0) return 0;
  const int64_t along = k->tap[NAME(run_down)(&k->r, z, down) + at];
  if (along < 0) return 0;
  return pool_input(w, &r, down / w->kernel[1], down % w->kernel[1]) + o * w->stride[2] -
         w->pad[2] + along * w->dilation[2];
}

static void NAME(index_plane)(const NAME(search) *k, const T *x, T *to, int64_t *index) {
  const int64_t n = k->r.w->out[2];
  NAME(search_across)(k, x);
  for (int64_t z = 0; z < k->b.size[0]; z++) {
    NAME(search_down)(k, z);
    for (int64_t y = 0; y < k->b.size[1]; y++, to += n, index += n) {
      memcpy(to, k->best + y * k->r.s.phase, (size_t)n * sizeof(T));
      for (int64_t o = 0; o < n; o++) index[o] = NAME(found)(k, z, y, o) + 1;
    }
  }
}

static tc_status NAME(index_job)(const void *context, int64_t job, void *scratch) {
  const NAME(maxima) *m = context;
  const window *w = &m->p->w;
  const block b = block_at(w, m->t, m->p->planes, job);
  const NAME(search) k = NAME(search_of)(w, &b, scratch);
  for (int64_t i = b.image; i < b.image + b.images; i++) {
    const int64_t to = i * w->out_plane + b.offset;
    NAME(index_plane)(&k, m->x + i * w->in_plane, m->y + to, m->index + to);
  }
  return TC_OK;
}

static tc_status NAME(max_pool_with_indices)(tc_args *a) {
  const pool p = pool_of(a, a->t[2], a->t[0], a->list[3]);
  if (p.w.out_plane == 0) return TC_OK;
  const tiling t = pool_tiling(&p);
  const NAME(maxima) m = {&p, &t, tc_data(a->t[2]), NULL, tc_data(a->t[0]), tc_data(a->t[1])};
  return each_job(NAME(index_job), &m, t.count, block_volume(&p, &t), NAME(search_scratch)(&p, &t));
}

// ---- gradient --------------------------------------------------------------------------------

// to += g where `tap` won
static inline void NAME(give_winner)(T *restrict to, const T *restrict g,
                                     const int32_t *restrict taps, int32_t tap, int64_t n) {
  for (int64_t i = 0; i < n; i++) to[i] += taps[i] == tap ? g[i] : 0;
}

// The rows of g as far apart as those of a run, zero between them; `to` has room for that.
static const T *NAME(spaced)(const NAME(search) *k, const T *g, T *to) {
  const int64_t n = k->r.w->out[2], row = k->r.s.phase;
  if (n == row) return g;
  for (int64_t y = 0; y < k->b.size[1]; y++) {
    memcpy(to + y * row, g + y * n, (size_t)n * sizeof(T));
    NAME(fill)(to + y * row, n, row, 0);
  }
  return to;
}

// From a block's output to its windows along the rows, from there to the taps, and to the plane.
static void NAME(spread_plane)(const NAME(search) *k, const T *x, const T *g, T *to) {
  const window *w = k->r.w;
  NAME(search_across)(k, x);
  NAME(fill)(k->up, 0, k->r.length, 0);
  for (int64_t z = 0; z < k->b.size[0]; z++, g += k->b.size[1] * w->out[2]) {
    NAME(search_down)(k, z);
    const T *rows = NAME(spaced)(k, g, k->best);
    for (int64_t t = 0; t < NAME(rows_down)(w); t++)
      NAME(give_winner)(k->up + NAME(run_down)(&k->r, z, t), rows, k->down, (int32_t)t,
                        NAME(windows_of)(k));
  }
  NAME(fill)(k->split, 0, NAME(runs_room)(&k->r), 0);
  for (int64_t t = 0; t < w->kernel[2]; t++)
    NAME(give_winner)(k->split + NAME(run_along)(&k->r, t), k->up, k->tap, (int32_t)t, k->r.length);
  NAME(merge_runs)(&k->r, k->split, to);
}

// A job is a plane, since blocks of it may meet in a row.
static tc_status NAME(spread_job)(const void *context, int64_t plane, void *scratch) {
  const NAME(maxima) *m = context;
  const window *w = &m->p->w;
  T *to = m->y + plane * w->in_plane;
  memset(to, 0, (size_t)w->in_plane * sizeof(T));
  for (int64_t part = 0; part < m->t->parts; part++) {
    const block b = block_at(w, m->t, m->p->planes, plane * m->t->parts + part);
    const NAME(search) k = NAME(search_of)(w, &b, scratch);
    NAME(spread_plane)(&k, m->x + plane * w->in_plane, m->g + plane * w->out_plane + b.offset, to);
  }
  return TC_OK;
}

static tc_status NAME(max_pool_backward)(tc_args *a) {
  const pool p = pool_of(a, a->t[2], a->t[1], a->list[3]);
  if (p.w.in_plane == 0) return TC_OK;
  if (p.w.out_plane == 0) {
    memset(tc_data(a->t[0]), 0, (size_t)(p.planes * p.w.in_plane) * sizeof(T));
    return TC_OK;
  }
  tiling t = pool_tiling(&p);
  if (t.axis < 0) t.step = 1, t.count = p.planes;
  const NAME(maxima) m = {&p, &t, tc_data(a->t[2]), tc_data(a->t[1]), tc_data(a->t[0]), NULL};
  return each_job(NAME(spread_job), &m, p.planes, p.w.in_plane + p.w.out_plane * p.w.taps,
                  NAME(search_scratch)(&p, &t));
}
#endif
