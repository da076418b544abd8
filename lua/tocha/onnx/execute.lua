-- Runs a graph (graph.lua) in a scope: node after node, values forgotten after their last use.
--
-- Devices: what an operator reads as numbers (shapes, axes: "cpu" in its declaration) is brought to
-- the host, the rest of its tensors to the device of the one that is not on the host. Shapes and
-- what is computed from them alone so stay on the host. Constants are copied once to each device.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local graph = require "tocha.onnx.graph"
local registry = require "tocha.onnx.registry"
local types = require "tocha.onnx.types"

local execute <const> = {}
local is_tensor <const> = core.is_tensor

-- ---- devices ------------------------------------------------------------------------------------

local constants <const> = setmetatable({}, { __mode = "k" })  -- tensor -> device -> copy

--- execute.constant(x): x never changes; copies of it on other devices are kept. Returns x.
function execute.constant(x)
  if not constants[x] then
    constants[x] = {}
    registry.keep(x)
  end
  return x
end

--- execute.follow(x, copy): what is known of x beside its values holds for its copy.
function execute.follow(x, copy)
  types.mark(copy, types.of(x))
  if constants[x] then execute.constant(copy) end
end

local function carried_to(x, device)
  local y <const> = x:to(device)
  return types.mark(y, types.of(x))
end

local function moved(x, device)
  if x.device == device then return x end
  local copies <const> = constants[x]
  if not copies then return carried_to(x, device) end
  copies[device] = copies[device] or carried_to(x, device)
  return copies[device]
end

local function is_host(decl, k)
  local input <const> = decl.inputs[math.min(k, #decl.inputs)]
  return input ~= nil and input.cpu == true
end

local function device_of(decl, args, n)
  for k = 1, n do
    local x <const> = args[k]
    if is_tensor(x) and x.device ~= "cpu" and not is_host(decl, k) then return x.device end
  end
  return "cpu"
end

-- Every tensor where the operator wants it.
local function settle(decl, args, n)
  local device <const> = device_of(decl, args, n)
  for k = 1, n do
    local x <const> = args[k]
    if is_tensor(x) then args[k] = moved(x, is_host(decl, k) and "cpu" or device) end
  end
end

-- ---- nodes --------------------------------------------------------------------------------------

local function arguments(node, scope)
  local args <const>, n <const> = {}, #node.inputs
  for k = 1, n do
    local name <const> = node.inputs[k]
    if name ~= "" then args[k] = scope[name] end
  end
  return args, n
end

-- Attributes that are graphs run in the scope of this call.
local function bound(a, scope)
  return setmetatable({ scope = scope }, { __index = a })
end

local function outputs_of_operator(node, scope)
  local args <const>, n <const> = arguments(node, scope)
  local a <const> = node.a
  if a.run.device ~= "cpu" then settle(node.decl, args, n) end
  for k, input in ipairs(node.decl.inputs) do
    if args[k] == nil and not input.optional then
      core.fail("onnx", nil, "input '%s' has no value", input.name)
    end
  end
  return registry.call(node.decl, node.scoped and bound(a, scope) or a, args, n)
end

local function outputs_of_function(node, scope)
  local args <const> = arguments(node, scope)
  local inner <const> = {}
  for k, name in ipairs(node.body.inputs) do inner[name] = args[k] end
  return execute.nodes(node.body, inner)
end

local function run_node(node, scope)
  local results <const> = (node.body and outputs_of_function or outputs_of_operator)(node, scope)
  for k, name in ipairs(node.outputs) do
    if name ~= "" then scope[name] = results[k] end
  end
  for _, name in ipairs(node.free) do scope[name] = nil end
end

-- The node that is being run, for errors.
local current

--- execute.nodes(graph, scope): runs its nodes; the values of its outputs as a list.
function execute.nodes(g, scope)
  for name, x in pairs(g.initials) do
    if rawget(scope, name) == nil then scope[name] = x end
  end
  for _, node in ipairs(g.nodes) do
    current = node
    run_node(node, scope)
  end
  local results <const> = {}
  for k, name in ipairs(g.outputs) do results[k] = scope[name] end
  return results
end

--- execute.inside(graph, scope, args): a subgraph, in a scope within `scope`.
function execute.inside(g, scope, args)
  local inner <const> = setmetatable({}, { __index = scope })
  for k, name in ipairs(g.inputs) do inner[name] = args[k] end
  return execute.nodes(g, inner)
end

--- execute.run(graph, scope): as execute.nodes; an error names the node.
function execute.run(g, scope)
  current = nil
  local ok <const>, result <const> = pcall(execute.nodes, g, scope)
  if ok then return result end
  if not current then error(result, 0) end
  core.fail("onnx", nil, "%s", graph.message(current.title, result))
end

-- ---- in advance ---------------------------------------------------------------------------------

local FOLDED_MOST <const> = 1 << 12  -- elements of an input

local function is_small_constant(x)
  return is_tensor(x) and constants[x] ~= nil and x:numel() <= FOLDED_MOST
end

local function can_fold(node, g)
  if node.body or node.scoped or node.decl.fold == false then return false end
  for _, name in ipairs(node.inputs) do
    if name ~= "" and not is_small_constant(g.initials[name]) then return false end
  end
  return true
end

local function fold(node, g)
  local ok <const>, results <const> = pcall(outputs_of_operator, node, g.initials)
  if not ok then return false end
  for k, name in ipairs(node.outputs) do
    if name ~= "" and not is_tensor(results[k]) then return false end
  end
  for k, name in ipairs(node.outputs) do
    if name ~= "" then g.initials[name] = execute.constant(ops.alias(results[k])) end
  end
  return true
end

local function keep_nodes(g, takes)
  local nodes <const> = {}
  for _, node in ipairs(g.nodes) do
    if not takes(node) then nodes[#nodes + 1] = node end
  end
  g.nodes = nodes
end

--- execute.fold_constants(graph): Constant nodes become initialisers, in the graph's order.
function execute.fold_constants(g)
  keep_nodes(g, function(node)
    local is_constant <const> = node.decl and node.decl.name == "Constant" and fold(node, g)
    if is_constant then g.initial_order[#g.initial_order + 1] = node.outputs[1] end
    return is_constant
  end)
end

--- execute.fold(graph): nodes that need nothing but small constants become constants. An operator
--- that fails stays, to say so when the graph is run.
function execute.fold(g)
  keep_nodes(g, function(node) return can_fold(node, g) and fold(node, g) end)
end

return execute
