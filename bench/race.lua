-- One row of the benchmark: both sides build the workload, show that they compute the same, then
-- take turns. Before that the peer's modes, mallocs and numbers of threads are tried, and its best
-- is what races.

local Process = require "process"
local report = require "report"
local median <const> = require "ours.stopwatch".median

local race <const> = {}

-- glibc gives large blocks back to the system, so PyTorch pays page faults for every large result;
-- with these it does not. Whichever is faster is its best form.
local MALLOC <const> = "env MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=8589934592 "

local LONG <const> = 0.05  -- seconds

local function numbers_in(text)
  local list <const> = {}
  for word in text:gmatch "%S+" do list[#list + 1] = tonumber(word) or 0 / 0 end
  return list
end

--- agree(a, b, tolerance): nothing, or where two texts of numbers differ.
function race.agree(a, b, tolerance)
  local x <const>, y <const> = numbers_in(a), numbers_in(b)
  if #x ~= #y then return ("%d numbers against %d"):format(#x, #y) end
  for k, v in ipairs(x) do
    local near <const> = math.abs(v - y[k]) <= tolerance * (math.abs(y[k]) + 0.01)
    if not near then  -- a NaN differs
      return ("number %d: %.7g, the peer has %.7g"):format(k, v, y[k])
    end
  end
end

-- ---- the peer's best form ----------------------------------------------------------------------

-- Appends { side, mode, threads, label, seconds } for what `side` can do in `mode`.
local function try(entries, side, mode, malloc, settings, row, truth)
  local sum, why = side:ask("build", row.peer, mode)
  sum, why = sum and side:ask("check", mode), why
  local differs <const> = sum and race.agree(truth, sum, row.tolerance)
  if not sum or differs then
    entries.left_out[#entries.left_out + 1] = ("%s: %s"):format(mode, differs or why or "failed")
    return
  end
  for _, threads in ipairs(settings.peer_threads) do
    local took <const> = side:ask("measure", mode, threads, settings.seconds / 4)
    local seconds <const> = took and tonumber(took)
    if not seconds then return end
    entries[#entries + 1] = { side = side, mode = mode, threads = threads, seconds = seconds,
      label = ("%s%s, %d thread%s"):format(mode, malloc, threads, threads == 1 and "" or "s") }
    -- compiled code is made for a number of threads, and takes long to make
    if mode:find "compiled" or seconds > LONG then return end
  end
end

local function best_of(entries)
  table.sort(entries, function(a, b) return a.seconds < b.seconds end)
  return entries[1]
end

-- All modes with the raised thresholds, the plain one also with malloc's own. What takes long is
-- not tried with one thread, nor with malloc's own: neither ever won there.
local function find_best(kept, plain, row, settings, truth)
  local entries <const> = { left_out = {} }
  local modes <const> = kept:ask("modes", row.peer)
  if not modes then return nil, { "the peer does not know it" } end
  for mode in modes:gmatch "%S+" do
    if settings.compile or not mode:find "compiled" then
      try(entries, kept, mode, "", settings, row, truth)
    end
  end
  if not (entries[1] and entries[1].seconds > LONG) then
    try(entries, plain, modes:match "%S+", ", plain malloc", settings, row, truth)
  end
  return best_of(entries), entries.left_out, entries
end

-- "fused, 2 threads (eager 8.66 ms)": what users who ask for nothing get is said too.
local function form_text(entries)
  local best <const> = entries[1]
  for _, entry in ipairs(entries) do
    if entry.mode == "eager" and best.mode ~= "eager" then
      return ("%s (eager %s)"):format(best.label, report.time(entry.seconds))
    end
  end
  return best.label
end

-- ---- the race ----------------------------------------------------------------------------------

local function measure(side, mode, threads, settings)
  return assert(tonumber((assert(side:ask("measure", mode, threads, settings.seconds)))))
end

-- Sets mine, theirs and, where the bar is a copy of as many bytes, what one reaches a second.
local function rounds(result, ours, best, row, settings)
  local mine <const>, theirs <const>, copies <const> = {}, {}, {}
  for k = 1, settings.rounds do
    mine[k] = measure(ours, "default", settings.threads, settings)
    if best then theirs[k] = measure(best.side, best.mode, best.threads, settings) end
    if row.aim == "copy" and settings.native then
      copies[k] = settings.native("copy", row.bytes // 2, settings.threads)
    end
  end
  result.mine, result.theirs = median(mine), best and median(theirs)
  result.copy = copies[1] and median(copies)
end

-- The smaller of both mallocs' peaks, in the plain mode.
local function peer_memory(kept, plain)
  local least = math.huge
  for _, side in ipairs { kept, plain } do
    local bytes <const> = side:ask("memory", "eager")
    if bytes then least = math.min(least, tonumber(bytes)) end
  end
  return least < math.huge and least or nil
end

local function against_peer(result, ours, row, settings)
  local kept <close> = Process.start(MALLOC .. settings.peer)
  local plain <close> = Process.start(settings.peer)
  if row.memory then
    for _, side in ipairs { kept, plain } do side:ask("build", row.peer, "eager") end
    result.peer_memory = peer_memory(kept, plain)
  end
  local best, left_out, entries = find_best(kept, plain, row, settings, result.check)
  result.left_out = left_out
  if not best then
    result.failed = table.concat(left_out, "; ")
    return
  end
  result.form, result.tried = form_text(entries), report.forms(entries)
  rounds(result, ours, best, row, settings)
end

-- Whole processes, from start to end.
local function run_start(settings)
  local mine <const>, theirs <const> = {}, {}
  local function timed(command)
    local start <const> = settings.clock()
    assert(os.execute(command .. " > /dev/null 2>&1"), command .. " failed")
    return settings.clock() - start
  end
  for k = 1, 2 * settings.rounds + 1 do
    mine[k] = timed(settings.start)
    if settings.peer then theirs[k] = timed(settings.peer_start) end
  end
  return { mine = median(mine), theirs = settings.peer and median(theirs), form = "eager" }
end

--- run(row, settings): { mine =, theirs = seconds, copy = bytes a second, memory =, peer_memory =
--- bytes, form = the peer's mode, tried = all of its modes, left_out = those that failed, failed =
--- why there are no times }.
--- settings: { ours =, start = commands, peer = command or nil, peer_start = command, threads =,
--- peer_threads = { 1, 2 }, seconds =, rounds =, compile =, clock =, native = as machine.native's }
function race.run(row, settings)
  if row.name == "start" then return run_start(settings) end
  local ours <close> = Process.start(settings.ours)
  local result <const> = {}
  local built, why = ours:ask("build", row.name, "default")
  if not built then
    result.failed = why
    return result
  end
  if row.memory then
    result.memory = tonumber((assert(ours:ask("memory", "default"))))
    ours:ask("build", row.name, "default")  -- the check begins with fresh weights
  end
  result.check, why = ours:ask("check", "default")
  if not result.check then
    result.failed = why
    return result
  end
  if settings.peer then against_peer(result, ours, row, settings)
  else rounds(result, ours, nil, row, settings) end
  return result
end

return race
