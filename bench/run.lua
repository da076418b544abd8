-- Runs our side and PyTorch's of each workload in turn, A B A B, and prints medians and ratios.
-- bin/tocha bench/run.lua [NAME...]
--   TOCHA_PEER     the Python that has torch (python3); without torch only our side runs
--   TOCHA_THREADS  threads of both sides (2); the peer also tries one
--   TOCHA_SECONDS  a measurement (0.6)            TOCHA_ROUNDS   (3)
--   TOCHA_COMPILE  0: torch.compile is not tried
--   TOCHA_COMPILE_SECONDS   how long a form may take to compile (90)
-- The whole list writes bench/results/DATE.md.

local root <const> = arg[0]:match "^(.*)/bench/[^/]*$" or "."
package.path = root .. "/bench/?.lua;" .. package.path

local tocha = require "tocha"
local machine = require "machine"
local race = require "race"
local report = require "report"
local rows = require "rows"

local function environment(name, otherwise)
  return tonumber(os.getenv("TOCHA_" .. name) or otherwise)
end

-- Without importing it, which takes seconds; nil where it is not installed.
local function peer_version(python)
  local version <const> = machine.capture(python .. " -c 'from importlib.metadata import version; "
    .. "print(version(\"torch\"))'")
  return version ~= "" and "torch " .. version or nil
end

local function settings()
  local python <const> = os.getenv "TOCHA_PEER" or "python3"
  local threads <const> = math.tointeger(environment("THREADS", 2))
  local function ours(script) return ("'%s/bin/tocha' '%s/bench/ours/%s.lua'"):format(root, root,
    script) end
  local peer <const> = ("%s '%s/bench/peer'"):format(python, root)
  local version <const> = peer_version(python)
  return { ours = ours "serve", start = ours "start", peer = version and peer, version = version,
    peer_start = ("%s '%s/bench/peer/start.py'"):format(python, root), threads = threads,
    peer_threads = threads == 1 and { 1 } or { threads, 1 }, clock = tocha.clock,
    seconds = environment("SECONDS", 0.6), rounds = math.tointeger(environment("ROUNDS", 3)),
    compile = environment("COMPILE", 1) ~= 0 }
end

local out <const> = {}
local function put(...)
  local line <const> = string.format(...)
  out[#out + 1] = line
  print(line)
  io.flush()
end

local function head(set, peak)
  put("# Benchmark of %s\n", os.date "%Y-%m-%d %H:%M")
  put("%s; %d threads, kernels %s; peer: %s; medians of %d rounds of %g s, in turn.\n",
    machine.describe(root), set.threads, tocha.simd(),
    set.version or "none (torch is not installed)", set.rounds, set.seconds)
  if peak.flops then
    put("Peak: %.0f GFLOP/s from registers, %.1f GB/s copied past the cache.\n", peak.flops / 1e9,
      peak.bytes / 1e9)
  end
  put("%s", report.head)
end

local function chosen(names)
  local list <const> = {}
  for k, name in ipairs(names) do
    list[k] = rows[name] or error(("there is no workload '%s'"):format(name), 0)
  end
  return #list > 0 and list or rows
end

-- Every row; afterwards how long each of the peer's forms took, and what it could not do.
local function run_rows(list, set, peak)
  local logs, count, notes, forms = 0, 0, {}, {}
  for _, row in ipairs(list) do
    local result <const> = race.run(row, set)
    local line <const>, ratio <const> = report.row(row, result, peak)
    put("%s", line)
    if ratio then logs, count = logs + math.log(ratio), count + 1 end
    if result.tried then forms[#forms + 1] = ("`%s`: %s"):format(row.name, result.tried) end
    for _, text in ipairs(result.left_out or {}) do notes[#notes + 1] = row.name .. ": " .. text end
  end
  if count > 1 then
    put("| geometric mean of %d | | | | %.2f | | | | |", count, math.exp(logs / count))
  end
  if #forms > 0 then
    put("\nThe peer's forms, tried briefly:\n\n- %s", table.concat(forms, "\n- "))
  end
  if #notes > 0 then put("\nLeft out of the peer's forms:\n\n- %s", table.concat(notes, "\n- ")) end
end

local function products(native, set)
  for _, n in ipairs { 1024, 2048 } do
    put("OpenBLAS called directly, product of %d: %.0f GFLOP/s.", n,
      native("gemm", n, set.threads) / 1e9)
  end
end

local function main()
  local set <const> = settings()
  local native <const>, guard <const> = machine.native(root)
  local _ <close> = guard
  local list <const> = chosen(arg)
  set.native = native
  local peak <const> = machine.peaks(native, set.threads)
  head(set, peak)
  run_rows(list, set, peak)
  if list ~= rows then return end
  put ""
  if native then products(native, set) end
  local file <close> = assert(io.open(("%s/bench/results/%s.md"):format(root, os.date "%Y-%m-%d"),
    "w"))
  file:write(table.concat(out, "\n"), "\n")
end

main()
