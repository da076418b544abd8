-- keras.regularizers: what is added to the loss for a weight, or for a layer's output.

local ops = require "tocha.op".ops
local core = require "tocha.core"
local family = require "tocha.keras.family"

local regularizers <const> = family.new "regularizer"

local function penalty(l1, l2, x)
  local sum
  if l1 ~= 0 then sum = x:abs():sum() * l1 end
  if l2 ~= 0 then
    local part <const> = x:square():sum() * l2
    sum = sum and sum + part or part
  end
  return sum or x:sum() * 0
end

regularizers:define("L1", "l1 = 0.01", function(config, x) return penalty(config.l1, 0, x) end)
regularizers:define("L2", "l2 = 0.01", function(config, x) return penalty(0, config.l2, x) end)
regularizers:define("L1L2", "l1 = 0, l2 = 0",
  function(config, x) return penalty(config.l1, config.l2, x) end)

-- Rows (or columns) that are not at right angles.
regularizers:define("OrthogonalRegularizer", "factor = 0.01, mode = 'rows'", function(config, x)
  if x.ndim ~= 2 then
    core.fail("OrthogonalRegularizer", nil, "expected a matrix, got %d dimensions", x.ndim)
  end
  local rows <const> = ops.normalize(config.mode == "rows" and x or x:transpose(1, 2), 2, 2)
  local product <const> = rows:matmul(rows:transpose(1, 2))
  local n <const> = rows:size(1)
  local off <const> = (product * (1 - ops.eye(n, { dtype = x.dtype }))):abs():sum()
  return off * (0.5 * config.factor / (n * (n - 1) / 2))
end, "orthogonal")

return regularizers
