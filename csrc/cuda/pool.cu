// Max pooling in one to three dimensions: values, indices, gradient. NaN wins over everything, of
// equals the first.
#include "pool.h"

// What a window's best is, and where: its place in the plane, -1 in an empty window.
template <class A> struct best {
  A value;
  int at;
};

template <class T>
static __device__ inline best<acc_t<T>> best_of(const plane_view<const T> &plane, const geometry &g,
                                                spot o) {
  typedef acc_t<T> A;
  best<A> b = {-(A)INFINITY, -1};
  const spot start = start_of(g, o);
  for (int z = 0; z < g.kernel[0]; z++)
    for (int y = 0; y < g.kernel[1]; y++)
      for (int x = 0; x < g.kernel[2]; x++) {
        const spot s = tap_at(g, start, {z, y, x});
        if (!inside(g.in, s)) continue;
        const int at = place(g.in, s);
        const A v = wide(plane[at]);
        if (b.at < 0 || v > b.value || v != v) b = {v, at};
      }
  return b;
}

// `y`, `index` (from 1, and 1 in an empty window) and `place` (from 0) are written where not NULL.
template <class T>
static __global__ void max_kernel(T *y, int64_t *index, int *places, const T *x, const geometry g,
                                  const planes p, int64_t n) {
  const int64_t at = flat_index();
  if (at >= n) return;
  const in_plane to = plane_at(p, g.plane_out, at);
  const plane_view<const T> plane(x, p, to, g.in_plane);
  const auto b = best_of(plane, g, spot_out(g, to.place));
  if (y) y[at] = narrow<T>(b.value);
  if (index) index[at] = max(b.at, 0) + 1;
  if (places) places[at] = b.at;
}

template <class T>
static tc_status launch_max(const tc_args *a, const tc_tensor *x, const tc_tensor *out, T *y,
                            int64_t *index, int *places) {
  geometry g;
  const int64_t n = tc_numel(out);
  TC_TRY(pool_of(a, x, out, a->list[3], &g));
  if (n == 0) return TC_OK;
  TC_LAUNCH_FLAT(max_kernel<T>, flat_grid(n), FLAT_BLOCK, y, index, places, tc_ptr<const T>(x), g,
                 planes_of(a, x), n);
  return tc_launched();
}

template <class T> static tc_status max_pool(tc_args *a) {
  return launch_max<T>(a, a->t[1], a->t[0], tc_ptr<T>(a->t[0]), NULL, NULL);
}
TC_CUDA_FLOATS(max_pool)

template <class T> static tc_status max_pool_with_indices(tc_args *a) {
  return launch_max<T>(a, a->t[2], a->t[0], tc_ptr<T>(a->t[0]), tc_ptr<int64_t>(a->t[1]), NULL);
}
TC_CUDA_FLOATS(max_pool_with_indices)

// ---- gradient ----------------------------------------------------------------------------------

// An element gets the gradients of the windows over it that it is the best of.
template <class T>
static __global__ void max_grad_kernel(T *gx, const T *grads, const int *places, const geometry g,
                                       const planes p, int64_t n) {
  const int64_t at = flat_index();
  if (at >= n) return;
  const in_plane to = plane_at(p, g.plane_in, at);
  const plane_view<const T> grad(grads, p, to, g.out_plane);
  const plane_view<const int> where(places, p, to, g.out_plane);
  acc_t<T> sum = 0;
  each_window(g, spot_in(g, to.place), [&](spot window) {
    const int o = place(g.out, window);
    if (where[o] == to.place) sum += wide(grad[o]);
  });
  gx[at] = narrow<T>(sum);
}

// The best of each window is found once: searching again from each element would take taps squared.
template <class T> static tc_status max_pool_backward(tc_args *a) {
  geometry g;
  const int64_t n = tc_numel(a->t[0]), outputs = tc_numel(a->t[1]);
  TC_TRY(pool_of(a, a->t[2], a->t[1], a->list[3], &g));
  if (n == 0) return TC_OK;
  const scratch places((size_t)(outputs > 0 ? outputs : 1) * sizeof(int));
  if (!places.ok()) return places.status();
  TC_TRY(launch_max<T>(a, a->t[2], a->t[1], NULL, NULL, places.as<int>()));
  TC_LAUNCH_FLAT(max_grad_kernel<T>, flat_grid(n), FLAT_BLOCK, tc_ptr<T>(a->t[0]),
                 tc_ptr<const T>(a->t[1]), places.as<const int>(), g, planes_of(a, a->t[2]), n);
  return tc_launched();
}
TC_CUDA_FLOATS(max_pool_backward)
