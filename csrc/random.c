// The generator behind every random number: stateless, so that element i is the same whoever asks,
// in whatever order, on whatever device.
#include "philox.h"
#include "tocha.h"

void tc_philox(uint64_t seed, uint64_t block, uint32_t out[4]) {
  tc_philox_stream(seed, block, 0, out);
}
