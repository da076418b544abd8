-- Contents that golden/model.py makes too: the same formula on both sides, so that only results are
-- stored.

local tocha = require "tocha"

local formula <const> = {}

local function count(shape)
  local n = 1
  for _, size in ipairs(shape) do n = n * size end
  return n
end

local function steps(n) return tocha.arange(0, n - 1, 1, { dtype = "float64" }) end

--- Element k (from 0) is sin(0.7 k + 1.3 j + 0.5).
function formula.fill(shape, j)
  return (steps(count(shape)) * 0.7 + (1.3 * j + 0.5)):sin():reshape(shape)
end

local PERIOD <const> = 4093  -- a prime: rows of a matrix do not repeat

--- Element k is sin(0.7 r^2 + 1.3 j + 0.5), where r = k mod PERIOD, times scale, plus offset.
function formula.chirp(shape, j, scale, offset)
  local n <const>, r <const> = count(shape), steps(PERIOD)
  local one <const> = (r * r * 0.7 + (1.3 * j + 0.5)):sin() * scale + offset
  return one:to("float32"):tile { -(-n // PERIOD) }:narrow(1, 1, n):reshape(shape)
end

function formula.weights(n) return (steps(n) * 0.3 + 0.1):cos() end

--- The sum of the elements times cos(0.3 k + 0.1).
function formula.checksum(x)
  local flat <const> = x:detach():to("cpu", "float64"):reshape { -1 }
  return (flat * formula.weights(flat:numel())):sum():item()
end

return formula
