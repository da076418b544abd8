#!/usr/bin/env bash
# Proves the CUDA back end on a machine with a GPU: builds, runs the device specs on the card,
# compute-sanitizer on small shapes, then the benchmark beside PyTorch, and says in a table what came
# out. At most 8 minutes, `quick` (build and specs) 3, by its own watch.
#
#   dev/gpu-check.sh [quick|full] [STEP...]   results in $OUT, or build/gpu-check; of the later steps
#                                             only those named: specs, sanitizer, eager, compiled
#   dev/gpu-check.sh dry ...                  the same over the emulated device, in ten times the
#                                             time at most, to try the script
#
# Whoever has a card:
#
#   1. Before, where there is a network: dev/gpu-root.sh. It packs Lua, busted and OpenBLAS into
#      .dev/root.tgz (13 MB), which must come along to a bare machine. Then: dev/gpu-check.sh dry
#   2. On the card: TOCHA_COMMIT=$(git describe --always) dev/gpu-check.sh quick. Mend what it shows
#      until the specs pass. Then the whole; TOCHA_PEER names the Python that has torch (python3).
#   3. Read table.md: a line for each step in the order of their worth, "ok", "FAILED" or "killed"
#      (it or the whole ran out of time), and what it said. Then, for what failed:
#        specs.md      a line for each spec file      specs.log   what they printed
#        sanitizer.log                                build.log   what the compiler said
#        bench.md      ratios (above 1: Tocha is faster), rates, peak memory, bars met or **no**;
#                      "Not run" tells why a form of PyTorch's is missing
#        bench.log     what both sides printed on the way
#      Numbers wrong: TOCHA_CUDA=real TOCHA_CUDA_SYNC=1 busted spec/cuda_NAME_spec.lua. A spec that
#      hangs or an illegal address: compute-sanitizer lua5.4 ... with that file and --filter.
#   4. Commit the mends, each with a spec that shows it over the emulated device where it can, and
#      table.md with bench.md as bench/results/DATE-gpu.md: they hold date, card, driver, commit. A
#      ratio counts from one run on one card; what was not run is not claimed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

dry="" patience=1 mode=full
if [ "${1:-}" = dry ]; then dry=dry patience=10 && shift; fi
case ${1:-} in full | quick) mode=$1 && shift ;; esac
only=${*:-all}
whole=480  # seconds
[ "$mode" = full ] || whole=180
whole=$((whole * patience))
if [ -z "$dry" ] && ! nvidia-smi >/dev/null 2>&1; then
  echo "skipped: this machine has no NVIDIA GPU"
  exit 0
fi

export OUT=${OUT:-$PWD/build/gpu-check}
export scratch status=0
scratch=$(mktemp -d)
build=$PWD/build-gpu${dry:+-dry}
mkdir -p "$OUT"

# ---- steps and their table -----------------------------------------------------------------------

stop_warming() {
  [ -z "$warming" ] || kill -- "-$warming" 2>/dev/null
  warming=""
}

finish() {
  stop_warming
  printf '\n== the table (%d s)\n' "$SECONDS"
  cat "$OUT/table.md"
  rm -rf "$scratch"
}
warming=""
trap finish EXIT

wanted() { [[ " $only " = *" all "* || " $only " = *" $1 "* ]]; }

row() { echo "| $1 | $2 | $3 | $4 |" >>"$OUT/table.md"; }

# step NAME LIMIT COMMAND: a part of the check as a process of its own, killed after LIMIT seconds or
# when the whole is over. The last line of what it says goes to the table at once, also when it was
# killed; nothing that fails stops the next.
step() {
  local name=$1 limit=$(($2 * patience)) start=$SECONDS end=0 left=$((whole - SECONDS)) word=ok
  shift 2
  [ "$limit" -le $left ] || limit=$left
  printf '\n== %s (at %d s, at most %d s)\n' "$name" "$start" "$limit"
  if [ "$limit" -lt 5 ]; then status=1 && row "$name" "**not run**" 0 "no time was left" && return 1; fi
  timeout -k 5 "$limit" bash -uo pipefail -c "$*" </dev/null 2>&1 | tee "$scratch/said" || end=${PIPESTATUS[0]}
  case $end in
    0) ;;
    124 | 137) word="**killed** after $limit s" ;;
    *) word="**FAILED**, status $end" ;;
  esac
  [ "$end" = 0 ] || status=1
  row "$name" "$word" $((SECONDS - start)) "$(grep -av '^ *$' "$scratch/said" | tail -n 1 | tr '|' ' ' | cut -c 1-160)"
  return $end
}

# ---- what the machine lacks ----------------------------------------------------------------------

# A root of our own: nothing is installed into the machine.
unpack() {
  if lua5.4 -e 'require "busted"' && pkg-config --exists lua5.4 openblas; then return; fi 2>/dev/null
  [ -f .dev/root.tgz ] || { echo "no .dev/root.tgz: run dev/gpu-root.sh where there is a network"; exit 1; }
  local root=$PWD/build-gpu-root  # one place, so that a second run compiles nothing anew
  local lib=$root/usr/lib/x86_64-linux-gnu
  mkdir -p "$root" && tar xzf .dev/root.tgz -C "$root"
  ln -sf "$lib/openblas-pthread/libopenblas.so.0" "$lib/libopenblas.so.0"
  export PATH=$root/usr/bin:$PATH LD_LIBRARY_PATH=$lib:${LD_LIBRARY_PATH:-}
  export LUA_PATH="$root/usr/share/lua/5.4/?.lua;$root/usr/share/lua/5.4/?/init.lua;;"
  export LUA_CPATH="$lib/lua/5.4/?.so;;"
  flags+=("-DLUA_INCDIR=$root/usr/include/lua5.4" "-DOPENBLAS_LINK_LIBRARIES=$lib/libopenblas.so.0"
    "-DOPENBLAS_INCLUDE_DIRS=$root/usr/include/x86_64-linux-gnu/openblas-pthread")
}

# cuDNN and cuBLAS lie in PyTorch's wheels where the toolkit has none.
find_libraries() {
  local folders
  folders=$("$TOCHA_PEER" - <<'P' 2>/dev/null
import glob, site
print(":".join(f for s in site.getsitepackages() for f in glob.glob(s + "/nvidia/*/lib")))
P
)
  export TOCHA_CUDA_LIBDIR=${TOCHA_CUDA_LIBDIR:-$folders}
  flags+=("-DCUDA_HEADERS=$(echo "$folders" | tr : '\n' | sed -n 's,/lib$,/include,p' | paste -sd ';')")
}

choose_options() {
  local arch
  arch=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null | head -n 1 | tr -d .)
  flags+=("-DCUDA_ARCHS=${arch:-90}")
  command -v make >/dev/null || flags+=(-G Ninja)
}

# ---- the steps -----------------------------------------------------------------------------------

about() {
  date
  echo "$(nproc) processors; commit ${TOCHA_COMMIT:-$(git describe --always --dirty 2>/dev/null || echo unknown)}"
  nvcc --version | tail -n 1
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader ||
    echo "no card: the emulated device, which proves the script and says nothing of speed"
}

# The core and one of the back ends: the rest is not needed here.
compile() {
  local end=0
  { eval "cmake -S . -B $TOCHA_BUILD $options" &&
    cmake --build "$TOCHA_BUILD" --parallel "$(nproc)" --target core $backend; } >"$OUT/build.log" 2>&1 || end=$?
  [ $end = 0 ] || { grep -aE -A8 'rror' "$OUT/build.log" || tail "$OUT/build.log"; } | head -n 40
  echo "$(grep -ac 'warning' "$OUT/build.log") lines with warnings in build.log"
  return $end
}

libraries() {
  bin/tocha - <<'L'
local tocha = require "tocha"
print(tocha.cuda.get_device_name(), "capability", tocha.cuda.get_device_capability())
local x = tocha.randn(64, 64)
assert(tocha.allclose(x:cuda():mm(x:cuda()):cpu(), x:mm(x), 1e-4, 1e-4), "a product is wrong")
local parts = {}
for _, l in ipairs(tocha.cuda.libraries()) do
  if not l.version then print(l.problem) end
  parts[#parts + 1] = l.name .. " " .. tostring(l.version or "missing")
end
print(table.concat(parts, "; "))
L
}

# One spec file: a line in specs.md and its log, at once. busted starts from a file: `lua -e` takes a
# folder for a script.
one_spec() {
  local start=$SECONDS end=0 log=$scratch/${1##*/}.log
  OMP_NUM_THREADS=1 timeout --foreground $((110 * patience)) \
    lua5.4 "$scratch/busted.lua" --lua=lua5.4 -o plainTerminal "$1" >"$log" 2>&1 || end=$?
  local line
  line="| $1 | $end | $((SECONDS - start)) s | $(grep -aE '^[0-9]+ success' "$log" || tail -n 1 "$log" | cut -c 1-120) |"
  echo "$line" >>"$OUT/specs.md"
  flock "$OUT/specs.log" bash -c 'echo "==== $1"; head -c 400000 "$2"' _ "$1" "$log" >>"$OUT/specs.log"
  [ $end = 0 ] || { echo "$line"; grep -aE '^(Failure|Error)' "$log" | head -n 3; }
}

# Every spec that knows the device, by worth; those that are not named here come last.
specs() {
  local name first=()
  for name in registry products conv norm layers rnn numbers window losses index order random train graph memory; do
    first+=("spec/cuda_${name}_spec.lua")
  done
  : >"$OUT/specs.log"
  printf '| spec | status | time | |\n|---|---|---|---|\n' >"$OUT/specs.md"
  { printf '%s\n' "${first[@]}"; grep -l 'cuda_support' spec/*_spec.lua; } | awk '!seen[$0]++' |
    xargs -P "${JOBS:-$(nproc)}" -I{} bash -c 'one_spec {}'
  awk -F'|' 'NR > 2 { n++; bad += $3 != 0; split($5, v, " "); ok += v[1] }
    END { printf "%d spec files, %d tests passed, %d files failed\n", n, ok, bad; exit bad > 0 }' "$OUT/specs.md"
}

# Every operation once, in small shapes; the tools beside each other.
one_tool() {
  local end=0 log=$scratch/$1.log
  timeout --foreground $((85 * patience)) compute-sanitizer --tool "$1" --error-exitcode 9 lua5.4 "$scratch/busted.lua" \
    --lua=lua5.4 -o plainTerminal --filter=float32 spec/cuda_registry_spec.lua >"$log" 2>&1 || end=$?
  flock "$OUT/sanitizer.log" bash -c 'echo "==== $1"; head -c 2000000 "$2"' _ "$1" "$log" >>"$OUT/sanitizer.log"
  echo "$1: status $end, $(grep -a 'SUMMARY' "$log" || tail -n 1 "$log" | cut -c 1-100)"
  return $end
}

sanitize() {
  command -v compute-sanitizer >/dev/null || { echo "skipped: compute-sanitizer is not here"; return 0; }
  : >"$OUT/sanitizer.log"
  local end=0
  printf '%s\n' memcheck racecheck synccheck | xargs -P 3 -I{} bash -c 'one_tool {}' >"$scratch/tools" || end=1
  paste -sd ';' "$scratch/tools"
  return $end
}

# What torch.compile makes is kept in a folder, so it can be made while the card is not measured.
warm() {
  local name mode
  for name in gpt2 resnet50 mlp lenet5 char_lstm layer_norm cross_entropy resnet50_half; do
    for mode in compiled compiled+reduced; do printf 'build %s %s\ncheck %s\ndrop\n' $name $mode $mode; done
  done | TOCHA_BENCH=gpu TORCHINDUCTOR_COMPILE_THREADS=4 "$TOCHA_PEER" bench/peer >>"$OUT/bench.log" 2>&1
}

bench() {
  local end=0
  TOCHA_FORMS=$1 bin/tocha bench/gpu.lua 2>&1 | tee -a "$OUT/bench.md" || end=$?
  echo "$1: $(grep -ac '| ' "$OUT/bench.md") lines in bench.md"
  return $end
}

# ---- all of it -----------------------------------------------------------------------------------

export TOCHA_PEER=${TOCHA_PEER:-python3} TOCHA_BUILD=$build TOCHA_BENCH_LOG=$OUT/bench.log
export TORCHINDUCTOR_CACHE_DIR=$scratch/inductor TOCHA_COMPILE_SECONDS=90
flags=() backend=backend_cuda
if [ -n "$dry" ]; then
  backend=backend_cuda_emulated
  export TOCHA_CUDA=emulated TOCHA_PEER_DEVICE=cpu TOCHA_SMALL_SHAPES=1 TOCHA_SECONDS=0.02 TOCHA_ROUNDS=1
else
  export TOCHA_CUDA=real
fi
echo 'require "busted.runner" { standalone = false }' >"$scratch/busted.lua"
rm -f "$OUT"/{table,specs,bench}.md "$OUT"/{build,specs,sanitizer,bench}.log
printf '| step | result | s | |\n|---|---|---|---|\n' >"$OUT/table.md"
unpack
find_libraries
choose_options
options=$(printf '%q ' "${flags[@]}")
export options backend patience
export -f about compile libraries one_spec specs one_tool sanitize warm bench

step machine 10 about
step build 200 compile || exit 1
step libraries 30 libraries
if [ "$mode$dry" = full ] && wanted compiled; then
  setsid bash -c warm &
  warming=$!
fi
wanted specs && step specs 120 specs
if [ "$mode" = full ]; then
  wanted sanitizer && step compute-sanitizer 100 sanitize
  stop_warming
  wanted eager && step "benchmark, eager" 150 bench eager
  wanted compiled && step "benchmark, compiled" 300 bench compiled
fi
exit $status
