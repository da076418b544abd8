// The rows under a block in the order in which all windows read them alike: by residue modulo the
// stride along the row, then (z, residue modulo the stride down, what is left of y). A tap of the
// windows of many rows of output is then one long run. Part of a template, after slab.h.

// The layout of one block; a run has rows x phase elements, of which there is one a residue.
typedef struct NAME(runs) {
  const window *w;
  slab s;
  int64_t down;    // rows of one residue down
  int64_t rows;    // of a run
  int64_t length;  // of a run
} NAME(runs);

static inline NAME(runs) NAME(runs_of)(const window *w, const block *b) {
  NAME(runs) k = {.w = w, .s = slab_of(w, b)};
  k.down = (k.s.size[1] + w->stride[1] - 1) / w->stride[1];
  k.rows = k.s.size[0] * w->stride[1] * k.down;
  k.length = k.rows * k.s.phase;
  return k;
}

// Elements of all runs of this length, with what a tap may read behind the last.
static inline int64_t NAME(room_for)(const window *w, int64_t length) {
  return length * w->stride[2] + (w->kernel[2] - 1) * w->dilation[2] + TC_SLACK;
}

static inline int64_t NAME(runs_room)(const NAME(runs) *k) {
  return NAME(room_for)(k->w, k->length);
}

// Where tap x along the rows begins.
static inline int64_t NAME(run_along)(const NAME(runs) *k, int64_t x) {
  const int64_t along = x * k->w->dilation[2], step = k->w->stride[2];
  return along % step * k->length + along / step;
}

// Where, in a run, tap `tap` (z and y) of row z of output begins; its rows of output follow.
static inline int64_t NAME(run_down)(const NAME(runs) *k, int64_t z, int64_t tap) {
  const window *w = k->w;
  const int64_t deep = z * w->stride[0] + tap / w->kernel[1] * w->dilation[0];
  const int64_t below = tap % w->kernel[1] * w->dilation[1], step = w->stride[1];
  return ((deep * step + below % step) * k->down + below / step) * k->s.phase;
}

// Where in the input row `row` of a run begins, NULL where it lies in the padding.
static inline T *NAME(row_of_run)(const NAME(runs) *k, int64_t row, const T *x) {
  const window *w = k->w;
  const int64_t z = k->s.begin[0] + row / (w->stride[1] * k->down);
  const int64_t in_slice = row % (w->stride[1] * k->down);
  const int64_t y = k->s.begin[1] + in_slice % k->down * w->stride[1] + in_slice / k->down;
  const bool inside = z >= 0 && z < w->in[0] && y >= 0 && y < w->in[1];
  return inside ? (T *)x + (z * w->in[1] + y) * w->in[2] + k->s.begin[2] : NULL;
}

static inline void NAME(fill)(T *to, int64_t from, int64_t end, T value) {
  for (int64_t i = from; i < end; i++) to[i] = value;
}

// Minus infinity stands for what is outside.
static void NAME(split_runs)(const NAME(runs) *k, const T *x, T *to) {
  const int64_t step = k->w->stride[2], n = k->s.phase;
  for (int64_t r = 0; r < step; r++) {
    int64_t lo, hi;
    NAME(phase_range)(k->w, &k->s, r, &lo, &hi);
    for (int64_t row = 0; row < k->rows; row++, to += n) {
      const T *from = NAME(row_of_run)(k, row, x);
      NAME(fill_phase)(from ? from + r : NULL, step, lo, from ? hi : lo, n, (T)-INFINITY, to);
    }
  }
}

// ---- the adjoint -----------------------------------------------------------------------------

static inline void NAME(add_every)(T *restrict to, const T *restrict from, int64_t n,
                                   int64_t step) {
  if (step == 1)
    for (int64_t i = 0; i < n; i++) to[i] += from[i];
  else
    for (int64_t i = 0; i < n; i++) to[i * step] += from[i];
}

// Two residues of stride two at once, which is one run of memory.
static inline void NAME(add_pairs)(T *restrict to, const T *restrict even, const T *restrict odd,
                                   int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    to[2 * i] += even[i];
    to[2 * i + 1] += odd[i];
  }
}

// Elements [lo, hi) of every residue, of which the slab's row begins at `to`.
static inline void NAME(add_range)(const NAME(runs) *k, const T *from, int64_t lo, int64_t hi,
                                   T *to) {
  const int64_t step = k->w->stride[2];
  if (step == 2) NAME(add_pairs)(to + 2 * lo, from + lo, from + k->length + lo, hi - lo);
  else
    for (int64_t r = 0; r < step; r++)
      NAME(add_every)(to + r + lo * step, from + r * k->length + lo, hi - lo, step);
}

// What of a row lies inside in some residues only: less than a stride at either end.
static inline void NAME(add_ends)(const NAME(runs) *k, const T *from, int64_t lo, int64_t hi,
                                  T *to) {
  const int64_t step = k->w->stride[2];
  for (int64_t r = 0; r < step; r++) {
    int64_t first, end;
    NAME(phase_range)(k->w, &k->s, r, &first, &end);
    for (int64_t q = first; q < TC_MIN(lo, end); q++) to[r + q * step] += from[r * k->length + q];
    for (int64_t q = TC_MAX(hi, first); q < end; q++) to[r + q * step] += from[r * k->length + q];
  }
}

// Adds the runs to the plane x.
static void NAME(merge_runs)(const NAME(runs) *k, const T *from, T *x) {
  int64_t lo = 0, hi = k->s.phase;
  for (int64_t r = 0; r < k->w->stride[2]; r++) {
    int64_t first, end;
    NAME(phase_range)(k->w, &k->s, r, &first, &end);
    lo = TC_MAX(lo, first), hi = TC_MIN(hi, end);
  }
  hi = TC_MAX(lo, hi);
  for (int64_t row = 0; row < k->rows; row++, from += k->s.phase) {
    T *to = NAME(row_of_run)(k, row, x);
    if (!to) continue;
    NAME(add_range)(k, from, lo, hi, to);
    if (lo > 0 || hi < k->s.phase) NAME(add_ends)(k, from, lo, hi, to);
  }
}
