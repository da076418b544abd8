-- What LBFGS and CG share: one long vector for all parameters, a closure, a descent of several
-- iterations within one step.
--
-- A class has direction(state, g, group), which returns the direction and the first trial step, and
-- advance_along(run, d, t, slope), which moves the parameters.

local core = require "tocha.core"
local registry = require "tocha.op"
local signature = require "tocha.signature"
local Optimizer = require "tocha.optim.optimizer"
local line_search = require "tocha.optim.line_search"

local ops <const> = registry.ops

local Descent <const> = Optimizer:extend "Descent"

function Descent:check(group)
  Optimizer.check(self, group)
  self:need_integer(group, "max_iter", 1)
  if group.max_eval == nil then group.max_eval = group.max_iter * 5 // 4 end
  self:need_integer(group, "max_eval", 1)
  self:need(group, "tolerance_grad", 0)
  self:need(group, "tolerance_change", 0)
end

function Descent:add_param_group(given)
  if #self.param_groups > 0 then self:fail "takes one group of parameters" end
  Optimizer.add_param_group(self, given)
end

-- ---- one long vector ----------------------------------------------------------------------------

local function flat_gradient(group)
  local parts <const> = {}
  for k, p in ipairs(group.params) do
    local g <const> = p.grad
    parts[k] = g and g:detach():reshape { -1 } or core.empty({ p:numel() }, p.dtype, p):zero_()
  end
  local flat <const> = ops.cat(parts)
  return group.maximize and flat:neg_() or flat
end

local function move(params, d, t)
  local first = 1
  for _, p in ipairs(params) do
    local n <const> = p:numel()
    p:add_(d:narrow(1, first, n):view(p.shape), t)
    first = first + n
  end
end

local function largest(x) return x:abs():max():item() end
Descent.largest = largest

--- Descent.dot(a, b): a number.
function Descent.dot(a, b) return ops.dot(a, b):item() end
local dot <const> = Descent.dot

-- The loss as a number to make small, and its gradient. The first result is what the closure gave.
local function evaluate(self, closure, group)
  local loss <const> = Optimizer.evaluate(closure)
  local value <const> = core.is_tensor(loss) and loss:item() or loss
  if type(value) ~= "number" then
    self:fail("the closure must return the loss, got %s", type(loss))
  end
  return loss, group.maximize and -value or value, flat_gradient(group)
end

-- ---- moving along a direction -------------------------------------------------------------------

--- self:search(run, d, t, slope, c2): to a point that satisfies the strong Wolfe conditions.
function Descent:search(run, d, t, slope, c2)
  local group <const>, kept <const> = run.group, {}
  for k, p in ipairs(group.params) do kept[k] = p:detach():clone() end
  local function at(step)
    move(group.params, d, step)
    local _, f <const>, g <const> = evaluate(self, run.closure, group)
    for k, p in ipairs(group.params) do p:copy_(kept[k]) end
    return { t = step, f = f, g = g, slope = dot(g, d) }
  end
  local search <const> = {
    at = at, size = largest(d), c1 = 1e-4, c2 = c2, max_ls = group.max_eval - run.evals,
    tolerance_change = 1e-9,
  }
  local found <const>, n <const> = line_search.strong_wolfe(search,
    { t = 0, f = run.loss, g = run.g, slope = slope }, t)
  move(group.params, d, found.t)
  run.loss, run.g, run.evals = found.f, found.g, run.evals + n
  return found.t
end

--- self:stride(run, d, t): by a fixed step; nothing is evaluated after the last.
function Descent:stride(run, d, t)
  move(run.group.params, d, t)
  if run.n == run.group.max_iter then return t end
  local _
  _, run.loss, run.g = evaluate(self, run.closure, run.group)
  run.evals = run.evals + 1
  return t
end

-- ---- the step -----------------------------------------------------------------------------------

-- Out of iterations or evaluations, at a minimum, or without progress?
local function is_done(run, d, t, loss_before)
  local group <const> = run.group
  return run.n == group.max_iter or run.evals >= group.max_eval
    or largest(run.g) <= group.tolerance_grad
    or largest(d:mul(t)) <= group.tolerance_change
    or math.abs(run.loss - loss_before) < group.tolerance_change
end

local function iterate(self, run, state)
  local group <const> = run.group
  state.n_iter, run.n = state.n_iter + 1, run.n + 1
  local d <const>, t <const> = self:direction(state, run.g, group)
  state.d, state.t = d, t
  state.prev_flat_grad, state.prev_loss = run.g, run.loss
  local slope <const> = dot(run.g, d)
  if slope > -group.tolerance_change then return true end
  local evals <const>, before <const> = run.evals, run.loss
  state.t = self:advance_along(run, d, t, slope)
  state.func_evals = state.func_evals + run.evals - evals
  return is_done(run, d, state.t, before)
end

-- The state of all parameters is kept with the first.
local function state_of(self, p)
  local state <const> = self.state[p] or {}
  self.state[p] = state
  state.func_evals, state.n_iter = state.func_evals or 0, state.n_iter or 0
  return state
end

function Descent:advance(closure)
  if type(closure) ~= "function" then
    self:fail("step(closure) needs a function that computes the loss, got %s", type(closure))
  end
  local group <const> = self.param_groups[1]
  local state <const> = state_of(self, group.params[1])
  local first <const>, loss <const>, g <const> = evaluate(self, closure, group)
  state.func_evals = state.func_evals + 1
  if largest(g) <= group.tolerance_grad then return first end
  local run <const> = { group = group, closure = closure, loss = loss, g = g, evals = 1, n = 0 }
  repeat until iterate(self, run, state)
  return first
end

--- self:one_of(group, name, choices): the option is nil or one of these strings.
function Descent:one_of(group, name, choices)
  local value <const> = group[name]
  for _, choice in ipairs(choices) do
    if value == choice then return end
  end
  if value ~= nil then
    self:fail("%s must be %s, got %s", name, table.concat(choices, " or "), signature.text(value))
  end
end

return Descent
