-- Precision, recall and F1, from three counts of each class: right, predicted, actual.
--
-- average = "binary": of class 2 ("yes") alone; "macro": the mean of the classes that occur;
-- "weighted": the same, weighted by how often each occurs; "micro": of all counts together; "none":
-- a list, one for each class. Nil is "binary" for binary outputs, else "macro". A ratio whose
-- denominator is 0 is 0, as in scikit-learn.

local registry = require "tocha.op"
local Metric = require "tocha.train.metrics.metric"
local labels = require "tocha.train.metrics.labels"

local ops <const> = registry.ops

local ARGS <const> = "average = nil, threshold = 0.5, multilabel = false, name = '%s'"
local AVERAGES <const> = {}  -- name -> function(self, ratio)

local Counts <const> = Metric:extend "Counts"
Counts.start = { right = {}, predicted = {}, actual = {}, binary = false }

function Counts:check()
  if self.average ~= nil and not AVERAGES[self.average] then
    self:fail("average: expected \"binary\", \"macro\", \"weighted\", \"micro\" or \"none\", "
      .. "got %s", tostring(self.average))
  end
end

-- ---- counting -----------------------------------------------------------------------------------

local function add_to(counts, ids, weights, classes)
  for c, n in ipairs(ops.bincount(ids, weights, classes):totable()) do
    counts[c] = (counts[c] or 0.0) + n
  end
end

local function add_ids(self, y, t, w)
  local predicted <const>, actual <const>, classes = labels.of(self, y, t, self.threshold)
  self.binary = self.binary or labels.is_binary(y)
  classes = classes or math.max(predicted:max():item(), actual:max():item(), #self.actual)
  local weights = w or ops.ones(y:size(1))
  weights = weights:double():flatten():repeat_interleave(actual:numel() // weights:numel())
  add_to(self.right, actual, weights * predicted:eq(actual):double(), classes)
  add_to(self.predicted, predicted, weights, classes)
  add_to(self.actual, actual, weights, classes)
end

-- Each column is a question of its own, with yes or no for an answer.
local function add_columns(self, y, t, w)
  local columns <const> = ops.arange(1, y:size(2)):expand_as(y):flatten()
  local predicted <const> = labels.bits(y, self.threshold):double()
  local actual <const> = labels.bits(t, 0.5):double()
  local weights <const> = w and Metric.spread(w:double(), y) or ops.ones_like(predicted)
  local function add(counts, yes)
    add_to(counts, columns, (yes * weights):flatten(), y:size(2))
  end
  add(self.right, predicted * actual)
  add(self.predicted, predicted)
  add(self.actual, actual)
end

function Counts:add(y, t, w)
  if not self.multilabel then return add_ids(self, y, t, w) end
  if y.ndim ~= 2 or not y:is_same_size(t) then
    self:fail("multilabel: expected output and target of one shape (B, C)")
  end
  add_columns(self, y, t, w)
end

-- ---- averages -----------------------------------------------------------------------------------

local function sum(list)
  local total = 0.0
  for _, n in ipairs(list) do total = total + n end
  return total
end

local function of_class(self, ratio, c)
  return ratio(self.right[c] or 0, self.predicted[c] or 0, self.actual[c] or 0)
end

function AVERAGES.binary(self, ratio) return of_class(self, ratio, 2) end

function AVERAGES.micro(self, ratio)
  return ratio(sum(self.right), sum(self.predicted), sum(self.actual))
end

function AVERAGES.none(self, ratio)
  local list <const> = {}
  for c = 1, #self.actual do list[c] = of_class(self, ratio, c) end
  return list
end

local function weighted_mean(self, ratio, weight_of)
  local total, weights = 0.0, 0.0
  for c = 1, #self.actual do
    local weight <const> = weight_of(self.actual[c], self.predicted[c])
    total, weights = total + weight * of_class(self, ratio, c), weights + weight
  end
  return weights > 0 and total / weights or 0.0
end

function AVERAGES.macro(self, ratio)
  return weighted_mean(self, ratio, function(actual, predicted)
    return (self.multilabel or actual + predicted > 0) and 1 or 0
  end)
end

function AVERAGES.weighted(self, ratio)
  return weighted_mean(self, ratio, function(actual) return actual end)
end

--- metric:compute(average): by another average than the metric's own, if given.
function Counts:compute(average)
  average = average or self.average or self.binary and "binary" or "macro"
  return AVERAGES[average](self, self.ratio)
end

-- ---- the metrics --------------------------------------------------------------------------------

local function over(a, b) return b > 0 and a / b or 0.0 end

local RATIOS <const> = {
  --- metrics.Precision(): of what was called a class, the share that is of it.
  Precision = function(right, predicted) return over(right, predicted) end,
  --- metrics.Recall(): of what is of a class, the share that was called it.
  Recall = function(right, _, actual) return over(right, actual) end,
  --- metrics.F1(): the harmonic mean of both.
  F1 = function(right, predicted, actual) return over(2 * right, predicted + actual) end,
}

local classes <const> = {}
for name, ratio in pairs(RATIOS) do
  classes[name] = Counts:extend(name, ARGS:format(name:lower()))
  classes[name].ratio = ratio
end
return classes
