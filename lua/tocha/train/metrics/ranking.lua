-- The area under the ROC curve and under the precision-recall curve, exact: all scores are kept and
-- sorted, ties count half.

local registry = require "tocha.op"
local Metric = require "tocha.train.metrics.metric"
local labels = require "tocha.train.metrics.labels"

local ops <const> = registry.ops
local nan <const> = 0 / 0

--- metrics.AUC{curve = "ROC", average = "macro", name = "auc"}: binary scores (B) or (B, 1) with 0
--- and 1; scores (B, C) with ids: the mean over the classes of one against the rest; with targets
--- (B, C): of the columns. curve = "PR" is the average precision. average: "macro", "weighted" by
--- how often a class occurs, or "none", a list.
local AUC <const> = Metric:extend("AUC", "curve = 'ROC', average = 'macro', name = 'auc'")
AUC.start = { scores = {}, truths = {}, weights = {} }  -- lists of (B, C) and (B) tensors

local CURVES <const>, AVERAGES <const> = {}, {}

function AUC:check()
  if not CURVES[self.curve] then
    self:fail("curve: expected \"ROC\" or \"PR\", got %s", tostring(self.curve))
  end
  if not AVERAGES[self.average] then
    self:fail("average: expected \"macro\", \"weighted\" or \"none\", got %s",
      tostring(self.average))
  end
end

function AUC:add(y, t, w)
  local n <const> = y:size(1)
  if labels.is_binary(y) then
    y, t = y:reshape { n, 1 }, t:reshape { n, 1 }
  elseif not t:is_same_size(y) then
    t = ops.one_hot(labels.targets(self, y, t), y:size(2))
  end
  self.scores[#self.scores + 1] = y:double():clone()
  self.truths[#self.truths + 1] = labels.bits(t, 0.5):double()
  self.weights[#self.weights + 1] = w and w:double() or ops.ones(n, { dtype = "float64" })
end

-- ---- curves -------------------------------------------------------------------------------------

-- Weights of positives and negatives at or above each score that occurs, from the highest down.
local function sums_above(scores, truths, weights)
  local sorted <const>, order <const> = scores:sort(1, { descending = true })
  truths, weights = truths:index_select(1, order), weights:index_select(1, order)
  local yes <const> = (truths * weights):cumsum(1)
  local no <const> = ((1 - truths) * weights):cumsum(1)
  local n <const> = sorted:size(1)
  local last = ops.ones(n, { dtype = "bool" })  -- of its score
  if n > 1 then
    last = ops.cat { sorted:narrow(1, 1, n - 1):ne(sorted:narrow(1, 2, n - 1)),
      ops.ones(1, { dtype = "bool" }) }
  end
  return yes:masked_select(last), no:masked_select(last)
end

local function with_zero(x) return ops.cat { ops.zeros(1, { dtype = x.dtype }), x } end

local function total(x) return x[-1]:item() end

function CURVES.ROC(yes, no)
  if total(yes) == 0 or total(no) == 0 then return nan end
  local y <const>, x <const> = with_zero(yes), with_zero(no)
  local n <const> = yes:size(1)
  local heights <const> = y:narrow(1, 1, n) + y:narrow(1, 2, n)
  return (x:diff() * heights):sum():item() / (2 * total(yes) * total(no))
end

function CURVES.PR(yes, no)
  if total(yes) == 0 then return nan end
  return (with_zero(yes):diff() * (yes / (yes + no))):sum():item() / total(yes)
end

-- ---- averages -----------------------------------------------------------------------------------

function AVERAGES.none(areas) return areas end

local function weighted_mean(areas, weights)
  local sum, all = 0.0, 0.0
  for c, area in ipairs(areas) do
    if area == area then sum, all = sum + area * weights[c], all + weights[c] end
  end
  return all > 0 and sum / all or nan
end

function AVERAGES.macro(areas)
  local ones <const> = {}
  for c = 1, #areas do ones[c] = 1 end
  return weighted_mean(areas, ones)
end

function AVERAGES.weighted(areas, actual) return weighted_mean(areas, actual) end

-- A metric's lists become one tensor each, once.
local function joined(list)
  if #list > 1 then
    local all <const> = ops.cat(list)
    for k = #list, 1, -1 do list[k] = nil end
    list[1] = all
  end
  return list[1]
end

--- auc:compute(): nan where only one of two classes occurs; means leave such classes out.
function AUC:compute()
  if #self.scores == 0 then return nan end
  local scores <const>, truths <const> = joined(self.scores), joined(self.truths)
  local weights <const>, areas <const>, actual <const> = joined(self.weights), {}, {}
  for c = 1, scores:size(2) do
    local yes <const>, no <const> = sums_above(scores:select(2, c), truths:select(2, c), weights)
    areas[c], actual[c] = CURVES[self.curve](yes, no), total(yes)
  end
  return #areas == 1 and areas[1] or AVERAGES[self.average](areas, actual)
end

return { AUC = AUC }
