// Channels as the lanes of vectors: planes of pixels, as tensors have them, into pixels of LANES
// channels each, and back. Part of a template, after panel.h.

// Pixels of the last square begin here: it overlaps the one before where it is not full.
static inline int64_t NAME(last_square)(int64_t n) { return TC_MAX(n - NAME(PANEL_LANES), 0); }

// `n` pixels of up to LANES planes, `plane` apart, become vectors; lanes without a channel are zero.
static void NAME(to_lanes)(const T *x, int64_t plane, int64_t channels, int64_t n,
                           NAME(panel_vec) *to) {
  const int64_t lanes = NAME(PANEL_LANES), width = TC_MIN(lanes, n);
  for (int64_t at = 0; at < n; at += lanes) {
    const int64_t p = TC_MIN(at, NAME(last_square)(n));
    NAME(panel_vec) square[NAME(PANEL_LANES)];
    for (int64_t c = 0; c < lanes; c++) {
      square[c] = (NAME(panel_vec)){0};
      if (c >= channels) continue;
      if (width == lanes) square[c] = *(const NAME(panel_vec) *)(x + c * plane + p);
      else memcpy(&square[c], x + c * plane + p, (size_t)width * sizeof(T));
    }
    NAME(transpose_square)(square);
    memcpy(to + p, square, (size_t)width * sizeof *square);
  }
}

// The other way: vectors of pixels into up to LANES planes.
static void NAME(from_lanes)(const NAME(panel_vec) *from, int64_t n, int64_t channels, T *y,
                             int64_t plane) {
  const int64_t lanes = NAME(PANEL_LANES), width = TC_MIN(lanes, n);
  for (int64_t at = 0; at < n; at += lanes) {
    const int64_t p = TC_MIN(at, NAME(last_square)(n));
    NAME(panel_vec) square[NAME(PANEL_LANES)];
    memcpy(square, from + p, (size_t)width * sizeof *square);
    NAME(transpose_square)(square);
    for (int64_t c = 0; c < TC_MIN(channels, lanes); c++)
      if (width == lanes) *(NAME(panel_vec) *)(y + c * plane + p) = square[c];
      else memcpy(y + c * plane + p, &square[c], (size_t)width * sizeof(T));
  }
}
