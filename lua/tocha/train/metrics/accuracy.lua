-- Accuracy: the share of examples that are right, whatever form outputs and targets have.

local core = require "tocha.core"
local Mean <const> = require("tocha.train.metrics.mean").Mean
local Metric = require "tocha.train.metrics.metric"
local labels = require "tocha.train.metrics.labels"

-- Right or wrong (booleans, one an example or place), each with its example's weight.
local function add_hits(self, hits, shaped_like, w)
  if not w then return Mean.add(self, hits) end
  Mean.add(self, hits:double(), Metric.spread(w, shaped_like):flatten())
end

--- metrics.Accuracy{threshold = 0.5, name = "accuracy"}: of scores with ids or one-hot rows the
--- share whose largest score is right; of single scores those on the right side of the threshold.
local Accuracy <const> = Mean:extend("Accuracy", "threshold = 0.5, name = 'accuracy'")

function Accuracy:add(y, t, w)
  local predicted <const>, actual <const> = labels.of(self, y, t, self.threshold)
  local hits <const> = predicted:eq(actual)
  if not w then return Mean.add(self, hits) end
  if w.ndim == 1 then w = w:repeat_interleave(hits:numel() // w:numel()) end
  Mean.add(self, hits:double(), w:flatten())
end

--- metrics.BinaryAccuracy{threshold = 0.5, name = "binary_accuracy"}: the share of single answers,
--- all elements of y, that are on the right side.
local BinaryAccuracy <const> = Mean:extend("BinaryAccuracy",
  "threshold = 0.5, name = 'binary_accuracy'")

function BinaryAccuracy:add(y, t, w)
  if y:numel() ~= t:numel() then self:fail("the output has another size than the target") end
  local hits <const> = labels.bits(y, self.threshold):eq(labels.bits(t:reshape(y.shape), 0.5))
  add_hits(self, hits:flatten(), y, w)
end

--- metrics.TopK{k = 5, name = "top_k"}: the share of scores (B, C, ...) whose k largest have the
--- right one among them.
local TopK <const> = Mean:extend("TopK", "k = 5, name = 'top_k'")

function TopK:new(...)
  Mean.new(self, ...)
  if math.type(self.k) ~= "integer" or self.k < 1 then
    core.fail("TopK", "k", "expected a positive integer, got %s", tostring(self.k))
  end
end

function TopK:add(y, t, w)
  local actual <const>, dim <const> = labels.targets(self, y, t)
  local _, places <const> = y:topk(math.min(self.k, y:size(dim)), dim)
  local hits <const> = places:eq(actual:unsqueeze(dim)):any(dim)
  add_hits(self, hits:flatten(), hits, w)
end

return { Accuracy = Accuracy, BinaryAccuracy = BinaryAccuracy, TopK = TopK }
