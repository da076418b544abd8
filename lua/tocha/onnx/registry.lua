-- The operators: each is declared once; checks, documentation and errors are loops over this table.
--
--     op "Clip" {
--       since = 1, inputs = "input, min?, max?", attributes = { min = op.float, max = op.float },
--       doc = "Elements between min and max.",
--       run = function(a, x, low, high) return x:clamp(low or a.min, high or a.max) end,
--     }
--
-- `run(a, inputs...)` returns the outputs. `a` holds the attributes, their defaults where the node
-- has none, and
--     a.opset      the version of the operator set, for what has changed
--     a.outputs    how many outputs the node has (a trailing one may be "", not wanted: a.wants[k])
--     a.run        of this run: { training = is the module in training mode?, device }
--     a.scope      for nodes with subgraphs (control.lua)
-- Operators are written with Tocha's, so they have gradients and run on every device. Indices and
-- axes in `a` and in tensors are ONNX's, from 0.
--
-- Inputs: "name", "name?" (may be left out), "name..." (any number, the last), with what else holds
-- after a colon: "shape: cpu" is read as numbers and stays on the host, "mean: buffer" is no
-- parameter where it comes from an initialiser.
-- Attributes: a default, or op.int, op.ints, op.float, op.floats, op.string, op.strings, op.tensor,
-- op.graph, op.type for what has none; op.need.int and so on for what must be given. A name of an
-- attribute may also be an input's, where it became one in a later version.
-- Types that Tocha has not (types.lua): the first output is of the type of the first input that is
-- so marked, unless `types` is "own" (run marks) or "none" (int64 or bool results); "all": each
-- output.
-- `within_graph`: a.graph is the graph in which the node stands.
-- `fold = false`: never computed in advance (random, or larger than its inputs).

local core = require "tocha.core"
local types = require "tocha.onnx.types"

local registry <const> = { list = {}, by_name = {} }

-- Files of ops/.
local FAMILIES <const> = { "attention", "control", "conv", "convert", "elementwise", "gradient",
  "index", "linalg", "loss", "make", "ml", "norm", "pool", "quantize", "reduce", "resize", "rnn",
  "sequence", "shape", "signal", "text", "training", "vision" }

-- ---- declarations -------------------------------------------------------------------------------

local KINDS <const> = { "int", "ints", "float", "floats", "string", "strings", "tensor", "tensors",
  "graph", "type", "type_name", "sparse_tensor" }

local op <const> = { need = {} }
for _, kind in ipairs(KINDS) do
  op[kind], op.need[kind] = { kind = kind }, { kind = kind, required = true }
end

local function kind_of(default)
  if type(default) == "table" and default.kind then return default.kind end
  if type(default) == "table" then
    return math.type(default[1]) == "integer" and "ints"
      or type(default[1]) == "string" and "strings" or "floats"
  end
  return math.type(default) == "integer" and "int" or type(default) == "number" and "float"
    or "string"
end

local function parse_attributes(attributes)
  local list <const>, by_name <const> = {}, {}
  for name, default in pairs(attributes or {}) do
    local plain <const> = not (type(default) == "table" and default.kind)
    by_name[name] = { name = name, kind = kind_of(default), default = plain and default or nil,
      required = not plain and default.required }
    list[#list + 1] = by_name[name]
  end
  table.sort(list, function(x, y) return x.name < y.name end)
  return list, by_name
end

local function parse_inputs(text)
  local list <const> = {}
  for part in text:gmatch "[^,]+" do
    local name <const>, mark <const>, place <const> =
      part:match "^%s*([%w_]+)([?.]*)%s*:?%s*(%w*)%s*$"
    list[#list + 1] = { name = name, optional = mark ~= "", many = mark == "...", [place] = true }
  end
  return list
end

local function declare(name, decl)
  local domain <const>, short <const> = name:match "^(.-)%.?([^.]+)$"
  assert(not registry.by_name[name] and decl.run and decl.doc and decl.since, name)
  decl.name, decl.domain, decl.op_type = name, domain, short
  decl.inputs = parse_inputs(decl.inputs or "")
  decl.attributes, decl.attribute = parse_attributes(decl.attributes)
  registry.by_name[name], registry.list[#registry.list + 1] = decl, decl
end

setmetatable(op, { __call = function(_, name)
  return function(decl) declare(name, decl) end
end })
registry.op = op

--- op.fail(format, ...): an error of an operator; the node's name is put before it.
function op.fail(format, ...) core.fail("onnx", nil, format, ...) end

local function numbers_of(x)
  return x:numel() == 0 and {} or x:reshape { -1 }:cpu():totable()
end

local KEPT_MOST <const> = 64
local kept <const> = setmetatable({}, { __mode = "k" })  -- constant -> its numbers

--- registry.keep(x): x never changes; the numbers of a small one are read once, and not where steps
--- are recorded (tocha.graph).
function registry.keep(x)
  if x:numel() <= KEPT_MOST then kept[x] = numbers_of(x) end
end

--- op.list(x): the numbers of a small tensor as a list (of a scalar: one), of a list itself.
function op.list(x)
  if not core.is_tensor(x) then return x end
  local numbers <const> = kept[x]
  return numbers and table.move(numbers, 1, #numbers, 1, {}) or numbers_of(x)
end

--- op.number(x): the one number of a tensor, or nil for nil.
function op.number(x)
  local numbers <const> = kept[x]
  return numbers and numbers[1] or x and x:item()
end

--- op.axis(axis, ndim): Tocha's dimension, from 1, of an axis from 0 or from the end.
function op.axis(axis, ndim)
  local dim <const> = axis < 0 and axis + ndim + 1 or axis + 1
  if dim < 1 or dim > math.max(ndim, 1) then
    op.fail("axis %d of a tensor with %d dimensions", axis, ndim)
  end
  return dim
end

--- op.axes(axes, ndim): the same for a list.
function op.axes(axes, ndim)
  local dims <const> = {}
  for k, axis in ipairs(axes) do dims[k] = op.axis(axis, ndim) end
  return dims
end

--- op.dtype(number): the type of a number of TensorProto.DataType; types.lua.
function op.dtype(number)
  return types.number(number) or op.fail("elements of type %s, which Tocha has not", number)
end

-- ---- look-up ------------------------------------------------------------------------------------

local loaded = false

--- registry.load(): reads all families. Returns the list of declarations.
function registry.load()
  if loaded then return registry.list end
  for _, family in ipairs(FAMILIES) do require("tocha.onnx.ops." .. family) end
  table.sort(registry.list, function(x, y) return x.name < y.name end)
  loaded = true
  return registry.list
end

local DEFAULT_DOMAINS <const> = { [""] = "", ["ai.onnx"] = "" }

--- registry.find(domain, op_type): its declaration, or nil.
function registry.find(domain, op_type)
  registry.load()
  domain = DEFAULT_DOMAINS[domain] or domain
  return registry.by_name[domain == "" and op_type or domain .. "." .. op_type]
end

-- ---- calls --------------------------------------------------------------------------------------

local is_tensor <const> = core.is_tensor

local function first_carried(args, n)
  for k = 1, n do
    local type_ <const> = is_tensor(args[k]) and types.carried(args[k])
    if type_ then return type_ end
  end
end

local function marked(decl, type_, k, x)
  if not is_tensor(x) or x.dtype ~= type_.dtype or types.carried(x) then return x end
  if k > 1 and decl.types ~= "all" then return x end
  return types.wrap(x, type_)
end

--- registry.call(decl, a, args, n): the outputs as a list.
function registry.call(decl, a, args, n)
  local results <const> = { decl.run(a, table.unpack(args, 1, n)) }
  if decl.types == "own" or decl.types == "none" then return results end
  local type_ <const> = first_carried(args, n)
  if type_ then
    for k, x in pairs(results) do results[k] = marked(decl, type_, k, x) end
  end
  return results
end

return registry
