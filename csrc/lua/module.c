// require "tocha.core"
#include "tl.h"

__attribute__((visibility("default"))) int luaopen_tocha_core(lua_State *L);
int luaopen_tocha_core(lua_State *L) {
  tc_init();
  lua_newtable(L);
  tl_error_open(L);
  tl_tensor_open(L);
  tl_convert_open(L);
  tl_pointwise_open(L);
  tl_tape_open(L);
  tl_call_open(L);
  tl_api_open(L);
  return 1;
}
