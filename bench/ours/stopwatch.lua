-- How a unit of work is timed.

local tocha = require "tocha"

local clock <const> = tocha.clock
local stopwatch <const> = {}

local function timed(unit, n)
  local start <const> = clock()
  for _ = 1, n do unit() end
  return clock() - start
end

-- Warms up. So many calls a sample that reading the clock does not count.
local function repeats(unit, seconds)
  timed(unit, 2)
  local n, start = 1, clock()
  while true do
    if timed(unit, n) < 1e-3 then n = n * 2
    elseif clock() - start >= seconds / 4 then return n end
  end
end

--- median(list)
function stopwatch.median(list)
  local sorted <const> = table.move(list, 1, #list, 1, {})
  table.sort(sorted)
  return sorted[(#sorted + 1) // 2]
end

--- measure(unit, seconds): the median of its seconds, over so many seconds of calls.
function stopwatch.measure(unit, seconds)
  local n <const>, samples <const>, start <const> = repeats(unit, seconds), {}, clock()
  while clock() - start < seconds or #samples < 2 do samples[#samples + 1] = timed(unit, n) / n end
  return stopwatch.median(samples)
end

return stopwatch
