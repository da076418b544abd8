-- ReduceLROnPlateau: a lower rate when a measure no longer gets better.

local core = require "tocha.core"
local LRScheduler = require "tocha.optim.lr_scheduler.scheduler"

--- lr_scheduler.ReduceLROnPlateau(optimiser, {mode = "min", factor = 0.1, patience = 10, threshold
--- = 1e-4, threshold_mode = "rel", cooldown = 0, min_lr = 0, eps = 1e-8}): times factor when the
--- measure given to step(measure) was not better for more than `patience` steps in a row. mode
--- "max" is for measures that grow; min_lr may be a list with one for each group; changes below eps
--- are not made.
local Plateau <const> = LRScheduler:extend("ReduceLROnPlateau",
  "mode = 'min', factor = 0.1, patience = 10, threshold = 1e-4, threshold_mode = 'rel', "
  .. "cooldown = 0, min_lr = 0, eps = 1e-8")

function Plateau:prepare()
  self:one_of("mode", { "min", "max" })
  self:one_of("threshold_mode", { "rel", "abs" })
  self:need("factor", -math.huge, math.huge)
  if self.factor >= 1 then self:fail("factor must be below 1, got %g", self.factor) end
  self:need_integer("patience", 0)
  self:need_integer("cooldown", 0)
  self.min_lrs = self:for_groups "min_lr"
end

function Plateau:find_base_lrs() end

local function remember_rates(self)
  self._last_lr = {}
  for g, group in ipairs(self.optimizer.param_groups) do self._last_lr[g] = group.lr end
end

function Plateau:start()
  self.last_epoch, self.best = 0, self.mode == "min" and math.huge or -math.huge
  self.cooldown_counter, self.num_bad_epochs = 0, 0
  remember_rates(self)
end

local function is_better(self, value)
  local sign <const> = self.mode == "min" and -1 or 1
  local edge <const> = self.threshold_mode == "abs" and self.best + sign * self.threshold
    or self.best * (1 + sign * self.threshold)
  return sign * (value - edge) > 0
end

local function reduce(self)
  for g, group in ipairs(self.optimizer.param_groups) do
    local low <const> = self.min_lrs[g] or self.min_lr
    local lr <const> = math.max(group.lr * self.factor, low)
    if group.lr - lr > self.eps then group.lr = lr end
  end
end

--- schedule:step(measure): a number or a tensor of one element.
function Plateau:step(measure)
  local value <const> = core.is_tensor(measure) and measure:item() or measure
  if type(value) ~= "number" then
    self:fail("step(measure) expects a number, got %s", type(measure))
  end
  self.last_epoch = self.last_epoch + 1
  local better <const> = is_better(self, value)
  if better then self.best = value end
  self.num_bad_epochs = better and 0 or self.num_bad_epochs + 1
  if self.cooldown_counter > 0 then
    self.cooldown_counter = self.cooldown_counter - 1
    self.num_bad_epochs = 0
  end
  if self.num_bad_epochs > self.patience then
    reduce(self)
    self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
  end
  remember_rates(self)
end

return { ReduceLROnPlateau = Plateau }
