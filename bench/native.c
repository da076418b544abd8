// What the machine does without us, on THREADS threads:
//   native fma 0 THREADS         multiplications and additions a second, from registers
//   native copy BYTES THREADS    bytes read and written a second, with streaming stores
//   native gemm N THREADS        the same as fma of OpenBLAS's product of N x N
// Built by bench/machine.lua with -march=native.
#include <cblas.h>
#include <immintrin.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

void openblas_set_num_threads(int);

enum { SAMPLES = 25, CHAINS = 12, TURNS = 1 << 21 };

#if defined __AVX512F__
enum { WIDTH = 16 };
static void stream(float *to, const float *from) { _mm512_stream_ps(to, _mm512_loadu_ps(from)); }
#elif defined __AVX__
enum { WIDTH = 8 };
static void stream(float *to, const float *from) { _mm256_stream_ps(to, _mm256_loadu_ps(from)); }
#else
enum { WIDTH = 4 };
static void stream(float *to, const float *from) { _mm_stream_ps(to, _mm_loadu_ps(from)); }
#endif
typedef float vec __attribute__((vector_size(4 * WIDTH)));

static float *buffer(size_t n) {
  float *p = aligned_alloc(2 << 20, (n * sizeof *p + (2 << 20) - 1) / (2 << 20) * (2 << 20));
  for (size_t i = 0; i < n; i++) p[i] = (float)(i % 7) - 3;
  return p;
}

// Twelve chains of multiply-adds: more than the processor has under way at once.
static float multiply_add(void) {
  vec sum[CHAINS], factor, all = {0};
  for (int j = 0; j < WIDTH; j++) factor[j] = 0.999f;
  for (int c = 0; c < CHAINS; c++) sum[c] = factor * (float)c;
  for (int k = 0; k < TURNS; k++)
    for (int c = 0; c < CHAINS; c++) sum[c] = sum[c] * factor + factor;
  for (int c = 0; c < CHAINS; c++) all += sum[c];
  return all[0];
}

static double arithmetic(size_t n, int threads) {
  (void)n;
  double sum = 0;
#pragma omp parallel num_threads(threads) reduction(+ : sum)
  sum += multiply_add();
  if (sum == 1) puts("");  // what nobody uses is not computed
  return 2.0 * WIDTH * CHAINS * TURNS * threads;
}

static double copy(size_t bytes, int threads) {
  static float *from, *to;
  const size_t n = bytes / sizeof *from / WIDTH * WIDTH;
  if (!from) from = buffer(n), to = buffer(n);
#pragma omp parallel for num_threads(threads) schedule(static)
  for (size_t i = 0; i < n; i += WIDTH) stream(to + i, from + i);
  return 2.0 * (double)(n * sizeof *from);
}

static double gemm(size_t n, int threads) {
  static float *a, *b, *c;
  if (!a) a = buffer(n * n), b = buffer(n * n), c = buffer(n * n);
  openblas_set_num_threads(threads);
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)n, (int)n, 1, a, (int)n, b,
              (int)n, 0, c, (int)n);
  return 2.0 * (double)n * (double)n * (double)n;
}

int main(int argc, char **argv) {
  if (argc != 4) return 1;
  const size_t n = (size_t)atol(argv[2]);
  const int threads = atoi(argv[3]);
  double (*work)(size_t, int) = *argv[1] == 'f' ? arithmetic : *argv[1] == 'c' ? copy : gemm;
  double best = 0;
  for (int s = 0; s < SAMPLES; s++) {
    const double start = omp_get_wtime(), done = work(n, threads);
    const double rate = done / (omp_get_wtime() - start);
    if (rate > best) best = rate;
  }
  printf("%.9g\n", best);
  return 0;
}
