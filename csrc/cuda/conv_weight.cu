// The gradient of a convolution's weight without cuDNN.
//
// A group's is a product, (outputs) x (images * pixels) x (channels * taps), by tiles; the depth is long
// and the result small, so the depth is cut into parts that blocks sum apart and a second kernel adds,
// always in the same order. How it is cut depends on the shape alone. With few outputs a group
// (depthwise) a block sums an element.
#include "conv.h"

struct weight_problem {
  conv v;
  int64_t depth, part;                    // images * pixels; how much of it a block sums
  divider by_columns, by_rows, by_parts;  // tiles along (channels * taps), along outputs; parts
};

static weight_problem weight_problem_of(const conv &v) {
  enum { BLOCKS = 528, LEAST = 256 };  // four for each of 132 multiprocessors; a part's least depth
  weight_problem p;
  p.v = v;
  p.depth = v.images * v.g.out_plane;
  p.by_columns = divider(tc_ceil(v.depth, TILE)),
  p.by_rows = divider(tc_ceil(v.group_outputs, TILE));
  const int64_t tiles = p.by_columns.by * p.by_rows.by * v.groups;
  const int64_t parts = max((int64_t)1, min(tc_ceil(BLOCKS, tiles), tc_ceil(p.depth, LEAST)));
  p.part = max((int64_t)DEPTH, tc_ceil(tc_ceil(p.depth, parts), DEPTH) * DEPTH);
  p.by_parts = divider(tc_ceil(p.depth, p.part));
  return p;
}

// ---- by tiles ----------------------------------------------------------------------------------

// A position of the depth: image and pixel, where the gradients of the group's outputs lie, and where
// the window of that output begins.
template <class T> struct position {
  bool there;
  const T *grads, *x;
  spot start;
};

template <class T>
static __device__ inline position<T> position_at(const weight_problem &p, int64_t group, int64_t k,
                                                 const T *x, const T *grads) {
  const conv &v = p.v;
  const bool there = k < p.depth;
  const int64_t image = v.g.plane_out.split(&k);
  const int64_t first = group * v.group_outputs * v.y.channel + k * v.y.pixel;
  return {there, grads + image * v.outputs * v.g.out_plane + first,
          x + image * v.channels * v.g.in_plane + group * v.group_channels * v.x.channel,
          start_of(v.g, spot_out(v.g, (int)k))};
}

template <class T>
static __device__ inline acc_t<T> read_tap(const conv &v, const position<T> &at, int channel,
                                           spot tap) {
  const spot from = tap_at(v.g, at.start, tap);
  if (!inside(v.g.in, from)) return 0;
  return wide(at.x[channel * v.x.channel + place(v.g.in, from) * v.x.pixel]);
}

// Where the weight has output o and (channel, tap) number c.
static __device__ inline int64_t place_in_weight(const conv &v, int64_t o, int c) {
  const int channel = v.g.tap_all.split(&c);
  return o * v.depth + channel * v.weight.channel + c * v.weight.pixel;
}

enum { WEIGHT_STEP = TILE_THREADS / DEPTH };  // rows between those that a thread loads

template <class T>
static __device__ inline void load_grads(const weight_problem &p, const position<T> &at, int first,
                                         conv_part<T> *part) {
  const int lane = tile_thread() % DEPTH;
  for (int row = tile_thread() / DEPTH; row < TILE; row += WEIGHT_STEP) {
    const bool there = at.there && first + row < p.v.group_outputs;
    part[lane][row] = there ? wide(at.grads[(first + row) * p.v.y.channel]) : acc_t<T>(0);
  }
}

template <class T>
static __device__ inline void load_taps(const weight_problem &p, const position<T> &at, int first,
                                        conv_part<T> *part) {
  const int lane = tile_thread() % DEPTH;
  for (int row = tile_thread() / DEPTH; row < TILE; row += WEIGHT_STEP) {
    int tap = first + row;
    const bool there = at.there && tap < p.v.depth;
    const int channel = p.v.g.tap_all.split(&tap);
    part[lane][row] = there ? read_tap(p.v, at, channel, spot_tap(p.v.g, tap)) : acc_t<T>(0);
  }
}

// Sums go into the weight where there is one part, else beside those of the other parts. Blocks: part,
// group, tile of rows, tile of columns, the last the fastest.
template <class T>
static __global__ void __launch_bounds__(TILE_THREADS, 3)
    weight_kernel(const __grid_constant__ weight_problem p, const T *x, const T *grads, T *weight,
                  acc_t<T> *parts) {
  typedef conv_part<T> side;
  int64_t column = blockIdx.x;
  int64_t row = p.by_columns.split(&column);
  int64_t part = p.by_rows.split(&row);
  const int64_t group = p.by_parts.split(&part);
  const int64_t begin = part * p.part, end = min(begin + p.part, p.depth);
  const int first_row = (int)row * TILE, first_column = (int)column * TILE;
  const auto at = [&](int64_t k) {
    return position_at(p, group, k + tile_thread() % DEPTH, x, grads);
  };
  acc_t<T> sum[EACH][EACH] = {};
  multiply_along(
      sum, begin, end, [&](int64_t k, side *to) { load_grads(p, at(k), first_row, to); },
      [&](int64_t k, side *to) { load_taps(p, at(k), first_column, to); });
  each_result<EACH, EACH>([&](int i, int j, int down, int across) {
    const int r = first_row + down, c = first_column + across;
    if (r >= p.v.group_outputs || c >= p.v.depth) return;
    const int64_t to = place_in_weight(p.v, group * p.v.group_outputs + r, c);
    if (parts) parts[part * p.v.outputs * p.v.depth + to] = sum[i][j];
    else weight[to] = narrow<T>(sum[i][j]);
  });
}

template <class T>
static __global__ void add_parts(T *weight, const acc_t<T> *parts, int64_t count, int64_t n) {
  const int64_t i = flat_index();
  if (i >= n) return;
  acc_t<T> sum = 0;
  for (int64_t k = 0; k < count; k++) sum += parts[k * n + i];
  weight[i] = narrow<T>(sum);
}

template <class T>
static tc_status weight_by_tiles(const conv &v, const T *x, const T *grads, T *weight) {
  const weight_problem p = weight_problem_of(v);
  const int64_t n = v.outputs * v.depth, count = p.by_parts.by;
  const int64_t blocks = p.by_columns.by * p.by_rows.by * v.groups * count;
  if (count == 1) {
    TC_LAUNCH(weight_kernel<T>, (unsigned)blocks, dim3(SIDE, SIDE), 0, p, x, grads, weight,
              nullptr);
    return tc_launched();
  }
  const scratch parts((size_t)(count * n) * sizeof(acc_t<T>));
  if (!parts.ok()) return parts.status();
  TC_LAUNCH(weight_kernel<T>, (unsigned)blocks, dim3(SIDE, SIDE), 0, p, x, grads, weight,
            parts.as<acc_t<T>>());
  TC_LAUNCH_FLAT(add_parts<T>, flat_grid(n), FLAT_BLOCK, weight, parts.as<acc_t<T>>(), count, n);
  return tc_launched();
}

// ---- an element a block ------------------------------------------------------------------------

template <class T>
static __global__ void __launch_bounds__(TILE_THREADS)
    thin_weight_kernel(const __grid_constant__ weight_problem p, const T *x, const T *grads,
                       T *weight) {
  const conv &v = p.v;
  const int64_t output = blockIdx.x / v.depth, group = output / v.group_outputs;
  const int column = (int)(blockIdx.x - output * v.depth);
  int tap = column;
  const int channel = v.g.tap_all.split(&tap);
  const spot t = spot_tap(v.g, tap);
  const int64_t row = (output - group * v.group_outputs) * v.y.channel;
  acc_t<T> sum = 0;
  for (int64_t k = threadIdx.x; k < p.depth; k += TILE_THREADS) {
    const auto at = position_at(p, group, k, x, grads);
    sum += wide(at.grads[row]) * read_tap(v, at, channel, t);
  }
  sum = block_sum(sum);
  if (threadIdx.x == 0) weight[place_in_weight(v, output, column)] = narrow<T>(sum);
}

// conv_weight_grad(gw, x, gy, stride, padding, dilation, groups)
template <class T> static tc_status own_conv_weight_grad(tc_args *a) {
  conv v;
  if (tc_numel(a->t[0]) == 0) return TC_OK;
  TC_TRY(conv_of(a, a->t[1], a->t[0], a->t[2], &v));
  const T *x = tc_ptr<const T>(a->t[1]), *grads = tc_ptr<const T>(a->t[2]);
  T *weight = tc_ptr<T>(a->t[0]);
  if (v.group_outputs >= THIN) return weight_by_tiles(v, x, grads, weight);
  TC_LAUNCH(thin_weight_kernel<T>, (unsigned)(v.outputs * v.depth), TILE_THREADS, 0,
            weight_problem_of(v), x, grads, weight);
  return tc_launched();
}
TC_CUDA_FLOATS(own_conv_weight_grad)
TC_CUDNN_OR_OWN(conv_weight_grad)
