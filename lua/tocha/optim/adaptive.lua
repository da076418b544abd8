-- RMSprop, Adagrad, Adadelta: steps scaled by what the gradients were.

local core = require "tocha.core"
local Optimizer = require "tocha.optim.optimizer"

local kernel <const> = core.kernel
local nothing <const>, zeros <const> = Optimizer.nothing, Optimizer.zeros

-- ---- RMSprop ------------------------------------------------------------------------------------

local RMSprop <const> = Optimizer:extend("RMSprop",
  "lr = 0.01, alpha = 0.99, eps = 1e-8, weight_decay = 0, momentum = 0, centered = false, "
  .. "maximize = false")

function RMSprop:check(group)
  Optimizer.check(self, group)
  for _, name in ipairs { "alpha", "eps", "momentum" } do self:need(group, name, 0) end
end

function RMSprop:update(p, g, group, state)  -- luacheck: ignore self
  local buf <const> = group.momentum > 0 and zeros(state, "momentum_buffer", p) or nothing(p)
  local mean <const> = group.centered and zeros(state, "grad_avg", p) or nothing(p)
  state.step = (state.step or 0) + 1
  kernel.rmsprop(p, zeros(state, "square_avg", p), buf, mean, g, group.lr, group.alpha, group.eps,
    group.weight_decay, group.momentum, group.maximize)
end

-- ---- Adagrad ------------------------------------------------------------------------------------

local Adagrad <const> = Optimizer:extend("Adagrad",
  "lr = 0.01, lr_decay = 0, weight_decay = 0, initial_accumulator_value = 0, eps = 1e-10, "
  .. "maximize = false")

function Adagrad:check(group)
  Optimizer.check(self, group)
  for _, name in ipairs { "lr_decay", "initial_accumulator_value", "eps" } do
    self:need(group, name, 0)
  end
end

function Adagrad:update(p, g, group, state)  -- luacheck: ignore self
  if not state.sum then zeros(state, "sum", p):fill_(group.initial_accumulator_value) end
  local before <const> = state.step or 0
  state.step = before + 1
  kernel.adagrad(p, state.sum, g, group.lr / (1 + before * group.lr_decay), group.weight_decay,
    group.eps, group.maximize)
end

-- ---- Adadelta -----------------------------------------------------------------------------------

local Adadelta <const> = Optimizer:extend("Adadelta",
  "lr = 1.0, rho = 0.9, eps = 1e-6, weight_decay = 0, maximize = false")

function Adadelta:check(group)
  Optimizer.check(self, group)
  self:need(group, "rho", 0, 1 + 2 ^ -52)
  self:need(group, "eps", 0)
end

function Adadelta:update(p, g, group, state)  -- luacheck: ignore self
  state.step = (state.step or 0) + 1
  kernel.adadelta(p, zeros(state, "square_avg", p), zeros(state, "acc_delta", p), g, group.lr,
    group.rho, group.eps, group.weight_decay, group.maximize)
end

return { RMSprop = RMSprop, Adagrad = Adagrad, Adadelta = Adadelta }
