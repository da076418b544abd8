#!/usr/bin/env bash
# dev/bench.sh              every workload beside PyTorch's, then growth and memory
# dev/bench.sh NAME[,NAME]  these workloads; `growth`, `memory`, `pictures` and `profile:NAME` are names too
# TOCHA_PEER names a Python with PyTorch; bench/run.lua tells of the other variables.
set -euo pipefail
cd "$(dirname "$0")/.."

export TOCHA_PEER=${TOCHA_PEER:-python3}

names=${1:-}
rows=()
parts=()
for name in ${names//,/ }; do
  case $name in
    growth | memory | pictures) parts+=("$name") ;;
    profile:*) parts+=("profile ${name#profile:}") ;;
    *) rows+=("$name") ;;
  esac
done
[ -n "$names" ] || parts=(growth memory)

if [ ${#rows[@]} -gt 0 ] || [ -z "$names" ]; then bin/tocha bench/run.lua "${rows[@]}"; fi
for part in "${parts[@]}"; do bin/tocha "bench/${part%% *}.lua" ${part#"${part%% *}"}; done
