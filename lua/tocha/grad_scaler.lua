-- Scaling of the loss for float16: small gradients, which float16 has not, are multiplied into its
-- range and divided again before the optimiser's step. The factor follows what the gradients allow.
--
-- Micikevicius et al., "Mixed Precision Training" (2018). PyTorch's rules and names.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local Object = require "tocha.class"
local registry = require "tocha.op"
local signature = require "tocha.signature"

local ops <const>, kernel <const> = registry.ops, core.kernel

local GradScaler <const> = Object:extend "GradScaler"

local ARGS <const> = "device = 'cuda', init_scale = 65536.0, growth_factor = 2.0, "
  .. "backoff_factor = 0.5, growth_interval = 2000, enabled = true"

--- tocha.GradScaler("cuda", {init_scale = 65536, growth_factor = 2, backoff_factor = 0.5,
--- growth_interval = 2000, enabled = true}):
---
---     scaler:scale(loss):backward()
---     scaler:step(optimizer)   -- leaves the step out where a gradient is infinite or NaN
---     scaler:update()          -- halves the factor then; doubles it after 2000 good steps
function GradScaler:new(...)
  signature.read(ARGS, "GradScaler", self, ...)
  self.factor, self.good_steps = self.init_scale, 0
  self.seen = {}  -- optimiser -> was a gradient not finite?, since the last update
end

--- scaler:is_enabled(), scaler:get_scale(): the factor (1 where it is off).
function GradScaler:is_enabled() return self.enabled end
function GradScaler:get_scale() return self.enabled and self.factor or 1.0 end

--- scaler:scale(loss): times the factor; a list of tensors gives a list.
function GradScaler:scale(value)
  if not self.enabled then return value end
  if core.is_tensor(value) then return ops.mul(value, self.factor) end
  local list <const> = {}
  for k, x in ipairs(value) do list[k] = self:scale(x) end
  return list
end

local function gradients(optimizer)
  local list <const> = {}
  for _, group in ipairs(optimizer.param_groups) do
    for _, p in ipairs(group.params) do
      if p.grad then list[#list + 1] = p.grad end
    end
  end
  return list
end

-- One pass over all: the largest absolute value of each, in float64.
local function all_finite(list)
  if #list == 0 then return true end
  local most <const> = core.empty({ #list }, "float64", list[1])
  kernel.foreach_norm(most, list, math.huge)
  return ops.isfinite(most):all():item()
end

--- scaler:unscale_(optimizer): its gradients over the factor, for what looks at them before the
--- step (clipping). At most once a step; scaler:step does it where it was not done.
function GradScaler:unscale_(optimizer)
  if not self.enabled then return end
  if self.seen[optimizer] ~= nil then
    core.fail("unscale_", nil,
      "the gradients of this optimiser are unscaled already; call update() after step()")
  end
  local _ <close> = autograd.no_grad()
  local list <const> = gradients(optimizer)
  self.seen[optimizer] = not all_finite(list)
  if #list > 0 then kernel.foreach_mul(list, 1 / self.factor) end
end

--- scaler:step(optimizer, ...): the optimiser's step, left out where a gradient is not finite.
--- Returns what the optimiser returns, nil where it was left out.
function GradScaler:step(optimizer, ...)
  if not self.enabled then return optimizer:step(...) end
  if self.seen[optimizer] == nil then self:unscale_(optimizer) end
  if not self.seen[optimizer] then return optimizer:step(...) end
end

local function next_factor(self, bad)
  if bad then return self.factor * self.backoff_factor, 0 end
  if self.good_steps + 1 < self.growth_interval then return self.factor, self.good_steps + 1 end
  return self.factor * self.growth_factor, 0
end

--- scaler:update(new_scale): after the steps of all optimisers: the factor for the next ones.
function GradScaler:update(new_scale)
  if not self.enabled then return end
  local bad, any = false, false
  for _, found in pairs(self.seen) do bad, any = bad or found, true end
  if new_scale then self.factor = new_scale
  elseif any then self.factor, self.good_steps = next_factor(self, bad)
  else core.fail("update", nil, "no step of an optimiser came before") end
  self.seen = {}
end

-- PyTorch's names in a saved state -> ours.
local STATE <const> = { scale = "factor", growth_factor = "growth_factor",
  backoff_factor = "backoff_factor", growth_interval = "growth_interval",
  _growth_tracker = "good_steps" }

--- scaler:state_dict(), scaler:load_state_dict(state): by PyTorch's names.
function GradScaler:state_dict()
  local state <const> = {}
  for name, field in pairs(STATE) do state[name] = self.enabled and self[field] or nil end
  return state
end

function GradScaler:load_state_dict(state)
  for name, field in pairs(self.enabled and STATE or {}) do
    if type(state[name]) ~= "number" then
      core.fail("load_state_dict", 1, "the state has no number '%s'", name)
    end
    self[field] = state[name]
  end
end

return GradScaler
