-- Normalisation: batch, instance, layer, RMS, group, local response.
--
-- nn.BatchNorm2d() without a number of features learns it from its first input.

local core = require "tocha.core"
local registry = require "tocha.op"
local rule = require "tocha.rule"
local Module = require "tocha.nn.module"
local call = require "tocha.nn.call"
local init = require "tocha.nn.initialize"
local fused = require "tocha.nn.norm_relu"

local ops <const> = registry.ops
local classes <const> = {}
local OWNS <const> = { device = true, dtype = true, bias = true }

local function reset_affine(self)
  if self.weight then init.ones_(self.weight) end
  if self.bias then init.zeros_(self.bias) end
end

-- ---- batch and instance normalisation -----------------------------------------------------------

local function running_shapes(self)
  local affine <const>, track <const> = self.affine, self.track_running_stats
  local size <const> = { self.num_features }
  return {
    affine and { "weight", size }, affine and { "bias", size },
    track and { "running_mean", size, buffer = true },
    track and { "running_var", size, buffer = true },
    track and { "num_batches_tracked", {}, buffer = true, dtype = "int64" },
  }
end

local function reset_running(self)
  reset_affine(self)
  if not self.running_mean then return end
  self.running_mean:zero_()
  self.running_var:fill_(1)
  self.num_batches_tracked:zero_()
end

local function check_dims(self, x, least, most)
  if x.ndim >= least and x.ndim <= most then return end
  local wanted <const> = least == most and tostring(least) or most == math.huge
    and "at least " .. least or least .. " or " .. most
  core.fail(getmetatable(self).__name, 1, "expected %s dimensions, got a %s tensor", wanted,
    rule.text(x.shape))
end

-- The weight of the newest batch; a momentum of false (PyTorch's None) is a plain average over all.
local function momentum_of(self, training)
  if not (training and self.num_batches_tracked) then return self.momentum or 0 end
  self.num_batches_tracked:add_(1)
  return self.momentum or 1 / self.num_batches_tracked:item()
end

local function running_class(name, eps_args, least, most, lazy_dim)
  local class <const> = Module:extend(name, "num_features, eps = 1e-5, momentum = 0.1, " .. eps_args
    .. ", device = nil, dtype = nil")
  class.owns, class.short = OWNS, 0
  class.shapes, class.reset_parameters = running_shapes, reset_running
  class.lazy = {
    field = "num_features", of_input = function(_, x) return x:size(lazy_dim) end,
    of_weight = function(_, shape) return shape[1] end,
  }
  class.check = function(self, x) check_dims(self, x, least, most) end
  classes[name] = class
  return class
end

-- The running estimates, where they are to be read or written.
local function estimates(self, x)
  self:check(x)
  if not self.num_features then self:infer(x) end
  if self.is_training and not self.track_running_stats then return nil, nil end
  return self.running_mean, self.running_var
end

local function batch_forward(self, x)
  local mean <const>, var <const> = estimates(self, x)
  local training <const> = self.is_training or not self.running_mean
  return ops.batch_norm(x, mean, var, self.weight, self.bias, training,
    momentum_of(self, self.is_training), self.eps)
end

-- relu(forward(x) + residual) in training (norm_relu.lua).
local function batch_forward_relu(self, x, residual)
  local mean <const>, var <const> = estimates(self, x)
  return ops.batch_norm_relu(x, mean, var, self.weight, self.bias, residual, true,
    momentum_of(self, true), self.eps)
end

local DIMS <const> = { { 2, 3 }, { 4, 4 }, { 5, 5 } }
for n = 1, 3 do
  local class <const> = running_class("BatchNorm" .. n .. "d",
    "affine = true, track_running_stats = true", DIMS[n][1], DIMS[n][2], 2)
  class.forward, class.forward_relu = batch_forward, batch_forward_relu
  call.joins[class] = fused.joined
end

-- ---- synchronised -------------------------------------------------------------------------------

--- nn.SyncBatchNorm(num_features, ...): batch normalisation of (N, C, ...) with any number of
--- dimensions. The statistics are those of the process it runs in.
local SyncBatchNorm <const> = running_class("SyncBatchNorm",
  "affine = true, track_running_stats = true, process_group = nil", 2, math.huge, 2)
SyncBatchNorm.forward = batch_forward

local function synchronised(old)
  local new <const> = SyncBatchNorm(old.num_features, { eps = old.eps, momentum = old.momentum,
    affine = old.affine, track_running_stats = old.track_running_stats })
  for _, e in ipairs(old:entries()) do new:put_raw(e.name, e.value) end
  return new:train(old.is_training)
end

--- nn.SyncBatchNorm.convert_sync_batchnorm(module): with SyncBatchNorm in the place of every
--- BatchNorm1d to 3d inside it, on the same parameters. Returns the module, or what replaces it.
function SyncBatchNorm.convert_sync_batchnorm(module)
  return (module:replace({ classes.BatchNorm1d, classes.BatchNorm2d, classes.BatchNorm3d },
    synchronised))
end

local function instance_forward(self, x, n)
  self:check(x)
  local batched <const> = x.ndim == n + 2
  if not batched then x = x:unsqueeze(1) end
  if not self.num_features then self:infer(x) end
  local y <const> = ops.instance_norm(x, self.running_mean, self.running_var, self.weight,
    self.bias, self.is_training or not self.running_mean, self.momentum or 0, self.eps)
  return batched and y or y:squeeze(1)
end

for n = 1, 3 do
  local class <const> = running_class("InstanceNorm" .. n .. "d",
    "affine = false, track_running_stats = false", n + 1, n + 2, -n - 1)
  function class:forward(x) return instance_forward(self, x, n) end
end

-- ---- layer, RMS, group, local response ----------------------------------------------------------

local function as_list(value) return type(value) == "table" and value or { value } end

local LayerNorm <const> = Module:extend("LayerNorm",
  "normalized_shape, eps = 1e-5, elementwise_affine = true, bias = true, device = nil, dtype = nil")
LayerNorm.owns, LayerNorm.reset_parameters = OWNS, reset_affine

function LayerNorm:shapes(args)
  local size <const>, affine <const> = as_list(self.normalized_shape), self.elementwise_affine
  return { affine and { "weight", size }, affine and args.bias and { "bias", size } }
end

--- nn.LayerNorm(normalized_shape, {eps =, elementwise_affine =, bias =}): over the last dimensions.
function LayerNorm:forward(x)
  return ops.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)
end

local RMSNorm <const> = Module:extend("RMSNorm",
  "normalized_shape, eps = nil, elementwise_affine = true, device = nil, dtype = nil")
RMSNorm.owns, RMSNorm.reset_parameters = OWNS, reset_affine

function RMSNorm:shapes()
  return { self.elementwise_affine and { "weight", as_list(self.normalized_shape) } }
end

function RMSNorm:forward(x) return ops.rms_norm(x, self.normalized_shape, self.weight, self.eps) end

local GroupNorm <const> = Module:extend("GroupNorm",
  "num_groups, num_channels, eps = 1e-5, affine = true, device = nil, dtype = nil")
GroupNorm.owns, GroupNorm.reset_parameters = OWNS, reset_affine

function GroupNorm:shapes()
  if self.num_channels % self.num_groups ~= 0 then
    core.fail("GroupNorm", nil, "num_channels %d must be divisible by num_groups %d",
      self.num_channels, self.num_groups)
  end
  local size <const> = { self.num_channels }
  return { self.affine and { "weight", size }, self.affine and { "bias", size } }
end

function GroupNorm:forward(x)
  return ops.group_norm(x, self.num_groups, self.weight, self.bias, self.eps)
end

local LocalResponseNorm <const> = Module:extend("LocalResponseNorm",
  "size, alpha = 1e-4, beta = 0.75, k = 1")
function LocalResponseNorm:forward(x)
  return ops.local_response_norm(x, self.size, self.alpha, self.beta, self.k)
end

classes.LayerNorm, classes.RMSNorm, classes.GroupNorm = LayerNorm, RMSNorm, GroupNorm
classes.LocalResponseNorm = LocalResponseNorm
-- PyTorch's older name.
classes.CrossMapLRN2d = LocalResponseNorm
return classes
