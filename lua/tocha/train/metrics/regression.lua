-- R2, the share of the variance that the output explains.

local registry = require "tocha.op"
local Metric = require "tocha.train.metrics.metric"

local ops <const> = registry.ops

--- metrics.R2{name = "r2"}: 1 minus the squared error over the squared distance of the targets from
--- their mean; of several columns the mean. 1 is perfect, 0 no better than the mean; where the
--- targets do not vary, 1 without error and else 0.
local R2 <const> = Metric:extend("R2", "name = 'r2'")
R2.start = { columns = {} }  -- of each: weight, mean and spread of the targets, squared error

local function column_of(columns, c)
  columns[c] = columns[c] or { weight = 0.0, mean = 0.0, spread = 0.0, error = 0.0 }
  return columns[c]
end

-- Means and spreads of two parts become those of the whole (Chan, Golub and LeVeque 1983): no
-- difference of large sums is taken.
local function merge(column, weight, mean, spread, error)
  local both <const>, d <const> = column.weight + weight, mean - column.mean
  if both == 0 then return end
  column.spread = column.spread + spread + d * d * column.weight * weight / both
  column.mean = column.mean + d * weight / both
  column.weight, column.error = both, column.error + error
end

function R2:add(y, t, w)
  if y:numel() ~= t:numel() then self:fail("the output has another size than the target") end
  local n <const> = y:size(1)
  y, t = y:double():reshape { n, -1 }, t:double():reshape { n, -1 }
  w = w and w:double():reshape { n, 1 } or ops.ones(n, 1, { dtype = "float64" })
  local weight <const> = w:sum():item()
  local mean <const> = (t * w):sum(1, { keepdim = true }) / weight
  local spread <const> = ((t - mean):square() * w):sum(1):totable()
  local error <const> = ((t - y):square() * w):sum(1):totable()
  for c, m in ipairs(mean[1]:totable()) do
    merge(column_of(self.columns, c), weight, m, spread[c], error[c])
  end
end

local function of_column(column)
  if column.spread > 0 then return 1 - column.error / column.spread end
  return column.error == 0 and 1.0 or 0.0
end

function R2:compute()
  local sum = 0.0
  for _, column in ipairs(self.columns) do sum = sum + of_column(column) end
  return #self.columns > 0 and sum / #self.columns or 0 / 0
end

return { R2 = R2 }
