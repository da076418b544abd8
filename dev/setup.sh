#!/usr/bin/env bash
# Installs what Tocha needs and this machine lacks: `dev/setup.sh build | test | lint` (each also what
# comes before it). Debian and Ubuntu, as root or through sudo; elsewhere, or where that fails, it
# prints what to run and ends with status 1. With nothing to install it takes milliseconds.
set -euo pipefail

want=${1:-build}
missing=()

have() { command -v "$1" >/dev/null 2>&1; }
need() { if ! "${@:2}"; then missing+=("$1"); fi; }  # need PACKAGE a command that tells
any_compiler() { have "${CC:-cc}" || have gcc || have clang; }
header() { [ -e "/usr/include/$1" ] || ! have dpkg; }
in_pkgconfig() { have pkg-config && pkg-config --exists "$1"; }
omp_for_clang() { ! have clang || echo '#include <omp.h>' | clang -fopenmp -fsyntax-only -xc - 2>/dev/null; }

# What the optional modules (csrc/lua/ext) are made of; the tests try them all.
need_optional() {
  need "zlib1g-dev" in_pkgconfig zlib
  need "libpng-dev" in_pkgconfig libpng
  need "libjpeg-dev" in_pkgconfig libjpeg
  need "libgif-dev" header gif_lib.h
  need "libwebp-dev" in_pkgconfig libwebp
  need "libhdf5-dev" in_pkgconfig hdf5
  need "libcurl4-openssl-dev" in_pkgconfig libcurl
  need "libcairo2-dev" in_pkgconfig cairo
  need "libedit-dev" in_pkgconfig libedit
}

find_missing() {
  need "lua5.4" have lua5.4
  need "liblua5.4-dev" in_pkgconfig lua5.4
  need "libopenblas-openmp-dev" in_pkgconfig openblas
  need "pkg-config" have pkg-config
  need "cmake" have cmake
  need "gcc" any_compiler
  need "libc6-dev" header stdio.h
  if [ "$want" = build ]; then return; fi
  need_optional
  need "lua-busted" have busted
  need "luarocks" have luarocks
  if [ "$want" = test ]; then return; fi
  need "lua-check" have luacheck
  need "clang-format" have clang-format
  need "libomp-dev" omp_for_clang
}

is_debian() { have apt-get && grep -qE '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release 2>/dev/null; }

other_system() {
  echo "Tocha needs Lua 5.4 with its headers, OpenBLAS, CMake, pkg-config and a C compiler;"
  echo "its tests need busted and luarocks, 'make lint' needs luacheck and clang-format."
  echo "Missing here, by the names of Debian's packages: ${missing[*]}"
  if have dnf; then
    echo "  sudo dnf install lua lua-devel openblas-devel cmake gcc pkgconf luarocks clang-tools-extra"
  elif have pacman; then
    echo "  sudo pacman -S lua54 openblas cmake gcc pkgconf luarocks clang"
  fi
  exit 1
}

install() { "$@" apt-get update && "$@" apt-get install -y --no-install-recommends "${missing[@]}"; }

# The name of who may install: "env" for root, sudo (which may ask, at a terminal), or nothing.
installer() {
  if [ "$(id -u)" = 0 ]; then echo "env DEBIAN_FRONTEND=noninteractive"; return; fi
  if ! have sudo; then return; fi
  if [ -t 0 ] || sudo -n true 2>/dev/null; then echo "sudo env DEBIAN_FRONTEND=noninteractive"; fi
}

find_missing
if [ ${#missing[@]} = 0 ]; then exit 0; fi
if ! is_debian; then other_system >&2; fi
echo "installing ${missing[*]}"
as=$(installer)
if [ -n "$as" ] && install $as; then exit 0; fi
echo "Could not install what is missing. As root, run:" >&2
echo "  apt-get update && apt-get install -y ${missing[*]}" >&2
exit 1
