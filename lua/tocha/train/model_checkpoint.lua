-- ModelCheckpoint: the model in a file, after every epoch, every so many batches, or when it became
-- better.
--
--     train.ModelCheckpoint("weights_{epoch:02d}_{val_acc:.2f}.safetensors", {
--       save_weights_only = true })
--     train.ModelCheckpoint("best.ckpt", { save_best_only = true, monitor = "val_accuracy" })

local core = require "tocha.core"
local io_ = require "tocha.io"
local file = require "tocha.io.file"
local Callback = require "tocha.train.callback"
local Monitor <const> = require("tocha.train.monitor").Monitor
local checkpoint = require "tocha.train.checkpoint"

local ModelCheckpoint <const> = Monitor:extend("ModelCheckpoint", "filepath, "
  .. "monitor = 'val_loss', verbose = 0, save_best_only = false, save_weights_only = false, "
  .. "mode = 'auto', save_freq = 'epoch', initial_value_threshold = nil")
ModelCheckpoint.keeps = { "best", "batches" }
ModelCheckpoint.batches = 0  -- since the last file, where save_freq counts them

--- train.ModelCheckpoint(filepath, {monitor = "val_loss", save_best_only = false, mode = "auto",
--- save_weights_only = false, save_freq = "epoch", initial_value_threshold, verbose = 0}).
---
--- In filepath {epoch} and {name of a log} stand for their values, with a format behind a colon as
--- in Python: {epoch:02d}, {val_loss:.3f}. Folders are made. The file holds the model and the
--- optimiser (train.checkpoint.load reads it); with save_weights_only it is the model's state dict
--- (tocha.load). A model of tocha.keras is saved whole. save_freq may be a number of batches.
function ModelCheckpoint:new(...)
  Monitor.new(self, ...)
  if type(self.filepath) ~= "string" then
    self:fail("expected a path, got %s", type(self.filepath))
  end
  if self.save_freq ~= "epoch" and not (math.tointeger(self.save_freq) and self.save_freq > 0) then
    self:fail("save_freq: expected \"epoch\" or a number of batches, got %s",
      tostring(self.save_freq))
  end
  if self.initial_value_threshold then self.best = self.initial_value_threshold end
end

-- ---- names --------------------------------------------------------------------------------------

local function known_names(values)
  local list <const> = {}
  for name in pairs(values) do list[#list + 1] = name end
  table.sort(list)
  return table.concat(list, ", ")
end

local function formatted(value, format)
  if format == "" then format = math.type(value) == "integer" and "d" or "g" end
  if format:find "[di]$" then value = math.floor(value) end
  return ("%" .. format):format(value)
end

--- ModelCheckpoint.path(pattern, values): "w_{epoch:02d}" with the values put in.
function ModelCheckpoint.path(pattern, values)
  return (pattern:gsub("{([%w_]+):?([^{}]*)}", function(name, format)
    local value <const> = Callback.find(values, name)
    if value == nil then
      core.fail("ModelCheckpoint", nil, "'%s': there is no '%s' (there are: %s)", pattern, name,
        known_names(values))
    end
    if format ~= "" and not format:find "^[-+ 0]*%d?%d?%.?%d?%d?[dieEfgG]$" then
      core.fail("ModelCheckpoint", nil, "'%s': '%s' is no format such as 02d or .3f", pattern,
        format)
    end
    return formatted(value, format)
  end))
end

-- ---- saving -------------------------------------------------------------------------------------

local function save(self, epoch, batch, logs)
  local values <const> = { epoch = epoch, batch = batch }
  for name, value in pairs(logs) do values[name] = value end
  local path <const> = ModelCheckpoint.path(self.filepath, values)
  local folder <const> = path:match "^(.+)/"
  if folder then file.make_folders("ModelCheckpoint", folder) end
  if self.save_weights_only then
    io_.save(self.model:state_dict(), path, { sync = true, beside = path .. ".tmp" })
  elseif self.model.is_keras_model then
    self.model:save(path)
  else
    checkpoint.save(path, { model = self.model, optimizer = self.model.optimizer, epoch = epoch })
  end
  if self.verbose > 0 then print(("epoch %d: the model is in %s"):format(epoch, path)) end
end

local function save_if_better(self, epoch, batch, logs)
  local value <const> = self:need(logs, self.monitor)
  if not value or not self:is_better(value, self.best) then return end
  self.best = value
  save(self, epoch, batch, logs)
end

local function consider(self, ...)
  if self.save_best_only then save_if_better(self, ...) else save(self, ...) end
end

function ModelCheckpoint:on_epoch_begin(epoch) self.at = epoch end

function ModelCheckpoint:on_batch_end(batch, logs)
  if self.save_freq == "epoch" then return end
  self.batches = self.batches + 1
  if self.batches < self.save_freq then return end
  self.batches = 0
  consider(self, self.at, batch, logs)
end

function ModelCheckpoint:on_epoch_end(epoch, logs)
  if self.save_freq == "epoch" then consider(self, epoch, nil, logs) end
end

return ModelCheckpoint
