-- keras.optimizers: by Keras's names, defaults and numerics.
--
--     local adam = keras.optimizers.Adam(0.001)
--     model:compile{ optimizer = adam, loss = "mse" }       -- or optimizer = "adam"
--     adam.learning_rate = 1e-4                             -- also model.optimizer.lr
--
-- An optimiser is made before the model it is for; compile binds it to the model's parameters.
-- Beside its own options each takes weight_decay (taken off the parameters), clipnorm (of each
-- gradient), global_clipnorm (of all together), clipvalue. A learning rate may be one of
-- keras.optimizers.schedules. `lr` and `decay` are understood as in 2017.

local core = require "tocha.core"
local signature = require "tocha.signature"
local Parameter = require "tocha.nn.tensors".Parameter
local utils = require "tocha.nn.utils"
local names = require "tocha.train.names"
local weights = require "tocha.keras.weights"
local rules = require "tocha.keras.optimizer_rules"
local schedules = require "tocha.keras.schedules"

local optimizers <const> = { schedules = schedules }
local known <const> = names.table "optimizer"

local COMMON <const> = "weight_decay = %s, clipnorm = nil, global_clipnorm = nil, clipvalue = nil, "
  .. "decay = nil, lr = nil, name = nil"

-- ---- an optimiser that waits for its model ------------------------------------------------------

local Optimizer <const> = { __name = "keras optimizer" }
local methods <const> = {}

local function bound_group(self)
  local bound <const> = rawget(self, "bound")
  return bound and bound.param_groups[1]
end

-- learning_rate, also lr: of the bound optimiser, where there is one.
function Optimizer.__index(self, key)
  if methods[key] then return methods[key] end
  if key == "lr" or key == "learning_rate" then
    local group <const> = bound_group(self)
    return group and group.lr or self.config.learning_rate
  end
  local bound <const> = rawget(self, "bound")
  return bound and bound[key]
end

function Optimizer.__newindex(self, key, value)
  if key ~= "lr" and key ~= "learning_rate" then return rawset(self, key, value) end
  self.config.learning_rate = value
  for _, group in ipairs(rawget(self, "bound") and self.bound.param_groups or {}) do
    group.lr = type(value) == "number" and value or value(self.iterations)
  end
end

function Optimizer.__tostring(self)
  return ("%s(%s)"):format(self.class_name, signature.show(self.args, self.config, self.config))
end

--- optimizer:state_dict(), load_state_dict(dict): of the bound one.
function methods:state_dict() return self.bound:state_dict() end
function methods:load_state_dict(dict) return self.bound:load_state_dict(dict) end

--- optimizer:get_config(): its options.
function methods:get_config()
  local config <const> = {}
  for name, value in pairs(self.config) do config[name] = value end
  local rate <const> = config.learning_rate
  if type(rate) == "table" then
    config.learning_rate = { class_name = rate.class_name, config = rate:get_config() }
  end
  return config
end

-- Brings gradients together to a norm of at most `most`.
local function clip_norm(params, most)
  local squares = 0.0
  for _, p in ipairs(params) do
    if p.grad then squares = squares + p.grad:square():sum():item() end
  end
  local norm <const> = math.sqrt(squares)
  if norm <= most then return end
  for _, p in ipairs(params) do
    if p.grad then p.grad:mul_(most / norm) end
  end
end

-- Each gradient by its own norm, or all of them together.
local function clip(config, params)
  for _, p in ipairs(config.clipnorm and params or {}) do clip_norm({ p }, config.clipnorm) end
  if config.global_clipnorm then clip_norm(params, config.global_clipnorm) end
  if config.clipvalue then utils.clip_grad_value_(params, config.clipvalue) end
end

local function decay(group, amount)
  for _, p in ipairs(group.params) do
    if p.grad then p:detach():mul_(1 - group.lr * amount) end
  end
end

local function before_step(self, bound)
  local config <const> = self.config
  for _, group in ipairs(bound.param_groups) do
    if type(config.learning_rate) ~= "number" then
      group.lr = config.learning_rate(self.iterations)
    end
    clip(config, group.params)
    if config.weight_decay then decay(group, config.weight_decay) end
  end
end

--- optimizer:bind_to(params): the optimiser of tocha.optim that does its steps on these.
function methods:bind_to(params)
  if #params == 0 then params = { Parameter(core.empty({ 1 }, "float32")) } end  -- only evaluated
  local rate <const> = self.config.learning_rate
  local options <const> = self.translate(self.config)
  options.lr = type(rate) == "number" and rate or rate(0)
  local bound <const> = rules[self.class_name](params, options)
  rawset(self, "bound", bound)
  rawset(self, "iterations", 0)
  bound:register_step_pre_hook(function() before_step(self, bound) end)
  bound:register_step_post_hook(function() rawset(self, "iterations", self.iterations + 1) end)
  return bound
end

--- optimizer:bind(model): on its parameters, which are brought to their constraints after each
--- step.
function methods:bind(model)
  local bound <const> = self:bind_to(model:parameters())
  local constrain <const> = weights.constraints(model)
  if constrain then bound:register_step_post_hook(function() constrain() end) end
  return bound
end

-- ---- the list -----------------------------------------------------------------------------------

-- The options by Keras's names, without `lr` and `decay` of old.
local function settle(config)
  if config.lr ~= nil then config.learning_rate, config.lr = config.lr, nil end
  if config.decay and config.decay ~= 0 then
    config.learning_rate = schedules.InverseTimeDecay(config.learning_rate, 1, config.decay)
  end
  config.decay = nil
  local rate <const> = config.learning_rate
  if type(rate) == "table" and rate.class_name and not getmetatable(rate) then
    config.learning_rate = schedules[rate.class_name](rate.config)
  end
  return config
end

local function define(name, args, translate, weight_decay)
  args = args .. ", " .. COMMON:format(weight_decay or "nil")
  local function make(...)
    local config <const> = {}
    signature.read(args, name, config, ...)
    return setmetatable({ class_name = name, args = args, config = settle(config),
      translate = translate }, Optimizer)
  end
  optimizers[name] = make
  known:add(name, make)
end

local function betas(c) return { betas = { c.beta_1, c.beta_2 }, eps = c.epsilon } end

define("SGD", "learning_rate = 0.01, momentum = 0, nesterov = false",
  function(c) return { momentum = c.momentum, nesterov = c.nesterov } end)

define("RMSprop", "learning_rate = 0.001, rho = 0.9, momentum = 0, epsilon = 1e-7, "
  .. "centered = false", function(c)
  return { rho = c.rho, momentum = c.momentum, eps = c.epsilon, centered = c.centered }
end)

local ADAM <const> = "beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-7"

for name, weight_decay in pairs { Adam = "nil", AdamW = "0.004" } do
  define(name, "learning_rate = 0.001, " .. ADAM .. ", amsgrad = false", function(c)
    return { betas = { c.beta_1, c.beta_2 }, eps = c.epsilon, amsgrad = c.amsgrad }
  end, weight_decay)
end

define("Adamax", "learning_rate = 0.001, " .. ADAM, betas)

define("Nadam", "learning_rate = 0.001, " .. ADAM, function(c)
  return { betas = { c.beta_1, c.beta_2 }, eps = c.epsilon, momentum_decay = 1 }
end)

define("Adadelta", "learning_rate = 0.001, rho = 0.95, epsilon = 1e-7",
  function(c) return { rho = c.rho, eps = c.epsilon } end)

-- The sum under the root begins with eps in it, which is where Keras adds it.
define("Adagrad", "learning_rate = 0.001, initial_accumulator_value = 0.1, epsilon = 1e-7",
  function(c)
    return { initial_accumulator_value = c.initial_accumulator_value + c.epsilon, eps = 0 }
  end)

define("Ftrl", "learning_rate = 0.001, learning_rate_power = -0.5, "
  .. "initial_accumulator_value = 0.1, l1_regularization_strength = 0, "
  .. "l2_regularization_strength = 0, l2_shrinkage_regularization_strength = 0, beta = 0",
  function(c)
    return { learning_rate_power = c.learning_rate_power, beta = c.beta,
      initial_accumulator_value = c.initial_accumulator_value, l1 = c.l1_regularization_strength,
      l2 = c.l2_regularization_strength, shrinkage = c.l2_shrinkage_regularization_strength }
  end)

define("Lion", "learning_rate = 0.001, beta_1 = 0.9, beta_2 = 0.99",
  function(c) return { betas = { c.beta_1, c.beta_2 } } end)

define("Lamb", "learning_rate = 0.001, " .. ADAM, function(c)
  return { betas = { c.beta_1, c.beta_2 }, eps = c.epsilon, weight_decay = 0 }
end)

-- One of tocha.optim, or any function of the parameters.
local function foreign(make)
  return setmetatable({ class_name = "optimizer", args = "learning_rate = nil", config = {},
    bind_to = function(self, params)
      rawset(self, "bound", type(make) == "table" and make.param_groups and make or make(params))
      return self.bound
    end }, Optimizer)
end

--- optimizers.get(spec): from a name, {name, option = ...}, { class_name =, config = }; an
--- optimiser of tocha.optim too.
function optimizers.get(spec)
  if getmetatable(spec) == Optimizer then return spec end
  if type(spec) == "table" and spec.class_name and not getmetatable(spec) then
    return known:find("compile", spec.class_name)(spec.config)
  end
  local name <const>, options <const> = names.spec(spec)
  if name then return known:find("compile", name)(options) end
  local meta <const> = getmetatable(spec)
  if type(spec) == "function" or meta then return foreign(spec) end
  core.fail("compile", "optimizer", "expected a name or an optimiser, got %s", type(spec))
end

--- optimizers.serialize(optimizer): for files; nil for those that are not Keras's.
function optimizers.serialize(optimizer)
  if not known:has(optimizer.class_name) then return nil end
  return { class_name = optimizer.class_name, config = optimizer:get_config() }
end

return optimizers
