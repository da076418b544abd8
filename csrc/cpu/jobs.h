// Independent jobs shared out over the threads, each thread with scratch memory of its own.
//
// What a job computes does not depend on the thread that runs it, nor on how many there are.
#ifndef TOCHA_JOBS_H
#define TOCHA_JOBS_H

#include "cpu.h"

typedef tc_status (*job_function)(const void *context, int64_t job, void *scratch);

static inline void run_jobs(job_function run, const void *context, int64_t from, int64_t to,
                            void *scratch, int *failed) {
  for (int64_t j = from; j < to; j++) {
    const tc_status status = run(context, j, scratch);
    if (status == TC_OK) continue;
    TC_PRAGMA(omp atomic write)
    *failed = (int)status;
    return;
  }
}

// `cost`: about how many elements one job touches. `bytes`: its scratch. A single worker is outside
// any parallel region, even one of a single thread: a matrix product within may use the threads
// itself, and OpenMP would make new ones for a region in a region, which takes milliseconds.
static inline tc_status each_job(job_function run, const void *context, int64_t jobs, int64_t cost,
                                 size_t bytes) {
  if (jobs <= 0) return TC_OK;
  const int64_t workers = jobs * cost > TC_GRAIN ? TC_MIN(jobs, tc_threads()) : 1;
  bytes = (bytes + 63) / 64 * 64;
  char *scratch = bytes > 0 ? tc_alloc(bytes * (size_t)workers) : NULL;
  if (bytes > 0 && !scratch)
    return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes of scratch", bytes);
  int failed = TC_OK;
  if (workers == 1) run_jobs(run, context, 0, jobs, scratch, &failed);
  else TC_PARALLEL_FOR(k, workers, TC_GRAIN)
  run_jobs(run, context, jobs * k / workers, jobs * (k + 1) / workers,
           scratch ? scratch + bytes * (size_t)k : NULL, &failed);
  if (scratch) tc_free(scratch, bytes * (size_t)workers);
  if (failed == TC_OK) return TC_OK;
  return tc_fail((tc_status)failed, "a part of the work failed on another thread");
}

#endif
