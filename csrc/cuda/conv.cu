// Convolution in one to three dimensions without cuDNN: forward, and the gradient of the input, which
// is the same sum read from the other end. conv_weight.cu has the gradient of the weight.
//
// A group's result is a product, (channels written) x (channels read * taps) x (images * pixels), whose
// right side is gathered while it is loaded (implicit GEMM): along pixels, so that reads and writes
// are coalesced at stride 1. Channels last, neighbours are strided (cuDNN is for that). Groups with few channels to write (depthwise) would leave most of a tile
// empty: there a thread sums an element.
#include "conv.h"

// One direction of a convolution: `from` is read, `to` written.
struct direction {
  conv v;
  int64_t from_channels, to_channels, images;
  int group_from, group_to, depth;
  int from_plane, to_plane;
  steps from, to;
  int64_t weight_group, weight_row, weight_channel;  // strides: group, channel written, read
  int64_t columns;                                   // images * to_plane
  divider by_plane, by_channels, by_group;  // of `to`: a plane, an image's planes, a group's
  divider by_tiles, by_rows;                // tiles along columns, along rows
};

// What follows the sums: y = clamp(sum + bias + residual). NaN passes.
template <class T> struct ending {
  const T *bias, *residual;
  acc_t<T> low, high;
};

static direction direction_of(const conv &v, bool back) {
  direction d;
  d.v = v, d.images = v.images;
  d.from_channels = back ? v.outputs : v.channels, d.to_channels = back ? v.channels : v.outputs;
  d.group_from = back ? v.group_outputs : v.group_channels;
  d.group_to = back ? v.group_channels : v.group_outputs;
  d.depth = d.group_from * v.g.taps;
  d.from_plane = back ? v.g.out_plane : v.g.in_plane;
  d.to_plane = back ? v.g.in_plane : v.g.out_plane;
  d.from = back ? v.y : v.x, d.to = back ? v.x : v.y;
  d.weight_group = (int64_t)v.group_outputs * v.depth;
  d.weight_row = back ? v.weight.channel : v.depth;
  d.weight_channel = back ? v.depth : v.weight.channel;
  d.columns = v.images * d.to_plane;
  d.by_plane = divider(d.to_plane);
  d.by_channels = divider(d.to_channels), d.by_group = divider(d.group_to);
  d.by_tiles = divider(tc_ceil(d.columns, TILE)), d.by_rows = divider(tc_ceil(d.group_to, TILE));
  return d;
}

template <bool BACK> static __device__ inline spot spot_to(const geometry &g, int i) {
  return BACK ? spot_in(g, i) : spot_out(g, i);
}

template <class T>
static __device__ inline acc_t<T> ended(const ending<T> &e, int64_t channel, int64_t at,
                                        acc_t<T> sum) {
  if (e.bias) sum += wide(e.bias[channel]);
  if (e.residual) sum += wide(e.residual[at]);
  sum = sum < e.low ? e.low : sum;
  return sum > e.high ? e.high : sum;
}

// Where a group's channels begin in an image of what is read.
template <class T>
static __device__ inline const T *group_of(const direction &d, const T *from, int64_t image,
                                           int64_t group) {
  return from + image * d.from_channels * d.from_plane + group * d.group_from * d.from.channel;
}

// ---- by tiles ----------------------------------------------------------------------------------

// The weights of 64 channels written, at 16 depths: threads run along the depth.
template <class T>
static __device__ inline void load_weights(const direction &d, const T *weight, int first,
                                           int64_t k0, conv_part<T> *part) {
  const int lane = tile_thread() % DEPTH, k = (int)k0 + lane;
  int tap = k;
  const int channel = d.v.g.tap_all.split(&tap);
  for (int row = tile_thread() / DEPTH; row < TILE; row += TILE_THREADS / DEPTH) {
    const bool there = k < d.depth && first + row < d.group_to;
    const int64_t at =
        (first + row) * d.weight_row + channel * d.weight_channel + tap * d.v.weight.pixel;
    part[lane][row] = there ? wide(weight[at]) : acc_t<T>(0);
  }
}

// What the taps read for 64 pixels, at 16 depths: threads run along the pixels. `from` is where the group
// begins in the pixel's image, NULL for a pixel past the last.
template <class T, bool BACK>
static __device__ inline void load_pixels(const direction &d, const T *from, spot to, int64_t k0,
                                          conv_part<T> *part) {
  const geometry &g = d.v.g;
  const int column = tile_thread() % TILE;
  for (int row = tile_thread() / TILE; row < DEPTH; row += TILE_THREADS / TILE) {
    const int k = (int)k0 + row;
    int tap = k;
    const int channel = g.tap_all.split(&tap);
    const int at = from && k < d.depth ? read_place<BACK>(g, to, spot_tap(g, tap)) : -1;
    part[row][column] =
        at >= 0 ? wide(from[channel * d.from.channel + at * d.from.pixel]) : acc_t<T>(0);
  }
}

template <class T>
static __device__ inline void store_sum(const direction &d, const ending<T> &e, int64_t channel,
                                        int64_t column, acc_t<T> sum, T *y) {
  int64_t pixel = column;
  const int64_t image = d.by_plane.split(&pixel);
  const int64_t at =
      image * d.to_channels * d.to_plane + channel * d.to.channel + pixel * d.to.pixel;
  y[at] = narrow<T>(ended(e, channel, at, sum));
}

// Blocks: group, tile of rows, tile of columns, the last the fastest.
template <class T, bool BACK>
static __global__ void __launch_bounds__(TILE_THREADS, 3)
    conv_kernel(const __grid_constant__ direction d, const __grid_constant__ ending<T> e,
                const T *from, const T *weight, T *y) {
  typedef conv_part<T> part;
  int64_t columns = blockIdx.x, group = d.by_tiles.split(&columns);
  const int64_t rows = group - d.by_rows.over(group) * d.by_rows.by;
  group = d.by_rows.over(group);
  const int first = (int)rows * TILE;
  int64_t pixel = columns * TILE + tile_thread() % TILE;
  const bool there = pixel < d.columns;
  const int64_t image = d.by_plane.split(&pixel);
  const spot at = spot_to<BACK>(d.v.g, (int)pixel);
  const T *read = there ? group_of(d, from, image, group) : NULL;
  const T *weights = weight + group * d.weight_group;
  acc_t<T> sum[EACH][EACH] = {};
  multiply_along(
      sum, 0, d.depth, [&](int64_t k, part *to) { load_weights(d, weights, first, k, to); },
      [&](int64_t k, part *to) { load_pixels<T, BACK>(d, read, at, k, to); });
  each_result<EACH, EACH>([&](int i, int j, int down, int across) {
    const int64_t column = columns * TILE + across;
    if (first + down < d.group_to && column < d.columns)
      store_sum(d, e, group * d.group_to + first + down, column, sum[i][j], y);
  });
}

// ---- an element a thread -----------------------------------------------------------------------

template <class T, bool BACK>
static __global__ void thin_kernel(const __grid_constant__ direction d,
                                   const __grid_constant__ ending<T> e, const T *from,
                                   const T *weight, T *y) {
  const geometry &g = d.v.g;
  const int64_t at = flat_index();
  if (at >= d.columns * d.to_channels) return;
  const bool last = d.v.channels_last;
  int64_t inner = at, outer = (last ? d.by_channels : d.by_plane).split(&inner);
  const int64_t image = (last ? d.by_plane : d.by_channels).split(&outer);
  const int64_t channel = last ? inner : outer, pixel = last ? outer : inner;
  int64_t row = channel;
  const int64_t group = d.by_group.split(&row);
  const T *read = group_of(d, from, image, group);
  const T *weights = weight + group * d.weight_group + row * d.weight_row;
  const spot to = spot_to<BACK>(g, (int)pixel);
  acc_t<T> sum = 0;
  for (int t = 0; t < g.taps; t++) {
    const int place = read_place<BACK>(g, to, spot_tap(g, t));
    for (int c = 0; place >= 0 && c < d.group_from; c++)
      sum += wide(weights[c * d.weight_channel + t * d.v.weight.pixel]) *
             wide(read[c * d.from.channel + place * d.from.pixel]);
  }
  y[at] = narrow<T>(ended(e, channel, at, sum));
}

// ---- launchers ---------------------------------------------------------------------------------

template <class T, bool BACK>
static tc_status convolve(const conv &v, const ending<T> &e, const T *from, const T *weight, T *y) {
  const direction d = direction_of(v, BACK);
  if (d.group_to < THIN) {
    TC_LAUNCH_FLAT((thin_kernel<T, BACK>), flat_grid(d.columns * d.to_channels), FLAT_BLOCK, d, e,
                   from, weight, y);
  } else {
    const int64_t tiles = d.by_tiles.by * d.by_rows.by * v.groups;
    TC_LAUNCH((conv_kernel<T, BACK>), (unsigned)tiles, dim3(SIDE, SIDE), 0, d, e, from, weight, y);
  }
  return tc_launched();
}

// conv(y, x, weight, bias, residual, stride, padding, dilation, groups, low, high)
template <class T> static tc_status own_conv(tc_args *a) {
  conv v;
  if (tc_numel(a->t[0]) == 0) return TC_OK;
  TC_TRY(conv_of(a, a->t[1], a->t[2], a->t[0], &v));
  const ending<T> e = {tc_ptr<const T>(a->t[3]), tc_ptr<const T>(a->t[4]), (acc_t<T>)a->f[0],
                       (acc_t<T>)a->f[1]};
  return convolve<T, false>(v, e, tc_ptr<const T>(a->t[1]), tc_ptr<const T>(a->t[2]),
                            tc_ptr<T>(a->t[0]));
}
TC_CUDA_FLOATS(own_conv)
TC_CUDNN_OR_OWN(conv)

// conv_input_grad(gx, gy, weight, bias, stride, padding, dilation, groups)
template <class T> static tc_status own_conv_input_grad(tc_args *a) {
  conv v;
  if (tc_numel(a->t[0]) == 0) return TC_OK;
  TC_TRY(conv_of(a, a->t[0], a->t[2], a->t[1], &v));
  const acc_t<T> infinity = (acc_t<T>)INFINITY;
  const ending<T> e = {tc_ptr<const T>(a->t[3]), NULL, -infinity, infinity};
  return convolve<T, true>(v, e, tc_ptr<const T>(a->t[1]), tc_ptr<const T>(a->t[2]),
                           tc_ptr<T>(a->t[0]));
}
TC_CUDA_FLOATS(own_conv_input_grad)
TC_CUDNN_OR_OWN(conv_input_grad)
