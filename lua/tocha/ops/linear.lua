-- The linear layer's arithmetic: one kernel call forward and one a gradient.

local registry = require "tocha.op"
local op, rule, ops = registry.op, registry.rule, registry.ops
local core = require "tocha.core"
local K <const> = core.kernel

local joint <const> = core.joint
local methods <const> = core.methods
local size <const>, numel <const>, dim <const> = methods.size, methods.numel, methods.dim

local function check_linear(x, weight, bias)
  if weight.ndim ~= 2 then
    core.fail("linear", 2, "expected a (out, in) matrix, got a %s tensor", rule.text(weight.shape))
  end
  local n <const>, out <const> = x.ndim, weight:size(1)
  if n == 0 then core.fail("linear", 1, "a 0-d tensor has no features") end
  if x:size(n) ~= weight:size(2) then
    core.fail("linear", 1, "a %s tensor has %d features, the weight %s takes %d",
      rule.text(x.shape), x:size(n),
      rule.text(weight.shape), weight:size(2))
  end
  if bias and not (bias.ndim == 1 and bias:size(1) == out or bias:numel() == 1
    and bias.ndim <= 1) then
    core.fail("linear", 3, "expected %d numbers, got a %s tensor", out, rule.text(bias.shape))
  end
end

-- This runs in every step of small networks: what fits is found in few calls, what does not is
-- explained afterwards. Returns the output's features.
local function linear_features(x, weight, bias)
  if dim(weight) ~= 2 or dim(x) == 0 then check_linear(x, weight, bias) end
  local out <const> = size(weight, 1)
  if size(x, -1) ~= size(weight, 2) or bias and numel(bias) ~= out then
    check_linear(x, weight, bias)
  end
  return out
end

op "linear" {
  doc = "input @ weight^T + bias, over the last dimension; `weight` is (out, in).",
  args = "input: float, weight: float, bias: float?",
  direct = "linear {input[:-2], weight[1]} (input, weight, bias) if #weight = 2, "
    .. "weight[2] = input[-1], #bias = 1, bias[1] = weight[1]",
  run = function(x, weight, bias)
    local out <const> = linear_features(x, weight, bias)
    local y <const> = core.resized(x, joint(x, weight), out)
    if bias and numel(bias) ~= out then bias = bias:expand(out) end
    K.linear(y, x, weight, bias)
    return y
  end,
  ref = function(x, weight, bias)
    local y = ops.matmul(x, weight:t())
    return bias and y + bias or y
  end,
  saves = "input weight",
  grad = {
    input = "matmul(g, weight)", weight = "linear_weight_grad(g, input)",
    bias = "linear_bias_grad(g, bias)",
  },
  sample = { { { 3, 4 }, { 5, 4 }, { 5 } }, { { 2, 3, 4 }, { 5, 4 } }, { { 4 }, { 5, 4 }, { 5 } },
    { { 0, 4 }, { 5, 4 }, { 5 } } },
}

op "linear_weight_grad" {
  doc = "The gradient of `linear` for its weight: the product of all rows, grad^T @ input.",
  args = "grad: float, input: float", method = false,
  direct = "linear_weight_grad {grad[-1], input[-1]} (grad, input) if rows(grad) = rows(input)",
  run = function(g, x)
    if numel(g) * size(x, -1) ~= numel(x) * size(g, -1) then
      core.fail("linear_weight_grad", 2, "a %s tensor has not as many rows as the gradient, %s",
        rule.text(x.shape), rule.text(g.shape))
    end
    local gw <const> = core.new(g, joint(g, x), size(g, -1), size(x, -1))
    K.linear_weight_grad(gw, g, x)
    return gw
  end,
  ref = function(g, x) return ops.mm(g:reshape(-1, g:size(-1)):t(), x:reshape(-1, x:size(-1))) end,
  grad = {
    grad = "linear(input, g)", input = "matmul(grad, g)",
  },
  sample = { { { 3, 5 }, { 3, 4 } }, { { 2, 3, 5 }, { 2, 3, 4 } }, { { 5 }, { 4 } } },
}

op "linear_bias_grad" {
  doc = "The gradient of `linear` for its bias: the sum over all rows.",
  args = "grad: float, bias: float", method = false,
  direct = "sum {grad[-1]} (grad, 1, rows(grad), grad[-1]) if #bias = 1, bias[1] = grad[-1]",
  run = function(g, bias)
    local out <const> = size(g, -1)
    if numel(bias) ~= out then return ops.sum_to(g, bias) end
    local gb <const> = core.new(g, nil, out)
    K.sum(gb, g, 1, out == 0 and 0 or numel(g) // out, out)
    return gb
  end,
  saves = "",
  grad = { grad = function(gb, _, g) return gb:expand(g.shape) end },
  sample = { { { 3, 5 }, { 5 } }, { { 2, 3, 5 }, { 5 } }, { { 5 }, { 5 } } },
}

op "bilinear" {
  doc = "input1 A_k input2 + bias for each of the matrices A_k of `weight`, (out, in1, in2).",
  args = "input1: float, input2: float, weight: float, bias: float?",
  ref = function(a, b, weight, bias)
    if weight.ndim ~= 3 or a:size(-1) ~= weight:size(2) or b:size(-1) ~= weight:size(3) then
      core.fail("bilinear", 3, "a (out, in1, in2) tensor is expected; %s does not fit inputs "
        .. "with %d and %d features", rule.text(weight.shape),
        a:size(-1), b:size(-1))
    end
    local y = ops.einsum("...i,kij,...j->...k", a, weight, b)
    return bias and y + bias or y
  end,
  sample = { { { 2, 3 }, { 2, 4 }, { 5, 3, 4 }, { 5 } }, { { 3 }, { 4 }, { 5, 3, 4 } } },
}
