-- Runs our side and PyTorch's of each workload in turn, A B A B, and prints medians and ratios.
-- bin/tocha bench/run.lua [NAME...]
--   TOCHA_PEER     the Python that has torch (python3); without torch only our side runs
--   TOCHA_THREADS  threads of both sides (2)      TOCHA_SECONDS  a measurement (1)
--   TOCHA_ROUNDS   (3)
-- Writes bench/results/DATE.md with machine, versions and commit.

local tocha = require "tocha"

local root <const> = arg[0]:match "^(.*)/bench/[^/]*$" or "."
local python <const> = os.getenv "TOCHA_PEER" or "python3"
local threads <const> = os.getenv "TOCHA_THREADS" or "2"
local seconds <const> = os.getenv "TOCHA_SECONDS" or "1"
local rounds <const> = math.tointeger(tonumber(os.getenv "TOCHA_ROUNDS" or "3"))

local function capture(command)
  local pipe <close> = assert(io.popen(command .. " 2>/dev/null"))
  return (pipe:read "a":gsub("%s+$", ""))
end

local peer_version <const> = capture(("%s '%s/bench/peer.py' --version"):format(python, root))
local has_peer <const> = peer_version:match "^torch" ~= nil

local out <const> = {}
local function put(...)
  local line = string.format(...)
  out[#out + 1] = line
  print(line)
end

local function once(command)
  local median, value = capture(command):match "^(%S+) (%S+)"
  return tonumber(median), tonumber(value)
end

local function median(list)
  table.sort(list)
  return list[(#list + 1) // 2]
end

local function ours(name)
  return ("'%s/bin/tocha' '%s/bench/ours.lua' %s %s %s"):format(root, root, name, seconds, threads)
end

local function peer(name)
  return ("%s '%s/bench/peer.py' %s %s %s"):format(python, root, name, seconds, threads)
end

-- Medians of both commands, run in turn; the values both computed.
local function compare(a, b)
  local ta, tb, va, vb = {}, {}, nil, nil
  for k = 1, rounds do
    ta[k], va = once(a)
    if b then tb[k], vb = once(b) end
  end
  return median(ta), median(tb), va, vb
end

local function time_text(s)
  if not s then return "-" end
  if s < 1e-3 then return ("%.2f us"):format(s * 1e6) end
  return ("%.2f ms"):format(s * 1e3)
end

local function agree(a, b) return math.abs(a - b) <= 1e-3 * math.max(1e-3, math.abs(b)) end

local logs, count = 0, 0
local function row(name)
  local mine, theirs, va, vb = compare(ours(name), has_peer and peer(name))
  if not mine then return put("| %s | failed | | |", name) end
  local note = theirs and (agree(va, vb) and "" or (" **values differ: %g, %g**"):format(va, vb))
    or ""
  if theirs then logs, count = logs + math.log(theirs / mine), count + 1 end
  put("| %s | %s | %s | %s%s |", name, time_text(mine), time_text(theirs),
    theirs and ("%.2f"):format(theirs / mine) or "-", note)
end

local function native()
  local binary <const> = os.tmpname()
  local ok = os.execute(("cc -O2 -fopenmp '%s/bench/native.c' -o '%s' "
    .. "$(pkg-config --cflags --libs openblas) 2>/dev/null"):format(root, binary))
  if not ok then return put "The native side did not compile." end
  local bytes <const> = 64 << 20
  local copy, add = compare(("%s copy %d %s"):format(binary, bytes, threads), ours "add_16m")
  put("")
  put("Copy of 64 MB by memcpy: %s, %.1f GB/s (read and written); `a + b` of 16 M: %.1f GB/s, "
    .. "%.0f %% of it.",
    time_text(copy), 2 * bytes / copy / 1e9, 3 * bytes / add / 1e9, 100 * 3 * copy / (2 * add))
  for _, n in ipairs { 1024, 2048 } do
    local direct, mine = compare(("%s gemm %d %s"):format(binary, n, threads), ours("mm_" .. n))
    put("mm of %d: OpenBLAS called directly %.0f GFLOP/s, ours %.0f: ratio %.3f.", n,
      2 * n ^ 3 / direct / 1e9,
      2 * n ^ 3 / mine / 1e9, direct / mine)
  end
  os.remove(binary)
end

local function start_up()
  local function load(lua)
    local start = tocha.clock()
    os.execute(lua)
    return tocha.clock() - start
  end
  local bare, full = {}, {}
  for k = 1, 11 do
    bare[k] = load "lua5.4 -e \"\""
    full[k] = load(("'%s/bin/tocha' -e 'require \"tocha\"'"):format(root))
  end
  put("`require \"tocha\"`: %.1f ms (a bare start takes %.1f ms).",
    1e3 * (median(full) - median(bare)),
    1e3 * median(bare))
end

local names <const> = {}
for k = 1, #arg do names[k] = arg[k] end
local everything <const> = #names == 0
if everything then
  local list <const> = ("'%s/bin/tocha' '%s/bench/ours.lua' --list"):format(root, root)
  for name in capture(list):gmatch "%S+" do
    names[#names + 1] = name
  end
end

put("# Benchmark of %s", os.date "%Y-%m-%d %H:%M")
put("")
put("%s; commit %s; %s threads; kernels %s; peer: %s; medians of %d rounds of %s s, in turn.",
  capture "grep -m1 'model name' /proc/cpuinfo | cut -d: -f2":gsub("^%s+", ""),
  capture(("git -C '%s' rev-parse --short HEAD"):format(root)), threads, tocha.simd(),
  has_peer and peer_version or "none (torch is not installed)", rounds, seconds)
put("")
put "| workload | Tocha | PyTorch | ratio |"
put "|---|---|---|---|"
for _, name in ipairs(names) do row(name) end
if count > 1 then put("| geometric mean | | | %.2f |", math.exp(logs / count)) end
put("")
if everything then
  start_up()
  native()
  local path <const> = ("%s/bench/results/%s.md"):format(root, os.date "%Y-%m-%d")
  local file <close> = assert(io.open(path, "w"))
  file:write(table.concat(out, "\n"), "\n")
end
