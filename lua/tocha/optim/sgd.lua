-- Stochastic gradient descent, with momentum (Polyak's or Nesterov's).

local core = require "tocha.core"
local Optimizer = require "tocha.optim.optimizer"

local SGD <const> = Optimizer:extend("SGD",
  "lr = 0.001, momentum = 0, dampening = 0, weight_decay = 0, nesterov = false, maximize = false")

local sgd <const>, nothing <const> = core.kernel.sgd, Optimizer.nothing

function SGD:check(group)
  Optimizer.check(self, group)
  self:need(group, "momentum", 0)
  if group.nesterov and (group.momentum <= 0 or group.dampening ~= 0) then
    self:fail("nesterov needs a momentum and no dampening")
  end
end

function SGD:update(p, g, group, state)  -- luacheck: ignore self
  local buf = nothing(p)
  local first = false
  if group.momentum ~= 0 then
    first = state.momentum_buffer == nil
    if first then state.momentum_buffer = core.empty(p) end
    buf = state.momentum_buffer
  end
  sgd(p, buf, g, group.lr, group.momentum, group.dampening, group.weight_decay, group.nesterov,
    group.maximize, first)
end

return { SGD = SGD }
