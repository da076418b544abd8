// For checks in C: what does not hold is counted and told, and random numbers are the same every time.
#ifndef TOCHA_SPEC_CHECK_H
#define TOCHA_SPEC_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

static int failures;

static void check(bool holds, const char *what) {
  if (holds) return;
  failures++;
  printf("not so: %s\n", what);
}

static uint64_t random_state = 42;

__attribute__((unused)) static size_t random_below(size_t n) {
  random_state = random_state * 6364136223846793005u + 1442695040888963407u;
  return (size_t)(random_state >> 33) % n;
}

#endif
