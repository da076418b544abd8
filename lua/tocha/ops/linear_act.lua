-- Linear layers with an activation beside the product, and two of them as a block: what a device
-- that knows it does in the same pass over memory (cublasLt's epilogues), forwards and backwards.

local registry = require "tocha.op"
local op, ops = registry.op, registry.ops
local core = require "tocha.core"
local normal = require "tocha.normalisation"
local K <const> = core.kernel
local like_or_none <const> = normal.like_or_none

local ACTIVATIONS <const> = { relu = true, gelu_tanh = true }

local function check_activation(name, activation)
  if ACTIVATIONS[activation] then return activation == "gelu_tanh" end
  core.fail(name, "activation", "expected 'relu' or 'gelu_tanh', got '%s'", tostring(activation))
end

local function like_layer(x, weight)
  return core.resized(x, core.joint(x, weight), weight:size(1))
end

local function nothing(x) return core.empty({ 0 }, x.dtype, x) end

-- Are these the sizes of linear layers? An error of `linear` says what is not.
local function check_linear(x, weight, bias)
  local fits <const> = x.ndim > 0 and weight.ndim == 2 and x:size(-1) == weight:size(2)
    and (not bias or bias.ndim == 1 and bias:size(1) == weight:size(1))
  if not fits then ops.linear(x:detach(), weight:detach(), bias) end
end

-- ---- gradients, off the tape --------------------------------------------------------------------

-- Of weight and bias, from the gradient of the layer's result.
local function weight_grads(g, x, weight, bias)
  local gw <const>, gb <const> = core.empty(weight), like_or_none(bias, g)
  K.linear_grads(gw, gb, g, x)
  return gw, bias and gb or nil
end

-- Where y = relu(z) passes: g, else zero.
local function relu_grad(g, y) return registry.decl.relu.grads[1](g, y, y) end

local function input_grad(g, x, weight) return x.requires_grad and ops.matmul(g, weight) or nil end

-- ---- one layer ----------------------------------------------------------------------------------

op "linear_act_train" {
  doc = "activation(linear(input, weight, bias)); what GELU is of is written into `before`, which "
    .. "is empty for ReLU.",
  args = "input: float, weight: float, bias: float?, before: float, activation: string",
  method = false, constant = "before", first_order = true,
  run = function(x, weight, bias, before, activation)
    check_linear(x, weight, bias)
    local y <const> = like_layer(x, weight)
    K.linear_act(y, before, x, weight, bias, check_activation("linear_act", activation))
    return y
  end,
  ref = function(x, weight, bias, _, activation)
    return ops[activation](ops.linear(x, weight, bias))
  end,
  saves = "y input weight bias before",
  grad = function(g, y, x, weight, bias, before, activation)
    local gz <const> = activation == "relu" and relu_grad(g, y)
      or registry.decl.gelu_tanh.grads[1](g, y, before)
    local gw <const>, gb <const> = weight_grads(gz, x, weight, bias)
    return input_grad(gz, x, weight), gw, gb
  end,
  sample = { { { 3, 4 }, { 5, 4 }, { 5 }, { 3, 5 }, "gelu_tanh" },
    { { 2, 3, 4 }, { 5, 4 }, nil, { 0 }, "relu" } },
}

op "linear_act" {
  doc = "activation(linear(input, weight, bias)), 'relu' or 'gelu_tanh': one pass where the device "
    .. "knows it.",
  args = "input: float, weight: float, bias: float?, activation: string = \"relu\"", method = false,
  ref = function(x, weight, bias, activation)
    local gelu <const> = check_activation("linear_act", activation)
    check_linear(x, weight, bias)
    local before <const> = gelu and core.grad_enabled() and like_layer(x, weight) or nothing(x)
    return ops.linear_act_train(x, weight, bias, before, activation)
  end,
  sample = { { { 3, 4 }, { 5, 4 }, { 5 } }, { { 2, 3, 4 }, { 5, 4 }, nil, "gelu_tanh" } },
}

-- ---- two layers ---------------------------------------------------------------------------------

-- gz, and gb1 where that comes with it.
local function through_activation(g, weight2, bias1, hidden, before, activation)
  if activation == "relu" then return relu_grad(ops.matmul(g, weight2), hidden) end
  local gz <const>, gb <const> = core.empty(before), like_or_none(bias1, g)
  K.linear_gelu_grad(gz, gb, g, weight2, before)
  return gz, bias1 and gb
end

op "mlp_train" {
  doc = "`mlp`; the activation's result is written into `hidden`, what GELU is of into `before`.",
  args = "input: float, weight1: float, bias1: float?, weight2: float, bias2: float?, "
    .. "hidden: float, before: float, activation: string",
  method = false, constant = "hidden before", first_order = true,
  run = function(x, weight1, bias1, weight2, bias2, hidden, before, activation)
    check_linear(x, weight1, bias1)
    K.linear_act(hidden, before, x, weight1, bias1, check_activation("mlp", activation))
    return ops.linear(hidden, weight2, bias2)
  end,
  ref = function(x, weight1, bias1, weight2, bias2, _, _, activation)
    return ops.linear(ops[activation](ops.linear(x, weight1, bias1)), weight2, bias2)
  end,
  saves = "input weight1 bias1 weight2 bias2 hidden before",
  grad = function(g, _, x, weight1, bias1, weight2, bias2, hidden, before, activation)
    local gw2 <const>, gb2 <const> = weight_grads(g, hidden, weight2, bias2)
    local gz <const>, gb1 <const> = through_activation(g, weight2, bias1, hidden, before,
      activation)
    local gx <const> = input_grad(gz, x, weight1)
    if gb1 or not bias1 then return gx, ops.linear_weight_grad(gz, x), gb1, gw2, gb2 end
    local gw <const>, gb <const> = weight_grads(gz, x, weight1, bias1)
    return gx, gw, gb, gw2, gb2
  end,
  sample = { { { 3, 4 }, { 5, 4 }, { 5 }, { 2, 5 }, { 2 }, { 3, 5 }, { 3, 5 }, "gelu_tanh" },
    { { 2, 3, 4 }, { 5, 4 }, { 5 }, { 2, 5 }, nil, { 2, 3, 5 }, { 0 }, "relu" } },
}

op "mlp" {
  doc = "Two linear layers with an activation between, 'relu' or 'gelu_tanh': on CUDA activations, "
    .. "their derivatives and the gradients of biases come with the products.",
  args = "input: float, weight1: float, bias1: float?, weight2: float, bias2: float?, "
    .. "activation: string = \"relu\"", method = false,
  ref = function(x, weight1, bias1, weight2, bias2, activation)
    local gelu <const> = check_activation("mlp", activation)
    check_linear(x, weight1, bias1)
    local hidden <const> = like_layer(x, weight1)
    local before <const> = gelu and core.grad_enabled() and core.empty(hidden) or nothing(x)
    return ops.mlp_train(x, weight1, bias1, weight2, bias2, hidden, before, activation)
  end,
  sample = { { { 3, 4 }, { 5, 4 }, { 5 }, { 2, 5 }, { 2 } },
    { { 2, 3, 4 }, { 5, 4 }, nil, { 2, 5 }, nil, "gelu_tanh" } },
}
