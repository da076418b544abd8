// Convolution in one to three dimensions without cuDNN: forward, and the gradient of the input, which
// is the same sum read from the other end. conv_weight.cu has the gradient of the weight.
//
// A group's result is a product, (channels written) x (channels read * taps) x (images * pixels), whose
// right side is gathered while it is loaded (implicit GEMM): along pixels, so that reads and writes
// are coalesced at stride 1. Groups with few channels to write (depthwise) would leave most of a tile
// empty: there a thread sums an element.
#include "conv.h"
#include "tile.h"

// One direction of a convolution: `from` is read, `to` written.
struct direction {
  conv v;
  int64_t from_channels, to_channels, images;
  int group_from, group_to, depth;
  int from_plane, to_plane;
  int64_t weight_group, weight_row, weight_channel;  // strides: group, channel written, read
  int64_t columns;                                   // images * to_plane
  bool packs;                                        // four pixels are one aligned store
  divider by_plane, by_tiles, by_rows;               // of `to`; tiles along columns, along rows
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
  d.weight_group = (int64_t)v.group_outputs * v.depth;
  d.weight_row = back ? v.g.taps : v.depth, d.weight_channel = back ? v.depth : v.g.taps;
  d.columns = v.images * d.to_plane;
  d.by_plane = divider(d.to_plane);
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

// ---- by tiles ----------------------------------------------------------------------------------

// The weights of 64 channels written, at 16 depths: threads run along the depth.
template <class T>
static __device__ inline void load_weights(const direction &d, const T *weight, int first,
                                           int64_t k0, tile_side<acc_t<T>> &side) {
  const int lane = (int)threadIdx.x % TILE_DEPTH, k = (int)k0 + lane;
  int tap = k;
  const int channel = d.v.g.tap_all.split(&tap);
  for (int row = (int)threadIdx.x / TILE_DEPTH; row < TILE; row += TILE_BLOCK / TILE_DEPTH) {
    const bool there = k < d.depth && first + row < d.group_to;
    const int64_t at = (first + row) * d.weight_row + channel * d.weight_channel + tap;
    side.at[lane][row] = there ? wide(weight[at]) : acc_t<T>(0);
  }
}

// What the taps read for 64 pixels, at 16 depths: threads run along the pixels. `from` is the group's
// first plane of the pixel's image, NULL for a pixel past the last.
template <class T, bool BACK>
static __device__ inline void load_pixels(const direction &d, const T *from, spot to, int64_t k0,
                                          tile_side<acc_t<T>> &side) {
  const geometry &g = d.v.g;
  const int column = (int)threadIdx.x % TILE;
  for (int row = (int)threadIdx.x / TILE; row < TILE_DEPTH; row += TILE_BLOCK / TILE) {
    const int k = (int)k0 + row;
    int tap = k;
    const int channel = g.tap_all.split(&tap);
    const int at = from && k < d.depth ? read_place<BACK>(g, to, spot_tap(g, tap)) : -1;
    side.at[row][column] = at >= 0 ? wide(from[(int64_t)channel * d.from_plane + at]) : acc_t<T>(0);
  }
}

// Four pixels of a channel, at once where they are neighbours in memory.
template <class T>
static __device__ inline void store_pixels(const direction &d, const ending<T> &e, int64_t channel,
                                           int64_t column, const acc_t<T> (&sums)[TILE_EACH],
                                           T *y) {
  pack<T, TILE_EACH> four;
  for (int j = 0; j < TILE_EACH && column + j < d.columns; j++) {
    int64_t pixel = column + j;
    const int64_t image = d.by_plane.split(&pixel);
    const int64_t at = (image * d.to_channels + channel) * d.to_plane + pixel;
    four.at[j] = narrow<T>(ended(e, channel, at, sums[j]));
    if (!d.packs) y[at] = four.at[j];
    else if (j == TILE_EACH - 1) *reinterpret_cast<pack<T, TILE_EACH> *>(y + at - j) = four;
  }
}

template <class T>
static __device__ inline void store_tile(const direction &d, const ending<T> &e, int group,
                                         int first, int64_t column, const tile_sums<acc_t<T>> &sums,
                                         T *y) {
  for (int i = 0; i < TILE_EACH; i++) {
    const int row = first + tile_row() + i;
    if (row >= d.group_to) return;
    store_pixels(d, e, (int64_t)group * d.group_to + row, column + tile_column(), sums.at[i], y);
  }
}

// Blocks: group, tile of rows, tile of columns, the last the fastest.
template <class T, bool BACK>
static __global__ void __launch_bounds__(TILE_BLOCK, 3)
    conv_kernel(const __grid_constant__ direction d, const __grid_constant__ ending<T> e,
                const T *from, const T *weight, T *y) {
  typedef tile_side<acc_t<T>> side;
  int64_t columns = blockIdx.x, group = d.by_tiles.split(&columns);
  const int64_t rows = group - d.by_rows.over(group) * d.by_rows.by;
  group = d.by_rows.over(group);
  const int first = (int)rows * TILE;
  int64_t pixel = columns * TILE + threadIdx.x % TILE;
  const bool there = pixel < d.columns;
  const int64_t image = d.by_plane.split(&pixel);
  const spot to = spot_to<BACK>(d.v.g, (int)pixel);
  const int64_t plane = image * d.from_channels + group * d.group_from;
  const T *read = there ? from + plane * d.from_plane : NULL;
  const T *weights = weight + group * d.weight_group;
  const auto sums = tile_product<acc_t<T>>(
      0, d.depth, [&](int64_t k, side &s) { load_weights(d, weights, first, k, s); },
      [&](int64_t k, side &s) { load_pixels<T, BACK>(d, read, to, k, s); });
  store_tile(d, e, (int)group, first, columns * TILE, sums, y);
}

// ---- an element a thread -----------------------------------------------------------------------

template <class T, bool BACK>
static __global__ void thin_kernel(const __grid_constant__ direction d,
                                   const __grid_constant__ ending<T> e, const T *from,
                                   const T *weight, T *y) {
  const geometry &g = d.v.g;
  int64_t plane = flat_index();
  if (plane >= d.columns * d.to_channels) return;
  const int64_t at = plane;
  int64_t pixel = plane;
  plane = d.by_plane.split(&pixel);
  const int64_t image = plane / d.to_channels, channel = plane - image * d.to_channels;
  const int64_t group = channel / d.group_to, row = channel - group * d.group_to;
  const T *read = from + (image * d.from_channels + group * d.group_from) * d.from_plane;
  const T *weights = weight + group * d.weight_group + row * d.weight_row;
  const spot to = spot_to<BACK>(g, (int)pixel);
  acc_t<T> sum = 0;
  for (int t = 0; t < g.taps; t++) {
    const int place = read_place<BACK>(g, to, spot_tap(g, t));
    for (int c = 0; place >= 0 && c < d.group_from; c++)
      sum +=
          wide(weights[c * d.weight_channel + t]) * wide(read[(int64_t)c * d.from_plane + place]);
  }
  y[at] = narrow<T>(ended(e, channel, at, sum));
}

// ---- launchers ---------------------------------------------------------------------------------

template <class T, bool BACK>
static tc_status convolve(const conv &v, const ending<T> &e, const T *from, const T *weight, T *y) {
  enum { THIN = 8 };
  direction d = direction_of(v, BACK);
  d.packs = d.to_plane % TILE_EACH == 0 && (uintptr_t)y % (TILE_EACH * sizeof(T)) == 0;
  if (d.group_to < THIN) {
    TC_LAUNCH_FLAT((thin_kernel<T, BACK>), flat_grid(d.columns * d.to_channels), FLAT_BLOCK, d, e,
                   from, weight, y);
  } else {
    const int64_t tiles = d.by_tiles.by * d.by_rows.by * v.groups;
    TC_LAUNCH((conv_kernel<T, BACK>), (unsigned)tiles, TILE_BLOCK, 0, d, e, from, weight, y);
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
