-- keras.layers: activations that are layers of their own.

local ops = require "tocha.op".ops
local Module = require "tocha.nn.module"
local activations = require "tocha.keras.activations"
local layer = require "tocha.keras.layer"
local layout = require "tocha.keras.layout"

-- An elementwise function of the input.
local function define(name, args, f)
  local class <const> = layer.define(name, Module, args)
  function class:forward(x) return layout.elementwise(function(v) return f(self, v) end, x) end
end

define("ReLU", "max_value = nil, negative_slope = 0.0, threshold = 0.0", function(self, x)
  if not self.max_value and self.negative_slope == 0 and self.threshold == 0 then
    return ops.relu(x)
  end
  return activations.relu(x, self)
end)

define("LeakyReLU", "negative_slope = 0.3", function(self, x)
  return ops.leaky_relu(x, self.negative_slope)
end)

define("ELU", "alpha = 1.0", function(self, x) return ops.elu(x, self.alpha) end)

define("ThresholdedReLU", "theta = 1.0", function(self, x)
  return ops.threshold(x, self.theta, 0)
end)

--- Softmax(axis = -1)
local Softmax <const> = layer.define("Softmax", Module, "axis = -1")
function Softmax:forward(x) return activations.softmax(x, self.axis) end

-- ---- PReLU --------------------------------------------------------------------------------------

--- PReLU(): a slope for each element of an example; one for all along `shared_axes` (2 is the first
--- dimension after the batch).
local PReLU <const> = layer.define("PReLU", Module,
  layer.options("alpha", "zeros") .. ", shared_axes = nil", { { "alpha", "weight" } })

PReLU.lazy = {
  field = "_sizes",
  of_input = function(self, x)
    local sizes <const> = table.move(x.shape, 2, x.ndim, 1, {})
    for _, d in ipairs(self.shared_axes or {}) do sizes[d - 1] = 1 end
    return sizes
  end,
  of_weight = function(_, shape) return shape end,
}

function PReLU:shapes() return { { "weight", self._sizes == 0 and { 0 } or self._sizes } } end

function PReLU:forward(x)
  if not self._sizes then self:infer(x) end
  return ops.relu(x) - ops.relu(-x) * self.weight
end
