// Sliding windows in one to three dimensions as kernels see them: cpu/window.h's window in 32 bits,
// with the divisions that turn an index into coordinates.
//
// One and two dimensions are three with leading sizes of one. An image's plane has less than 2^31
// elements, a tensor may have more.
#ifndef TOCHA_CUDA_GEOMETRY_H
#define TOCHA_CUDA_GEOMETRY_H

#include "cuda.h"
#include "../cpu/window.h"
#include "divide.h"
#include "flat.h"

struct geometry {
  int in[3], out[3], kernel[3], stride[3], pad[3], dilation[3];
  int in_plane, out_plane, taps;
  divider plane_in, plane_out, row_in, row_out;  // by a plane, by a row's length
  divider slice_in, slice_out;                   // by the elements at one z
  divider tap_row, tap_slice, tap_all, step[3];  // the same of taps; by the strides
};

struct spot {
  int z, y, x;
};

static inline tc_status geometry_of(const window *w, geometry *g) {
  if (w->in_plane >> 31 || w->out_plane >> 31 || w->taps >> 31)
    return tc_fail(TC_BAD_SHAPE, "an image of more than 2^31 elements");
  for (int d = 0; d < 3; d++) {
    g->in[d] = (int)w->in[d], g->out[d] = (int)w->out[d], g->kernel[d] = (int)w->kernel[d];
    g->stride[d] = (int)w->stride[d], g->pad[d] = (int)w->pad[d];
    g->dilation[d] = (int)w->dilation[d], g->step[d] = divider(w->stride[d]);
  }
  g->in_plane = (int)w->in_plane, g->out_plane = (int)w->out_plane, g->taps = (int)w->taps;
  g->plane_in = divider(w->in_plane), g->plane_out = divider(w->out_plane);
  g->row_in = divider(w->in[2]), g->row_out = divider(w->out[2]);
  g->slice_in = divider(w->in[1] * w->in[2]), g->slice_out = divider(w->out[1] * w->out[2]);
  g->tap_row = divider(w->kernel[2]), g->tap_slice = divider(w->kernel[1] * w->kernel[2]);
  g->tap_all = divider(w->taps);
  return TC_OK;
}

// ---- coordinates -------------------------------------------------------------------------------

static __device__ inline spot spot_of(int i, const divider &slice, const divider &row) {
  spot s;
  s.z = slice.split(&i);
  s.y = row.split(&i);
  s.x = i;
  return s;
}
static __device__ inline spot spot_in(const geometry &g, int i) {
  return spot_of(i, g.slice_in, g.row_in);
}
static __device__ inline spot spot_out(const geometry &g, int i) {
  return spot_of(i, g.slice_out, g.row_out);
}
static __device__ inline spot spot_tap(const geometry &g, int i) {
  return spot_of(i, g.tap_slice, g.tap_row);
}

static __device__ inline int place(const int size[3], spot s) {
  return (s.z * size[1] + s.y) * size[2] + s.x;
}
static __device__ inline bool inside(const int size[3], spot s) {
  return (unsigned)s.z < (unsigned)size[0] && (unsigned)s.y < (unsigned)size[1] &&
         (unsigned)s.x < (unsigned)size[2];
}

// Where the first tap of the window of output `o` would be.
static __device__ inline spot start_of(const geometry &g, spot o) {
  return {o.z * g.stride[0] - g.pad[0], o.y * g.stride[1] - g.pad[1], o.x * g.stride[2] - g.pad[2]};
}
static __device__ inline spot tap_at(const geometry &g, spot start, spot tap) {
  return {start.z + tap.z * g.dilation[0], start.y + tap.y * g.dilation[1],
          start.x + tap.x * g.dilation[2]};
}

// Along one dimension: the output whose tap t reads input i; -1 where there is none.
static __device__ inline int output_over(const geometry &g, int d, int i, int t) {
  int rest = i + g.pad[d] - t * g.dilation[d];
  if (rest < 0) return -1;
  const int o = g.step[d].split(&rest);
  return rest == 0 && o < g.out[d] ? o : -1;
}

// The outputs [first, last] whose windows reach over input i along dimension d; none: last < first.
struct span {
  int first, last;
};
static __device__ inline span windows_over(const geometry &g, int d, int i) {
  const int end = i + g.pad[d], begin = end - (g.kernel[d] - 1) * g.dilation[d];
  if (end < 0) return {0, -1};
  const int first = begin > 0 ? g.step[d].over(begin + g.stride[d] - 1) : 0;
  return {first, min(g.step[d].over(end), g.out[d] - 1)};
}

#endif
