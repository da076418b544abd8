#!/usr/bin/env bash
# Makes the rock in a scratch tree and requires it from another folder with luarocks' paths alone.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
tree=$(mktemp -d)
work=$(mktemp -d)
trap 'rm -rf "$tree" "$work"' EXIT

# luarocks builds inside the folder it is called in: a copy of the sources keeps the checkout clean.
cp -r "$root"/{CMakeLists.txt,LICENSE,README.md,csrc,include,lua,bin,rockspec} "$work"
mkdir -p "$work/examples" && cp -r "$root/examples/data" "$work/examples"
cd "$work"
export CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}
export CCACHE_BASEDIR=$work CCACHE_NOHASHDIR=1
luarocks --lua-version 5.4 --tree "$tree" make rockspec/tocha-scm-1.rockspec

cd /
unset LUA_PATH LUA_CPATH TOCHA_BUILD
eval "$(luarocks --lua-version 5.4 --tree "$tree" path)"
lua5.4 -e 'local tocha = require "tocha"
  local where = package.searchpath("tocha", package.path)
  assert(where:sub(1, #arg[1]) == arg[1], where .. " is not the rock")
  assert((tocha.ones(2, 2) + 1):sum():item() == 8)' - "$tree" </dev/null
[ "$("$tree/bin/tocha" -e 'print(tocha.ones(3):sum():item())')" = 3.0 ]
