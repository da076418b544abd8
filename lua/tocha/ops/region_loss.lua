-- Losses of detection and segmentation: focal losses, which let what is already well classified
-- count little, and losses of overlap.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local loss = require "tocha.lossutil"
local reduced <const> = loss.reduced

-- ---- focal --------------------------------------------------------------------------------------

op "sigmoid_focal_loss" {
  doc = "Focal loss of logits and targets in [0, 1]: alpha_t (1 - p_t)^gamma times the binary "
    .. "cross entropy, with p = sigmoid(input); alpha weighs the positives, 1 - alpha the "
    .. "negatives, a negative alpha neither. Lin et al., \"Focal loss for dense object "
    .. "detection\" (2017).",
  args = "input: float, target: float, alpha: number = 0.25, gamma: number = 2, "
    .. 'reduction: string = "none"',
  method = false,
  ref = function(x, target, alpha, gamma, reduction)
    loss.need_same("sigmoid_focal_loss", "target", x, target)
    local p <const> = ops.sigmoid(x)
    local missed <const> = p + target - p * target * 2  -- 1 - p_t
    local losses = ops.bce_logits_term(x, target, 1) * ops.pow(missed, gamma)
    if alpha >= 0 then losses = losses * (target * (2 * alpha - 1) + (1 - alpha)) end
    return reduced("sigmoid_focal_loss", losses, reduction)
  end,
  sample = { { { 3, 4 }, S.prob { 3, 4 } }, { { 3, 4 }, S.prob { 3, 4 }, -1, 1.5, "mean" } },
}

op "softmax_focal_loss" {
  doc = "Focal loss over classes: (1 - p)^gamma times the cross entropy, with p the softmax of "
    .. "the class of `target` (ids from 1). With gamma 0 it is `cross_entropy`: \"mean\" divides "
    .. "by the weights of the targets, and targets of `ignore_index` do not count.",
  args = "input: float, target: index, gamma: number = 2, weight: float?, ignore_index: int?, "
    .. 'reduction: string = "mean"',
  method = false, constant = "weight",
  ref = function(x, target, gamma, weight, ignore, reduction)
    local plain <const> = ops.cross_entropy(x, target, nil, ignore, "none")
    local focal <const> = plain * ops.pow(1 - ops.exp(-plain), gamma)
    -- the loss of minus ones is the weight of each position, 0 for what is ignored
    local w <const> = ops.nll_loss(ops.full_like(x:detach(), -1), target, weight, ignore, "none")
    if reduction == "mean" then return ops.sum(focal * w) / ops.sum(w) end
    return reduced("softmax_focal_loss", focal * w, reduction)
  end,
  sample = { { { 3, 4 }, S.ids(4, { 3 }) },
    { { 2, 4, 3 }, S.ids(4, { 2, 3 }), 1.5, S.positive { 4 }, 2, "sum" },
    { { 3, 4 }, S.value { 2, 4, 1 }, 2, S.positive { 4 }, 4 } },
}

-- ---- overlap ------------------------------------------------------------------------------------

-- Class ids (N, ...) as zeros and ones (N, C, ...).
local function as_masks(name, x, target)
  if target:is_floating_point() then
    loss.need_same(name, "target", x, target)
    return target
  end
  if target.ndim ~= x.ndim - 1 then
    core.fail(name, 2, "expected masks %s, or class ids without the second dimension, got %s",
      rule.text(x.shape), rule.text(target.shape))
  end
  return ops.movedim(ops.one_hot(target, x:size(2)), -1, 2):to(x.dtype)
end

-- Sums over all but examples and classes: (N, C).
local function over_places(x)
  return x.ndim > 2 and ops.sum(ops.flatten(x, 3), 3) or x
end

local function overlap(name, x, target, alpha, beta, smooth, reduction)
  if x.ndim < 2 then
    core.fail(name, 1, "expected probabilities (N, C, ...), got %s", rule.text(x.shape))
  end
  local masks <const> = as_masks(name, x, target)
  local hit <const> = over_places(x * masks)
  local false_positive <const> = over_places(x) - hit
  local missed <const> = over_places(masks) - hit
  local index <const> = (hit + smooth) / (hit + false_positive * alpha + missed * beta + smooth)
  return reduced(name, 1 - index, reduction)
end

local PLACES <const> = "input: float, target: tensor, "

op "tversky_loss" {
  doc = "1 - (TP + s) / (TP + alpha FP + beta FN + s) for each example and class, from "
    .. "probabilities (N, C, ...) and masks of the same shape or class ids (N, ...). Salehi et "
    .. "al., \"Tversky loss function for image segmentation\" (2017).",
  args = PLACES .. "alpha: number = 0.5, beta: number = 0.5, smooth: number = 1e-5, "
    .. 'reduction: string = "mean"',
  method = false,
  ref = function(x, target, alpha, beta, smooth, reduction)
    return overlap("tversky_loss", x, target, alpha, beta, smooth, reduction)
  end,
  sample = { { S.prob { 2, 3, 4 }, S.prob { 2, 3, 4 }, 0.3, 0.7 },
    { S.prob { 2, 3, 2, 2 }, S.ids(3, { 2, 2, 2 }), 0.5, 0.5, 1, "sum" } },
}

op "dice_loss" {
  doc = "1 - (2 TP + s) / (2 TP + FP + FN + s) for each example and class, from probabilities "
    .. "(N, C, ...) and masks of the same shape or class ids (N, ...). Milletari et al., "
    .. "\"V-Net\" (2016).",
  args = PLACES .. 'smooth: number = 1e-5, reduction: string = "mean"',
  method = false,
  ref = function(x, target, smooth, reduction)
    return overlap("dice_loss", x, target, 0.5, 0.5, smooth / 2, reduction)
  end,
  sample = { { S.prob { 2, 3, 4 }, S.prob { 2, 3, 4 } },
    { S.prob { 2, 3 }, S.prob { 2, 3 }, 1, "none" },
    { S.prob { 2, 3, 2, 2 }, S.ids(3, { 2, 2, 2 }), 1, "sum" } },
}
