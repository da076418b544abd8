-- Means over examples: of numbers, of any loss, of a function of one's own.

local core = require "tocha.core"
local registry = require "tocha.op"
local Loss = require "tocha.train.loss"
local Metric = require "tocha.train.metrics.metric"

local ops <const>, nan <const> = registry.ops, 0 / 0

-- ---- Mean ---------------------------------------------------------------------------------------

--- metrics.Mean{name = "mean"}: update(value, w): the mean of numbers, or of all elements of
--- tensors. A weight is a number or a tensor of the value's shape.
local Mean <const> = Metric:extend("Mean", "name = 'mean'")
Mean.start, Mean.takes_anything = { total = 0.0, weight = 0.0 }, true

local function as_number(x)
  if not core.is_tensor(x) then return x + 0.0 end
  return (x:is_floating_point() and x:double() or x):sum():item() + 0.0
end

-- Adds `value` (a number, or values of examples), each `w` times (a number, or (B)).
function Mean:add(value, w)
  if w == nil then w = core.is_tensor(value) and value:numel() or 1 end
  if core.is_tensor(w) then value = value * w:to(value.dtype)
  elseif not core.is_tensor(value) then value = value * w end
  self.total, self.weight = self.total + as_number(value), self.weight + as_number(w)
end

function Mean:compute() return self.weight ~= 0 and self.total / self.weight or nan end

-- ---- MeanLoss -----------------------------------------------------------------------------------

--- metrics.MeanLoss{loss = "mse", name = loss}: the mean of a loss over the examples.
local MeanLoss <const> = Mean:extend("MeanLoss", "loss, name = nil")

function MeanLoss:check()
  self.loss = Loss("metric", self.loss)
  self.name = self.name or self.loss.name
end

function MeanLoss:add(y, t, w)
  local each <const> = self.loss:each(y, t, w and w.ndim)
  if each then return Mean.add(self, each, w) end
  if w then self:fail("'%s' gives one number for a whole batch and takes no weights", self.name) end
  Mean.add(self, self.loss:mean(y, t):item(), y:size(1))
end

--- metrics.MSE(), metrics.MAE(): the mean squared and the mean absolute error.
local function of_loss(name, loss, label)
  local class <const> = MeanLoss:extend(name, ("name = '%s'"):format(label or loss))
  function class:check() self.loss = Loss("metric", loss) end
  return class
end

--- metrics.RMSE(): the root of the mean squared error.
local RMSE <const> = of_loss("RMSE", "mse", "rmse")

function RMSE:compute() return math.sqrt(MeanLoss.compute(self)) end

-- ---- MeanOf -------------------------------------------------------------------------------------

--- metrics.MeanOf{f = function(y, t) ... end, name = "metric"}: the mean of what f returns: a
--- number or scalar for a batch, or one for each example.
local MeanOf <const> = Mean:extend("MeanOf", "f, name = 'metric'")
MeanOf.takes_anything = true

function MeanOf:add(y, t, w)
  local value <const> = self.f(y, t)
  if core.is_tensor(value) and value.ndim > 0 then
    return Mean.add(self, value, w)
  end
  Mean.add(self, as_number(value), y:size(1))
end

-- ---- Perplexity ---------------------------------------------------------------------------------

--- metrics.Perplexity{ignore_index = nil, name = "perplexity"}: e to the mean cross-entropy of
--- logits (B, C, ...) with ids (B, ...), over the places whose id is not `ignore_index`.
local Perplexity <const> = Mean:extend("Perplexity", "ignore_index = nil, name = 'perplexity'")

function Perplexity:add(y, t, w)
  local loss <const> = Loss("metric", { "cross_entropy", ignore_index = self.ignore_index })
  local each <const> = loss:each(y, t, t.ndim)
  local counted = ops.ones_like(each)
  if self.ignore_index then counted = t:ne(self.ignore_index):to(each.dtype) end
  if w then counted = counted * Metric.spread(w, each) end
  Mean.add(self, each, counted)
end

function Perplexity:compute() return math.exp(Mean.compute(self)) end

return {
  Mean = Mean, MeanLoss = MeanLoss, MeanOf = MeanOf, Perplexity = Perplexity,
  MSE = of_loss("MSE", "mse"), MAE = of_loss("MAE", "mae"), RMSE = RMSE,
}
