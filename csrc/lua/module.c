// require "tocha.core"
#define _POSIX_C_SOURCE 199309L
#include <stdlib.h>
#include <time.h>

#include "tl.h"

// clock(): seconds of a clock that only goes forward.
static int clock_now(lua_State *L) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  lua_pushnumber(L, (lua_Number)t.tv_sec + 1e-9 * (lua_Number)t.tv_nsec);
  return 1;
}

__attribute__((visibility("default"))) int luaopen_tocha_core(lua_State *L);
int luaopen_tocha_core(lua_State *L) {
  tc_init();
#ifdef TC_DEBUG  // with 0, every tensor has memory that the sanitizer can tell from the next
  const char *limit = getenv("TOCHA_SMALL");
  if (limit) tl_set_small_limit(strtoul(limit, NULL, 10));
#endif
  tl_collector_open(L);
  lua_newtable(L);
  lua_pushcfunction(L, clock_now);
  lua_setfield(L, -2, "clock");
  tl_error_open(L);
  tl_core_open(L);
  tl_tensor_open(L);
  tl_convert_open(L);
  tl_device_open(L);
  tl_cuda_open(L);
  tl_pointwise_open(L);
  tl_autograd_open(L);
  tl_node_open(L);
  tl_sweep_open(L);
  tl_call_open(L);
  tl_direct_open(L);
  tl_symbolic_open(L);
  tl_trace_open(L);
  tl_profile_open(L);
  tl_autocast_open(L);
  tl_api_open(L);
  tl_system_open(L);
  tl_random_open(L);
  tl_graph_open(L);
  tl_interrupt_open(L);
  tl_channel_open(L);
  tl_thread_open(L);
  return 1;
}
