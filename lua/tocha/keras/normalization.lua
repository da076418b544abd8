-- keras.layers: normalisation, with Keras's epsilon (1e-3), momentum (the share of the old, 0.99)
-- and axis (-1, the channels; counted from 1, the batch is 1).

local autograd = require "tocha.autograd"
local ops = require "tocha.op".ops
local core = require "tocha.core"
local Module = require "tocha.nn.module"
local layer = require "tocha.keras.layer"
local layout = require "tocha.keras.layout"

local SCALE <const> = "epsilon = 1e-3, center = true, scale = true, "
  .. layer.options("gamma", "ones") .. ", " .. layer.options("beta", "zeros")
local GAMMA_BETA <const> = { { "gamma", "weight" }, { "beta", "bias" } }

-- The sizes along the axes of a weight, learned from the first input.
local function sizes_along(self, x)
  local sizes <const> = {}
  local axes <const> = type(self.axis) == "table" and self.axis or { self.axis }
  for k, d in ipairs(axes) do sizes[k] = x:size(d) end
  return sizes
end

local LAZY <const> = {
  field = "_sizes", of_input = sizes_along, of_weight = function(_, shape) return shape end,
}

local function affine_shapes(self, args)
  local sizes <const> = self._sizes == 0 and { 0 } or self._sizes
  return { args.scale and { "weight", sizes }, args.center and { "bias", sizes } }
end

-- ---- BatchNormalization -------------------------------------------------------------------------

local BatchNormalization <const> = layer.define("BatchNormalization", Module,
  "axis = -1, momentum = 0.99, " .. SCALE .. ", moving_mean_initializer = 'zeros', "
  .. "moving_variance_initializer = 'ones'",
  { GAMMA_BETA[1], GAMMA_BETA[2], { "moving_mean", "running_mean" },
    { "moving_variance", "running_var" } })
BatchNormalization.lazy = { field = "_sizes", of_input = sizes_along, key = "running_mean",
  of_weight = LAZY.of_weight }

function BatchNormalization:shapes(args)
  local list <const> = affine_shapes(self, args)
  local sizes <const> = self._sizes == 0 and { 0 } or self._sizes
  list[#list + 1] = { "running_mean", sizes, buffer = true }
  list[#list + 1] = { "running_var", sizes, buffer = true }
  return list
end

-- The kernel adds the variance over n - 1; Keras's is over n.
local function correct_variance(self, old, n)
  local _ <close> = autograd.no_grad()
  local keep <const> = self.momentum
  self.running_var:mul_(1 - 1 / n):add_(old * (keep / n))
end

local function normalise(self, x, training)
  local old <const> = training and self.running_var:detach():clone()
  local y <const> = ops.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias,
    training, 1 - self.momentum, self.epsilon)
  if training then correct_variance(self, old, x:numel() // x:size(2)) end
  return y
end

--- BatchNormalization(): over the batch in training, with moving averages otherwise, and always so
--- when it is not trainable.
function BatchNormalization:forward(x)
  if not self._sizes then self:infer(x) end
  local training <const> = self.is_training and self.trainable ~= false
  local d <const> = self.axis < 0 and self.axis + x.ndim + 1 or self.axis
  if d == 2 then return normalise(self, x, training) end
  if d == x.ndim then return layout.last(normalise(self, layout.first(x), training)) end
  return normalise(self, x:transpose(2, d), training):transpose(2, d)
end

-- ---- LayerNormalization and others --------------------------------------------------------------

--- LayerNormalization(axis = -1): over these dimensions of each example.
local LayerNormalization <const> = layer.define("LayerNormalization", Module,
  "axis = -1, " .. SCALE, GAMMA_BETA)
LayerNormalization.lazy, LayerNormalization.shapes = LAZY, affine_shapes

-- Are the axes the last ones, in order?
local function are_last(axes, ndim)
  for k, d in ipairs(axes) do
    if (d < 0 and d + ndim + 1 or d) ~= ndim - #axes + k then return false end
  end
  return true
end

function LayerNormalization:forward(x)
  if not self._sizes then self:infer(x) end
  local axes <const> = type(self.axis) == "table" and self.axis or { self.axis }
  if not are_last(axes, x.ndim) then
    core.fail("LayerNormalization", nil, "axis: expected the last dimensions, in order")
  end
  return ops.layer_norm(x, self._sizes, self.weight, self.bias, self.epsilon)
end

--- GroupNormalization(groups = 32): over groups of channels; -1: each channel is one.
local GroupNormalization <const> = layer.define("GroupNormalization", Module,
  "groups = 32, axis = -1, " .. SCALE, GAMMA_BETA)
GroupNormalization.lazy, GroupNormalization.shapes = LAZY, affine_shapes

function GroupNormalization:forward(x)
  if not self._sizes then self:infer(x) end
  local groups <const> = self.groups == -1 and self._sizes[1] or self.groups
  return layout.last(ops.group_norm(layout.first(x), groups, self.weight, self.bias, self.epsilon))
end

--- UnitNormalization(axis = -1): vectors of length 1.
local UnitNormalization <const> = layer.define("UnitNormalization", Module, "axis = -1")
function UnitNormalization:forward(x) return ops.normalize(x, 2, self.axis) end
