// Results too large for the caches are written past them: what lies there stays, and memory is not
// read before it is written.
#ifndef TOCHA_STREAM_H
#define TOCHA_STREAM_H

#include "cpu.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

enum { STREAM_BYTES = 32 << 20 };

// `from` is aligned to 16 bytes where `to` is.
static inline void stream(void *memory, const void *source, size_t bytes) {
  char *to = memory;
  const char *from = source;
#ifdef __SSE2__
  while (bytes > 0 && ((uintptr_t)to & 15) != 0) *to++ = *from++, bytes--;
#ifdef __AVX512F__
  for (; ((uintptr_t)to & 63) == 0 && bytes >= 64; bytes -= 64, to += 64, from += 64)
    _mm512_stream_si512((__m512i *)(void *)to, _mm512_loadu_si512(from));
#endif
  for (; bytes >= 16; bytes -= 16, to += 16, from += 16)
    _mm_stream_si128((__m128i *)(void *)to, _mm_load_si128((const __m128i *)(const void *)from));
#endif
  memcpy(to, from, bytes);
}

// What was streamed is there for all threads.
static inline void stream_end(void) {
#ifdef __SSE2__
  _mm_sfence();
#endif
}

#endif
