-- Gradients of elementwise operations, from the texts of csrc/pointwise.def: the fused kernel, or,
-- where the gradient itself must be differentiable, the same text run over tensors.

local core = require "tocha.core"
local formula = require "tocha.formula"

local derivative <const> = {}

-- The argument as the gradient's formula wants it: a name for each of a, b, c, then p, q, r.
local NAMES <const> = { "a", "b", "c" }
local PARAMS <const> = { "p", "q", "r" }

local function environment(decl, g, y, ...)
  local given <const> = { g = g, y = y }
  for k = 1, decl.inputs do given[NAMES[k]] = select(k, ...) end
  for k = decl.inputs + 1, decl.nargs do given[PARAMS[k - decl.inputs]] = (select(k, ...)) end
  return given
end

-- x is the argument (or its ghost, or false where it is like the result): g gets its shape and
-- dtype.
local function fit(ops, g, x, like)
  local target <const> = x or like
  if not g:is_same_size(target) then g = ops.sum_to(g, target) end
  return g.dtype == target.dtype and g or ops.to(g, target.dtype)
end

local function derivative_of(decl, k, text, ops)
  local fused <const>, id <const> = core.derivative, decl.id
  local over_tensors
  local identity <const> = text == "g"
  return function(g, y, ...)
    local x = select(k, ...)
    if identity and not x then return g end
    if core.grad_enabled() then
      over_tensors = over_tensors or formula.tensors(ops)(text)
      local result = over_tensors(environment(decl, g, y, ...))
      return fit(ops, core.is_tensor(result) and result or g * result, x, g)
    end
    local result = identity and g or fused(id, k, x or g, g, y, ...)
    return x and fit(ops, result, x) or result
  end
end

--- The gradient functions of a row, by argument.
function derivative.of(decl, ops)
  local grads <const> = {}
  for k, text in ipairs(decl.grads) do
    if text ~= "NONE" then grads[k] = derivative_of(decl, k, text, ops) end
  end
  return grads
end

return derivative
