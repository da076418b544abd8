-- Schedules that move the momentum against the rate: CyclicLR and OneCycleLR.

local LRScheduler = require "tocha.optim.lr_scheduler.scheduler"

-- ---- momentum -----------------------------------------------------------------------------------

-- Of SGD and RMSprop the momentum, of Adam and its kin beta1.
local function set_momentum(self, group, value)
  if self.use_beta1 then group.betas = { value, group.betas[2] }
  else group.momentum = value end
end

local function prepare_momentum(self)
  if not self.cycle_momentum then return end
  local defaults <const> = self.optimizer.defaults
  self.use_beta1 = defaults.betas ~= nil
  if not (defaults.betas or defaults.momentum) then
    self:fail "the optimiser has neither momentum nor betas: set cycle_momentum = false"
  end
  self.base_momentums = self:for_groups "base_momentum"
  self.max_momentums = self:for_groups "max_momentum"
  if self.last_epoch ~= -1 then return end
  for g, group in ipairs(self.optimizer.param_groups) do
    set_momentum(self, group, self.max_momentums[g])
    group.max_momentum, group.base_momentum = self.max_momentums[g], self.base_momentums[g]
  end
end

-- ---- CyclicLR -----------------------------------------------------------------------------------

--- lr_scheduler.CyclicLR(optimiser, base_lr, max_lr, {step_size_up = 2000, step_size_down =
--- step_size_up, mode = "triangular", gamma = 1, scale_fn = nil, scale_mode = "cycle",
--- cycle_momentum = true, base_momentum = 0.8, max_momentum = 0.9}): up and down between two rates,
--- in step_size_up and step_size_down steps. mode "triangular2" halves the height each cycle,
--- "exp_range" multiplies it by gamma each step; scale_fn(cycle or step, by scale_mode) is one's
--- own. Smith, "Cyclical Learning Rates for Training Neural Networks" (2015).
local CyclicLR <const> = LRScheduler:extend("CyclicLR", "base_lr, max_lr, step_size_up = 2000, "
  .. "step_size_down = nil, mode = 'triangular', gamma = 1.0, scale_fn = nil, "
  .. "scale_mode = 'cycle', cycle_momentum = true, base_momentum = 0.8, max_momentum = 0.9")

local SCALE <const> = {
  triangular = function() return 1 end,
  triangular2 = function(_, cycle) return 2 ^ (1 - cycle) end,
  exp_range = function(self) return self.gamma ^ self.last_epoch end,
}

function CyclicLR:prepare()
  self.step_size_down = self.step_size_down or self.step_size_up
  self:need("step_size_up", 1, math.huge)
  self:need("step_size_down", 1, math.huge)
  self:need("gamma", -math.huge, math.huge)
  self:one_of("scale_mode", { "cycle", "iterations" })
  if not self.scale_fn then
    self:one_of("mode", { "triangular", "triangular2", "exp_range" })
  elseif type(self.scale_fn) ~= "function" then
    self:fail("scale_fn must be a function, got %s", type(self.scale_fn))
  end
  self.min_lrs, self.max_lrs = self:for_groups "base_lr", self:for_groups "max_lr"
  if self.last_epoch == -1 then
    for g, group in ipairs(self.optimizer.param_groups) do group.lr = self.min_lrs[g] end
  end
  prepare_momentum(self)
end

-- How far up the triangle the step is, from 0 to 1, and the number of the cycle, from 1.
local function height(self)
  local total <const> = self.step_size_up + self.step_size_down
  local top <const> = self.step_size_up / total
  local cycle <const> = math.floor(1 + self.last_epoch / total)
  local x <const> = 1 + self.last_epoch / total - cycle
  return x <= top and x / top or (x - 1) / (top - 1), cycle
end

local function scale(self, cycle)
  if not self.scale_fn then return SCALE[self.mode](self, cycle) end
  return self.scale_fn(self.scale_mode == "cycle" and cycle or self.last_epoch)
end

function CyclicLR:next(_, _, group, g)
  local up <const>, cycle <const> = height(self)
  local factor <const> = up * scale(self, cycle)
  if self.cycle_momentum then
    local most <const>, least <const> = self.max_momentums[g], self.base_momentums[g]
    set_momentum(self, group, most - (most - least) * factor)
  end
  return self.min_lrs[g] + (self.max_lrs[g] - self.min_lrs[g]) * factor
end

-- ---- OneCycleLR ---------------------------------------------------------------------------------

--- lr_scheduler.OneCycleLR(optimiser, max_lr, {total_steps = , epochs = , steps_per_epoch = ,
--- pct_start = 0.3, anneal_strategy = "cos", cycle_momentum = true, base_momentum = 0.85,
--- max_momentum = 0.95, div_factor = 25, final_div_factor = 1e4, three_phase = false}): from max_lr
--- / div_factor up to max_lr in pct_start of the steps, then down to the first rate over
--- final_div_factor; step after each batch. total_steps, or epochs and steps_per_epoch. Smith and
--- Topin, "Super-Convergence" (2017).
local OneCycleLR <const> = LRScheduler:extend("OneCycleLR", "max_lr, total_steps = nil, "
  .. "epochs = nil, steps_per_epoch = nil, pct_start = 0.3, anneal_strategy = 'cos', "
  .. "cycle_momentum = true, base_momentum = 0.85, max_momentum = 0.95, div_factor = 25.0, "
  .. "final_div_factor = 1e4, three_phase = false")

local ANNEAL <const> = {
  cos = function(from, to, part) return to + (from - to) / 2 * (math.cos(math.pi * part) + 1) end,
  linear = function(from, to, part) return (to - from) * part + from end,
}

-- Each phase: its last step, and from where to where rate and momentum go.
local function phases_of(self)
  local up <const> = self.pct_start * self.total_steps
  local first <const> = { up - 1, "initial_lr", "max_lr", "max_momentum", "base_momentum" }
  if not self.three_phase then
    return { first,
      { self.total_steps - 1, "max_lr", "min_lr", "base_momentum", "max_momentum" } }
  end
  return { first,
    { 2 * up - 2, "max_lr", "initial_lr", "base_momentum", "max_momentum" },
    { self.total_steps - 1, "initial_lr", "min_lr", "max_momentum", "max_momentum" } }
end

local function check_one_cycle(self)
  if self.total_steps == nil then
    if not (self.epochs and self.steps_per_epoch) then
      self:fail "give total_steps, or epochs and steps_per_epoch"
    end
    self:need_integer("epochs", 1)
    self:need_integer("steps_per_epoch", 1)
    self.total_steps = self.epochs * self.steps_per_epoch
  end
  self:need_integer("total_steps", 1)
  self:need("pct_start", 0, 1)
  self:one_of("anneal_strategy", { "cos", "linear" })
end

function OneCycleLR:prepare()
  check_one_cycle(self)
  self.phases = phases_of(self)
  local most <const> = self:for_groups "max_lr"
  if self.last_epoch == -1 then
    for g, group in ipairs(self.optimizer.param_groups) do
      group.initial_lr, group.max_lr = most[g] / self.div_factor, most[g]
      group.min_lr = group.initial_lr / self.final_div_factor
    end
  end
  prepare_momentum(self)
end

-- The phase of the step, and how much of it is behind.
local function phase_of(self)
  local from = 0
  for k, phase in ipairs(self.phases) do
    if self.last_epoch <= phase[1] or k == #self.phases then
      return phase, (self.last_epoch - from) / (phase[1] - from)
    end
    from = phase[1]
  end
end

function OneCycleLR:next(_, _, group)
  if self.last_epoch > self.total_steps then
    self:fail("step %d: the schedule has %d steps", self.last_epoch, self.total_steps)
  end
  local phase <const>, part <const> = phase_of(self)
  local anneal <const> = ANNEAL[self.anneal_strategy]
  if self.cycle_momentum then
    set_momentum(self, group, anneal(group[phase[4]], group[phase[5]], part))
  end
  return anneal(group[phase[2]], group[phase[3]], part)
end

return { CyclicLR = CyclicLR, OneCycleLR = OneCycleLR }
