-- What happens beside training: the base class of callbacks, and the list that fit calls.
--
--     local Printer = train.Callback:extend "Printer"
--     function Printer:on_epoch_end(epoch, logs) print(epoch, logs.loss) end
--     model:fit{ ..., callbacks = { Printer() } }
--
-- Hooks: on_train_begin(), on_train_end(logs), on_epoch_begin(epoch), on_epoch_end(epoch, logs),
-- on_batch_begin(batch), on_batch_end(batch, logs), also called on_train_batch_begin and _end; for
-- evaluate and predict on_test_begin(), on_test_end(logs), on_test_batch_begin(batch) and _end, and
-- the same with predict. Epochs and batches count from 1; `logs` is name -> number, means over the
-- epoch so far. In a callback, self.model is the model and self.params has epochs, steps (nil where
-- not known), names (of the logs, in order) and verbose. `self.model.stop_training = true` ends
-- training after the batch.
--
-- A callback that a resumed run must find as it was says so by state_dict and load_state_dict.

local core = require "tocha.core"
local Object = require "tocha.class"

local Callback <const> = Object:extend "Callback"
Callback.is_callback = true

--- callback:fail(format, ...): an error of this callback.
function Callback:fail(format, ...) core.fail(getmetatable(self).__name, nil, format, ...) end

-- ---- logs ---------------------------------------------------------------------------------------

local ALIAS <const> = {}
for short, long in pairs { acc = "accuracy", val_acc = "val_accuracy", lr = "learning_rate" } do
  ALIAS[short], ALIAS[long] = long, short
end

--- Callback.alias(name): "accuracy" for "acc", as Keras had both, and the other way; or nil.
function Callback.alias(name) return ALIAS[name] end

--- Callback.find(logs, name): logs[name], also by its alias.
function Callback.find(logs, name)
  local value <const> = logs[name]
  if value ~= nil or not ALIAS[name] then return value end
  return logs[ALIAS[name]]
end

--- callback:need(logs, name): the same; nil where this epoch has no such value, an error where none
--- will have it.
function Callback:need(logs, name)
  local value <const> = Callback.find(logs, name)
  if value ~= nil then return value end
  local promised <const> = self.params and self.params.names or {}
  for _, each in ipairs(promised) do
    if each == name or each == ALIAS[name] then return nil end
  end
  self:fail("there is no '%s' to watch (there are: %s)%s", name, table.concat(promised, ", "),
    name:find "^val_" and "; give fit validation data" or "")
end

-- ---- the list -----------------------------------------------------------------------------------

local HOOKS <const> = {
  train_begin = { "on_train_begin" }, train_end = { "on_train_end" },
  epoch_begin = { "on_epoch_begin" }, epoch_end = { "on_epoch_end" },
  batch_begin = { "on_train_batch_begin", "on_batch_begin" },
  batch_end = { "on_train_batch_end", "on_batch_end" },
  test_begin = { "on_test_begin" }, test_end = { "on_test_end" },
  test_batch_begin = { "on_test_batch_begin" }, test_batch_end = { "on_test_batch_end" },
  predict_begin = { "on_predict_begin" }, predict_end = { "on_predict_end" },
  predict_batch_begin = { "on_predict_batch_begin" },
  predict_batch_end = { "on_predict_batch_end" },
}

local function hook_names()
  local list <const> = {}
  for _, names in pairs(HOOKS) do table.move(names, 1, #names, #list + 1, list) end
  table.sort(list)
  return list
end

--- Callback.hook_names(): "on_batch_begin, ...". Callback.is_hook(name).
function Callback.hook_names() return table.concat(hook_names(), ", ") end

function Callback.is_hook(name)
  for _, each in ipairs(hook_names()) do
    if each == name then return true end
  end
  return false
end

local Callbacks <const> = Object:extend "Callbacks"
Callback.List = Callbacks

local function check(callback)
  if type(callback) ~= "table" then
    core.fail("fit", "callbacks", "expected callbacks, got a %s", type(callback))
  end
  if rawget(callback, "__index") and callback.is_callback then
    core.fail("fit", "callbacks", "%s is a class: write %s(...)", tostring(callback),
      tostring(callback))
  end
  return callback
end

--- Callback.List(callbacks, model, params): tables with hooks, in the order in which they are
--- called.
function Callbacks:new(callbacks, model, params)
  self.list = {}
  for k, callback in ipairs(callbacks) do
    self.list[k] = check(callback)
    callback.model, callback.params = model, params
  end
end

-- The callbacks that have a hook, with the functions: found once.
local function having(self, hook)
  local found <const> = {}
  for _, name in ipairs(HOOKS[hook]) do
    for _, callback in ipairs(self.list) do
      if callback[name] then found[#found + 1] = { callback, name } end
    end
  end
  self[hook] = found
  return found
end

--- callbacks:call(hook, ...): "epoch_end", ...
function Callbacks:call(hook, ...)
  for _, pair in ipairs(rawget(self, hook) or having(self, hook)) do
    pair[1][pair[2]](pair[1], ...)
  end
end

--- callbacks:has(hook): does anybody listen?
function Callbacks:has(hook) return #(rawget(self, hook) or having(self, hook)) > 0 end

--- callbacks:any(field): the first in which the field is true, or nil.
function Callbacks:any(field)
  for _, callback in ipairs(self.list) do
    if callback[field] then return callback end
  end
end

-- ---- state --------------------------------------------------------------------------------------

-- f(key, callback) for those that have a state; the key is the class, and which of its kind it is.
local function each_state(self, f)
  local counts <const> = {}
  for _, callback in ipairs(self.list) do
    local meta <const> = getmetatable(callback)
    local name <const> = meta and meta.__name or "table"
    counts[name] = (counts[name] or 0) + 1
    if callback.state_dict then f(("%s %d"):format(name, counts[name]), callback) end
  end
end

--- callbacks:state_dict(): of those that have one.
function Callbacks:state_dict()
  local dict <const> = {}
  each_state(self, function(key, callback) dict[key] = callback:state_dict() end)
  return dict
end

function Callbacks:load_state_dict(dict)
  each_state(self, function(key, callback)
    if type(dict[key]) ~= "table" then
      core.fail("fit", "resume", "the checkpoint was made without the callback %s", key)
    end
    callback:load_state_dict(dict[key])
  end)
end

return Callback
