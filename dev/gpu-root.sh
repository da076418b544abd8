#!/usr/bin/env bash
# Packs what a bare GPU machine lacks (Lua, busted, OpenBLAS) into .dev/root.tgz, under 15 MB, from
# Debian's packages; dev/gpu-check.sh unpacks it there. Run it here, once; .dev is not committed.
set -euo pipefail
cd "$(dirname "$0")/.."

packages="lua5.4 liblua5.4-0 liblua5.4-dev libreadline8 libopenblas0-pthread libopenblas0
  libopenblas-pthread-dev libopenblas-dev libgfortran5 lua-busted lua-luassert lua-say lua-term
  lua-cliargs lua-system lua-penlight lua-filesystem lua-mediator lua-dkjson lua-any"

mkdir -p .dev/debs
(cd .dev/debs && apt-get download -q $packages)
rm -rf .dev/root
for deb in .dev/debs/*.deb; do dpkg -x "$deb" .dev/root; done
cd .dev/root
# OpenBLAS holds what liblapack.so and libblas.so beside it hold.
lib=usr/lib/x86_64-linux-gnu
# Lua 5.4's folder of modules is links to 5.1's.
rm -rf usr/share/doc usr/share/man usr/share/lintian usr/share/lua/5.[23] $lib/lua/5.[123] $lib/*.a
rm -rf $lib/openblas-pthread/*.a $lib/openblas-pthread/liblapack* $lib/openblas-pthread/libblas*
broken=$(find . -xtype l)
[ -z "$broken" ] || { echo "links to nothing: $broken" >&2; exit 1; }
tar czf ../root.tgz .
ls -l ../root.tgz
