// Average pooling in one to three dimensions, and its gradient (the adjoint).
//
// Rows are summed first down, then along. What a sum is divided by is a product over the
// dimensions, so it needs one factor a row and one a column.
#ifndef T
#include "pool.h"
#define TC_TEMPLATE "pool_avg.c"

// How many elements output o counts along dimension d.
static inline int64_t pool_count(const window *w, int d, int64_t o, bool include_pad) {
  int64_t lo, hi;
  taps_inside(w, d, o, &lo, &hi);
  if (!include_pad) return hi - lo;
  const int64_t start = o * w->stride[d] - w->pad[d];
  return TC_MIN(w->kernel[d], w->in[d] + w->pad[d] - start);
}
#include "floats.h"
TC_FLOAT_KERNEL(avg_pool)
TC_FLOAT_KERNEL(avg_pool_backward)
#else
#include "slab.h"

typedef struct NAME(average) {
  const pool *p;
  const T *from;
  T *to;
  bool include_pad;
  int64_t divisor;  // 0: what is counted
} NAME(average);

static void NAME(add_into)(T *restrict to, const T *restrict from, int64_t n) {
  for (int64_t i = 0; i < n; i++) to[i] += from[i];
}

// to = from / (elements counted), a row of output
static void NAME(divide_row)(const NAME(average) *m, int64_t row, const T *from, T *to) {
  const window *w = &m->p->w;
  const bool pad = m->include_pad;
  const int64_t across =
      pool_count(w, 0, row / w->out[1], pad) * pool_count(w, 1, row % w->out[1], pad);
  for (int64_t o = 0; o < w->out[2]; o++) {
    const int64_t n = m->divisor ? m->divisor : across * pool_count(w, 2, o, pad);
    to[o] = from[o] / (T)n;
  }
}

// A job is a row of output.
static tc_status NAME(average_job)(const void *context, int64_t job, void *scratch) {
  const NAME(average) *m = context;
  const pool *p = m->p;
  const window *w = &p->w;
  const pool_row r = pool_row_at(w, job % pool_rows(p));
  const T *x = m->from + job / pool_rows(p) * w->in_plane;
  T *down = scratch, *row = down + w->in[2] + TC_SLACK, *to = m->to + job * w->out[2];
  memset(down, 0, (size_t)w->in[2] * sizeof(T));
  for (int64_t z = r.z0; z < r.z1; z++)
    for (int64_t y = r.y0; y < r.y1; y++)
      NAME(add_into)(down, x + pool_input(w, &r, z, y), w->in[2]);
  NAME(fill_row)(w, &p->row, down, 0, row);
  memcpy(to, row, (size_t)w->out[2] * sizeof(T));
  for (int64_t t = 1; t < w->kernel[2]; t++)
    NAME(add_into)(to, row + tap_offset(w, &p->row, 0, 0, t), w->out[2]);
  NAME(divide_row)(m, job % pool_rows(p), to, to);
  return TC_OK;
}

static int64_t NAME(average_scratch)(const pool *p) {
  return p->w.in[2] + p->row.width + p->w.out[2] + 3 * TC_SLACK;
}

static tc_status NAME(avg_pool)(tc_args *a) {
  const pool p = pool_of(a, a->t[1], a->t[0], NULL);
  const NAME(average) m = {&p, tc_data(a->t[1]), tc_data(a->t[0]), a->i[0] != 0, a->i[1]};
  if (p.w.out_plane == 0) return TC_OK;
  return each_job(NAME(average_job), &m, p.planes * pool_rows(&p),
                  p.w.in[2] * p.w.kernel[0] * p.w.kernel[1],
                  (size_t)NAME(average_scratch)(&p) * sizeof(T));
}

// A job is a plane.
static tc_status NAME(average_backward_job)(const void *context, int64_t plane, void *scratch) {
  const NAME(average) *m = context;
  const pool *p = m->p;
  const window *w = &p->w;
  T *down = scratch, *row = down + w->in[2] + TC_SLACK, *share = row + p->row.width + TC_SLACK;
  T *to = m->to + plane * w->in_plane;
  memset(to, 0, (size_t)w->in_plane * sizeof(T));
  for (int64_t o = 0; o < pool_rows(p); o++) {
    const pool_row r = pool_row_at(w, o);
    NAME(divide_row)(m, o, m->from + (plane * pool_rows(p) + o) * w->out[2], share);
    memset(row, 0, (size_t)p->row.width * sizeof(T));
    memset(down, 0, (size_t)w->in[2] * sizeof(T));
    for (int64_t t = 0; t < w->kernel[2]; t++)
      NAME(add_into)(row + tap_offset(w, &p->row, 0, 0, t), share, w->out[2]);
    NAME(drain_row)(w, &p->row, row, down);
    for (int64_t z = r.z0; z < r.z1; z++)
      for (int64_t y = r.y0; y < r.y1; y++)
        NAME(add_into)(to + pool_input(w, &r, z, y), down, w->in[2]);
  }
  return TC_OK;
}

static tc_status NAME(avg_pool_backward)(tc_args *a) {
  const pool p = pool_of(a, a->t[0], a->t[1], NULL);
  const NAME(average) m = {&p, tc_data(a->t[1]), tc_data(a->t[0]), a->i[0] != 0, a->i[1]};
  return each_job(NAME(average_backward_job), &m, p.w.in_plane > 0 ? p.planes : 0,
                  p.w.in_plane * p.w.kernel[0] * p.w.kernel[1],
                  (size_t)NAME(average_scratch)(&p) * sizeof(T));
}
#endif
