-- Random numbers of transforms, from Tocha's generator: `tocha.manual_seed` and a loader's seed fix
-- them.

local core = require "tocha.core"
local registry = require "tocha.op"

local ops <const> = registry.ops
local draw <const> = {}

local DOUBLE <const> = { dtype = "float64" }

local function unit() return ops.rand({ 1 }, DOUBLE):item() end

--- draw.uniform(low, high): a number from low on and below high.
function draw.uniform(low, high) return low + (high - low) * unit() end

--- draw.integer(low, high): one of low, low + 1, ... high.
function draw.integer(low, high)
  return math.min(low + math.floor((high - low + 1) * unit()), high)
end

--- draw.chance(p): true with probability p.
function draw.chance(p) return unit() < p end

--- draw.sign(): 1 or -1.
function draw.sign() return draw.chance(0.5) and 1 or -1 end

--- draw.order(n): the numbers 1 to n in some order, a list.
function draw.order(n) return ops.randperm(n):tolist() end

--- draw.choice(list): one of them.
function draw.choice(list) return list[draw.integer(1, #list)] end

--- draw.weighted(weights): a place in the list, with a probability in proportion to its weight.
function draw.weighted(weights)
  local sum, last = 0, 1
  for _, w in ipairs(weights) do sum = sum + w end
  local left = sum * unit()
  for k, w in ipairs(weights) do
    if w > 0 then last = k end
    left = left - w
    if left < 0 then return k end
  end
  return last
end

-- ---- Gamma and what is made of it ---------------------------------------------------------------

-- Marsaglia and Tsang, "A simple method for generating gamma variables", 2000. shape >= 1.
local function large_gamma(shape)
  local d <const> = shape - 1 / 3
  local c <const> = 1 / math.sqrt(9 * d)
  while true do
    local z <const> = ops.randn({ 1 }, DOUBLE):item()
    local v <const> = (1 + c * z) ^ 3
    if v > 0 and math.log(1 - unit()) < z * z / 2 + d * (1 - v + math.log(v)) then return d * v end
  end
end

-- The logarithm: for small shapes the number itself may be too small to hold.
local function log_gamma_variable(shape)
  if shape >= 1 then return math.log(large_gamma(shape)) end
  return math.log(large_gamma(shape + 1)) + math.log(1 - unit()) / shape
end

--- draw.dirichlet(n, alpha): n weights that sum to 1, all of one concentration.
function draw.dirichlet(n, alpha)
  local logs <const>, most = {}, -math.huge
  for k = 1, n do
    logs[k] = log_gamma_variable(alpha)
    most = math.max(most, logs[k])
  end
  local weights <const>, sum = {}, 0
  for k = 1, n do
    weights[k] = math.exp(logs[k] - most)
    sum = sum + weights[k]
  end
  for k = 1, n do weights[k] = weights[k] / sum end
  return weights
end

--- draw.beta(alpha): a number in 0..1 of the distribution Beta(alpha, alpha).
function draw.beta(alpha) return draw.dirichlet(2, alpha)[1] end

-- ---- ranges that users give ---------------------------------------------------------------------

--- draw.check_range(who, name, range, least, most): { low, high }, in order and within the bounds.
function draw.check_range(who, name, range, least, most)
  local ok <const> = type(range) == "table" and #range == 2 and type(range[1]) == "number"
    and type(range[2]) == "number" and range[1] <= range[2]
    and range[1] >= (least or -math.huge) and range[2] <= (most or math.huge)
  if not ok then
    core.fail(who, name, "expected {low, high}%s, got %s",
      least and (" between %g and %g"):format(least, most or math.huge) or "",
      require "tocha.signature".text(range))
  end
  return range
end

--- draw.check_probability(who, p, name): a number in 0..1.
function draw.check_probability(who, p, name)
  if type(p) ~= "number" or not (p >= 0 and p <= 1) then
    core.fail(who, name or "p", "expected a probability, 0 to 1, got %s", tostring(p))
  end
end

return draw
