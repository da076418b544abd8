-- Lion and LAMB: steps of a size that does not follow the gradient's.

local core = require "tocha.core"
local Optimizer = require "tocha.optim.optimizer"

local kernel <const>, scale <const> = core.kernel, Optimizer.scale

local function check(self, group)
  Optimizer.check(self, group)
  self:need_pair(group, "betas", 0, 1)
end

-- ---- Lion ---------------------------------------------------------------------------------------

--- optim.Lion(params, {lr = 1e-4, betas = {0.9, 0.99}, weight_decay = 0, maximize = false}): the
--- sign of a momentum, so that every number moves by lr; one state where Adam has two. The decay
--- is taken off the parameter. It wants rates three to ten times below Adam's and as many times its
--- decay. Chen et al., "Symbolic Discovery of Optimization Algorithms" (2023), algorithm 2.
local Lion <const> = Optimizer:extend("Lion",
  "lr = 1e-4, betas = {0.9, 0.99}, weight_decay = 0, maximize = false")

Lion.check = check

function Lion:update(batch, group)  -- luacheck: ignore self
  local beta1 <const>, beta2 <const> = group.betas[1], group.betas[2]
  kernel.lion(batch.params, batch.grads, batch:tensors "exp_avg", scale(group),
    1 - group.lr * group.weight_decay, group.lr, beta1, 1 - beta1, beta2, 1 - beta2)
end

-- ---- LAMB ---------------------------------------------------------------------------------------

--- optim.LAMB(params, {lr = 0.001, betas = {0.9, 0.999}, eps = 1e-6, weight_decay = 0.01,
--- bias_correction = true, maximize = false}): Adam's step of each tensor brought to the tensor's
--- own norm, for batches of thousands. Where either norm is 0 the step stays as it is. You et al.,
--- "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes" (2019), algorithm 2.
local LAMB <const> = Optimizer:extend("LAMB", "lr = 0.001, betas = {0.9, 0.999}, eps = 1e-6, "
  .. "weight_decay = 0.01, bias_correction = true, maximize = false")

function LAMB:check(group)
  check(self, group)
  self:need(group, "eps", 0)
end

local function norms(list)
  local y <const> = core.empty({ #list }, "float64", list[1])
  kernel.foreach_norm(y, list, 2)
  return y:tolist()
end

function LAMB:update(batch, group)  -- luacheck: ignore self
  local beta1 <const>, beta2 <const>, step <const> = group.betas[1], group.betas[2], batch:count()
  local first, root = 1, 1
  if group.bias_correction then
    first, root = 1 / (1 - beta1 ^ step), (1 - beta2 ^ step) ^ -0.5
  end
  local steps <const> = {}
  for k, p in ipairs(batch.params) do steps[k] = core.empty(p) end
  kernel.lamb(batch.params, batch.grads, batch:tensors "exp_avg", batch:tensors "exp_avg_sq", steps,
    scale(group), group.weight_decay, first, beta1, 1 - beta1, beta2, 1 - beta2, root, group.eps)
  local of_p <const>, of_step <const> = norms(batch.params), norms(steps)
  for k, p in ipairs(batch.params) do
    local trust <const> = of_p[k] > 0 and of_step[k] > 0 and of_p[k] / of_step[k] or 1
    p:add_(steps[k], -group.lr * trust)
  end
end

return { Lion = Lion, LAMB = LAMB }
