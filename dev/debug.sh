#!/usr/bin/env bash
# The tests against a build with address and undefined-behaviour sanitizers: dev/debug.sh FOLDER.
#
# The sanitizer has to come before lua5.4, hence the preload. Leaks are not counted while busted runs,
# since it starts compilers and shells that leave memory to the system; dev/leaks.lua looks for them.
set -euo pipefail
cd "$(dirname "$0")/.."

export TOCHA_BUILD=$1 TOCHA_DEBUG=1 TOCHA_TIMEOUT=1200
preload=LD_PRELOAD=$(gcc -print-file-name=libasan.so):$(gcc -print-file-name=libubsan.so)
asan=detect_stack_use_after_return=1:allocator_may_return_null=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1

echo "== leaks"
env "$preload" ASAN_OPTIONS=$asan:detect_leaks=1 LSAN_OPTIONS=suppressions=dev/leaks.supp \
  bin/tocha dev/leaks.lua

export TOCHA_RUN="env $preload ASAN_OPTIONS=$asan:detect_leaks=0"
dev/test.sh
