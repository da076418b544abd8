// Max pooling in one to three dimensions.
//
// Rows are reduced first down, then along: a window of k x k takes 2 k steps. NaN wins over
// everything. Where the maxima are: pool_where.c.
#ifndef T
#include "pool.h"
#define TC_TEMPLATE "pool.c"
#include "floats.h"
TC_FLOAT_KERNEL(max_pool)
#else
#include "pool_rows.h"

typedef struct NAME(maxima) {
  const pool *p;
  const tiling *t;
  residues across;  // of one row, or of all rows of a block where these are one run
  bool whole;
  const T *x;
  T *y;
} NAME(maxima);

// A block's scratch: its rows reduced down, then each split by residue, then reduced along; where
// the taps of a row are in the split rows.
typedef struct NAME(rows) {
  T *down, *split, *along;
  int64_t *tap, count, apart;
} NAME(rows);

static inline VEC NAME(larger)(VEC x, VEC over) {
  return NAME(pick)(x != x, x, NAME(max_or_second)(x, over));
}

// ---- down ------------------------------------------------------------------------------------

// `width` columns, a constant after inlining where it is that of a vector.
static inline __attribute__((always_inline))
VEC NAME(max_column)(const window *w, const pool_row *r, const T *x, int64_t width) {
  const int64_t below = w->dilation[1] * w->in[2];
  VEC most = (VEC){0} - (T)INFINITY;
  for (int64_t z = r->z0; z < r->z1; z++) {
    const T *row = x + pool_input(w, r, z, r->y0);
    for (int64_t y = r->y0; y < r->y1; y++, row += below) {
      __builtin_prefetch(row + AHEAD);
      most = NAME(larger)(width == LANES ? *(const VEC *)row : NAME(load_some)(row, width), most);
    }
  }
  return most;
}

static inline void NAME(max_down)(const window *w, const pool_row *r, const T *x, T *to) {
  int64_t i = 0;
  for (; i + LANES <= w->in[2]; i += LANES) *(VEC *)(to + i) = NAME(max_column)(w, r, x + i, LANES);
  if (i < w->in[2]) *(VEC *)(to + i) = NAME(max_column)(w, r, x + i, w->in[2] - i);
}

// The rows of a block, one after the other; what is written over a row's end is the next one's.
static void NAME(rows_down)(const window *w, const block *b, const T *x, T *to) {
  x += b->image * w->in_plane;
  for (int64_t i = 0; i < b->images; i++, x += w->in_plane)
    for (int64_t z = 0; z < b->size[0]; z++)
      for (int64_t y = 0; y < b->size[1]; y++, to += w->in[2]) {
        const pool_row r = pool_row_of(w, b->begin[0] + z, b->begin[1] + y);
        NAME(max_down)(w, &r, x, to);
      }
}

// ---- along -----------------------------------------------------------------------------------

static void NAME(split_rows)(const NAME(maxima) *m, const NAME(rows) *k) {
  residues all = m->across;
  if (m->whole) {
    all.n *= k->count, all.in *= k->count, all.end = all.n;
    NAME(split_row)(&all, k->down, k->split, k->apart);
    return;
  }
  for (int64_t row = 0; row < k->count; row++)
    NAME(split_row)(&all, k->down + row * all.in, k->split + row * all.n, k->apart);
}

static void NAME(rows_along)(const NAME(rows) *k, int64_t taps, int64_t n, T *to) {
  for (int64_t i = 0; i < n; i += LANES) {
    VEC most = *(const VEC *)(k->split + k->tap[0] + i);
    for (int64_t t = 1; t < taps; t++)
      most = NAME(larger)(*(const VEC *)(k->split + k->tap[t] + i), most);
    if (i + LANES <= n) *(VEC *)(to + i) = most;
    else NAME(store_some)(to + i, most, n - i);
  }
}

// ---- jobs ------------------------------------------------------------------------------------

// In elements; the parts of `scratch`, for a job.
static int64_t NAME(rows_scratch)(const NAME(maxima) *m, NAME(rows) *k, void *scratch) {
  const window *w = &m->p->w;
  const block b = block_at(w, m->t, m->p->planes, 0);
  const int64_t rows = b.images * b.size[0] * b.size[1], apart = rows * m->across.n;
  const int64_t down = rows * w->in[2] + TC_SLACK;
  const int64_t split = apart * w->stride[2] + w->kernel[2] * w->dilation[2] + TC_SLACK;
  const int64_t tap = w->kernel[2] * (int64_t)(sizeof(int64_t) / sizeof(T));
  if (k) {
    k->tap = scratch, k->apart = apart;
    k->down = (T *)scratch + tap, k->split = k->down + down, k->along = k->split + split;
  }
  return tap + down + split + apart;
}

static tc_status NAME(max_job)(const void *context, int64_t job, void *scratch) {
  const NAME(maxima) *m = context;
  const window *w = &m->p->w;
  const block b = block_at(w, m->t, m->p->planes, job);
  const int64_t n = m->across.n, out = w->out[2];
  NAME(rows) k;
  NAME(rows_scratch)(m, &k, scratch);
  k.count = b.images * b.size[0] * b.size[1];
  for (int64_t t = 0, along = 0; t < w->kernel[2]; t++, along += w->dilation[2])
    k.tap[t] = along % w->stride[2] * k.apart + along / w->stride[2];
  T *to = m->y + b.image * w->out_plane + b.offset;
  NAME(rows_down)(w, &b, m->x, k.down);
  NAME(split_rows)(m, &k);
  NAME(rows_along)(&k, w->kernel[2], k.count * n, n == out ? to : k.along);
  for (int64_t row = 0; n != out && row < k.count; row++)
    NAME(move_row)(to + row * out, k.along + row * n, out);
  return TC_OK;
}

static tc_status NAME(max_pool)(tc_args *a) {
  const pool p = pool_of(a, a->t[1], a->t[0], a->list[3]);
  if (p.w.out_plane == 0 || p.planes == 0) return TC_OK;
  const tiling t = pool_tiling(&p);
  NAME(maxima) m = {
      &p, &t, residues_of(&p.w, p.row.phase), false, tc_data(a->t[1]), tc_data(a->t[0])};
  m.whole = m.across.pad == 0 && m.across.n * m.across.step == m.across.in;
  return each_job(NAME(max_job), &m, t.count, block_volume(&p, &t),
                  (size_t)NAME(rows_scratch)(&m, NULL, NULL) * sizeof(T));
}
#undef VEC
#undef LANES
#endif
