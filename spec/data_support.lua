-- What the specs of data share.

local tocha = require "tocha"
local data = tocha.data

-- Example i is i, 10 i.
local function numbers(n) return data.FunctionDataset(n, function(i) return i, 10 * i end) end

local function sorted(list)
  table.sort(list)
  return list
end

local function range(first, last, step)
  local list = {}
  for i = first, last, step or 1 do list[#list + 1] = i end
  return list
end

return { numbers = numbers, sorted = sorted, range = range }
