#!/usr/bin/env bash
# Runs the measurements, one after the other; each prints its own measures. PYTHON names a Python with
# PyTorch, for those that compare with it.
set -euo pipefail
cd "$(dirname "$0")/.."

export PYTHON=${PYTHON:-$(command -v /opt/torch/bin/python || command -v python3 || true)}
for bench in bench/memory.lua bench/run.lua; do
  echo "== $bench"
  bin/tocha "$bench"
done
