// What the pooling kernels share. Planes are (batch and channel) together.
#ifndef TOCHA_POOL_H
#define TOCHA_POOL_H

#include "jobs.h"
#include "window.h"

typedef struct pool {
  window w;
  slab row;  // of one row of output, begun at its first element
  int64_t planes;
} pool;

// Lists: kernel, stride, pairs of padding; `dilation` may be NULL.
static inline pool pool_of(const tc_args *a, const tc_tensor *x, const tc_tensor *y,
                           const int64_t *dilation) {
  static const int64_t ones[3] = {1, 1, 1};
  const int n = a->len[0], first = x->ndim - n;
  pool p = {.w = window_of(n, x->size + first, y->size + first, a->list[0], a->list[1], a->list[2],
                           dilation ? dilation : ones)};
  const block b = {0, 1, {0, 0, 0}, {1, 1, p.w.out[2]}, 0, p.w.out[2]};
  p.row = slab_of(&p.w, &b);
  p.planes = 1;
  for (int d = 0; d < first; d++) p.planes *= x->size[d];
  return p;
}

// The window of one row of output: which taps lie inside, and where the first tap would be.
typedef struct pool_row {
  int64_t z0, z1, y0, y1;  // taps
  int64_t z, y;            // input coordinates of tap 0
} pool_row;

static inline pool_row pool_row_of(const window *w, int64_t z, int64_t y) {
  pool_row r = {.z = z * w->stride[0] - w->pad[0], .y = y * w->stride[1] - w->pad[1]};
  taps_inside(w, 0, z, &r.z0, &r.z1);
  taps_inside(w, 1, y, &r.y0, &r.y1);
  return r;
}

static inline pool_row pool_row_at(const window *w, int64_t row) {
  return pool_row_of(w, row / w->out[1], row % w->out[1]);
}

// Offset in the plane of the row of input under the taps (z, y).
static inline int64_t pool_input(const window *w, const pool_row *r, int64_t z, int64_t y) {
  return ((r->z + z * w->dilation[0]) * w->in[1] + r->y + y * w->dilation[1]) * w->in[2];
}

// A row of input by its residues modulo the stride: each has `n` positions, and position q of
// residue r is element q * step + r - pad. From `first` to `end` they lie inside in every residue.
typedef struct residues {
  int64_t step, pad, in, n, first, end;
} residues;

static inline residues residues_of(const window *w, int64_t n) {
  residues s = {.step = w->stride[2], .pad = w->pad[2], .in = w->in[2], .n = n};
  s.first = TC_MIN(n, (s.pad + s.step - 1) / s.step);
  s.end = TC_MAX(s.first, TC_MIN(n, (s.in + s.pad) / s.step));
  return s;
}

// How many elements ahead input is fetched: a block is read at once, and then computed with for a while.
enum { AHEAD = 2048 };

static inline void fetch(const void *at, size_t bytes) {
  for (size_t b = 0; b < bytes; b += 64) __builtin_prefetch((const char *)at + b, 0, 2);
}

// Blocks whose input stays in the first caches; rows are never cut.
static inline tiling pool_tiling(const pool *p) {
  const int64_t reach = TC_MAX(1, window_volume(p->w.stride));
  return tile(&p->w, p->planes, TC_MAX(p->w.out[2], 8192 / reach));
}

// About how many elements a block touches.
static inline int64_t block_volume(const pool *p, const tiling *t) {
  return p->planes * p->w.out_plane * p->w.taps / TC_MAX(1, t->count) + 1;
}

static inline int64_t pool_rows(const pool *p) { return p->w.out[0] * p->w.out[1]; }

#endif
