-- Weights of frozen convolutions and linear layers as 8-bit integers with a scale for each output:
-- a quarter of the memory. A call makes floats of one layer's at a time, in memory that the plan
-- shares; activations stay floats, so what is lost is the rounding of the weights.

local registry = require "tocha.op"
local Module = require "tocha.nn.module"
local quantize = require "tocha.freeze.quantize"

local ops <const> = registry.ops
local int8 <const> = {}

--- int8.store(layer): its weight becomes two buffers, weight_int8 and weight_scale.
function int8.store(layer)
  local weight <const> = layer.weight
  local shape <const> = { weight:size(1) }
  for d = 2, weight.ndim do shape[d] = 1 end
  local values <const>, scale <const> = quantize.rows(weight:detach())
  layer:forget "weight"
  layer:register_buffer("weight_int8", values)
  layer:register_buffer("weight_scale", scale:reshape(shape))
  return layer
end

--- int8.weight(layer): as floats.
function int8.weight(layer) return ops.mul(layer.weight_int8, layer.weight_scale) end

local Int8Linear <const> = Module:extend "Int8Linear"

-- `of` is a linear layer that was stored.
function Int8Linear:new(of)
  self:register_buffer("weight_int8", of.weight_int8)
  self:register_buffer("weight_scale", of.weight_scale)
  self.bias = of.bias
end

function Int8Linear:forward(x) return ops.linear(x, int8.weight(self), self.bias) end

function Int8Linear:extra_repr()
  return ("%d, %d"):format(self.weight_int8:size(2), self.weight_int8:size(1))
end

--- int8.linear(): a function that makes such a layer of a linear one, each once.
function int8.linear()
  local made <const> = setmetatable({}, { __mode = "k" })
  return function(of)
    if not made[of] then
      made[of] = Int8Linear(of.weight and int8.store(of) or of)
      rawset(made[of], "_origin", rawget(of, "_origin"))
    end
    return made[of]
  end
end

return int8
