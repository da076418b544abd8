// Rows of the padded input (window.h), split by residue, and their adjoint. Part of a template.

// The residue r of a row of the slab holds input begin + r, begin + r + stride, ...: which of its
// elements lie inside the input?
static inline void NAME(phase_range)(const window *w, const slab *s, int64_t r, int64_t *lo,
                                     int64_t *hi) {
  const int64_t step = w->stride[2], first = s->begin[2] + r;
  const int64_t from = first < 0 ? (-first + step - 1) / step : 0;
  const int64_t to = w->in[2] > first ? (w->in[2] - first + step - 1) / step : 0;
  *lo = TC_MIN(from, s->phase);
  *hi = TC_MAX(*lo, TC_MIN(to, s->phase));
}

// Every `step`-th element of `from`; for the usual steps a loop that becomes vectors.
static inline void NAME(take_every)(T *restrict to, const T *restrict from, int64_t n,
                                    int64_t step) {
  if (step == 1) memcpy(to, from, (size_t)n * sizeof(T));
  else if (step == 2)
    for (int64_t i = 0; i < n; i++) to[i] = from[2 * i];
  else
    for (int64_t i = 0; i < n; i++) to[i] = from[i * step];
}

// One residue of a row, of which [lo, hi) lie inside: `from` is where its first element would be.
static inline void NAME(fill_phase)(const T *from, int64_t step, int64_t lo, int64_t hi, int64_t n,
                                    T outside, T *to) {
  for (int64_t q = 0; q < lo; q++) to[q] = outside;
  if (hi > lo) NAME(take_every)(to + lo, from + lo * step, hi - lo, step);
  for (int64_t q = hi; q < n; q++) to[q] = outside;
}

// Row x of the input into a row of the slab; `outside` is what lies beyond it.
static inline void NAME(fill_row)(const window *w, const slab *s, const T *x, T outside, T *to) {
  for (int64_t r = 0; r < w->stride[2]; r++, to += s->phase) {
    int64_t lo, hi;
    NAME(phase_range)(w, s, r, &lo, &hi);
    NAME(fill_phase)(x + s->begin[2] + r, w->stride[2], lo, hi, s->phase, outside, to);
  }
}

// The adjoint, added to x.
static inline void NAME(drain_row)(const window *w, const slab *s, const T *from, T *x) {
  const int64_t step = w->stride[2];
  for (int64_t r = 0; r < step; r++, from += s->phase) {
    int64_t lo, hi;
    NAME(phase_range)(w, s, r, &lo, &hi);
    T *to = x + s->begin[2] + r;
    for (int64_t q = lo; q < hi; q++) to[q * step] += from[q];
  }
}
