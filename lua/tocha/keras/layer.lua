-- What Keras's layers share. A layer extends a module of tocha.nn and gets, by `layer.define`,
--
--   * Keras's arguments, and the common ones: name, trainable, dtype, input_shape, input_dim;
--   * Keras's automatic names ("dense", "dense_1");
--   * initialisers, regularisers, constraints of its weights, named "kernel_initializer" and so on;
--   * get_weights, set_weights in Keras's layout, count_params, get_config.
--
-- `class.weights` lists its weights in Keras's order: { Keras's name, field, layout }. The fields
-- hold PyTorch's layout, under PyTorch's names (weight, bias): state dicts of nn's layers fit.

local autograd = require "tocha.autograd"
local core = require "tocha.core"
local signature = require "tocha.signature"
local tensors = require "tocha.nn.tensors"
local Module = require "tocha.nn.module"
local summary = require "tocha.nn.summary"
local activations = require "tocha.keras.activations"
local constraints = require "tocha.keras.constraints"
local family = require "tocha.keras.family"
local initializers = require "tocha.keras.initializers"
local layout = require "tocha.keras.layout"
local regularizers = require "tocha.keras.regularizers"

local layer <const> = { classes = {} }
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

-- ---- the layouts of weights ---------------------------------------------------------------------

local function same(x) return x end

local function permuted(order_of)
  return function(x) return x:permute(order_of(x.ndim)) end
end

-- (O, I, k...) and (k..., I, O); a matrix is the case without k.
local function kernel_order(ndim)
  local order <const> = {}
  for d = 3, ndim do order[d - 2] = d end
  order[ndim - 1], order[ndim] = 2, 1
  return order
end

local function weight_order(ndim)
  local order <const> = { ndim, ndim - 1 }
  for d = 1, ndim - 2 do order[d + 2] = d end
  return order
end

-- (I * M, 1, k...) and (k..., I, M)
local function depthwise_kernel(w, self)
  local sizes <const> = { self._channels, -1 }
  table.move(w.shape, 3, w.ndim, 3, sizes)
  local order <const> = {}
  for d = 3, w.ndim do order[d - 2] = d end
  order[w.ndim - 1], order[w.ndim] = 1, 2
  return w:reshape(sizes):permute(order)
end

local function depthwise_weight(k)
  local n <const> = k.ndim
  local order <const> = { n - 1, n }
  for d = 1, n - 2 do order[d + 2] = d end
  local sizes <const> = { -1, 1 }
  table.move(k.shape, 1, n - 2, 3, sizes)
  return k:permute(order):reshape(sizes)
end

layer.PLAIN = { to_keras = same, from_keras = same }
layer.KERNEL = { to_keras = permuted(kernel_order), from_keras = permuted(weight_order) }
layer.DEPTHWISE = { to_keras = depthwise_kernel, from_keras = depthwise_weight }

-- ---- weights ------------------------------------------------------------------------------------

-- Those of its own that are there: { name, tensor, layout }.
local function own_weights(self)
  local list <const> = {}
  for _, row in ipairs(getmetatable(self).weights or {}) do
    local x <const> = self[row[2]]
    if core.is_tensor(x) then
      list[#list + 1] = { name = row[1], tensor = x, layout = row[3] or layer.PLAIN }
    end
  end
  return list
end

-- Visits all weights of a layer and what it holds, in Keras's order.
local function each_weight(self, visit)
  if not self.is_keras then
    for name, p in self:named_parameters() do visit(self, name, p, layer.PLAIN) end
    return
  end
  for _, w in ipairs(own_weights(self)) do visit(self, w.name, w.tensor, w.layout) end
  for _, child in ipairs(self:children()) do each_weight(child, visit) end
end

-- Fills the weights from their initialisers; nn calls it when sizes are known.
function methods:reset_parameters()
  local _ <close> = autograd.no_grad()
  for _, w in ipairs(own_weights(self)) do
    local start <const> = self._members[w.name .. "_initializer"]
    if start then
      local x <const> = w.tensor:detach()
      x:copy_(w.layout.from_keras(start(w.layout.to_keras(x, self).shape, x.dtype)))
    end
  end
end

--- layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
function methods:get_weights()
  local list <const> = {}
  local _ <close> = autograd.no_grad()
  each_weight(self, function(owner, _, x, how)
    list[#list + 1] = how.to_keras(x:detach(), owner):clone()
  end)
  return list
end

local function check_weight(name, x, given)
  if core.is_tensor(given) and given:is_same_size(x) then return end
  core.fail("set_weights", 1, "weight '%s' has the shape (%s), got %s", name,
    table.concat(x.shape, ", "),
    core.is_tensor(given) and "(" .. table.concat(given.shape, ", ") .. ")" or type(given))
end

--- layer:set_weights(list): the other way. Nothing is changed when one does not fit.
function methods:set_weights(list)
  local _ <close> = autograd.no_grad()
  local plan <const> = {}
  each_weight(self, function(owner, name, x, how)
    local given <const> = list[#plan + 1]
    check_weight(name, how.to_keras(x:detach(), owner), given)
    plan[#plan + 1] = { x:detach(), how.from_keras(given) }
  end)
  if #plan ~= #list then
    core.fail("set_weights", 1, "it has %d weights, got %d", #plan, #list)
  end
  for _, pair in ipairs(plan) do pair[1]:copy_(pair[2]) end
end

--- layer:count_params(): how many numbers its weights hold, those that are not trained too.
function methods:count_params()
  for _, m in ipairs(self:modules()) do
    local missing <const> = tensors.unsized(m)
    if missing then
      core.fail("count_params", nil, "'%s' is not built yet: give an input_shape, or call the "
        .. "model on data", m.name or getmetatable(m).__name)
    end
  end
  return summary.weigh(self, true).total
end

-- ---- penalties and constraints ------------------------------------------------------------------

-- The tape records the penalties: they are part of the loss.
local function penalties(self, add)
  for _, w in ipairs(own_weights(self)) do
    local rule <const> = self._members[w.name .. "_regularizer"]
    if rule and w.tensor.requires_grad then add(rule(w.layout.to_keras(w.tensor, self))) end
  end
  for _, x in ipairs(rawget(self, "_losses") or {}) do add(x) end
end

--- layer:add_loss(x): a scalar that is added to the loss of this call of the model.
function methods:add_loss(x)
  local list <const> = rawget(self, "_losses") or {}
  list[#list + 1] = x
  rawset(self, "_losses", list)
end

--- layer.clear_losses(module): forgets what add_loss added in earlier calls.
function layer.clear_losses(module)
  for _, m in ipairs(module:modules()) do rawset(m, "_losses", nil) end
end

--- layer.extra_loss(module): the sum of what regularisers and add_loss add to the loss, or nil.
function layer.extra_loss(module)
  local sum
  for _, m in ipairs(module:modules()) do
    if m.is_keras then penalties(m, function(x) sum = sum and sum + x or x end) end
  end
  return sum
end

--- layer.has_extra_loss(module): may there be any?
function layer.has_extra_loss(module)
  for _, m in ipairs(module:modules()) do
    for name in pairs(m.is_keras and rawget(m, "_members") or {}) do
      if name:find "_regularizer$" then return true end
    end
    if m.adds_loss or rawget(m, "_losses") then return true end
  end
  return false
end

local function constrained(self)
  local list <const> = {}
  for _, w in ipairs(own_weights(self)) do
    local rule <const> = self._members[w.name .. "_constraint"]
    if rule then list[#list + 1] = { rule = rule, weight = w, owner = self } end
  end
  return list
end

--- layer.constraints(module): a function that brings all weights to their constraints, or nil.
function layer.constraints(module)
  local all <const> = {}
  for _, m in ipairs(module:modules()) do
    for _, each in ipairs(m.is_keras and constrained(m) or {}) do all[#all + 1] = each end
  end
  if #all == 0 then return nil end
  return function()
    local _ <close> = autograd.no_grad()
    for _, each in ipairs(all) do
      local w <const>, x <const> = each.weight, each.weight.tensor:detach()
      x:copy_(w.layout.from_keras(each.rule(w.layout.to_keras(x, each.owner))))
    end
  end
end

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
  for name, method in pairs(methods) do class[name] = method end
  local set <const> = class.__newindex
  class.is_keras = true
  class.__newindex = function(self, key, value)
    if key == "trainable" then return set_trainable(self, value) end
    return set(self, key, value)
  end
end

--- layer.define(name, base, args, weights): a new class of layers over a class of nn. It then gets
--- `forward`, and `setup(args)`, which sets the fields that the base reads, before `build`.
function layer.define(name, base, args, weights)
  local class <const> = base:extend(name)
  class.args, class.common = with_common(args)
  class.weights, class.short, class.owns = weights, nil, nil
  equip(class)
  layer.classes[name] = class
  return class
end

layer.equip, layer.each_weight = equip, each_weight
return layer
