-- The steps of Keras's optimisers, as classes of tocha.optim: where the formulas are PyTorch's with
-- other numbers, tocha.optim's own; the others are in csrc/optim.def.

local core = require "tocha.core"
local optim = require "tocha.optim"

local kernel <const>, Optimizer <const> = core.kernel, optim.Optimizer
local rules <const> = {}

-- Decay, clipping and the sign are dealt with before the step (optimizers.lua).
local SIGN <const>, NO_DECAY <const>, KEEP_ALL <const> = 1, 0, 1

-- ---- SGD ----------------------------------------------------------------------------------------

local SGD <const> = Optimizer:extend("SGD", "lr = 0.01, momentum = 0, nesterov = false")
rules.SGD = SGD

function SGD:stage() return 0 end  -- luacheck: ignore self

function SGD:update(batch, group)  -- luacheck: ignore self
  local p <const>, g <const>, momentum <const> = batch.params, batch.grads, group.momentum
  if momentum == 0 then return kernel.sgd(p, g, SIGN, NO_DECAY, group.lr) end
  local step <const> = group.nesterov and kernel.keras_nesterov or kernel.keras_momentum
  step(p, g, batch:tensors "momentum_buffer", group.lr, momentum)
end

-- ---- RMSprop ------------------------------------------------------------------------------------

local RMSprop <const> = Optimizer:extend("RMSprop",
  "lr = 0.001, rho = 0.9, momentum = 0, eps = 1e-7, centered = false")
rules.RMSprop = RMSprop

function RMSprop:stage() return 0 end  -- luacheck: ignore self

function RMSprop:update(batch, group)  -- luacheck: ignore self
  local p <const>, g <const>, v <const> = batch.params, batch.grads, batch:tensors "square_avg"
  local lr <const>, rho <const>, eps <const> = group.lr, group.rho, group.eps
  local fresh <const>, momentum <const> = 1 - group.rho, group.momentum
  local mean <const> = group.centered and batch:tensors "grad_avg"
  local buf <const> = momentum > 0 and batch:tensors "momentum_buffer"
  if mean and buf then
    kernel.keras_rmsprop_centered_momentum(p, g, v, mean, buf, lr, rho, fresh, eps, momentum)
  elseif mean then kernel.keras_rmsprop_centered(p, g, v, mean, lr, rho, fresh, eps)
  elseif buf then kernel.keras_rmsprop_momentum(p, g, v, buf, lr, rho, fresh, eps, momentum)
  else kernel.keras_rmsprop(p, g, v, lr, rho, fresh, eps) end
end

-- ---- Adam and its kin ---------------------------------------------------------------------------

-- Keras adds eps to the root before the correction, PyTorch after it.
local Adam <const> = Optimizer:extend("Adam",
  "lr = 0.001, betas = {0.9, 0.999}, eps = 1e-7, amsgrad = false")
rules.Adam, rules.AdamW = Adam, Adam

function Adam:update(batch, group)  -- luacheck: ignore self
  local beta1 <const>, beta2 <const> = group.betas[1], group.betas[2]
  local step <const> = batch:count()
  local p <const>, g <const> = batch.params, batch.grads
  local m <const>, v <const> = batch:tensors "exp_avg", batch:tensors "exp_avg_sq"
  local rate <const>, root <const> = group.lr / (1 - beta1 ^ step), (1 - beta2 ^ step) ^ -0.5
  if group.amsgrad then
    return kernel.amsgrad(p, g, m, v, batch:tensors "max_exp_avg_sq", SIGN, NO_DECAY, KEEP_ALL,
      rate, 1 - beta1, beta2, 1 - beta2, root, group.eps * root)
  end
  kernel.adam(p, g, m, v, SIGN, NO_DECAY, KEEP_ALL, rate, 1 - beta1, beta2, 1 - beta2, root,
    group.eps * root)
end

local Adamax <const> = Optimizer:extend("Adamax",
  "lr = 0.001, betas = {0.9, 0.999}, eps = 1e-7")
rules.Adamax = Adamax

function Adamax:update(batch, group)  -- luacheck: ignore self
  local beta1 <const>, step <const> = group.betas[1], batch:count()
  kernel.keras_adamax(batch.params, batch.grads, batch:tensors "exp_avg", batch:tensors "exp_inf",
    group.lr / (1 - beta1 ^ step), 1 - beta1, group.betas[2], group.eps)
end

-- ---- FTRL ---------------------------------------------------------------------------------------

local Ftrl <const> = Optimizer:extend("Ftrl", "lr = 0.001, learning_rate_power = -0.5, "
  .. "initial_accumulator_value = 0.1, l1 = 0, l2 = 0, shrinkage = 0, beta = 0")
rules.Ftrl = Ftrl

-- McMahan et al., "Ad click prediction: a view from the trenches" (2013)
local function ftrl(p, g, accum, linear, group)
  local lr <const>, power <const> = group.lr, -group.learning_rate_power
  local after <const> = accum + g:square()
  local slope <const> = (after:pow(power) - accum:pow(power)) / lr
  linear:add_(g + p * (2 * group.shrinkage) - slope * p)
  local quadratic <const> = after:pow(power) / lr + 2 * (group.l2 + group.beta / (2 * lr))
  p:copy_((linear:clamp(-group.l1, group.l1) - linear) / quadratic)
  accum:copy_(after)
end

function Ftrl:update(batch, group)  -- luacheck: ignore self
  local accums <const> = batch:tensors("accumulator", group.initial_accumulator_value)
  local linears <const> = batch:tensors "linear"
  for k, p in ipairs(batch.params) do ftrl(p, batch.grads[k], accums[k], linears[k], group) end
end

-- ---- as in tocha.optim --------------------------------------------------------------------------

rules.Adadelta, rules.Adagrad, rules.Nadam = optim.Adadelta, optim.Adagrad, optim.NAdam
rules.Lion, rules.Lamb = optim.Lion, optim.LAMB

return rules
