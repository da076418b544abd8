// Bytes between the host and devices, and between devices: on the stream that the thread works on, so
// that they come after what is written before, and before what is read later.
#include "move.h"

#include <stdatomic.h>

#include "host.h"
#include "pinned.h"
#include "stream.h"

// Values that the host reads or writes have no place in a graph, which runs later, and again.
static tc_status not_captured(void) {
  if (!tc_cuda_is_capturing()) return TC_OK;
  return tc_fail(TC_BAD_VALUE, "the host has a part in it, which a captured graph cannot have");
}

// The runtime has read pageable memory when it returns; a card reads pinned memory by itself, later.
static tc_status upload(int index, void *to, const void *from, size_t bytes) {
  TC_TRY(tc_cuda_enter(index, tc_cuda_operation()));
  TC_TRY(not_captured());
  TC_TRY(TC_CUDA(cudaMemcpyAsync, to, from, bytes, cudaMemcpyHostToDevice, tc_stream()));
  return tc_cuda_holds_pinned(from) ? tc_stream_wait(tc_stream()) : TC_OK;
}

static tc_status download(int index, void *to, const void *from, size_t bytes) {
  TC_TRY(tc_cuda_enter(index, tc_cuda_operation()));
  TC_TRY(not_captured());
  TC_TRY(TC_CUDA(cudaMemcpyAsync, to, from, bytes, cudaMemcpyDeviceToHost, tc_stream()));
  return tc_stream_wait(tc_stream());
}

// Once for each pair: without it, copies go by way of the host.
static void connect(int there, int here) {
  static atomic_bool tried[TC_MAX_DEVICES][TC_MAX_DEVICES];
  int can = 0;
  if (atomic_exchange(&tried[there][here], true)) return;
  if (tc_rt->cudaDeviceCanAccessPeer(&can, there, here) != cudaSuccess || !can) return;
  if (tc_rt->cudaDeviceEnablePeerAccess(here, 0) != cudaSuccess) (void)tc_rt->cudaGetLastError();
}

// The copy runs where it arrives. What it reads must have been written; whatever is written there
// later, or lies there when it has been freed, must wait for the copy.
static tc_status between(int there, void *to, int here, const void *from, size_t bytes) {
  const char *operation = tc_cuda_operation();
  cudaEvent_t ready, done;
  TC_TRY(tc_cuda_enter(here, operation));
  TC_TRY(not_captured());
  const cudaStream_t source = tc_stream();
  TC_TRY(tc_event_take(&ready));
  tc_status status = TC_CUDA(cudaEventRecord, ready, source);
  if (status == TC_OK) status = tc_cuda_enter(there, operation);
  if (status == TC_OK) status = tc_event_take(&done);
  if (status != TC_OK) {
    tc_event_give(here, ready);
    return status;
  }
  connect(there, here);
  status = TC_CUDA(cudaStreamWaitEvent, tc_stream(), ready, 0);
  if (status == TC_OK)
    status = TC_CUDA(cudaMemcpyPeerAsync, to, there, from, here, bytes, tc_stream());
  if (status == TC_OK) status = TC_CUDA(cudaEventRecord, done, tc_stream());
  if (status == TC_OK) status = TC_CUDA(cudaStreamWaitEvent, source, done, 0);
  tc_event_give(here, ready);
  tc_event_give(there, done);
  return status;
}

static tc_status within(int index, void *to, const void *from, size_t bytes) {
  TC_TRY(tc_cuda_enter(index, tc_cuda_operation()));
  return TC_CUDA(cudaMemcpyAsync, to, from, bytes, cudaMemcpyDeviceToDevice, tc_stream());
}

tc_status tc_cuda_move(const tc_device *there, void *to, const tc_device *here, const void *from,
                       size_t bytes) {
  const tc_device *host = tc_host_cpu();
  if (here == host) return upload(there->index, to, from, bytes);
  if (there == host) return download(here->index, to, from, bytes);
  if (here == there) return within(there->index, to, from, bytes);
  return between(there->index, to, here->index, from, bytes);
}
