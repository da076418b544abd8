#!/usr/bin/env bash
# The tests against a build with address and undefined-behaviour sanitizers: dev/debug.sh FOLDER.
# Ends with the totals of every part and one line; status 1 when anything failed.
#
# Everything runs with the SIMD variant this machine takes by itself; the kernels' specs (registry and
# golden values, which call every operation) also with the others it can run. The sanitizer has to
# come before lua5.4, hence the preload. Leaks are not counted while busted runs, since it starts
# compilers and shells that leave memory to the system; dev/leaks.lua looks for them, and
# dev/leaks.supp leaves out only the thread pools of OpenMP and OpenBLAS, which live as long as the
# process. Small tensors lie inside their userdata, where the sanitizer cannot tell one from the
# next: TOCHA_SMALL=0 gives each of them memory of its own.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

export TOCHA_BUILD=$1 TOCHA_DEBUG=1 TOCHA_TIMEOUT=1200 TOCHA_SMALL=0
preload=LD_PRELOAD=$(gcc -print-file-name=libasan.so):$(gcc -print-file-name=libubsan.so)
# gcc 12 puts frames that it moves off the stack at 32 bytes, where vectors of 64 need 64.
asan=detect_stack_use_after_return=0:allocator_may_return_null=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
summary=() status=0

note() {  # note STATUS NAME [totals]
  if [ "$1" = 0 ]; then summary+=("ok    $2 ${3:-}"); else summary+=("FAIL  $2 ${3:-}") status=1; fi
}

can_run() {
  case $1 in
    v2) true ;;
    avx2) grep -qw avx2 /proc/cpuinfo ;;
    avx512) grep -qw avx512dq /proc/cpuinfo && grep -qw avx512vl /proc/cpuinfo ;;
  esac
}

echo "== leaks"
env "$preload" ASAN_OPTIONS=$asan:detect_leaks=1 LSAN_OPTIONS=suppressions=dev/leaks.supp \
  bin/tocha dev/leaks.lua
note $? "leaks"

log=$(mktemp) tools=$(mktemp -d)
trap 'rm -rf "$log" "$tools"' EXIT
# The curl command waits for itself for ever in setlocale when the sanitizer is loaded before it.
if curl=$(command -v curl); then
  printf '#!/bin/sh\nunset LD_PRELOAD\nexec "%s" "$@"\n' "$curl" >"$tools/curl"
  chmod +x "$tools/curl"
  PATH=$tools:$PATH
fi
totals() { grep -aE '[0-9]+ (success|passed)' "$log" | tail -n 1; }

export TOCHA_RUN="env $preload ASAN_OPTIONS=$asan:detect_leaks=0"
own=$($TOCHA_RUN bin/tocha -e 'print(tocha.simd())')
for simd in v2 avx2 avx512; do
  if [ "$simd" = "$own" ] || ! can_run "$simd"; then continue; fi
  echo "== registry and golden values, $simd"
  TOCHA_SIMD=$simd $TOCHA_RUN busted spec/registry_spec.lua spec/golden_spec.lua 2>&1 | tee "$log"
  note "${PIPESTATUS[0]}" "registry and golden values, $simd:" "$(totals)"
done

dev/test.sh 2>&1 | tee "$log"
note "${PIPESTATUS[0]}" "everything, $own:" "$(totals)"

printf '\n== make debug\n'
printf '%s\n' "${summary[@]}"
exit $status
