-- Linear warm-up, and what comes after it: a constant, a line, a cosine, an inverse square root.
--
-- Each is the base rate times a factor of the step, counted from 0. The formulas are those of
-- Hugging Face's get_..._schedule_with_warmup; step once a batch.

local LRScheduler = require "tocha.optim.lr_scheduler.scheduler"

local function prepare(self)
  self:need_integer("warmup_steps", 0)
  if self.total_steps then self:need_integer("total_steps", 1) end
end

-- The factor during the warm-up, or nil after it.
local function rise(self, step)
  if step < self.warmup_steps then return step / math.max(1, self.warmup_steps) end
end

-- How much of the way after the warm-up is behind, from 0 to 1.
local function progress(self, step)
  local way <const> = math.max(1, self.total_steps - self.warmup_steps)
  return math.min(1, (step - self.warmup_steps) / way)
end

local function schedule(name, args, factor)
  local class <const> = LRScheduler:extend(name, args)
  class.prepare = prepare
  function class:closed(base)
    return base * (rise(self, self.last_epoch) or factor(self, self.last_epoch))
  end
  function class:next(_, base) return self:closed(base) end
  return class
end

--- lr_scheduler.WarmupLR(optimiser, warmup_steps): from zero to the base rate, which then stays.
local WarmupLR <const> = schedule("WarmupLR", "warmup_steps", function() return 1 end)

--- lr_scheduler.WarmupLinearLR(optimiser, warmup_steps, total_steps): and back to zero in a line.
local WarmupLinearLR <const> = schedule("WarmupLinearLR", "warmup_steps, total_steps",
  function(self, step) return 1 - progress(self, step) end)

--- lr_scheduler.WarmupCosineLR(optimiser, warmup_steps, total_steps, {num_cycles = 0.5, min_factor
--- = 0}): then along a cosine; half a cycle goes down once, to min_factor of the base rate.
local WarmupCosineLR <const> = schedule("WarmupCosineLR",
  "warmup_steps, total_steps, num_cycles = 0.5, min_factor = 0", function(self, step)
    local wave <const> = math.cos(math.pi * self.num_cycles * 2 * progress(self, step))
    return self.min_factor + (1 - self.min_factor) * math.max(0, 0.5 * (1 + wave))
  end)

function WarmupCosineLR:prepare()
  prepare(self)
  self:need("num_cycles", 0, math.huge)
  self:need("min_factor", 0, 1)
end

--- lr_scheduler.InverseSqrtLR(optimiser, warmup_steps, {timescale = warmup_steps or 10000}): then
--- as one over the square root of the step, the schedule of Vaswani et al., "Attention Is All You
--- Need" (2017). The peak is the base rate.
local InverseSqrtLR <const> = schedule("InverseSqrtLR", "warmup_steps, timescale = nil",
  function(self, step)
    local scale <const> = self.timescale
    return ((step + scale - self.warmup_steps) / scale) ^ -0.5
  end)

function InverseSqrtLR:prepare()
  prepare(self)
  self.timescale = self.timescale or (self.warmup_steps > 0 and self.warmup_steps or 10000)
  self:need("timescale", 1, math.huge)
end

return {
  WarmupLR = WarmupLR, WarmupLinearLR = WarmupLinearLR, WarmupCosineLR = WarmupCosineLR,
  InverseSqrtLR = InverseSqrtLR,
}
