// The emulation of CUDA's execution: see emulate.h for what it promises.
//
// A launch runs block after block. The threads of a block are fibers; one that waits hands over to
// the next that is ready, within its warp first. Warps are words of 32 bits: who is ready, who waits
// for lanes of its warp, who has returned. When nobody is ready, the block is done or it hangs.
#include <errno.h>
#include <mutex>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "launch.h"
#include "emulate_fiber.h"
#include "emulate_shared.h"

uint3 threadIdx, blockIdx;
dim3 blockDim, gridDim;

// cudaError_t's, whose header is not needed for more
enum { INVALID_VALUE = 1, INVALID_CONFIGURATION = 9, LAUNCH_TIMEOUT = 702, LAUNCH_FAILURE = 719 };

enum { THREADS = 1024, WARP = 32, WARPS = THREADS / WARP };

// ---- errors ------------------------------------------------------------------------------------

static thread_local int last_error;
static thread_local char error_text[512];

extern "C" int tc_emulate_peek_error(void) { return last_error; }

extern "C" int tc_emulate_last_error(void) {
  const int error = last_error;
  last_error = 0;
  return error;
}

extern "C" const char *tc_emulate_error_text(void) { return error_text; }

extern "C" void tc_emulate_fail(int error, const char *format, ...) {
  if (last_error) return;
  va_list args;
  va_start(args, format);
  vsnprintf(error_text, sizeof error_text, format, args);
  va_end(args);
  last_error = error;
}

// ---- the state of the one launch that runs -----------------------------------------------------

struct thread {
  fiber f;
  uint3 index;
  tc_emulated_warp kind;  // what it waits for in its warp, and with whom
  unsigned mask, source;
  uint64_t value, taken;
};

struct machine {
  const tc_emulated *launch;
  uint64_t number, block;
  bool failed;
  thread threads[THREADS];
  unsigned count, warps, current;
  uint32_t ready[WARPS], waiting[WARPS], gone[WARPS], ready_warps;
  unsigned left;  // threads that have returned
  tc_emulated_barrier barrier;
  unsigned arrived, predicates, phase;
  int result;  // of the barrier that was passed last
  bool lanes_back, warps_back;
  fiber home;
  char *stacks;
};
static machine m;
static std::mutex one_launch;

// Ends the launch with an error. In a fiber it does not return.
static void fault(int error, const char *what) {
  tc_emulate_fail(error, "%s: block (%u, %u, %u): %s", m.launch->text, blockIdx.x, blockIdx.y,
                  blockIdx.z, what);
  m.failed = true;
  if (!m.launch->flat) fiber_switch(&m.threads[m.current].f, &m.home, true);
}

// ---- the order of turns ------------------------------------------------------------------------

// Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014).
static uint64_t mix(uint64_t x) {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
  x = (x ^ x >> 27) * 0x94D049BB133111EB;
  return x ^ x >> 31;
}

struct order {
  bool drawn, back;
  uint64_t seed;
};

static order read_order() {
  const char *text = getenv("TOCHA_EMULATE_ORDER");
  if (text && !strcmp(text, "forward")) return {false, false, 0};
  if (text && !strcmp(text, "backward")) return {false, true, 0};
  return {true, false, text ? strtoull(text, NULL, 10) : 0};
}

// Bits that say who goes backwards, for this moment of the launch.
static uint64_t draw(uint64_t block, uint64_t phase) {
  static const order o = read_order();
  if (!o.drawn) return o.back ? ~0ULL : 0;
  return mix(mix(mix(o.seed + m.number) + block) + phase);
}

static void draw_turns() {
  const uint64_t bits = draw(m.block + 1, m.phase);
  m.lanes_back = bits & 1;
  m.warps_back = bits & 2;
}

static inline unsigned first_or_last(uint32_t bits, bool last) {
  return last ? 31 - (unsigned)__builtin_clz(bits) : (unsigned)__builtin_ctz(bits);
}

static inline void make_ready(unsigned warp, uint32_t lanes) {
  m.ready[warp] |= lanes;
  m.ready_warps |= 1U << warp;
}

// Takes the next thread that can run out of the ready ones; false where there is none.
static bool take_next(unsigned *next) {
  if (!m.ready_warps) return false;
  unsigned warp = m.current / WARP;
  if (!m.ready[warp]) warp = first_or_last(m.ready_warps, m.warps_back);
  const unsigned lane = first_or_last(m.ready[warp], m.lanes_back);
  m.ready[warp] &= ~(1U << lane);
  if (!m.ready[warp]) m.ready_warps &= ~(1U << warp);
  *next = warp * WARP + lane;
  return true;
}

// Lets others run until somebody makes this thread ready again.
static void hand_over(unsigned self, bool ended) {
  unsigned next;
  if (!take_next(&next)) return fiber_switch(&m.threads[self].f, &m.home, ended);
  m.current = next;
  threadIdx = m.threads[next].index;
  if (next != self) fiber_switch(&m.threads[self].f, &m.threads[next].f, ended);
}

// ---- warps -------------------------------------------------------------------------------------

static uint64_t ballot(unsigned warp, uint32_t members) {
  uint64_t bits = 0;
  for (uint32_t left = members; left; left &= left - 1) {
    const unsigned lane = (unsigned)__builtin_ctz(left);
    bits |= (uint64_t)(m.threads[warp * WARP + lane].value != 0) << lane;
  }
  return bits;
}

// What a lane gets; a shuffle from a lane that is not there gives what no program should use.
static uint64_t taken_by(const thread *t, unsigned warp, uint32_t members, uint64_t votes) {
  if (t->kind != TC_EMULATED_SHUFFLE) return votes;
  const unsigned source = t->source % WARP;
  return members >> source & 1 ? m.threads[warp * WARP + source].value : ~0ULL;
}

// Are all lanes that this one waits for, and that have not returned, at the same point? Then they go on.
static void meet(unsigned warp, unsigned lane) {
  thread *of = m.threads + warp * WARP;
  const uint32_t members = of[lane].mask & ~m.gone[warp];
  if (members & ~m.waiting[warp]) return;
  for (uint32_t left = members; left; left &= left - 1) {
    const thread *t = of + __builtin_ctz(left);
    if (t->kind != of[lane].kind || t->mask != of[lane].mask) return;
  }
  const uint64_t votes = ballot(warp, members);
  for (uint32_t left = members; left; left &= left - 1) {
    thread *t = of + __builtin_ctz(left);
    t->taken = taken_by(t, warp, members, votes);
  }
  m.waiting[warp] &= ~members;
  make_ready(warp, members);
}

uint64_t tc_emulate_warp(tc_emulated_warp kind, unsigned mask, unsigned source, uint64_t value) {
  if (m.launch->flat) return fault(LAUNCH_FAILURE, "a warp's function in a flat kernel"), value;
  const unsigned warp = m.current / WARP, lane = m.current % WARP;
  if (!(mask >> lane & 1)) fault(LAUNCH_FAILURE, "a lane that is not in its own mask");
  thread *t = &m.threads[m.current];
  t->kind = kind;
  t->mask = mask;
  t->source = source;
  t->value = value;
  m.waiting[warp] |= 1U << lane;
  meet(warp, lane);
  hand_over(m.current, false);
  return t->taken;
}

unsigned tc_emulate_lane(void) { return m.launch->flat ? 0 : m.current % WARP; }
unsigned tc_emulate_active(void) { return m.launch->flat ? 1 : ~m.gone[m.current / WARP]; }

// ---- blocks ------------------------------------------------------------------------------------

static void release_block() {
  const unsigned n = m.predicates;
  m.result = m.barrier == TC_EMULATED_COUNT ? (int)n
             : m.barrier == TC_EMULATED_AND ? n == m.count
                                            : n > 0;
  m.arrived = m.predicates = 0;
  m.phase++;
  draw_turns();
  for (unsigned warp = 0; warp < m.warps; warp++) make_ready(warp, ~m.gone[warp]);
  m.current = m.warps_back ? m.count - 1 : 0;
}

int tc_emulate_barrier(tc_emulated_barrier kind, int predicate) {
  if (m.launch->flat) return fault(LAUNCH_FAILURE, "a barrier in a flat kernel"), 0;
  if (m.arrived && m.barrier != kind) fault(LAUNCH_FAILURE, "different barriers meet");
  const unsigned self = m.current;
  m.barrier = kind;
  m.predicates += predicate != 0;
  if (++m.arrived == m.count) release_block();
  hand_over(self, false);
  return m.result;
}

// ---- shared memory -----------------------------------------------------------------------------

// By turns: not a number; large; large and negative. A sum, a maximum or a minimum shows one of them.
static int poison() {
  static const unsigned char bytes[] = {0xFF, 0x7B, 0xFB};
  return bytes[(m.number + m.block) % sizeof bytes];
}

void *tc_emulate_shared(tc_emulated_site *site, size_t bytes, size_t alignment) {
  if (m.launch->flat) fault(LAUNCH_FAILURE, "shared memory in a flat kernel");
  if (site->launch == m.number) return site->memory;
  void *memory = shared_add(bytes, alignment, poison());
  if (!memory) fault(INVALID_VALUE, "more shared memory than a block has");
  *site = {m.number, memory};
  return memory;
}

void *tc_emulate_dynamic(void) { return shared_first(); }

// ---- a launch ----------------------------------------------------------------------------------

static inline unsigned turn(unsigned i, unsigned n, bool back) { return back ? n - 1 - i : i; }

// Where a fiber starts and ends. Returning may be what others of the warp wait for.
static void run_thread() {
  fiber_begin(&m.home);
  m.launch->thread(m.launch);
  const unsigned warp = m.current / WARP;
  m.gone[warp] |= 1U << m.current % WARP;
  m.left++;
  for (uint32_t waiting = m.waiting[warp]; waiting; waiting &= waiting - 1)
    if (m.waiting[warp] >> __builtin_ctz(waiting) & 1) meet(warp, (unsigned)__builtin_ctz(waiting));
  hand_over(m.current, true);
}

static void make_threads() {
  for (unsigned i = 0; i < m.count; i++)
    fiber_make(&m.threads[i].f, m.stacks + (size_t)i * FIBER_STACK, i, run_thread);
  for (unsigned warp = 0; warp < m.warps; warp++) {
    const unsigned lanes = m.count - warp * WARP;
    m.gone[warp] = lanes < WARP ? ~0U << lanes : 0;
    m.waiting[warp] = m.ready[warp] = 0;
    make_ready(warp, ~m.gone[warp]);
  }
}

static void report_hang() {
  char text[128];
  snprintf(text, sizeof text, "%u of %u threads wait at a %s that the others do not reach",
           m.count - m.left, m.count, m.arrived ? "barrier" : "point of their warp");
  tc_emulate_fail(LAUNCH_TIMEOUT, "%s: block (%u, %u, %u): %s", m.launch->text, blockIdx.x,
                  blockIdx.y, blockIdx.z, text);
  m.failed = true;
}

static void run_block() {
  m.left = m.arrived = m.predicates = m.phase = 0;
  make_threads();
  draw_turns();
  shared_poison(poison());
  m.current = m.warps_back ? m.count - 1 : 0;
  take_next(&m.current);
  threadIdx = m.threads[m.current].index;
  fiber_switch(&m.home, &m.threads[m.current].f, false);
  if (m.failed) return;
  if (m.left < m.count) report_hang();
  else if (!shared_is_whole()) {
    tc_emulate_fail(LAUNCH_FAILURE, "%s: a write outside of shared memory", m.launch->text);
    m.failed = true;
  }
}

static void run_flat_block() {
  const bool back = draw(m.block + 1, 0) & 1;
  for (unsigned z = 0; z < blockDim.z; z++)
    for (unsigned y = 0; y < blockDim.y; y++)
      for (unsigned x = 0; x < blockDim.x && !m.failed; x++) {
        threadIdx = {turn(x, blockDim.x, back), turn(y, blockDim.y, back),
                     turn(z, blockDim.z, back)};
        m.launch->thread(m.launch);
      }
}

static void run_grid() {
  const bool back = draw(0, 0) & 1;
  void (*const run)() = m.launch->flat ? run_flat_block : run_block;
  m.block = 0;
  for (unsigned z = 0; z < gridDim.z; z++)
    for (unsigned y = 0; y < gridDim.y; y++)
      for (unsigned x = 0; x < gridDim.x && !m.failed; x++, m.block++) {
        blockIdx = {turn(x, gridDim.x, back), turn(y, gridDim.y, back), turn(z, gridDim.z, back)};
        run();
      }
}

// What does not change from block to block.
static void prepare(const tc_emulated *launch) {
  m.launch = launch;
  m.number++;
  m.failed = false;
  m.count = launch->block.x * launch->block.y * launch->block.z;
  m.warps = (m.count + WARP - 1) / WARP;
  m.ready_warps = 0;
  gridDim = launch->grid;
  blockDim = launch->block;
  for (unsigned i = 0; i < m.count; i++)
    m.threads[i].index = {i % blockDim.x, i / blockDim.x % blockDim.y, i / blockDim.x / blockDim.y};
  shared_clear();
  if (!launch->flat) shared_add(launch->dynamic, SHARED_ALIGNMENT, poison());
}

// Could a card of today start this?
static bool fits(const tc_emulated *l) {
  const uint64_t threads = (uint64_t)l->block.x * l->block.y * l->block.z;
  const bool grid = l->grid.x && l->grid.y && l->grid.z && l->grid.x <= INT32_MAX &&
                    l->grid.y <= UINT16_MAX && l->grid.z <= UINT16_MAX;
  return grid && threads && l->block.x <= THREADS && l->block.y <= THREADS && l->block.z <= 64 &&
         threads <= THREADS && l->dynamic <= SHARED_BYTES;
}

extern "C" void tc_emulate_run(void *context) {
  const auto *launch = static_cast<const tc_emulated *>(context);
  const std::lock_guard<std::mutex> lock(one_launch);
  if (!fits(launch))
    return tc_emulate_fail(INVALID_CONFIGURATION, "%s: no card takes this grid, block or memory",
                           launch->text);
  if (!m.stacks && !(m.stacks = fiber_stacks(THREADS)))
    return tc_emulate_fail(INVALID_VALUE, "no memory for the stacks of %d fibers", THREADS);
  prepare(launch);
  run_grid();
}

// ---- where there are no streams ----------------------------------------------------------------

extern "C" __attribute__((weak)) struct CUstream_st *tc_stream(void) { return NULL; }

extern "C" __attribute__((weak)) void tc_emulate_submit(void *, void (*run)(void *), void *context,
                                                        void (*drop)(void *)) {
  run(context);
  drop(context);
}
