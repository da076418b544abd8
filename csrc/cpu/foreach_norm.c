// foreach_norm(norms, list, p): the vector norm of each tensor of a list, in one pass.
//
// Sums are taken chunk by chunk and added up in that order, whatever the number of threads. `norms`
// is float64. p is any number, infinite ones included; 0 counts what is not zero.
#ifndef T
#include "chunks.h"

typedef enum kind { SQUARES, ABSOLUTE, LARGEST, SMALLEST, COUNT, POWERS } kind;

#define TC_TEMPLATE "foreach_norm.c"
#include "floats.h"

typedef struct norms {
  kind kind;
  double p, *part;  // of each chunk
} norms;

static kind kind_of(double p) {
  if (p == 2) return SQUARES;
  if (p == 1) return ABSOLUTE;
  if (p == 0) return COUNT;
  if (isinf(p)) return p > 0 ? LARGEST : SMALLEST;
  return POWERS;
}

static void norm_chunk(const void *context, const tc_args *a, int64_t k, int64_t from, int64_t n,
                       int64_t number) {
  const norms *s = context;
  const tc_tensor *t = a->many[0][k];
  s->part[number] = t->dtype == TC_float64
                        ? part_f64((const double *)tc_data(t) + from, n, s->kind, s->p)
                        : part_f32((const float *)tc_data(t) + from, n, s->kind, s->p);
}

// NaN wins, as in a sum.
static double join(kind kind, double a, double b) {
  if (a != a || b != b) return a + b;
  if (kind == LARGEST) return TC_MAX(a, b);
  if (kind == SMALLEST) return TC_MIN(a, b);
  return a + b;
}

static double whole(const norms *s, const double *part, int64_t chunks) {
  double sum = s->kind == SMALLEST ? INFINITY : 0;
  for (int64_t c = 0; c < chunks; c++) sum = join(s->kind, sum, part[c]);
  if (s->kind == SQUARES) return sqrt(sum);
  return s->kind == POWERS ? pow(sum, 1 / s->p) : sum;
}

TC_PLAIN_KERNEL(foreach_norm) {
  const size_t bytes = (size_t)count_chunks(a) * sizeof(double) + sizeof(double);
  norms s = {kind_of(a->f[0]), a->f[0], tc_alloc(bytes)};
  if (!s.part)
    return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes of partial sums", bytes);
  each_chunk(norm_chunk, &s, a);
  double *out = tc_data(a->t[0]);
  int64_t before = 0;
  for (int64_t k = 0; k < a->count; k++) {
    const int64_t chunks = chunks_of(a->many[0][k]);
    out[k] = whole(&s, s.part + before, chunks);
    before += chunks;
  }
  tc_free(s.part, bytes);
  return TC_OK;
}

#else
#include "rows.h"

#define ABS(v) ((T)fabs((double)(v)))

static double NAME(extreme)(const T *x, int64_t n, bool largest) {
  T m = largest ? 0 : (T)INFINITY;
  int bad = 0;
  if (largest) {
    TC_PRAGMA(omp simd reduction(max : m) reduction(| : bad))
    for (int64_t i = 0; i < n; i++) m = TC_MAX(m, ABS(x[i])), bad |= x[i] != x[i];
  } else {
    TC_PRAGMA(omp simd reduction(min : m) reduction(| : bad))
    for (int64_t i = 0; i < n; i++) m = TC_MIN(m, ABS(x[i])), bad |= x[i] != x[i];
  }
  return bad ? NAN : (double)m;
}

static double NAME(part)(const T *x, int64_t n, kind kind, double p) {
  double sum = 0;
  switch (kind) {
    case SQUARES: TC_SUM(sum, i, n, x[i] * x[i]) break;
    case ABSOLUTE: TC_SUM(sum, i, n, ABS(x[i])) break;
    case COUNT: TC_SUM(sum, i, n, x[i] != 0 ? 1 : 0) break;
    case POWERS: TC_SUM(sum, i, n, (T)pow(fabs((double)x[i]), p)) break;
    default: return NAME(extreme)(x, n, kind == LARGEST);
  }
  return sum;
}
#undef ABS
#endif
