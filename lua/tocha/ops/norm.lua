-- layer_norm, rms_norm, group_norm: one kernel forwards and one backwards each. The definition in
-- simple operations is the `ref`; that of the gradient makes it differentiable again.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local normal = require "tocha.normalisation"
local K <const> = core.kernel
local like_or_none <const>, scaled <const> = normal.like_or_none, normal.scaled
local standardised <const>, standardised_grad <const> = normal.standardised,
  normal.standardised_grad
local check_channels <const>, check_size <const> = normal.check_channels, normal.check_size
local by_channel <const>, other_dims <const> = normal.by_channel, normal.other_dims

local EPSILON <const> = { float64 = 2.0 ^ -52, float32 = 2.0 ^ -23, float16 = 2.0 ^ -10,
  bfloat16 = 2.0 ^ -7 }

-- ---- layer_norm and rms_norm: over the last dimensions ------------------------------------------

local function check_rows(name, x, shape, ...)
  shape = type(shape) == "table" and shape or { shape }
  local skip <const> = x.ndim - #shape
  local fits = #shape > 0 and skip >= 0
  for k, size in ipairs(shape) do fits = fits and x:size(skip + k) == size end
  if not fits then
    core.fail(name, 2, "expected the last sizes of the %s input, got %s", rule.text(x.shape),
      rule.text(shape))
  end
  for k, argument in ipairs { "weight", "bias" } do
    local t <const> = (select(k, ...))
    local same = not t or t.ndim == #shape
    for j, size in ipairs(shape) do same = same and (not t or t:size(j) == size) end
    if not same then
      core.fail(name, argument, "expected the shape %s, got %s", rule.text(shape),
        rule.text(t.shape))
    end
  end
  local n <const> = rule.product(shape)
  return n > 0 and x:numel() // n or 0, n
end

local function last_dims(x, shape)
  local dims <const> = {}
  for k = 1, type(shape) == "table" and #shape or 1 do dims[k] = x.ndim - k + 1 end
  return dims
end

op "layer_norm_backward" {
  doc = "Gradients of `layer_norm` (or, not `centred`, of `rms_norm`) for input, weight and bias.",
  args = "grad: float, input: float, shape: ints, weight: float?, bias: float?, eps: number, "
    .. "centred: bool",
  outputs = 3, differentiable = 3, method = false,
  run = function(g, x, shape, weight, bias, eps, centred)
    local n <const> = rule.product(type(shape) == "table" and shape or { shape })
    local gx, gw, gb = core.empty(x), like_or_none(weight, x), like_or_none(bias, x)
    K.layer_norm_backward(gx, gw, gb, g, x, weight, n > 0 and x:numel() // n or 0, n, centred, eps)
    return gx, weight and gw, bias and gb
  end,
  ref = function(g, x, shape, weight, bias, eps, centred)
    local gx, hat = standardised_grad(weight and g * weight or g, x, last_dims(x, shape), eps,
      centred)
    return gx, weight and ops.sum_to(g * hat, weight), bias and ops.sum_to(g, bias)
  end,
  sample = { { { 3, 4 }, { 3, 4 }, 4, { 4 }, { 4 }, 1e-5, true },
    { { 3, 4 }, { 3, 4 }, 4, { 4 }, nil, 1e-5, false } },
}

op "layer_norm" {
  doc = "Each slice over the last dimensions (`normalized_shape`) with mean 0 and variance 1, "
    .. "scaled, shifted.",
  args = "input: float, normalized_shape: ints, weight: float?, bias: float?, eps: number = 1e-5",
  method = false,
  run = function(x, shape, weight, bias, eps)
    local rows <const>, n <const> = check_rows("layer_norm", x, shape, weight, bias)
    local y = core.empty(x)
    K.layer_norm(y, x, weight, bias, rows, n, true, eps)
    return y
  end,
  ref = function(x, shape, weight, bias, eps)
    return scaled(standardised(x, last_dims(x, shape), eps, true), weight, bias)
  end,
  saves = "input weight",
  grad = function(g, _, x, shape, weight, bias, eps)
    local gx, gw, gb = ops.layer_norm_backward(g, x, shape, weight, bias, eps, true)
    return gx, nil, gw, gb
  end,
  sample = { { { 3, 4 }, 4, { 4 }, { 4 } }, { { 2, 3, 4 }, S.list { 3, 4 }, { 3, 4 } },
    { { 3, 4 }, 4 } },
}

op "rms_norm" {
  doc = "Each slice over the last dimensions over its root mean square, then scaled; eps nil: the "
    .. "dtype's.",
  args = "input: float, normalized_shape: ints, weight: float?, eps: number?",
  method = false,
  run = function(x, shape, weight, eps)
    local rows <const>, n <const> = check_rows("rms_norm", x, shape, weight)
    local y = core.empty(x)
    K.layer_norm(y, x, weight, nil, rows, n, false, eps or EPSILON[x.dtype])
    return y
  end,
  ref = function(x, shape, weight, eps)
    return scaled(standardised(x, last_dims(x, shape), eps or EPSILON[x.dtype], false), weight)
  end,
  saves = "input weight",
  grad = function(g, _, x, shape, weight, eps)
    local gx, gw = ops.layer_norm_backward(g, x, shape, weight, nil, eps or EPSILON[x.dtype], false)
    return gx, nil, gw
  end,
  sample = { { { 3, 4 }, 4, { 4 } }, { { 2, 3, 4 }, S.list { 3, 4 }, nil, 1e-5 } },
}

-- ---- group_norm: x is (N, C, ...) ---------------------------------------------------------------

-- x as (N, G, everything of the group)
local function grouped(x, groups) return ops.reshape(x, { x:size(1), groups, -1 }) end

op "group_norm_backward" {
  doc = "Gradients of `group_norm` for input, weight and bias.",
  args = "grad: float, input: float, groups: int, weight: float?, bias: float?, eps: number",
  outputs = 3, differentiable = 3, method = false,
  run = function(g, x, groups, weight, bias, eps)
    local N <const>, C <const>, size <const> = check_channels("group_norm", x)
    local gx, gw, gb = core.empty(x), like_or_none(weight, x), like_or_none(bias, x)
    K.group_norm_backward(gx, gw, gb, g, x, weight, N, C, size, groups, eps)
    return gx, weight and gw, bias and gb
  end,
  ref = function(g, x, groups, weight, bias, eps)
    local gw = weight and g * by_channel(weight, x) or g
    local gx, hat = standardised_grad(grouped(gw, groups), grouped(x, groups), 3, eps, true)
    local dims <const> = other_dims(x)
    return ops.reshape(gx, x.shape), weight and ops.sum(g * ops.reshape(hat, x.shape), dims),
      bias and ops.sum(g, dims)
  end,
  sample = { { { 2, 4, 3 }, { 2, 4, 3 }, 2, { 4 }, { 4 }, 1e-5 } },
}

op "group_norm" {
  doc = "Each of `num_groups` groups of channels of a sample with mean 0 and variance 1, scaled, "
    .. "shifted.",
  args = "input: float, num_groups: int, weight: float?, bias: float?, eps: number = 1e-5",
  method = false,
  run = function(x, groups, weight, bias, eps)
    local N <const>, C <const>, size <const> = check_channels("group_norm", x)
    if groups < 1 or C % groups ~= 0 then
      core.fail("group_norm", 2, "%d channels do not part into %d groups", C, groups)
    end
    check_size("group_norm", "weight", weight, C, "channel")
    check_size("group_norm", "bias", bias, C, "channel")
    local y = core.empty(x)
    K.group_norm(y, x, weight, bias, N, C, size, groups, eps)
    return y
  end,
  ref = function(x, groups, weight, bias, eps)
    local hat = ops.reshape(standardised(grouped(x, groups), 3, eps, true), x.shape)
    return scaled(hat, by_channel(weight, x), by_channel(bias, x))
  end,
  saves = "input weight",
  grad = function(g, _, x, groups, weight, bias, eps)
    local gx, gw, gb = ops.group_norm_backward(g, x, groups, weight, bias, eps)
    return gx, nil, gw, gb
  end,
  sample = { { { 2, 4, 3 }, 2, { 4 }, { 4 } }, { { 2, 4, 2, 2 }, 4 }, { { 3, 4 }, 2, { 4 } } },
}
