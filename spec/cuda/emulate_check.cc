// The emulation of CUDA's execution, by kernels whose results are known, right ones and wrong ones.
//
//   g++ -DTC_EMULATE -Icsrc -isystem $CUDA/include spec/cuda/emulate_check.cc csrc/cuda/emulate.cc
//
// Status 0 means that correct kernels gave what a card gives, and that each mistake was noticed.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <vector>

#include "cuda/launch.h"

static int failures;

#define CHECK(holds) check((holds), #holds, __LINE__)
static void check(bool holds, const char *text, int line) {
  if (holds) return;
  printf("line %d: %s (%s)\n", line, text, tc_emulate_error_text());
  failures++;
}

// ---- a stream that can capture -----------------------------------------------------------------

struct captured {
  void (*run)(void *);
  void *context;
  void (*drop)(void *);
};
static bool capturing;
static std::vector<captured> graph;

extern "C" void tc_emulate_submit(void *, void (*run)(void *), void *context,
                                  void (*drop)(void *)) {
  if (capturing) return graph.push_back({run, context, drop});
  run(context);
  drop(context);
}

// ---- barriers ----------------------------------------------------------------------------------

enum { N = 96 };

// Each block turns its part round through shared memory.
template <bool BARRIER> __global__ void reverse(float *y, const float *x) {
  TC_SHARED(float, part, [N]);
  const unsigned i = threadIdx.x, at = blockIdx.x * N;
  part[i] = x[at + i];
  if (BARRIER) __syncthreads();
  y[at + i] = part[N - 1 - i];
}

static bool reverses(void (*kernel)(float *, const float *)) {
  enum { BLOCKS = 5 };
  std::vector<float> x(BLOCKS * N), y(BLOCKS * N, -1);
  for (size_t i = 0; i < x.size(); i++) x[i] = (float)i;
  TC_LAUNCH(kernel, BLOCKS, N, 0, y.data(), x.data());
  for (size_t i = 0; i < x.size(); i++)
    if (y[i] != x[i / N * N + N - 1 - i % N]) return false;
  return true;
}

// The last barrier keeps a slow thread's read apart from the next round's write.
template <bool LAST> __global__ void rounds(int *y) {
  TC_SHARED(int, round);
  int wrong = 0;
  for (int k = 0; k < 8; k++) {
    if (threadIdx.x == 0) round = k;
    __syncthreads();
    wrong += round != k;
    if (LAST) __syncthreads();
  }
  y[threadIdx.x] = wrong;
}

static bool keeps_rounds(void (*kernel)(int *)) {
  int y[64], wrong = 0;
  TC_LAUNCH(kernel, 1, 64, 0, y);
  for (int i = 0; i < 64; i++) wrong += y[i];
  return wrong == 0;
}

__global__ void votes(int *y) {
  const int i = (int)threadIdx.x;
  const int n = __syncthreads_count(i % 3 == 0), all = __syncthreads_and(i < 69);
  const int any = __syncthreads_or(i == 69), none = __syncthreads_or(i == 70);
  y[i] = n * 1000 + all * 100 + any * 10 + none;
}

static void check_barriers() {
  for (int k = 0; k < 8; k++) CHECK(reverses(reverse<true>) && keeps_rounds(rounds<true>));
  CHECK(!reverses(reverse<false>));
  bool kept = true;
  for (int k = 0; k < 8; k++) kept = kept && keeps_rounds(rounds<false>);
  CHECK(!kept);
  int y[70];
  TC_LAUNCH(votes, 1, 70, 0, y);
  for (int i = 0; i < 70; i++) CHECK(y[i] == 24010);
}

// ---- warps -------------------------------------------------------------------------------------

template <class T> __global__ void shuffles(T *y, int width) {
  const unsigned lane = threadIdx.x;
  const T x = (T)(float)lane;
  y[lane] = __shfl_sync(~0U, x, 3, width);
  y[lane + 32] = __shfl_up_sync(~0U, x, 2, width);
  y[lane + 64] = __shfl_down_sync(~0U, x, 5, width);
  y[lane + 96] = __shfl_xor_sync(~0U, x, 6, width);
}

template <class T> static void check_shuffles(int width) {
  T y[128];
  TC_LAUNCH(shuffles<T>, 1, 32, 0, y, width);
  for (int lane = 0; lane < 32; lane++) {
    const int begin = lane / width * width, end = begin + width, x = lane ^ 6;
    CHECK((int)(float)y[lane] == begin + 3 % width);
    CHECK((int)(float)y[lane + 32] == (lane - 2 < begin ? lane : lane - 2));
    CHECK((int)(float)y[lane + 64] == (lane + 5 >= end ? lane : lane + 5));
    CHECK((int)(float)y[lane + 96] == (x >= end ? lane : x));
  }
}

// Halves of a warp go their own ways, and meet again.
__global__ void halves(unsigned *y) {
  const unsigned lane = threadIdx.x % 32, half = lane / 16, mask = 0xFFFFU << half * 16;
  unsigned sum = lane;
  if (half)
    for (int o = 8; o > 0; o /= 2) sum += __shfl_xor_sync(mask, sum, o);
  else sum = __ballot_sync(mask, lane % 2);
  __syncwarp();
  y[threadIdx.x] = sum + __shfl_sync(~0U, sum, 16);
}

// A partial warp, and lanes that have returned: the others do not wait for them.
__global__ void survivors(unsigned *y) {
  const unsigned i = threadIdx.x;
  if (i % 4 == 3) return;
  y[i] = __ballot_sync(~0U, 1) + (__any_sync(~0U, i == 8) ? 1U : 0U) +
         (__all_sync(~0U, i < 8) ? 2U : 0U);
}

template <bool SYNC> __global__ void neighbours(int *y) {
  TC_SHARED(int, all, [32]);
  all[threadIdx.x] = (int)threadIdx.x;
  if (SYNC) __syncwarp();
  y[threadIdx.x] = all[threadIdx.x ^ 1];
}

static bool knows_neighbours(void (*kernel)(int *)) {
  int y[32], right = 0;
  TC_LAUNCH(kernel, 1, 32, 0, y);
  for (int i = 0; i < 32; i++) right += y[i] == (i ^ 1);
  return right == 32;
}

static void check_warps() {
  for (int width = 32; width >= 4; width /= 2) {
    check_shuffles<float>(width), check_shuffles<double>(width), check_shuffles<int64_t>(width);
    check_shuffles<__half>(width), check_shuffles<__nv_bfloat16>(width);
  }
  unsigned y[64];
  TC_LAUNCH(halves, 1, 64, 0, y);
  for (int i = 0; i < 64; i++) CHECK(y[i] == (i % 32 < 16 ? 0xAAAA + 376U : 2 * 376U));
  TC_LAUNCH(survivors, 1, 10, 0, y);
  for (int i = 0; i < 10; i++) CHECK(i % 4 == 3 || y[i] == 0x377 + 1U);
  CHECK(knows_neighbours(neighbours<true>) && !knows_neighbours(neighbours<false>));
}

// ---- shared memory -----------------------------------------------------------------------------

__global__ void unset(float *y) {
  TC_SHARED(float, never, [4]);
  TC_DYNAMIC(float, dynamic);
  y[2 * blockIdx.x] = never[threadIdx.x];
  y[2 * blockIdx.x + 1] = dynamic[threadIdx.x];
}

static __device__ int &counter() {
  TC_SHARED(int, one);
  return one;
}

// A function's variable is one, however often it is called.
__global__ void counted(int *y) {
  if (threadIdx.x == 0) counter() = 0;
  __syncthreads();
  atomicAdd(&counter(), 2);
  __syncthreads();
  y[threadIdx.x] = counter();
}

__global__ void outside(int at) {
  TC_SHARED(int, part, [4]);
  volatile int *p = part;
  p[at] = 1;
}

static void check_shared() {
  float y[6];
  TC_LAUNCH(unset, 3, 1, 16, y);
  for (int i = 0; i < 6; i++) CHECK(isnan(y[i]) || fabsf(y[i]) > 1e30f);
  int n[40];
  TC_LAUNCH(counted, 1, 40, 0, n);
  CHECK(n[0] == 80 && n[39] == 80);
  TC_LAUNCH(outside, 1, 1, 0, 3);
  CHECK(tc_emulate_last_error() == 0);
  for (int at = -1; at <= 4; at += 5) {
    TC_LAUNCH(outside, 1, 1, 0, at);
    CHECK(tc_emulate_last_error() != 0);
  }
}

// ---- mistakes ----------------------------------------------------------------------------------

__global__ void divergent(int until) {
  if ((int)threadIdx.x < until) __syncthreads();
}

__global__ void returns_early(int until) {
  if ((int)threadIdx.x >= until) return;
  __syncthreads();
}

__global__ void mixed_barriers() {
  if (threadIdx.x == 0) __syncthreads();
  else __syncthreads_or(0);
}

__global__ void lost_lane() {
  if (threadIdx.x < 4) __shfl_xor_sync(~0U, 1, 1);
  else __syncthreads();
}

__global__ void has_barrier() { __syncthreads(); }

static void check_error(bool expected, int line) {
  check((tc_emulate_peek_error() != 0) == expected, "a launch's error", line);
  tc_emulate_last_error();
}
#define WRONG(...) __VA_ARGS__, check_error(true, __LINE__)
#define RIGHT(...) __VA_ARGS__, check_error(false, __LINE__)

static void check_mistakes() {
  WRONG(TC_LAUNCH(divergent, 2, 64, 0, 32));
  WRONG(TC_LAUNCH(divergent, 2, 64, 0, 63));
  RIGHT(TC_LAUNCH(divergent, 2, 64, 0, 64));
  WRONG(TC_LAUNCH(returns_early, 1, 64, 0, 40));
  WRONG(TC_LAUNCH(mixed_barriers, 1, 2, 0));
  WRONG(TC_LAUNCH(lost_lane, 1, 8, 0));
  WRONG(TC_LAUNCH_FLAT(has_barrier, 1, 8));
  WRONG(TC_LAUNCH(has_barrier, 0, 8, 0));
  WRONG(TC_LAUNCH(has_barrier, 1, 1025, 0));
  WRONG(TC_LAUNCH(has_barrier, dim3(1, 65536), 8, 0));
  WRONG(TC_LAUNCH(has_barrier, 1, 8, 228 * 1024));
  RIGHT(TC_LAUNCH(has_barrier, 1, 1024, 227 * 1024));
  TC_LAUNCH(divergent, 1, 64, 0, 1);
  CHECK(strstr(tc_emulate_error_text(), "divergent, 1, 64, 0, 1") != NULL);
  CHECK(strstr(tc_emulate_error_text(), "1 of 64 threads wait at a barrier") != NULL);
  tc_emulate_last_error();
}

// ---- indices, arguments ------------------------------------------------------------------------

__global__ void indices(int *y) {
  const unsigned t = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
  const unsigned b = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
  atomicAdd(&y[b * blockDim.x * blockDim.y * blockDim.z + t], 1);
}

struct pair {
  int *y;
  int add;
};
__global__ void adds(pair p) { *p.y += p.add; }

static void check_launches() {
  const dim3 grid(3, 2, 4), block(5, 7, 2);
  std::vector<int> y(24 * 70);
  TC_LAUNCH(indices, grid, block, 0, y.data());
  TC_LAUNCH_FLAT(indices, grid, block, y.data());
  for (int n : y) CHECK(n == 2);
  int sum = 0;
  pair p = {&sum, 3};
  capturing = true;
  TC_LAUNCH(adds, 1, 1, 0, p);
  capturing = false;
  p.add = 1000;
  CHECK(sum == 0 && graph.size() == 1);
  for (int k = 0; k < 4; k++) graph[0].run(graph[0].context);
  graph[0].drop(graph[0].context);
  CHECK(sum == 12);
}

// ---- words -------------------------------------------------------------------------------------

static void check_words() {
  CHECK(__popc(0xF0F0U) == 8 && __ffs(8) == 4 && __clz(1) == 31 && __clz(0) == 32);
  CHECK(__brev(1) == 0x80000000U && __umulhi(~0U, 2) == 1 && __funnelshift_l(~0U, 0, 4) == 15);
  CHECK(min(1, 2.5f) == 1 && max(3U, 2U) == 3 && max(NAN, 1.0f) == 1);
  CHECK(__float_as_int(1.0f) == 0x3F800000 && fabsf(rsqrtf(4) - 0.5f) < 1e-6f);
  CHECK(__fdividef(1, 4) == 0.25f && fabsf(__expf(1) - 2.7182817f) < 1e-6f);
  int64_t m = -5;
  CHECK(atomicMax(&m, 7) == -5 && atomicCAS(&m, 7, 9) == 7 && atomicExch(&m, 1) == 9 && m == 1);
  const float4 f = make_float4(1, 2, 3, 4);
  CHECK(__ldg(&f).w == 4);
}

// A fixed order of turns hides some of the mistakes.
int main() {
  unsetenv("TOCHA_EMULATE_ORDER");
  check_barriers();
  check_warps();
  check_shared();
  check_mistakes();
  check_launches();
  check_words();
  if (!failures) printf("the emulation holds\n");
  return failures > 0;
}
