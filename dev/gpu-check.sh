#!/usr/bin/env bash
# Proves the CUDA back end on a machine with a GPU: builds, runs the device specs on the card,
# compute-sanitizer on small shapes, then the benchmark against PyTorch, and says in a table what
# came out. Meant to take 8 minutes, `quick` (build and specs) 3.
#
#   dev/gpu-check.sh [quick]        results in $OUT, or build/gpu-check
#   dev/gpu-check.sh dry            the same steps over the emulated device, to try the script
#
# It brings its own Lua, busted and OpenBLAS where the machine has none: dev/gpu-root.sh packs them
# into .dev/root.tgz beforehand. TOCHA_PEER names the Python that has torch (python3).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

mode=${1:-full}
out=${OUT:-$PWD/build/gpu-check}
build=$PWD/build-gpu
root=/tmp/tocha-root
status=0
mkdir -p "$out"

step() { printf '\n== %s (%d s)\n' "$1" "$SECONDS"; }
fail() { echo "FAIL  $1"; status=1; }

if [ "$mode" != dry ] && ! nvidia-smi >/dev/null 2>&1; then
  echo "skipped: this machine has no NVIDIA GPU"
  exit 0
fi

about() {
  {
    date
    git log -1 --format='commit %h %s' 2>/dev/null
    nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader
    nvcc --version | tail -n 1
    nproc
  } >"$out/machine.txt" 2>&1
  cat "$out/machine.txt"
}

# A root of our own: nothing is installed into the machine.
unpack() {
  if command -v busted >/dev/null && command -v lua5.4 >/dev/null; then return; fi
  [ -f .dev/root.tgz ] || { echo "no .dev/root.tgz: run dev/gpu-root.sh where there is a network"; exit 1; }
  mkdir -p "$root" && tar xzf .dev/root.tgz -C "$root"
  local lib=$root/usr/lib/x86_64-linux-gnu
  ln -sf "$lib/openblas-pthread/libopenblas.so.0" "$lib/libopenblas.so.0"
  export PATH=$root/usr/bin:$PATH LD_LIBRARY_PATH=$lib:${LD_LIBRARY_PATH:-}
  export LUA_PATH="$root/usr/share/lua/5.4/?.lua;$root/usr/share/lua/5.4/?/init.lua;;"
  export LUA_CPATH="$lib/lua/5.4/?.so;;"
  lua_options="-DLUA_INCDIR=$root/usr/include/lua5.4 -DOPENBLAS_LINK_LIBRARIES=$lib/libopenblas.so.0"
  lua_options+=" -DOPENBLAS_INCLUDE_DIRS=$root/usr/include/x86_64-linux-gnu/openblas-pthread"
}

# cuDNN and cuBLAS lie in PyTorch's wheels where the toolkit has none.
find_libraries() {
  local python=${TOCHA_PEER:-python3} folders
  folders=$("$python" - <<'P' 2>/dev/null
import glob, site
print(":".join(f for s in site.getsitepackages() for f in glob.glob(s + "/nvidia/*/lib")))
P
)
  export TOCHA_CUDA_LIBDIR=${TOCHA_CUDA_LIBDIR:-$folders}
  headers=$(echo "$folders" | tr : '\n' | sed -n 's,/lib$,/include,p' | tr '\n' ';')
}

compile() {
  step "build"
  local arch
  arch=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null | head -n 1 | tr -d .)
  # shellcheck disable=SC2086
  dev/build.sh "$build" "$(nproc)" "-DCUDA_ARCHS=${arch:-90}" "-DCUDA_HEADERS=$headers" \
    ${lua_options:-} >"$out/build.log" 2>&1 || { tail -n 40 "$out/build.log"; exit 1; }
  export TOCHA_BUILD=$build
}

# busted starts from a file: `lua -e` takes a folder for a script.
run_spec() {
  echo 'require "busted.runner" { standalone = false }' >/tmp/tocha-busted.lua
  ${SANITIZER:-} lua5.4 /tmp/tocha-busted.lua --lua=lua5.4 -o plainTerminal "$@"
}

specs() {
  step "specs on the device"
  local spec log
  for spec in spec/cuda_*_spec.lua spec/optim_golden_spec.lua spec/autocast_spec.lua; do
    log=$out/$(basename "$spec" .lua).log
    timeout 150 bash -c "$(declare -f run_spec); run_spec $spec" >"$log" 2>&1 || fail "$spec"
    grep -aE '^[0-9]+ success' "$log" || tail -n 3 "$log"
  done
}

sanitize() {
  step "compute-sanitizer"
  command -v compute-sanitizer >/dev/null || { echo "skipped: it is not here"; return; }
  local tool
  for tool in memcheck racecheck; do
    SANITIZER="compute-sanitizer --tool $tool --error-exitcode 9" \
      timeout 60 bash -c "$(declare -f run_spec); run_spec spec/cuda_numbers_spec.lua" \
      >"$out/$tool.log" 2>&1 || fail "$tool"
    grep -a "ERROR SUMMARY" "$out/$tool.log"
  done
}

bench() {
  step "benchmark"
  timeout 260 bin/tocha bench/gpu.lua >"$out/bench.md" 2>&1 || fail "bench"
  cat "$out/bench.md"
}

about
unpack
find_libraries
if [ "$mode" = dry ]; then
  export TOCHA_CUDA=emulated TOCHA_SMALL_SHAPES=1 TOCHA_SECONDS=0.02 TOCHA_ROUNDS=1 TOCHA_COMPILE=0
else
  export TOCHA_CUDA=real
fi
compile
specs
if [ "$mode" != quick ]; then
  sanitize
  bench
fi
step "done: $([ $status = 0 ] && echo all well || echo something failed)"
exit $status
