// Columns of a sliding window, and their adjoint. Part of a template: T and NAME are set.
//
// A column row is (channel, tap); its columns are the outputs of a block, image after image.
// Rows are copied eight at a time and may run over their end: what follows is written afterwards,
// and both buffers have TC_SLACK elements to spare.

#include "slab.h"

static bool NAME(row_inside)(const window *w, const slab *s, int64_t z, int64_t y) {
  const int64_t iz = s->begin[0] + z, iy = s->begin[1] + y;
  return iz >= 0 && iz < w->in[0] && iy >= 0 && iy < w->in[1];
}

// Copies `channels` planes of x into the slab, zero where it reaches beyond.
static void NAME(fill_slab)(const window *w, const slab *s, const T *x, int64_t channels, T *to) {
  for (int64_t c = 0; c < channels; c++, x += w->in_plane)
    for (int64_t z = 0; z < s->size[0]; z++)
      for (int64_t y = 0; y < s->size[1]; y++, to += s->width) {
        const int64_t row = (s->begin[0] + z) * w->in[1] + s->begin[1] + y;
        if (NAME(row_inside)(w, s, z, y)) NAME(fill_row)(w, s, x + row * w->in[2], 0, to);
        else memset(to, 0, (size_t)s->width * sizeof(T));
      }
}

// Adds the slab to `channels` planes of x; what lies beyond is dropped.
static void NAME(drain_slab)(const window *w, const slab *s, const T *from, int64_t channels,
                             T *x) {
  for (int64_t c = 0; c < channels; c++, x += w->in_plane)
    for (int64_t z = 0; z < s->size[0]; z++)
      for (int64_t y = 0; y < s->size[1]; y++, from += s->width) {
        const int64_t row = (s->begin[0] + z) * w->in[1] + s->begin[1] + y;
        if (NAME(row_inside)(w, s, z, y)) NAME(drain_row)(w, s, from, x + row * w->in[2]);
      }
}

static inline void NAME(copy_over)(T *to, const T *from, int64_t n) {
  for (int64_t i = 0; i < n; i += 8) memcpy(to + i, from + i, 8 * sizeof(T));
}

static inline void NAME(add_exact)(T *restrict to, const T *restrict from, int64_t n) {
  for (int64_t i = 0; i < n; i++) to[i] += from[i];
}

static inline T *NAME(gather_tap)(const window *w, const block *b, const slab *s, const T *from,
                                  T *to) {
  for (int64_t z = 0; z < b->size[0]; z++)
    for (int64_t y = 0; y < b->size[1]; y++, to += b->size[2])
      NAME(copy_over)(to, from + row_offset(w, s, z, y), b->size[2]);
  return to;
}

static const T *NAME(scatter_tap)(const window *w, const block *b, const slab *s, const T *from,
                                  T *to) {
  for (int64_t z = 0; z < b->size[0]; z++)
    for (int64_t y = 0; y < b->size[1]; y++, from += b->size[2])
      NAME(add_exact)(to + row_offset(w, s, z, y), from, b->size[2]);
  return from;
}

// slabs is (images, channels, plane) -> columns (channels * taps, images * pixels)
static inline void NAME(gather_columns)(const window *w, const block *b, const slab *s,
                                        const T *slabs, int64_t channels, T *columns) {
  for (int64_t c = 0; c < channels; c++)
    for (int64_t z = 0; z < w->kernel[0]; z++)
      for (int64_t y = 0; y < w->kernel[1]; y++)
        for (int64_t x = 0; x < w->kernel[2]; x++) {
          const T *from = slabs + c * s->plane + tap_offset(w, s, z, y, x);
          for (int64_t i = 0; i < b->images; i++, from += channels * s->plane)
            columns = NAME(gather_tap)(w, b, s, from, columns);
        }
}

// The adjoint: slabs must be zero before.
static void NAME(scatter_columns)(const window *w, const block *b, const slab *s, const T *columns,
                                  int64_t channels, T *slabs) {
  for (int64_t c = 0; c < channels; c++)
    for (int64_t z = 0; z < w->kernel[0]; z++)
      for (int64_t y = 0; y < w->kernel[1]; y++)
        for (int64_t x = 0; x < w->kernel[2]; x++) {
          T *to = slabs + c * s->plane + tap_offset(w, s, z, y, x);
          for (int64_t i = 0; i < b->images; i++, to += channels * s->plane)
            columns = NAME(scatter_tap)(w, b, s, columns, to);
        }
}
