// CUDA's words that are plain arithmetic or memory, as functions of the CPU. Fibers take turns, so an
// atomic operation is the plain one. There are no float atomics: sums must not depend on an order.
#ifndef TC_CUDA_EMULATE_WORDS_H
#define TC_CUDA_EMULATE_WORDS_H

#include <math.h>
#include <stdlib.h>

// ---- atomics, fences, loads --------------------------------------------------------------------

#define TC_EMULATED_ATOMIC(name, formula)                                                          \
  template <class T> static inline T name(T *p, std::common_type_t<T> v) {                         \
    static_assert(std::is_integral<T>::value && sizeof(T) >= 4, "integers of 32 or 64 bits only"); \
    const T old = *p;                                                                              \
    *p = (T)(formula);                                                                             \
    return old;                                                                                    \
  }
TC_EMULATED_ATOMIC(atomicAdd, old + v)
TC_EMULATED_ATOMIC(atomicSub, old - v)
TC_EMULATED_ATOMIC(atomicMax, old > v ? old : v)
TC_EMULATED_ATOMIC(atomicMin, old < v ? old : v)
TC_EMULATED_ATOMIC(atomicAnd, old &v)
TC_EMULATED_ATOMIC(atomicOr, old | v)
TC_EMULATED_ATOMIC(atomicXor, old ^ v)
TC_EMULATED_ATOMIC(atomicExch, v)
TC_EMULATED_ATOMIC(atomicInc, old >= v ? 0 : old + 1)
TC_EMULATED_ATOMIC(atomicDec, old == 0 || old > v ? v : old - 1)
#undef TC_EMULATED_ATOMIC

template <class T>
static inline T atomicCAS(T *p, std::common_type_t<T> expected, std::common_type_t<T> v) {
  static_assert(std::is_integral<T>::value, "integers only");
  const T old = *p;
  if (old == expected) *p = v;
  return old;
}

static inline void __threadfence() {}
static inline void __threadfence_block() {}
static inline void __threadfence_system() {}
static inline void __nanosleep(unsigned) {}

template <class T> static inline T __ldg(const T *p) { return *p; }
template <class T> static inline T __ldcg(const T *p) { return *p; }
template <class T> static inline T __ldcs(const T *p) { return *p; }
template <class T> static inline T __ldlu(const T *p) { return *p; }
template <class T> static inline void __stcg(T *p, std::common_type_t<T> v) { *p = v; }
template <class T> static inline void __stcs(T *p, std::common_type_t<T> v) { *p = v; }
template <class T> static inline void __stwt(T *p, std::common_type_t<T> v) { *p = v; }

// ---- bits --------------------------------------------------------------------------------------

static inline int __popc(unsigned x) { return __builtin_popcount(x); }
static inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
static inline int __ffs(int x) { return __builtin_ffs(x); }
static inline int __ffsll(long long x) { return __builtin_ffsll(x); }
static inline int __clz(int x) { return x ? __builtin_clz((unsigned)x) : 32; }
static inline int __clzll(long long x) { return x ? __builtin_clzll((unsigned long long)x) : 64; }

static inline unsigned long long __brevll(unsigned long long x) {
  unsigned long long y = 0;
  for (int i = 0; i < 64; i++) y |= (x >> i & 1) << (63 - i);
  return y;
}
static inline unsigned __brev(unsigned x) { return (unsigned)(__brevll(x) >> 32); }

static inline int __mulhi(int a, int b) { return (int)((long long)a * b >> 32); }
static inline unsigned __umulhi(unsigned a, unsigned b) {
  return (unsigned)((unsigned long long)a * b >> 32);
}
static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return (unsigned long long)((unsigned __int128)a * b >> 64);
}
static inline unsigned __funnelshift_l(unsigned lo, unsigned hi, unsigned n) {
  return (unsigned)((((unsigned long long)hi << 32 | lo) << (n & 31)) >> 32);
}
static inline unsigned __funnelshift_r(unsigned lo, unsigned hi, unsigned n) {
  return (unsigned)(((unsigned long long)hi << 32 | lo) >> (n & 31));
}

template <class To, class From> static inline To tc_emulated_bits(From x) {
  static_assert(sizeof(To) == sizeof(From), "the same bits");
  To y;
  memcpy(&y, &x, sizeof y);
  return y;
}
static inline int __float_as_int(float x) { return tc_emulated_bits<int>(x); }
static inline unsigned __float_as_uint(float x) { return tc_emulated_bits<unsigned>(x); }
static inline float __int_as_float(int x) { return tc_emulated_bits<float>(x); }
static inline float __uint_as_float(unsigned x) { return tc_emulated_bits<float>(x); }
static inline long long __double_as_longlong(double x) { return tc_emulated_bits<long long>(x); }
static inline double __longlong_as_double(long long x) { return tc_emulated_bits<double>(x); }

// ---- arithmetic --------------------------------------------------------------------------------

template <class A, class B> static inline std::common_type_t<A, B> min(A a, B b) {
  using T = std::common_type_t<A, B>;
  if constexpr (std::is_floating_point<T>::value) return (T)fmin((T)a, (T)b);
  else return (T)a < (T)b ? (T)a : (T)b;
}
template <class A, class B> static inline std::common_type_t<A, B> max(A a, B b) {
  using T = std::common_type_t<A, B>;
  if constexpr (std::is_floating_point<T>::value) return (T)fmax((T)a, (T)b);
  else return (T)a > (T)b ? (T)a : (T)b;
}

static inline float rsqrtf(float x) { return 1 / sqrtf(x); }
static inline double rsqrt(double x) { return 1 / sqrt(x); }
static inline float rsqrt(float x) { return rsqrtf(x); }
static inline float normcdff(float x) { return 0.5f * erfcf(-x * 0.70710678118654752f); }
static inline double normcdf(double x) { return 0.5 * erfc(-x * 0.70710678118654752); }
static inline void sincospif(float x, float *s, float *c) { sincosf((float)M_PI * x, s, c); }

// Fast ones, here as exact as others: a test's tolerance covers what a card rounds away. Names that
// the C library keeps for itself are macros.
#define __expf expf
#define __exp10f exp10f
#define __logf logf
#define __log2f log2f
#define __log10f log10f
#define __sinf sinf
#define __cosf cosf
#define __tanf tanf
#define __powf powf
#define __sincosf sincosf
static inline float __fdividef(float x, float y) { return x / y; }
static inline float __saturatef(float x) { return fminf(fmaxf(x, 0), 1); }
static inline float __frcp_rn(float x) { return 1 / x; }
static inline float __frsqrt_rn(float x) { return 1 / sqrtf(x); }
static inline float __fsqrt_rn(float x) { return sqrtf(x); }
static inline float __fdiv_rn(float x, float y) { return x / y; }
static inline float __fmaf_rn(float x, float y, float z) { return fmaf(x, y, z); }
static inline double __fma_rn(double x, double y, double z) { return fma(x, y, z); }

// Named so that no product and sum are contracted into one.
__attribute__((noinline, unused)) static float __fmul_rn(float x, float y) { return x * y; }
__attribute__((noinline, unused)) static float __fadd_rn(float x, float y) { return x + y; }
__attribute__((noinline, unused)) static float __fsub_rn(float x, float y) { return x - y; }
__attribute__((noinline, unused)) static double __dmul_rn(double x, double y) { return x * y; }
__attribute__((noinline, unused)) static double __dadd_rn(double x, double y) { return x + y; }

static inline int __float2int_rn(float x) { return (int)lrintf(x); }
static inline int __float2int_rz(float x) { return (int)x; }
static inline int __float2int_rd(float x) { return (int)floorf(x); }
static inline unsigned __float2uint_rz(float x) { return (unsigned)x; }
static inline float __int2float_rn(int x) { return (float)x; }
static inline float __uint2float_rn(unsigned x) { return (float)x; }

#endif
