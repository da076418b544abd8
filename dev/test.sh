#!/usr/bin/env bash
# Every test there is, then one line: N passed, N failed, N skipped. Status 1 when something failed.
#
# `dev/test.sh quick`: only busted's suite, without what is tagged slow (`make check`).
#
# The parts: busted's suite, the checks in C, the examples in smoke size (TOCHA_SMOKE=1), the code
# blocks of README.md and docs/guide, the rock. TOCHA_BUILD names the build folder, TOCHA_RUN goes
# before every command (dev/debug.sh preloads the sanitizer with it).
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
build=${TOCHA_BUILD:-build}
case $build in /*) ;; *) build=$root/$build ;; esac
export TOCHA_BUILD=$build
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0 skipped=0

title() { printf '\n== %s\n' "$1"; }

add() { passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3)); }

# One test that is a command: its output is shown when it fails.
try() {
  local name=$1 log=$scratch/log start=$SECONDS
  shift
  if (cd "$scratch" && timeout "${TOCHA_TIMEOUT:-300}" "$@") >"$log" 2>&1 </dev/null; then
    echo "ok    $name ($((SECONDS - start)) s)"
    add 1 0 0
  else
    echo "FAIL  $name, status $?"
    sed 's/^/      /' "$log"
    add 0 1 0
  fi
}

skip() { echo "skip  $1: $2" && add 0 0 1; }

# "12 successes / 0 failures / 1 error / 0 pending : 3.2 seconds"
busted_totals() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | sed -nE \
    's,^([0-9]+) success(es)? / ([0-9]+) failures? / ([0-9]+) errors? / ([0-9]+) pending.*,\1 \3 \4 \5,p' |
    tail -n 1
}

# A process for each file: no spec sees what another left, and collections stay short. One of them, in
# a subshell of xargs: what it said goes to FILE.log, how it ended and how long it took to FILE.end.
one_spec() {
  local name=$1 log status=0 start=$SECONDS
  log=$scratch/${1##*/}
  timeout "${TOCHA_TIMEOUT:-900}" ${TOCHA_RUN:-} busted --lua=lua5.4 -o plainTerminal $quick "$name" \
    >"$log.log" 2>&1 </dev/null || status=$?
  echo "$status $((SECONDS - start))" >"$log.end"
}

report_spec() {
  local log=$scratch/${1##*/} status time ok="" wrong=0 broken=0 waiting=0
  read -r status time <"$log.end"
  read -r ok wrong broken waiting <<<"$(busted_totals "$log.log")" || true
  if [ -n "$ok" ] && [ "$status" = 0 ]; then
    echo "ok    $1: $ok passed ($time s)"
  else
    echo "FAIL  $1, status $status: ${ok:-0} passed"
    grep -avE '^[+-]{20,}$' "$log.log" | tail -n 200 | sed 's/^/      /'
    [ -n "$ok" ] && [ $((wrong + broken)) -gt 0 ] || broken=$((broken + 1))
  fi
  add "${ok:-0}" $((wrong + broken)) "${waiting:-0}"
}

# As many at once as there are processors; reported in order.
run_busted() {
  title "busted"
  export -f one_spec
  export scratch quick
  printf '%s\n' spec/*_spec.lua | xargs -P "${JOBS:-$(nproc)}" -I{} bash -c 'one_spec {}'
  for spec in spec/*_spec.lua; do report_spec "$spec"; done
  echo "busted: $passed successes, $failed failures and errors, $skipped pending"
}

# Can this machine run what was compiled for the level?
runs_level() {
  case $1 in
    avx2) grep -qw avx2 /proc/cpuinfo ;;
    avx512) grep -qw avx512dq /proc/cpuinfo && grep -qw avx512vl /proc/cpuinfo ;;
  esac
}

run_checks() {
  title "checks in C"
  for check in "$build"/c/*_check_*; do
    [ -x "$check" ] || continue
    if runs_level "${check##*_}"; then try "${check##*/}" "$check"
    else skip "${check##*/}" "not on this processor"; fi
  done
  if [ -x "$build/c/oom" ]; then try "oom" "$build/c/oom" "$root/lua" "$build" ${TOCHA_OOM:-}; fi
}

# Every kernel for three architectures, which takes minutes of compiling.
run_cuda_gate() {
  title "CUDA kernels without a card"
  if [ -n "${TOCHA_RUN:-}" ]; then return; fi
  if [ ! -f "$build/tocha/backend_cuda.so" ]; then skip "cuda-gate" "no CUDA toolkit"
  else TOCHA_TIMEOUT=2400 try "three architectures, no spills" "$root/dev/cuda-gate.sh" "$build"; fi
}

run_examples() {
  title "examples"
  for example in examples/*.lua examples/*/*.lua; do
    [ -f "$example" ] || continue
    try "$example" ${TOCHA_RUN:-} env TOCHA_SMOKE=1 "$root/bin/tocha" "$root/$example"
  done
}

run_blocks() {
  title "code blocks of README and guide"
  local log=$scratch/blocks
  (cd "$scratch" && ${TOCHA_RUN:-} "$root/bin/tocha" "$root/dev/run-blocks.lua" "$root/README.md" \
    "$root"/docs/guide/*.md "$root"/docs/guide/*/*.md) 2>&1 </dev/null | tee "$log" || true
  read -r ok wrong left <<<"$(sed -nE 's/^blocks: ([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p' "$log")" || true
  if [ -n "${left:-}" ]; then add "$ok" "$wrong" "$left"
  else echo "FAIL  the blocks ended early" && add 0 1 0; fi
}

run_rock() {
  title "rock"
  if [ -n "${TOCHA_RUN:-}" ]; then return; fi
  if command -v luarocks >/dev/null; then TOCHA_TIMEOUT=1800 try "luarocks make, and require elsewhere" "$root/dev/rock.sh"
  else skip "rock" "no luarocks"; fi
}

quick=$([ "${1:-}" != quick ] || echo --exclude-tags=slow)
run_busted
if [ -z "$quick" ]; then
  run_checks
  run_cuda_gate
  run_examples
  run_blocks
  run_rock
fi
title "all"
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
