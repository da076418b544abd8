-- tocha.onnx.load: an ONNX file as a module that computes, trains, moves and saves like any other.
--
-- Floating initialisers are its parameters, under their names in the file, and so are constants
-- that look like weights (matrices, and what an operator calls its weights or biases). Numbers
-- without dimensions, running statistics of normalisations and integers are buffers. Short lists of
-- integers and what operators read as numbers (shapes, axes) stay on the host as constants.

local core = require "tocha.core"
local Module = require "tocha.nn.module"
local autograd = require "tocha.autograd"
local tensors = require "tocha.nn.tensors"
local execute = require "tocha.onnx.execute"
local graph = require "tocha.onnx.graph"
local info = require "tocha.onnx.info"
local types = require "tocha.onnx.types"
local value = require "tocha.onnx.value"

local Model <const> = Module:extend "OnnxModel"

local SHAPE_MOST <const> = 64  -- integers of a list that is taken for a shape or the like
local WEIGHTS_LEAST <const> = 64  -- elements of a constant that is taken for weights

-- ---- initialisers -------------------------------------------------------------------------------

-- Names of inputs that are weights; B is one where it is not the other operand of A.
local WEIGHTS <const> = { W = true, R = true, P = true, C = true, scale = true, Scale = true,
  bias = true, weight = true, slope = true }

-- "cpu", "buffer", "weight" or "plain"
local function use_of(decl, k)
  local input <const> = decl and decl.inputs[math.min(k, #decl.inputs)]
  if not input then return "plain" end
  if input.cpu or input.buffer then return input.cpu and "cpu" or "buffer" end
  local is_weight <const> = WEIGHTS[input.name]
    or input.name == "B" and decl.inputs[1].name ~= "A"
  return is_weight and "weight" or "plain"
end

-- name -> the set of its uses
local function add_uses(uses, g)
  for _, node in ipairs(g.nodes) do
    for k, name in ipairs(node.inputs) do
      uses[name] = uses[name] or {}
      uses[name][use_of(node.decl, k)] = true
    end
  end
end

local function kind_of(x, use)
  local trains <const> = use.plain or use.weight
  if use.cpu and not trains and not use.buffer then return "constant" end
  if not x:is_floating_point() then
    return x.ndim <= 1 and x:numel() <= SHAPE_MOST and "constant" or "buffer"
  end
  return (x.ndim == 0 or use.buffer and not trains) and "buffer" or "parameter"
end

local MAKE <const> = {
  constant = execute.constant,
  buffer = function(x) return types.mark(x:detach(), types.of(x)) end,
  parameter = function(x) return tensors.Parameter(x) end,
}

local function free_name(taken, name)
  local free, k = name, 1
  while taken[free] do
    k = k + 1
    free = ("%s~%d"):format(name, k)
  end
  taken[free] = true
  return free
end

local function subgraphs(g)
  local list <const> = {}
  for _, node in ipairs(g.nodes) do
    if node.body then list[#list + 1] = node.body end
    for key, each in pairs(node.a or {}) do
      if type(each) == "table" and each.nodes and key ~= "graph" then
        list[#list + 1], node.scoped = each, true
      end
    end
  end
  return list
end

local function looks_like_weights(x, use)
  local large <const> = x.ndim >= 2 and x:numel() > WEIGHTS_LEAST
  return x:is_floating_point() and (large or use.weight or use.buffer)
end

-- Gives the graph's initialisers to the module, then those of its subgraphs.
local function adopt(self, g, taken)
  local uses <const>, inner <const> = {}, subgraphs(g)
  add_uses(uses, g)
  for _, each in ipairs(inner) do add_uses(uses, each) end
  local from_file <const> = #g.initial_order
  execute.fold_constants(g)
  for k, name in ipairs(g.initial_order) do
    local x <const> = g.initials[name]
    local use <const> = uses[name] or {}
    local is_number <const> = k > from_file and not looks_like_weights(x, use)
    local kind <const> = is_number and "constant" or kind_of(x, use)
    g.initials[name] = MAKE[kind](x)
    if kind ~= "constant" then
      table.insert(self._state, { name = free_name(taken, name), value = g.initials[name],
        kind = kind })
    end
  end
  execute.fold(g)
  for _, each in ipairs(inner) do adopt(self, each, taken) end
end

--- model:entries(): parameters and buffers by their names in the file.
function Model:entries() return self._state end

--- OnnxModel.copied(made): of module:clone(), original -> copy.
function Model.copied(made)
  for x, copy in pairs(made) do
    if core.is_tensor(x) then execute.follow(x, copy) end
  end
end

-- ---- construction -------------------------------------------------------------------------------

-- Inputs that are not initialisers: in old files the initialisers are among them.
local function wanted_inputs(proto, g)
  local list <const> = {}
  for _, each in ipairs(proto.input) do
    if g.initials[each.name or ""] == nil then list[#list + 1] = info.of(each) end
  end
  return list
end

local function outputs_of(proto)
  local list <const> = {}
  for k, each in ipairs(proto.output) do list[k] = info.of(each) end
  return list
end

--- OnnxModel(model, at): of a ModelProto; `at` says where it was read from ({ path = }).
function Model:new(model, at)
  local g <const>, run <const>, opsets <const> = graph.of_model(model, at)
  for name, each in pairs { _graph = g, _run = run, _state = {} } do rawset(self, name, each) end
  run.device = "cpu"
  self.inputs, self.outputs = wanted_inputs(model.graph, g), outputs_of(model.graph)
  self.opset, self.producer = opsets[""], model.producer_name or ""
  self.metadata = {}
  for _, pair in ipairs(model.metadata_props) do self.metadata[pair.key or ""] = pair.value end
  adopt(self, g, {})
  self:evaluate()
end

-- ---- calls --------------------------------------------------------------------------------------

-- {name = x}; an empty list is a sequence where one is taken.
local function is_named(self, x)
  if type(x) ~= "table" or getmetatable(x) ~= nil then return false end
  local key <const>, first <const> = next(x), self.inputs[1]
  return type(key) == "string" or key == nil and not (first and first.sequence)
end

local function by_name(self, given)
  local known <const> = {}
  for _, input in ipairs(self.inputs) do known[input.name] = true end
  for name in pairs(given) do
    if not known[name] then
      core.fail("onnx", nil, "there is no input '%s' (there are: %s)", name,
        info.names(self.inputs))
    end
  end
  return given
end

local function by_place(self, ...)
  local given <const>, n <const> = {}, select("#", ...)
  if n > #self.inputs then
    core.fail("onnx", nil, "takes at most %d inputs (%s), got %d", #self.inputs,
      info.names(self.inputs), n)
  end
  for k = 1, n do given[self.inputs[k].name] = (select(k, ...)) end
  return given
end

local function scope_of(self, given)
  local scope <const> = {}
  for _, input in ipairs(self.inputs) do
    local x <const> = given[input.name]
    if x == nil and not input.optional then
      core.fail("onnx", nil, "input '%s' is missing", input.name)
    end
    scope[input.name] = value.enter(x, input)
  end
  return scope
end

local function device_of(self, scope)
  for _, x in pairs(scope) do
    if core.is_tensor(x) and x.device ~= "cpu" then return x.device end
  end
  local first <const> = self._state[1]
  return first and first.value.device or "cpu"
end

--- model(x, ...) or model { name = x }: the graph's outputs. Inputs are tensors (lists of them
--- where the graph takes sequences).
function Model:forward(...)
  local named <const> = select("#", ...) == 1 and is_named(self, (...))
  local scope <const> = scope_of(self, named and by_name(self, ...) or by_place(self, ...))
  local run <const> = self._run
  run.training, run.device = self.is_training, device_of(self, scope)
  local results <const> = execute.run(self._graph, scope)
  for k, output in ipairs(self.outputs) do results[k] = value.leave(results[k], output) end
  return table.unpack(results, 1, #self.outputs)
end

--- model:run { name = x }: the outputs by name, without gradients.
function Model:run(given)
  local _ <close> = autograd.no_grad()
  local results <const>, named <const> = table.pack(self(given)), {}
  for k, output in ipairs(self.outputs) do named[output.name] = results[k] end
  return named
end

-- ---- text ---------------------------------------------------------------------------------------

function Model:__tostring() return require "tocha.onnx.show".text(self, self._graph) end

return Model
