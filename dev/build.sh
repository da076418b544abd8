#!/usr/bin/env bash
# Configures where needed and compiles: dev/build.sh FOLDER JOBS [-DOPTION=...]. Says little when all
# is well, everything when it is not.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$1 jobs=$2
shift 2

configure() {
  local log
  log=$(cmake -S . -B "$folder" "$@" 2>&1) || { echo "$log" >&2; exit 1; }
}

# A second configuration with the same options would only cost time.
if [ ! -f "$folder/CMakeCache.txt" ] || [ "$(cat "$folder/.options" 2>/dev/null)" != "$*" ]; then
  configure "$@"
  echo "$*" >"$folder/.options"
fi

# Lines of progress are for people; a log gets the warnings and errors.
if [ -t 1 ]; then
  cmake --build "$folder" --parallel "$jobs"
else
  log=$(cmake --build "$folder" --parallel "$jobs" 2>&1) || { echo "$log" >&2; exit 1; }
  grep -E -A8 'warning:' <<<"$log" || true
fi
