#!/usr/bin/env bash
# Runs every bench/*.lua, one after the other; each prints its own measures. PYTHON names a Python with
# PyTorch, for those that compare with it.
set -euo pipefail
cd "$(dirname "$0")/.."

export PYTHON=${PYTHON:-$(command -v /opt/torch/bin/python || command -v python3 || true)}
shopt -s nullglob
for bench in bench/*.lua; do
  echo "== $bench"
  bin/tocha "$bench"
done
