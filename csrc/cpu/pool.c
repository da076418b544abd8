// Max pooling in one to three dimensions: values, indices, gradient.
//
// Rows are reduced first down, then along, both in vectors. NaN wins over everything. The gradient
// finds the maxima again, which costs less than keeping their indices in memory.
#ifndef T
#include "pool.h"
#define TC_TEMPLATE "pool.c"
#include "floats.h"
TC_FLOAT_KERNEL(max_pool)
TC_FLOAT_KERNEL(max_pool_with_indices)
TC_FLOAT_KERNEL(max_pool_backward)
#else
#include "slab.h"

typedef struct NAME(maxima) {
  const pool *p;
  const T *x, *g;
  T *y;
  int64_t *index;
} NAME(maxima);

static inline void NAME(max_into)(T *restrict to, const T *restrict from, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    const int take = (from[i] > to[i]) | (from[i] != from[i]);
    to[i] = take ? from[i] : to[i];
  }
}

// ---- values ----------------------------------------------------------------------------------

// The largest of the rows under a row of output.
static void NAME(max_down)(const window *w, const pool_row *r, const T *x, T *to) {
  bool first = true;
  for (int64_t z = r->z0; z < r->z1; z++)
    for (int64_t y = r->y0; y < r->y1; y++, first = false)
      if (first) memcpy(to, x + pool_input(w, r, z, y), (size_t)w->in[2] * sizeof(T));
      else NAME(max_into)(to, x + pool_input(w, r, z, y), w->in[2]);
  if (first)
    for (int64_t i = 0; i < w->in[2]; i++) to[i] = (T)-INFINITY;
}

// A job is a row of output.
static tc_status NAME(max_row_job)(const void *context, int64_t job, void *scratch) {
  const NAME(maxima) *m = context;
  const pool *p = m->p;
  const window *w = &p->w;
  const pool_row r = pool_row_at(w, job % pool_rows(p));
  T *down = scratch, *row = down + w->in[2] + TC_SLACK, *to = m->y + job * w->out[2];
  NAME(max_down)(w, &r, m->x + job / pool_rows(p) * w->in_plane, down);
  NAME(fill_row)(w, &p->row, down, (T)-INFINITY, row);
  memcpy(to, row, (size_t)w->out[2] * sizeof(T));
  for (int64_t x = 1; x < w->kernel[2]; x++)
    NAME(max_into)(to, row + tap_offset(w, &p->row, 0, 0, x), w->out[2]);
  return TC_OK;
}

static tc_status NAME(max_pool)(tc_args *a) {
  const pool p = pool_of(a, a->t[1], a->t[0], a->list[3]);
  const NAME(maxima) m = {&p, tc_data(a->t[1]), NULL, tc_data(a->t[0]), NULL};
  if (p.w.out_plane == 0) return TC_OK;
  const int64_t scratch = p.w.in[2] + p.row.width + 2 * TC_SLACK;
  return each_job(NAME(max_row_job), &m, p.planes * pool_rows(&p),
                  p.w.in[2] * p.w.kernel[0] * p.w.kernel[1], (size_t)scratch * sizeof(T));
}

// ---- where the maxima are --------------------------------------------------------------------

typedef struct NAME(search) {
  int64_t *offset;       // of each tap from the first, in the plane
  int32_t *first, *tap;  // a row: the first tap along it that is inside (-1: none), the best tap
  T *best, *row;
} NAME(search);

static size_t NAME(search_scratch)(const pool *p) {
  const size_t n = (size_t)p->w.out[2] + TC_SLACK;
  return (size_t)p->w.taps * 8 + n * (8 + sizeof(T)) +
         ((size_t)p->row.width + TC_SLACK) * sizeof(T);
}

static NAME(search) NAME(search_begin)(const pool *p, void *scratch) {
  const window *w = &p->w;
  const int64_t n = w->out[2] + TC_SLACK;
  NAME(search) s = {.offset = scratch};
  s.best = (T *)(s.offset + w->taps), s.row = s.best + n;
  s.first = (int32_t *)(s.row + p->row.width + TC_SLACK), s.tap = s.first + n;
  for (int64_t t = 0; t < w->taps; t++) {
    const int64_t x = t % w->kernel[2], y = t / w->kernel[2] % w->kernel[1];
    const int64_t z = t / w->kernel[2] / w->kernel[1];
    s.offset[t] =
        (z * w->dilation[0] * w->in[1] + y * w->dilation[1]) * w->in[2] + x * w->dilation[2];
  }
  for (int64_t o = 0; o < w->out[2]; o++) {
    int64_t lo, hi;
    taps_inside(w, 2, o, &lo, &hi);
    s.first[o] = lo < hi ? (int32_t)lo : -1;
  }
  return s;
}

static void NAME(better)(const T *restrict row, int32_t tap, int64_t n, T *restrict best,
                         int32_t *restrict taps) {
  for (int64_t i = 0; i < n; i++) {
    const int take = (row[i] > best[i]) | (row[i] != row[i]);
    best[i] = take ? row[i] : best[i];
    taps[i] = take ? tap : taps[i];
  }
}

// Fills s->best and s->tap for one row of output. Of equals the first wins, of NaNs the last.
static void NAME(search_row)(const pool *p, const pool_row *r, const T *x, NAME(search) *s) {
  const window *w = &p->w;
  const bool none = r->z0 == r->z1 || r->y0 == r->y1;
  const int32_t begin = (int32_t)((r->z0 * w->kernel[1] + r->y0) * w->kernel[2]);
  for (int64_t o = 0; o < w->out[2]; o++) {
    s->best[o] = (T)-INFINITY;
    s->tap[o] = none || s->first[o] < 0 ? -1 : begin + s->first[o];
  }
  for (int64_t z = r->z0; z < r->z1; z++)
    for (int64_t y = r->y0; y < r->y1; y++) {
      const int64_t tap = (z * w->kernel[1] + y) * w->kernel[2];
      NAME(fill_row)(w, &p->row, x + pool_input(w, r, z, y), (T)-INFINITY, s->row);
      for (int64_t t = 0; t < w->kernel[2]; t++)
        NAME(better)(s->row + tap_offset(w, &p->row, 0, 0, t), (int32_t)(tap + t), w->out[2],
                     s->best, s->tap);
    }
}

// Where in the plane the best of output o of the row lies, from 0; -1 where the window is empty.
static inline int64_t NAME(found)(const pool *p, const pool_row *r, const NAME(search) *s,
                                  int64_t o) {
  if (s->tap[o] < 0) return -1;
  return pool_input(&p->w, r, 0, 0) + o * p->w.stride[2] - p->w.pad[2] + s->offset[s->tap[o]];
}

// A job is a plane.
static tc_status NAME(max_indices_job)(const void *context, int64_t plane, void *scratch) {
  const NAME(maxima) *m = context;
  const window *w = &m->p->w;
  NAME(search) s = NAME(search_begin)(m->p, scratch);
  for (int64_t row = 0; row < pool_rows(m->p); row++) {
    const pool_row r = pool_row_at(w, row);
    const int64_t to = (plane * pool_rows(m->p) + row) * w->out[2];
    NAME(search_row)(m->p, &r, m->x + plane * w->in_plane, &s);
    memcpy(m->y + to, s.best, (size_t)w->out[2] * sizeof(T));
    for (int64_t o = 0; o < w->out[2]; o++)
      m->index[to + o] = TC_MAX(0, NAME(found)(m->p, &r, &s, o)) + 1;
  }
  return TC_OK;
}

static tc_status NAME(max_pool_with_indices)(tc_args *a) {
  const pool p = pool_of(a, a->t[2], a->t[0], a->list[3]);
  const NAME(maxima) m = {&p, tc_data(a->t[2]), NULL, tc_data(a->t[0]), tc_data(a->t[1])};
  if (p.w.out_plane == 0) return TC_OK;
  return each_job(NAME(max_indices_job), &m, p.planes, p.w.out_plane * p.w.taps,
                  NAME(search_scratch)(&p));
}

static tc_status NAME(max_backward_job)(const void *context, int64_t plane, void *scratch) {
  const NAME(maxima) *m = context;
  const window *w = &m->p->w;
  NAME(search) s = NAME(search_begin)(m->p, scratch);
  T *to = m->y + plane * w->in_plane;
  memset(to, 0, (size_t)w->in_plane * sizeof(T));
  for (int64_t row = 0; row < pool_rows(m->p); row++) {
    const pool_row r = pool_row_at(w, row);
    const T *g = m->g + (plane * pool_rows(m->p) + row) * w->out[2];
    NAME(search_row)(m->p, &r, m->x + plane * w->in_plane, &s);
    for (int64_t o = 0; o < w->out[2]; o++) {
      const int64_t at = NAME(found)(m->p, &r, &s, o);
      if (at >= 0) to[at] += g[o];
    }
  }
  return TC_OK;
}

static tc_status NAME(max_pool_backward)(tc_args *a) {
  const pool p = pool_of(a, a->t[2], a->t[1], a->list[3]);
  const NAME(maxima) m = {&p, tc_data(a->t[2]), tc_data(a->t[1]), tc_data(a->t[0]), NULL};
  return each_job(NAME(max_backward_job), &m, p.w.in_plane > 0 ? p.planes : 0,
                  p.w.in_plane + p.w.out_plane * p.w.taps, NAME(search_scratch)(&p));
}
#endif
