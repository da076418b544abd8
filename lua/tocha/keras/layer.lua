-- What Keras's layers share. A layer extends a module of tocha.nn and gets, by `layer.define`,
--
--   * Keras's arguments, and the common ones: name, trainable, dtype, input_shape, input_dim;
--   * Keras's automatic names ("dense", "dense_1");
--   * initialisers, regularisers, constraints of its weights, named "kernel_initializer" and so on;
--   * get_weights, set_weights in Keras's layout, count_params (weights.lua), get_config.
--
-- Fields hold PyTorch's layout, under PyTorch's names (weight, bias): state dicts of nn's layers
-- fit.

local signature = require "tocha.signature"
local Module = require "tocha.nn.module"
local activations = require "tocha.keras.activations"
local constraints = require "tocha.keras.constraints"
local family = require "tocha.keras.family"
local initializers = require "tocha.keras.initializers"
local layout = require "tocha.keras.layout"
local regularizers = require "tocha.keras.regularizers"
local weights = require "tocha.keras.weights"

local layer <const> = { classes = {}, KERNEL = weights.KERNEL }
local methods <const> = {}

local COMMON <const> = { "name = nil", "trainable = true", "dtype = nil", "input_shape = nil",
  "input_dim = nil", "batch_input_shape = nil" }

local WEIGHT <const> = "%s_initializer = '%s', %s_regularizer = nil, %s_constraint = nil"

--- layer.options("kernel", "glorot_uniform"): the arguments of a weight, as part of a signature.
function layer.options(name, start) return WEIGHT:format(name, start, name, name) end

layer.KERNEL_OPTIONS = "activation = nil, use_bias = true, "
  .. layer.options("kernel", "glorot_uniform") .. ", " .. layer.options("bias", "zeros")
  .. ", activity_regularizer = nil"

-- ---- names --------------------------------------------------------------------------------------

local counters = {}

--- layer.unique_name("dense"): "dense", "dense_1", ...
function layer.unique_name(base)
  local n <const> = counters[base] or 0
  counters[base] = n + 1
  return n == 0 and base or ("%s_%d"):format(base, n)
end

--- layer.reset_names(): names begin anew.
function layer.reset_names() counters = {} end

-- ---- masks --------------------------------------------------------------------------------------
-- Which steps of a sequence count, (N, T) bool, goes with its tensor as long as that lives.

local masks <const> = setmetatable({}, { __mode = "k" })

--- layer.set_mask(x, mask), layer.mask(x), layer.pass_mask(x, y): y has the mask of x.
function layer.set_mask(x, mask) masks[x] = mask end
function layer.mask(x) return masks[x] end

function layer.pass_mask(x, y)
  local mask <const> = masks[x]
  if mask then masks[y] = mask end
  return y
end

-- ---- making a layer -----------------------------------------------------------------------------

local FAMILIES <const> = { initializer = initializers, regularizer = regularizers,
  constraint = constraints }

-- The family of an argument, by its name: "kernel_initializer".
local function family_of(name) return FAMILIES[name:match "_(%l+)$"] end

-- Members of families from their names, early: a wrong name is told at the user's line.
local function members_of(who, args)
  local members <const> = {}
  for name, value in pairs(args) do
    local known <const> = family_of(name)
    if known then members[name] = known.get(value, who) end
  end
  return members
end

-- The shape of the input without the batch, where the arguments give one.
local function input_sizes(args, by_dim)
  if args.input_shape ~= nil then
    return type(args.input_shape) == "table" and args.input_shape or { args.input_shape }
  end
  if args.batch_input_shape then
    return table.move(args.batch_input_shape, 2, #args.batch_input_shape, 1, {})
  end
  return by_dim and args.input_dim and { args.input_dim } or nil
end

local function watch_activity(self, rule)
  self:register_forward_hook(function(m, _, y) m:add_loss(rule(y) / y:size(1)) end)
  rawset(self, "adds_loss", true)
end

function methods:new(...)
  local class <const>, args <const> = getmetatable(self), {}
  signature.read(class.args, class.__name, args, ...)
  rawset(self, "_args", args)
  rawset(self, "_members", members_of(class.__name, args))
  rawset(self, "name", args.name or layer.unique_name(family.snake(class.__name)))
  for _, name in ipairs(signature.parse(class.args).names) do
    if not class.common[name] and args[name] ~= nil then rawset(self, name, args[name]) end
  end
  rawset(self, "input_sizes", input_sizes(args, class.common.input_dim))
  if class.setup then self:setup(args) end
  self:build(args)
  if args.trainable == false then self.trainable = false end
  local watcher <const> = self._members.activity_regularizer
  if watcher then watch_activity(self, watcher) end
end

-- Assigning `trainable` reaches everything inside.
local function set_trainable(self, flag)
  for _, m in ipairs(self:modules()) do rawset(m, "trainable", flag) end
  self:requires_grad_(flag)
end

function methods:extra_repr()
  local shown <const>, common <const> = { trainable = true }, getmetatable(self).common
  for name, value in pairs(self._args) do
    if not common[name] then shown[name] = value end
  end
  return signature.show(getmetatable(self).args, shown, shown)
end

--- layer:get_config(): its arguments, as from_config takes them; functions in it are an error.
function methods:get_config()
  local config <const>, class <const> = {}, getmetatable(self)
  for _, name in ipairs(signature.parse(class.args).names) do
    local value <const>, known <const> = self._args[name], family_of(name)
    config[name] = value
    if known and type(value) ~= "string" then
      config[name] = known.serialize(self._members[name], class.__name)
    end
  end
  config.name, config.trainable = self.name, nil
  if self.trainable == false then config.trainable = false end
  return config
end

--- The layer's activation, in the order in which y lies (channels first, from a kernel).
local function activated(self, y, back)
  local f <const> = self._activation
  if activations.is_elementwise(f) then return back(f(y)) end
  return f(back(y))
end

--- layer:finish(y): the activation of y, which has channels first, and Keras's order again.
function methods:finish(y)
  if not self._activation then return self:outside(y) end
  return activated(self, y, function(z) return self:outside(z) end)
end

--- layer:inside(x), layer:outside(y): to channels first and back, unless data_format says that the
--- data has channels first.
function methods:inside(x) return self.data_format == "channels_first" and x or layout.first(x) end
function methods:outside(y) return self.data_format == "channels_first" and y or layout.last(y) end

--- layer:set_activation(spec)
function methods:set_activation(spec)
  if spec == nil or spec == "linear" then return end
  local f <const> = activations.get(spec, getmetatable(self).__name)
  if Module.is_instance(f) then self.activation = f end
  rawset(self, "_activation", f)
end

-- The arguments of a class with the common ones that it has not itself, and the set of those.
local function with_common(args)
  local parts <const>, common <const> = { args ~= "" and args or nil }, {}
  local mine <const> = signature.parse(args).at
  for _, text in ipairs(COMMON) do
    local name <const> = text:match "%S+"
    if not mine[name] then
      parts[#parts + 1] = text
      common[name] = true
    end
  end
  return table.concat(parts, ", "), common
end

-- ---- classes ------------------------------------------------------------------------------------

local function equip(class)
  for _, list in ipairs { weights.methods, methods } do
    for name, method in pairs(list) do class[name] = method end
  end
  local set <const> = class.__newindex
  class.is_keras = true
  class.__newindex = function(self, key, value)
    if key == "trainable" then return set_trainable(self, value) end
    return set(self, key, value)
  end
end

--- layer.define(name, base, args, weight_list): a new class of layers over a class of nn, with its
--- weights in Keras's order, { Keras's name, field, layout }. It then gets `forward`, and
--- `setup(args)`, which sets the fields that the base reads, before `build`.
function layer.define(name, base, args, weight_list)
  local class <const> = base:extend(name)
  class.args, class.common = with_common(args)
  class.weights, class.short, class.owns = weight_list, nil, nil
  equip(class)
  --- Class.from_config(config): the layer that get_config came from, with new weights.
  function class.from_config(config) return class(config) end
  layer.classes[name] = class
  return class
end

layer.equip = equip
return layer
