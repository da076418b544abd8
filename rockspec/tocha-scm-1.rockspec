rockspec_format = "3.0"
package = "tocha"
version = "scm-1"

source = {
  url = "git+file://.",  -- a checkout: luarocks make rockspec/tocha-scm-1.rockspec
}

description = {
  summary = "Deep learning in Lua: tensors, automatic differentiation, layers, optimisers",
  detailed = [[
    Tensors, automatic differentiation, layers, optimisers, data and training loops for Lua 5.4,
    computed by C kernels for the CPU. Needs CMake, a C compiler, OpenBLAS and its headers.]],
  license = "MIT",
}

supported_platforms = { "linux" }

dependencies = {
  "lua ~> 5.4",
}

build = {
  type = "cmake",
  variables = {
    CMAKE_INSTALL_PREFIX = "$(PREFIX)",
    CMAKE_BUILD_TYPE = "Release",
    LUA_INCDIR = "$(LUA_INCDIR)",
    TOCHA_LUA_DIR = "$(LUADIR)",
    TOCHA_LIB_DIR = "$(LIBDIR)",
    TOCHA_BIN_DIR = "$(BINDIR)",
  },
}

test = {
  type = "command",
  command = "make test",
}
