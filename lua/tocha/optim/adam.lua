-- Adam and its kin: AdamW, AMSGrad, Adamax, NAdam, RAdam.

local core = require "tocha.core"
local Optimizer = require "tocha.optim.optimizer"

local kernel <const>, scale <const> = core.kernel, Optimizer.scale

-- What they share: betas, eps, two running averages.
local Moments <const> = Optimizer:extend "Moments"

function Moments:check(group)
  Optimizer.check(self, group)
  self:need_pair(group, "betas", 0, 1)
  self:need(group, "eps", 0)
end

-- Decay through the gradient, and what decay besides it leaves of a parameter.
function Moments:decay(group)
  if self.decoupled or group.decoupled_weight_decay then
    return 0, 1 - group.lr * group.weight_decay
  end
  return group.weight_decay, 1
end

-- ---- Adam, AdamW, AMSGrad -----------------------------------------------------------------------

local ARGS <const> = "lr = 0.001, betas = {0.9, 0.999}, eps = 1e-8, weight_decay = %s, "
  .. "amsgrad = %s, maximize = false%s"

--- optim.Adam(params, {lr = 0.001, betas = {0.9, 0.999}, eps = 1e-8, weight_decay = 0, amsgrad =
--- false, maximize = false, decoupled_weight_decay = false}): Kingma and Ba, "Adam: A Method for
--- Stochastic Optimization" (2014). Options by place come in this order.
local Adam <const> = Moments:extend("Adam",
  ARGS:format("0", "false", ", decoupled_weight_decay = false"))

--- optim.AdamW: Adam with weight_decay = 0.01, taken off the parameter and not through the
--- gradient. Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2017).
local AdamW <const> = Adam:extend("AdamW", ARGS:format("0.01", "false", ""))
AdamW.decoupled = true

--- optim.AMSGrad: Adam with amsgrad = true, which divides by the largest second moment so far.
--- Reddi et al., "On the Convergence of Adam and Beyond" (2018).
local AMSGrad <const> = Adam:extend("AMSGrad",
  ARGS:format("0", "true", ", decoupled_weight_decay = false"))

Adam.in_passing, AdamW.in_passing, AMSGrad.in_passing = true, true, true

function Adam:update(batch, group)
  local beta1 <const>, beta2 <const> = group.betas[1], group.betas[2]
  local step <const> = batch:count()
  local decay <const>, shrink <const> = self:decay(group)
  local p <const>, g <const> = batch.params, batch.grads
  local m <const>, v <const> = batch:tensors "exp_avg", batch:tensors "exp_avg_sq"
  local rate <const>, root <const> = group.lr / (1 - beta1 ^ step), (1 - beta2 ^ step) ^ -0.5
  if group.amsgrad then
    return kernel.amsgrad(p, g, m, v, batch:tensors "max_exp_avg_sq", scale(group), decay, shrink,
      rate, 1 - beta1, beta2, 1 - beta2, root, group.eps)
  end
  kernel.adam(p, g, m, v, scale(group), decay, shrink, rate, 1 - beta1, beta2, 1 - beta2, root,
    group.eps)
end

-- ---- Adamax -------------------------------------------------------------------------------------

--- optim.Adamax(params, {lr = 0.002, betas = {0.9, 0.999}, eps = 1e-8, weight_decay = 0, maximize =
--- false}): Adam with the largest gradient in place of the mean square; the same paper.
local Adamax <const> = Moments:extend("Adamax",
  "lr = 0.002, betas = {0.9, 0.999}, eps = 1e-8, weight_decay = 0, maximize = false")

function Adamax:update(batch, group)  -- luacheck: ignore self
  local beta1 <const>, beta2 <const> = group.betas[1], group.betas[2]
  local step <const> = batch:count()
  kernel.adamax(batch.params, batch.grads, batch:tensors "exp_avg", batch:tensors "exp_inf",
    scale(group), group.weight_decay, group.lr / (1 - beta1 ^ step), 1 - beta1, beta2, group.eps)
end

-- ---- NAdam --------------------------------------------------------------------------------------

--- optim.NAdam(params, {lr = 0.002, betas = {0.9, 0.999}, eps = 1e-8, weight_decay = 0,
--- momentum_decay = 0.004, decoupled_weight_decay = false, maximize = false}): Adam with Nesterov's
--- momentum. Dozat, "Incorporating Nesterov Momentum into Adam" (2016).
local NAdam <const> = Moments:extend("NAdam",
  "lr = 0.002, betas = {0.9, 0.999}, eps = 1e-8, weight_decay = 0, momentum_decay = 0.004, "
  .. "decoupled_weight_decay = false, maximize = false")

function NAdam:check(group)
  Moments.check(self, group)
  self:need(group, "momentum_decay", 0)
end

function NAdam:stage(state)  -- luacheck: ignore self
  return ("%d %.17g"):format(state.step or 0, state.mu_product or 1)
end

-- Momentum of a step: it warms up.
local function mu_of(group, step)
  return group.betas[1] * (1 - 0.5 * 0.96 ^ (step * group.momentum_decay))
end

function NAdam:update(batch, group)
  local beta1 <const>, beta2 <const> = group.betas[1], group.betas[2]
  local before <const>, step <const> = batch.states[1].mu_product or 1, batch:count()
  local mu <const>, next_mu <const> = mu_of(group, step), mu_of(group, step + 1)
  local product <const> = batch:set("mu_product", before * mu)
  local decay <const>, shrink <const> = self:decay(group)
  kernel.nadam(batch.params, batch.grads, batch:tensors "exp_avg", batch:tensors "exp_avg_sq",
    scale(group), decay, shrink, group.lr * (1 - mu) / (1 - product),
    group.lr * next_mu / (1 - product * next_mu), 1 - beta1, beta2, 1 - beta2, 1 - beta2 ^ step,
    group.eps)
end

-- ---- RAdam --------------------------------------------------------------------------------------

--- optim.RAdam(params, {lr = 0.001, betas = {0.9, 0.999}, eps = 1e-8, weight_decay = 0,
--- decoupled_weight_decay = false, maximize = false}): Adam whose first steps are plain momentum,
--- until the second moment can be trusted. Liu et al., "On the Variance of the Adaptive Learning
--- Rate and Beyond" (2019).
local RAdam <const> = Moments:extend("RAdam",
  "lr = 0.001, betas = {0.9, 0.999}, eps = 1e-8, weight_decay = 0, "
  .. "decoupled_weight_decay = false, maximize = false")

-- By how much the step is rectified; nil while the variance is not tractable.
local function rectification(beta2, step)
  local most <const> = 2 / (1 - beta2) - 1
  local length <const> = most - 2 * step * beta2 ^ step / (1 - beta2 ^ step)
  if length <= 5 then return nil end
  return ((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length)) ^ 0.5
end

function RAdam:update(batch, group)
  local beta1 <const>, beta2 <const> = group.betas[1], group.betas[2]
  local step <const> = batch:count()
  local decay <const>, shrink <const> = self:decay(group)
  local p <const>, g <const> = batch.params, batch.grads
  local m <const>, v <const> = batch:tensors "exp_avg", batch:tensors "exp_avg_sq"
  local rate <const>, rect <const> = group.lr / (1 - beta1 ^ step), rectification(beta2, step)
  if not rect then
    return kernel.radam_early(p, g, m, v, scale(group), decay, shrink, rate, 1 - beta1, beta2,
      1 - beta2)
  end
  kernel.radam(p, g, m, v, scale(group), decay, shrink, rate * rect * (1 - beta2 ^ step) ^ 0.5,
    1 - beta1, beta2, 1 - beta2, group.eps)
end

return {
  Adam = Adam, AdamW = AdamW, AMSGrad = AMSGrad, Adamax = Adamax, NAdam = NAdam, RAdam = RAdam,
}
