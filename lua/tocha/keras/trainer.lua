-- compile, fit and their kin as Keras has them, over tocha.train's.

local core = require "tocha.core"
local signature = require "tocha.signature"
local Module = require "tocha.nn.module"
local weights = require "tocha.keras.weights"

local methods <const> = {}

local COMPILE <const> = "optimizer = 'rmsprop', loss = nil, metrics = nil, loss_weights = nil, "
  .. "weighted_metrics = nil, run_eagerly = nil, jit_compile = nil, steps_per_execution = nil, "
  .. "auto_scale_loss = nil"

-- ---- by the names of outputs and inputs ---------------------------------------------------------

-- A table by name becomes a list in the order of `names`, or the one value where there is one name.
local function in_order(names, value)
  if type(value) ~= "table" or getmetatable(value) or not names then return value end
  local list, n = {}, 0
  for k, name in ipairs(names) do
    list[k] = value[name]
    if value[name] ~= nil then n = n + 1 end
  end
  if n == 0 then return value end
  if #names == 1 then return list[1] end
  return list
end

-- The same for the targets and inputs among options.
local function options_in_order(self, o)
  o.y = in_order(self.output_names, o.y)
  o.x = in_order(self.input_list, o.x)
  return o
end

-- fit{x =, y =, ...} and fit(x, y, {...}), evaluate and predict likewise.
for _, name in ipairs { "fit", "evaluate", "predict" } do
  methods[name] = function(self, first, second, ...)
    if type(first) == "table" and getmetatable(first) == nil
      and (first.x or first.y or first.data) then
      local o <const> = {}
      for key, value in pairs(first) do o[key] = value end
      return Module[name](self, options_in_order(self, o))
    end
    if first == nil then return Module[name](self) end
    first = in_order(self.input_list, first)
    return Module[name](self, first, in_order(self.output_names, second), ...)
  end
end

-- ---- compile ------------------------------------------------------------------------------------

-- What layers add to the loss belongs to one call of the model.
local function clear_at_calls(self)
  if rawget(self, "_clearing") then return end
  rawset(self, "_clearing", true)
  self:register_forward_pre_hook(weights.clear_losses)
end

--- model:compile{optimizer = "rmsprop", loss =, metrics =, loss_weights =, weighted_metrics =}: how
--- it is trained. Names, or what keras.optimizers, keras.losses and keras.metrics make; a loss may
--- be a function of (y_true, y_pred). compile{loss = "mse"} is enough.
function methods:compile(...)
  local o <const>, losses <const> = {}, require "tocha.keras.losses"
  signature.read(COMPILE, "compile", o, ...)
  local optimizer <const> = require "tocha.keras.optimizers".get(o.optimizer)
  for _, name in ipairs { "loss", "metrics", "loss_weights", "weighted_metrics" } do
    o[name] = in_order(self.output_names, o[name])
  end
  local outputs <const> = #(self.output_names or {})
  local penalised <const> = weights.has_extra_loss(self)
  if penalised then clear_at_calls(self) end
  Module.compile(self, {
    optimizer = function() return optimizer:bind(self) end,
    loss = o.loss ~= nil and losses.for_training(o.loss, outputs) or nil, metrics = o.metrics,
    loss_weights = o.loss_weights, weighted_metrics = o.weighted_metrics,
    regularizer = penalised and weights.extra_loss or nil,
  })
  rawset(self, "optimizer", optimizer)
  rawset(self, "_compiled", o)
  return self
end

local function need_compiled(self, who)
  return rawget(self, "_trainer") or core.fail(who, nil, "call compile first: model:compile{loss = "
    .. "\"mse\"}")
end

local ON_BATCH <const> = "x, y = nil, sample_weight = nil, class_weight = nil, return_dict = false"

local function on_batch(self, who, act, ...)
  local o <const>, trainer <const> = {}, need_compiled(self, who)
  signature.read(ON_BATCH, who, o, ...)
  options_in_order(self, o)
  trainer:reset()
  act(trainer, o)
  if o.return_dict then return trainer:logs() end
  return table.unpack(trainer:values())
end

--- model:train_on_batch(x, y, {sample_weight =, class_weight =, return_dict = false}): one step;
--- the loss, then the metrics, of this batch.
function methods:train_on_batch(...)
  return on_batch(self, "train_on_batch", function(trainer, o)
    local w = o.sample_weight
    if o.class_weight then
      local mine <const> = trainer.class_weights(o.class_weight, o.y)
      w = w and mine * w or mine
    end
    self:train()
    trainer:train_batch(o.x, o.y, w)
  end, ...)
end

--- model:test_on_batch(x, y, ...): the same without learning.
function methods:test_on_batch(...)
  return on_batch(self, "test_on_batch", function(trainer, o)
    local _ <close> = require "tocha.train.loop".mode(self, false)
    trainer:test_batch(o.x, o.y, o.sample_weight)
  end, ...)
end

--- model:predict_on_batch(x)
function methods:predict_on_batch(x) return require "tocha.train.loop".predict(self, x) end

return { methods = methods }
