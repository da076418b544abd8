-- RMSprop, Adagrad, Adadelta: steps scaled by what the gradients were.

local core = require "tocha.core"
local Optimizer = require "tocha.optim.optimizer"

local kernel <const>, scale <const> = core.kernel, Optimizer.scale

-- ---- RMSprop ------------------------------------------------------------------------------------

--- optim.RMSprop(params, {lr = 0.01, alpha = 0.99, eps = 1e-8, weight_decay = 0, momentum = 0,
--- centered = false, maximize = false}): Hinton's lecture 6e of "Neural Networks for Machine
--- Learning" (2012); centred, Graves, "Generating Sequences With Recurrent Neural Networks" (2013).
local RMSprop <const> = Optimizer:extend("RMSprop",
  "lr = 0.01, alpha = 0.99, eps = 1e-8, weight_decay = 0, momentum = 0, centered = false, "
  .. "maximize = false")

function RMSprop:check(group)
  Optimizer.check(self, group)
  for _, name in ipairs { "alpha", "eps", "momentum" } do self:need(group, name, 0) end
end

function RMSprop:update(batch, group)  -- luacheck: ignore self
  batch:count()
  local p <const>, g <const>, v <const> = batch.params, batch.grads, batch:tensors "square_avg"
  local sign <const>, decay <const>, lr <const> = scale(group), group.weight_decay, group.lr
  local alpha <const>, fresh <const>, eps <const> = group.alpha, 1 - group.alpha, group.eps
  local mean <const> = group.centered and batch:tensors "grad_avg"
  local momentum <const> = group.momentum
  local buf <const> = momentum > 0 and batch:tensors "momentum_buffer"
  if mean and buf then
    kernel.rmsprop_centered_momentum(p, g, v, mean, buf, sign, decay, lr, alpha, fresh, eps,
      momentum)
  elseif mean then kernel.rmsprop_centered(p, g, v, mean, sign, decay, lr, alpha, fresh, eps)
  elseif buf then
    kernel.rmsprop_momentum(p, g, v, buf, sign, decay, lr, alpha, fresh, eps, momentum)
  else kernel.rmsprop(p, g, v, sign, decay, lr, alpha, fresh, eps) end
end

-- ---- Adagrad ------------------------------------------------------------------------------------

--- optim.Adagrad(params, {lr = 0.01, lr_decay = 0, weight_decay = 0, initial_accumulator_value = 0,
--- eps = 1e-10, maximize = false}): Duchi et al., "Adaptive Subgradient Methods for Online Learning
--- and Stochastic Optimization" (2011).
local Adagrad <const> = Optimizer:extend("Adagrad",
  "lr = 0.01, lr_decay = 0, weight_decay = 0, initial_accumulator_value = 0, eps = 1e-10, "
  .. "maximize = false")

function Adagrad:check(group)
  Optimizer.check(self, group)
  for _, name in ipairs { "lr_decay", "initial_accumulator_value", "eps" } do
    self:need(group, name, 0)
  end
end

function Adagrad:update(batch, group)  -- luacheck: ignore self
  local step <const> = batch:count()
  kernel.adagrad(batch.params, batch.grads,
    batch:tensors("sum", group.initial_accumulator_value), scale(group), group.weight_decay,
    group.lr / (1 + (step - 1) * group.lr_decay), group.eps)
end

-- ---- Adadelta -----------------------------------------------------------------------------------

--- optim.Adadelta(params, {lr = 1.0, rho = 0.9, eps = 1e-6, weight_decay = 0, maximize = false}):
--- Zeiler, "ADADELTA: An Adaptive Learning Rate Method" (2012).
local Adadelta <const> = Optimizer:extend("Adadelta",
  "lr = 1.0, rho = 0.9, eps = 1e-6, weight_decay = 0, maximize = false")

function Adadelta:check(group)
  Optimizer.check(self, group)
  self:need(group, "rho", 0, 1 + 2 ^ -52)
  self:need(group, "eps", 0)
end

function Adadelta:update(batch, group)  -- luacheck: ignore self
  batch:count()
  kernel.adadelta(batch.params, batch.grads, batch:tensors "square_avg", batch:tensors "acc_delta",
    scale(group), group.weight_decay, group.lr, group.rho, 1 - group.rho, group.eps)
end

return { RMSprop = RMSprop, Adagrad = Adagrad, Adadelta = Adadelta }
