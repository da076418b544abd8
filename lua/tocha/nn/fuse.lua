-- Batch normalisation folded into the layer before it, for evaluation; layers made without filling
-- their weights; a module called with other parameters.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local registry = require "tocha.op"
local rule = require "tocha.rule"
local tensors = require "tocha.nn.tensors"
local walk = require "tocha.nn.walk"

local ops <const> = registry.ops
local fusion <const> = {}

-- ---- fusion -------------------------------------------------------------------------------------

-- What each channel is multiplied with, and what is added then.
local function scale_and_shift(mean, var, eps, weight, bias)
  local scale = ops.rsqrt(var + eps)
  if weight then scale = scale * weight end
  local shift = -mean * scale
  return scale, bias and shift + bias or shift
end

-- Along dimension `dim` of weight.
local function folded(weight, bias, dim, scale, shift)
  local shape <const> = {}
  for d = 1, weight.ndim do shape[d] = d == dim and -1 or 1 end
  return weight * scale:reshape(shape), bias and bias * scale + shift or shift
end

--- nn.utils.fuse_conv_bn_weights(conv_w, conv_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b, transpose =
--- false): weight and bias, as parameters, of a convolution that normalises too. conv_b, bn_w and
--- bn_b may be nil.
function fusion.fuse_conv_bn_weights(w, b, mean, var, eps, bn_w, bn_b, transpose)
  local _ <close> = autograd.no_grad()
  local scale <const>, shift <const> = scale_and_shift(mean, var, eps, bn_w, bn_b)
  local weight <const>, bias <const> = folded(w, b, transpose and 2 or 1, scale, shift)
  return tensors.Parameter(weight, w.requires_grad), tensors.Parameter(bias, w.requires_grad)
end

--- nn.utils.fuse_linear_bn_weights(linear_w, linear_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b)
function fusion.fuse_linear_bn_weights(...) return fusion.fuse_conv_bn_weights(...) end

local function fused(who, layer, bn, transpose)
  if layer.is_training or bn.is_training then
    core.fail(who, nil, "goes with evaluation mode only: call eval() on both")
  end
  if not bn.running_mean then
    core.fail(who, 2, "the batch normalisation has no running estimates")
  end
  local outputs <const> = layer.out_channels or layer.out_features
  if outputs ~= bn.num_features then
    core.fail(who, 2, "the layer has %s outputs, the batch normalisation %s", tostring(outputs),
      tostring(bn.num_features))
  end
  if transpose and layer.groups > 1 then
    core.fail(who, 1, "transposed convolutions in groups cannot be fused")
  end
  local twin <const> = layer:clone()
  twin.weight, twin.bias = fusion.fuse_conv_bn_weights(twin.weight, twin.bias, bn.running_mean,
    bn.running_var, bn.eps, bn.weight, bn.bias, transpose)
  return twin
end

--- nn.utils.fuse_conv_bn_eval(conv, bn, transpose = false): a convolution that does both; what it
--- was made of stays as it is.
function fusion.fuse_conv_bn_eval(conv, bn, transpose)
  return fused("fuse_conv_bn_eval", conv, bn, transpose or false)
end

--- nn.utils.fuse_linear_bn_eval(linear, bn)
function fusion.fuse_linear_bn_eval(linear, bn)
  return fused("fuse_linear_bn_eval", linear, bn, false)
end

-- ---- without initialisation ---------------------------------------------------------------------

--- nn.utils.skip_init(Class, ...): Class(...) whose parameters hold whatever was in memory: for a
--- state dict that is loaded next.
function fusion.skip_init(class, ...)
  local was <const> = tensors.skip_reset
  tensors.skip_reset = true
  local _ <close> = setmetatable({}, { __close = function() tensors.skip_reset = was end })
  return class(...)
end

-- ---- with other parameters ----------------------------------------------------------------------

-- name -> { table, key } of every tensor, those that are shared under each of their names.
local function places(module, dict)
  local list <const>, wanted <const> = {}, {}
  for name, new in pairs(dict) do
    local at <const>, key <const> = walk.locate(module, name)
    local old <const> = at and at[key]
    if not core.is_tensor(old) then
      core.fail("functional_call", 2, "the module has no parameter or buffer '%s'", tostring(name))
    end
    if not old:is_same_size(new) then
      core.fail("functional_call", 2, "'%s': expected %s, got %s", name, rule.text(old.shape),
        rule.text(new.shape))
    end
    wanted[old] = new
  end
  module:visit(function(name, value, kind)
    if kind == "module" or wanted[value] == nil then return end
    local at <const>, key <const> = walk.locate(module, name)
    list[#list + 1] = { at, key, value, wanted[value] }
  end)
  return list
end

local function put(at, key, value)
  if at.put_raw then at:put_raw(key, value) else rawset(at, key, value) end
end

--- nn.utils.functional_call(module, dict, ...): module(...) with the tensors of `dict`, by their
--- names, in the place of its parameters and buffers; gradients flow to them. What is shared is
--- replaced everywhere; afterwards everything is as before, also after an error.
function fusion.functional_call(module, dict, ...)
  local list <const> = places(module, dict)
  local _ <close> = setmetatable({}, { __close = function()
    for _, place in ipairs(list) do put(place[1], place[2], place[3]) end
  end })
  for _, place in ipairs(list) do put(place[1], place[2], place[4]) end
  return module(...)
end

return fusion
