-- The confusion matrix: rows are what examples are, columns what they were taken for.
--
--     local confusion = train.metrics.ConfusionMatrix{ labels = { "cat", "dog" } }
--     confusion:update(net(x), y)
--     print(confusion)
--
--           cat  dog   recall
--     cat    40    2   95.2 %
--     dog     3   55   94.8 %

local columns = require "tocha.columns"
local registry = require "tocha.op"
local tensor = require "tocha.tensor"
local Metric = require "tocha.train.metrics.metric"
local labels_of <const> = require("tocha.train.metrics.labels").of

local ops <const> = registry.ops
local MOST <const> = 1 << 12  -- classes

--- metrics.ConfusionMatrix{num_classes = nil, labels = nil, threshold = 0.5}: compute(normalize)
--- gives the counts (C, C), or shares of each row ("true"), each column ("pred") or of all ("all").
local ConfusionMatrix <const> = Metric:extend("ConfusionMatrix",
  "num_classes = nil, labels = nil, threshold = 0.5, name = 'confusion_matrix'")
ConfusionMatrix.start = { rows = {} }  -- rows[actual][predicted]

local function need_classes(rows, n)
  for r = 1, n do
    rows[r] = rows[r] or {}
    for c = #rows[r] + 1, n do rows[r][c] = 0.0 end
  end
end

function ConfusionMatrix:add(y, t, w)
  local predicted <const>, actual <const>, known <const> = labels_of(self, y, t, self.threshold)
  local found <const> = math.max(predicted:max():item(), actual:max():item())
  local n <const> = math.max(known or 0, self.num_classes or 0, found, #self.rows)
  if n > MOST then self:fail("a matrix of %d classes is too large (at most %d)", n, MOST) end
  need_classes(self.rows, n)
  local weights <const> = w and w:double():repeat_interleave(actual:numel() // w:numel())
  local counts <const> = ops.bincount((actual - 1) * n + predicted, weights, n * n)
  for r, row in ipairs(counts:view(n, n):totable()) do
    for c, count in ipairs(row) do self.rows[r][c] = self.rows[r][c] + count end
  end
end

local SHARES <const> = {
  ["true"] = function(m) return m:sum(2, { keepdim = true }) end,
  pred = function(m) return m:sum(1, { keepdim = true }) end,
  all = function(m) return m:sum() end,
}

--- confusion:compute(normalize): float64, (C, C); a row or column without examples is 0.
function ConfusionMatrix:compute(normalize)
  local n <const> = #self.rows
  local m <const> = n > 0 and tensor.from(self.rows, { dtype = "float64" })
    or ops.zeros(0, 0, { dtype = "float64" })
  if normalize == nil then return m end
  if not SHARES[normalize] then
    self:fail("normalize: expected \"true\", \"pred\" or \"all\", got %s", tostring(normalize))
  end
  return m / SHARES[normalize](m):clamp_min(1e-300)
end

-- ---- print --------------------------------------------------------------------------------------

local function count_text(n) return n == 0 and "." or ("%.10g"):format(n) end

local function recall_text(row, r)
  local all = 0.0
  for _, n in ipairs(row) do all = all + n end
  return all > 0 and ("%.1f %%"):format(100 * row[r] / all) or ""
end

-- The texts of all cells, with names on top and left.
local function cells_of(self)
  local function label(c) return tostring(self.labels and self.labels[c] or c) end
  local lines <const> = { { "" } }
  for r, row in ipairs(self.rows) do
    lines[1][r + 1], lines[r + 1] = label(r), { label(r) }
    for c, n in ipairs(row) do lines[r + 1][c + 1] = count_text(n) end
    lines[r + 1][#row + 2] = recall_text(row, r)
  end
  lines[1][#self.rows + 2] = "recall"
  return lines
end

function ConfusionMatrix:__tostring()
  if #self.rows == 0 then return "confusion matrix of no examples" end
  return columns.numbers(cells_of(self), { true })
end

return { ConfusionMatrix = ConfusionMatrix }
