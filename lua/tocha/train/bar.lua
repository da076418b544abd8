-- ProgressBar: what fit, evaluate and predict show.
--
-- verbose 0: nothing. 1: in a terminal one live line with the share that is done, the rate, the
-- time left and the metrics so far; elsewhere one plain line an epoch. 2: one plain line an epoch
-- everywhere.

local core = require "tocha.core"
local progress = require "tocha.progress"
local Callback = require "tocha.train.callback"
local History = require "tocha.train.history"

local ProgressBar <const> = Callback:extend "ProgressBar"

--- train.ProgressBar{verbose = 1}: options of progress.bar (file, live, columns, ...) are passed
--- on.
function ProgressBar:new(options) self.options = options or {} end

-- "loss 0.1234  accuracy 0.9870"
local function values_text(names, logs)
  local parts <const>, shown <const> = {}, {}
  for _, name in ipairs(names) do
    local value <const> = logs[name]
    shown[name] = true
    if value then parts[#parts + 1] = name .. " " .. History.number(value) end
  end
  local rate <const> = logs.learning_rate
  if rate and not shown.learning_rate then
    parts[#parts + 1] = "learning_rate " .. History.number(rate)
  end
  return table.concat(parts, "  ")
end

local function begin(self, label, total)
  local options <const> = {}
  for name, value in pairs(self.options) do options[name] = value end
  if (self.options.verbose or self.params.verbose) ~= 1 then options.live = false end
  self.label = label
  self.bar = progress.bar(total, label, options)
end

local function step(self, batch, logs)
  local names <const> = self.params.names
  self.bar.done = batch - 1
  self.bar:step(function() return values_text(names, logs) end)
end

-- "0.04 s", "12.3 s", "2:05"
local function time_text(seconds)
  if seconds >= 100 then return progress.duration(seconds) end
  return (seconds < 10 and "%.2f s" or "%.1f s"):format(seconds)
end

local function finish(self, logs)
  local time <const> = time_text(core.clock() - self.bar.start)
  self.bar:finish(("%s  %s  %s"):format(self.label, time, values_text(self.params.names, logs)))
end

function ProgressBar:on_epoch_begin(epoch)
  local last <const> = ("%d"):format(self.params.epochs)
  local number <const> = (" "):rep(#last - #("%d"):format(epoch)) .. ("%d"):format(epoch)
  begin(self, ("epoch %s/%s"):format(number, last), self.params.steps)
end

function ProgressBar:on_batch_end(batch, logs) step(self, batch, logs) end
function ProgressBar:on_epoch_end(_, logs) finish(self, logs) end

-- Inside fit the epoch's own line goes on while it is validated.
function ProgressBar:on_test_begin()
  if not self.params.inside then begin(self, "evaluate", self.params.steps) end
end

function ProgressBar:on_test_batch_end(batch, logs)
  if not self.params.inside then step(self, batch, logs) end
end

function ProgressBar:on_test_end(logs)
  if not self.params.inside then finish(self, logs) end
end

function ProgressBar:on_predict_begin() begin(self, "predict", self.params.steps) end
function ProgressBar:on_predict_batch_end(batch) step(self, batch, {}) end
function ProgressBar:on_predict_end() finish(self, {}) end

--- bar:close(): ends the line where an error left it.
function ProgressBar:close()
  if self.bar then self.bar:close() end
end
ProgressBar.__close = ProgressBar.close

return ProgressBar
