// Pictures of bytes resized, (..., H, W) to (..., h, w): along one dimension and then the other, by
// sums of rows, of the plane or of the transposed plane. Each pass is rounded to bytes. Sums are
// integers of 22 bits after the point, so results are Pillow's to the last bit.
#include "filter.h"
#include "jobs.h"

enum { BITS = 22, GROUP = 4, SQUARE = 8 };

// A window has `count` taps, a multiple of GROUP; those beyond the filter's have no weight.
typedef struct window {
  int32_t first, count;
} window;

typedef struct axis {
  int64_t inputs, outputs, most;
  window *windows;
  int32_t *weights;  // (outputs, most)
} axis;

typedef struct resize {
  axis across, down;
  const uint8_t *from;
  uint8_t *to;
  int64_t plane, width;  // of the input: a plane's bytes, a row's
} resize;

// ---- weights --------------------------------------------------------------------------------

static size_t axis_bytes(const axis *x) {
  return (size_t)x->outputs * (sizeof(window) + (size_t)x->most * sizeof(int32_t)) +
         (size_t)x->most * sizeof(double);
}

static int32_t fixed(double weight) {
  const double wide = weight * (1 << BITS);
  return (int32_t)(wide < 0 ? wide - 0.5 : wide + 0.5);
}

static void fill_axis(axis *x, const filter *f, double *scratch) {
  for (int64_t o = 0; o < x->outputs; o++) {
    int64_t first;
    const int64_t n = filter_window(f, o, &first, scratch);
    const int64_t count = (n + GROUP - 1) / GROUP * GROUP;
    x->windows[o] = (window){(int32_t)first, (int32_t)count};
    for (int64_t k = 0; k < count; k++) x->weights[o * x->most + k] = k < n ? fixed(scratch[k]) : 0;
  }
}

static tc_status new_axis(axis *x, const filter *f, int64_t outputs) {
  TC_TRY(filter_check(f));
  *x = (axis){f->inputs, outputs, (filter_most(f) + GROUP - 1) / GROUP * GROUP, NULL, NULL};
  char *block = tc_alloc(axis_bytes(x));
  if (!block) return tc_fail(TC_NO_MEMORY, "not enough memory for the weights");
  double *scratch = (double *)block;
  x->windows = (window *)(scratch + x->most);
  x->weights = (int32_t *)(x->windows + outputs);
  fill_axis(x, f, scratch);
  return TC_OK;
}

static void free_axis(axis *x) {
  if (x->windows) tc_free((double *)x->windows - x->most, axis_bytes(x));
}

// ---- sums of rows ---------------------------------------------------------------------------

static inline uint8_t rounded(int32_t sum) {
  sum >>= BITS;
  return (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
}

// Four rows of bytes at a time; the first four begin the sums, the last end them.
static void add_rows(int32_t *restrict sums, const uint8_t *const row[GROUP], const int32_t *w,
                     int64_t n, bool first) {
  const uint8_t *a = row[0], *b = row[1], *c = row[2], *d = row[3];
  TC_PRAGMA(omp simd)
  for (int64_t i = 0; i < n; i++)
    sums[i] =
        (first ? 1 << (BITS - 1) : sums[i]) + w[0] * a[i] + w[1] * b[i] + w[2] * c[i] + w[3] * d[i];
}

static void last_rows(uint8_t *restrict to, const int32_t *restrict sums,
                      const uint8_t *const row[GROUP], const int32_t *w, int64_t n) {
  const uint8_t *a = row[0], *b = row[1], *c = row[2], *d = row[3];
  TC_PRAGMA(omp simd)
  for (int64_t i = 0; i < n; i++)
    to[i] = rounded(sums[i] + w[0] * a[i] + w[1] * b[i] + w[2] * c[i] + w[3] * d[i]);
}

static void only_rows(uint8_t *restrict to, const uint8_t *const row[GROUP], const int32_t *w,
                      int64_t n) {
  const uint8_t *a = row[0], *b = row[1], *c = row[2], *d = row[3];
  TC_PRAGMA(omp simd)
  for (int64_t i = 0; i < n; i++)
    to[i] = rounded((1 << (BITS - 1)) + w[0] * a[i] + w[1] * b[i] + w[2] * c[i] + w[3] * d[i]);
}

// Rows of n bytes, `stride` apart, to x->outputs rows without gaps.
static void mix_rows(const axis *x, const uint8_t *from, int64_t stride, int64_t n, uint8_t *to,
                     int32_t *sums) {
  for (int64_t o = 0; o < x->outputs; o++, to += n) {
    const window win = x->windows[o];
    const int32_t *w = x->weights + o * x->most;
    for (int32_t k = 0; k < win.count; k += GROUP, w += GROUP) {
      const uint8_t *row[GROUP];
      for (int j = 0; j < GROUP; j++)
        row[j] = from + TC_MIN(win.first + k + j, x->inputs - 1) * stride;
      if (win.count == GROUP) only_rows(to, row, w, n);
      else if (k + GROUP == win.count) last_rows(to, sums, row, w, n);
      else add_rows(sums, row, w, n, k == 0);
    }
  }
}

// ---- transposition --------------------------------------------------------------------------

// Exchanges, in pairs of words `step` apart, blocks of `step` bytes across the diagonal.
static inline void exchange(uint64_t m[SQUARE], int step, uint64_t mask) {
  for (int k = 0; k < SQUARE; k++) {
    if (k & step) continue;
    const uint64_t t = (m[k] >> (8 * step) ^ m[k + step]) & mask;
    m[k + step] ^= t;
    m[k] ^= t << (8 * step);
  }
}

static inline void transpose_square(const uint8_t *from, int64_t stride, uint8_t *to,
                                    int64_t step) {
  uint64_t m[SQUARE];
  for (int k = 0; k < SQUARE; k++) memcpy(&m[k], from + k * stride, SQUARE);
  exchange(m, 4, 0x00000000FFFFFFFF);
  exchange(m, 2, 0x0000FFFF0000FFFF);
  exchange(m, 1, 0x00FF00FF00FF00FF);
  for (int k = 0; k < SQUARE; k++) memcpy(to + k * step, &m[k], SQUARE);
}

// (rows, cols), rows `stride` apart, to (cols, rows). Edges are covered by squares that overlap.
static void transpose(const uint8_t *from, int64_t stride, int64_t rows, int64_t cols,
                      uint8_t *to) {
  if (rows < SQUARE || cols < SQUARE) {
    for (int64_t r = 0; r < rows; r++)
      for (int64_t c = 0; c < cols; c++) to[c * rows + r] = from[r * stride + c];
    return;
  }
  for (int64_t r = 0; r < rows; r += SQUARE) {
    const int64_t y = TC_MIN(r, rows - SQUARE);
    for (int64_t c = 0; c < cols; c += SQUARE) {
      const int64_t x = TC_MIN(c, cols - SQUARE);
      transpose_square(from + y * stride + x, stride, to + x * rows + y, rows);
    }
  }
}

// ---- a plane --------------------------------------------------------------------------------

// Along the rows: `rows` rows, `stride` apart, to rows of across->outputs without gaps. `scratch`
// has room for the columns before and after.
static void mix_across(const axis *across, const uint8_t *from, int64_t stride, int64_t rows,
                       uint8_t *to, int32_t *sums, uint8_t *scratch) {
  uint8_t *mixed = scratch + across->inputs * rows;
  transpose(from, stride, rows, across->inputs, scratch);
  mix_rows(across, scratch, rows, rows, mixed, sums);
  transpose(mixed, rows, across->outputs, rows, to);
}

// Which pass is the first shows where sums are rounded and cut off: this is the choice of Pillow 13.
// (Versions before went across first.)
static bool is_down_first(const axis *across, const axis *down) {
  const int64_t fewer_rows = down->inputs - down->outputs,
                fewer_columns = across->inputs - across->outputs;
  return fewer_rows > 0 && fewer_rows > 2 * fewer_columns;
}

// What lies between the passes, and the columns of the pass across.
typedef struct room {
  int64_t sums, lines, columns;
} room;

static room room_of(const axis *across, const axis *down) {
  const bool first = is_down_first(across, down);
  const int64_t rows = first ? down->outputs : down->inputs;
  return (room){TC_MAX(TC_MAX(rows, across->inputs), across->outputs),
                rows * (first ? across->inputs : across->outputs),
                rows * (across->inputs + across->outputs)};
}

static tc_status resize_plane(const void *context, int64_t job, void *scratch) {
  const resize *r = context;
  const axis *across = &r->across, *down = &r->down;
  const room room = room_of(across, down);
  int32_t *sums = scratch;
  uint8_t *lines = (uint8_t *)(sums + room.sums), *columns = lines + room.lines;
  const uint8_t *from = r->from + job * r->plane;
  uint8_t *to = r->to + job * across->outputs * down->outputs;
  if (across->inputs == across->outputs) {
    mix_rows(down, from, r->width, across->outputs, to, sums);
  } else if (down->inputs == down->outputs) {
    mix_across(across, from, r->width, down->inputs, to, sums, columns);
  } else if (is_down_first(across, down)) {
    mix_rows(down, from, r->width, across->inputs, lines, sums);
    mix_across(across, lines, across->inputs, down->outputs, to, sums, columns);
  } else {
    mix_across(across, from, r->width, down->inputs, lines, sums, columns);
    mix_rows(down, lines, across->outputs, across->outputs, to, sums);
  }
  return TC_OK;
}

static size_t scratch_bytes(const resize *r) {
  const room room = room_of(&r->across, &r->down);
  return (size_t)room.sums * sizeof(int32_t) + (size_t)(room.lines + room.columns);
}

static tc_status check(const tc_tensor *to, const tc_tensor *from, const int64_t *box, int n) {
  if (to->dtype != TC_uint8 || from->dtype != TC_uint8 || n != 4 || from->ndim < 2 ||
      to->ndim != from->ndim)
    return tc_fail(TC_BAD_VALUE, "expected bytes (..., H, W) and a box");
  const int64_t height = from->size[from->ndim - 2], width = from->size[from->ndim - 1];
  if (box[0] < 0 || box[1] < 0 || box[2] < 1 || box[3] < 1 || box[2] > height - box[0] ||
      box[3] > width - box[1] || height > INT32_MAX || width > INT32_MAX)
    return tc_fail(TC_BAD_VALUE, "the box is not within (%lld, %lld)", (long long)height,
                   (long long)width);
  for (int d = 0; d < to->ndim - 2; d++)
    if (to->size[d] != from->size[d]) return tc_fail(TC_BAD_SHAPE, "other planes");
  return TC_OK;
}

// t: result, picture. list: top, left (from 0), height, width of the part that is resized. i: filter.
// f: its support.
TC_PLAIN_KERNEL(picture_resize) {
  const tc_tensor *to = a->t[0], *from = a->t[1];
  const int64_t *box = a->list[0];
  TC_TRY(check(to, from, box, a->len[0]));
  if (tc_numel(to) == 0) return TC_OK;
  const int64_t h = to->size[to->ndim - 2], w = to->size[to->ndim - 1];
  const filter_kind kind = (filter_kind)a->i[0];
  const filter down = {kind, box[2], (double)box[2] / (double)h, a->f[0]};
  const filter across = {kind, box[3], (double)box[3] / (double)w, a->f[0]};
  resize r = {.width = from->size[from->ndim - 1], .to = tc_data(a->t[0])};
  r.plane = r.width * from->size[from->ndim - 2];
  r.from = (const uint8_t *)tc_data(a->t[1]) + box[0] * r.width + box[1];
  tc_status status = new_axis(&r.across, &across, w);
  if (status == TC_OK) status = new_axis(&r.down, &down, h);
  if (status == TC_OK)
    status = each_job(resize_plane, &r, tc_numel(to) / (h * w),
                      box[2] * (box[3] + w) + h * w * GROUP, scratch_bytes(&r));
  free_axis(&r.across);
  free_axis(&r.down);
  return status;
}
