-- LearningRateScheduler: a function of the epoch, or a scheduler of tocha.optim, moves the learning
-- rate while fit runs.

local core = require "tocha.core"
local Callback = require "tocha.train.callback"

local Scheduler <const> = Callback:extend "LearningRateScheduler"
Scheduler.sets_learning_rate = true

-- Schedulers that go by batches, as PyTorch's pages say of them.
local BY_BATCH <const> = { OneCycleLR = true, CyclicLR = true }

--- train.LearningRateScheduler(schedule, {per = nil, monitor = nil}): schedule is function(epoch,
--- lr) -> lr, called before each epoch (epochs count from 1), or an optim.lr_scheduler, whose step
--- is called after each epoch, after each batch (per = "batch"; OneCycleLR and CyclicLR by
--- themselves), or, by ReduceLROnPlateau, with the value of `monitor` (val_loss, else loss).
function Scheduler:new(schedule, options)
  options = options or {}
  local meta <const> = getmetatable(schedule)
  self.f = type(schedule) == "function" and schedule or nil
  self.scheduler = not self.f and type(schedule) == "table" and schedule.step and schedule or nil
  if not (self.f or self.scheduler) then
    self:fail("expected function(epoch, lr) or an optim.lr_scheduler, got %s", type(schedule))
  end
  local class <const> = meta and meta.__name
  self.per = options.per or BY_BATCH[class] and "batch" or "epoch"
  if self.per ~= "batch" and self.per ~= "epoch" then
    self:fail("per: expected \"batch\" or \"epoch\", got %s", tostring(self.per))
  end
  self.watches, self.monitor = class == "ReduceLROnPlateau", options.monitor
end

--- Callback.set_learning_rate(optimizer, lr): in all its groups.
local function set_learning_rate(optimizer, lr)
  if type(lr) ~= "number" or lr ~= lr then
    core.fail("LearningRateScheduler", nil, "the schedule returned %s, not a learning rate",
      tostring(lr))
  end
  for _, group in ipairs(optimizer.param_groups) do group.lr = lr end
end
Scheduler.set_learning_rate = set_learning_rate

function Scheduler:on_train_begin()
  local bound <const> = self.scheduler and self.scheduler.optimizer
  if bound and bound ~= self.model.optimizer then
    self:fail("the scheduler is for another optimiser than the model's: make it with "
      .. "model.optimizer, after compile")
  end
end

function Scheduler:on_epoch_begin(epoch)
  local optimizer <const> = self.model.optimizer
  if self.f then set_learning_rate(optimizer, self.f(epoch, optimizer.param_groups[1].lr)) end
end

function Scheduler:on_batch_end()
  if self.scheduler and self.per == "batch" then self.scheduler:step() end
end

function Scheduler:on_epoch_end(_, logs)
  if not self.scheduler or self.per == "batch" then return end
  if not self.watches then return self.scheduler:step() end
  local value <const> = self.monitor and self:need(logs, self.monitor) or logs.val_loss or logs.loss
  if value then self.scheduler:step(value) end
end

function Scheduler:state_dict()
  return { scheduler = self.scheduler and self.scheduler:state_dict() or nil }
end

function Scheduler:load_state_dict(dict)
  if self.scheduler and dict.scheduler then self.scheduler:load_state_dict(dict.scheduler) end
end

return Scheduler
