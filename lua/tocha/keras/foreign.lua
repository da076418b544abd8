-- Keras's own models: their configurations (Keras 2's .h5, Keras 3's .keras and .h5) as models of
-- tocha.keras, and their weights.
--
-- Layers are made by their names and no code is run. An option that is not known here is dropped
-- where it says nothing (null, false, 0, ""), else an error. Axes are counted from 1 here.

local core = require "tocha.core"
local json = require "tocha.io.json"
local layer = require "tocha.keras.layer"
local family = require "tocha.keras.family"
local signature = require "tocha.signature"

local foreign <const> = {}

local DEEPEST <const> = 30

local function fail(format, ...) core.fail("load_model", 1, format, ...) end

local function object(value, what)
  if type(value) == "table" and value ~= json.null then return value end
  fail("%s is no object", what)
end

local function given(value) return value ~= nil and value ~= json.null end

-- ---- values of configurations -------------------------------------------------------------------

-- What Keras writes of a layer besides its arguments, and what changes no result here.
local IGNORED <const> = {}
for name in ([[dtype quantization_config synchronized renorm_momentum renorm_clipping seed unroll
  zero_output_for_mask sparse ragged optional implementation time_major batch_input_shape
  batch_shape trainable unit_forget_bias build_config lora_rank reset_after noise_shape
  force_generator use_bias_correction autocast autotune input_length fill_value
]]):gmatch "%S+" do IGNORED[name] = true end

local function from_one(axis)
  if type(axis) ~= "table" then return axis >= 0 and axis + 1 or axis end
  local list <const> = {}
  for k, each in ipairs(axis) do list[k] = from_one(each) end
  return #list == 1 and list[1] or list
end

-- { class_name, config } of an initialiser, regulariser or constraint.
local function member(value)
  if type(value) ~= "table" then return value end
  local config <const> = {}
  for key, each in pairs(type(value.config) == "table" and value.config or {}) do
    if given(each) and not key:find "_axes$" and key ~= "seed" then
      config[key] = key == "axis" and from_one(each) or each
    end
  end
  return { class_name = value.class_name, config = config }
end

-- A name, or an object whose class or config has it.
local function function_name(value)
  if type(value) ~= "table" then return value end
  if type(value.config) == "string" then return value.config end
  return type(value.class_name) == "string" and family.snake(value.class_name) or nil
end

local function dtype_name(value)
  local config <const> = type(value) == "table" and value.config
  return type(config) == "table" and config.name or value
end

-- null within lists (sizes that vary) is false here.
local function plain(value, depth)
  if value == json.null then return false end
  if type(value) ~= "table" then return value end
  if depth > DEEPEST then fail "a configuration nested that deep" end
  local copy <const> = {}
  for key, each in pairs(value) do copy[key] = plain(each, depth + 1) end
  return copy
end

local make_layer

local function is_layer(value)
  return type(value) == "table" and type(value.class_name) == "string"
end

local function value_of(key, value, custom)
  if key:find "_initializer$" or key:find "_regularizer$" or key:find "_constraint$" then
    return member(value)
  end
  if key:find "activation$" then return function_name(value) end
  if key == "axis" or key == "axes" then return from_one(value) end
  if (key == "layer" or key == "backward_layer") and is_layer(value) then
    return make_layer(value, custom)
  end
  return plain(value, 0)
end

local function says_nothing(value)
  return not given(value) or value == false or value == 0 or value == ""
end

-- The arguments of a class out of Keras's configuration.
local function arguments(class, entry, custom)
  local known <const> = signature.parse(class.args).at
  local config <const> = object(entry.config, "the configuration of a layer")
  local result <const> = {}
  for key, value in pairs(config) do
    if type(key) ~= "string" then fail "the configuration of a layer is a list" end
    if known[key] and given(value) then
      if key ~= "dtype" then result[key] = value_of(key, value, custom) end
    elseif not IGNORED[key] and not says_nothing(value) and key ~= "name" then
      fail("layer '%s' (%s): the option '%s' is not known", tostring(config.name),
        entry.class_name, key)
    end
  end
  result.name = type(config.name) == "string" and config.name or nil
  if config.trainable == false then result.trainable = false end
  return result
end

-- ---- layers -------------------------------------------------------------------------------------

local make_model

local MODELS <const> = { Sequential = true, Functional = true, Model = true }

function make_layer(entry, custom)
  object(entry, "a layer")
  if MODELS[entry.class_name] then return make_model(entry, custom) end
  local class <const> = custom and custom[entry.class_name] or layer.classes[entry.class_name]
  if not class then
    fail("there is no layer class '%s' (give {custom_objects = {%s = class}})",
      tostring(entry.class_name), tostring(entry.class_name))
  end
  return class(arguments(class, entry, custom))
end

local function is_input(entry) return entry.class_name == "InputLayer" end

local function input_of(config)
  local shape <const> = plain(config.batch_shape or config.batch_input_shape or config.shape, 0)
  if type(shape) ~= "table" then fail "an input without a shape" end
  local dtype <const> = dtype_name(config.dtype)
  return require "tocha.keras.model".Input { shape = table.move(shape, 2, #shape, 1, {}),
    dtype = type(dtype) == "string" and dtype or nil, name = config.name }
end

-- ---- models -------------------------------------------------------------------------------------

local function make_sequential(entry, custom)
  local models <const> = require "tocha.keras.model"
  local config <const> = object(entry.config, "a model")
  local model <const> = models.Sequential({}, { name = config.name })
  for k, each in ipairs(config.layers or config) do
    local own <const> = object(object(each, "a layer").config, "the configuration of a layer")
    if is_input(each) then model:add(input_of(own))
    else
      if k == 1 and (given(own.batch_input_shape) or given(own.batch_shape)) then
        model:add(input_of { batch_shape = own.batch_input_shape or own.batch_shape,
          dtype = own.dtype })
      end
      model:add(make_layer(each, custom))
    end
  end
  if #model.layers > 0 and not rawget(model, "input") and given(config.build_input_shape) then
    model:build(plain(config.build_input_shape, 0))
  end
  return model
end

-- A tensor of the graph: layer's name, number of its call and of its result, from 0.
local function history_of(value)
  if type(value) ~= "table" then return nil end
  if value.class_name == "__keras_tensor__" then
    return object(object(value.config, "a tensor").keras_history, "a tensor")
  end
  if type(value[1]) == "string" and math.type(value[2]) == "integer"
    and math.type(value[3]) == "integer" then
    return value
  end
end

-- The structure with its tensors, or nil where one is not made yet.
local function with_nodes(value, nodes, depth)
  local history <const> = history_of(value)
  if history then
    local calls <const> = nodes[history[1]]
    local results <const> = calls and calls[history[2] + 1]
    return results and results[history[3] + 1]
  end
  if type(value) ~= "table" or value == json.null then return value end
  if depth > DEEPEST then fail "a graph nested that deep" end
  local copy <const> = {}
  for key, each in pairs(value) do
    local made <const> = with_nodes(each, nodes, depth + 1)
    if made == nil then return nil end
    copy[key] = made
  end
  return copy
end

-- What a call is given: Keras 3's { args, kwargs }, or Keras 2's list of tensors.
local function call_arguments(call, name)
  if call.args then
    for key, value in pairs(type(call.kwargs) == "table" and call.kwargs or {}) do
      if type(value) == "table" and value ~= json.null then
        fail("layer '%s' is called with a tensor as '%s', which is not read", name, key)
      end
    end
    return call.args
  end
  return { #call == 1 and call[1] or call }
end

local function add_calls(entry, made, nodes)
  local name <const>, done = entry.name, 0
  nodes[name] = nodes[name] or {}
  for k, call in ipairs(entry.inbound_nodes) do
    if not nodes[name][k] then
      local args <const> = with_nodes(call_arguments(object(call, "a call"), name), nodes, 0)
      if args == nil then break end
      nodes[name][k] = table.pack(made[name](table.unpack(args)))
      done = done + 1
    end
  end
  return done
end

-- Calls what can be called until all is: layers may be listed in any order.
local function call_all(entries, made, nodes)
  repeat
    local done, waiting = 0, nil
    for _, entry in ipairs(entries) do
      done = done + add_calls(entry, made, nodes)
      if #nodes[entry.name] < #entry.inbound_nodes then waiting = entry.name end
    end
    if waiting and done == 0 then fail("layer '%s' waits for what never comes", waiting) end
  until not waiting
end

-- One tensor, or a list of them.
local function ends(list, nodes, what)
  if history_of(list) then list = { list } end
  local found <const> = with_nodes(object(list, what), nodes, 0) or fail("%s: no such tensor", what)
  return #found == 1 and found[1] or found
end

local function make_functional(entry, custom)
  local config <const> = object(entry.config, "a model")
  local made <const>, nodes <const>, entries <const> = {}, {}, {}
  for _, each in ipairs(object(config.layers, "the list of layers")) do
    local name <const> = object(each, "a layer").name
    if type(name) ~= "string" or made[name] or nodes[name] then fail "a layer without a name" end
    if is_input(each) then nodes[name] = { { input_of(object(each.config, "an input")) } }
    else
      made[name] = make_layer(each, custom)
      object(each.inbound_nodes, "the calls of a layer")
      entries[#entries + 1] = each
    end
  end
  call_all(entries, made, nodes)
  return require "tocha.keras.model".Model {
    inputs = ends(config.input_layers, nodes, "the inputs"),
    outputs = ends(config.output_layers, nodes, "the outputs"), name = config.name }
end

function make_model(entry, custom)
  if entry.class_name == "Sequential" then return make_sequential(entry, custom) end
  if MODELS[entry.class_name] then return make_functional(entry, custom) end
  fail("expected a Sequential or Functional model, got '%s'", tostring(entry.class_name))
end

--- foreign.model(config, custom_objects): the model of a configuration that Keras wrote, with new
--- weights.
function foreign.model(config, custom)
  local ok <const>, result <const> = pcall(make_model, object(config, "the model"), custom)
  if ok then return result end
  if tostring(result):find "%[[%w_]+%]" then error(result, 0) end
  fail("the configuration makes no model: %s", tostring(result))
end

-- ---- weights ------------------------------------------------------------------------------------

-- Within a layer that is a model: those of its own layer `name`, without that part.
local function below(weights, name)
  local list <const> = {}
  for _, w in ipairs(weights) do
    local rest <const> = w.name:match("^" .. name:gsub("%p", "%%%0") .. "/(.*)$")
    if rest then list[#list + 1] = { name = rest, tensor = w.tensor } end
  end
  return list
end

local function set(module, weights)
  if module.is_keras_model then
    for _, each in ipairs(module.layers) do
      local own <const> = below(weights, each.name)
      if #own > 0 then set(each, own) end
    end
    return
  end
  local list <const> = {}
  for k, w in ipairs(weights) do list[k] = w.tensor end
  local ok <const>, problem <const> = pcall(module.set_weights, module, list)
  if not ok then fail("layer '%s': %s", module.name, tostring(problem)) end
end

-- Where a file has no names: dense, dense_1, in the order of the layers.
local function counted_name(counts, module)
  local class <const> = family.snake(getmetatable(module).__name)
  local n <const> = counts[class]
  counts[class] = (n or -1) + 1
  return n and ("%s_%d"):format(class, n + 1) or class
end

local function by_name(layers)
  local found <const> = {}
  for _, each in ipairs(layers) do
    if each.group and each.group ~= each.name then found[each.name] = each end
  end
  for _, each in ipairs(layers) do found[each.name] = found[each.name] or each end
  return found
end

local function has_weights(module) return #module:parameters() > 0 end

--- foreign.set_weights(model, layers, {by_name = false}): what tocha.io.keras_h5.layers gave. With
--- by_name, layers that one of the two lacks are left out, else they are errors. Returns the model.
function foreign.set_weights(model, layers, options)
  local found <const>, used <const>, counts <const> = by_name(layers), {}, {}
  local partly <const> = options and options.by_name
  for _, module in ipairs(model.layers) do
    local counted <const> = counted_name(counts, module)
    local own <const> = found[module.name] or found[counted]
    if own then
      used[own] = true
      set(module, own.weights)
    elseif has_weights(module) and not partly then
      fail("the file has no weights of layer '%s'", module.name)
    end
  end
  for _, each in ipairs(layers) do
    if not used[each] and not partly then fail("the model has no layer '%s'", each.name) end
  end
  return model
end

return foreign
