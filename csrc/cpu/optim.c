// The lines of optim.def: one pass over many parameters, their gradients and their states.
#ifndef T
#include "chunks.h"

// One line's loop over n elements from `first` on of the tensors whose data is at `at`.
typedef void (*update_fn)(void *const *at, int64_t first, int64_t n, const double *number);

#define TC_TEMPLATE "optim.c"
#include "floats.h"

typedef struct update {
  int lists;
  update_fn f32, f64;
} update;

static void update_chunk(const void *context, const tc_args *a, int64_t k, int64_t from, int64_t n,
                         int64_t number) {
  (void)number;
  const update *u = context;
  void *at[TC_MAX_MANY];
  for (int j = 0; j < u->lists; j++) at[j] = tc_data(a->many[j][k]);
  (a->many[0][k]->dtype == TC_float64 ? u->f64 : u->f32)(at, from, n, a->f);
}

#define UPDATE(lists, name)                                                                        \
  TC_PLAIN_KERNEL(name) {                                                                          \
    each_chunk(update_chunk, &(update){lists, name##_f32, name##_f64}, a);                         \
    return TC_OK;                                                                                  \
  }
#define MAP(name, ...) UPDATE(1, name)
#define UPDATE0(name, ...) UPDATE(2, name)
#define UPDATE1(name, ...) UPDATE(3, name)
#define UPDATE2(name, ...) UPDATE(4, name)
#define UPDATE3(name, ...) UPDATE(5, name)
#include "../optim.def"

TC_PLAIN_KERNEL(foreach_scale) {
  const void *x = tc_data(a->t[0]);
  a->f[0] = a->dtype == TC_float64 ? *(const double *)x : (double)*(const float *)x;
  return TC_CPU(foreach_mul)(a);
}

#else
#include "../optim.h"
#include "math.h"

// Not `restrict`: a gradient may be its own parameter, index by index.
#define PLACE(j) (T *)at[j] + first
#define NUMBER(x) const T x = (T)*number++;
#define LOOP(name, places, loads, stores, numbers, ...)                                            \
  static void NAME(name)(void *const *at, int64_t first, int64_t n, const double *number) {        \
    TC_BARE places;                                                                                \
    TC_EACH(NUMBER, TC_BARE numbers)                                                               \
    TC_PRAGMA(omp simd)                                                                            \
    for (int64_t i = 0; i < n; i++) {                                                              \
      TC_BARE loads;                                                                               \
      __VA_ARGS__;                                                                                 \
      stores;                                                                                      \
    }                                                                                              \
  }
#define MAP(name, numbers, ...)                                                                    \
  LOOP(name, (T *P = PLACE(0)), (T p = P[i]), P[i] = p, numbers, __VA_ARGS__)
#define UPDATE0(name, numbers, ...)                                                                \
  LOOP(name, (T *P = PLACE(0), *G = PLACE(1)), (T p = P[i], g = G[i]), P[i] = p, numbers,          \
       __VA_ARGS__)
#define UPDATE1(name, a, numbers, ...)                                                             \
  LOOP(name, (T *P = PLACE(0), *G = PLACE(1), *A = PLACE(2)), (T p = P[i], g = G[i], a = A[i]),    \
       (P[i] = p, A[i] = a), numbers, __VA_ARGS__)
#define UPDATE2(name, a, b, numbers, ...)                                                          \
  LOOP(name, (T *P = PLACE(0), *G = PLACE(1), *A = PLACE(2), *B = PLACE(3)),                       \
       (T p = P[i], g = G[i], a = A[i], b = B[i]), (P[i] = p, A[i] = a, B[i] = b), numbers,        \
       __VA_ARGS__)
#define UPDATE3(name, a, b, c, numbers, ...)                                                       \
  LOOP(name, (T *P = PLACE(0), *G = PLACE(1), *A = PLACE(2), *B = PLACE(3), *C = PLACE(4)),        \
       (T p = P[i], g = G[i], a = A[i], b = B[i], c = C[i]),                                       \
       (P[i] = p, A[i] = a, B[i] = b, C[i] = c), numbers, __VA_ARGS__)
#include "../optim.def"
#undef PLACE
#undef NUMBER
#undef LOOP
#undef MAP
#undef UPDATE0
#undef UPDATE1
#undef UPDATE2
#undef UPDATE3
#endif
