// How the input under a block of windows is laid out so that all windows read it alike.
//
// Along each dimension, position q of residue r is element q * stride + r - pad of the input, so that
// a tap of window o is the position o + (tap * dilation) / stride of one residue. Per residue (z, y and
// x together) a run holds the positions of a block: (planes, z, y, x). A tap of every window of the
// block is then one piece of a run, and windows are the lanes of vectors, whatever the size of a map.
// Between the windows of one row, or plane, and the next are positions that are none.
#ifndef TOCHA_POOL_GRID_H
#define TOCHA_POOL_GRID_H

#include "pool.h"

typedef struct pool_grid {
  const pool *p;
  tiling t;              // of the positions that hold an input: blocks are cut there
  window positions;      // its `out` are their numbers
  residues across;       // of a row
  int64_t reach[3];      // how many positions behind a window's own its last tap lies
  int64_t size[3];       // positions of the largest block
  int64_t plane, run;    // positions: of a plane, of a residue
  int64_t residues;      // of all three dimensions together
  int64_t *at;           // of each tap: where, in the runs, window 0 finds it
  int64_t *start, *tap;  // of each residue: its taps are tap[start[r]] to tap[start[r + 1]]
  void *memory;
  size_t bytes;
} pool_grid;

// What one job covers: windows [from, from + windows), inputs under positions [begin, end).
typedef struct pool_part {
  int64_t plane, planes;
  int64_t from[3], windows[3], begin[3], end[3];
  int64_t size[3];  // positions that its windows read or its inputs lie at
} pool_part;

// Blocks of positions; a row is never cut. With `halo` a block has all windows that reach its inputs.
static inline void pool_grid_sizes(pool_grid *g) {
  const window *w = &g->p->w;
  int64_t full[3], reach = 1;
  g->positions = *w;
  for (int d = 0; d < 3; d++) {
    g->reach[d] = (w->kernel[d] - 1) * w->dilation[d] / w->stride[d];
    g->positions.out[d] = (w->in[d] + w->pad[d] + w->stride[d] - 1) / w->stride[d];
    full[d] = TC_MAX(w->out[d] + g->reach[d], g->positions.out[d]);
    reach *= w->stride[d];
  }
  g->positions.out_plane = window_volume(g->positions.out);
  g->t = tile(&g->positions, g->p->planes, TC_MAX(g->positions.out[2], 8192 / reach));
  for (int d = 0; d < 3; d++) {
    const int64_t step = d < g->t.axis ? 1 : d == g->t.axis ? g->t.step : full[d];
    g->size[d] = TC_MIN(full[d], step + 2 * g->reach[d]);
  }
  g->plane = window_volume(g->size);
  g->run = g->plane * (g->t.axis < 0 ? TC_MIN(g->t.step, g->p->planes) : 1);
  g->residues = reach;
  g->across = residues_of(w, g->size[2]);
}

static inline pool_part pool_part_at(const pool_grid *g, int64_t job, bool halo) {
  const block b = block_at(&g->positions, &g->t, g->p->planes, job);
  pool_part k = {.plane = b.image, .planes = b.images};
  for (int d = 0; d < 3; d++) {
    k.begin[d] = b.begin[d], k.end[d] = b.begin[d] + b.size[d];
    k.from[d] = halo ? TC_MAX(0, k.begin[d] - g->reach[d]) : k.begin[d];
    k.windows[d] = TC_MAX(0, TC_MIN(g->p->w.out[d], k.end[d]) - k.from[d]);
    k.size[d] = TC_MAX(k.windows[d] + g->reach[d], k.end[d] - k.from[d]);
  }
  return k;
}

// The residue of tap t of the window, and how many positions behind the window's own it lies.
static inline void pool_tap(const pool_grid *g, int64_t t, int64_t *residue, int64_t *behind) {
  const window *w = &g->p->w;
  const int64_t tap[3] = {t / w->kernel[2] / w->kernel[1], t / w->kernel[2] % w->kernel[1],
                          t % w->kernel[2]};
  *residue = *behind = 0;
  for (int d = 0; d < 3; d++) {
    const int64_t along = tap[d] * w->dilation[d];
    *residue = *residue * w->stride[d] + along % w->stride[d];
    *behind = *behind * g->size[d] + along / w->stride[d];
  }
}

// Fills at, start and tap: the taps of each residue in order.
static inline void pool_grid_taps(pool_grid *g) {
  int64_t residue, behind, *next = g->start + 1;
  memset(g->start, 0, (size_t)(g->residues + 2) * sizeof *g->start);
  for (int64_t t = 0; t < g->p->w.taps; t++) {
    pool_tap(g, t, &residue, &behind);
    g->at[t] = residue * g->run + behind;
    next[residue + 1]++;
  }
  for (int64_t r = 0; r < g->residues; r++) next[r + 1] += next[r];
  for (int64_t t = 0; t < g->p->w.taps; t++) {
    pool_tap(g, t, &residue, &behind);
    g->tap[next[residue]++] = t;
  }
}

static inline tc_status pool_grid_make(pool_grid *g, const pool *p) {
  *g = (pool_grid){.p = p};
  pool_grid_sizes(g);
  g->bytes = (size_t)(2 * p->w.taps + g->residues + 2) * sizeof(int64_t);
  g->memory = tc_alloc(g->bytes);
  if (!g->memory)
    return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes of offsets", g->bytes);
  g->at = g->memory, g->tap = g->at + p->w.taps, g->start = g->tap + p->w.taps;
  pool_grid_taps(g);
  return TC_OK;
}

static inline void pool_grid_free(pool_grid *g) { tc_free(g->memory, g->bytes); }

// Slice z of a part's plane p, counted from its first position on: where it begins in the input, -1
// where it lies outside; where the run of its residue has its first row.
static inline int64_t pool_grid_slice(const pool_grid *g, const pool_part *k, int64_t p,
                                      int64_t z) {
  const window *w = &g->p->w;
  const int64_t at = k->from[0] * w->stride[0] + z - w->pad[0];
  if (at < 0 || at >= w->in[0]) return -1;
  return (k->plane + p) * w->in_plane + at * w->in[1] * w->in[2];
}

static inline int64_t pool_grid_run(const pool_grid *g, int64_t p, int64_t z) {
  const int64_t *stride = g->p->w.stride, *size = g->size;
  return z % stride[0] * stride[1] * stride[2] * g->run + p * g->plane +
         z / stride[0] * size[1] * size[2];
}

#endif
