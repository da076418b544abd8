-- Normalisations.

local op = require "tocha.onnx.registry".op
local registry = require "tocha.op"
local normal = require "tocha.normalisation"

local ops <const>, rule <const> = registry.ops, registry.rule

local FLOAT <const> = 1  -- TensorProto.FLOAT, the default of stash_type

-- ---- over examples ------------------------------------------------------------------------------

local function cast(t, x) return t:to(x.dtype) end

local function moments(x, dims)
  local mean <const> = ops.mean(x, dims, true)
  local d <const> = x - mean
  return mean, ops.mean(d * d, dims, true), d
end

-- Before version 14 nothing says so but the outputs: more than one are those of training.
local function is_training(a)
  if a.opset >= 14 then return a.training_mode == 1 end
  if a.opset < 7 then return a.is_test ~= 1 end
  return a.outputs > 1
end

local batch_normalization

-- Statistics of each element, as `spatial = 0` had it before version 9: elements are channels then.
local function by_element(a, x, ...)
  local options <const> = {}
  for name, value in pairs(a) do options[name] = value end
  options.spatial = 1
  local flat <const> = {}
  for k = 1, select("#", ...) do flat[k] = (select(k, ...)):flatten() end
  local outputs <const> = table.pack(batch_normalization(options, x:flatten(2),
    table.unpack(flat)))
  outputs[1] = outputs[1]:reshape(x.shape)
  for k = 2, outputs.n do outputs[k] = outputs[k]:reshape { table.unpack(x.shape, 2) } end
  return table.unpack(outputs, 1, outputs.n)
end

-- In training: the result, then the running mean and variance as they are afterwards, then (before
-- version 14) the saved ones.
function batch_normalization(a, x, scale, bias, mean, var)
  if a.spatial == 0 then return by_element(a, x, scale, bias, mean, var) end
  local eps <const>, keep <const> = a.epsilon, a.momentum
  scale, bias = cast(scale, x), cast(bias, x)
  if a.run.training and not is_training(a) then  -- a module in training, as nn.BatchNorm2d
    return ops.batch_norm(x, mean:detach(), var:detach(), scale, bias, true, 1 - keep, eps)
  elseif not is_training(a) then
    return ops.batch_norm_eval(x, scale, bias, cast(mean, x), cast(var, x), eps)
  end
  local now_mean <const>, now_var <const> = moments(x:detach(), normal.other_dims(x))
  local m <const>, v <const> = now_mean:flatten():to(mean.dtype), now_var:flatten():to(var.dtype)
  return ops.batch_norm(x, nil, nil, scale, bias, true, 0, eps),
    mean * keep + m * (1 - keep), var * keep + v * (1 - keep), m, v
end

op "BatchNormalization" {
  since = 1, inputs = "X, scale, B, input_mean: buffer, input_var: buffer",
  attributes = { epsilon = 1e-5, momentum = 0.9, training_mode = 0, spatial = 1, is_test = 0,
    consumed_inputs = op.ints },
  doc = "Batch normalisation by running statistics; in training mode, and when the module trains, "
    .. "by those of the batch.",
  run = batch_normalization,
}

op "InstanceNormalization" {
  since = 1, inputs = "input, scale, B",
  attributes = { epsilon = 1e-5, consumed_inputs = op.ints },
  doc = "Each channel of each example with mean 0 and variance 1, scaled, shifted.",
  run = function(a, x, scale, bias)
    return ops.instance_norm(x, nil, nil, scale, bias, true, 0.1, a.epsilon)
  end,
}

-- Of an even number of channels one more lies after than before.
local function local_response(a, x)
  local N <const>, C <const>, n <const> = x:size(1), x:size(2), a.size
  local squares <const> = (x * x):reshape { N, C, rule.product(x.shape, 3) }
  local pads <const> = { (n - 1) // 2, n - 1 - (n - 1) // 2, 0, 0 }
  local means <const> = ops.avg_pool(squares:unsqueeze(2), { N, 1, C, squares:size(3) }, { n, 1 },
    { 1, 1 }, pads, true, n):reshape(x.shape)
  return x * ops.pow(means * a.alpha + a.bias, -a.beta)
end

op "LRN" {
  since = 1, inputs = "X",
  attributes = { size = op.need.int, alpha = 1e-4, beta = 0.75, bias = 1.0 },
  doc = "Local response normalisation over neighbouring channels (Krizhevsky et al., \"ImageNet "
    .. "classification with deep convolutional neural networks\", 2012).",
  run = local_response,
}

op "MeanVarianceNormalization" {
  since = 9, inputs = "X", attributes = { axes = { 0, 2, 3 } },
  doc = "Mean 0 and variance 1 over some axes.",
  run = function(a, x)
    local _, var <const>, d <const> = moments(x, op.axes(a.axes, x.ndim))
    return d / (ops.sqrt(var) + 1e-9)
  end,
}

-- ---- of each example ----------------------------------------------------------------------------

-- The sizes from `axis` (from 0) on, and those dimensions.
local function last_sizes(a, x)
  local shape <const>, dims <const> = {}, {}
  for d = op.axis(a.axis, x.ndim), x.ndim do shape[#shape + 1], dims[#dims + 1] = x:size(d), d end
  return shape, dims
end

local function has_shape(t, shape) return not t or rule.text(t.shape) == rule.text(shape) end

-- Half types are normalised as float32 unless the node says that they are not.
local function stashed(a, x)
  return a.stash_type == FLOAT and x.dtype ~= "float64" and x:to "float32" or x
end

local function layer_normalization(a, x, scale, bias)
  local shape <const>, dims <const> = last_sizes(a, x)
  if a.outputs == 1 and has_shape(scale, shape) and has_shape(bias, shape) then
    return ops.layer_norm(x, shape, scale, bias, a.epsilon)
  end
  local wide <const> = stashed(a, x)
  local mean <const>, var <const>, d <const> = moments(wide, dims)
  local inverse <const> = ops.rsqrt(var + a.epsilon)
  return normal.scaled((d * inverse):to(x.dtype), scale, bias), mean, inverse
end

op "LayerNormalization" {
  since = 17, inputs = "X, Scale, B?", attributes = { axis = -1, epsilon = 1e-5, stash_type = 1 },
  doc = "Mean 0 and variance 1 over the axes from `axis` on, scaled, shifted; then the means and "
    .. "the inverse standard deviations.",
  run = layer_normalization,
}

op "RMSNormalization" {
  since = 23, inputs = "X, scale", attributes = { axis = -1, epsilon = 1e-5, stash_type = 1 },
  doc = "Over the root mean square of the axes from `axis` on, scaled.",
  run = function(a, x, scale)
    local shape <const>, dims <const> = last_sizes(a, x)
    if has_shape(scale, shape) then return ops.rms_norm(x, shape, scale, a.epsilon) end
    return normal.standardised(stashed(a, x), dims, a.epsilon, false):to(x.dtype) * scale
  end,
}

-- One number a group becomes one a channel: version 18 scaled groups.
local function each_channel(t, x)
  return ops.repeat_interleave(t, x:size(2) // t:numel(), 1)
end

op "GroupNormalization" {
  since = 18, inputs = "X, scale, bias",
  attributes = { num_groups = op.need.int, epsilon = 1e-5, stash_type = 1 },
  doc = "Each group of channels of an example with mean 0 and variance 1, scaled, shifted.",
  run = function(a, x, scale, bias)
    if scale:numel() ~= x:size(2) then
      scale, bias = each_channel(scale, x), each_channel(bias, x)
    end
    return ops.group_norm(x, a.num_groups, scale, bias, a.epsilon)
  end,
}

op "LpNormalization" {
  since = 1, inputs = "input", attributes = { axis = -1, p = 2 },
  doc = "Over the p-norm along an axis; zeros stay zeros.",
  run = function(a, x)
    local length <const> = ops.norm(x, a.p, op.axis(a.axis, x.ndim), true)
    return x / ops.masked_fill(length, length:eq(0), 1)
  end,
}
