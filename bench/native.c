// What the machine does without us: native copy BYTES | gemm N, on THREADS threads.
// Prints "median_seconds 0". Built by bench/run.lua.
#include <cblas.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void openblas_set_num_threads(int);

static int by_value(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static float *buffer(size_t n) {
  float *p = aligned_alloc(2 << 20, (n * sizeof *p + (2 << 20) - 1) / (2 << 20) * (2 << 20));
  for (size_t i = 0; i < n; i++) p[i] = (float)(i % 7) - 3;
  return p;
}

static void copy(float *to, const float *from, size_t n, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int t = 0; t < threads; t++)
    memcpy(to + n / (size_t)threads * (size_t)t, from + n / (size_t)threads * (size_t)t,
           n / (size_t)threads * sizeof *to);
}

int main(int argc, char **argv) {
  enum { SAMPLES = 15 };
  const int is_copy = argc > 1 && strcmp(argv[1], "copy") == 0;
  const size_t n = argc > 2 ? (size_t)atol(argv[2]) : 1024,
               count = is_copy ? n / sizeof(float) : n * n;
  const int threads = argc > 3 ? atoi(argv[3]) : 2;
  float *a = buffer(count), *b = buffer(count), *c = buffer(count);
  double took[SAMPLES];
  openblas_set_num_threads(threads);
  for (int s = -3; s < SAMPLES; s++) {
    const double start = omp_get_wtime();
    if (is_copy) copy(b, a, count, threads);
    else
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)n, (int)n, 1, a, (int)n,
                  b, (int)n, 0, c, (int)n);
    if (s >= 0) took[s] = omp_get_wtime() - start;
  }
  qsort(took, SAMPLES, sizeof *took, by_value);
  printf("%.9g 0\n", took[SAMPLES / 2]);
  return 0;
}
