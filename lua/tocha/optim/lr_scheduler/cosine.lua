-- Cosine annealing, with and without warm restarts.

local LRScheduler = require "tocha.optim.lr_scheduler.scheduler"

local cos <const>, pi <const> = math.cos, math.pi

--- lr_scheduler.CosineAnnealingLR(optimiser, T_max, {eta_min = 0}): half a cosine from the base
--- rate to eta_min in T_max steps (and back in the next T_max). Loshchilov and Hutter, "SGDR:
--- Stochastic Gradient Descent with Warm Restarts" (2016), without the restarts.
local CosineAnnealingLR <const> = LRScheduler:extend("CosineAnnealingLR", "T_max, eta_min = 0")

function CosineAnnealingLR:prepare()
  self:need("T_max", 1, math.huge)
  self:need("eta_min", -math.huge, math.huge)
end

-- Resumed at last_epoch, at the turn of a period, or from the rate of the step before.
function CosineAnnealingLR:next(lr, base)
  local t <const>, period <const>, low <const> = self.last_epoch, self.T_max, self.eta_min
  if self.is_initial then return lr end
  if self._step_count == 1 and t > 0 then return self:closed(base) end
  if (t - 1 - period) % (2 * period) == 0 then
    return lr + (base - low) * (1 - cos(pi / period)) / 2
  end
  return (1 + cos(pi * t / period)) / (1 + cos(pi * (t - 1) / period)) * (lr - low) + low
end

function CosineAnnealingLR:closed(base)
  return self.eta_min
    + (base - self.eta_min) * (1 + cos(pi * self.last_epoch / self.T_max)) / 2
end

--- lr_scheduler.CosineAnnealingWarmRestarts(optimiser, T_0, {T_mult = 1, eta_min = 0}): the same,
--- starting anew after T_0 steps, then after T_0 * T_mult, and so on. step(epoch) takes fractions,
--- for a step after each batch: epoch + batch / batches.
local WarmRestarts <const> = LRScheduler:extend("CosineAnnealingWarmRestarts",
  "T_0, T_mult = 1, eta_min = 0")

function WarmRestarts:prepare()
  self:need_integer("T_0", 1)
  self:need_integer("T_mult", 1)
  self:need("eta_min", -math.huge, math.huge)
  self.T_i, self.T_cur = self.T_0, self.last_epoch
end

function WarmRestarts:next(_, base)
  return self.eta_min + (base - self.eta_min) * (1 + cos(pi * self.T_cur / self.T_i)) / 2
end

local function one_on(self)
  self.T_cur = self.T_cur + 1
  if self.T_cur < self.T_i then return end
  self.T_cur = self.T_cur % self.T_i
  self.T_i = self.T_i * self.T_mult
end

local function go_to(self, epoch)
  if type(epoch) ~= "number" or epoch ~= epoch or epoch < 0 then
    self:fail("epoch must be a number from 0, got %s", tostring(epoch))
  end
  if epoch < self.T_0 then
    self.T_i, self.T_cur = self.T_0, epoch
  elseif self.T_mult == 1 then
    self.T_cur = epoch % self.T_0
  else
    local ratio <const> = epoch / self.T_0 * (self.T_mult - 1) + 1
    local n <const> = math.log(ratio) / math.log(self.T_mult) // 1
    self.T_cur = epoch - self.T_0 * (self.T_mult ^ n - 1) / (self.T_mult - 1)
    self.T_i = self.T_0 * self.T_mult ^ n
  end
end

function WarmRestarts:step(epoch)
  self._step_count = self._step_count + 1
  if not epoch and self.last_epoch < 0 then epoch = 0 end
  if epoch then go_to(self, epoch) else one_on(self) end
  self.last_epoch = epoch and math.floor(epoch) or self.last_epoch + 1
  self:set_lrs(self:get_lr())
end

return { CosineAnnealingLR = CosineAnnealingLR, CosineAnnealingWarmRestarts = WarmRestarts }
