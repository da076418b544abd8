-- The TensorBoard callback: what fit logs, as curves and histograms for `tensorboard --logdir`.

local signature = require "tocha.signature"
local Callback = require "tocha.train.callback"
local SummaryWriter = require "tocha.train.events"

local TensorBoard <const> = Callback:extend "TensorBoard"

--- train.TensorBoard{log_dir = "logs", histogram_freq = 0, write_graph = true, update_freq =
--- "epoch"}: as Keras's: curves epoch_loss, epoch_accuracy, ... in log_dir/train and
--- log_dir/validation, over epochs (from 0, as TensorBoard's other curves); the learning rate where
--- it is scheduled; the model as a text. update_freq = "batch" or a number n: also batch_loss, ...
--- every so many batches. histogram_freq = n: the parameters every n epochs.
function TensorBoard:new(...)
  signature.read("log_dir = 'logs', histogram_freq = 0, write_graph = true, update_freq = 'epoch'",
    "TensorBoard", self, ...)
  self.every = self.update_freq == "batch" and 1 or math.tointeger(self.update_freq)
  if self.update_freq ~= "epoch" and not (self.every and self.every > 0) then
    self:fail("update_freq: expected \"epoch\", \"batch\" or a number of batches, got %s",
      tostring(self.update_freq))
  end
  self.step, self.epochs = 0, 0
end

local function open(self, part)
  local resumed <const> = self.params.resumed
  local purge <const> = resumed and math.min(self.epochs, self.every and self.step or math.huge)
  return SummaryWriter(self.log_dir .. "/" .. part, { purge_step = math.tointeger(purge) })
end

function TensorBoard:on_train_begin()
  self.writers = { train = open(self, "train") }
  for _, name in ipairs(self.params.names) do
    if name:find "^val_" and not self.writers.validation then
      self.writers.validation = open(self, "validation")
    end
  end
  if self.write_graph and not self.params.resumed then
    self.writers.train:add_text("model", "```\n" .. tostring(self.model) .. "\n```", 0)
  end
end

function TensorBoard:on_batch_end(_, logs)
  self.step = self.step + 1
  if not self.every or self.step % self.every ~= 0 then return end
  for _, name in ipairs(self.params.names) do
    local value <const> = not name:find "^val_" and logs[name]
    if value then self.writers.train:add_scalar("batch_" .. name, value, self.step - 1) end
  end
end

local function write_logs(self, logs)
  local names <const> = {}
  for name in pairs(logs) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    local plain <const> = name:match "^val_(.*)"
    local writer <const> = plain and self.writers.validation or self.writers.train
    writer:add_scalar("epoch_" .. (plain or name), logs[name], self.epochs)
  end
end

function TensorBoard:on_epoch_end(epoch, logs)
  write_logs(self, logs)
  if self.histogram_freq > 0 and epoch % self.histogram_freq == 0 then
    for name, p in self.model:named_parameters() do
      self.writers.train:add_histogram(name, p, self.epochs)
    end
  end
  self.epochs = self.epochs + 1
  for _, writer in pairs(self.writers) do writer:flush() end
end

function TensorBoard:on_train_end()
  for _, writer in pairs(self.writers) do writer:close() end
end

function TensorBoard:state_dict() return { step = self.step, epochs = self.epochs } end

function TensorBoard:load_state_dict(dict) self.step, self.epochs = dict.step, dict.epochs end

return TensorBoard
