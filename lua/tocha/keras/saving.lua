-- Models as configurations and files: get_config, to_json, save, load_model.
--
-- A configuration is a table of names, numbers and lists, as JSON has them; a file is a safetensors
-- file with the weights, the configuration, how the model was compiled, and the optimiser's state.
-- Loading makes layers by their names and runs no code: functions (Lambda, custom losses) are not
-- saved. Layers of one's own are found through {custom_objects = {Name = class}}.

local core = require "tocha.core"
local io_ = require "tocha.io"
local Module = require "tocha.nn.module"
local Node = require "tocha.nn.graph_node"
local registry = require "tocha.op"
local tree = require "tocha.nn.graph_tree"
local foreign = require "tocha.keras.foreign"
local formats = require "tocha.io.formats"
local hdf5 = require "tocha.io.hdf5"
local keras_archive = require "tocha.io.keras_archive"
local keras_h5 = require "tocha.io.keras_h5"
local layer = require "tocha.keras.layer"
local losses = require "tocha.keras.losses"
local optimizers = require "tocha.keras.optimizers"
local weights = require "tocha.keras.weights"

local saving <const> = {}
local is_node <const> = Node.is_node

local function fail(format, ...) core.fail("get_config", nil, format, ...) end

-- ---- configurations -----------------------------------------------------------------------------

local JSON <const> = { number = true, string = true, boolean = true, ["nil"] = true }

-- A value that JSON has; modules inside become configurations.
local function plain(value, where)
  if JSON[type(value)] then return value end
  if Module.is_instance(value) then return saving.config(value) end
  if type(value) ~= "table" or getmetatable(value) then
    fail("%s: a %s cannot be saved", where, core.is_tensor(value) and "tensor" or type(value))
  end
  local copy <const> = {}
  for key, each in pairs(value) do copy[key] = plain(each, where) end
  return copy
end

local function class_of(module)
  local class <const> = getmetatable(module)
  if require "tocha.nn"[class.__name] == class then return "nn." .. class.__name end
  return class.__name
end

-- A layer of Keras by its get_config, a module of nn by its arguments.
local function layer_config(module)
  local name <const> = module.name or class_of(module)
  if rawget(module, "_f") then
    return { class_name = "Operation", name = name, op = module._name }
  end
  local config <const> = module.get_config and module:get_config() or rawget(module, "_args")
  if not config then fail("'%s': its class does not say how it was made", name) end
  return { class_name = class_of(module), name = name, config = plain(config, name) }
end

-- Numbers of nodes: inputs first, then the results of the calls in order.
local function number_nodes(model)
  local number <const>, n = {}, 0
  local function add(node)
    n = n + 1
    number[node] = n
  end
  for _, node in ipairs(model._inputs) do add(node) end
  for _, noted in ipairs(model._calls) do
    for _, node in ipairs(noted.nodes) do add(node) end
  end
  return number
end

local function by_number(structure, number)
  return tree.map(structure, is_node, function(node) return { node = number[node] } end)
end

-- Arguments as { count =, values = { { place, value }, ... } }: some may be nil.
local function arguments_config(noted, number)
  local args <const>, values <const> = by_number(noted.args, number), {}
  for k = 1, args.n do
    if args[k] ~= nil then values[#values + 1] = { k, plain(args[k], noted.module.name) } end
  end
  return { count = args.n, values = values }
end

local function functional_config(model)
  local number <const>, config <const> = number_nodes(model), { name = model.name, layers = {},
    inputs = {}, calls = {} }
  for _, module in ipairs(model.layers) do
    if module:is(require "tocha.keras.model".InputLayer) then
      table.insert(config.inputs, { shape = plain(module.shape), dtype = module.dtype_name,
        name = module.name })
    else
      table.insert(config.layers, layer_config(module))
    end
  end
  for k, noted in ipairs(model._calls) do
    config.calls[k] = { layer = noted.module.name, args = arguments_config(noted, number) }
  end
  config.input, config.output = by_number(model.inputs, number), by_number(model.outputs, number)
  return config
end

local function sequential_config(model)
  local config <const> = { name = model.name, layers = {} }
  local node <const> = rawget(model, "input")
  if node then
    config.input_shape = table.move(node.shape, 2, node.ndim, 1, {})
    config.input_dtype = node.dtype
  end
  for k, module in ipairs(model.layers) do config.layers[k] = layer_config(module) end
  return config
end

--- saving.config(model): { class_name =, config = }.
function saving.config(model)
  local models <const> = require "tocha.keras.model"
  if model:is(models.Functional) then
    return { class_name = "Functional", config = functional_config(model) }
  elseif model:is(models.Sequential) then
    return { class_name = "Sequential", config = sequential_config(model) }
  elseif model.is_keras_model then
    fail("a class of one's own has no configuration: save_weights keeps its weights")
  end
  return layer_config(model)
end

-- ---- from configurations ------------------------------------------------------------------------

local from_config

-- A configuration may come from anywhere: what is read from it is checked first.
local function need(kind, value, what)
  if type(value) == kind then return value end
  core.fail("from_config", nil, "%s: expected a %s, got %s", what, kind, type(value))
end

local function class_named(name, custom)
  local own <const> = custom and custom[name]
  if own then return own end
  local of_nn <const> = type(name) == "string" and name:match "^nn%.(.+)$"
  local class <const> = of_nn and rawget(require "tocha.nn", of_nn) or layer.classes[name]
  if type(class) == "table" and class.is_module then return class end
  core.fail("from_config", nil, "there is no layer class '%s' (give {custom_objects = {%s = "
    .. "class}})", tostring(name), tostring(name))
end

local function as_operation(entry)
  local f <const> = registry.ops[entry.op] or registry.methods[entry.op]
  if entry.op == "index" then return function(x, key) return x[key] end end
  return f or core.fail("from_config", nil, "there is no operation '%s'", tostring(entry.op))
end

local function make_layer(entry, custom)
  need("table", entry, "a layer")
  if entry.class_name == "Sequential" or entry.class_name == "Functional" then
    return from_config(entry, custom)
  end
  if entry.class_name == "Operation" then return as_operation(entry) end
  local class <const> = class_named(entry.class_name, custom)
  local module <const> = class(need("table", entry.config, tostring(entry.class_name)))
  if type(entry.name) == "string" and rawget(module, "name") == nil then
    module.name = entry.name
  end
  return module
end

--- saving.layer_from_config(entry): one layer, of those that hold layers.
saving.layer_from_config = make_layer

local function is_place(value)
  return type(value) == "table" and math.type(value.node) == "integer"
end

-- The structure with the nodes for their numbers.
local function with_nodes(structure, nodes)
  return tree.map(structure, is_place, function(place)
    return nodes[place.node]
      or core.fail("from_config", nil, "there is no tensor number %d", place.node)
  end)
end

local MOST <const> = 1000  -- arguments of a call

local function arguments_from(config, nodes)
  need("table", config, "arguments")
  local args <const>, count <const> = {}, math.tointeger(config.count)
  if not count or count < 0 or count > MOST then
    core.fail("from_config", nil, "a call with %s arguments", tostring(config.count))
  end
  for _, pair in ipairs(need("table", config.values, "arguments")) do
    args[need("number", need("table", pair, "an argument")[1], "a place")] = pair[2]
  end
  return with_nodes(args, nodes), count
end

local function make_functional(config, custom)
  local models <const> = require "tocha.keras.model"
  local made <const>, nodes <const> = {}, {}
  for k, entry in ipairs(need("table", config.inputs, "inputs")) do
    nodes[k] = models.Input(need("table", entry, "an input"))
  end
  for _, entry in ipairs(need("table", config.layers, "layers")) do
    made[need("string", entry.name, "the name of a layer")] = make_layer(entry, custom)
  end
  for _, call in ipairs(need("table", config.calls, "calls")) do
    local args <const>, count <const> = arguments_from(need("table", call, "a call").args, nodes)
    local module <const> = made[call.layer]
      or core.fail("from_config", nil, "there is no layer '%s'", tostring(call.layer))
    if #tree.leaves(args, is_node) == 0 then
      core.fail("from_config", nil, "'%s' is called without a tensor", tostring(call.layer))
    end
    local results <const> = table.pack(module(table.unpack(args, 1, count)))
    for _, node in ipairs(tree.leaves(results, is_node)) do
      rawset(node._call.module, "name", call.layer)
      nodes[#nodes + 1] = node
    end
  end
  return models.Model { inputs = with_nodes(config.input, nodes),
    outputs = with_nodes(config.output, nodes), name = config.name }
end

local function make_sequential(config, custom)
  local models <const> = require "tocha.keras.model"
  local model <const> = models.Sequential({}, { name = config.name })
  if config.input_shape then
    model:add(models.Input { shape = config.input_shape, dtype = config.input_dtype })
  end
  for _, entry in ipairs(need("table", config.layers, "layers")) do
    model:add(make_layer(entry, custom))
  end
  return model
end

--- saving.from_config(config, custom_objects): the model, with new weights.
function from_config(config, custom)
  local kind <const> = type(config) == "table" and config.class_name
  if kind == "Sequential" or kind == "Functional" then need("table", config.config, kind) end
  if kind == "Sequential" then return make_sequential(config.config, custom) end
  if kind == "Functional" then return make_functional(config.config, custom) end
  core.fail("from_config", 1, "expected the configuration of a model, got class '%s'",
    tostring(kind))
end

-- What went wrong in a layer that was given nonsense is an error of the configuration.
function saving.from_config(config, custom)
  local ok <const>, result <const> = pcall(from_config, config, custom)
  if ok then return result end
  if tostring(result):find "%[[%w_]+%]" then error(result, 0) end
  core.fail("from_config", 1, "the configuration makes no model: %s", tostring(result))
end

--- saving.to_json(model), saving.from_json(text)
function saving.to_json(model) return io_.json.encode(saving.config(model)) end

function saving.from_json(text, options)
  local config <const>, problem <const> = io_.json.decode(text)
  if type(config) ~= "table" then
    core.fail("model_from_json", 1, "this is no JSON: %s", tostring(problem))
  end
  return saving.from_config(config, options and options.custom_objects)
end

-- ---- files --------------------------------------------------------------------------------------

-- What of compile's arguments a file can hold, or nil.
local function compile_config(model)
  local o <const> = rawget(model, "_compiled")
  if not o then return nil end
  local ok <const>, config <const> = pcall(function()
    return { optimizer = optimizers.serialize(model.optimizer), loss = losses.serialize(o.loss),
      metrics = plain(o.metrics, "metrics"), loss_weights = o.loss_weights,
      weighted_metrics = plain(o.weighted_metrics, "weighted_metrics") }
  end)
  return ok and config.optimizer and config.loss and config or nil
end

local function optimizer_state(model)
  local bound <const> = rawget(model.optimizer, "bound")
  return { state = bound:state_dict(), iterations = model.optimizer.iterations }
end

--- saving.save(model, path)
function saving.save(model, path)
  local compiled <const> = compile_config(model)
  io_.save({
    keras = saving.config(model), weights = model:state_dict(), compile = compiled,
    optimizer = compiled and optimizer_state(model) or nil,
  }, path, { format = "safetensors" })
end

-- ---- Keras's own files --------------------------------------------------------------------------

local KINDS <const> = { Keras = true, HDF5 = true }

-- The configuration (where there is one) and the layers with weights of a file of Keras's, or nil.
local function read_keras(path)
  local format <const> = formats.of(path)
  if not KINDS[format.name] then return nil end
  local config, entries
  if format.name == "Keras" then config, entries = keras_archive.read(path)
  else entries = hdf5.entries(path) end
  local layers <const> = keras_h5.layers(entries)
  if not layers and format.name == "HDF5" then
    core.fail("load_model", 1, "%s holds no weights of Keras", path)
  end
  return layers or {}, config or keras_h5.topology(entries, layers)
end

local function load_keras(layers, config, path, options)
  if not config.class_name then
    core.fail("load_model", 1, "%s holds no model (weights alone are read by load_weights)", path)
  end
  return foreign.set_weights(foreign.model(config, options.custom_objects), layers)
end

--- saving.load_model(path, {compile = true, custom_objects = {}}): a model of model:save, or one
--- that Keras saved, as .keras or .h5 (which comes without its optimiser: compile it).
function saving.load_model(path, options)
  options = options or {}
  local layers <const>, config <const> = read_keras(path)
  if layers then return load_keras(layers, config, path, options) end
  local file <const> = io_.load(path)
  if type(file.keras) ~= "table" or type(file.weights) ~= "table" then
    core.fail("load_model", 1, "%s holds no model (weights alone are read by load_weights)", path)
  end
  local model <const> = saving.from_config(file.keras, options.custom_objects)
  model:load_state_dict(file.weights)
  if type(file.compile) == "table" and options.compile ~= false then
    model:compile(file.compile)
    model.optimizer.bound:load_state_dict(file.optimizer.state)
    rawset(model.optimizer, "iterations", file.optimizer.iterations)
  end
  return model
end

-- As Keras 2 writes weights, which Keras 3 reads too.
local function save_h5(model, path)
  local names <const>, list <const> = {}, {}
  for k, module in ipairs(model.layers) do
    local weight_names <const> = {}
    names[k] = module.name
    list[#list + 1] = { path = module.name, attributes = { weight_names = weight_names } }
    for j, w in ipairs(weights.named(module)) do
      weight_names[j] = ("%s/%s:0"):format(module.name, w.name)
      list[#list + 1] = { path = module.name .. "/" .. weight_names[j], value = w.tensor }
    end
  end
  table.insert(list, 1, { path = "/", attributes = { layer_names = names, backend = "tocha",
    keras_version = "2.15.0" } })
  hdf5.save(path, list)
end

--- saving.save_weights(model, path), load_weights(model, path, {by_name = false}): by name, layers
--- that one of the two does not have are left out. A name that ends in .h5 is written as Keras 2
--- writes it; what Keras wrote (.weights.h5, .h5, .keras) is read.
function saving.save_weights(model, path)
  if path:find "%.h5$" then return save_h5(model, path) end
  io_.save(model:state_dict(), path)
end

function saving.load_weights(model, path, options)
  local layers <const> = read_keras(path)
  if layers then return foreign.set_weights(model, layers, options) end
  local dict <const> = io_.load(path)
  model:load_state_dict(dict.weights or dict, { strict = not (options and options.by_name) })
end

return saving
