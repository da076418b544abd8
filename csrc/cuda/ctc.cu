// Connectionist temporal classification (Graves et al., 2006) in the log domain, a block for each
// sample: its threads share the states, and frames follow one another. All of it is in double, as
// on the CPU: it is little work, and a path's probability is a sum of very different numbers.
//
// A sample whose lengths or labels are out of range raises the alarm; its loss is NaN.
#include "../ctc.h"
#include "cuda.h"

enum { CTC_BLOCK = 256 };

template <class T> struct ctc_job {
  ctc_sample batch;
  const T *log_probs;
  const int64_t *targets, *frames, *lengths;
  double *space;  // of each sample: alpha (time, width), two rows of beta, one of shares
  int *links;     // of each sample: `next` and `head` of S labels
  int *alarm;
  const T *g;
  T *out;  // losses, or the gradient

  __device__ int64_t width() const { return 2 * batch.S + 1; }
  __device__ double *alpha(int64_t n) const { return space + n * (batch.time + 3) * width(); }
};

// ---- what is common to loss and gradient -----------------------------------------------------

// The block's sample; are all its numbers in range?
template <class T> __device__ inline bool ctc_begin(const ctc_job<T> &j, ctc_sample *c) {
  *c = j.batch;
  ctc_select(c, blockIdx.x, j.targets, j.frames, j.lengths);
  bool bad = c->frames < 0 || c->frames > c->time || c->L < 0 || c->L > c->S;
  for (int64_t k = threadIdx.x; !bad && k < c->L; k += blockDim.x)
    if (c->label[k] < 1 || c->label[k] > c->C) bad = true;
  const bool any = __syncthreads_or(bad) != 0;
  if (any && threadIdx.x == 0) *j.alarm = 1;
  return !any;
}

template <class T>
__device__ inline const T *ctc_frame(const ctc_job<T> &j, const ctc_sample &c, int64_t t) {
  return j.log_probs + (t * c.N + c.n) * c.C;
}

// A row of alpha from the row before: the ways into each state.
template <class T>
__device__ inline void ctc_step(const ctc_sample &c, double *row, const double *before,
                                const T *lp) {
  for (int64_t s = threadIdx.x; s < 2 * c.L + 1; s += blockDim.x) {
    double sum = before[s];
    if (s >= 1) sum = ctc_log_add(sum, before[s - 1]);
    if (ctc_skips(&c, s)) sum = ctc_log_add(sum, before[s - 2]);
    row[s] = sum + (double)wide(lp[ctc_class(&c, s)]);
  }
}

// Fills alpha; the log of the probability of all paths, for every thread.
template <class T> __device__ inline double ctc_forward(const ctc_job<T> &j, const ctc_sample &c) {
  const int64_t width = j.width(), states = 2 * c.L + 1;
  double *row = j.alpha(c.n);
  if (c.frames == 0) return c.L == 0 ? 0 : -INFINITY;
  for (int64_t s = threadIdx.x; s < states; s += blockDim.x)
    row[s] = s < 2 ? (double)wide(ctc_frame(j, c, 0)[ctc_class(&c, s)]) : -INFINITY;
  for (int64_t t = 1; t < c.frames; t++, row += width) {
    __syncthreads();
    ctc_step(c, row + width, row, ctc_frame(j, c, t));
  }
  __syncthreads();
  return states < 2 ? row[0] : ctc_log_add(row[states - 1], row[states - 2]);
}

template <class T>
__global__ void __launch_bounds__(CTC_BLOCK, 1) ctc_losses(const __grid_constant__ ctc_job<T> j) {
  ctc_sample c;
  const double loss = ctc_begin(j, &c) ? -ctc_forward(j, c) : (double)NAN;
  if (threadIdx.x == 0) j.out[blockIdx.x] = narrow<T>((acc_t<T>)loss);
}

// ---- the gradient ----------------------------------------------------------------------------

// Labels of one class are chained from the first of them, so that one thread adds them up in order.
// The blank's states are summed by the block, with those of labels that are the blank.
template <class T> __device__ inline void ctc_chain(const ctc_job<T> &j, const ctc_sample &c) {
  int *next = j.links + c.n * 2 * c.S, *head = next + c.S;
  for (int k = (int)threadIdx.x; k < (int)c.L; k += (int)blockDim.x) {
    int after = k + 1, before = k - 1;
    while (after < (int)c.L && c.label[after] != c.label[k]) after++;
    while (before >= 0 && c.label[before] != c.label[k]) before--;
    next[k] = after < (int)c.L ? after : -1;
    head[k] = before < 0 && c.label[k] != c.blank;
  }
}

// The ways out of state s at a frame, `lp` and `beta` being those of the next one.
template <class T>
__device__ inline double ctc_out(const ctc_sample &c, const double *beta, const T *lp, int64_t s) {
  double sum = beta[s] + (double)wide(lp[ctc_class(&c, s)]);
  for (int64_t next = s + 1; next <= s + 2 && next < 2 * c.L + 1; next++)
    if (next == s + 1 || ctc_skips(&c, next))
      sum = ctc_log_add(sum, beta[next] + (double)wide(lp[ctc_class(&c, next)]));
  return sum;
}

// Shares of states become the gradient of a frame's classes.
template <class T>
__device__ inline void ctc_spread(const ctc_job<T> &j, const ctc_sample &c, const double *share,
                                  T *out) {
  const int *next = j.links + c.n * 2 * c.S, *head = next + c.S;
  double blank = 0;
  for (int64_t s = threadIdx.x; s < 2 * c.L + 1; s += blockDim.x)
    if (ctc_class(&c, s) == c.blank - 1) blank += share[s];
  blank = block_sum(blank);
  if (threadIdx.x == 0) out[c.blank - 1] = narrow<T>((acc_t<T>)-blank);
  for (int64_t k = threadIdx.x; k < c.L; k += blockDim.x) {
    if (!head[k]) continue;
    double sum = 0;
    for (int m = (int)k; m >= 0; m = next[m]) sum += share[2 * m + 1];
    out[c.label[k] - 1] = narrow<T>((acc_t<T>)-sum);
  }
}

// beta excludes a frame's own label, so alpha + beta + loss is the log of the share of paths
// through s.
template <class T>
__device__ inline void ctc_backward(const ctc_job<T> &j, const ctc_sample &c, double loss,
                                    double g) {
  const int64_t width = j.width(), states = 2 * c.L + 1;
  double *alpha = j.alpha(c.n), *beta = alpha + c.time * width, *old = beta + width;
  double *share = old + width;
  for (int64_t t = c.frames - 1; t >= 0; t--) {
    for (int64_t s = threadIdx.x; s < states; s += blockDim.x) {
      const bool last = t == c.frames - 1;
      const double end = s >= states - 2 ? 0 : -INFINITY;
      beta[s] = last ? end : ctc_out(c, old, ctc_frame(j, c, t + 1), s);
      share[s] = g * exp(alpha[t * width + s] + beta[s] + loss);
    }
    __syncthreads();
    ctc_spread(j, c, share, j.out + (t * c.N + c.n) * c.C);
    __syncthreads();
    double *swap = beta;
    beta = old;
    old = swap;
  }
}

template <class T>
__global__ void __launch_bounds__(CTC_BLOCK, 1)
    ctc_gradients(const __grid_constant__ ctc_job<T> j) {
  ctc_sample c;
  const double g = wide(j.g[blockIdx.x]);
  const bool fine = ctc_begin(j, &c);
  for (int64_t k = threadIdx.x; k < c.time * c.C; k += blockDim.x)
    j.out[(k / c.C * c.N + c.n) * c.C + k % c.C] = narrow<T>((acc_t<T>)0);
  if (!fine || g == 0) return;  // also where an infinite loss was set to zero
  ctc_chain(j, c);
  ctc_backward(j, c, -ctc_forward(j, c), g);
}

// ---- kernels ---------------------------------------------------------------------------------

// (log_probs, targets, input_lengths, target_lengths) from slot `first` on.
template <class T> static ctc_job<T> ctc_job_of(const tc_args *a, int first) {
  ctc_job<T> j = {};
  j.batch = ctc_batch(a, a->t[first], a->t[first + 1]);
  j.log_probs = tc_ptr<T>(a->t[first]);
  j.targets = tc_ptr<int64_t>(a->t[first + 1]);
  j.frames = tc_ptr<int64_t>(a->t[first + 2]);
  j.lengths = tc_ptr<int64_t>(a->t[first + 3]);
  j.out = tc_ptr<T>(a->t[0]);
  j.alarm = tc_alarm();
  return j;
}

template <class T> static tc_status run(ctc_job<T> j, void (*kernel)(ctc_job<T>)) {
  const ctc_sample &c = j.batch;
  const size_t doubles = (size_t)(c.N * (c.time + 3) * (2 * c.S + 1));
  int threads = 32;
  while (threads < CTC_BLOCK && threads < 2 * c.S + 1) threads *= 2;
  if (c.N == 0) return TC_OK;
  scratch space(doubles * sizeof(double) + (size_t)(c.N * 2 * c.S) * sizeof(int));
  if (!space.ok()) return space.status();
  j.space = space.as<double>();
  j.links = (int *)(j.space + doubles);
  TC_LAUNCH(kernel, (unsigned)c.N, threads, 0, j);
  return tc_launched();
}

// ctc_loss(loss, log_probs, targets, input_lengths, target_lengths, blank)
template <class T> static tc_status ctc_loss(tc_args *a) {
  return run<T>(ctc_job_of<T>(a, 1), ctc_losses<T>);
}

// ctc_loss_backward(gx, g, log_probs, targets, input_lengths, target_lengths, blank)
template <class T> static tc_status ctc_loss_backward(tc_args *a) {
  ctc_job<T> j = ctc_job_of<T>(a, 2);
  j.g = tc_ptr<T>(a->t[1]);
  return run<T>(j, ctc_gradients<T>);
}
TC_CUDA_FLOATS(ctc_loss)
TC_CUDA_FLOATS(ctc_loss_backward)
