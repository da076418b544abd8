-- Adam (with AMSGrad) and AdamW, which takes its weight decay off the parameter and not through the
-- gradient.

local core = require "tocha.core"
local Optimizer = require "tocha.optim.optimizer"

local ARGS <const> = "lr = 0.001, betas = {0.9, 0.999}, eps = 1e-8, weight_decay = %s, "
  .. "amsgrad = false, maximize = false%s"

local Adam <const> = Optimizer:extend("Adam", ARGS:format("0", ", decoupled_weight_decay = false"))
local AdamW <const> = Adam:extend("AdamW", ARGS:format("0.01", ""))

local adam <const> = core.kernel.adam
local nothing <const>, zeros <const> = Optimizer.nothing, Optimizer.zeros

function Adam:check(group)
  Optimizer.check(self, group)
  self:need(group, "eps", 0)
  for k = 1, 2 do self:need(group.betas, k, 0, 1) end
end

function Adam:update(p, g, group, state)
  local beta1 <const>, beta2 <const> = group.betas[1], group.betas[2]
  local step <const> = (state.step or 0) + 1
  state.step = step
  local largest <const> = group.amsgrad and zeros(state, "max_exp_avg_sq", p) or nothing(p)
  adam(p, zeros(state, "exp_avg", p), zeros(state, "exp_avg_sq", p), largest, g, group.lr, beta1,
    beta2, group.eps, group.weight_decay, 1 - beta1 ^ step, math.sqrt(1 - beta2 ^ step),
    self.decoupled or group.decoupled_weight_decay or false, group.maximize)
end

AdamW.decoupled = true

return { Adam = Adam, AdamW = AdamW }
