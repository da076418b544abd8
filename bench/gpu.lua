-- The GPU's benchmark: our side and PyTorch's of each workload in turn, on one card. A table
-- against the peer's eager form comes first, then one against the best of its compiled forms, so
-- that a run that is cut short has what costs no compiling.
--
-- bin/tocha bench/gpu.lua [NAME...]
--   TOCHA_PEER      the Python that has torch (python3); without torch only our side runs
--   TOCHA_DEVICE    the device of both sides ("cuda"); TOCHA_PEER_DEVICE: the peer's is another
--   TOCHA_FORMS     the peer's forms ("eager compiled")
--   TOCHA_SECONDS   a measurement (0.5)          TOCHA_ROUNDS   (3)
--   TOCHA_SMALL_SHAPES=1   small shapes, to see that both sides compute the same anywhere; the
--                          rates and bars mean nothing then, and are left out
--   TOCHA_BENCH_LOG        a file for what the two sides say on the way

local root <const> = arg[0]:match "^(.*)/bench/[^/]*$" or "."
package.path = root .. "/bench/?.lua;" .. package.path

local tocha = require "tocha"
local Process = require "process"
local agree <const> = require "race".agree
local machine = require "machine"
local report = require "report"
local rows = require "gpu.rows"
local verdicts = require "gpu.verdicts"
local median <const> = require "ours.stopwatch".median

local seconds <const> = tonumber(os.getenv "TOCHA_SECONDS" or 0.5)
local rounds <const> = math.tointeger(os.getenv "TOCHA_ROUNDS" or 3)
local python <const> = os.getenv "TOCHA_PEER" or "python3"
local device <const> = os.getenv "TOCHA_DEVICE" or "cuda"
local small <const> = os.getenv "TOCHA_SMALL_SHAPES" ~= nil
local threads <const> = device == "cpu" and 1 or tocha.get_num_threads()  -- they fill weights
local TOLERANCE <const> = 2e-2  -- bfloat16
local OURS <const> = ("TOCHA_BENCH=gpu '%s/bin/tocha' '%s/bench/ours/serve.lua'"):format(root, root)
local peer_device <const> = os.getenv "TOCHA_PEER_DEVICE" or device
local PEER <const> = (("TOCHA_BENCH=gpu TOCHA_DEVICE=%s TORCHINDUCTOR_COMPILE_THREADS=$(nproc) "
  .. "%s '%s/bench/peer'"):format(peer_device, python, root))

local has_torch <const> = machine.capture(python
  .. " -c 'from importlib.metadata import version; print(version(\"torch\"))'")

local notes <const> = {}
local function note(name, mode, why)
  notes[#notes + 1] = ("%s, %s: %s"):format(name, mode, why or "failed")
end

-- ---- the two sides ------------------------------------------------------------------------------

local ENDED <const> = "the process ended"

-- One process of the peer's for all rows, since importing torch takes longer than most of them; a
-- new one after it died.
local peer = {}

function peer.ask(...)
  peer.process = peer.process or Process.start(PEER)
  local answer <const>, why <const> = peer.process:ask(...)
  if why == ENDED then peer.close() end
  return answer, why
end

function peer.close()
  if peer.process then peer.process:close() end
  peer.process = nil
end

local function measured(answer, why)
  return tonumber(answer) or error(why, 0)
end

-- Builds a form and sees that it computes what ours does: seconds, or nil and why not.
local function tried(row, mode, truth)
  for _, request in ipairs { { "build", row.name, mode }, { "check", mode } } do
    local answer <const>, why <const> = peer.ask(table.unpack(request))
    if not answer then return nil, why end
    local differs <const> = request[1] == "check" and agree(truth, answer, TOLERANCE)
    if differs then return nil, differs end
  end
  local took <const>, why <const> = peer.ask("measure", mode, threads, seconds)
  return tonumber(took), why
end

-- The fastest mode of a form, "eager" or "compiled"; nil where none works.
local function fastest(row, form, truth)
  local best, least = nil, math.huge
  peer.ask "drop"
  for mode in (peer.ask("modes", row.name) or ""):gmatch "%S+" do
    local took, why
    if mode:match "^%a+" == form then
      took, why = tried(row, mode, truth)
      if not took then note(row.name, mode, why) end
    end
    if took and took < least then best, least = mode, took end
  end
  return best
end

-- ---- one row ------------------------------------------------------------------------------------

-- Ours, built and checked: a process, and the numbers that it computed.
local function start_ours(row)
  local ours <const> = Process.start(OURS)
  local truth, why = ours:ask("build", row.name, "default")
  if truth then truth, why = ours:ask("check", "default") end
  if truth then return ours, truth end
  ours:close()
  error(why, 0)
end

local function race(row, form)
  local ours <close>, truth <const> = start_ours(row)
  local mode <const> = has_torch ~= "" and fastest(row, form, truth) or nil
  local mine <const>, theirs <const> = {}, {}
  for k = 1, rounds do
    mine[k] = measured(ours:ask("measure", "default", threads, seconds))
    theirs[k] = mode and measured(peer.ask("measure", mode, threads, seconds))
  end
  return { mine = median(mine), theirs = mode and median(theirs), mode = mode,
    memory = device ~= "cpu" and tonumber(ours:ask("memory", "default") or nil),
    peer_memory = mode and peer_device ~= "cpu" and tonumber(peer.ask("memory", mode) or nil) }
end

-- Whole processes, from start to end.
local function start_times()
  local function timed(where, command)
    local start <const> = tocha.clock()
    local ok <const> = os.execute(("TOCHA_DEVICE=%s %s > /dev/null 2>&1"):format(where, command))
    return ok and tocha.clock() - start or error(command .. " failed", 0)
  end
  local mine <const>, theirs <const> = {}, {}
  for k = 1, rounds do
    mine[k] = timed(device, ("'%s/bin/tocha' '%s/bench/ours/start.lua'"):format(root, root))
    theirs[k] = has_torch ~= ""
      and timed(peer_device, ("%s '%s/bench/peer/start.py'"):format(python, root))
  end
  return { mine = median(mine), theirs = theirs[1] and median(theirs), mode = "eager" }
end

-- Rows that this form of the peer's has.
local function is_asked(row, form)
  if row.name == "start" or has_torch == "" then return form == "eager" end
  return (" " .. (peer.ask("modes", row.name) or "")):find(" " .. form, 1, true) ~= nil
end

-- ---- the table ----------------------------------------------------------------------------------

local copied  -- bytes a second of row "copy"

local function line_of(row, result)
  if row.name == "copy" then copied = row.bytes / result.mine end
  local rate <const> = small and "" or verdicts.rate(row, result.mine)
  local met <const> = small and "" or verdicts.met(row, result, copied)
  return ("| `%s` | %s | %s | %s | %s | %s | %s | %s |"):format(row.name, report.time(result.mine),
    rate, result.theirs and result.mode or "", report.time(result.theirs),
    result.theirs and ("%.2f"):format(result.theirs / result.mine) or "-",
    verdicts.memory(result.memory, result.peer_memory), met)
end

local function table_of(list, form)
  print(("\nAgainst the peer's %s form:\n"):format(form))
  print "| workload | Tocha | rate | form | PyTorch | ratio | peak memory, MB | bars |"
  print "|---|---|---|---|---|---|---|---|"
  for _, row in ipairs(list) do
    if is_asked(row, form) then
      local run <const> = row.name == "start" and start_times or race
      local ok <const>, result <const> = pcall(run, row, form)
      if not ok then note(row.name, "not measured against " .. form, result) end
      print(ok and line_of(row, result) or ("| `%s` | **failed** | | | | | | |"):format(row.name))
      io.flush()
    end
  end
end

local function chosen()
  local list <const> = {}
  for k, name in ipairs(arg) do
    list[k] = rows[name] or error(("there is no workload '%s'"):format(name), 0)
  end
  return #list > 0 and list or rows
end

local function card()
  if device:match "^cuda" and tocha.cuda.is_available() then return tocha.cuda.get_device_name() end
  return device
end

print(("# GPU benchmark of %s\n\n%s; %s; peer: torch %s; medians of %d rounds of %g s, in turn.%s"):
  format(os.date "%Y-%m-%d %H:%M", card(), machine.describe(root), has_torch, rounds, seconds,
    small and " Small shapes: both sides compute the same, the times mean nothing." or ""))
local forms <const> = has_torch == "" and "eager" or os.getenv "TOCHA_FORMS" or "eager compiled"
for form in forms:gmatch "%S+" do table_of(chosen(), form) end
peer.close()
for _, text in ipairs(notes) do print("\nNot run: " .. text) end
