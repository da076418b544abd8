-- keras.Sequential, keras.Model, keras.Input: networks with Keras's methods. Training is
-- tocha.train's; what is Keras's own way of saying it is in trainer.lua.

local core = require "tocha.core"
local nn_container = require "tocha.nn.container"
local nn_graph = require "tocha.nn.graph"
local Module = require "tocha.nn.module"
local Node = require "tocha.nn.graph_node"
local nn_summary = require "tocha.nn.summary"
local family = require "tocha.keras.family"
local layer = require "tocha.keras.layer"
local trainer = require "tocha.keras.trainer"

local is_node <const> = Node.is_node

-- ---- Input --------------------------------------------------------------------------------------

--- The layer that stands for an input in `model.layers`.
local InputLayer <const> = layer.define("InputLayer", Module, "shape, dtype_name = 'float32'")
function InputLayer:forward(x) return x end  -- luacheck: ignore self

local DTYPES <const> = { float16 = "float16", float32 = "float32", float64 = "float64",
  int32 = "int64", int64 = "int64", uint8 = "uint8", bool = "bool" }

local function read_input(...)
  local first <const> = ...
  if first == nil then core.fail("Input", 1, "expected a shape, as in Input{28, 28, 1}") end
  if type(first) == "table" and first.shape ~= nil then return first.shape, first end
  local n <const> = select("#", ...)
  local last <const> = select(n, ...)
  local options <const> = n > 1 and type(last) == "table" and last or {}
  if type(first) == "table" then return first, options end
  local shape <const> = {}
  for k = 1, options == last and n - 1 or n do shape[k] = (select(k, ...)) or false end
  return shape, options
end

--- keras.Input{28, 28, 1}, Input(784), Input{shape = {28, 28, 1}, dtype = "float32", name =}: a
--- symbolic tensor; the shape is without the batch, false where it varies.
local function Input(...)
  local shape, options = read_input(...)
  if type(shape) ~= "table" then shape = { shape } end
  local dtype <const> = DTYPES[options.dtype or "float32"]
    or core.fail("Input", nil, "'%s' is no dtype of an input", tostring(options.dtype))
  local object <const> = InputLayer(shape, dtype, { name = options.name })
  local node <const> = Node.Input(shape, { dtype = dtype, name = object.name })
  node._layer = object
  return node
end

-- ---- what models share --------------------------------------------------------------------------

local methods <const> = {}

local STYLE <const> = {
  title = function(self) return ('Model: "%s"'):format(self.module.name) end,
  thin = "_", thick = "=", input = "InputLayer", batch = "None", open = "None", last = true,
  headings = { "Layer (type)", "Output Shape", "Param #", nil, "Connected to" },
  number = function(n) return ("%d"):format(n) end, label = "%s (%s)", buffers = true,
  totals = { "Total params: ", "Trainable params: ", "Non-trainable params: " },
}

--- model:summary({print = print, expand_nested = false}): prints the table that Keras prints, and
--- returns its rows (nn/summary.lua).
function methods:summary(options)
  options = options or {}
  local show = options.print
  if show == nil then show = options.print_fn end
  return nn_summary.of(self, { style = STYLE, print = show,
    depth = options.expand_nested and math.maxinteger or 1 })
end

--- model:get_layer("dense_1"), get_layer(2), get_layer{name =, index =}
function methods:get_layer(key)
  if type(key) == "table" then key = key.name or key.index end
  local names <const> = {}
  for k, each in ipairs(self.layers) do
    if k == key or each.name == key then return each end
    names[k] = each.name
  end
  core.fail("get_layer", 1, "there is no layer '%s' (there are: %s)", tostring(key),
    table.concat(names, ", "))
end

local function shapes_of(structure)
  if is_node(structure) then return structure.shape end
  local shapes <const> = {}
  for key, each in pairs(structure or {}) do shapes[key] = shapes_of(each) end
  return shapes
end

--- model:get_config(), model:to_json(): what keras.models.model_from_json makes it from again,
--- without weights.
function methods:get_config() return require "tocha.keras.saving".config(self) end
function methods:to_json() return require "tocha.keras.saving".to_json(self) end

--- model:save(path): layers, weights, and how it was compiled, as a safetensors file whatever the
--- name; keras.models.load_model reads it.
function methods:save(path) return require "tocha.keras.saving".save(self, path) end

--- model:save_weights(path), load_weights(path, {by_name = false}): a safetensors file, or for a
--- name that ends in .h5 one that Keras reads; what Keras wrote (.h5, .weights.h5, .keras) is read.
function methods:save_weights(path)
  return require "tocha.keras.saving".save_weights(self, path)
end
function methods:load_weights(path, options)
  return require "tocha.keras.saving".load_weights(self, path, options)
end

-- Gives a class of models its methods; `trainable` and weights are as those of layers.
local function equip(class)
  layer.equip(class)
  class.new, class.extra_repr, class.reset_parameters = nil, nil, nil
  class.is_keras_model = true
  function class.from_config(config) return require "tocha.keras.saving".from_config(config) end
  for _, list in ipairs { methods, trainer.methods } do
    for name, method in pairs(list) do class[name] = method end
  end
  return class
end

-- ---- functional ---------------------------------------------------------------------------------

local Functional <const> = equip(nn_graph.Model:extend "Functional")

local function base_name(module)
  return rawget(module, "_name") or family.snake(getmetatable(module).__name)
end

-- Layers have Keras's names; operations and modules of nn get one now.
function Functional:name_layers()
  local names <const>, taken <const> = {}, {}
  for _, each in ipairs(self.layers) do
    if not rawget(each, "name") then rawset(each, "name", layer.unique_name(base_name(each))) end
    if taken[each.name] then
      core.fail("Model", nil, "two layers have the name '%s'", each.name)
    end
    taken[each.name], names[each] = true, each.name
  end
  return names
end

local function input_layer(node)
  return rawget(node, "_layer")
    or InputLayer(table.move(node.shape, 2, node.ndim, 1, {}), node.dtype)
end

-- Targets and losses may be given by the names of the layers that outputs come from, inputs by
-- those of the inputs, where a model has them in a list.
local function name_ends(self)
  local outputs <const> = is_node(self.outputs) and { self.outputs } or self.outputs
  local names <const> = {}
  for k, node in ipairs(outputs) do
    local noted <const> = is_node(node) and rawget(node, "_call")
    names[k] = noted and noted.module.name or nil
  end
  if #outputs > 0 and #names == #outputs then rawset(self, "output_names", names) end
  if not is_node(self.inputs) and #self.inputs == #self._inputs then
    rawset(self, "input_list", self:input_names())
  end
end

function Functional:new(...)
  nn_graph.Model.new(self, ...)
  if not self.name then rawset(self, "name", layer.unique_name "functional") end
  local layers <const> = {}
  for k, node in ipairs(self._inputs) do layers[k] = input_layer(node) end
  rawset(self, "layers", table.move(self.layers, 1, #self.layers, #layers + 1, layers))
  rawset(self, "input", self.inputs)
  rawset(self, "output", self.outputs)
  rawset(self, "input_shape", shapes_of(self.inputs))
  rawset(self, "output_shape", shapes_of(self.outputs))
  name_ends(self)
end

-- Inputs are listed among the layers, and hold nothing.
function Functional:entries()
  local list <const> = {}
  for _, each in ipairs(self.layers) do
    if not each:is(InputLayer) then
      list[#list + 1] = { name = each.name, value = each, kind = "module" }
    end
  end
  return list
end

Functional.get_layer = methods.get_layer

-- `layers` are the submodules; a class of one's own gets a name when it is first asked for.
local function find_layers(class)
  local found <const> = class.__index
  local find <const> = type(found) == "function" and found or function(_, key) return found[key] end
  class.__index = function(self, key)
    if key == "layers" then return self:children() end
    if key == "name" then
      rawset(self, "name", layer.unique_name(family.snake(getmetatable(self).__name)))
      return rawget(self, "name")
    end
    return find(self, key)
  end
  return class
end

--- keras.Model{inputs = x, outputs = y, name =}, keras.Model(x, y): of a graph. A class of one's
--- own, keras.Model:extend "Net" with `new` and `forward`, has the same methods.
local Model <const> = equip(Module:extend "Model")

function Model:new(...)
  if getmetatable(self) == Model then return Functional(...) end
end

function Model:extend(name, args)
  return find_layers(Module.extend(self, name, args))
end

-- ---- Sequential ---------------------------------------------------------------------------------

local Sequential <const> = find_layers(equip(nn_container.Sequential:extend "Sequential"))

local function as_list(first, ...)
  if first == nil then return {} end
  local plain <const> = type(first) == "table" and getmetatable(first) == nil
  return plain and first or { first, ... }
end

--- keras.Sequential(), Sequential{ layer, ... }, Sequential({ layer, ... }, {name =}).
function Sequential:new(first, ...)
  local list <const>, options <const> = as_list(first, ...), ...
  local named <const> = type(options) == "table" and getmetatable(options) == nil and options.name
  rawset(self, "name", named or list.name or layer.unique_name "sequential")
  for _, each in ipairs(list) do self:add(each) end
end

local function note_shapes(self)
  rawset(self, "outputs", self.output)
  rawset(self, "inputs", self.input)
  rawset(self, "input_shape", self.input and self.input.shape)
  rawset(self, "output_shape", self.output and self.output.shape)
end

local function set_input(self, node)
  rawset(self, "input", node)
  rawset(self, "output", node)
end

local function sizes_of(module) return rawget(module, "input_sizes") end

-- The first layer, or the first of a model that is the first layer, may tell what goes in.
local function begin(self, module)
  if rawget(self, "input") then return end
  local sizes <const> = sizes_of(module)
  if sizes then
    set_input(self, Input { shape = sizes, dtype = rawget(module, "input_dtype") })
  elseif rawget(module, "input") and #self == 0 then
    set_input(self, Input { shape = table.move(module.input.shape, 2, module.input.ndim, 1, {}),
      dtype = module.input.dtype })
  end
end

local function check_free(self, name)
  for _, each in ipairs(self) do
    if each.name == name then
      core.fail("Sequential", nil, "it has a layer of the name '%s' already", name)
    end
  end
end

-- The shape behind this layer, where that before it is known. (A model may be built by its first
-- call, inside which calls are not noted by themselves.)
local function pass(self, module)
  if rawget(self, "output") then rawset(self, "output", (Node.note(module, self.output))) end
  note_shapes(self)
end

--- model:add(layer): also a keras.Input first, a function, or a module of tocha.nn.
function Sequential:add(value, name)
  if is_node(value) then
    if #self > 0 then core.fail("add", 1, "an input comes before all layers") end
    set_input(self, value)
    note_shapes(self)
    return self
  end
  local module <const> = getmetatable(self).accept(self, value)
  name = name or rawget(module, "name") or layer.unique_name(base_name(module))
  check_free(self, name)
  rawset(module, "name", name)
  begin(self, module)
  pass(self, module)
  nn_container.Sequential.insert(self, #self + 1, module, name)
  return self
end
Sequential.append = Sequential.add

-- The nodes anew, after layers were taken out.
local function rebuild(self)
  set_input(self, rawget(self, "input"))
  for _, each in ipairs(self) do pass(self, each) end
  note_shapes(self)
end

--- model:pop(): takes the last layer off and returns it.
function Sequential:pop()
  local gone <const> = nn_container.Sequential.pop(self)
  rebuild(self)
  return gone
end

--- model:build{false, 784}: the shape of the input with the batch.
function Sequential:build(shape)
  local node <const> = is_node(shape) and shape
    or Input { shape = table.move(shape, 2, #shape, 1, {}) }
  set_input(self, node)
  rebuild(self)
end

-- A model without an input shape takes it from the first input.
function Sequential:forward(x, ...)
  if not rawget(self, "input") and core.is_tensor(x) and x.ndim > 0 then
    self:build(Input { shape = table.move(x.shape, 2, x.ndim, 1, {}), dtype = x.dtype })
  end
  return nn_container.Sequential.forward(self, x, ...)
end

--- Its arguments, as symbolic tensors, for summary.
function Sequential:symbolic_inputs() return rawget(self, "input") and { self.input } end

return {
  Input = Input, InputLayer = InputLayer, Sequential = Sequential, Model = Model,
  Functional = Functional, equip = equip,
}
