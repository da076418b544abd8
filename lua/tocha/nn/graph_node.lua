-- Symbolic tensors: they have a shape and no values, and know the call that they come from.
--
--     local x = nn.Input(28, 28, 1)        -- (N, 28, 28, 1)
--     local y = nn.Linear(10)(x:flatten(2)):softmax() * 2
--
-- A module, an operation, an operator or a method of tensors that is given one does not compute:
-- the call is noted, and gives symbolic tensors of the shapes that it would give. nn.Model
-- (graph.lua) makes a module of what was noted. What needs values (item, the size of the batch) is
-- an error here. x:relu_() notes relu: x stands for the result from then on.

local core = require "tocha.core"
local registry = require "tocha.op"
local Module = require "tocha.nn.module"
local call = require "tocha.nn.call"
local infer = require "tocha.nn.graph_infer"
local tensors = require "tocha.nn.tensors"
local tree = require "tocha.nn.graph_tree"

local Node <const> = { __name = "Node", __symbolic = true }
local own <const> = {}  -- methods that are no operations

local function is_node(value) return getmetatable(value) == Node end
Node.is_node = is_node

--- node.latest(node): what it stands for after it was written in place.
local function latest(node)
  local now = node
  while rawget(now, "_now") do now = rawget(now, "_now") end
  return now
end
Node.latest = latest

-- `probes`: the sizes that stand for its shape (graph_infer.lua), 0 for the batch.
local function new_node(probes, dtype, device)
  local shape <const> = infer.shape(probes)
  return setmetatable({ shape = shape, ndim = #shape, dtype = dtype, device = device,
    _probes = probes }, Node)
end

-- ---- calls that are noted -----------------------------------------------------------------------

local serial = 0  -- calls are numbered: their order is one in which they can be made

-- How many probes do the nodes among the arguments ask for?
local function count_probes(nodes)
  local count = 1
  for _, node in ipairs(nodes) do count = math.max(count, #node._probes) end
  return count
end

local function sizes_of(list)
  local sizes <const> = {}
  for k, x in ipairs(list) do sizes[k] = x.shape end
  return sizes
end

-- A node whose memory another one sees too: what is written into one would show in the other.
local function mark_shared(nodes, given, new_nodes, results)
  local of <const> = {}
  local function mark(node, x)
    local storage <const> = core.storage(x)
    if not storage then return end
    if of[storage] then
      rawset(node, "_shared", true)
      rawset(of[storage], "_shared", true)
    end
    of[storage] = node
  end
  for k, node in ipairs(nodes) do mark(node, given[k]) end
  for k, node in ipairs(new_nodes) do mark(node, results[k]) end
end

-- Runs the module on zeros: its results in their structure, the probed sizes of each tensor, and
-- what it was given.
local function try(module, args)
  local results, given
  local function run(p, batch)
    given = {}
    local values <const> = tree.map(args, is_node, function(node)
      local x <const> = infer.zeros(node._probes[p] or node._probes[1], batch, node.dtype,
        node.device)
      given[#given + 1] = x
      return x
    end)
    results = table.pack(module(table.unpack(values, 1, args.n)))
    return sizes_of(tree.leaves(results, core.is_tensor))
  end
  local count <const> = count_probes(tree.leaves(args, is_node))
  local sizes <const> = infer.quietly(module, function()
    return infer.sizes(module, run, count)
  end)
  return results, sizes, given
end

--- node.note(module, ...): the symbolic results of module(...).
local function note(module, ...)
  local args <const> = tree.map(table.pack(...), is_node, latest)
  local results <const>, sizes <const>, given <const> = try(module, args)
  serial = serial + 1
  local noted <const>, k = { module = module, args = args, serial = serial, nodes = {} }, 0
  noted.results = tree.map(results, core.is_tensor, function(x)
    k = k + 1
    noted.nodes[k] = new_node(sizes[k], x.dtype, x.device)
    noted.nodes[k]._call = noted
    return noted.nodes[k]
  end)
  mark_shared(tree.leaves(args, is_node), given, noted.nodes,
    tree.leaves(results, core.is_tensor))
  return table.unpack(noted.results, 1, results.n)
end
Node.note = note

-- ---- operations ---------------------------------------------------------------------------------

--- An operation as a layer of a graph. Parameters among the arguments are its own.
local Operation <const> = Module:extend "Operation"

function Operation:new(name, f, args)
  rawset(self, "_name", name)
  rawset(self, "_f", f)
  for k, x in ipairs(tree.leaves(args, core.is_tensor)) do
    local field <const> = "constant_" .. k
    if tensors.is_parameter(x) then self[field] = x
    else self:register_buffer(field, x, false) end
  end
end

function Operation:forward(...) return self._f(...) end
function Operation:extra_repr() return self._name end

local function operation(name, f, ...)
  return note(Operation(name, f, table.pack(...)), ...)
end

-- x:relu_() is relu, and x is its result from now on; x:copy_(y) makes y of it.
local function write(name, x, ...)
  if rawget(latest(x), "_shared") then
    core.fail(name, 1, "a symbolic tensor that shares its memory with another (a view) cannot be "
      .. "written into")
  end
  local plain <const> = name:sub(1, -2)
  local new
  if plain == "copy" and is_node(...) then
    new = operation("expand_as", registry.ops.expand_as, (...), x)
  else
    new = operation(plain, registry.ops[plain], x, ...)
  end
  if new.dtype ~= x.dtype then
    core.fail(name, 1, "a %s symbolic tensor cannot take what is %s", x.dtype, new.dtype)
  end
  rawset(latest(x), "_now", new)
  return new
end

-- csrc/lua/symbolic.c asks here.
local function note_operation(decl, ...)
  local name <const> = decl.name
  if decl.kind == "inplace" and is_node(...) then return write(name, ...) end
  return operation(name, registry.ops[name] or registry.methods[name], ...)
end

local function is_symbolic(...)
  for k = 1, select("#", ...) do
    local value <const> = select(k, ...)
    if is_node(value) then return true end
    if tree.is_plain(value) and #tree.leaves(value, is_node) > 0 then return true end
  end
  return false
end

-- From the first symbolic tensor on, operations and modules look for them.
local function start()
  core.set_symbolic(note_operation)
  call.set_symbolic(is_symbolic, note)
end

-- ---- inputs -------------------------------------------------------------------------------------

local OPTIONS <const> = { dtype = true, device = true, name = true }

local function check_options(options)
  for name in pairs(options) do
    if not OPTIONS[name] then
      core.fail("Input", nil, "unknown option '%s' (there are: dtype, device, name)",
        tostring(name))
    end
  end
  if not core.dtypes()[options.dtype or "float32"] then
    core.fail("Input", nil, "'%s' is no dtype", tostring(options.dtype))
  end
end

local function shape_of(list, n)
  local shape <const> = { 0 }
  for d = 1, n do
    local size <const> = list[d] or false
    if size and (math.type(size) ~= "integer" or size < 1) then
      core.fail("Input", d, "expected a positive size, or false for one that varies, got %s",
        tostring(size))
    end
    shape[d + 1] = size
  end
  return shape
end

--- nn.Input(sizes..., {dtype = "float32", name =, device = "cpu"}): what goes into a graph, without
--- the batch: nn.Input(28, 28, 1), also nn.Input{28, 28, 1}. A size of false varies.
function Node.Input(...)
  local list, n, options = { ... }, select("#", ...), {}
  if n > 0 and tree.is_plain(list[n]) and #list[n] == 0 then options, n = list[n], n - 1 end
  if tree.is_plain(list[1]) then list, n = list[1], #list[1] end
  check_options(options)
  local node <const> = new_node(infer.probes(shape_of(list, n)), options.dtype or "float32",
    options.device or "cpu")
  node.name = options.name
  start()
  return node
end

-- ---- what a node can do -------------------------------------------------------------------------

--- node:size(d), node:size(): as far as it is known before the model runs.
function own.size(self, d)
  if d == nil then return self.shape end
  local at <const> = d < 0 and d + self.ndim + 1 or d
  local size <const> = self.shape[at]
  if size == nil then
    core.fail("size", 1, "%s is out of range for %d dimensions", tostring(d), self.ndim)
  end
  return size or core.fail("size", 1, "the size of dimension %d is not known before the model "
    .. "runs; in shapes, write -1 for it", at)
end

function own.dim(self) return self.ndim end
function own.is_floating_point(self) return registry.kind_of(self.dtype) == "float" end

local function refuse(name)
  return function()
    core.fail(name, 1, "a symbolic tensor has no values; put what needs them into a layer "
      .. "(nn.Lambda)")
  end
end

-- An operation's method, and the in-place form of one.
local function is_noted(key, method)
  if registry.of[method] or key == "copy_" then return true end
  local plain <const> = key:match "^(.+)_$"
  return plain and registry.of[registry.ops[plain]] ~= nil
end

function Node.__index(self, key)
  if type(key) ~= "string" then return operation("index", core.hooks.index, self, key) end
  if own[key] then return own[key] end
  local method <const> = registry.methods[key]
  if method == nil or is_noted(key, method) then return method end
  return refuse(key)
end

function Node.__newindex(self, key, value)
  if type(key) ~= "string" then refuse "newindex" () end
  rawset(self, key, value)
end

-- The operators of tensors: operations, but for two that Lua hands their operand twice.
for event, f in pairs(core.metatable) do
  if registry.of[f] or event == "__unm" or event == "__bnot" then Node[event] = f end
end

-- What Lua asks for its own purposes needs values, or a size that is not known yet.
Node.__lt, Node.__le = refuse "compare", refuse "compare"
function Node:__len() return self:size(1) end

local function shape_text(shape)
  local parts <const> = {}
  for d, size in ipairs(shape) do parts[d] = size and ("%d"):format(size) or "?" end
  if shape[1] == false then parts[1] = "N" end
  return ("(%s%s)"):format(table.concat(parts, ", "), #parts == 1 and "," or "")
end
Node.shape_text = shape_text

function Node:__tostring()
  local noted <const> = rawget(self, "_call")
  local module <const> = noted and noted.module
  local from <const> = module and "of " .. (rawget(module, "_name")
    or getmetatable(module).__name) or "Input"
  return ("Node(%s %s, %s)"):format(shape_text(self.shape), self.dtype, from)
end

return Node
