// A fiber: a stack, and the switch from one to another. Of the emulation alone (emulate.cc).
//
// The switch of x86-64 saves what a called function must keep and nothing else, no signal mask: some
// nanoseconds, where swapcontext takes two system calls. Other machines take swapcontext. Stacks are
// mapped once, with a page without access below each.
#ifndef TC_CUDA_EMULATE_FIBER_H
#define TC_CUDA_EMULATE_FIBER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__x86_64__) && !defined(TC_UCONTEXT)
#define TC_FIBER_ASSEMBLY
#else
#include <ucontext.h>
#endif

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
enum { FIBER_STACK = 512 * 1024 };
#else
enum { FIBER_STACK = 128 * 1024 };
#endif

struct fiber {
#ifdef TC_FIBER_ASSEMBLY
  void *sp;
#else
  ucontext_t context;
#endif
  const void *stack;  // its lowest byte, NULL for the thread's own
  size_t bytes;
};

// The lowest byte of the first of `n` stacks that follow one another; NULL where there is no memory.
static char *fiber_stacks(size_t n) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  void *all = mmap(NULL, n * FIBER_STACK, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (all == MAP_FAILED) return NULL;
  for (size_t i = 0; i < n; i++) mprotect((char *)all + i * FIBER_STACK, page, PROT_NONE);
  return (char *)all;
}

#ifdef TC_FIBER_ASSEMBLY
extern "C" void tc_fiber_swap(void **from, void *to);
asm(".text\n"
    ".hidden tc_fiber_swap\n"
    ".globl tc_fiber_swap\n"
    ".type tc_fiber_swap, @function\n"
    "tc_fiber_swap:\n"
    "  pushq %rbp\n  pushq %rbx\n  pushq %r12\n  pushq %r13\n  pushq %r14\n  pushq %r15\n"
    "  movq %rsp, (%rdi)\n"
    "  movq %rsi, %rsp\n"
    "  popq %r15\n  popq %r14\n  popq %r13\n  popq %r12\n  popq %rbx\n  popq %rbp\n"
    "  ret\n"
    ".size tc_fiber_swap, . - tc_fiber_swap\n");
#endif

// Prepares a fiber that starts in `entry`, which must not return. Tops of stacks are spread over the
// lines of a page: all would fall into one set of the cache otherwise.
static void fiber_make(fiber *f, char *stack, size_t index, void (*entry)()) {
  f->stack = stack;
  f->bytes = FIBER_STACK - index % 32 * 128;
#ifdef TC_FIBER_ASSEMBLY
  enum { SAVED = 6 };
  void **top = (void **)(stack + f->bytes);
  top[-1] = NULL;  // where entry would return to
  top[-2] = (void *)entry;
  for (int i = 0; i < SAVED; i++) top[-3 - i] = NULL;
  f->sp = top - 2 - SAVED;
#else
  getcontext(&f->context);
  f->context.uc_stack.ss_sp = stack;
  f->context.uc_stack.ss_size = f->bytes;
  f->context.uc_link = NULL;
  makecontext(&f->context, entry, 0);
#endif
}

// The sanitizer wants to know of every switch; where `from` ended, it frees what it kept for it.
static inline void fiber_switch(fiber *from, fiber *to, bool ended) {
#ifdef __SANITIZE_ADDRESS__
  void *kept = NULL;
  __sanitizer_start_switch_fiber(ended ? NULL : &kept, to->stack, to->bytes);
#endif
#ifdef TC_FIBER_ASSEMBLY
  tc_fiber_swap(&from->sp, to->sp);
#else
  swapcontext(&from->context, &to->context);
#endif
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_finish_switch_fiber(kept, NULL, NULL);
#endif
  (void)ended;
}

// The first thing in a fiber. Tells the sanitizer's record of the thread's own stack to `home`.
static inline void fiber_begin(fiber *home) {
#ifdef __SANITIZE_ADDRESS__
  const void *stack;
  size_t bytes;
  __sanitizer_finish_switch_fiber(NULL, &stack, &bytes);
  if (!home->stack) home->stack = stack, home->bytes = bytes;
#endif
  (void)home;
}

#endif
