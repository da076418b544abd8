-- Schedules made of schedules: all together (ChainedScheduler), one after the other (SequentialLR).

local core = require "tocha.core"
local LRScheduler = require "tocha.optim.lr_scheduler.scheduler"
local Plateau = require "tocha.optim.lr_scheduler.plateau".ReduceLROnPlateau

local Compound <const> = LRScheduler:extend "Compound"

local function is_schedule(value)
  return type(value) == "table" and getmetatable(value) and value.is and value:is(LRScheduler)
end

local function check_parts(self, schedulers)
  if type(schedulers) ~= "table" or #schedulers == 0 then
    self:fail "expected a list of schedules"
  end
  for k, part in ipairs(schedulers) do
    if not is_schedule(part) then self:fail("element %d is no schedule", k) end
    if part:is(Plateau) then
      self:fail("element %d is a ReduceLROnPlateau, whose step needs a measure", k)
    end
    if part.optimizer ~= self.optimizer then
      self:fail("element %d belongs to another optimiser", k)
    end
  end
  self.schedulers = schedulers
end

--- schedule:state_dict(): its own state, and the parts' in `schedulers`.
function Compound:state_dict()
  local dict <const> = { schedulers = {} }
  for key, value in pairs(self) do
    if key ~= "optimizer" and key ~= "schedulers" then dict[key] = value end
  end
  for k, part in ipairs(self.schedulers) do dict.schedulers[k] = part:state_dict() end
  return dict
end

function Compound:load_state_dict(dict)
  if type(dict) ~= "table" or type(dict.schedulers) ~= "table"
    or #dict.schedulers ~= #self.schedulers then
    core.fail("load_state_dict", 1, "expected what state_dict() of %d schedules returned",
      #self.schedulers)
  end
  local own <const> = {}
  for key, value in pairs(dict) do
    if key ~= "schedulers" then own[key] = value end
  end
  LRScheduler.load_state_dict(self, own)
  for k, part in ipairs(self.schedulers) do part:load_state_dict(dict.schedulers[k]) end
end

function Compound:__tostring()
  local lines <const> = { getmetatable(self).__name .. "(" }
  for k, part in ipairs(self.schedulers) do
    local from <const> = self.milestones and k > 1
      and ("from step %d: "):format(self.milestones[k - 1]) or ""
    lines[#lines + 1] = ("  %s%s"):format(from, (tostring(part):gsub("\n", "\n  ")))
  end
  lines[#lines + 1] = ")"
  return table.concat(lines, "\n")
end

-- ---- ChainedScheduler ---------------------------------------------------------------------------

--- lr_scheduler.ChainedScheduler({a, b, ...}): every step is a step of each.
local ChainedScheduler <const> = Compound:extend "ChainedScheduler"

function ChainedScheduler:new(schedulers, optimizer)
  local first <const> = type(schedulers) == "table" and schedulers[1]
  self.optimizer = optimizer or is_schedule(first) and first.optimizer or nil
  check_parts(self, schedulers)
  self._last_lr = schedulers[#schedulers]:get_last_lr()
end

-- The same for each part, in order.
for _, name in ipairs { "step", "start", "move_to" } do
  ChainedScheduler[name] = function(self, ...)
    for _, part in ipairs(self.schedulers) do part[name](part, ...) end
    self._last_lr = self.schedulers[#self.schedulers]:get_last_lr()
  end
end

-- ---- SequentialLR -------------------------------------------------------------------------------

--- lr_scheduler.SequentialLR(optimiser, {a, b, c}, {20, 50}): a for the first 20 steps, then b
--- until step 50, then c; each counts from its own beginning.
local SequentialLR <const> = Compound:extend("SequentialLR", "schedulers, milestones")

local function check_milestones(self)
  if type(self.milestones) ~= "table" or #self.milestones ~= #self.schedulers - 1 then
    self:fail("%d schedules need %d milestones", #self.schedulers, #self.schedulers - 1)
  end
  for k, step in ipairs(self.milestones) do
    if math.type(step) ~= "integer" or k > 1 and step < self.milestones[k - 1] then
      self:fail "milestones must be integers that do not fall"
    end
  end
end

function SequentialLR:prepare()
  check_parts(self, self.schedulers)
  check_milestones(self)
end

function SequentialLR:find_base_lrs() end

-- The part that is at work at last_epoch, and the step at which it began.
local function part_at(self)
  local k = 1
  while self.milestones[k] and self.milestones[k] <= self.last_epoch do k = k + 1 end
  return self.schedulers[k], self.milestones[k - 1] or 0
end

-- Each part took its first step when it was made.
local function undo(part)
  if part.last_epoch then
    part.last_epoch = part.last_epoch - 1
    return
  end
  for _, inner in ipairs(part.schedulers) do undo(inner) end
end

function SequentialLR:start()
  self.last_epoch = self.last_epoch + 1
  for _, group in ipairs(self.optimizer.param_groups) do group.lr = group.initial_lr end
  for _, part in ipairs(self.schedulers) do undo(part) end
  local first <const> = part_at(self)
  first:start()
  self._last_lr = first:get_last_lr()
end

function SequentialLR:step()
  self.last_epoch = self.last_epoch + 1
  local part <const>, from <const> = part_at(self)
  if from == self.last_epoch then part:move_to(0) else part:step() end
  self._last_lr = part:get_last_lr()
end

function SequentialLR:move_to(epoch)
  self.last_epoch = epoch or self.last_epoch + 1
  local part <const>, from <const> = part_at(self)
  part:move_to(self.last_epoch - from)
  self._last_lr = part:get_last_lr()
end

return { ChainedScheduler = ChainedScheduler, SequentialLR = SequentialLR }
