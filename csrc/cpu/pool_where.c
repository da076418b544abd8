// Where the maxima of windows are: their indices, and the gradient of max pooling, which finds them
// again: that costs less than keeping them in memory.
//
// A block's input is split into runs (pool_grid.h), in which windows are lanes; each window's best
// element and the tap that has it stay in registers over all taps. An element of the gradient sums
// what the windows over it give it and is written once. Of equals the first wins, of NaNs the last.
#ifndef T
#include "pool_grid.h"
#include "stream.h"
#define TC_TEMPLATE "pool_where.c"
#include "floats.h"
TC_FLOAT_KERNEL(max_pool_with_indices)
TC_FLOAT_KERNEL(max_pool_backward)
#else
#include "pool_rows.h"

typedef struct NAME(search) {
  const pool_grid *g;
  const T *x, *grad;
  T *y;
  int64_t *index;
  bool stream;
} NAME(search);

// A job's scratch: the runs; of each window the tap that won, and its value or its gradient; a row.
typedef struct NAME(found) {
  T *runs, *value, *row;
  NAME(lane_int) *tap;
} NAME(found);

// Taps of a window reach this far back from a position.
static inline int64_t NAME(margin)(const pool_grid *g) {
  return (g->reach[0] * g->size[1] + g->reach[1]) * g->size[2] + g->reach[2];
}

// In elements; the parts of `scratch`, for a job.
static int64_t NAME(found_scratch)(const pool_grid *g, NAME(found) *k, void *scratch) {
  const int64_t margin = NAME(margin)(g), windows = margin + g->run + TC_SLACK;
  const int64_t runs = g->residues * g->run + margin + TC_SLACK;
  const int64_t row = (g->p->w.in[2] + 15) / 16 * 16;
  if (k) {
    k->row = scratch, k->runs = k->row + row;
    k->value = k->runs + runs + margin;
    k->tap = (NAME(lane_int) *)(k->runs + runs + windows) + margin;
  }
  return row + runs + 2 * windows;
}

// ---- search ----------------------------------------------------------------------------------

// One slice of a plane, NULL where it lies outside: its rows in order, each to its residue.
static void NAME(split_slice)(const pool_grid *g, const pool_part *k, const T *x, T *to) {
  const window *w = &g->p->w;
  const residues across = g->across;
  const int64_t apart = g->run, row = apart * across.step, back = g->size[2] - row * w->stride[1];
  int64_t y = k->from[1] * w->stride[1] - w->pad[1];
  for (int64_t q = 0; q < k->size[1]; q++, to += back)
    for (int64_t r = 0; r < w->stride[1]; r++, y++, to += row)
      if (x && y >= 0 && y < w->in[1]) {
        fetch(x + y * across.in + AHEAD, (size_t)across.in * sizeof(T));
        NAME(split_row)(&across, x + y * across.in, to, apart);
      } else
        for (int64_t i = 0; i < across.step; i++)
          NAME(fill)(to + i * apart, across.n, (T)-INFINITY);
}

static void NAME(split_part)(const NAME(search) *s, const pool_part *k, T *runs) {
  const pool_grid *g = s->g;
  for (int64_t p = 0; p < k->planes; p++)
    for (int64_t z = 0; z < k->size[0] * g->p->w.stride[0]; z++) {
      const int64_t at = pool_grid_slice(g, k, p, z);
      NAME(split_slice)(g, k, at < 0 ? NULL : s->x + at, runs + pool_grid_run(g, p, z));
    }
}

// The definition, for window (z, y, x) of a plane: the first of equals inside, the last of NaNs, -1
// where no tap is inside.
static NAME(lane_int) NAME(search_window)(const pool_grid *g, const pool_part *k, const T *runs,
                                          int64_t z, int64_t y, int64_t x) {
  const window *w = &g->p->w;
  const pool_row r = pool_row_of(w, k->from[0] + z, k->from[1] + y);
  const T *window = runs + (z * g->size[1] + y) * g->size[2] + x;
  NAME(lane_int) tap = -1;
  T best = 0;
  int64_t x0, x1;
  taps_inside(w, 2, x, &x0, &x1);
  for (int64_t tz = r.z0; tz < r.z1; tz++)
    for (int64_t ty = r.y0; ty < r.y1; ty++)
      for (int64_t tx = x0; tx < x1; tx++) {
        const int64_t t = (tz * w->kernel[1] + ty) * w->kernel[2] + tx;
        const T value = window[g->at[t]];
        if (tap >= 0 && !(value > best) && value == value) continue;
        best = value, tap = (NAME(lane_int))t;
      }
  return tap;
}

// Those of LANES windows from the i-th on that are windows.
static void NAME(search_each)(const pool_grid *g, const pool_part *k, const NAME(found) *f,
                              int64_t i) {
  for (int64_t j = i; j < i + LANES; j++) {
    const int64_t p = j / g->plane, z = j % g->plane / (g->size[2] * g->size[1]);
    const int64_t y = j / g->size[2] % g->size[1], x = j % g->size[2];
    if (p < k->planes && z < k->windows[0] && y < k->windows[1] && x < g->p->w.out[2])
      f->tap[j] = NAME(search_window)(g, k, f->runs + p * g->plane, z, y, x);
  }
}

// Two vectors of windows (one would wait for itself): their maxima, then,
// from the last tap to the first, who has that. True where this does not tell: where a window
// holds NaN, or nothing above minus infinity, which is also what lies outside.
static inline
    __attribute__((always_inline)) bool NAME(search_vectors)(const T *runs, const int64_t *at,
                                                             int64_t taps, NAME(lane_int) *tap) {
  enum { VECS = 2 };
  VEC best[2], sum[2];
  NAME(lane_ints) won[2], unclear = {0};
  for (int v = 0; v < VECS; v++) best[v] = sum[v] = *(const VEC *)(runs + at[0] + v * LANES);
  for (int64_t t = 1; t < taps; t++)
    for (int v = 0; v < VECS; v++) {
      const VEC x = *(const VEC *)(runs + at[t] + v * LANES);
      best[v] = NAME(max_or_second)(x, best[v]), sum[v] += x;
    }
  for (int v = 0; v < VECS; v++) {
    won[v] = (NAME(lane_ints)){0};
    unclear |= (best[v] == -(T)INFINITY) | (sum[v] != sum[v]);
  }
  for (int64_t t = taps - 1; t >= 0; t--)
    for (int v = 0; v < VECS; v++)
      won[v] = NAME(mark_equal)(won[v], *(const VEC *)(runs + at[t] + v * LANES), best[v],
                                (NAME(lane_int))t);
  for (int v = 0; v < VECS; v++) *(NAME(lane_ints) *)(tap + v * LANES) = won[v];
  return NAME(any_lane)(unclear);
}

static inline
    __attribute__((always_inline)) void NAME(search_windows)(const pool_grid *g, const pool_part *k,
                                                             const NAME(found) *f, int64_t n,
                                                             const int64_t taps) {
  for (int64_t i = 0; i < n; i += 2 * LANES) {
    if (!NAME(search_vectors)(f->runs + i, g->at, taps, f->tap + i)) continue;
    NAME(search_each)(g, k, f, i);
    NAME(search_each)(g, k, f, i + LANES);
  }
}

// Fills f->tap. The usual windows are loops that the compiler can unroll.
static void NAME(search_part)(const NAME(search) *s, const pool_part *k, const NAME(found) *f) {
  const pool_grid *g = s->g;
  const int64_t taps = g->p->w.taps;
  const int64_t rows = (k->windows[0] - 1) * g->size[1] + k->windows[1] - 1;
  const int64_t n = (k->planes - 1) * g->plane + rows * g->size[2] + k->windows[2];
  NAME(split_part)(s, k, f->runs);
  if (taps == 4) NAME(search_windows)(g, k, f, n, 4);
  else if (taps == 9) NAME(search_windows)(g, k, f, n, 9);
  else NAME(search_windows)(g, k, f, n, taps);
}

// ---- indices ---------------------------------------------------------------------------------

// Where in the plane tap t of window (z, y, x) lies, from 0; 0 where the window is empty.
static inline int64_t NAME(place_of)(const window *w, int64_t z, int64_t y, int64_t x, int64_t t) {
  if (t < 0) return 0;
  const int64_t along = t % w->kernel[2], down = t / w->kernel[2];
  const pool_row r = {.z = z * w->stride[0] - w->pad[0], .y = y * w->stride[1] - w->pad[1]};
  return pool_input(w, &r, down / w->kernel[1], down % w->kernel[1]) + x * w->stride[2] -
         w->pad[2] + along * w->dilation[2];
}

// A row of windows: where each maximum is, and what lies there.
static void NAME(write_indices)(const window *w, const NAME(lane_int) *tap, int64_t z, int64_t y,
                                const T *x, T *to, int64_t *index) {
  for (int64_t o = 0; o < w->out[2]; o++) {
    const int64_t at = NAME(place_of)(w, z, y, o, tap[o]);
    to[o] = tap[o] < 0 ? (T)-INFINITY : x[at];
    index[o] = at + 1;
  }
}

static tc_status NAME(index_job)(const void *context, int64_t job, void *scratch) {
  const NAME(search) *s = context;
  const pool_grid *g = s->g;
  const window *w = &g->p->w;
  const pool_part k = pool_part_at(g, job, false);
  NAME(found) f;
  NAME(found_scratch)(g, &f, scratch);
  if (k.windows[0] == 0 || k.windows[1] == 0) return TC_OK;
  NAME(search_part)(s, &k, &f);
  for (int64_t p = 0; p < k.planes; p++)
    for (int64_t z = 0; z < k.windows[0]; z++)
      for (int64_t y = 0; y < k.windows[1]; y++) {
        const int64_t oz = k.from[0] + z, oy = k.from[1] + y, plane = k.plane + p;
        const int64_t to = plane * w->out_plane + (oz * w->out[1] + oy) * w->out[2];
        NAME(write_indices)(w, f.tap + p * g->plane + (z * g->size[1] + y) * g->size[2], oz, oy,
                            s->x + plane * w->in_plane, s->y + to, s->index + to);
      }
  return TC_OK;
}

static tc_status NAME(max_pool_with_indices)(tc_args *a) {
  const pool p = pool_of(a, a->t[2], a->t[0], a->list[3]);
  if (p.w.out_plane == 0 || p.planes == 0) return TC_OK;
  pool_grid g;
  TC_TRY(pool_grid_make(&g, &p));
  const NAME(search) s = {&g, tc_data(a->t[2]), NULL, tc_data(a->t[0]), tc_data(a->t[1]), false};
  const tc_status status = each_job(NAME(index_job), &s, g.t.count, block_volume(&p, &g.t),
                                    (size_t)NAME(found_scratch)(&g, NULL, NULL) * sizeof(T));
  pool_grid_free(&g);
  return status;
}

// ---- gradient --------------------------------------------------------------------------------

// The gradient of each window, zero at positions that are none.
static void NAME(place_gradient)(const NAME(search) *s, const pool_part *k, T *to) {
  const pool_grid *g = s->g;
  const window *w = &g->p->w;
  const int64_t margin = NAME(margin)(g), out = w->out[2], row = g->size[2];
  const bool joined = out == row;  // then rows are one
  memset(to - margin, 0, (size_t)(margin + g->run + LANES) * sizeof(T));
  for (int64_t p = 0; p < k->planes; p++)
    for (int64_t z = 0; z < k->windows[0]; z++) {
      const T *from = s->grad + (k->plane + p) * w->out_plane +
                      ((k->from[0] + z) * w->out[1] + k->from[1]) * out;
      T *at = to + p * g->plane + z * g->size[1] * row;
      if (joined) NAME(move_row)(at, from, k->windows[1] * out);
      for (int64_t y = 0; !joined && y < k->windows[1]; y++)
        NAME(move_row)(at + y * row, from + y * out, out);
    }
}

// sums[i] = what input i of a residue gets from the windows over it: from those whose tap it won,
// one window for each tap, `count` of them (a constant after inlining).
static inline
    __attribute__((always_inline)) void NAME(sum_taps)(const int64_t *at, const int64_t *taps,
                                                       const int count, const NAME(lane_int) *won,
                                                       const T *value, int64_t n, T *sums) {
  NAME(lane_int) tap[9];
  int64_t back[9];
  for (int j = 0; j < count; j++) tap[j] = (NAME(lane_int))taps[j], back[j] = at[taps[j]];
  for (int64_t i = 0; i < n; i += LANES) {
    VEC sum = {0};
    for (int j = 0; j < count; j++) {
      const NAME(lane_ints) mine = *(const NAME(lane_ints) *)(won + i - back[j]) == tap[j];
      sum += (VEC)(mine & *(const NAME(lane_ints) *)(value + i - back[j]));
    }
    *(VEC *)(sums + i) = sum;
  }
}

static void NAME(add_tap)(int64_t back, NAME(lane_int) tap, const NAME(lane_int) *won,
                          const T *value, int64_t n, T *sums) {
  for (int64_t i = 0; i < n; i += LANES) {
    const NAME(lane_ints) mine = *(const NAME(lane_ints) *)(won + i - back) == tap;
    *(VEC *)(sums + i) += (VEC)(mine & *(const NAME(lane_ints) *)(value + i - back));
  }
}

static void NAME(sum_residue)(const pool_grid *g, const NAME(found) *f, int64_t r, int64_t n) {
  const int64_t first = r * g->run, *taps = g->tap + g->start[r];
  const int64_t count = g->start[r + 1] - g->start[r];
  const NAME(lane_int) *won = f->tap + first;
  const T *value = f->value + first;
  T *sums = f->runs + first;
  switch (count) {
    case 1: NAME(sum_taps)(g->at, taps, 1, won, value, n, sums); return;
    case 2: NAME(sum_taps)(g->at, taps, 2, won, value, n, sums); return;
    case 4: NAME(sum_taps)(g->at, taps, 4, won, value, n, sums); return;
    case 9: NAME(sum_taps)(g->at, taps, 9, won, value, n, sums); return;
    default: break;
  }
  memset(sums, 0, (size_t)g->run * sizeof(T));
  for (int64_t j = 0; j < count; j++)
    NAME(add_tap)(g->at[taps[j]], (NAME(lane_int))taps[j], won, value, n, sums);
}

// One slice of a plane, put together from its residues: rows under positions [begin, end).
static void NAME(join_slice)(const NAME(search) *s, const pool_part *k, const T *from, T *row,
                             T *x) {
  const pool_grid *g = s->g;
  const window *w = &g->p->w;
  const residues across = g->across;
  const int64_t apart = g->run, next = apart * across.step;
  const int64_t back = g->size[2] - next * w->stride[1];
  int64_t y = k->begin[1] * w->stride[1] - w->pad[1];
  from += (k->begin[1] - k->from[1]) * g->size[2];
  for (int64_t q = k->begin[1]; q < k->end[1]; q++, from += back)
    for (int64_t r = 0; r < w->stride[1]; r++, y++, from += next) {
      if (y < 0 || y >= w->in[1]) continue;
      NAME(join_row)(&across, from, apart, s->stream ? row : x + y * across.in);
      if (s->stream) stream(x + y * across.in, row, (size_t)across.in * sizeof(T));
    }
}

static void NAME(join_part)(const NAME(search) *s, const pool_part *k, const NAME(found) *f) {
  const pool_grid *g = s->g;
  const int64_t step = g->p->w.stride[0], begin = (k->begin[0] - k->from[0]) * step;
  for (int64_t p = 0; p < k->planes; p++)
    for (int64_t z = begin; z < (k->end[0] - k->from[0]) * step; z++) {
      const int64_t at = pool_grid_slice(g, k, p, z);
      if (at >= 0) NAME(join_slice)(s, k, f->runs + pool_grid_run(g, p, z), f->row, s->y + at);
    }
}

static tc_status NAME(gradient_job)(const void *context, int64_t job, void *scratch) {
  const NAME(search) *s = context;
  const pool_grid *g = s->g;
  const pool_part k = pool_part_at(g, job, true);
  NAME(found) f;
  NAME(found_scratch)(g, &f, scratch);
  if (k.windows[0] > 0 && k.windows[1] > 0) NAME(search_part)(s, &k, &f);
  NAME(place_gradient)(s, &k, f.value);
  for (int64_t r = 0; r < g->residues; r++) NAME(sum_residue)(g, &f, r, k.planes * g->plane);
  NAME(join_part)(s, &k, &f);
  if (s->stream) stream_end();
  return TC_OK;
}

static tc_status NAME(max_pool_backward)(tc_args *a) {
  const pool p = pool_of(a, a->t[2], a->t[1], a->list[3]);
  if (p.w.in_plane == 0 || p.planes == 0) return TC_OK;
  if (p.w.out_plane == 0) {
    memset(tc_data(a->t[0]), 0, (size_t)(p.planes * p.w.in_plane) * sizeof(T));
    return TC_OK;
  }
  pool_grid g;
  TC_TRY(pool_grid_make(&g, &p));
  NAME(search) s = {&g, tc_data(a->t[2]), tc_data(a->t[1]), tc_data(a->t[0]), NULL, false};
  const int64_t row = p.w.in[2] * (int64_t)sizeof(T);
  s.stream = row % 16 == 0 && (uintptr_t)s.y % 16 == 0 &&
             p.planes * p.w.in_plane * (int64_t)sizeof(T) >= STREAM_BYTES;
  const tc_status status =
      each_job(NAME(gradient_job), &s, g.t.count, p.planes * p.w.in_plane / g.t.count + 1,
               (size_t)NAME(found_scratch)(&g, NULL, NULL) * sizeof(T));
  pool_grid_free(&g);
  return status;
}
#undef VEC
#undef LANES
#endif
