-- keras.layers: dropout and noise; all of it is off outside training.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local Module = require "tocha.nn.module"
local layer = require "tocha.keras.layer"
local layout = require "tocha.keras.layout"

local function check_rate(self)
  local rate <const> = self.rate
  if type(rate) == "number" and rate >= 0 and rate <= 1 then return end
  core.fail(getmetatable(self).__name, 1, "expected a rate in 0 .. 1, got %s", tostring(rate))
end

-- A layer that does `act` to its input in training, and nothing when the rate is 0.
local function define(name, args, act)
  local class <const> = layer.define(name, Module, args)
  class.setup = args:find "^rate" and check_rate or nil
  function class:forward(x)
    if not self.is_training or self.rate == 0 then return x end
    return layer.pass_mask(x, act(self, x))
  end
end

-- noise_shape has 1 where elements are dropped together; false: as in the input.
local function dropped_together(self, x)
  local sizes <const> = {}
  for d = 1, x.ndim do sizes[d] = self.noise_shape[d] or x:size(d) end
  return x * ops.dropout(ops.ones(sizes, { dtype = x.dtype, device = x.device }), self.rate, true)
end

--- Dropout(rate): that share of the inputs becomes 0, the rest grows by 1 / (1 - rate).
define("Dropout", "rate, noise_shape = nil, seed = nil", function(self, x)
  if self.noise_shape then return dropped_together(self, x) end
  return layout.elementwise(function(v) return ops.dropout(v, self.rate, true) end, x)
end)

for n = 1, 3 do
  local op <const> = ("dropout%dd"):format(n)
  define(("SpatialDropout%dD"):format(n), "rate, data_format = nil, seed = nil", function(self, x)
    return self:outside(ops[op](self:inside(x), self.rate, true))
  end)
end

define("GaussianNoise", "stddev, seed = nil", function(self, x)
  return x + ops.randn_like(x) * self.stddev
end)

define("GaussianDropout", "rate, seed = nil", function(self, x)
  return x * (ops.randn_like(x) * math.sqrt(self.rate / (1 - self.rate)) + 1)
end)

define("AlphaDropout", "rate, noise_shape = nil, seed = nil", function(self, x)
  return ops.alpha_dropout(x, self.rate, true)
end)
