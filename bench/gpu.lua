-- The GPU's benchmark: our side and PyTorch's of each workload in turn, on one card.
-- bin/tocha bench/gpu.lua [NAME...]
--   TOCHA_PEER      the Python that has torch (python3); without torch only our side runs
--   TOCHA_DEVICE    the device of both sides ("cuda")
--   TOCHA_COMPILE   0: torch.compile is not tried
--   TOCHA_SECONDS   a measurement (0.5)          TOCHA_ROUNDS   (3)
--   TOCHA_SMALL_SHAPES=1   small shapes, to see that both sides compute the same anywhere

local root <const> = arg[0]:match "^(.*)/bench/[^/]*$" or "."
package.path = root .. "/bench/?.lua;" .. package.path

local tocha = require "tocha"
local Process = require "process"
local agree <const> = require "race".agree
local machine = require "machine"
local report = require "report"
local rows = require "gpu.rows"
local median <const> = require "ours.stopwatch".median

local seconds <const> = tonumber(os.getenv "TOCHA_SECONDS" or 0.5)
local rounds <const> = math.tointeger(os.getenv "TOCHA_ROUNDS" or 3)
local compile <const> = os.getenv "TOCHA_COMPILE" ~= "0"
local python <const> = os.getenv "TOCHA_PEER" or "python3"
local device <const> = os.getenv "TOCHA_DEVICE" or "cuda"
local TOLERANCE <const> = 2e-2  -- bfloat16
local OURS <const> = ("TOCHA_BENCH=gpu '%s/bin/tocha' '%s/bench/ours/serve.lua'"):format(root, root)

local has_torch <const> = machine.capture(python
  .. " -c 'from importlib.metadata import version; print(version(\"torch\"))'")

local function measure(side, mode)
  return tonumber((assert(side:ask("measure", mode, 1, seconds))))
end

-- ---- the peer's forms ---------------------------------------------------------------------------

-- Builds the form and sees that it computes what ours does; false and why not.
local function prepare(peer, row, mode, truth)
  local built <const>, why <const> = peer:ask("build", row.name, mode)
  if not built then return false, why end
  local sum <const>, reason <const> = peer:ask("check", mode)
  local differs <const> = sum and agree(truth, sum, TOLERANCE)
  if not sum or differs then return false, differs or reason end
  return true
end

-- { eager = mode, compiled = the faster of its compiled modes }, and notes on what failed.
local function forms_of(peer, row, truth)
  local found <const>, best <const>, notes <const> = {}, {}, {}
  for mode in assert(peer:ask("modes", row.name)):gmatch "%S+" do
    local group <const> = mode:match "^%a+"
    if compile or group == "eager" then
      local ok <const>, why <const> = prepare(peer, row, mode, truth)
      local took <const> = ok and measure(peer, mode)
      if not ok then notes[#notes + 1] = ("%s, %s: %s"):format(row.name, mode, why) end
      if took and took < (best[group] or math.huge) then found[group], best[group] = mode, took end
    end
  end
  return found, notes
end

-- ---- one row ------------------------------------------------------------------------------------

local function race(ours, peer, found)
  local mine <const>, theirs <const> = {}, { eager = {}, compiled = {} }
  for k = 1, rounds do
    mine[k] = measure(ours, "default")
    for group, mode in pairs(found) do theirs[group][k] = measure(peer, mode) end
  end
  local result <const> = { mine = median(mine) }
  for group in pairs(found) do result[group] = median(theirs[group]) end
  return result
end

local function run(row, notes)
  local ours <close> = Process.start(OURS)
  local built <const>, why <const> = ours:ask("build", row.name, "default")
  local truth, reason = nil, why
  if built then truth, reason = ours:ask("check", "default") end
  if not truth then
    notes[#notes + 1] = ("%s, ours: %s"):format(row.name, reason)
    return nil
  end
  if has_torch == "" then return race(ours, nil, {}) end
  local peer <close> = Process.start(("TOCHA_BENCH=gpu %s '%s/bench/peer'"):format(python, root))
  local found <const>, failed <const> = forms_of(peer, row, truth)
  table.move(failed, 1, #failed, #notes + 1, notes)
  return race(ours, peer, found)
end

-- ---- the table ----------------------------------------------------------------------------------

local function ratio(result, group)
  return result[group] and ("%.2f"):format(result[group] / result.mine) or ""
end

local function met(row, result)
  local words <const> = {}
  for _, group in ipairs { "eager", "compiled" } do
    if row[group] and result[group] then
      local ok <const> = result[group] / result.mine >= row[group]
      words[#words + 1] = ("%s %g x: %s"):format(group, row[group], ok and "met" or "**no**")
    end
  end
  return table.concat(words, ", ")
end

local function throughput(row, result)
  if row.count then return ("%.0f %s/s"):format(row.count / result.mine, row.unit) end
  if row.flop then return ("%.0f TFLOP/s"):format(row.flop / result.mine / 1e12) end
  return row.bytes and ("%.0f GB/s"):format(row.bytes / result.mine / 1e9) or ""
end

local function line_of(row, result)
  return ("| `%s` | %s | %s | %s | %s | %s | %s | %s |"):format(row.name, report.time(result.mine),
    throughput(row, result), result.eager and report.time(result.eager) or "", ratio(result,
    "eager"), result.compiled and report.time(result.compiled) or "", ratio(result, "compiled"),
    met(row, result))
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

print(("# GPU benchmark of %s\n\n%s; %s; peer: torch %s; medians of %d rounds of %g s, in turn.\n"):
  format(os.date "%Y-%m-%d %H:%M", card(), machine.describe(root), has_torch, rounds, seconds))
print "| workload | Tocha | | PyTorch eager | ratio | compiled | ratio | bars |"
print "|---|---|---|---|---|---|---|---|"
local notes <const> = {}
for _, row in ipairs(chosen()) do
  local result <const> = run(row, notes)
  if result then print(line_of(row, result)) end
  io.flush()
end
for _, note in ipairs(notes) do print("\nNot run: " .. note) end
