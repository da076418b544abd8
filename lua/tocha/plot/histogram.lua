-- histogram(x, {bins = "auto", range =, density =, cumulative =}) -> heights, edges (one more).
-- Numbers on an edge count in the bin to its right, on the last edge in the last bin, as in NumPy;
-- those outside the range and those that are not finite do not count.

local core = require "tocha.core"
local values = require "tocha.plot.values"

local MOST <const> = 100000  -- bins

local function finite(list)
  local kept <const> = {}
  for _, v in ipairs(list) do
    if v - v == 0 then kept[#kept + 1] = v end
  end
  return kept
end

-- Sturges' number, or Freedman and Diaconis' where that is larger.
local function automatic(list, low, high)
  local n <const> = #list
  local sturges <const> = math.ceil(math.log(math.max(1, n), 2)) + 1
  local sorted <const> = table.move(list, 1, n, 1, {})
  table.sort(sorted)
  local spread <const> = (sorted[math.ceil(0.75 * n)] or 0) - (sorted[math.ceil(0.25 * n)] or 0)
  if spread <= 0 then return sturges end
  local width <const> = 2 * spread / n ^ (1 / 3)
  return math.min(1000, math.max(sturges, math.ceil((high - low) / width)))
end

local function even_edges(low, high, n, who)
  if math.type(n) ~= "integer" or n < 1 or n > MOST then
    core.fail(who, "bins", "expected a number from 1 to %d, a list of edges or \"auto\"", MOST)
  end
  local edges <const> = {}
  for k = 0, n do edges[k + 1] = low + (high - low) * (k / n) end
  edges[n + 1] = high
  return edges
end

local function limits(list, range)
  local low, high = values.range(list)
  if range then low, high = range[1], range[2] end
  low, high = low or 0, high or 1
  if high <= low then low, high = low - 0.5, high + 0.5 end
  return low, high
end

local function edges_of(list, options, who)
  local bins <const> = options.bins or "auto"
  if type(bins) == "table" then
    local edges <const> = values.list(bins, who, "bins")
    for k = 2, #edges do
      if edges[k] <= edges[k - 1] then core.fail(who, "bins", "edges must grow") end
    end
    if #edges < 2 then core.fail(who, "bins", "expected at least two edges") end
    return edges
  end
  local low <const>, high <const> = limits(list, options.range)
  return even_edges(low, high, bins == "auto" and automatic(list, low, high) or bins, who)
end

-- The bin of v, by halving; edges[k] <= v < edges[k + 1].
local function bin_of(edges, v)
  local low, high = 1, #edges
  while high - low > 1 do
    local middle <const> = (low + high) // 2
    if v >= edges[middle] then low = middle else high = middle end
  end
  return low
end

local function count(list, edges)
  local heights <const>, total = {}, 0
  for k = 1, #edges - 1 do heights[k] = 0 end
  for _, v in ipairs(list) do
    if v >= edges[1] and v <= edges[#edges] then
      local k <const> = bin_of(edges, v)
      heights[k], total = heights[k] + 1, total + 1
    end
  end
  return heights, total
end

return function(x, options, who)
  local list <const> = finite(values.list(x, who, 1))
  local edges <const> = edges_of(list, options, who)
  local heights <const>, total <const> = count(list, edges)
  for k = 1, options.density and #heights or 0 do
    local width <const> = options.cumulative and 1 or edges[k + 1] - edges[k]
    heights[k] = heights[k] / math.max(1, total) / width
  end
  for k = 2, options.cumulative and #heights or 0 do heights[k] = heights[k] + heights[k - 1] end
  return heights, edges
end
