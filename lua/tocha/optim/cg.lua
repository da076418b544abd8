-- CG: nonlinear conjugate gradients, Torch7's optim.cg.

local Descent = require "tocha.optim.descent"

local dot <const> = Descent.dot

--- optim.CG(params, {lr = 1, max_iter = 20, max_eval = max_iter * 5 // 4, tolerance_grad = 1e-7,
--- tolerance_change = 1e-9, maximize = false}): each direction is the gradient's, bent so that it
--- does not undo the one before (Polak and Ribiere's formula, not below zero, which restarts by
--- itself); a line search for the strong Wolfe conditions finds the length. For losses without
--- noise and with little memory: three vectors. step(closure) as for LBFGS; lr scales the very
--- first trial step. Nocedal and Wright, "Numerical Optimization" (2006), section 5.2.
local CG <const> = Descent:extend("CG", "lr = 1, max_iter = 20, max_eval = nil, "
  .. "tolerance_grad = 1e-7, tolerance_change = 1e-9, maximize = false")

local MOST <const> = 10  -- times the step before, for the first trial

-- Polak and Ribiere's factor of the direction before.
local function bend(g, before) return math.max(0, dot(g, g:sub(before)) / dot(before, before)) end

-- The first trial assumes that the loss falls as much as in the step before. Where that search got
-- nowhere it begins anew.
function CG:direction(state, g, group)  -- luacheck: ignore self
  if state.n_iter == 1 or state.t == 0 then
    return g:neg(), math.min(1, 1 / g:abs():sum():item()) * group.lr
  end
  local before <const>, d_before <const> = state.prev_flat_grad, state.d
  local d = d_before:mul(bend(g, before)):sub_(g)
  if dot(g, d) >= 0 then d = g:neg() end
  return d, state.t * math.min(MOST, dot(before, d_before) / dot(g, d))
end

function CG:advance_along(run, d, t, slope) return self:search(run, d, t, slope, 0.1) end

return { CG = CG }
