-- bin/tocha bench/ours.lua NAME SECONDS THREADS: one line "median_seconds value".
-- bin/tocha bench/ours.lua --list: the names.

local tocha = require "tocha"
local here <const> = arg[0]:match "^(.*)/[^/]*$" or "."
package.path = here .. "/?.lua;" .. package.path
local workloads = require "workloads"
local clock <const> = tocha.clock

if arg[1] == "--list" then
  local names <const> = {}
  for name in pairs(workloads) do names[#names + 1] = name end
  table.sort(names)
  print(table.concat(names, "\n"))
  return
end

local seconds <const> = tonumber(arg[2] or 1)
tocha.set_num_threads(math.tointeger(tonumber(arg[3] or 2)))

-- So many units a sample that reading the clock does not count.
local function repeats(unit)
  local n = 1
  while true do
    local start = clock()
    for _ = 1, n do unit() end
    local took = clock() - start
    if took > 2e-3 then return n end
    n = n * 2
  end
end

local function median(list)
  table.sort(list)
  return list[(#list + 1) // 2]
end

local function measure(unit)
  local n <const> = repeats(unit)
  local samples, start = {}, clock()
  repeat
    local from = clock()
    for _ = 1, n do unit() end
    samples[#samples + 1] = (clock() - from) / n
  until clock() - start > seconds and #samples >= 5
  return median(samples)
end

local unit, value = workloads[arg[1]]()
print(("%.9g %.9g"):format(measure(unit), value))
