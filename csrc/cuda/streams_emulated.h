// What streams and events of the emulated driver know of each other.
//
// A stream is a queue of work and two counts: how much was submitted, how much is done. An event is a
// place in a stream; to wait for it is to do that stream's work up to there. Where nothing is to be
// late, work is done when it is submitted. A graph is a queue that is kept.
#ifndef TOCHA_CUDA_STREAMS_EMULATED_H
#define TOCHA_CUDA_STREAMS_EMULATED_H

#include "runtime_emulated.h"

#include <pthread.h>

typedef struct work {
  struct work *next;
  void (*run)(void *);
  void (*drop)(void *);
  void *context;
} work;

typedef struct queue {
  work *first, *last;
} queue;

struct CUgraph_st {
  queue nodes;
  int refs;  // executables run the nodes of the graph that they were made of
  bool invalid;
  enum cudaStreamCaptureMode mode;
  pthread_t thread;
};

struct CUgraphExec_st {
  struct CUgraph_st *graph;
};

struct CUstream_st {
  struct CUstream_st *next;
  int device;
  bool destroyed;
  queue queue;
  uint64_t submitted, done;
  struct CUgraph_st *capture;  // into which it captures, or NULL
  bool origin;                 // its own capture; else it has joined one by waiting for an event
  bool unjoined;               // has work that the origin has not waited for
};

struct CUevent_st {
  struct CUstream_st *stream;  // NULL: not recorded yet
  uint64_t place;
  struct CUgraph_st *capture;
  double time;
};

// The stream's work is done up to a place.
void tc_emulated_advance(struct CUstream_st *s, uint64_t place);
cudaError_t tc_emulated_check_stream(cudaStream_t s, const char *call);
// A capture that is spoilt: the error of the call that did it.
cudaError_t tc_emulated_invalidate(struct CUgraph_st *g, cudaError_t error, const char *what);

#endif
