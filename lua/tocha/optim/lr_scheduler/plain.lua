-- Schedules by steps, factors and powers, and those that a function gives.

local LRScheduler = require "tocha.optim.lr_scheduler.scheduler"

local BIG <const> = math.huge

-- ---- steps --------------------------------------------------------------------------------------

--- lr_scheduler.StepLR(optimiser, step_size, {gamma = 0.1}): times gamma every step_size steps.
local StepLR <const> = LRScheduler:extend("StepLR", "step_size, gamma = 0.1")

function StepLR:prepare()
  self:need_integer("step_size", 1)
  self:need("gamma", -BIG, BIG)
end

function StepLR:next(lr)
  if self.last_epoch == 0 or self.last_epoch % self.step_size ~= 0 then return lr end
  return lr * self.gamma
end

function StepLR:closed(base) return base * self.gamma ^ (self.last_epoch // self.step_size) end

--- lr_scheduler.MultiStepLR(optimiser, {30, 80}, {gamma = 0.1}): times gamma at each of these
--- steps.
local MultiStepLR <const> = LRScheduler:extend("MultiStepLR", "milestones, gamma = 0.1")

function MultiStepLR:prepare()
  if type(self.milestones) ~= "table" then self:fail "milestones must be a list of integers" end
  for _, step in ipairs(self.milestones) do
    if math.type(step) ~= "integer" then self:fail "milestones must be a list of integers" end
  end
  self:need("gamma", -BIG, BIG)
end

-- How many milestones satisfy `wanted`.
local function count(self, wanted)
  local n = 0
  for _, step in ipairs(self.milestones) do
    if wanted(step) then n = n + 1 end
  end
  return n
end

function MultiStepLR:next(lr)
  local here <const> = count(self, function(step) return step == self.last_epoch end)
  return here > 0 and lr * self.gamma ^ here or lr
end

function MultiStepLR:closed(base)
  return base * self.gamma ^ count(self, function(step) return step <= self.last_epoch end)
end

-- ---- factors ------------------------------------------------------------------------------------

--- lr_scheduler.ConstantLR(optimiser, {factor = 1/3, total_iters = 5}): times factor for the first
--- total_iters steps.
local ConstantLR <const> = LRScheduler:extend("ConstantLR", "factor = 1 / 3, total_iters = 5")

function ConstantLR:prepare()
  self:need("factor", 0, 1)
  self:need_integer("total_iters", 0)
end

function ConstantLR:next(lr)
  if self.last_epoch == 0 then return lr * self.factor end
  return self.last_epoch == self.total_iters and lr * (1 / self.factor) or lr
end

function ConstantLR:closed(base)
  return base * (self.last_epoch >= self.total_iters and 1 or self.factor)
end

--- lr_scheduler.LinearLR(optimiser, {start_factor = 1/3, end_factor = 1, total_iters = 5}): in a
--- straight line from one factor to the other.
local LinearLR <const> = LRScheduler:extend("LinearLR",
  "start_factor = 1 / 3, end_factor = 1.0, total_iters = 5")

function LinearLR:prepare()
  self:need("start_factor", 2 ^ -1074, 1)
  self:need("end_factor", 0, 1)
  self:need_integer("total_iters", 0)
end

function LinearLR:next(lr)
  if self.last_epoch == 0 then return lr * self.start_factor end
  if self.is_initial or self.last_epoch > self.total_iters then return lr end
  local rise <const> = self.end_factor - self.start_factor
  return lr * (1 + rise / (self.total_iters * self.start_factor + (self.last_epoch - 1) * rise))
end

function LinearLR:closed(base)
  local rise <const> = self.end_factor - self.start_factor
  return base
    * (self.start_factor + rise * math.min(self.total_iters, self.last_epoch) / self.total_iters)
end

--- lr_scheduler.ExponentialLR(optimiser, gamma): times gamma at every step.
local ExponentialLR <const> = LRScheduler:extend("ExponentialLR", "gamma")

function ExponentialLR:prepare() self:need("gamma", -BIG, BIG) end
function ExponentialLR:next(lr) return self.is_initial and lr or lr * self.gamma end
function ExponentialLR:closed(base) return base * self.gamma ^ self.last_epoch end

--- lr_scheduler.PolynomialLR(optimiser, {total_iters = 5, power = 1}): to zero in total_iters
--- steps, as (1 - step / total_iters) ^ power.
local PolynomialLR <const> = LRScheduler:extend("PolynomialLR", "total_iters = 5, power = 1.0")

function PolynomialLR:prepare()
  self:need_integer("total_iters", 1)
  self:need("power", -BIG, BIG)
end

function PolynomialLR:next(lr)
  if self.is_initial or self.last_epoch > self.total_iters then return lr end
  local left <const>, before <const> = 1 - self.last_epoch / self.total_iters,
    1 - (self.last_epoch - 1) / self.total_iters
  return lr * (left / before) ^ self.power
end

function PolynomialLR:closed(base)
  return base * (1 - math.min(self.total_iters, self.last_epoch) / self.total_iters) ^ self.power
end

-- ---- functions ----------------------------------------------------------------------------------

-- One function, or one for each group.
local function prepare_lambdas(self)
  self.lr_lambdas = self:for_groups "lr_lambda"
  for _, f in ipairs(self.lr_lambdas) do
    if type(f) ~= "function" then self:fail("lr_lambda must be a function, got %s", type(f)) end
  end
end

-- What the function of group g says.
local function factor(self, g)
  local value <const> = self.lr_lambdas[g](self.last_epoch)
  if type(value) ~= "number" then self:fail("lr_lambda returned %s, not a number", type(value)) end
  return value
end

--- lr_scheduler.LambdaLR(optimiser, f): the base rate times f(step), step counted from 0; f may be
--- a list with a function for each group.
local LambdaLR <const> = LRScheduler:extend("LambdaLR", "lr_lambda")

LambdaLR.prepare = prepare_lambdas
function LambdaLR:next(_, base, _, g) return base * factor(self, g) end

--- lr_scheduler.MultiplicativeLR(optimiser, f): the rate of the step before times f(step).
local MultiplicativeLR <const> = LRScheduler:extend("MultiplicativeLR", "lr_lambda")

MultiplicativeLR.prepare = prepare_lambdas
function MultiplicativeLR:next(lr, _, _, g)
  return self.is_initial and lr or lr * factor(self, g)
end

return {
  StepLR = StepLR, MultiStepLR = MultiStepLR, ConstantLR = ConstantLR, LinearLR = LinearLR,
  ExponentialLR = ExponentialLR, PolynomialLR = PolynomialLR, LambdaLR = LambdaLR,
  MultiplicativeLR = MultiplicativeLR,
}
