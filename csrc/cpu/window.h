// Sliding windows in one to three dimensions, and how the work over them is cut into blocks.
//
// One and two dimensions are three with leading sizes of one. A `block` is what one job
// computes: several whole images, or a run of one image's output that is contiguous in memory. A
// `slab` is the padded part of the input that a block reads, with each row split by its position
// modulo the stride, so that every tap of the window reads it contiguously.
#ifndef TOCHA_WINDOW_H
#define TOCHA_WINDOW_H

#include "cpu.h"

// A buffer that is read or written in whole vectors has this many elements to spare.
enum { TC_SLACK = 64 };

typedef struct window {
  int64_t in[3], out[3], kernel[3], stride[3], pad[3], dilation[3];  // pad: ahead of the first
  int64_t in_plane, out_plane, taps;
} window;

typedef struct block {
  int64_t image, images;
  int64_t begin[3], size[3];
  int64_t offset, pixels;  // where it begins in an image's output, and how much of it it covers
} block;

typedef struct tiling {
  int axis;              // what is cut: 0, 1, 2, or -1 when a block is a number of whole images
  int64_t step;          // along that axis, or images a block
  int64_t parts, count;  // blocks of an image (1 when whole), blocks in all
} tiling;

typedef struct slab {
  int64_t begin[3], size[3];  // in the input's coordinates; the beginning may be negative
  int64_t phase;              // length of the part of a row that belongs to one residue
  int64_t width, plane;
} slab;

// The last n sizes into three.
static inline void window_sizes(int64_t to[3], const int64_t *from, int n) {
  for (int d = 0; d < 3; d++) to[d] = d < 3 - n ? 1 : from[d - (3 - n)];
}

static inline int64_t window_volume(const int64_t size[3]) { return size[0] * size[1] * size[2]; }

// `pads` holds a pair (before, after) a dimension.
static inline window window_of(int n, const int64_t *in, const int64_t *out, const int64_t *kernel,
                               const int64_t *stride, const int64_t *pads,
                               const int64_t *dilation) {
  window w;
  window_sizes(w.in, in, n);
  window_sizes(w.out, out, n);
  window_sizes(w.kernel, kernel, n);
  window_sizes(w.stride, stride, n);
  window_sizes(w.dilation, dilation, n);
  for (int d = 0; d < 3; d++) w.pad[d] = d < 3 - n ? 0 : pads[2 * (d - (3 - n))];
  w.in_plane = window_volume(w.in);
  w.out_plane = window_volume(w.out);
  w.taps = window_volume(w.kernel);
  return w;
}

// Blocks of about `pixels` outputs. Depends on the shape only, never on the number of threads.
static inline tiling tile(const window *w, int64_t images, int64_t pixels) {
  tiling t = {-1, 0, 1, 0};
  if (w->out_plane <= pixels) {
    t.step = TC_MAX(1, pixels / TC_MAX(1, w->out_plane));
    t.count = (images + t.step - 1) / t.step;
    return t;
  }
  int64_t inner = w->out_plane, outer = 1;
  do {
    t.axis++;
    inner /= w->out[t.axis];
    outer *= t.axis > 0 ? w->out[t.axis - 1] : 1;
  } while (t.axis < 2 && inner > pixels);
  const int64_t along = w->out[t.axis], each = TC_MAX(1, pixels / inner);
  const int64_t cuts = (along + each - 1) / each;
  t.step = (along + cuts - 1) / cuts;
  t.parts = outer * ((along + t.step - 1) / t.step);
  t.count = images * t.parts;
  return t;
}

static inline block block_at(const window *w, const tiling *t, int64_t images, int64_t index) {
  block b = {0, 1, {0, 0, 0}, {w->out[0], w->out[1], w->out[2]}, 0, w->out_plane};
  if (t->axis < 0) {
    b.image = index * t->step;
    b.images = TC_MIN(t->step, images - b.image);
    return b;
  }
  const int64_t cuts = (w->out[t->axis] + t->step - 1) / t->step;
  int64_t part = index % t->parts, outer = part / cuts;
  b.image = index / t->parts;
  b.begin[t->axis] = part % cuts * t->step;
  b.size[t->axis] = TC_MIN(t->step, w->out[t->axis] - b.begin[t->axis]);
  for (int d = t->axis - 1; d >= 0; d--) {
    b.begin[d] = outer % w->out[d];
    b.size[d] = 1;
    outer /= w->out[d];
  }
  b.offset = (b.begin[0] * w->out[1] + b.begin[1]) * w->out[2] + b.begin[2];
  b.pixels = window_volume(b.size);
  return b;
}

static inline slab slab_of(const window *w, const block *b) {
  slab s;
  for (int d = 0; d < 3; d++) {
    s.begin[d] = b->begin[d] * w->stride[d] - w->pad[d];
    s.size[d] = (b->size[d] - 1) * w->stride[d] + (w->kernel[d] - 1) * w->dilation[d] + 1;
  }
  s.phase = (s.size[2] + w->stride[2] - 1) / w->stride[2];
  s.width = s.phase * w->stride[2];
  s.plane = s.size[0] * s.size[1] * s.width;
  return s;
}

// The first block is the largest: what scratch memory is made for.
static inline slab slab_largest(const window *w, const tiling *t, int64_t images) {
  const block b = block_at(w, t, images, 0);
  return slab_of(w, &b);
}

// Where in the slab the tap (z, y, x) finds the first output of the block.
static inline int64_t tap_offset(const window *w, const slab *s, int64_t z, int64_t y, int64_t x) {
  const int64_t along = x * w->dilation[2], step = w->stride[2];
  const int64_t row = z * w->dilation[0] * s->size[1] + y * w->dilation[1];
  return row * s->width + along % step * s->phase + along / step;
}

// The same for row (z, y) of the block's output.
static inline int64_t row_offset(const window *w, const slab *s, int64_t z, int64_t y) {
  return (z * w->stride[0] * s->size[1] + y * w->stride[1]) * s->width;
}

// Which taps of output o along dimension d lie inside the input: [lo, hi).
static inline void taps_inside(const window *w, int d, int64_t o, int64_t *lo, int64_t *hi) {
  const int64_t start = o * w->stride[d] - w->pad[d], step = w->dilation[d];
  if (start >= 0 && start + (w->kernel[d] - 1) * step < w->in[d]) {
    *lo = 0, *hi = w->kernel[d];
    return;
  }
  *lo = start < 0 ? TC_MIN((-start + step - 1) / step, w->kernel[d]) : 0;
  const int64_t last = start < w->in[d] ? (w->in[d] - start + step - 1) / step : 0;
  *hi = TC_MAX(*lo, TC_MIN(last, w->kernel[d]));
}

// Is every tap's column the input itself?
static inline bool window_is_identity(const window *w) {
  bool same = w->taps == 1;
  for (int d = 0; d < 3; d++)
    same = same && w->stride[d] == 1 && w->pad[d] == 0 && w->in[d] == w->out[d];
  return same;
}

// How many workers share `jobs`, each with scratch of its own; worker k takes jobs
// [jobs * k / workers, jobs * (k + 1) / workers).
static inline int64_t workers_for(int64_t jobs) { return TC_MAX(1, TC_MIN(jobs, tc_threads())); }

#endif
