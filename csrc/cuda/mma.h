// A warp's product on tensor cores, mma.sync.m16n8k8 in TensorFloat-32 (PTX ISA, "Matrix Fragments for
// mma.m16n8k8"): sum (16 x 8) += left (16 x 8) right (8 x 8), each spread over the warp's registers.
//
// The emulation gathers the registers by the same layout, so a wrong one shows there.
#ifndef TOCHA_CUDA_MMA_H
#define TOCHA_CUDA_MMA_H

#include "cuda.h"

static __device__ inline int mma_lane() { return (int)threadIdx.x % 32; }
static __device__ inline int mma_group() { return mma_lane() / 4; }
static __device__ inline int mma_member() { return mma_lane() % 4; }

// What register i of a lane holds.
static __device__ inline int mma_left_row(int i) { return mma_group() + i % 2 * 8; }
static __device__ inline int mma_left_depth(int i) { return mma_member() + i / 2 * 4; }
static __device__ inline int mma_right_depth(int i) { return mma_member() + i * 4; }
static __device__ inline int mma_right_column() { return mma_group(); }
static __device__ inline int mma_sum_row(int i) { return mma_group() + i / 2 * 8; }
static __device__ inline int mma_sum_column(int i) { return mma_member() * 2 + i % 2; }

#ifdef TC_EMULATE
// To 10 bits of mantissa, halves away from zero; NaN and infinity stay.
static inline float mma_round(float x) {
  const unsigned bits = __float_as_uint(x);
  return isfinite(x) ? __uint_as_float((bits + 0x1000U) & ~0x1FFFU) : x;
}

// Blocks have one dimension.
static inline void mma(float (&sum)[4], const float (&left)[4], const float (&right)[2]) {
  static float registers[32][32][6];
  float(*lanes)[6] = registers[threadIdx.x / 32];
  memcpy(lanes[mma_lane()], left, sizeof left);
  memcpy(lanes[mma_lane()] + 4, right, sizeof right);
  __syncwarp();
  for (int i = 0; i < 4; i++) {
    const int row = mma_sum_row(i), column = mma_sum_column(i);
    for (int k = 0; k < 8; k++)
      sum[i] +=
          lanes[row % 8 * 4 + k % 4][row / 8 + k / 4 * 2] * lanes[column * 4 + k % 4][4 + k / 4];
  }
  __syncwarp();
}
#else
static __device__ inline float mma_round(float x) {
  unsigned bits;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
  return __uint_as_float(bits);
}

// The operands have been rounded (mma_round).
static __device__ inline void mma(float (&sum)[4], const float (&left)[4],
                                  const float (&right)[2]) {
  asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
      "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
      : "r"(__float_as_uint(left[0])), "r"(__float_as_uint(left[1])), "r"(__float_as_uint(left[2])),
        "r"(__float_as_uint(left[3])), "r"(__float_as_uint(right[0])),
        "r"(__float_as_uint(right[1])));
}
#endif

#endif
