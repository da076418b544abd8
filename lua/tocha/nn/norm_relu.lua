-- Batch normalisation, a sum and a ReLU in training as one operation, where a network's layers
-- stand so: in a Sequential by itself (call.chain asks call.joins), elsewhere by norm_relu. It is
-- what the modules do one after the other; a module that has hooks is called as always.

local call = require "tocha.nn.call"
local core = require "tocha.core"
local ops = require "tocha.op".ops
local classes = require "tocha.nn.pointwise"

local is_tensor <const> = core.is_tensor
local fused <const> = {}

--- joined(norm, list, at, x): relu(norm(x)) and 2 where a plain ReLU follows, else nil.
function fused.joined(norm, list, at, x)
  local layer <const> = list[at + 1]
  if not layer or layer._plain ~= classes.ReLU or not norm.is_training or not is_tensor(x) then
    return nil
  end
  return norm:forward_relu(x), 2
end

local function can_add(x, residual)
  return is_tensor(x) and (not residual or is_tensor(residual) and residual.dtype == x.dtype
    and residual:is_same_size(x))
end

--- norm_relu(norm, relu, x, residual): relu(norm(x) + residual), with or without a residual; `relu`
--- is a module, or false for none.
function fused.norm_relu(norm, relu, x, residual)
  local class <const> = norm._plain
  if class and call.joins[class] == fused.joined and norm.is_training and can_add(x, residual)
    and (not relu or relu._plain == classes.ReLU) then
    return norm:forward_relu(x, residual)
  end
  local y <const> = norm(x)
  return (relu or ops.relu)(residual and y + residual or y)
end

return fused
