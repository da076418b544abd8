-- cross_entropy and nll_loss: x is (C), (N, C) or (N, C, d1, ...), the class ids are (), (N) or
-- (N, d1, ...) and count from 1. cross_entropy also takes class probabilities in the shape of x.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local loss = require "tocha.lossutil"
local K <const> = core.kernel

local IGNORE <const> = -100  -- PyTorch's default: never a class

local function class_dim(x) return x.ndim == 1 and 1 or 2 end

-- outer, C, inner of x; an error where the target or the weight has another shape.
local function classes(name, x, target, weight)
  local shape <const> = x.shape
  if #shape == 0 then
    core.fail(name, 1, "expected (C), (N, C) or (N, C, d1, ...), got a 0-d tensor")
  end
  local dim <const> = class_dim(x)
  local C <const> = table.remove(shape, dim)
  local text <const> = rule.text(shape)
  if rule.text(target.shape) ~= text then
    core.fail(name, 2, "expected class ids of the shape %s for the input %s, got %s", text,
      rule.text(x.shape), rule.text(target.shape))
  end
  if weight and (weight.ndim ~= 1 or weight:size(1) ~= C) then
    core.fail(name, 3, "expected %d elements, one a class, got a %s tensor", C,
      rule.text(weight.shape))
  end
  if registry.kind_of(target.dtype) ~= "int" then
    core.fail(name, 2, "expected integer class ids, got %s", target.dtype)
  end
  return dim == 1 and 1 or shape[1], C, rule.product(shape, dim)
end

-- ---- the definition, in simple operations -------------------------------------------------------

-- The one-hot classes, the weight of each position, the weights of the classes shaped like x.
local function parts(x, target, weight, ignore)
  local dim <const> = class_dim(x)
  local counts <const> = ops.ne(target, ignore or IGNORE)
  local safe <const> = ops.where(counts, target, 1)
  local like <const> = ops.zeros_like(x)
  local hot = ops.scatter(like, dim, ops.unsqueeze(safe, dim),
    ops.ones_like(ops.narrow(like, dim, 1, 1)))
  local by_class = ops.ones_like(ops.select(like, dim, 1)):unsqueeze(dim)
  if weight then
    local shape <const> = {}
    for d = 1, x.ndim do shape[d] = d == dim and -1 or 1 end
    by_class = ops.reshape(weight, shape)
  end
  local position = ops.sum(hot * by_class, dim) * counts
  return hot, position, by_class * ops.unsqueeze(counts, dim), dim
end

local function delivered(losses, position, reduction)
  if reduction == "none" then return losses end
  return reduction == "sum" and ops.sum(losses) or ops.sum(losses) / ops.sum(position)
end

-- What each position's loss is multiplied by, given the gradient of the result.
local function share(g, position, reduction, dim)
  if reduction == "none" then return ops.unsqueeze(g, dim) end
  return reduction == "sum" and g or g / ops.sum(position)
end

-- ---- cross_entropy ------------------------------------------------------------------------------

local function probable(target) return target:is_floating_point() end

local function need_probabilities(x, target, ignore)
  loss.need_same("cross_entropy", 2, x, target)
  if ignore and ignore > 0 then
    core.fail("cross_entropy", "ignore_index", "has no meaning for class probabilities")
  end
end

-- The target's probabilities, smoothed, times the weights of the classes.
local function smoothed(x, target, weight, smoothing)
  local dim <const> = class_dim(x)
  local q = smoothing > 0 and target * (1 - smoothing) + smoothing / x:size(dim) or target
  if not weight then return q, dim end
  local shape <const> = {}
  for d = 1, x.ndim do shape[d] = d == dim and -1 or 1 end
  return q * ops.reshape(weight, shape), dim
end

local function positions(x) return x:numel() // x:size(class_dim(x)) end

local function probability_loss(x, target, weight, ignore, reduction, smoothing)
  need_probabilities(x, target, ignore)
  local q, dim = smoothed(x, target, weight, smoothing)
  local losses = -ops.sum(ops.log_softmax(x, dim) * q, dim)
  if reduction == "none" then return losses end
  return reduction == "sum" and ops.sum(losses) or ops.sum(losses) / positions(x)
end

local function probability_share(g, x, reduction, dim)
  if reduction == "none" then return ops.unsqueeze(g, dim) end
  return reduction == "sum" and g or g / positions(x)
end

local function check_smoothing(smoothing)
  if not (smoothing >= 0 and smoothing <= 1) then
    core.fail("cross_entropy", "label_smoothing", "expected a number in 0 .. 1, got %g", smoothing)
  end
end

local CE_SAMPLE <const> = {
  { { 3, 4 }, S.ids(4, { 3 }) },
  { { 2, 4, 3 }, S.ids(4, { 2, 3 }), S.positive { 4 }, nil, "sum", 0.1 },
  { { 3, 4 }, S.value { 2, 4, 1 }, S.positive { 4 }, 4, "none", 0.2 },
  { { 4 }, S.value(3) },
}

op "cross_entropy_backward" {
  doc = "The gradient of `cross_entropy` with class ids for its input.",
  args = "grad: float, input: float, target: index, weight: float?, ignore_index: int?, "
    .. "reduction: string, label_smoothing: number",
  method = false, constant = "weight",
  run = function(g, x, target, weight, ignore, reduction, smoothing)
    local outer, C, inner = classes("cross_entropy", x, target, weight)
    local gx = core.empty(x)
    K.cross_entropy_backward(gx, g, x, target, weight, outer, C, inner,
      loss.mode("cross_entropy", reduction), ignore or IGNORE, smoothing)
    return gx
  end,
  ref = function(g, x, target, weight, ignore, reduction, smoothing)
    local hot, position, by_class, dim = parts(x, target, weight, ignore)
    local even <const> = smoothing / x:size(dim)
    local p = ops.softmax(x, dim)
    local hard = (p - hot) * ops.unsqueeze(position, dim) * (1 - smoothing)
    local soft = (p * ops.sum(by_class + p * 0, dim, true) - by_class) * even
    return (hard + soft) * share(g, position, reduction, dim)
  end,
  sample = { { {}, { 3, 4 }, S.ids(4, { 3 }), nil, nil, "mean", 0 },
    { { 2, 3 }, { 2, 4, 3 }, S.ids(4, { 2, 3 }), S.positive { 4 }, 2, "none", 0.1 } },
}

-- Halves that autocast leaves as they are give a loss in float32, which is what they are summed in.
local function loss_dtype(x)
  local scopes <const> = package.loaded["tocha.autocast"]
  return scopes and scopes.covers(x) and x:element_size() < 4 and "float32" or x.dtype
end

-- Where the gradient may take the place of the logits: nobody will ask this node again, and they
-- are no leaf, whose values are the caller's.
local function replaced(g, x, target, weight, ignore, reduction, smoothing)
  if not core.frees_graph() or x:is_leaf() or not x:is_contiguous() then return nil end
  local outer <const>, C <const>, inner <const> = classes("cross_entropy", x, target, weight)
  local gx <const> = x:detach()
  K.cross_entropy_backward_in_place(gx, g, target, weight, outer, C, inner,
    loss.mode("cross_entropy", reduction), ignore or IGNORE, smoothing)
  return gx
end

op "cross_entropy" {
  doc = "Cross entropy of logits and class ids (from 1) or class probabilities. `ignore_index`: "
    .. "the id that does not count (nil: -100). `inplace`: the caller needs the logits no more, "
    .. "and `backward` writes their gradient over them, which saves their size in memory.",
  args = "input: float, target: tensor, weight: float?, ignore_index: int?, reduction: string"
    .. " = \"mean\", label_smoothing: number = 0, inplace: bool = false",
  method = false, constant = "weight",
  run = function(x, target, weight, ignore, reduction, smoothing)
    local mode <const> = loss.mode("cross_entropy", reduction)
    check_smoothing(smoothing)
    if probable(target) then
      return probability_loss(x, target, weight, ignore, reduction, smoothing)
    end
    local outer, C, inner = classes("cross_entropy", x, target, weight)
    local y = core.empty(mode == 0 and target or {}, loss_dtype(x), x)
    K.cross_entropy(y, x, target, weight, outer, C, inner, mode, ignore or IGNORE, smoothing)
    return y
  end,
  ref = function(x, target, weight, ignore, reduction, smoothing)
    if probable(target) then
      return probability_loss(x, target, weight, ignore, reduction, smoothing)
    end
    local hot, position, by_class, dim = parts(x, target, weight, ignore)
    local logp = ops.log_softmax(x, dim)
    local hard = -(ops.sum(logp * hot, dim) * position)
    local soft = -ops.sum(logp * by_class, dim)
    return delivered(hard * (1 - smoothing) + soft * (smoothing / x:size(dim)), position, reduction)
  end,
  saves = "input target weight",
  grad = {
    input = function(g, _, x, target, weight, ignore, reduction, smoothing, inplace)
      if not probable(target) then
        return inplace and replaced(g, x, target, weight, ignore, reduction, smoothing)
          or ops.cross_entropy_backward(g, x, target, weight, ignore, reduction, smoothing)
      end
      local q, dim = smoothed(x, target, weight, smoothing)
      return (ops.softmax(x, dim) * ops.sum(q, dim, true) - q)
        * probability_share(g, x, reduction, dim)
    end,
    target = function(g, _, x, _, weight, _, reduction, smoothing)
      local dim <const> = class_dim(x)
      local logp = smoothed(x, ops.log_softmax(x, dim), weight, 0)
      return -(logp * probability_share(g, x, reduction, dim)) * (1 - smoothing)
    end,
  },
  sample = { CE_SAMPLE[1], CE_SAMPLE[2], CE_SAMPLE[3], CE_SAMPLE[4],
    { { 3, 4 }, S.prob { 3, 4 } },
    { { 2, 4, 3 }, S.prob { 2, 4, 3 }, S.positive { 4 }, nil, "none", 0.1 } },
}

-- ---- nll_loss -----------------------------------------------------------------------------------

op "nll_loss_backward" {
  doc = "The gradient of `nll_loss` for its input, which has the shape of `like`.",
  args = "grad: float, like: float, target: index, weight: float?, ignore_index: int?, reduction: "
    .. "string",
  method = false, constant = "weight",
  run = function(g, like, target, weight, ignore, reduction)
    local outer, C, inner = classes("nll_loss", like, target, weight)
    local gx = core.empty(like)
    K.nll_loss_backward(gx, g, target, weight, outer, C, inner, loss.mode("nll_loss", reduction),
      ignore or IGNORE, 0)
    return gx
  end,
  ref = function(g, like, target, weight, ignore, reduction)
    local hot, position, _, dim = parts(like, target, weight, ignore)
    return -(hot * ops.unsqueeze(position, dim)) * share(g, position, reduction, dim)
  end,
  saves = "target weight",
  grad = { grad = function(gg, _, _, _, target, weight, ignore, reduction)
    return ops.nll_loss(gg, target, weight, ignore, reduction)
  end },
  sample = { { {}, { 3, 4 }, S.ids(4, { 3 }), nil, nil, "mean" },
    { { 2, 3 }, { 2, 4, 3 }, S.ids(4, { 2, 3 }), S.positive { 4 }, 2, "none" } },
}

op "nll_loss" {
  doc = "Minus the log-probability of the class (ids from 1), weighted. `ignore_index`: the id "
    .. "that does not count.",
  args = "input: float, target: index, weight: float?, ignore_index: int?, reduction: string"
    .. " = \"mean\"",
  method = false, constant = "weight",
  run = function(x, target, weight, ignore, reduction)
    local mode <const> = loss.mode("nll_loss", reduction)
    local outer, C, inner = classes("nll_loss", x, target, weight)
    local y = core.empty(mode == 0 and target or {}, x.dtype, x)
    K.nll_loss(y, x, target, weight, outer, C, inner, mode, ignore or IGNORE, 0)
    return y
  end,
  ref = function(x, target, weight, ignore, reduction)
    local hot, position, _, dim = parts(x, target, weight, ignore)
    return delivered(-(ops.sum(x * hot, dim) * position), position, reduction)
  end,
  saves = "target weight",
  grad = { input = function(g, _, x, target, weight, ignore, reduction)
    return ops.nll_loss_backward(g, x, target, weight, ignore, reduction)
  end },
  sample = { { { 3, 4 }, S.ids(4, { 3 }) }, { { 2, 4, 3 }, S.ids(4, { 2, 3 }), S.positive { 4 }, 1,
    "sum" },
    { { 3, 4 }, S.value { 2, 4, 1 }, nil, 4, "none" }, { { 4 }, S.value(3) } },
}
