-- A graph in the making: nodes, initialisers, names. What the forms of operations
-- (export_pointwise.lua and its neighbours) are written with.

local core = require "tocha.core"
local sizes = require "tocha.onnx.export_sizes"
local tensor = require "tocha.onnx.tensor"
local trace = require "tocha.onnx.export_trace"
local types = require "tocha.onnx.types"

local Graph <const> = {}
Graph.__index = Graph

local MOST <const> = 1 << 31  -- bytes of one file of protocol buffers

--- Graph(opset, weight_names): tensor -> the name of its initialiser.
local function new(opset, weight_names)
  return setmetatable({ opset = opset, nodes = {}, initializers = {}, names = {}, used = {},
    makers = {}, constants = {}, kept = {}, moved = {}, is_output = {}, bytes = 0, layer = "",
    weight_names = weight_names }, Graph)
end

-- ---- names --------------------------------------------------------------------------------------

--- g:fresh(base): base, or base_2 ..., which nothing else is called.
function Graph:fresh(base)
  local name, k = base, 1
  while self.used[name] do
    k = k + 1
    name = base .. "_" .. k
  end
  self.used[name] = true
  return name
end

--- g:give(value, name): values of the trace have names.
function Graph:give(value, name) self.names[value.id] = name end

-- ---- constants ----------------------------------------------------------------------------------

local function check_room(self, x)
  self.bytes = self.bytes + x:numel() * x:element_size()
  if self.bytes >= MOST then
    core.fail("onnx.export", nil, "the weights take 2 GB or more, which one ONNX file cannot hold "
      .. "(weights in a file beside it are not written)")
  end
end

--- g:constant(x, base = "constant"): the name of an initialiser; a parameter's is its own.
function Graph:constant(x, base)
  if self.constants[x] then return self.constants[x] end
  check_room(self, x)
  local name <const> = self:fresh(self.weight_names[x] or base or "constant")
  self.initializers[#self.initializers + 1] = tensor.encode(name, x)
  self.constants[x] = name
  return name
end

local function kept(self, key, make)
  self.kept[key] = self.kept[key] or self:constant(make())
  return self.kept[key]
end

--- g:number(value, dtype): a constant without dimensions.
function Graph:number(value, dtype)
  return kept(self, ("%s %s"):format(dtype, tostring(value)), function()
    return core.empty({}, dtype):fill_(value)
  end)
end

--- g:ints(list): a constant list of int64.
function Graph:ints(list)
  return kept(self, "ints " .. table.concat(list, " "), function()
    if #list == 0 then return core.empty({ 0 }, "int64") end
    return core.from_table(list, "int64")
  end)
end

-- ---- nodes --------------------------------------------------------------------------------------

-- AttributeProto.AttributeType and the field of a value.
local function attribute(name, value)
  local kind <const> = type(value) == "table" and type(value[1]) or type(value)
  if type(value) == "table" then
    if kind == "string" then return { name = name, type = 8, strings = value } end
    if math.type(value[1]) == "float" then return { name = name, type = 6, floats = value } end
    return { name = name, type = 7, ints = value }
  end
  if kind == "string" then return { name = name, type = 3, s = value } end
  if math.type(value) == "integer" then return { name = name, type = 2, i = value } end
  return { name = name, type = 1, f = value }
end

local function attributes_of(given)
  local names <const>, list <const> = {}, {}
  for name in pairs(given or {}) do names[#names + 1] = name end
  table.sort(names)
  for k, name in ipairs(names) do list[k] = attribute(name, given[name]) end
  return list
end

--- g:node(op_type, inputs, attributes = {}, outputs = 1): the names of its outputs. Inputs are
--- names ("" for none), or what g:of takes.
function Graph:node(op_type, inputs, attributes, outputs)
  local list <const>, made <const> = {}, {}
  for k, x in ipairs(inputs) do list[k] = type(x) == "string" and x or self:of(x) end
  local base <const> = (self.layer ~= "" and self.layer .. "/" or "") .. op_type
  for k = 1, outputs or 1 do made[k] = self:fresh(base) end
  local node <const> = { op_type = op_type, name = made[1], input = list, output = made,
    attribute = attributes_of(attributes) }
  self.nodes[#self.nodes + 1] = node
  for _, name in ipairs(made) do self.makers[name] = node end
  return table.unpack(made, 1, #made)
end

local function replace(list, from, to)
  for k, name in ipairs(list) do
    if name == from then list[k] = to end
  end
end

--- g:put_out(name, output): what a node made is called `output` from now on; what no node made, or
--- what is an output already, is copied.
function Graph:put_out(name, output)
  local maker <const> = self.makers[name]
  self.is_output[output] = true
  if not maker or self.is_output[name] then
    local copied <const> = self:node("Identity", { name })
    return self:put_out(copied, output)
  end
  replace(maker.output, name, output)
  for _, node in ipairs(self.nodes) do replace(node.input, name, output) end
  for id, known in pairs(self.names) do
    if known == name then self.names[id] = output end
  end
  self.makers[output] = maker
end

-- ---- operands -----------------------------------------------------------------------------------

--- g:of(x): the name of a value of the trace, of a constant tensor, or of one that
--- is made for each batch.
function Graph:of(x)
  if trace.is_value(x) then return self.names[x.id] end
  if core.is_tensor(x) then return self:constant(x) end
  if sizes.is_fill(x) then
    return self:node("Expand", { self:number(x.value, x.dtype), self:sizes(x.sizes) })
  end
  local times <const> = {}
  for d = 1, #x.sizes do times[d] = d == x.dim and sizes.batch or 1 end
  return self:node("Tile", { x.block, self:sizes(times) })
end

--- g:cast(name, from, to): dtypes.
function Graph:cast(name, from, to)
  if from == to then return name end
  return self:node("Cast", { name }, { to = types.named(to).number })
end

--- g:operand(x, dtype): x, or a number, as that dtype.
function Graph:operand(x, dtype)
  if type(x) == "number" then return self:number(x, dtype) end
  if type(x) == "boolean" then return self:number(x and 1 or 0, dtype) end
  if sizes.is_size(x) then
    return self:cast(self:reshape(self:sizes { x }, {}), "int64", dtype)
  end
  return self:cast(self:of(x), x.dtype, dtype)
end

--- g:from_zero(index): ids and places, which count from 1 here, as int64 from 0.
function Graph:from_zero(index)
  if core.is_tensor(index) then
    self.moved[index] = self.moved[index] or index:to "int64" - 1
    return self:constant(self.moved[index])
  end
  return self:node("Sub", { self:operand(index, "int64"), self:number(1, "int64") })
end

--- g:from_one(name): places that ONNX gives, as here.
function Graph:from_one(name) return self:node("Add", { name, self:number(1, "int64") }) end

-- ---- sizes --------------------------------------------------------------------------------------

-- The size of the batch, a list of one.
local function batch(self)
  if not self.batch_name then
    local input <const>, dim <const> = table.unpack(self.batch_source)
    self.batch_name = self:node("Shape", { input }, { start = dim - 1, ["end"] = dim })
  end
  return self.batch_name
end

local function one_size(self, size)
  if not sizes.is_size(size) then return self:ints { size } end
  local name = batch(self)
  if size.per ~= 1 then name = self:node("Mul", { name, self:ints { size.per } }) end
  return size.plus == 0 and name or self:node("Add", { name, self:ints { size.plus } })
end

--- g:sizes(list): the name of a list of int64, computed where sizes grow with the batch.
function Graph:sizes(list)
  local names <const>, any = {}, false
  for _, size in ipairs(list) do any = any or sizes.is_size(size) end
  if not any then return self:ints(list) end
  for k, size in ipairs(list) do names[k] = one_size(self, size) end
  return #names == 1 and names[1] or self:node("Concat", names, { axis = 0 })
end

--- g:reshape(name, list): -1 stands for a single size that grows with the batch.
function Graph:reshape(name, list)
  local at, count, positive = nil, 0, true
  for k, size in ipairs(list) do
    if sizes.is_size(size) then at, count = k, count + 1
    else positive = positive and size > 0 end
  end
  if count == 1 and positive then
    list = table.move(list, 1, #list, 1, {})
    list[at] = -1
  end
  return self:node("Reshape", { name, self:sizes(list) })
end

--- g:transpose(name, perm): dimensions from 1; none where they stay.
function Graph:transpose(name, perm)
  local list <const>, same = {}, true
  for k, dim in ipairs(perm) do
    list[k] = dim - 1
    same = same and dim == k
  end
  return same and name or self:node("Transpose", { name }, { perm = list })
end

-- ---- the whole ----------------------------------------------------------------------------------

local function value_info(name, value)
  local dims <const> = {}
  for k, size in ipairs(value.sizes) do
    local is_batch <const> = sizes.is_size(size) and size.per == 1 and size.plus == 0
    dims[k] = sizes.is_size(size) and { dim_param = is_batch and "batch" or nil }
      or { dim_value = size }
  end
  return { name = name, type = { tensor_type = { elem_type = types.named(value.dtype).number,
    shape = { dim = dims } } } }
end

-- Versions of the format that know an operator set.
local function ir_version(opset)
  return opset >= 24 and 12 or opset >= 23 and 11 or opset >= 21 and 10 or opset >= 19 and 9 or 8
end

--- g:model(name, inputs, outputs): a ModelProto; lists of { name, Value }.
function Graph:model(name, inputs, outputs)
  local function infos(list)
    local result <const> = {}
    for k, each in ipairs(list) do result[k] = value_info(each[1], each[2]) end
    return result
  end
  return { ir_version = ir_version(self.opset), producer_name = "tocha",
    opset_import = { { domain = "", version = self.opset } },
    graph = { name = name, node = self.nodes, initializer = self.initializers,
      input = infos(inputs), output = infos(outputs) } }
end

return new
