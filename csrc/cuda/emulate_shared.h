// The shared memory of the block that runs. Of the emulation alone (emulate.cc).
//
// Variables lie one after the other with a zone before and behind each: writes next to a variable
// change a zone, and are noticed; those further away are not.
#ifndef TC_CUDA_EMULATE_SHARED_H
#define TC_CUDA_EMULATE_SHARED_H

#include <stddef.h>
#include <string.h>

enum {
  SHARED_BYTES = 227 * 1024,  // what a block may have on sm_90
  SHARED_ZONE = 64,
  SHARED_VARIABLES = 64,
  SHARED_ALIGNMENT = 128,
  SHARED_ROOM = SHARED_BYTES + (SHARED_VARIABLES + 1) * (SHARED_ZONE + SHARED_ALIGNMENT)
};

static const unsigned char shared_zone_byte = 0xA5;

struct shared_memory {
  alignas(128) unsigned char bytes[SHARED_ROOM];
  size_t asked;
  int count;
  struct {
    size_t begin, end;
  } variable[SHARED_VARIABLES];
};
static shared_memory shared;

static void shared_clear() { shared.asked = 0, shared.count = 0; }

static void *shared_first() { return shared.bytes + shared.variable[0].begin; }

// A new variable; NULL where a block has no room for it.
static void *shared_add(size_t bytes, size_t alignment, int poison) {
  shared.asked += bytes;
  if (shared.asked > SHARED_BYTES || shared.count == SHARED_VARIABLES) return NULL;
  if (alignment > SHARED_ALIGNMENT) return NULL;
  const size_t used = shared.count ? shared.variable[shared.count - 1].end : 0;
  const size_t begin = (used + SHARED_ZONE + alignment - 1) / alignment * alignment;
  memset(shared.bytes + used, shared_zone_byte, begin + bytes + SHARED_ZONE - used);
  memset(shared.bytes + begin, poison, bytes);
  shared.variable[shared.count].begin = begin;
  shared.variable[shared.count++].end = begin + bytes;
  return shared.bytes + begin;
}

static void shared_poison(int byte) {
  for (int k = 0; k < shared.count; k++)
    memset(shared.bytes + shared.variable[k].begin, byte,
           shared.variable[k].end - shared.variable[k].begin);
}

static bool shared_zone_is_whole(size_t begin, size_t end) {
  for (size_t i = begin; i < end; i++)
    if (shared.bytes[i] != shared_zone_byte) return false;
  return true;
}

// Are all zones as they were?
static bool shared_is_whole() {
  size_t begin = 0;
  for (int k = 0; k < shared.count; begin = shared.variable[k++].end)
    if (!shared_zone_is_whole(begin, shared.variable[k].begin)) return false;
  return shared_zone_is_whole(begin, begin + SHARED_ZONE);
}

#endif
