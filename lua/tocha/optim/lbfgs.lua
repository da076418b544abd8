-- LBFGS: Newton's direction from the last few gradients.

local Descent = require "tocha.optim.descent"

local dot <const> = Descent.dot

--- optim.LBFGS(params, {lr = 1, max_iter = 20, max_eval = max_iter * 5 // 4, tolerance_grad = 1e-7,
--- tolerance_change = 1e-9, history_size = 100, line_search_fn = nil, maximize = false}): for
--- losses without noise. step(closure) takes up to max_iter steps; the closure clears the
--- gradients, computes the loss and its gradients, and returns the loss. line_search_fn =
--- "strong_wolfe" finds each step's length. One group of parameters; memory for history_size
--- copies of them, twice. Liu and Nocedal, "On the limited memory BFGS method for large scale
--- optimization" (1989).
local LBFGS <const> = Descent:extend("LBFGS", "lr = 1, max_iter = 20, max_eval = nil, "
  .. "tolerance_grad = 1e-7, tolerance_change = 1e-9, history_size = 100, line_search_fn = nil, "
  .. "maximize = false")

function LBFGS:check(group)
  Descent.check(self, group)
  self:need_integer(group, "history_size", 1)
  self:one_of(group, "line_search_fn", { "strong_wolfe" })
end

-- What the last step taught: y is the change of the gradient, s that of the parameters.
local function remember(state, g, size)
  local y <const>, s <const> = g:sub(state.prev_flat_grad), state.d:mul(state.t)
  local ys <const> = dot(y, s)
  if ys <= 1e-10 then return end
  if #state.old_dirs == size then
    for _, name in ipairs { "old_dirs", "old_stps", "ro" } do table.remove(state[name], 1) end
  end
  local k <const> = #state.old_dirs + 1
  state.old_dirs[k], state.old_stps[k], state.ro[k] = y, s, 1 / ys
  state.H_diag = ys / dot(y, y)
end

-- The approximate inverse Hessian times -g, by two loops over the history.
local function newton(state, g)
  local y <const>, s <const>, ro <const>, al <const> = state.old_dirs, state.old_stps, state.ro, {}
  local q <const> = g:neg()
  for k = #y, 1, -1 do
    al[k] = dot(s[k], q) * ro[k]
    q:add_(y[k], -al[k])
  end
  q:mul_(state.H_diag)
  for k = 1, #y do q:add_(s[k], al[k] - dot(y[k], q) * ro[k]) end
  return q
end

function LBFGS:direction(state, g, group)  -- luacheck: ignore self
  if state.n_iter == 1 then
    state.old_dirs, state.old_stps, state.ro, state.H_diag = {}, {}, {}, 1
    return g:neg(), math.min(1, 1 / g:abs():sum():item()) * group.lr
  end
  remember(state, g, group.history_size)
  return newton(state, g), group.lr
end

function LBFGS:advance_along(run, d, t, slope)
  if run.group.line_search_fn then return self:search(run, d, t, slope, 0.9) end
  return self:stride(run, d, t)
end

return { LBFGS = LBFGS }
