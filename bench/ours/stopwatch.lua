-- How a unit of work is timed.

local tocha = require "tocha"

local clock <const> = tocha.clock
local stopwatch <const> = {}

local function timed(unit, n)
  local start <const> = clock()
  for _ = 1, n do unit() end
  return clock() - start
end

local SLOW <const> = 0.1  -- seconds of a unit that needs no warming up for another round

-- Warms up. So many calls a sample that reading the clock does not count, and whether it is slow.
local function repeats(unit, seconds)
  timed(unit, 1)  -- makes what is made once
  local n, start = 1, clock()
  while true do
    local took <const> = timed(unit, n)
    if took < 1e-3 then n = n * 2
    elseif clock() - start >= seconds / 4 then return n, took > SLOW end
  end
end

--- median(list)
function stopwatch.median(list)
  local sorted <const> = table.move(list, 1, #list, 1, {})
  table.sort(sorted)
  return sorted[(#sorted + 1) // 2]
end

local known <const> = setmetatable({}, { __mode = "k" })  -- unit -> calls a sample, if it is slow

--- measure(unit, seconds): the median of its seconds, over so many seconds of calls. A slow unit is
--- warmed up the first time only.
function stopwatch.measure(unit, seconds)
  local n = known[unit]
  if not n then
    local slow
    n, slow = repeats(unit, seconds)
    known[unit] = slow and n or nil
  end
  local samples <const>, start <const> = {}, clock()
  while clock() - start < seconds or #samples < 2 do samples[#samples + 1] = timed(unit, n) / n end
  return stopwatch.median(samples)
end

return stopwatch
