#!/usr/bin/env bash
# Style and warnings, all of them errors: luacheck, clang-format, a build with gcc and with clang.
# A part whose tool is absent is named and left out. Every part runs; status 1 when one failed.
# `dev/lint.sh format` only rewrites the C files as clang-format has them.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

status=0
fail() { echo "FAIL  $1"; status=1; }

part() {  # part tool command...
  if ! command -v "$1" >/dev/null; then echo "skip  $1 is not here"; return; fi
  if "${@:2}"; then echo "ok    $1"; else fail "$1"; fi
}

c_files() { find csrc spec/c spec/cuda include -name '*.[ch]' -o -name '*.cu' -o -name '*.cc'; }
format() { c_files | xargs clang-format --dry-run -Werror; }
scripts() { shellcheck -S warning dev/*.sh .ci/run; }

build_with() {
  CC=$1 dev/build.sh "build-lint-$1" "${JOBS:-$(nproc)}" "-DCMAKE_C_COMPILER=$1" -DWERROR=ON -DCHECKS=ON
}

if [ "${1:-}" = format ]; then c_files | xargs clang-format -i; exit; fi
part luacheck luacheck -q --no-color lua spec examples bench dev rockspec bin/tocha
part clang-format format
part shellcheck scripts
part gcc build_with gcc
part clang build_with clang
exit $status
