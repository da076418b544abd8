-- Callbacks that watch one of the logs: EarlyStopping, ReduceLROnPlateau, ModelCheckpoint; and
-- TerminateOnNaN.
--
-- monitor = "val_loss" names what is watched. mode = "min" or "max" says what is better; "auto"
-- takes "max" for names with acc, auc, precision, recall, f1, r2 or top_k in them.

local autograd = require "tocha.autograd"
local signature = require "tocha.signature"
local Callback = require "tocha.train.callback"
local Scheduler = require "tocha.train.schedule"

local huge <const> = math.huge

-- ---- watching -----------------------------------------------------------------------------------

local Monitor <const> = Callback:extend "Monitor"

function Monitor:extend(name, args)
  local class <const> = Callback.extend(self, name)
  class.args = args
  return class
end

local RISING <const> = { "acc", "auc", "precision", "recall", "f1", "r2", "top_k" }

local function guess(name)
  for _, part in ipairs(RISING) do
    if name:find(part, 1, true) then return "max" end
  end
  return "min"
end

function Monitor:new(...)
  signature.read(self.args, getmetatable(self).__name, self, ...)
  if self.mode == "auto" then self.mode = guess(self.monitor) end
  if self.mode ~= "min" and self.mode ~= "max" then
    self:fail("mode: expected \"min\", \"max\" or \"auto\", got %s", tostring(self.mode))
  end
  self.best = self.mode == "min" and huge or -huge
  self.wait = 0
end

--- monitor:is_better(value, than): by more than min_delta. NaN is never better.
function Monitor:is_better(value, than)
  local delta <const> = math.abs(self.min_delta or 0)
  if self.mode == "min" then return value < than - delta end
  return value > than + delta
end

function Monitor:state_dict()
  local dict <const> = {}
  for _, name in ipairs(self.keeps) do dict[name] = self[name] end
  return dict
end

function Monitor:load_state_dict(dict)
  for _, name in ipairs(self.keeps) do self[name] = dict[name] end
end

-- ---- EarlyStopping ------------------------------------------------------------------------------

--- train.EarlyStopping{monitor = "val_loss", min_delta = 0, patience = 0, mode = "auto", baseline,
--- restore_best_weights = false, start_from_epoch = 0, verbose = 0}: ends training after `patience`
--- epochs in a row without a better value (or, with a baseline, without beating that). The best
--- weights come back at the end if asked for. The first start_from_epoch epochs do not count.
local EarlyStopping <const> = Monitor:extend("EarlyStopping", "monitor = 'val_loss', "
  .. "min_delta = 0, patience = 0, verbose = 0, mode = 'auto', baseline = nil, "
  .. "restore_best_weights = false, start_from_epoch = 0")
EarlyStopping.keeps = { "best", "best_epoch", "wait", "stopped_epoch", "best_weights" }

local function copy_weights(model)
  local _ <close> = autograd.no_grad()
  local copy <const> = {}
  for name, x in pairs(model:state_dict()) do copy[name] = x:clone() end
  return copy
end

local function keep_best(self, epoch, value)
  self.best, self.best_epoch = value, epoch
  if self.restore_best_weights then self.best_weights = copy_weights(self.model) end
end

function EarlyStopping:on_epoch_end(epoch, logs)
  local value <const> = self:need(logs, self.monitor)
  if not value or epoch <= self.start_from_epoch then return end
  if self.restore_best_weights and not self.best_weights then keep_best(self, epoch, self.best) end
  self.wait = self.wait + 1
  if self:is_better(value, self.best) then
    keep_best(self, epoch, value)
    local beaten <const> = self.baseline == nil or self:is_better(value, self.baseline)
    if beaten then self.wait = 0 end
  elseif self.wait >= self.patience and epoch > 1 then
    self.stopped_epoch, self.model.stop_training = epoch, true
  end
end

function EarlyStopping:on_train_end()
  if self.verbose > 0 and self.stopped_epoch then
    print(("stopped after epoch %d: %s has not become better since epoch %s"):format(
      self.stopped_epoch, self.monitor, self.best_epoch or "1"))
  end
  if self.best_weights then self.model:load_state_dict(self.best_weights) end
end

-- ---- ReduceLROnPlateau --------------------------------------------------------------------------

--- train.ReduceLROnPlateau{monitor = "val_loss", factor = 0.1, patience = 10, min_delta = 1e-4,
--- cooldown = 0, min_lr = 0, mode = "auto", verbose = 0}: the learning rates of all groups times
--- `factor` after `patience` epochs without a better value; then nothing counts for `cooldown`
--- epochs.
local ReduceLROnPlateau <const> = Monitor:extend("ReduceLROnPlateau", "monitor = 'val_loss', "
  .. "factor = 0.1, patience = 10, verbose = 0, mode = 'auto', min_delta = 1e-4, cooldown = 0, "
  .. "min_lr = 0")
ReduceLROnPlateau.keeps = { "best", "wait", "cooling" }
ReduceLROnPlateau.sets_learning_rate = true
ReduceLROnPlateau.cooling = 0

local function reduce(self, epoch)
  for _, group in ipairs(self.model.optimizer.param_groups) do
    local lr <const> = math.max(group.lr * self.factor, self.min_lr)
    if self.verbose > 0 and lr < group.lr then
      print(("epoch %d: learning rate %g"):format(epoch, lr))
    end
    group.lr = lr
  end
  self.cooling, self.wait = self.cooldown, 0
end

function ReduceLROnPlateau:on_epoch_end(epoch, logs)
  local value <const> = self:need(logs, self.monitor)
  if not value then return end
  if self.cooling > 0 then self.cooling, self.wait = self.cooling - 1, 0 end
  if self:is_better(value, self.best) then
    self.best, self.wait = value, 0
  elseif self.cooling == 0 then
    self.wait = self.wait + 1
    if self.wait >= self.patience then reduce(self, epoch) end
  end
end

-- ---- TerminateOnNaN -----------------------------------------------------------------------------

--- train.TerminateOnNaN(): ends training at the first batch whose loss is no finite number.
local TerminateOnNaN <const> = Callback:extend "TerminateOnNaN"

function TerminateOnNaN:on_batch_end(batch, logs)
  local loss <const> = logs.loss
  if loss == loss and loss ~= huge and loss ~= -huge then return end
  self.batch, self.model.stop_training = batch, true
end

function TerminateOnNaN:on_train_end()
  if self.batch and self.params.verbose ~= 0 then
    print(("stopped: the loss is no finite number after batch %d"):format(self.batch))
  end
end

return {
  Monitor = Monitor, EarlyStopping = EarlyStopping, ReduceLROnPlateau = ReduceLROnPlateau,
  TerminateOnNaN = TerminateOnNaN, LearningRateScheduler = Scheduler,
}
