-- Weights as 8-bit integers: symmetric, with a scale for each output, so that the largest weight of
-- a row is 127 of its scales.

local core = require "tocha.core"
local registry = require "tocha.op"
local autograd = require "tocha.autograd"

local ops <const> = registry.ops
local quantize <const> = {}

local MOST <const> = 127

--- quantize.rows(weight): weight is (outputs, ...): int8 of its shape and the scales (outputs,);
--- row k is about values[k] * scale[k]. What is not finite cannot be stored so: an error.
function quantize.rows(weight)
  local _ <close> = autograd.no_grad()
  if weight:numel() == 0 then return weight:to "int8", ops.zeros(weight:size(1)) end
  local rows <const> = weight:reshape(weight:size(1), -1)
  local most <const> = rows:abs():amax(2)
  if not most:isfinite():all():item() then
    core.fail("freeze", nil, "weights that are not finite cannot be stored as int8")
  end
  local scale <const> = most / MOST
  local divisor <const> = ops.where(scale:gt(0), scale, 1)
  local values <const> = (rows / divisor:unsqueeze(2)):round():to "int8"
  return values:reshape(weight.shape), scale
end

return quantize
