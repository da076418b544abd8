-- model:fit: the plain loop (loop.lua) with batches from anywhere (feed.lua), callbacks,
-- validation, and a run that can be resumed (run.lua).

local core = require "tocha.core"
local signature = require "tocha.signature"
local Object = require "tocha.class"
local Callback = require "tocha.train.callback"
local History = require "tocha.train.history"
local ProgressBar = require "tocha.train.bar"
local Run = require "tocha.train.run"
local Schedule = require "tocha.train.schedule"
local Trainer = require "tocha.train.trainer"
local evaluate = require "tocha.train.evaluate"
local feed = require "tocha.train.feed"
local loop = require "tocha.train.loop"

local ARGS <const> = "x = nil, y = nil, batch_size = 32, epochs = 1, verbose = 1, callbacks = nil, "
  .. "validation_split = 0.0, validation_data = nil, shuffle = true, class_weight = nil, "
  .. "sample_weight = nil, initial_epoch = 1, steps_per_epoch = nil, validation_steps = nil, "
  .. "validation_batch_size = nil, validation_freq = 1, data = nil, accumulate = 1, "
  .. "clip_norm = nil, clip_value = nil, schedule = nil, resume = nil, save_freq = nil"

local Fit <const> = Object:extend "Fit"

-- ---- options ------------------------------------------------------------------------------------

local function need_count(o, name, least)
  local value <const> = o[name]
  if value == nil then return end
  local n <const> = math.tointeger(value)
  if not n or n < least then
    core.fail("fit", name, "expected an integer from %d, got %s", least, tostring(value))
  end
  o[name] = n
end

local function check_options(o)
  o.x = o.x == nil and o.data or o.x
  for name, least in pairs { batch_size = 1, epochs = 1, initial_epoch = 1, steps_per_epoch = 1,
    validation_steps = 1, validation_batch_size = 1, accumulate = 1 } do
    need_count(o, name, least)
  end
  local split <const> = o.validation_split
  if type(split) ~= "number" or split < 0 or split >= 1 then
    core.fail("fit", "validation_split", "expected a fraction from 0 to below 1, got %s",
      tostring(split))
  end
  if o.verbose == true then o.verbose = 1 end
end

-- ---- where batches come from --------------------------------------------------------------------

local function batches_of(o) return { batch_size = o.batch_size, shuffle = o.shuffle } end

local function split_feeds(self, o)
  if o.x == nil or feed.is_source(o.x) then
    core.fail("fit", "validation_split", "needs tensors in x and y, not a data set or a loader; "
      .. "give validation_data")
  end
  local arrays <const> = feed.arrays("fit", o.x, o.y, o.sample_weight)
  local first <const>, last <const> = feed.split("fit", arrays, o.validation_split)
  self.feed = feed.of_arrays(first, batches_of(o))
  self.valid = feed.of_arrays(last, { batch_size = o.validation_batch_size or o.batch_size })
end

-- {x, y}, {x, y, w}, {x = x, y = y}, a data set or a loader
local function validation_feed(o)
  local given <const> = o.validation_data
  if given == nil then return nil end
  local options <const> = { batch_size = o.validation_batch_size or o.batch_size }
  if feed.is_source(given) then return feed.of_source(given, options) end
  if type(given) ~= "table" then
    core.fail("fit", "validation_data", "expected {x, y}, a data set or a loader, got %s",
      type(given))
  end
  local x <const>, y <const> = given.x or given[1], given.y or given[2]
  return feed.of("fit", x, y, given.sample_weight or given[3], options)
end

local function make_feeds(self, o)
  self.valid = validation_feed(o)
  if o.validation_split > 0 and not self.valid then return split_feeds(self, o) end
  self.feed = feed.of("fit", o.x, o.y, o.sample_weight, batches_of(o))
end

-- ---- making it ----------------------------------------------------------------------------------

local function log_names(self)
  local names <const> = self.trainer:names()
  for k = 1, self.valid and #names or 0 do names[#names + 1] = "val_" .. names[k] end
  return names
end

-- The callbacks that fit itself needs stand around those that were given: a list, or one.
local function all_callbacks(self, o)
  local given = o.callbacks or {}
  if given.is_callback then given = { given } end
  local silent <const> = o.verbose == 0 or o.verbose == false
  local list <const> = { not silent and self.bar or nil }
  table.move(given, 1, #given, #list + 1, list)
  if o.schedule then list[#list + 1] = Schedule(o.schedule) end
  list[#list + 1] = self.history
  return list
end

local function make_callbacks(self, o)
  self.bar, self.history = ProgressBar(), History()
  self.steps = o.steps_per_epoch or self.feed:count()
  self.params = { epochs = o.epochs, steps = self.steps, names = log_names(self),
    verbose = o.verbose, inside = true }
  self.callbacks = Callback.List(all_callbacks(self, o), self.model, self.params)
  self.params.scheduled = self.callbacks:any "sets_learning_rate" ~= nil
end

-- The callback BackupAndRestore asks for what the options resume and save_freq do.
local function backup_of(self, o)
  return self.callbacks:any "is_backup" or { path = o.resume, save_freq = o.save_freq }
end

local function make_run(self, o)
  local backup <const> = backup_of(self, o)
  local valid <const> = self.valid and self.valid.state_dict and self.valid or nil
  self.run = Run(backup.path, { model = self.model, optimizer = self.trainer.optimizer,
    metrics = self.trainer, callbacks = self.callbacks, validation = valid },
    { every = math.tointeger(backup.save_freq) })
  self.params.resumed = self.run.resumed
  if not self.run.resumed then self.run.epoch = o.initial_epoch - 1 end
end

function Fit:new(model, trainer, options)
  self.model, self.trainer, self.options = model, trainer, options
  make_feeds(self, options)
  make_callbacks(self, options)
  make_run(self, options)
end

-- ---- one batch ----------------------------------------------------------------------------------

-- Which of how many batches this one is, whose gradients make one step.
local function place_in_step(self)
  local parts <const>, done <const> = self.options.accumulate, self.run.batch
  local first <const> = done - done % parts
  local count <const> = self.steps and math.min(parts, self.steps - first) or parts
  return done - first + 1, math.max(count, 1)
end

local function weights_of(self, y, w)
  local classes <const> = self.options.class_weight
  if not classes then return w end
  local mine <const> = Trainer.class_weights(classes, y)
  return w and mine * w:to(mine.dtype) or mine
end

-- Logs that are computed when a callback asks.
local function live_logs(trainer)
  return setmetatable({}, {
    __index = function(_, name) return trainer:value(name) end,
    __pairs = function() return next, trainer:logs() end,
  })
end

local function train_batch(self, x, y, w)
  local batch <const>, o <const> = self.run.batch + 1, self.options
  local part <const>, parts <const> = place_in_step(self)
  self.callbacks:call("batch_begin", batch, {})
  self.trainer:train_batch(x, y, weights_of(self, y, w), { part = part, parts = parts,
    clip_norm = o.clip_norm, clip_value = o.clip_value })
  self.run.waiting = part ~= parts
  self.callbacks:call("batch_end", batch, self.logs)
end

-- ---- one epoch ----------------------------------------------------------------------------------

local function train_epoch(self)
  self.model:train()
  self.trainer:reset()
  for x, y, w in self.run:batches(self.feed, self.options.steps_per_epoch) do
    train_batch(self, x, y, w)
    if self.model.stop_training then break end
  end
  if self.run.batch == 0 and not self.model.stop_training then
    core.fail("fit", "x", "there are no batches in epoch %d", self.run.epoch + 1)
  end
  if self.run.waiting then loop.update(self.model, self.trainer.optimizer, self.options) end
  self.run.waiting = false
end

-- validation_freq is a number of epochs, or a list of them
local function is_validated(self, epoch)
  local when <const> = self.options.validation_freq
  if not self.valid then return false end
  if type(when) == "number" then return epoch % when == 0 end
  for _, each in ipairs(when) do
    if each == epoch then return true end
  end
  return false
end

local function learning_rate(self)
  local group <const> = self.trainer.optimizer.param_groups[1]
  return group and group.lr
end

local function end_logs(self, epoch)
  local logs <const> = self.trainer:logs()
  if self.params.scheduled then logs.learning_rate = learning_rate(self) end
  if is_validated(self, epoch) then
    local found <const> = evaluate.run(self.trainer, self.valid, self.callbacks,
      self.options.validation_steps)
    for name, value in pairs(found) do logs["val_" .. name] = value end
  end
  return logs
end

local function do_epoch(self, epoch)
  self.callbacks:call("epoch_begin", epoch, {})
  train_epoch(self)
  local logs <const> = end_logs(self, epoch)
  self.callbacks:call("epoch_end", epoch, logs)
  if self.model.stop_training then self.run:stop() end
  return logs
end

local function train(self)
  local logs = {}
  self.callbacks:call("train_begin", {})
  for epoch in self.run:epochs(self.options.epochs) do logs = do_epoch(self, epoch) end
  self.callbacks:call("train_end", logs)
end

-- Whatever happens, modes are as they were, the line on the terminal is ended, and so are workers.
local function train_safely(self)
  local _ <close> = loop.mode(self.model, true)
  local _ <close> = self.bar
  local _ <close> = self.run
  rawset(self.model, "stop_training", false)
  train(self)
  rawset(self.model, "history", self.history)
  return self.history
end

--- fit(model, trainer, ...): model:fit (nn/trained.lua).
return function(model, trainer, ...)
  local options <const> = {}
  signature.read(ARGS, "fit", options, ...)
  check_options(options)
  local job <const> = Fit(model, trainer, options)
  job.logs = live_logs(trainer)
  return train_safely(job)
end
