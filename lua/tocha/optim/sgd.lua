-- Gradient descent: SGD with momentum (Polyak's or Nesterov's), ASGD, Rprop.

local core = require "tocha.core"
local Optimizer = require "tocha.optim.optimizer"

local kernel <const>, scale <const> = core.kernel, Optimizer.scale

-- ---- SGD ----------------------------------------------------------------------------------------

--- optim.SGD(params, {lr = 0.001, momentum = 0, dampening = 0, weight_decay = 0, nesterov = false,
--- maximize = false}): stochastic gradient descent. Momentum as in Sutskever et al., "On the
--- importance of initialization and momentum in deep learning" (2013), in PyTorch's form: the rate
--- multiplies the buffer.
local SGD <const> = Optimizer:extend("SGD",
  "lr = 0.001, momentum = 0, dampening = 0, weight_decay = 0, nesterov = false, maximize = false")

SGD.in_passing = true

function SGD:check(group)
  Optimizer.check(self, group)
  self:need(group, "momentum", 0)
  self:need(group, "dampening", -math.huge)
  if group.nesterov and (group.momentum <= 0 or group.dampening ~= 0) then
    self:fail("nesterov needs a momentum and no dampening")
  end
end

-- A buffer begins as the gradient itself, without dampening.
function SGD:stage(state)  -- luacheck: ignore self
  return state.momentum_buffer ~= nil
end

function SGD:update(batch, group)  -- luacheck: ignore self
  local p <const>, g <const>, momentum <const> = batch.params, batch.grads, group.momentum
  local sign <const>, decay <const>, lr <const> = scale(group), group.weight_decay, group.lr
  if momentum == 0 then return kernel.sgd(p, g, sign, decay, lr) end
  local buf <const> = batch:tensors "momentum_buffer"
  if group.nesterov then return kernel.sgd_nesterov(p, g, buf, sign, decay, lr, momentum) end
  local fresh <const> = batch.stage and 1 - group.dampening or 1
  kernel.sgd_momentum(p, g, buf, sign, decay, lr, momentum, fresh)
end

-- ---- ASGD ---------------------------------------------------------------------------------------

--- optim.ASGD(params, {lr = 0.01, lambd = 1e-4, alpha = 0.75, t0 = 1e6, weight_decay = 0, maximize
--- = false}): averaged SGD; the average of the parameters from step t0 on is in state[p].ax. Polyak
--- and Juditsky, "Acceleration of stochastic approximation by averaging" (1992).
local ASGD <const> = Optimizer:extend("ASGD",
  "lr = 0.01, lambd = 1e-4, alpha = 0.75, t0 = 1e6, weight_decay = 0, maximize = false")

function ASGD:check(group)
  Optimizer.check(self, group)
  for _, name in ipairs { "lambd", "alpha" } do self:need(group, name, 0) end
  self:need(group, "t0", -math.huge)
end

function ASGD:stage(state)  -- luacheck: ignore self
  return ("%d %.17g %.17g"):format(state.step or 0, state.eta or -1, state.mu or -1)
end

function ASGD:update(batch, group)  -- luacheck: ignore self
  local first <const> = batch.states[1]
  local eta <const>, mu <const> = first.eta or group.lr, first.mu or 1
  local step <const> = batch:count()
  kernel.asgd(batch.params, batch.grads, batch:tensors "ax", scale(group), group.weight_decay,
    1 - group.lambd * eta, eta, mu)
  batch:set("eta", group.lr / (1 + group.lambd * group.lr * step) ^ group.alpha)
  batch:set("mu", 1 / math.max(1, step - group.t0))
end

-- ---- Rprop --------------------------------------------------------------------------------------

--- optim.Rprop(params, {lr = 0.01, etas = {0.5, 1.2}, step_sizes = {1e-6, 50}, maximize = false}):
--- resilient backpropagation, for whole batches: each number has a step size of its own, which
--- grows while the sign of its gradient stays and shrinks when it turns. Riedmiller and Braun
--- (1993).
local Rprop <const> = Optimizer:extend("Rprop",
  "lr = 0.01, etas = {0.5, 1.2}, step_sizes = {1e-6, 50}, maximize = false")

function Rprop:check(group)
  Optimizer.check(self, group)
  self:need_pair(group, "etas", 0)
  self:need_pair(group, "step_sizes", 0)
  local minus <const>, plus <const> = group.etas[1], group.etas[2]
  if not (0 < minus and minus < 1 and 1 < plus) then
    self:fail("etas must be below and above 1, got {%g, %g}", minus, plus)
  end
end

function Rprop:update(batch, group)  -- luacheck: ignore self
  batch:count()
  kernel.rprop(batch.params, batch.grads, batch:tensors "prev",
    batch:tensors("step_size", group.lr), scale(group), group.etas[1], group.etas[2],
    group.step_sizes[1], group.step_sizes[2])
end

return { SGD = SGD, ASGD = ASGD, Rprop = Rprop }
