-- Layers that are random while the network is trained, and do nothing (or the mean) in evaluation:
-- dropout, noise, stochastic depth, RReLU.

local core = require "tocha.core"
local registry = require "tocha.op"
local Module = require "tocha.nn.module"

local ops <const> = registry.ops
local classes <const> = {}

local function check_probability(self, name, p)
  if type(p) == "number" and p >= 0 and p <= 1 then return end
  core.fail(getmetatable(self).__name, name, "expected a probability in 0 .. 1, got %s",
    tostring(p))
end

-- ---- dropout: single elements, or whole channels ------------------------------------------------

local DROPOUTS <const> = {
  Dropout = "dropout", Dropout1d = "dropout1d", Dropout2d = "dropout2d", Dropout3d = "dropout3d",
  AlphaDropout = "alpha_dropout", FeatureAlphaDropout = "feature_alpha_dropout",
}
for name, op in pairs(DROPOUTS) do
  local class <const> = Module:extend(name, "p = 0.5, inplace = false")
  class.op = op
  function class:build() check_probability(self, 1, self.p) end
  function class:forward(x)
    if not self.is_training or self.p == 0 then return x end
    local y <const> = ops[op](x, self.p, true)
    return self.inplace and x:copy_(y) or y
  end
  classes[name] = class
end

-- ---- noise --------------------------------------------------------------------------------------

--- nn.GaussianNoise(std): adds normal noise.
local GaussianNoise <const> = Module:extend("GaussianNoise", "std")
function GaussianNoise:forward(x) return ops.gaussian_noise(x, self.std, self.is_training) end

--- nn.GaussianDropout(p = 0.5): multiplies by normal noise around 1.
local GaussianDropout <const> = Module:extend("GaussianDropout", "p = 0.5")
function GaussianDropout:build() check_probability(self, 1, self.p) end
function GaussianDropout:forward(x) return ops.gaussian_dropout(x, self.p, self.is_training) end

-- ---- stochastic depth ---------------------------------------------------------------------------

--- nn.DropPath(drop_prob = 0, scale_by_keep = true): the branch of a residual block is left out,
--- example by example, with this probability. Huang et al., "Deep networks with stochastic depth"
--- (2016).
local DropPath <const> = Module:extend("DropPath", "drop_prob = 0.0, scale_by_keep = true")
function DropPath:build() check_probability(self, 1, self.drop_prob) end
function DropPath:forward(x)
  return ops.stochastic_depth(x, self.drop_prob, "row", self.is_training, self.scale_by_keep)
end

--- nn.StochasticDepth(p, mode): the same by torchvision's name; `mode` is "row" or "batch".
local StochasticDepth <const> = Module:extend("StochasticDepth", "p, mode")
function StochasticDepth:build() check_probability(self, 1, self.p) end
function StochasticDepth:forward(x)
  return ops.stochastic_depth(x, self.p, self.mode, self.is_training)
end

-- ---- rrelu --------------------------------------------------------------------------------------

--- nn.RReLU(lower = 1/8, upper = 1/3, inplace = false): a leaky relu with random slopes.
local RReLU <const> = Module:extend("RReLU", "lower = 1/8, upper = 1/3, inplace = false")
function RReLU:forward(x)
  local f <const> = self.inplace and registry.methods.rrelu_ or ops.rrelu
  return f(x, self.lower, self.upper, self.is_training)
end

classes.GaussianNoise, classes.GaussianDropout = GaussianNoise, GaussianDropout
classes.DropPath, classes.StochasticDepth, classes.RReLU = DropPath, StochasticDepth, RReLU
return classes
