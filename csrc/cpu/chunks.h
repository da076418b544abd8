// The tensors of a list, cut into chunks that are shared out over the threads.
//
// Where a chunk begins does not depend on the threads, and a thousand small tensors cost one parallel
// region.
#ifndef TOCHA_CHUNKS_H
#define TOCHA_CHUNKS_H

#include "cpu.h"

enum { TC_CHUNK = 8192 };

// Elements from..from+n-1 of the k-th tensors; `number` counts the chunks of all tensors.
typedef void (*chunk_function)(const void *context, const tc_args *a, int64_t k, int64_t from,
                               int64_t n, int64_t number);

static inline int64_t chunks_of(const tc_tensor *t) {
  return (tc_numel(t) + TC_CHUNK - 1) / TC_CHUNK;
}

static inline int64_t count_chunks(const tc_args *a) {
  int64_t chunks = 0;
  for (int64_t k = 0; k < a->count; k++) chunks += chunks_of(a->many[0][k]);
  return chunks;
}

static inline void run_chunks(chunk_function run, const void *context, const tc_args *a,
                              int64_t first, int64_t end) {
  for (int64_t k = 0, before = 0; k < a->count && before < end; k++) {
    const int64_t n = tc_numel(a->many[0][k]), chunks = chunks_of(a->many[0][k]);
    for (int64_t c = TC_MAX(first - before, 0); c < TC_MIN(end - before, chunks); c++)
      run(context, a, k, c * TC_CHUNK, TC_MIN(n - c * TC_CHUNK, TC_CHUNK), before + c);
    before += chunks;
  }
}

static inline void each_chunk(chunk_function run, const void *context, const tc_args *a) {
  int64_t elements = 0;
  for (int64_t k = 0; k < a->count; k++) elements += tc_numel(a->many[0][k]);
  const int64_t chunks = count_chunks(a);
  const int64_t workers = elements > TC_GRAIN ? TC_MIN(chunks, tc_threads()) : 1;
  if (workers == 1) {
    run_chunks(run, context, a, 0, chunks);
    return;
  }
  TC_PARALLEL_FOR(w, workers, TC_GRAIN)
  run_chunks(run, context, a, chunks * w / workers, chunks * (w + 1) / workers);
}

#endif
