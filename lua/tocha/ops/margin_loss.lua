-- Losses that ask for a margin: between a value and a bound, between tensors, between classes.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local loss = require "tocha.lossutil"
local reduced <const> = loss.reduced

local REDUCTION <const> = 'reduction: string = "mean"'

local function hinge(x) return ops.clamp_min(x, 0) end

op "hinge_embedding_loss" {
  doc = "The input where the target is 1; max(0, margin - input) where it is -1.",
  args = "input: float, target: tensor, margin: number = 1, " .. REDUCTION, method = false,
  ref = function(x, target, margin, reduction)
    loss.matched("hinge_embedding_loss", x, target)
    local far = ops.where(ops.ne(target, 1), hinge(margin - x), 0)
    local near = ops.where(ops.ne(target, -1), x, 0)
    return reduced("hinge_embedding_loss", far + near, reduction)
  end,
  sample = { { { 2, 2 }, S.value { { 1.0, -1.0 }, { -1.0, 1.0 } } } },
}

op "margin_ranking_loss" {
  doc = "max(0, -target (input1 - input2) + margin), the targets being 1 or -1.",
  args = "input1: float, input2: float, target: tensor, margin: number = 0, " .. REDUCTION,
  method = false,
  ref = function(a, b, target, margin, reduction)
    return reduced("margin_ranking_loss", hinge(target * (b - a) + margin), reduction)
  end,
  sample = { { { 4 }, { 4 }, S.value { 1.0, -1.0, -1.0, 1.0 }, 0.5 } },
}

op "cosine_embedding_loss" {
  doc = "1 - cos(x1, x2) where the target is 1; max(0, cos(x1, x2) - margin) where it is -1.",
  args = "input1: float, input2: float, target: tensor, margin: number = 0, " .. REDUCTION,
  method = false,
  ref = function(a, b, target, margin, reduction)
    local dim <const> = target.ndim + 1
    if target.ndim > 1 or a.ndim ~= dim or b.ndim ~= dim then
      core.fail("cosine_embedding_loss", 3, "expected a 0-d target for two (D) inputs or a (N) "
        .. "target for two (N, D), got %s for %s and %s", rule.text(target.shape),
        rule.text(a.shape),
        rule.text(b.shape))
    end
    local function squared(x) return ops.sum(x * x, dim) + 1e-12 end
    local cos = ops.sum(a * b, dim) / ops.sqrt(squared(a) * squared(b))
    local near = ops.where(ops.eq(target, 1), 1 - cos, 0)
    local far = ops.where(ops.eq(target, -1), hinge(cos - margin), 0)
    return reduced("cosine_embedding_loss", near + far, reduction)
  end,
  sample = { { { 3, 4 }, { 3, 4 }, S.value { 1.0, -1.0, 1.0 } },
    { { 4 }, { 4 }, S.value(-1.0), -0.9 } },
}

-- hinge(near - far + margin), where far may be the distance between positive and negative.
local function triplet(name, distance, anchor, positive, negative, margin, swap, reduction)
  local near <const>, far = distance(anchor, positive), distance(anchor, negative)
  if swap then far = ops.minimum(far, distance(positive, negative)) end
  return reduced(name, hinge(near - far + margin), reduction)
end

op "triplet_margin_loss" {
  doc = "max(0, d(anchor, positive) - d(anchor, negative) + margin) with the p-norm of "
    .. "differences; `swap`: the negative's distance may be that from the positive.",
  args = "anchor: float, positive: float, negative: float, margin: number = 1, p: number = 2, "
    .. "eps: number = 1e-6, swap: bool = false, " .. REDUCTION,
  method = false,
  ref = function(anchor, positive, negative, margin, p, eps, swap, reduction)
    local function distance(a, b) return ops.pairwise_distance(a, b, p, eps) end
    return triplet("triplet_margin_loss", distance, anchor, positive, negative, margin, swap,
      reduction)
  end,
  sample = { { { 3, 4 }, { 3, 4 }, { 3, 4 } }, { { 4 }, { 4 }, { 4 }, 5, 2, 1e-6, true, "sum" } },
}

op "triplet_margin_with_distance_loss" {
  doc = "max(0, d(anchor, positive) - d(anchor, negative) + margin), where d is "
    .. "`distance_function` (nil: `pairwise_distance`).",
  args = "anchor: float, positive: float, negative: float, distance_function: any?, "
    .. "margin: number = 1, swap: bool = false, " .. REDUCTION,
  method = false,
  ref = function(anchor, positive, negative, distance, margin, swap, reduction)
    return triplet("triplet_margin_with_distance_loss", distance or ops.pairwise_distance, anchor,
      positive, negative, margin, swap, reduction)
  end,
  sample = { { { 3, 4 }, { 3, 4 }, { 3, 4 } },
    { { 3, 4 }, { 3, 4 }, { 3, 4 }, nil, 3, true, "sum" } },
}

-- ---- classes: x is (N, C) or (C) ----------------------------------------------------------------

-- x as (N, C), and what makes one loss a sample into the result.
local function batched(name, x)
  if x.ndim ~= 1 and x.ndim ~= 2 then
    core.fail(name, 1, "expected (C) or (N, C), got a %s tensor", rule.text(x.shape))
  end
  local single <const> = x.ndim == 1
  return single and ops.unsqueeze(x, 1) or x, function(losses, reduction)
    if single then losses = ops.reshape(losses, {}) end
    return reduced(name, losses, reduction)
  end
end

local function check_ids(name, ids, least, C)
  if ids:numel() == 0 then return end
  for _, id in ipairs { ops.amin(ids):item(), ops.amax(ids):item() } do
    if id < least or id > C then
      core.fail(name, 2, "class id %d is out of range 1..%d", id, C)
    end
  end
end

op "multi_margin_loss" {
  doc = "Sum over the other classes of max(0, margin - x[own] + x[other]) ^ p, over the number of "
    .. "classes.",
  args = "input: float, target: index, p: number = 1, margin: number = 1, weight: float?, "
    .. REDUCTION,
  method = false,
  ref = function(input, target, p, margin, weight, reduction)
    local x <const>, finish <const> = batched("multi_margin_loss", input)
    local N <const>, C <const> = x:size(1), x:size(2)
    if target:numel() ~= N then
      core.fail("multi_margin_loss", 2, "expected %d class ids, got a %s tensor", N,
        rule.text(target.shape))
    end
    check_ids("multi_margin_loss", target, 1, C)
    local place <const> = ops.reshape(ops.to(target, "int64"), { N, 1 })
    local gap = hinge(margin - ops.gather(x, 2, place) + x)
    if p ~= 1 then gap = gap ^ p end
    if weight then
      gap = gap * ops.reshape(ops.index_select(weight, 1, ops.reshape(place, { N })), { N, 1 })
    end
    local others <const> = ops.scatter(ops.ones_like(x:detach()), 2, place,
      ops.zeros_like(place):to(x.dtype))
    return finish(ops.sum(gap * others, 2) / C, reduction)
  end,
  sample = { { { 3, 4 }, S.ids(4, { 3 }) }, { { 3, 4 }, S.ids(4, { 3 }), 2, 0.5, S.positive { 4 },
    "none" },
    { { 4 }, S.value(2) } },
}

op "multilabel_margin_loss" {
  doc = "Sum over pairs of a target class and another of max(0, 1 - x[target] + x[other]), over "
    .. "the number of classes. A row of `target` lists its class ids up to the first 0.",
  args = "input: float, target: index, " .. REDUCTION, method = false,
  ref = function(input, target, reduction)
    local x <const>, finish <const> = batched("multilabel_margin_loss", input)
    loss.need_same("multilabel_margin_loss", "target", input, target)
    local C <const> = x:size(2)
    check_ids("multilabel_margin_loss", target, -math.huge, C)
    local ids <const> = ops.reshape(ops.to(target, "int64"), x.shape)
    local listed <const> = ops.cumprod(ops.to(ops.gt(ids, 0), x.dtype), 2)
    local safe <const> = ops.clamp_min(ids, 1)
    local own <const> = ops.gt(ops.scatter_add(ops.zeros_like(x:detach()), 2, safe, listed), 0)
    local gap = hinge(1 - ops.unsqueeze(ops.gather(x, 2, safe), 3) + ops.unsqueeze(x, 2))
    local both <const> = ops.unsqueeze(listed, 3) * ops.unsqueeze(ops.logical_not(own), 2)
    return finish(ops.sum(gap * both, { 2, 3 }) / C, reduction)
  end,
  sample = { { { 2, 4 }, S.value { { 3, 1, 0, 2 }, { 2, 0, 0, 0 } } },
    { { 3 }, S.value { 3, 0, 1 }, "sum" } },
}

op "multilabel_soft_margin_loss" {
  doc = "Mean over classes of the binary cross entropy of logits and 0-or-1 targets.",
  args = "input: float, target: tensor, weight: float?, " .. REDUCTION, method = false,
  ref = function(x, target, weight, reduction)
    loss.need_same("multilabel_soft_margin_loss", "target", x, target)
    local losses = ops.bce_logits_term(x, target, 1)
    if weight then losses = losses * weight end
    return reduced("multilabel_soft_margin_loss", ops.mean(losses, -1), reduction)
  end,
  sample = { { { 2, 2 }, S.value { { 1.0, 0.0 }, { 0.0, 1.0 } } },
    { { 2, 2 }, S.value { { 1.0, 0.0 }, { 0.0, 1.0 } }, S.positive { 2 }, "none" } },
}
