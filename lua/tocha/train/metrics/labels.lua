-- Outputs and targets as class ids, whatever form they come in.
--
--   output                                  target
--   scores (B, C, ...)                      ids (B, ...), from 1; or one-hot, (B, C, ...)
--   ids (B, ...), whole numbers from 1      ids
--   scores (B) or (B, 1): binary            0 and 1 (numbers or booleans) of the same size
--
-- A binary output above the threshold is class 2, and so is the target 1: "no" is 1 and "yes" 2.

local rule = require "tocha.rule"

local labels <const> = {}

local MOST <const> = 1 << 20  -- classes, where only ids tell how many there are

local function drop_column(t, ndim)
  return t.ndim > ndim and t:size(-1) == 1 and t:squeeze(-1) or t
end

--- labels.is_binary(y): one score, or a yes or no, for each example?
function labels.is_binary(y)
  if y.dtype == "bool" then return true end
  return y:is_floating_point() and (y.ndim == 1 or y.ndim == 2 and y:size(2) == 1)
end

--- labels.bits(x, threshold): above the threshold, as booleans.
function labels.bits(x, threshold)
  return x.dtype == "bool" and x or x:gt(x:is_floating_point() and threshold or 0)
end

local function binary(y, t, threshold)
  return labels.bits(y, threshold):flatten():long() + 1, labels.bits(t, 0.5):flatten():long() + 1
end

-- Is x, without its dimension d, of the shape of t, which has one dimension less?
local function fits_without(x, d, t)
  for k = 1, t.ndim do
    if t:size(k) ~= x:size(k < d and k or k + 1) then return false end
  end
  return true
end

local function unfit(metric, y, t)
  metric:fail("the output is %s, the target %s: expected scores (B, C, ...) with ids (B, ...) or "
    .. "one-hot rows, or one score for each example", rule.text(y.shape), rule.text(t.shape))
end

-- Ids as they are, once they are known to be of one of the classes.
local function check_ids(metric, ids, classes)
  if ids:numel() == 0 then return ids end
  local least <const>, most <const> = ids:min():item(), ids:max():item()
  if least < 1 then metric:fail("class ids count from 1, got %d", least) end
  if most > classes then metric:fail("class id %d is out of range 1..%d", most, classes) end
  return ids
end

--- labels.targets(metric, y, t): the targets of scores y as ids, and the dimension of the classes:
--- the second, or the last where only that fits.
function labels.targets(metric, y, t)
  if t:is_same_size(y) then return t:argmax(2), 2 end
  t = drop_column(t, y.ndim - 1)
  if t.ndim ~= y.ndim - 1 then unfit(metric, y, t) end
  local second <const> = fits_without(y, 2, t)
  local dim <const> = second and 2 or y.ndim
  if not second and not fits_without(y, dim, t) then unfit(metric, y, t) end
  return check_ids(metric, t:long(), y:size(dim)), dim
end

--- labels.of(metric, y, t, threshold): predicted and true ids in a row each, and the number of
--- classes where the output tells it.
function labels.of(metric, y, t, threshold)
  if labels.is_binary(y) then
    if y:numel() ~= t:numel() then unfit(metric, y, t) end
    local predicted <const>, actual <const> = binary(y, t, threshold)
    return predicted, actual, 2
  end
  if not y:is_floating_point() then
    if y:numel() ~= t:numel() then unfit(metric, y, t) end
    return check_ids(metric, y:flatten():long(), MOST), check_ids(metric, t:flatten():long(), MOST)
  end
  local actual <const>, dim <const> = labels.targets(metric, y, t)
  local predicted <const>, classes <const> = y:argmax(dim), y:size(dim)
  if actual.ndim == 1 then return predicted, actual, classes end
  return predicted:flatten(), actual:flatten(), classes
end

return labels
