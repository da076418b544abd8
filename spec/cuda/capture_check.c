// The CUDA back end's order of work and its captures (csrc/cuda/stream.c, move.c, capture.c) over a
// driver in the host's memory that works as late as it may: copies between devices wait for what they
// read, captured parts run in order and keep their memory, what a capture forbids is an error that
// leaves everything as it was, a device that has failed says so from then on.
#include "fake_driver.h"

#include "cuda/alloc.h"
#include "cuda/capture.h"
#include "cuda/device.h"
#include "cuda/move.h"
#include "cuda/pinned.h"

static tc_device devices[2] = {{.name = "cuda:0", .index = 0}, {.name = "cuda:1", .index = 1}};

// ---- work that runs later ------------------------------------------------------------------------

typedef struct writing {
  unsigned char *to, value;
} writing;

static void write_byte(void *context) {
  const writing *w = context;
  *w->to = w->value;
}

static void launch_write(writing *w) { tc_emulate_submit(tc_stream(), write_byte, w, keep); }

static void add_one(void *context) { ++*(unsigned char *)context; }

static void launch_add(unsigned char *to) { tc_emulate_submit(tc_stream(), add_one, to, keep); }

static unsigned char value_of(const tc_device *d, const void *p) {
  unsigned char got = 0;
  check(tc_cuda_move(&fake_cpu, &got, d, p, 1) == TC_OK, "a value can be read");
  return got;
}

// ---- copies --------------------------------------------------------------------------------------

// Whichever of the two is first waited for, and so works as late, or as early, as it may.
static void copies_come_in_order(bool source_first) {
  unsigned char value = 7;
  unsigned char *p = tc_cuda_alloc(0, 1), *q = tc_cuda_alloc(1, 1);
  writing first = {p, 8}, second = {p, 9};
  check(tc_cuda_move(&devices[0], p, &fake_cpu, &value, 1) == TC_OK, "a value is sent");
  value = 6;
  check(value_of(&devices[0], p) == 7, "what was sent is what was there");
  tc_cuda_enter(0, NULL);
  launch_write(&first);
  check(tc_cuda_move(&devices[1], q, &devices[0], p, 1) == TC_OK, "between devices");
  tc_cuda_enter(0, NULL);
  launch_write(&second);
  if (source_first) check(tc_cuda_synchronize(0) == TC_OK, "the source is done");
  check(value_of(&devices[1], q) == 8, "a copy reads what was written before, not after");
  check(value_of(&devices[0], p) == 9, "what comes later waits for the copy");
  tc_cuda_free(0, p);
  tc_cuda_free(1, q);
}

static void copies_outside_of_blocks_are_errors(void) {
  unsigned char bytes[16] = {0};
  unsigned char *p = tc_cuda_alloc(0, 512);
  check(tc_cuda_move(&devices[0], bytes, &fake_cpu, bytes, 8) == TC_INTERNAL,
        "not the host's memory");
  check(tc_cuda_move(&devices[0], p + ((size_t)2 << 20) - 4, &fake_cpu, bytes, 8) == TC_INTERNAL,
        "not beyond the end");
  check(strstr(tc_message(), "not inside of a block") != NULL, "and the message says so");
  tc_cuda_free(0, p);
}

// ---- pinned memory -------------------------------------------------------------------------------

enum { BYTES = 5000 };

static tc_tensor pinned_tensor(unsigned char value) {
  tc_tensor t = {.dtype = TC_uint8, .ndim = 1, .size = {BYTES}, .stride = {1}};
  check(tc_cuda_pin(BYTES, &t.storage) == TC_OK, "memory is pinned");
  check(tc_cuda_is_pinned(t.storage) && tc_cuda_holds_pinned((char *)t.storage->data + 4999),
        "and known to be");
  memset(t.storage->data, value, BYTES);
  return t;
}

static void pinned_memory_is_kept_until_it_is_copied(void) {
  tc_tensor from = pinned_tensor(3), sent = {0}, more = {0};
  const void *first = from.storage->data;
  check(tc_cuda_send(&devices[0], &from, &sent) == TC_OK, "a pinned tensor is sent");
  tc_cuda_enter(0, NULL);
  reading r = {sent.storage->data, 0};
  tc_emulate_submit(tc_stream(), read_byte, &r, keep);
  tc_tensor_free(&from);
  from = pinned_tensor(4);
  check(from.storage->data != first, "its memory is not used again before it is copied");
  const void *place = sent.storage->data;
  tc_tensor_free(&sent);
  check(tc_cuda_send(&devices[0], &from, &more) == TC_OK, "another follows");
  check(more.storage->data != place, "what is still read is not written over");
  check(tc_stream_wait(tc_stream()) == TC_OK && r.got == 3, "what comes later finds what was sent");
  check(tc_cuda_synchronize(0) == TC_OK, "all is copied");
  tc_tensor_free(&from);
  from = pinned_tensor(5);
  check(from.storage->data == first || tc_cuda_holds_pinned(first), "memory serves again");
  check(value_of(&devices[0], more.storage->data) == 4, "and the other what was sent then");
  check(tc_cuda_move(&devices[0], more.storage->data, &fake_cpu, from.storage->data, 8) == TC_OK,
        "an ordinary copy");
  memset(from.storage->data, 6, BYTES);
  check(value_of(&devices[0], more.storage->data) == 5, "has read pinned memory when it returns");
  tc_tensor_free(&from);
  tc_tensor_free(&more);
  tc_cuda_unpin();
  check(!tc_cuda_holds_pinned(first), "what is not used goes back to the system");
}

// ---- captures ------------------------------------------------------------------------------------

static void parts_run_again(void) {
  tc_captured *c = NULL;
  int first = -1, second = -1;
  unsigned char *p = tc_cuda_alloc(0, 1);
  unsigned char zero = 0;
  tc_cuda_move(&devices[0], p, &fake_cpu, &zero, 1);
  for (int k = 0; k < 2; k++) {
    check(tc_cuda_capture_begin(&devices[0], &c) == TC_OK, "a capture begins");
    check(tc_cuda_is_capturing(), "and is known to be on");
    for (int j = 0; j < 3 + k; j++) launch_add(p);
    check(tc_cuda_capture_end(&devices[0], c, k ? &second : &first) == TC_OK, "and ends");
    check(!tc_cuda_is_capturing() && tc_stream() == tc_cuda_compute(0), "then all is as before");
  }
  check(first == 0 && second == 1, "parts are numbered");
  check(value_of(&devices[0], p) == 0, "nothing runs during a capture");
  for (int k = 0; k < 2; k++) {
    check(tc_cuda_capture_launch(&devices[0], c, first) == TC_OK, "a part runs");
    launch_add(p);
    check(tc_cuda_capture_launch(&devices[0], c, second) == TC_OK, "and the next");
  }
  check(value_of(&devices[0], p) == 16, "parts run as often as they are launched");
  tc_cuda_capture_free(&devices[0], c);
  tc_cuda_free(0, p);
}

// Parts share memory: also on different streams one runs after the other.
static void parts_follow_each_other(void) {
  tc_captured *c = NULL;
  int part;
  cudaStream_t other;
  unsigned char *p = tc_cuda_alloc(0, 1);
  unsigned char zero = 0;
  tc_cuda_move(&devices[0], p, &fake_cpu, &zero, 1);
  tc_rt->cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking);
  tc_cuda_capture_begin(&devices[0], &c);
  launch_add(p);
  tc_cuda_capture_end(&devices[0], c, &part);
  check(tc_cuda_capture_launch(&devices[0], c, part) == TC_OK, "a part runs");
  tc_cuda_use_stream(0, other);
  check(tc_cuda_capture_launch(&devices[0], c, part) == TC_OK, "and again on another stream");
  check(tc_stream_wait(other) == TC_OK && *p == 2, "one after the other");
  tc_cuda_use_stream(0, NULL);
  tc_cuda_capture_free(&devices[0], c);
  tc_cuda_free(0, p);
}

// What a capture takes nobody else gets, until it is gone.
static void captures_keep_their_memory(void) {
  tc_captured *c = NULL;
  int part;
  tc_cuda_empty_cache(0);
  check(tc_cuda_capture_begin(&devices[0], &c) == TC_OK, "a capture begins");
  unsigned char *p = tc_cuda_alloc(0, 3000);
  tc_cuda_free(0, p);
  check(tc_cuda_alloc(0, 3000) == p, "inside, memory serves again");
  tc_cuda_free(0, p);
  check(tc_cuda_capture_end(&devices[0], c, &part) == TC_OK, "cudaMalloc does not break a capture");
  unsigned char *q = tc_cuda_alloc(0, 3000);
  check(q != p, "outside, nobody gets the memory of a capture");
  tc_cuda_empty_cache(0);
  check(tc_cuda_capture_launch(&devices[0], c, part) == TC_OK, "it is there when the part runs");
  check(tc_cuda_capture_begin(&devices[0], &c) == TC_OK, "a second capture begins");
  check(tc_cuda_alloc(0, 3000) == p, "parts of one step share their memory");
  check(tc_cuda_capture_end(&devices[0], c, &part) == TC_OK, "and ends");
  tc_cuda_capture_free(&devices[0], c);
  tc_cuda_free(0, p);
  tc_cuda_free(0, q);
  tc_cuda_empty_cache(0);
  tc_device_memory m;
  tc_cuda_memory(0, &m);
  check(m.allocated == 0 && m.reserved == 0, "and it is everybody's in the end");
}

static void what_is_forbidden_breaks_only_the_capture(void) {
  tc_captured *c = NULL;
  int part = -1;
  unsigned char value = 0;
  unsigned char *p = tc_cuda_alloc(0, 1);
  writing w = {p, 5};
  check(tc_cuda_capture_begin(&devices[0], &c) == TC_OK, "a capture begins");
  launch_write(&w);
  check(tc_cuda_move(&fake_cpu, &value, &devices[0], p, 1) == TC_BAD_VALUE,
        "the host has no part in a capture");
  check(tc_cuda_capture_end(&devices[0], c, NULL) == TC_OK, "what is broken is forgotten");
  check(tc_cuda_capture_begin(&devices[0], &c) == TC_OK, "another attempt");
  check(tc_cuda_synchronize(0) != TC_OK, "nobody waits in a capture");
  check(tc_cuda_capture_end(&devices[0], c, &part) != TC_OK && part == -1, "it breaks the capture");
  check(strstr(tc_message(), "capture") != NULL, "and the message says so");
  check(tc_stream() == tc_cuda_compute(0), "work goes to the compute stream again");
  launch_write(&w);
  check(value_of(&devices[0], p) == 5, "and is done");
  tc_cuda_capture_free(&devices[0], c);
  tc_cuda_free(0, p);
}

// A tensor that another stream uses is freed while a capture is on.
static void frees_during_a_capture_wait(void) {
  tc_captured *c = NULL;
  int part;
  unsigned char *p = tc_cuda_alloc(0, 9000);
  tc_cuda_used_by(0, p, tc_cuda_copies(0));
  check(tc_cuda_capture_begin(&devices[0], &c) == TC_OK, "a capture begins");
  tc_cuda_free(0, p);
  tc_cuda_free(0, tc_cuda_alloc(0, 9000));
  check(tc_cuda_capture_end(&devices[0], c, &part) == TC_OK, "a free does not break it");
  tc_cuda_capture_free(&devices[0], c);
  tc_cuda_empty_cache(0);
  tc_device_memory m;
  tc_cuda_memory(0, &m);
  check(m.allocated == 0 && m.reserved == 0, "and nothing is lost");
}

// ---- every call of the driver fails once ---------------------------------------------------------

static tc_status step(void) {
  tc_captured *c = NULL;
  int part = 0;
  unsigned char *p = tc_cuda_alloc(0, 64), *q = tc_cuda_alloc(1, 64);
  tc_status status = p && q ? TC_OK : TC_NO_MEMORY;
  if (status == TC_OK) status = tc_cuda_capture_begin(&devices[0], &c);
  const bool begun = status == TC_OK;
  if (begun) tc_cuda_free(0, tc_cuda_alloc(0, 5000));
  if (begun) status = tc_cuda_capture_end(&devices[0], c, &part);
  if (status == TC_OK) status = tc_cuda_capture_launch(&devices[0], c, part);
  if (status == TC_OK) status = tc_cuda_move(&devices[1], q, &devices[0], p, 64);
  if (status == TC_OK) status = tc_cuda_synchronize(1);
  tc_cuda_capture_free(&devices[0], c);
  tc_cuda_free(0, p);
  tc_cuda_free(1, q);
  return status;
}

static void every_call_fails(void) {
  uint64_t n = tc_emulated.calls;
  check(step() == TC_OK, "a step is done");
  const uint64_t calls = tc_emulated.calls - n;
  for (n = 1; n <= calls; n++) {
    fail_nth(n, cudaErrorInvalidValue);
    (void)step();
    fail_nth(0, cudaSuccess);
    tc_rt->cudaGetLastError();
    check(step() == TC_OK, "after a failure the next step is done");
    for (int k = 0; k < 2; k++) {
      tc_device_memory m;
      tc_cuda_memory(k, &m);
      check(m.allocated == 0, "after a failure all memory is back");
    }
  }
}

// ---- errors that kernels find, and errors that stay ------------------------------------------------

static void alarms_name_their_operation(void) {
  int *alarm, *other;
  tc_cuda_enter(1, "gather");
  alarm = tc_alarm();
  tc_cuda_enter(1, "embedding");
  other = tc_alarm();
  check(alarm != other, "an operation has its own alarm");
  *alarm = 1;
  check(tc_cuda_synchronize(1) == TC_BAD_VALUE, "who waits hears of it");
  check(strstr(tc_message(), "gather") != NULL, "and by whom");
  check(tc_cuda_synchronize(1) == TC_OK, "once");
}

static void fail_always(const char *call) {
  (void)call;
  tc_emulated.fail_at = tc_emulated.calls + 1;
}

static void a_dead_device_says_so(void) {
  tc_cuda_enter(1, "matmul");
  fail_nth(1, cudaErrorLaunchFailure);
  check(tc_stream_wait(tc_stream()) == TC_INTERNAL, "an error of a kernel");
  fail_nth(0, cudaSuccess);
  check(tc_cuda_enter(1, NULL) == TC_OK, "that does not stay is over");
  tc_emulated.failure = cudaErrorIllegalAddress;
  tc_emulated.watch = fail_always;
  tc_cuda_enter(1, "matmul");
  check(tc_stream_wait(tc_stream()) == TC_INTERNAL, "an error that stays");
  tc_emulated.watch = NULL;
  fail_nth(0, cudaSuccess);
  check(tc_cuda_enter(1, "add") == TC_INTERNAL, "ends the device");
  check(strstr(tc_message(), "cuda:1 cannot be used any more") && strstr(tc_message(), "matmul"),
        "and says so from then on");
  check(!tc_cuda_alloc(1, 10), "it has no memory to give");
  check(tc_cuda_enter(0, NULL) == TC_OK && tc_cuda_synchronize(0) == TC_OK, "others go on");
}

int main(void) {
  int count = 0;
  check(tc_cuda_count(&count) == TC_OK && count == 2, "there are two devices");
  tc_emulated.late = true;
  copies_come_in_order(true);
  copies_come_in_order(false);
  copies_outside_of_blocks_are_errors();
  pinned_memory_is_kept_until_it_is_copied();
  parts_run_again();
  parts_follow_each_other();
  captures_keep_their_memory();
  what_is_forbidden_breaks_only_the_capture();
  frees_during_a_capture_wait();
  every_call_fails();
  alarms_name_their_operation();
  a_dead_device_says_so();
  if (!failures) puts("order and captures on CUDA: as they should be");
  return failures != 0;
}
