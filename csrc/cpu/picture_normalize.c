// Bytes (N, C, H, W) to float32: (x * scale - mean[c]) / std[c], in one pass.
#include "cpu.h"

static void normalize_plane(float *restrict y, const uint8_t *restrict x, int64_t n, float scale,
                            float mean, float std) {
  TC_PRAGMA(omp simd)
  for (int64_t i = 0; i < n; i++) y[i] = ((float)x[i] * scale - mean) / std;
}

// t: result, picture, mean, std. f: scale.
TC_PLAIN_KERNEL(picture_normalize) {
  const tc_tensor *to = a->t[0], *from = a->t[1], *mean = a->t[2], *std = a->t[3];
  if (to->dtype != TC_float32 || from->dtype != TC_uint8 || !tc_same_shape(to, from) ||
      from->ndim != 4)
    return tc_fail(TC_BAD_SHAPE, "expected bytes (N, C, H, W) and float32 of that shape");
  const int64_t channels = from->size[1], plane = from->size[2] * from->size[3];
  if (mean->dtype != TC_float32 || std->dtype != TC_float32 || tc_numel(mean) != channels ||
      tc_numel(std) != channels)
    return tc_fail(TC_BAD_SHAPE, "expected a mean and a std a channel, in float32");
  float *y = tc_data(to);
  const uint8_t *x = tc_data(from);
  const float *m = tc_data(mean), *s = tc_data(std);
  TC_PARALLEL_FOR(k, from->size[0] * channels, plane)
  normalize_plane(y + k * plane, x + k * plane, plane, (float)a->f[0], m[k % channels],
                  s[k % channels]);
  return TC_OK;
}
