-- A GraphProto or FunctionProto made ready to run: names checked, attributes read, what is to be
-- forgotten after each node known.
--
-- A graph is { name, inputs, outputs (names), initials (name -> tensor), nodes }, a node { decl or
-- body, a (attributes, see registry.lua), inputs, outputs, free, name, title, op_type }. Values
-- live in a scope, a table by name; that of a subgraph sees the one around it.

local core = require "tocha.core"
local attribute = require "tocha.onnx.attribute"
local info = require "tocha.onnx.info"
local registry = require "tocha.onnx.registry"
local tensor = require "tocha.onnx.tensor"

local graph <const> = {}

local DEEPEST <const> = 32  -- subgraphs within subgraphs, functions that call functions

-- ---- context ------------------------------------------------------------------------------------
-- c: { opsets (domain -> version), functions ("domain.name" -> proto), at (for external data),
-- run (shared by all nodes), given (attributes of the function around), depth }

local function inside(c, changes)
  if c.depth >= DEEPEST then core.fail("onnx", nil, "graphs within graphs, too deep") end
  changes.depth = c.depth + 1
  return setmetatable(changes, { __index = c })
end

local function opsets_of(imports)
  local opsets <const> = {}
  for _, each in ipairs(imports) do
    local domain <const> = each.domain == "ai.onnx" and "" or each.domain or ""
    opsets[domain] = each.version or 1
  end
  return opsets
end

local function title_of(proto)
  local name <const> = proto.name
  if not name or name == "" then return ("a node (%s)"):format(proto.op_type) end
  return ("node '%s' (%s)"):format(name, proto.op_type)
end

--- graph.message(title, problem): an error inside a node, named.
function graph.message(title, problem)
  local text <const> = tostring(problem):gsub("^.-(%[[%w_.]+%])", "%1", 1)
  return ("%s: %s"):format(title, (text:gsub("^%[onnx%] ", "")))
end

-- ---- attributes ---------------------------------------------------------------------------------

local function attribute_value(c, decl, proto, title)
  if proto.ref_attr_name and proto.ref_attr_name ~= "" then
    local given <const> = c.given and c.given[proto.ref_attr_name]
    return given
  end
  local wanted <const> = decl and decl.attribute[proto.name]
  if decl and not wanted then
    core.fail("onnx", nil, "%s: it has no attribute '%s'", title, tostring(proto.name))
  end
  local value <const> = attribute.value(proto, c.at, function(g) return graph.compile(c, g) end)
  if wanted and value ~= nil and not attribute.fits(value, wanted.kind) then
    core.fail("onnx", nil, "%s: attribute '%s' is no %s", title, proto.name, wanted.kind)
  end
  return value
end

local function read_attributes(c, decl, proto, title)
  local a <const> = {}
  for _, each in ipairs(decl and decl.attributes or {}) do a[each.name] = each.default end
  for _, each in ipairs(proto.attribute) do
    local value <const> = attribute_value(c, decl, each, title)
    if value ~= nil then a[each.name or ""] = value end
  end
  for _, each in ipairs(decl and decl.attributes or {}) do
    if each.required and a[each.name] == nil then
      core.fail("onnx", nil, "%s: attribute '%s' is missing", title, each.name)
    end
  end
  return a
end

-- ---- nodes --------------------------------------------------------------------------------------

local function trimmed(names)
  local n = #names
  while n > 0 and names[n] == "" do n = n - 1 end
  return table.move(names, 1, n, 1, {})
end

local function check_inputs(decl, inputs, title)
  local last <const> = decl.inputs[#decl.inputs]
  if #inputs > #decl.inputs and not (last and last.many) then
    core.fail("onnx", nil, "%s: takes at most %d inputs, got %d", title, #decl.inputs, #inputs)
  end
  for k, each in ipairs(decl.inputs) do
    if not each.optional and (inputs[k] == nil or inputs[k] == "") then
      core.fail("onnx", nil, "%s: input '%s' is missing", title, each.name)
    end
  end
end

local function check_opset(c, decl, title)
  local version <const> = c.opsets[decl.domain]
  if version and version < decl.since then
    core.fail("onnx", nil, "%s: it is there from version %d of the operator set, the model has %d",
      title, decl.since, version)
  end
  return version or decl.since
end

local function wants(outputs)
  local list <const> = {}
  for k, name in ipairs(outputs) do list[k] = name ~= "" end
  return list
end

local function operator_node(c, decl, proto, node)
  check_inputs(decl, node.inputs, node.title)
  node.decl = decl
  node.a = read_attributes(c, decl, proto, node.title)
  node.a.opset, node.a.run = check_opset(c, decl, node.title), c.run
  if decl.within_graph then node.a.graph = c.around end
  node.a.outputs, node.a.wants = #proto.output, wants(proto.output)
  return node
end

-- A function of the model: its body, with this node's attributes in it.
local function function_node(c, func, proto, node)
  local given <const> = read_attributes(c, nil, proto, node.title)
  for _, each in ipairs(func.attribute_proto) do
    if given[each.name] == nil then given[each.name] = attribute.value(each, c.at) end
  end
  local there <const> = inside(c, { given = given, opsets = opsets_of(func.opset_import) })
  node.body = graph.compile_function(there, func)
  if #node.inputs > #func.input then
    core.fail("onnx", nil, "%s: takes at most %d inputs, got %d", node.title, #func.input,
      #node.inputs)
  end
  return node
end

local function make_node(c, proto)
  local title <const> = title_of(proto)
  local domain <const> = proto.domain or ""
  local node <const> = { title = title, name = proto.name or "", op_type = proto.op_type,
    inputs = trimmed(proto.input), outputs = proto.output }
  local func <const> = c.functions[domain .. "." .. tostring(proto.op_type)]
  if func then return function_node(c, func, proto, node) end
  local decl <const> = registry.find(domain, tostring(proto.op_type))
  if not decl then
    core.fail("onnx", nil, "%s: there is no operator '%s'%s", title, tostring(proto.op_type),
      domain ~= "" and " of the domain " .. domain or "")
  end
  return operator_node(c, decl, proto, node)
end

-- ---- what is used where -------------------------------------------------------------------------

-- Names that a node's subgraphs use from around them.
local function add_captured(list, node)
  for key, value in pairs(node.a or {}) do
    if type(value) == "table" and value.captures and key ~= "graph" then
      for name in pairs(value.captures) do list[#list + 1] = name end
    end
  end
end

--- graph.used(node): the names that it reads, subgraphs included.
function graph.used(node)
  local list <const> = {}
  for _, name in ipairs(node.inputs) do
    if name ~= "" then list[#list + 1] = name end
  end
  add_captured(list, node)
  return list
end

-- After its last use a name is forgotten. `captures`: what is used and not made here.
local function plan_lives(g)
  local last <const>, made <const> = {}, {}
  for name in pairs(g.initials) do made[name] = true end
  for _, name in ipairs(g.inputs) do made[name] = true end
  g.captures = {}
  local function use(name)
    if not made[name] then g.captures[name] = true end
  end
  for k, node in ipairs(g.nodes) do
    for _, name in ipairs(graph.used(node)) do
      use(name)
      last[name] = k
    end
    for _, name in ipairs(node.outputs) do
      made[name] = true
      last[name] = last[name] or k
    end
  end
  for _, name in ipairs(g.outputs) do
    use(name)
    last[name] = nil
  end
  for name, k in pairs(last) do
    if not g.captures[name] and not g.initials[name] then
      g.nodes[k].free[#g.nodes[k].free + 1] = name
    end
  end
end

local function names_of(list)
  local names <const> = {}
  for k, each in ipairs(list) do names[k] = each.name or "" end
  return names
end

local function read_initials(c, proto)
  local initials <const>, order <const> = {}, {}
  local function put(name, x)
    if initials[name] == nil then order[#order + 1] = name end
    initials[name] = x
  end
  for _, each in ipairs(proto.initializer) do put(each.name or "", tensor.decode(each, c.at)) end
  for _, each in ipairs(proto.sparse_initializer) do
    put(each.values and each.values.name or "", tensor.decode_sparse(each, c.at))
  end
  return initials, order
end

local function compile_nodes(c, protos)
  local nodes <const> = {}
  for k, proto in ipairs(protos) do
    nodes[k] = make_node(c, proto)
    nodes[k].free = {}
  end
  return nodes
end

--- graph.compile(c, proto): a GraphProto.
function graph.compile(c, proto)
  local g <const> = { name = proto.name or "", output_info = {} }
  for k, each in ipairs(proto.output) do g.output_info[k] = info.of(each) end
  g.initials, g.initial_order = read_initials(c, proto)
  g.inputs, g.outputs = names_of(proto.input), names_of(proto.output)
  g.nodes = compile_nodes(inside(c, { around = g }), proto.node)
  plan_lives(g)
  return g
end

--- graph.compile_function(c, proto): a FunctionProto.
function graph.compile_function(c, proto)
  local g <const> = { name = proto.name or "", initials = {}, initial_order = {},
    inputs = proto.input, outputs = proto.output, nodes = compile_nodes(c, proto.node) }
  plan_lives(g)
  local unknown <const> = next(g.captures)
  if unknown then
    core.fail("onnx", nil, "function '%s': nothing makes '%s'", g.name, unknown)
  end
  return g
end

--- graph.of_model(model, at): the graph of a ModelProto, and the table `run` that its nodes share.
function graph.of_model(model, at)
  local functions <const> = {}
  for _, func in ipairs(model.functions) do
    functions[(func.domain or "") .. "." .. (func.name or "")] = func
  end
  local run <const> = { training = false }
  local c <const> = { opsets = opsets_of(model.opset_import), functions = functions, at = at,
    run = run, depth = 0 }
  local g <const> = graph.compile(c, model.graph)
  local unknown <const> = next(g.captures)
  if unknown then core.fail("onnx", nil, "nothing makes '%s'", unknown) end
  return g, run, c.opsets
end

return graph
