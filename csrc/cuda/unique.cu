// What unique needs beside sort: rows in lexicographic order, and the runs of equal rows.
#include "scan.h"

// ---- rows in order -----------------------------------------------------------------------------

// Is a before b, with NaN after everything?
template <class T> static __device__ bool row_before(const T *a, const T *b, int64_t width) {
  for (int64_t j = 0; j < width; j++) {
    const auto v = wide(a[j]), w = wide(b[j]);
    if (v != w) return v < w || (w != w && v == v);
  }
  return false;
}

// How many of `n` rows in order come before `row`; with `equal`, or are its equals.
template <class T>
static __device__ int64_t rows_before(const T *x, int64_t width, const int64_t *order, int64_t n,
                                      const T *row, bool equal) {
  int64_t low = 0;
  while (low < n) {
    const int64_t middle = low + (n - low) / 2;
    const T *other = x + (order[middle] - 1) * width;
    if (equal ? !row_before(row, other, width) : row_before(other, row, width)) low = middle + 1;
    else n = middle;
  }
  return low;
}

// Pairs of runs of `run` rows in order become one each: a row's place is its own in its run and how
// many of the other run stand before it. Rows of the first run come before their equals.
template <class T>
static __global__ void merge_rows_kernel(int64_t *to, const int64_t *from, const T *x, int64_t n,
                                         int64_t width, int64_t run) {
  const int64_t i = flat_index();
  if (i >= n) return;
  const int64_t pair = i / (2 * run) * (2 * run), middle = min(pair + run, n);
  const bool second = i >= middle;
  const int64_t other = second ? pair : middle, end = second ? middle : min(pair + 2 * run, n);
  const T *row = x + (from[i] - 1) * width;
  const int64_t before = rows_before(x, width, from + other, end - other, row, second);
  to[pair + i - (second ? middle : pair) + before] = from[i];
}

static __global__ void count_up_kernel(int64_t *y, int64_t n) {
  const int64_t i = flat_index();
  if (i < n) y[i] = i + 1;
}

// sort_rows(order, x): the numbers (from 1) of the rows of x (n, width) in lexicographic order; stable.
template <class T> static tc_status sort_rows(tc_args *a) {
  const int64_t n = a->t[1]->size[0], width = a->t[1]->size[1];
  int64_t *order = tc_ptr<int64_t>(a->t[0]);
  if (n == 0) return TC_OK;
  scratch other((size_t)n * sizeof(int64_t));
  if (!other.ok()) return other.status();
  int passes = 0;
  while ((int64_t)1 << passes < n) passes++;
  int64_t *from = passes % 2 ? other.as<int64_t>() : order,
          *to = passes % 2 ? order : other.as<int64_t>();
  TC_LAUNCH_FLAT(count_up_kernel, flat_grid(n), FLAT_BLOCK, from, n);
  for (int64_t run = 1; run < n; run *= 2) {
    TC_LAUNCH_FLAT(merge_rows_kernel<T>, flat_grid(n), FLAT_BLOCK, to, from,
                   tc_ptr<const T>(a->t[1]), n, width, run);
    int64_t *const swap = from;
    from = to, to = swap;
  }
  return tc_launched();
}
TC_CUDA_NUMBERS(sort_rows)

// ---- runs of equal rows ------------------------------------------------------------------------

// Is row i unlike the one before it? NaN equals nothing.
template <class T> struct run_begins {
  const T *x;
  int64_t n, width;
  __device__ bool operator()(int64_t i) const {
    if (i == 0) return true;
    const T *row = x + i * width, *last = row - width;
    for (int64_t j = 0; j < width; j++)
      if (!(wide(row[j]) == wide(last[j]))) return true;
    return false;
  }
};

struct run_written {
  int64_t *run, *start, *count, n;
  __device__ void operator()(int64_t i, bool begins, int64_t before) const {
    run[i] = before + begins;
    if (begins) start[before] = i + 1;
    if (i == n - 1) *count = before + begins;
  }
};

// runs(run, start, count, x): the number of each row's run of equal rows, the row each run starts at
// (room for n), and how many runs there are.
template <class T> static tc_status runs(tc_args *a) {
  const int64_t n = a->t[3]->size[0];
  int64_t *count = tc_ptr<int64_t>(a->t[2]);
  if (n == 0) fill(count, 1, (int64_t)0);
  const run_begins<T> begins = {tc_ptr<const T>(a->t[3]), n, a->t[3]->size[1]};
  return emit_ranked(begins,
                     run_written{tc_ptr<int64_t>(a->t[0]), tc_ptr<int64_t>(a->t[1]), count, n});
}
TC_CUDA_NUMBERS(runs)
