-- What the losses share: the ways to reduce, and shapes that must agree.

local core = require "tocha.core"
local registry = require "tocha.op"
local rule, ops = registry.rule, registry.ops

local loss <const> = {}

local MODES <const> = { none = 0, mean = 1, sum = 2 }

--- 0, 1 or 2 for "none", "mean", "sum".
function loss.mode(name, reduction)
  return MODES[reduction] or core.fail(name, "reduction", "expected \"mean\", \"sum\" or "
    .. "\"none\", got \"%s\"",
    reduction)
end

--- The losses of all elements as `reduction` says.
function loss.reduced(name, losses, reduction)
  local mode <const> = loss.mode(name, reduction)
  if mode == 0 then return losses end
  return mode == 1 and ops.mean(losses) or ops.sum(losses)
end

--- Both tensors in their common shape; an error where there is none.
function loss.matched(name, x, target)
  if x:is_same_size(target) then return x, target end
  local shape <const> = rule.broadcast_shapes(x.shape, target.shape)
  if not shape then
    core.fail(name, 2, "the shape %s does not fit the input's %s", rule.text(target.shape),
      rule.text(x.shape))
  end
  return ops.expand(x, shape), ops.expand(target, shape)
end

--- An error unless both tensors have one shape.
function loss.need_same(name, argument, x, target)
  if not x:is_same_size(target) then
    core.fail(name, argument, "expected the shape %s of the input, got %s", rule.text(x.shape),
      rule.text(target.shape))
  end
end

return loss
