-- The functions of an emitted C file, by the names that calls.lua gives: C99, of loops that
-- compilers turn into vectors, without a dependency but math.h. `WEIGHT` is float or signed char;
-- `scale` is then the scale of each output, or 0.

local kernels <const> = {}

--- What functions need: name -> list of the names of others.
kernels.needs = { conv = { "conv_tap" }, lstm = { "gates_of", "sigmoid" },
  gru = { "gates_of", "sigmoid" }, rnn = { "gates_of" }, attention = { "score" } }

kernels.text = {}
local text <const> = kernels.text

text.conv_tap = [[
/* y += w * (x under one tap of the window), row by row; x is a plane of h by wd elements */
static void conv_tap(float *y, const float *x, float w, int h, int wd, int oh, int ow, int top,
                     int left, int sh, int sw) {
  const int first = left < 0 ? (-left + sw - 1) / sw : 0;
  const int room = wd - left > 0 ? (wd - left + sw - 1) / sw : 0, end = room < ow ? room : ow;
  for (int r = 0; r < oh; r++, y += ow) {
    const int at = top + r * sh;
    if (at < 0 || at >= h) continue;
    const float *row = x + (long)at * wd + left;
    if (sw == 1)
      for (int c = first; c < end; c++) y[c] += w * row[c];
    else
      for (int c = first; c < end; c++) y[c] += w * row[c * sw];
  }
}
]]

text.conv = [[
/* min(max(convolution + bias + residual, low), high); w is (outputs, channels / groups, kh, kw) */
static void conv(float *y, const float *x, const WEIGHT *w, const float *scale, const float *bias,
                 const float *residual, int images, int channels, int h, int wd, int outputs,
                 int oh, int ow, int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw,
                 int groups, float low, float high) {
  const int inputs = channels / groups, share = outputs / groups;
  const long plane = (long)oh * ow;
  for (long j = 0; j < (long)images * outputs; j++, y += plane) {
    const int o = (int)(j % outputs);
    const float *from = x + (j / outputs * channels + (long)(o / share) * inputs) * h * wd;
    const WEIGHT *tap = w + (long)o * inputs * kh * kw;
    const float s = scale ? scale[o] : 1.0f, b = bias ? bias[o] : 0.0f;
    for (long k = 0; k < plane; k++) y[k] = 0.0f;
    for (int c = 0; c < inputs; c++, from += (long)h * wd)
      for (int v = 0; v < kh; v++)
        for (int u = 0; u < kw; u++)
          conv_tap(y, from, (float)*tap++, h, wd, oh, ow, v * dh - ph, u * dw - pw, sh, sw);
    for (long k = 0; k < plane; k++) {
      const float sum = y[k] * s + b + (residual ? residual[j * plane + k] : 0.0f);
      const float up = sum < low ? low : sum;
      y[k] = up > high ? high : up;
    }
  }
}
]]

text.conv_transpose = [[
/* w is (channels, outputs / groups, kh, kw); y is what a convolution would have as its input */
static void conv_transpose(float *y, const float *x, const float *w, const float *bias, int images,
                           int channels, int h, int wd, int outputs, int oh, int ow, int kh, int kw,
                           int sh, int sw, int ph, int pw, int dh, int dw, int groups) {
  const int share = channels / groups, each = outputs / groups;
  const long plane = (long)oh * ow;
  for (long k = 0; k < images * outputs * plane; k++)
    y[k] = bias ? bias[k / plane % outputs] : 0.0f;
  for (long j = 0; j < (long)images * channels; j++, x += (long)h * wd) {
    const int c = (int)(j % channels);
    const float *tap = w + (long)c * each * kh * kw;
    float *to = y + (j / channels * outputs + (long)(c / share) * each) * plane;
    for (int o = 0; o < each; o++, to += plane)
      for (int v = 0; v < kh; v++)
        for (int u = 0; u < kw; u++, tap++)
          for (int r = 0; r < h; r++) {
            const int i = r * sh - ph + v * dh;
            if (i < 0 || i >= oh) continue;
            for (int k = 0; k < wd; k++) {
              const int at = k * sw - pw + u * dw;
              if (at >= 0 && at < ow) to[(long)i * ow + at] += *tap * x[(long)r * wd + k];
            }
          }
  }
}
]]

text.linear = [[
/* y = x w' + bias; element (o, i) of w is w[o * down + i * across] */
static void linear(float *y, const float *x, const WEIGHT *w, const float *scale,
                   const float *bias, int rows, int in, int out, int down, int across) {
  for (int r = 0; r < rows; r++, x += in, y += out)
    for (int o = 0; o < out; o++) {
      const WEIGHT *row = w + (long)o * down;
      float sum = 0.0f;
      for (int i = 0; i < in; i++) sum += (float)row[(long)i * across] * x[i];
      y[o] = sum * (scale ? scale[o] : 1.0f) + (bias ? bias[o] : 0.0f);
    }
}
]]

text.matmul = [[
/* y (batches, m, n) = alpha a b; strides of batches, rows and columns */
static void matmul(float *y, const float *a, const float *b, int batches, int m, int n, int k,
                   int ab, int ar, int ac, int bb, int br, int bc, float alpha) {
  for (int q = 0; q < batches; q++, a += ab, b += bb)
    for (int i = 0; i < m; i++)
      for (int j = 0; j < n; j++) {
        float sum = 0.0f;
        for (int p = 0; p < k; p++)
          sum += a[(long)i * ar + (long)p * ac] * b[(long)p * br + (long)j * bc];
        *y++ = alpha * sum;
      }
}
]]

text.max_pool = [[
static void max_pool(float *y, const float *x, int planes, int h, int wd, int oh, int ow, int kh,
                     int kw, int sh, int sw, int ph, int pw, int dh, int dw) {
  for (int p = 0; p < planes; p++, x += (long)h * wd)
    for (int r = 0; r < oh; r++)
      for (int c = 0; c < ow; c++) {
        float most = -INFINITY;
        for (int v = 0; v < kh; v++)
          for (int u = 0; u < kw; u++) {
            const int i = r * sh - ph + v * dh, j = c * sw - pw + u * dw;
            if (i < 0 || i >= h || j < 0 || j >= wd) continue;
            const float value = x[(long)i * wd + j];
            if (value > most || value != value) most = value;
          }
        *y++ = most;
      }
}
]]

text.avg_pool = [[
/* eh, ew: pads behind; counted are the elements under the window, with pads or without, or `by` */
static void avg_pool(float *y, const float *x, int planes, int h, int wd, int oh, int ow, int kh,
                     int kw, int sh, int sw, int ph, int pw, int eh, int ew, int pads, int by) {
  for (int p = 0; p < planes; p++, x += (long)h * wd)
    for (int r = 0; r < oh; r++)
      for (int c = 0; c < ow; c++) {
        float sum = 0.0f;
        int count = 0;
        for (int v = 0; v < kh; v++)
          for (int u = 0; u < kw; u++) {
            const int i = r * sh - ph + v, j = c * sw - pw + u;
            if (pads && i < h + eh && j < wd + ew) count++;
            if (i < 0 || i >= h || j < 0 || j >= wd) continue;
            if (!pads) count++;
            sum += x[(long)i * wd + j];
          }
        *y++ = sum / (float)(by ? by : count);
      }
}
]]

text.batch_norm = [[
static void batch_norm(float *y, const float *x, const float *w, const float *b, const float *mean,
                       const float *var, int images, int channels, int plane, float eps) {
  for (long k = 0; k < (long)images * channels; k++, x += plane, y += plane) {
    const int c = (int)(k % channels);
    const float s = (w ? w[c] : 1.0f) / sqrtf(var[c] + eps), t = (b ? b[c] : 0.0f) - mean[c] * s;
    for (int i = 0; i < plane; i++) y[i] = x[i] * s + t;
  }
}
]]

text.layer_norm = [[
/* centred: less the mean, which is not so in an RMS norm */
static void layer_norm(float *y, const float *x, const float *w, const float *b, int rows, int n,
                       int centred, float eps) {
  for (int r = 0; r < rows; r++, x += n, y += n) {
    double mean = 0, square = 0;
    for (int i = 0; centred && i < n; i++) mean += x[i];
    mean /= n;
    for (int i = 0; i < n; i++) square += (x[i] - mean) * (x[i] - mean);
    const float s = (float)(1 / sqrt(square / n + eps)), m = (float)mean;
    for (int i = 0; i < n; i++) y[i] = (x[i] - m) * s * (w ? w[i] : 1.0f) + (b ? b[i] : 0.0f);
  }
}
]]

text.group_norm = [[
static void group_norm(float *y, const float *x, const float *w, const float *b, int images,
                       int channels, int plane, int groups, float eps) {
  const long n = (long)channels / groups * plane;
  for (long k = 0; k < (long)images * groups; k++, x += n, y += n) {
    double mean = 0, square = 0;
    for (long i = 0; i < n; i++) mean += x[i];
    mean /= (double)n;
    for (long i = 0; i < n; i++) square += (x[i] - mean) * (x[i] - mean);
    const float s = (float)(1 / sqrt(square / (double)n + eps)), m = (float)mean;
    for (long i = 0; i < n; i++) {
      const long c = k % groups * (channels / groups) + i / plane;
      y[i] = (x[i] - m) * s * (w ? w[c] : 1.0f) + (b ? b[c] : 0.0f);
    }
  }
}
]]

text.softmax = [[
/* along the middle of (outer, n, inner); of the logarithm where `log` */
static void softmax(float *y, const float *x, int outer, int n, int inner, int log) {
  for (int o = 0; o < outer; o++)
    for (int j = 0; j < inner; j++) {
      const long at = (long)o * n * inner + j;
      float most = -INFINITY, sum = 0.0f;
      for (int i = 0; i < n; i++) most = fmaxf(most, x[at + (long)i * inner]);
      for (int i = 0; i < n; i++) sum += expf(x[at + (long)i * inner] - most);
      for (int i = 0; i < n; i++) {
        const float v = x[at + (long)i * inner] - most;
        y[at + (long)i * inner] = log ? v - logf(sum) : expf(v) / sum;
      }
    }
}
]]

text.sum = [[
static void sum(float *y, const float *x, int outer, int n, int inner, int mean) {
  for (int o = 0; o < outer; o++)
    for (int j = 0; j < inner; j++) {
      double total = 0;
      for (int i = 0; i < n; i++) total += x[((long)o * n + i) * inner + j];
      *y++ = (float)(mean ? total / n : total);
    }
}
]]

text.extreme = [[
static void extreme(float *y, const float *x, int outer, int n, int inner, int largest) {
  for (int o = 0; o < outer; o++)
    for (int j = 0; j < inner; j++) {
      float best = x[(long)o * n * inner + j];
      for (int i = 1; i < n; i++) {
        const float v = x[((long)o * n + i) * inner + j];
        if (v != v || (largest ? v > best : v < best)) best = v;
      }
      *y++ = best;
    }
}
]]

text.index_select = [[
static void index_select(float *y, const float *x, const int *ids, int outer, int n, int count,
                         int inner) {
  for (int o = 0; o < outer; o++, x += (long)n * inner)
    for (int k = 0; k < count; k++)
      for (int j = 0; j < inner; j++) *y++ = x[(long)ids[k] * inner + j];
}
]]

text.resample = [[
static void resample(float *y, const float *x, const int *ids, const float *w, int outer, int n,
                     int count, int taps, int inner) {
  for (int o = 0; o < outer; o++, x += (long)n * inner)
    for (int k = 0; k < count; k++)
      for (int j = 0; j < inner; j++) {
        float sum = 0.0f;
        for (int t = k * taps; t < (k + 1) * taps; t++) sum += w[t] * x[(long)ids[t] * inner + j];
        *y++ = sum;
      }
}
]]

text.score = [[
static float score(const float *q, const float *k, int width) {
  float sum = 0.0f;
  for (int i = 0; i < width; i++) sum += q[i] * k[i];
  return sum;
}
]]

text.attention = [[
/* softmax(scale q k' + mask) v; kh, vh: from head to head; mh, mr, mc: strides of the mask. Scores
   are computed twice, for the largest and for the sum: they are not kept. */
static void attention(float *y, const float *q, const float *k, const float *v, const float *mask,
                      int heads, int groups, int rows, int keys, int width, int out, int kh, int vh,
                      int mh, int mr, int mc, int causal, float scale) {
  for (int h = 0; h < heads; h++)
    for (int r = 0; r < rows; r++, q += width, y += out) {
      const float *key = k + (long)(h / groups) * kh, *value = v + (long)(h / groups) * vh;
      const float *added = mask ? mask + (long)h * mh + (long)r * mr : 0;
      const int seen = causal && r + 1 < keys ? r + 1 : keys;
      float most = -INFINITY, sum = 0.0f;
      for (int j = 0; j < seen; j++)
        most = fmaxf(most, scale * score(q, key + (long)j * width, width) +
                               (added ? added[(long)j * mc] : 0.0f));
      for (int i = 0; i < out; i++) y[i] = 0.0f;
      for (int j = 0; j < seen && most > -INFINITY; j++) {
        const float s = scale * score(q, key + (long)j * width, width) +
                        (added ? added[(long)j * mc] : 0.0f);
        const float e = expf(s - most);
        sum += e;
        for (int i = 0; i < out; i++) y[i] += e * value[(long)j * out + i];
      }
      for (int i = 0; i < out && sum > 0.0f; i++) y[i] /= sum;
    }
}
]]

text.join = [[
static void join(float *y, const float *x, int outer, int row, int at, int width) {
  for (int o = 0; o < outer; o++)
    for (int k = 0; k < width; k++) y[(long)o * row + at + k] = *x++;
}
]]

text.sigmoid = [[
static float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }
]]

text.gates_of = [[
/* row j of w (rows, n) times h */
static float gates_of(const WEIGHT *w, const float *scale, const float *h, int j, int n) {
  float sum = 0.0f;
  for (int p = 0; p < n; p++) sum += (float)w[(long)j * n + p] * h[p];
  return scale ? sum * scale[j] : sum;
}
]]

text.lstm = [[
/* gates (steps, batch, 4 n) hold the products with the inputs: input, forget, cell, output */
static void lstm(float *y, float *h, float *c, float *gates, const WEIGHT *w, const float *scale,
                 int steps, int batch, int n, int reverse) {
  for (int s = 0; s < steps; s++)
    for (int b = 0; b < batch; b++) {
      const long row = (long)(reverse ? steps - 1 - s : s) * batch + b;
      float *g = gates + row * 4 * n, *state = h + (long)b * n, *cell = c + (long)b * n;
      for (int j = 0; j < 4 * n; j++) g[j] += gates_of(w, scale, state, j, n);
      for (int j = 0; j < n; j++) {
        cell[j] = sigmoid(g[n + j]) * cell[j] + sigmoid(g[j]) * tanhf(g[2 * n + j]);
        state[j] = y[row * n + j] = sigmoid(g[3 * n + j]) * tanhf(cell[j]);
      }
    }
}
]]

text.gru = [[
/* gates (steps, batch, 3 n) hold the products with the inputs: reset, update, new */
static void gru(float *y, float *h, float *gates, const WEIGHT *w, const float *scale,
                const float *bias, int steps, int batch, int n, int reverse) {
  for (int s = 0; s < steps; s++)
    for (int b = 0; b < batch; b++) {
      const long row = (long)(reverse ? steps - 1 - s : s) * batch + b;
      float *g = gates + row * 3 * n, *state = h + (long)b * n;
      for (int j = 0; j < n; j++) {
        const float r = gates_of(w, scale, state, j, n) + (bias ? bias[j] : 0.0f);
        const float z = gates_of(w, scale, state, n + j, n) + (bias ? bias[n + j] : 0.0f);
        const float q = gates_of(w, scale, state, 2 * n + j, n) + (bias ? bias[2 * n + j] : 0.0f);
        const float fresh = tanhf(g[2 * n + j] + sigmoid(g[j] + r) * q);
        y[row * n + j] = fresh + sigmoid(g[n + j] + z) * (state[j] - fresh);
      }
      for (int j = 0; j < n; j++) state[j] = y[row * n + j];
    }
}
]]

text.rnn = [[
/* y (steps, batch, n) holds the products with the inputs and becomes the states */
static void rnn(float *y, float *h, const WEIGHT *w, const float *scale, int steps, int batch,
                int n, int reverse, int relu) {
  for (int s = 0; s < steps; s++)
    for (int b = 0; b < batch; b++) {
      float *to = y + ((long)(reverse ? steps - 1 - s : s) * batch + b) * n;
      float *state = h + (long)b * n;
      for (int j = 0; j < n; j++) {
        const float v = to[j] + gates_of(w, scale, state, j, n);
        to[j] = relu ? (v < 0.0f ? 0.0f : v) : tanhf(v);
      }
      for (int j = 0; j < n; j++) state[j] = to[j];
    }
}
]]

return kernels
