-- nn.Model: a module made of what was noted between symbolic inputs and outputs (graph_node.lua).
--
--     local x = nn.Input(784)
--     local h = nn.Linear(100)(x):relu()
--     local model = nn.Model{ inputs = x, outputs = nn.Linear(10)(h) }
--     model(images)                                -- (N, 10)
--
-- Its layers are its submodules, each once however often it is called, by their names: the field
-- `name` of a layer, or its class and a number ("linear_2"). The calls between inputs and outputs
-- are put into a flat plan when the model is made (graph_plan.lua); the graph is not walked later.

local core = require "tocha.core"
local Module = require "tocha.nn.module"
local Node = require "tocha.nn.graph_node"
local plan = require "tocha.nn.graph_plan"
local tree = require "tocha.nn.graph_tree"

local Model <const> = Module:extend "Model"
local is_node <const>, shape_text <const> = Node.is_node, Node.shape_text

-- ---- what lies between --------------------------------------------------------------------------

local function nodes_of(structure, argument)
  local list <const> = tree.leaves(tree.map(structure, is_node, Node.latest), is_node)
  if #list == 0 then
    core.fail("Model", nil, "'%s': expected what nn.Input or a layer called on it returned, or a "
      .. "table of such", argument)
  end
  return list
end

local function missing_input(node)
  core.fail("Model", nil, "the outputs need the input %s %s, which is not among the inputs",
    rawget(node, "name") or "of shape", shape_text(node.shape))
end

-- The calls that lead from the inputs to the outputs, in the order in which they were noted.
local function calls_between(inputs, outputs)
  local seen <const>, calls <const>, known <const> = {}, {}, {}
  for _, node in ipairs(inputs) do seen[node] = true end
  local open <const> = table.move(outputs, 1, #outputs, 1, {})
  while #open > 0 do
    local node <const> = table.remove(open)
    if not seen[node] then
      seen[node] = true
      local noted <const> = rawget(node, "_call") or missing_input(node)
      if not known[noted] then
        known[noted] = true
        calls[#calls + 1] = noted
        for _, each in ipairs(tree.leaves(noted.args, is_node)) do open[#open + 1] = each end
      end
    end
  end
  table.sort(calls, function(a, b) return a.serial < b.serial end)
  return calls
end

-- ---- layers and their names ---------------------------------------------------------------------

local function layers_of(calls)
  local layers <const>, known <const> = {}, {}
  for _, noted in ipairs(calls) do
    if not known[noted.module] then
      known[noted.module] = true
      layers[#layers + 1] = noted.module
    end
  end
  return layers
end

local function given_name(layer)
  local name <const> = rawget(layer, "name")
  return type(name) == "string" and name or nil
end

local function claim(taken, name)
  if name:find "%." or name == "" then
    core.fail("Model", nil, "'%s' is no name for a layer: dots part the names in a state dict",
      name)
  end
  if taken[name] then core.fail("Model", nil, "two layers have the name '%s'", name) end
  taken[name] = true
  return name
end

local function numbered(taken, base)
  local k = 1
  while taken[base .. "_" .. k] do k = k + 1 end
  return base .. "_" .. k
end

-- Names that were given go first: numbers step around them.
local function names_of(things, given, base)
  local names <const>, taken <const> = {}, {}
  for _, thing in ipairs(things) do
    if given(thing) then names[thing] = claim(taken, given(thing)) end
  end
  for _, thing in ipairs(things) do
    if not names[thing] then names[thing] = claim(taken, numbered(taken, base(thing))) end
  end
  return names
end

local function base_name(layer)
  return (rawget(layer, "_name") or getmetatable(layer).__name):lower()
end

-- ---- the model ----------------------------------------------------------------------------------

local function read_spec(spec, outputs, options)
  if tree.is_plain(spec) and spec.inputs ~= nil then return spec end
  local read <const> = { inputs = spec, outputs = outputs }
  for name, value in pairs(options or {}) do read[name] = value end
  return read
end

local function check_unique(inputs)
  local seen <const> = {}
  for _, node in ipairs(inputs) do
    if seen[node] then core.fail("Model", nil, "an input is given twice") end
    seen[node] = true
  end
end

--- nn.Model{inputs = x, outputs = y, name =}, nn.Model(x, y): x and y are symbolic tensors, or
--- lists or tables by name of them. The model is called with what `inputs` looks like, or with a
--- list's elements one by one, and returns what `outputs` looks like. Inputs may lie anywhere in a
--- graph.
function Model:new(...)
  local spec <const> = read_spec(...)
  local inputs <const> = nodes_of(spec.inputs, "inputs")
  local outputs <const> = nodes_of(spec.outputs, "outputs")
  check_unique(inputs)
  local calls <const> = calls_between(inputs, outputs)
  self.name = spec.name
  for field, value in pairs {
    inputs = spec.inputs, outputs = spec.outputs, layers = layers_of(calls),
    _inputs = inputs, _calls = calls, _plan = plan.make(inputs, outputs, calls),
  } do rawset(self, field, value) end
  rawset(self, "_names", self:name_layers())
end

--- model:name_layers(): layer -> name; classes may have their own way.
function Model:name_layers() return names_of(self.layers, given_name, base_name) end

--- model:input_names(): of the inputs, in order: their own, or "input_1" ...
function Model:input_names()
  local names <const>, list <const> = names_of(self._inputs,
    function(node) return rawget(node, "name") end, function() return "input" end), {}
  for k, node in ipairs(self._inputs) do list[k] = names[node] end
  return list
end

--- model:symbolic_inputs(): its arguments, as symbolic tensors.
function Model:symbolic_inputs()
  return is_node(self.inputs) and { self.inputs } or { tree.map(self.inputs, is_node,
    function(node) return node end) }
end

--- model:layer_sources(): layer -> the names of the layers and inputs that its calls take.
function Model:layer_sources()
  local sources <const>, from <const> = {}, {}
  for k, name in ipairs(self:input_names()) do from[self._inputs[k]] = name end
  for _, noted in ipairs(self._calls) do
    local list <const> = sources[noted.module] or {}
    sources[noted.module] = list
    for _, node in ipairs(tree.leaves(noted.args, is_node)) do list[#list + 1] = from[node] end
    for _, node in ipairs(noted.nodes) do from[node] = self._names[noted.module] end
  end
  return sources
end

-- The submodules are the layers alone; fields hold nodes and plans, no modules of their own.
function Model:entries()
  local list <const> = {}
  for k, layer in ipairs(self.layers) do
    list[k] = { name = self._names[layer], value = layer, kind = "module" }
  end
  return list
end

--- model:get_layer(name or place)
function Model:get_layer(key)
  if math.type(key) then
    return self.layers[key]
      or core.fail("get_layer", 1, "there is no layer %s of %d", tostring(key), #self.layers)
  end
  local names <const> = {}
  for k, layer in ipairs(self.layers) do
    if self._names[layer] == key then return layer end
    names[k] = self._names[layer]
  end
  core.fail("get_layer", 1, "there is no layer '%s' (there are: %s)", tostring(key),
    table.concat(names, ", "))
end

--- model:output_of(name or place): the symbolic result of a layer (of its first call), for a model
--- that ends there: nn.Model{inputs = model.inputs, outputs = model:output_of "conv2d_2"}.
function Model:output_of(key)
  local layer <const> = self:get_layer(key)
  for _, noted in ipairs(self._calls) do
    if noted.module == layer then return table.unpack(noted.results, 1, noted.results.n) end
  end
end

-- ---- calls --------------------------------------------------------------------------------------

local function wrong_input(self, k, x)
  core.fail("Model", nil, "input '%s': expected a %s tensor, got %s", self:input_names()[k],
    shape_text(self._inputs[k].shape),
    core.is_tensor(x) and shape_text(x.shape) or type(x))
end

local function fits(node, x)
  if not core.is_tensor(x) or x.ndim ~= node.ndim then return false end
  for d, size in ipairs(node.shape) do
    if size and x:size(d) ~= size then return false end
  end
  return true
end

local function check_inputs(self, values)
  for k, node in ipairs(self._inputs) do
    if not fits(node, values[k]) then wrong_input(self, k, values[k]) end
  end
end

-- The tensors of a call, in the order of the inputs.
local function values_of(self, ...)
  local form <const>, first = self.inputs, ...
  if is_node(form) then return { first } end
  if not tree.is_plain(first) then first = { ... } end
  local places <const>, values <const> = {}, {}
  for k, node in ipairs(self._inputs) do places[node] = k end
  local function place(structure, given)
    if is_node(structure) then
      values[places[structure]] = given
    elseif tree.is_plain(structure) then
      for key, each in pairs(structure) do place(each, tree.is_plain(given) and given[key]) end
    end
  end
  place(form, first)
  return values
end

function Model:forward(...)
  local values <const> = values_of(self, ...)
  check_inputs(self, values)
  local outputs <const>, k = plan.run(self._plan, values, rawget(self, "_watch")), 0
  if is_node(self.outputs) then return outputs[1] end
  return tree.map(self.outputs, is_node, function()
    k = k + 1
    return outputs[k]
  end)
end

function Model:extra_repr() return self.name or "" end

--- print(model): its summary.
function Model:__tostring() return tostring(self:summary { print = false }) end

return { Model = Model, Input = Node.Input }
