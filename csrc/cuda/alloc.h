// Memory of the devices for tensors and scratch: kept when it is freed, cut and joined, in the order
// of streams.
//
// A block belongs to the stream that its thread worked on when it was taken. Freed, it serves the next
// request for that stream at once: what that runs comes later. Another stream that has used it must be
// named (tc_cuda_used_by), and then it waits until that stream is through with it. Blocks that are
// taken during a capture stay the graph's own until it goes, since its runs use them again.
#ifndef TOCHA_CUDA_ALLOC_H
#define TOCHA_CUDA_ALLOC_H

#include "stream.h"

// For what this thread does on that device. NULL: there is none, and the message holds the statistics.
void *tc_cuda_alloc(int index, size_t bytes);
void tc_cuda_free(int index, void *p);
tc_status tc_cuda_used_by(int index, void *p, cudaStream_t s);

void tc_cuda_memory(int index, tc_device_memory *out);
void tc_cuda_reset_peak(int index);
void tc_cuda_empty_cache(int index);
void tc_cuda_limit(int index, size_t bytes);  // of what is reserved; 0: no limit

// ---- captures: memory of this thread's requests on the active device -------------------------------

typedef struct tc_pool tc_pool;  // what the graphs of one recorded step share

tc_pool *tc_pool_new(int index);   // NULL: no memory
void tc_pool_use(tc_pool *pool);   // by this thread, from now on; NULL: none any more
void tc_pool_free(tc_pool *pool);  // its blocks serve the compute stream

#endif
