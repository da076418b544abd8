// Average pooling in one to three dimensions, and its gradient (the adjoint).
#include "pool.h"

struct average {
  geometry g;
  planes p;
  bool include_pad;
  int64_t divisor;  // 0: what is counted
};

static tc_status average_of(const tc_args *a, const tc_tensor *x, const tc_tensor *y, average *m) {
  m->include_pad = a->i[0] != 0;
  m->divisor = a->i[1];
  m->p = planes_of(a, x);
  return pool_of(a, x, y, NULL, &m->g);
}

// How many elements the window from `start` counts along dimension d.
static __device__ inline int64_t counted(const average &m, int d, int start) {
  const geometry &g = m.g;
  if (m.include_pad) return min(g.kernel[d], g.in[d] + g.pad[d] - start);
  return max(0, min(start + g.kernel[d], g.in[d]) - max(start, 0));
}

// What the sum of output o's window is divided by.
static __device__ inline int64_t divisor_of(const average &m, spot o) {
  if (m.divisor) return m.divisor;
  const spot start = start_of(m.g, o);
  return counted(m, 0, start.z) * counted(m, 1, start.y) * counted(m, 2, start.x);
}

template <class T>
static __global__ void average_kernel(T *y, const T *x, const average m, int64_t n) {
  const geometry &g = m.g;
  const int64_t at = flat_index();
  if (at >= n) return;
  const in_plane to = plane_at(m.p, g.plane_out, at);
  const plane_view<const T> plane(x, m.p, to, g.in_plane);
  const spot o = spot_out(g, to.place), start = start_of(g, o);
  const int z1 = min(start.z + g.kernel[0], g.in[0]), y1 = min(start.y + g.kernel[1], g.in[1]),
            x1 = min(start.x + g.kernel[2], g.in[2]);
  acc_t<T> sum = 0;
  for (int z = max(start.z, 0); z < z1; z++)
    for (int r = max(start.y, 0); r < y1; r++)
      for (int c = max(start.x, 0); c < x1; c++) sum += wide(plane[place(g.in, {z, r, c})]);
  y[at] = narrow<T>(sum / (acc_t<T>)divisor_of(m, o));
}

template <class T> static tc_status avg_pool(tc_args *a) {
  average m;
  const int64_t n = tc_numel(a->t[0]);
  TC_TRY(average_of(a, a->t[1], a->t[0], &m));
  if (n == 0) return TC_OK;
  TC_LAUNCH_FLAT(average_kernel<T>, flat_grid(n), FLAT_BLOCK, tc_ptr<T>(a->t[0]),
                 tc_ptr<const T>(a->t[1]), m, n);
  return tc_launched();
}
TC_CUDA_FLOATS(avg_pool)

template <class T>
static __global__ void average_grad_kernel(T *gx, const T *grads, const average m, int64_t n) {
  const geometry &g = m.g;
  const int64_t at = flat_index();
  if (at >= n) return;
  const in_plane to = plane_at(m.p, g.plane_in, at);
  const plane_view<const T> plane(grads, m.p, to, g.out_plane);
  acc_t<T> sum = 0;
  each_window(g, spot_in(g, to.place),
              [&](spot o) { sum += wide(plane[place(g.out, o)]) / (acc_t<T>)divisor_of(m, o); });
  gx[at] = narrow<T>(sum);
}

template <class T> static tc_status avg_pool_backward(tc_args *a) {
  average m;
  const int64_t n = tc_numel(a->t[0]);
  TC_TRY(average_of(a, a->t[0], a->t[1], &m));
  if (n == 0) return TC_OK;
  TC_LAUNCH_FLAT(average_grad_kernel<T>, flat_grid(n), FLAT_BLOCK, tc_ptr<T>(a->t[0]),
                 tc_ptr<const T>(a->t[1]), m, n);
  return tc_launched();
}
TC_CUDA_FLOATS(avg_pool_backward)
