-- Losses between a tensor and another of its shape; those over classes are in cross_entropy.lua,
-- margin_loss.lua and ctc.lua. `reduction` is "mean", "sum" or "none".

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local loss = require "tocha.lossutil"
local K <const> = core.kernel
local reduced <const>, matched <const>, need_same <const> = loss.reduced, loss.matched,
  loss.need_same

local REDUCTION <const> = 'reduction: string = "mean"'

local function common_dtype(x, t)
  return x.dtype == t.dtype and x.dtype or core.promote(x.dtype, t.dtype)
end

-- ---- mse_loss: one kernel each way, because small networks call it every step -------------------

local function fitted(g, x)
  g = ops.sum_to(g, x)
  return g.dtype == x.dtype and g or ops.to(g, x.dtype)
end

op "mse_loss_backward" {
  doc = "The gradient of `mse_loss` for its input: 2 (input - target), over the count for "
    .. "\"mean\".",
  args = "grad: float, input: tensor, target: tensor, reduction: string", method = false,
  direct = "mse_loss_backward {input[:-1]} (grad, input, target, 1) if input ~ target, "
    .. "reduction = 'mean'",
  run = function(g, input, target, reduction)
    local x <const>, t <const> = matched("mse_loss", input, target)
    local gx = core.empty(x, common_dtype(x, t), x)
    K.mse_loss_backward(gx, g, x, t, loss.mode("mse_loss", reduction))
    return fitted(gx, input)
  end,
  ref = function(g, input, target, reduction)
    local x <const>, t <const> = matched("mse_loss", input, target)
    return fitted((x - t) * (g * (reduction == "mean" and 2 / x:numel() or 2)), input)
  end,
  sample = { { {}, { 3, 4 }, { 3, 4 }, "mean" }, { { 3, 4 }, { 3, 4 }, { 3, 4 }, "none" } },
}

op "mse_loss" {
  doc = "Squared differences of input and target.",
  args = "input: tensor, target: tensor, " .. REDUCTION, method = false,
  direct = "mse_loss {} (input, target, 1) if input ~ target, reduction = 'mean'",
  run = function(x, target, reduction)
    local mode <const> = loss.mode("mse_loss", reduction)
    x, target = matched("mse_loss", x, target)
    local y = core.empty(mode == 0 and x or {}, common_dtype(x, target), x)
    K.mse_loss(y, x, target, mode)
    return y
  end,
  ref = function(x, target, reduction)
    return reduced("mse_loss", ops.mse_term(x, target), reduction)
  end,
  saves = "input target",
  grad = {
    input = "mse_loss_backward(g, input, target, reduction)",
    target = "mse_loss_backward(g, target, input, reduction)",
  },
  sample = { { { 3, 4 }, { 3, 4 } }, { { 3, 4 }, { 3, 4 }, "sum" }, { { 3, 4 }, { 3, 4 }, "none" },
    { { 3, 4 }, { 4 } } },
}

-- ---- other differences --------------------------------------------------------------------------

op "l1_loss" {
  doc = "Absolute differences of input and target.",
  args = "input: tensor, target: tensor, " .. REDUCTION, method = false,
  ref = function(x, target, reduction)
    matched("l1_loss", x, target)
    return reduced("l1_loss", ops.l1_term(x, target), reduction)
  end,
  sample = { { { 3, 4 }, { 3, 4 } }, { { 3, 4 }, { 3, 4 }, "none" } },
}

op "smooth_l1_loss" {
  doc = "Absolute differences, but quadratic (d^2 / (2 beta)) below `beta`.",
  args = "input: tensor, target: tensor, " .. REDUCTION .. ", beta: number = 1", method = false,
  ref = function(x, target, reduction, beta)
    if beta < 0 then
      core.fail("smooth_l1_loss", "beta", "expected no negative number, got %g", beta)
    end
    if beta == 0 then return ops.l1_loss(x, target, reduction) end
    matched("smooth_l1_loss", x, target)
    return reduced("smooth_l1_loss", ops.smooth_l1_term(x, target, beta), reduction)
  end,
  sample = { { { 3, 4 }, { 3, 4 } }, { { 3, 4 }, { 3, 4 }, "sum", 0.5 },
    { { 3, 4 }, { 3, 4 }, "mean", 0 } },
}

op "huber_loss" {
  doc = "Half the squared difference up to `delta`, linear beyond.",
  args = "input: tensor, target: tensor, " .. REDUCTION .. ", delta: number = 1", method = false,
  ref = function(x, target, reduction, delta)
    if delta <= 0 then
      core.fail("huber_loss", "delta", "expected a positive number, got %g", delta)
    end
    matched("huber_loss", x, target)
    return reduced("huber_loss", ops.huber_term(x, target, delta), reduction)
  end,
  sample = { { { 3, 4 }, { 3, 4 } }, { { 3, 4 }, { 3, 4 }, "sum", 0.5 } },
}

-- ---- two classes --------------------------------------------------------------------------------

local function weighted(losses, weight) return weight and losses * weight or losses end

op "binary_cross_entropy" {
  doc = "Cross entropy of probabilities in [0, 1]; logarithms are at least -100.",
  args = "input: float, target: float, weight: tensor?, " .. REDUCTION, method = false,
  ref = function(x, target, weight, reduction)
    need_same("binary_cross_entropy", "target", x, target)
    local outside = x:numel() > 0 and ops.any(ops.logical_or(ops.lt(x, 0), ops.gt(x, 1))):item()
    if outside then
      core.fail("binary_cross_entropy", 1, "a value is not in [0, 1]; apply sigmoid, or use "
        .. "binary_cross_entropy_with_logits")
    end
    return reduced("binary_cross_entropy", weighted(ops.bce_term(x, target), weight), reduction)
  end,
  sample = { { S.prob { 3, 4 }, S.prob { 3, 4 } },
    { S.prob { 3, 4 }, S.prob { 3, 4 }, S.positive { 4 }, "none" } },
}

op "binary_cross_entropy_with_logits" {
  doc = "Cross entropy of sigmoid(input) and target, without overflow; `pos_weight` weighs the "
    .. "positives.",
  args = "input: float, target: float, weight: tensor?, " .. REDUCTION .. ", pos_weight: tensor?",
  method = false,
  ref = function(x, target, weight, reduction, pos_weight)
    need_same("binary_cross_entropy_with_logits", "target", x, target)
    local losses = ops.bce_logits_term(x, target, pos_weight or 1)
    return reduced("binary_cross_entropy_with_logits", weighted(losses, weight), reduction)
  end,
  sample = { { { 3, 4 }, S.prob { 3, 4 } },
    { { 3, 4 }, S.prob { 3, 4 }, S.positive { 4 }, "sum", S.positive { 4 } } },
}

op "soft_margin_loss" {
  doc = "log(1 + exp(-target * input)), the targets being 1 or -1.",
  args = "input: float, target: tensor, " .. REDUCTION, method = false,
  ref = function(x, target, reduction)
    need_same("soft_margin_loss", "target", x, target)
    return reduced("soft_margin_loss", ops.softmargin_term(-(x * target)), reduction)
  end,
  sample = { { { 2, 2 }, S.value { { 1.0, -1.0 }, { -1.0, 1.0 } } } },
}

-- ---- distributions ------------------------------------------------------------------------------

op "kl_div" {
  doc = "Divergence of the target's distribution from exp(input); \"batchmean\" divides the sum "
    .. "by the batch.",
  args = "input: float, target: float, " .. REDUCTION .. ", log_target: bool = false",
  method = false,
  ref = function(x, target, reduction, log_target)
    matched("kl_div", x, target)
    local losses
    if log_target then
      losses = ops.exp(target) * (target - x)
    else
      losses = ops.xlogy(target, target) - target * x
    end
    if reduction == "batchmean" then return ops.sum(losses) / (x.ndim > 0 and x:size(1) or 1) end
    return reduced("kl_div", losses, reduction)
  end,
  sample = { { { 3, 4 }, S.prob { 3, 4 } }, { { 3, 4 }, { 3, 4 }, "batchmean", true },
    { { 3, 4 }, S.prob { 3, 4 }, "none" } },
}

-- log(n!) by Stirling, for targets above 1.
local function stirling(target)
  local safe = ops.where(ops.le(target, 1), 1, target)
  local terms = safe * ops.log(safe) - safe + ops.log(safe * (2 * math.pi)) * 0.5
  return ops.where(ops.le(target, 1), 0, terms)
end

op "poisson_nll_loss" {
  doc = "Negative log likelihood of Poisson counts; `input` is the rate, or (log_input) its "
    .. "logarithm.",
  args = "input: float, target: tensor, log_input: bool = true, full: bool = false, eps: number"
    .. " = 1e-8, "
    .. REDUCTION,
  method = false,
  ref = function(x, target, log_input, full, eps, reduction)
    matched("poisson_nll_loss", x, target)
    local losses
    if log_input then
      losses = ops.exp(x) - target * x
    else
      losses = x - target * ops.log(x + eps)
    end
    if full then losses = losses + stirling(target) end
    return reduced("poisson_nll_loss", losses, reduction)
  end,
  sample = { { { 3, 4 }, S.positive { 3, 4 } },
    { S.positive { 3, 4 }, S.positive { 3, 4 }, false, true, 1e-8, "none" } },
}

-- The variance may lack the last dimension, or have it with size 1.
local function fitting_variance(x, var)
  if not core.is_tensor(var) then
    return ops.full({}, var, { dtype = x.dtype, device = x.device })
  end
  if var.ndim == x.ndim - 1 and var.ndim > 0 then var = ops.unsqueeze(var, -1) end
  local shape <const> = rule.broadcast_shapes(x.shape, var.shape)
  if not shape or rule.text(shape) ~= rule.text(x.shape) then
    core.fail("gaussian_nll_loss", "var", "the shape %s does not fit the input's %s",
      rule.text(var.shape),
      rule.text(x.shape))
  end
  return var
end

op "gaussian_nll_loss" {
  doc = "Negative log likelihood of a Gaussian with mean `input` and variance `var` (at least "
    .. "`eps`).",
  args = "input: float, target: tensor, var: operand, full: bool = false, eps: number = 1e-6, "
    .. REDUCTION,
  method = false,
  ref = function(x, target, var, full, eps, reduction)
    matched("gaussian_nll_loss", x, target)
    var = fitting_variance(x, var)
    if ops.any(ops.lt(var, 0)):item() then
      core.fail("gaussian_nll_loss", "var", "a variance is negative")
    end
    local raised = var:detach()
    var = var + (ops.clamp_min(raised, eps) - raised)
    local losses = (ops.log(var) + ops.mse_term(x, target) / var) * 0.5
    if full then losses = losses + 0.5 * math.log(2 * math.pi) end
    return reduced("gaussian_nll_loss", losses, reduction)
  end,
  sample = { { { 3, 4 }, { 3, 4 }, S.positive { 3, 4 } },
    { { 3, 4 }, { 3, 4 }, S.positive { 3 }, true, 1e-6, "sum" } },
}
