// Copies between layouts of one dtype, as bits: what lies alike in the largest units, what is
// transposed through tiles in shared memory. All else is left to the elementwise kernels.
#include "divide.h"
#include "pointwise.h"
#include "units.h"

// ---- what lies alike ---------------------------------------------------------------------------

template <class U> static __global__ void copy_kernel(U *to, const U *from, int64_t n) {
  const int64_t i = flat_index();
  if (i < n) to[i] = from[i];
}

static void copy_dense(const tc_job &j, int64_t bytes) {
  const uint64_t bits = (uint64_t)(uintptr_t)j.out.data | (uint64_t)(uintptr_t)j.in[1].data;
  by_unit(bits | (uint64_t)bytes, [&](auto unit) {
    typedef decltype(unit) U;
    const int64_t n = bytes / (int64_t)sizeof(U);
    TC_LAUNCH_FLAT(copy_kernel<U>, flat_grid(n), FLAT_BLOCK, (U *)j.out.data,
                   (const U *)j.in[1].data, n);
  });
}

// ---- what is transposed ------------------------------------------------------------------------

enum { TURN = 32, TURN_ROWS = 8 };  // a tile's side; the rows that its threads take at a time

// The target lies along dimension `a`, the source along `b`; the others name a pair of such planes.
struct turn_job {
  int64_t size_a, size_b, from_a, to_b;  // sizes; strides across the grain
  divider tiles_a, tiles_b;
  int ndim;
  divider size[TC_MAX_DIMS];
  int64_t to[TC_MAX_DIMS], from[TC_MAX_DIMS];
};

// Rows of the tile have an element to spare: its columns, which are written, fall into all banks.
template <class U>
static __global__ void turn_kernel(U *to, const U *from, const __grid_constant__ turn_job t) {
  TC_SHARED(U, tile, [TURN][TURN + 1]);
  int64_t tile_a = blockIdx.x, tile_b = t.tiles_a.split(&tile_a), plane = t.tiles_b.split(&tile_b);
  for (int d = t.ndim - 1; d >= 0; d--) {
    int64_t at = plane;
    plane = t.size[d].split(&at);
    to += at * t.to[d];
    from += at * t.from[d];
  }
  const int x = threadIdx.x % TURN, y = threadIdx.x / TURN;
  const int64_t a = tile_a * TURN, b = tile_b * TURN;
  for (int r = y; r < TURN; r += TURN_ROWS)
    if (a + r < t.size_a && b + x < t.size_b) tile[r][x] = from[(a + r) * t.from_a + b + x];
  __syncthreads();
  for (int r = y; r < TURN; r += TURN_ROWS)
    if (b + r < t.size_b && a + x < t.size_a) to[(b + r) * t.to_b + a + x] = tile[x][r];
}

// The dimension along which an operand lies, when it is worth a tile; or -1.
static int grain(const tc_job &j, const tc_operand &o) {
  for (int d = 0; d < j.ndim; d++)
    if (o.stride[d] == 1 && j.size[d] >= TURN / 2) return d;
  return -1;
}

static turn_job turn_of(const tc_job &j, int a, int b) {
  turn_job t;
  t.size_a = j.size[a], t.size_b = j.size[b];
  t.from_a = j.in[1].stride[a], t.to_b = j.out.stride[b];
  t.tiles_a = divider(tc_ceil(t.size_a, TURN)), t.tiles_b = divider(tc_ceil(t.size_b, TURN));
  t.ndim = 0;
  for (int d = 0; d < j.ndim; d++) {
    if (d == a || d == b) continue;
    t.size[t.ndim] = divider(j.size[d]);
    t.to[t.ndim] = j.out.stride[d], t.from[t.ndim++] = j.in[1].stride[d];
  }
  return t;
}

static void copy_turned(const tc_job &j, int a, int b, size_t item) {
  const turn_job t = turn_of(j, a, b);
  const int64_t tiles = j.n / (t.size_a * t.size_b) * t.tiles_a.by * t.tiles_b.by;
  by_word(item, [&](auto unit) {
    typedef decltype(unit) U;
    TC_LAUNCH(turn_kernel<U>, (unsigned)tiles, TURN * TURN_ROWS, 0, (U *)j.out.data,
              (const U *)j.in[1].data, t);
  });
}

bool tc_copy_layout(const tc_job &j) {
  const size_t item = tc_itemsize((tc_dtype)j.out.dtype);
  if (!j.in[1].data || j.in[1].dtype != j.out.dtype) return false;
  if (j.ndim == 0 || (j.ndim == 1 && j.out.stride[0] == 1 && j.in[1].stride[0] == 1)) {
    copy_dense(j, j.n * (int64_t)item);
    return true;
  }
  const int a = grain(j, j.out), b = grain(j, j.in[1]);
  if (a < 0 || b < 0 || a == b) return false;
  copy_turned(j, a, b, item);
  return true;
}
