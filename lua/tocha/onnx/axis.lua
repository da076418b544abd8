-- The axis of Softmax and its like: since version 13 one dimension; before, x was a matrix whose
-- columns were all dimensions from the axis on.

local rule = require "tocha.rule"
local op = require "tocha.onnx.registry".op

local axis <const> = {}

--- axis.rows(a, x): the tensor to work on, the dimension, and f(y) that gives it x's sizes again.
function axis.rows(a, x)
  local shape <const> = x.shape
  local function back(y) return y:reshape(shape) end
  if x.ndim == 0 then return x:reshape { 1 }, 1, back end
  local dim <const> = op.axis(a.axis or a.opset < 13 and 1 or -1, x.ndim)
  if a.opset >= 13 then return x, dim, back end
  return x:reshape { rule.product(shape, 1, dim - 1), rule.product(shape, dim) }, 2, back
end

return axis
