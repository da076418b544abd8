#!/usr/bin/env bash
# What must hold of the CUDA library without a card: every kernel file compiles for the oldest, the
# usual and the newest architecture that are served, none of its kernels spills registers, and the
# library depends on no CUDA library. Says one line for each; status 1 when something does not hold.
#
#   dev/cuda-gate.sh [BUILD] [ARCH...]        build, and 80 90 120 unless told
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

build=${1:-build}
archs=${*:2}
archs=${archs:-80 90 120}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
nvcc=$(sed -n 's/^NVCC:FILEPATH=//p' "$build/CMakeCache.txt")
[ -x "$nvcc" ] || { echo "skipped: no CUDA toolkit"; exit 0; }

# ARCH:KERNEL that may spill, and why. Attention's gradient of keys on sm_80: 32 to 64 bytes outside of
# its inner loop; with more registers only one block would fit a multiprocessor.
MAY_SPILL='^80:.*key_grad'

# ARCH FILE: the report of ptxas goes to SCRATCH/ARCH-NAME.log. ccache keeps no reports.
compile_one() {
  local name log
  name=$(basename "$2" .cu)
  log=$scratch/$1-$name.log
  "$nvcc" -std=c++17 "-arch=sm_$1" --expt-relaxed-constexpr --extended-lambda -diag-suppress=177 \
    -Xptxas -v -Icsrc -cubin "$2" -o /dev/null >"$log" 2>&1 || echo "does not compile" >>"$log"
}

# "Compiling entry function 'NAME'", then "... N bytes spill stores, ..." of it and what it calls.
spills() {
  awk -F"'" '/Compiling entry function/ { name = $2 }
    match($0, /[0-9]+ bytes spill stores/) && substr($0, RSTART) + 0 > 0 { print name }' "$@" |
    sort -u
}

status=0
export -f compile_one
export scratch nvcc
for arch in $archs; do
  printf '%s\n' csrc/cuda/*.cu | xargs -P "${JOBS:-$(nproc)}" -I{} bash -c "compile_one $arch {}"
  broken=$(grep -l "does not compile" "$scratch/$arch"-*.log)
  spilling=$(spills "$scratch/$arch"-*.log | sed "s/^/$arch:/" | grep -Ev "$MAY_SPILL" | c++filt | head -n 20)
  if [ -n "$broken$spilling" ]; then
    echo "FAIL  sm_$arch"
    [ -z "$broken" ] || tail -n 20 $broken
    [ -z "$spilling" ] || printf 'spills registers: %s\n' "$spilling"
    status=1
  else
    echo "ok    sm_$arch: $(cat "$scratch/$arch"-*.log | grep -c 'Compiling entry') kernels, no spills"
  fi
done

needed=$(readelf -d "$build/tocha/backend_cuda.so" | sed -nE 's/.*NEEDED.*\[(.*)\]/\1/p')
if grep -Eq 'cuda|cublas|cudnn|nccl|nvrtc' <<<"$needed"; then
  echo "FAIL  backend_cuda.so depends on" $needed
  status=1
else
  echo "ok    backend_cuda.so depends on" $needed
fi
exit $status
