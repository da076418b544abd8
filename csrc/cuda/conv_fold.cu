// Patches of an image as columns (im2col), and their sum back into an image (fold): each is the
// other's adjoint. x is (N, C, ...), columns (N, C * taps, outputs). A thread an element of the
// result, so that writes are coalesced; reads are where strides are 1.
#include "geometry.h"

// Lists: output sizes, kernel, stride, pairs of padding, dilation.
static tc_status fold_of(const tc_args *a, const tc_tensor *x, geometry *g) {
  const int n = a->len[0];
  const window w =
      window_of(n, x->size + 2, a->list[0], a->list[1], a->list[2], a->list[3], a->list[4]);
  return geometry_of(&w, g);
}

template <class T>
static __global__ void im2col_kernel(T *columns, const T *x, const geometry g, int64_t n) {
  int64_t i = flat_index();
  if (i >= n) return;
  const int64_t at = i;
  int64_t row = g.plane_out.split(&i);
  const int64_t plane = g.tap_all.over(row);
  const spot tap = spot_tap(g, (int)(row - plane * g.taps));
  const spot from = tap_at(g, start_of(g, spot_out(g, (int)i)), tap);
  columns[at] = inside(g.in, from) ? x[plane * g.in_plane + place(g.in, from)] : narrow<T>(0.0f);
}

template <class T> static tc_status im2col(tc_args *a) {
  geometry g;
  const int64_t n = tc_numel(a->t[0]);
  if (n == 0) return TC_OK;
  TC_TRY(fold_of(a, a->t[1], &g));
  TC_LAUNCH_FLAT(im2col_kernel<T>, flat_grid(n), FLAT_BLOCK, tc_ptr<T>(a->t[0]),
                 tc_ptr<const T>(a->t[1]), g, n);
  return tc_launched();
}
TC_CUDA_FLOATS(im2col)

template <class T>
static __global__ void fold_kernel(T *x, const T *columns, const geometry g, int64_t n) {
  int64_t i = flat_index();
  if (i >= n) return;
  const int64_t at = i;
  const T *rows = columns + g.plane_in.split(&i) * g.taps * g.out_plane;
  const spot s = spot_in(g, (int)i);
  acc_t<T> sum = 0;
  for (int z = 0; z < g.kernel[0]; z++) {
    const int oz = output_over(g, 0, s.z, z);
    for (int y = 0; oz >= 0 && y < g.kernel[1]; y++) {
      const int oy = output_over(g, 1, s.y, y);
      for (int t = 0; oy >= 0 && t < g.kernel[2]; t++) {
        const int ox = output_over(g, 2, s.x, t), tap = (z * g.kernel[1] + y) * g.kernel[2] + t;
        if (ox >= 0) sum += wide(rows[(int64_t)tap * g.out_plane + place(g.out, {oz, oy, ox})]);
      }
    }
  }
  x[at] = narrow<T>(sum);
}

template <class T> static tc_status fold(tc_args *a) {
  geometry g;
  const int64_t n = tc_numel(a->t[0]);
  if (n == 0) return TC_OK;
  TC_TRY(fold_of(a, a->t[0], &g));
  TC_LAUNCH_FLAT(fold_kernel<T>, flat_grid(n), FLAT_BLOCK, tc_ptr<T>(a->t[0]),
                 tc_ptr<const T>(a->t[1]), g, n);
  return tc_launched();
}
TC_CUDA_FLOATS(fold)
