-- tocha.onnx.export: a network as an ONNX file.
--
--     tocha.onnx.export(net, tocha.randn(1, 3, 224, 224), "net.onnx")
--
-- The network runs on the example, twice for a batch of any size; what it computes becomes nodes
-- (export_trace.lua, export_sizes.lua), by the tables of forms (export_pointwise.lua,
-- export_shape.lua, export_layers.lua). What has no form there is followed into its definition, and
-- where that ends, an error names the layer and the operation. Ids and places count from 1 in the
-- file, as they do here.

local core = require "tocha.core"
local files = require "tocha.io.file"
local is_module = require "tocha.nn.module".is_instance
local ops = require "tocha.op".ops
local new_graph = require "tocha.onnx.export_graph"
local schema = require "tocha.onnx.schema"
local sizes = require "tocha.onnx.export_sizes"
local trace = require "tocha.onnx.export_trace"

local OLDEST <const>, NEWEST <const> = 18, 25

-- ---- the forms ----------------------------------------------------------------------------------

local forms <const> = {}
for _, family in ipairs { "pointwise", "shape", "layers" } do
  for name, form in pairs(require("tocha.onnx.export_" .. family)) do
    assert(forms[name] == nil, name)
    forms[name] = type(form) == "table" and form or { form = form }
  end
end

-- Is there one for these arguments, at this version?
local function has_form(opset)
  return function(name, args)
    local entry <const> = forms[name]
    if not entry or entry.since and opset < entry.since then return false end
    return not entry.when or entry.when(table.unpack(args, 1, args.n))
  end
end

-- ---- inputs -------------------------------------------------------------------------------------

local function made(shape, who)
  for _, size in ipairs(shape) do
    if math.type(size) ~= "integer" or size < 1 then
      core.fail(who, 2, "expected a tensor, a list of tensors or the sizes of one")
    end
  end
  return ops.randn(shape)
end

-- A tensor, a list of them, or the sizes of one.
local function inputs_of(example)
  if core.is_tensor(example) then return { example } end
  if type(example) ~= "table" or #example == 0 then
    core.fail("onnx.export", 2, "expected a tensor, a list of tensors or the sizes of one")
  end
  if not core.is_tensor(example[1]) then return { made(example, "onnx.export") } end
  return example
end

-- The examples with n rows along their batch dimension: the first one again and again.
local function resized(inputs, n, dims)
  local list <const> = {}
  for k, x in ipairs(inputs) do
    local rows <const>, dim <const> = {}, dims[k]
    for row = 1, n do rows[row] = x:narrow(dim, math.min(row, x:size(dim)), 1) end
    list[k] = ops.cat(rows, dim)
  end
  return list
end

local function batch_dims(options, inputs)
  local dims <const> = {}
  for k, x in ipairs(inputs) do
    local given <const> = options.batch_dim or 1
    dims[k] = type(given) == "table" and given[k] or given
    if math.type(dims[k]) ~= "integer" or dims[k] < 1 or dims[k] > x.ndim then
      core.fail("onnx.export", 4, "batch_dim: input %d has no dimension %s", k, tostring(dims[k]))
    end
  end
  return dims
end

-- ---- the trace ----------------------------------------------------------------------------------

local function traced(net, inputs, dims, options)
  local listed <const> = has_form(options.opset)
  if not options.dynamic then return sizes.fixed(trace.run(net, inputs, listed)) end
  local n <const> = math.max(inputs[1]:size(dims[1]), 2)
  local first <const> = trace.run(net, resized(inputs, n, dims), listed)
  return sizes.merge(first, trace.run(net, resized(inputs, n + 1, dims), listed), n)
end

-- While this is open the network is in evaluation mode, or as it is.
local function in_mode(net, training)
  local modes <const> = {}
  for k, m in ipairs(net:modules()) do modes[k] = { m, m.is_training } end
  if not training then net:eval() end
  return setmetatable(modes, { __close = function()
    for _, mode in ipairs(modes) do rawset(mode[1], "is_training", mode[2]) end
  end })
end

-- ---- the graph ----------------------------------------------------------------------------------

local function weight_names(net)
  local names <const> = {}
  net:visit(function(name, value, kind)
    if kind ~= "module" and core.is_tensor(value) then names[value] = names[value] or name end
  end)
  return names
end

-- A value of the trace that is used by nobody need not be computed.
local function used_calls(found)
  local used <const>, list <const> = {}, {}
  local function use(x)
    if trace.is_value(x) then used[x.id] = true
    elseif type(x) == "table" and not getmetatable(x) then
      for _, each in pairs(x) do use(each) end
    end
  end
  use(found.outputs)
  for k = #found.calls, 1, -1 do
    local call <const>, wanted = found.calls[k], false
    for _, value in ipairs(call.results) do wanted = wanted or used[value.id] end
    if wanted then
      use(call.args)
      table.insert(list, 1, call)
    end
  end
  return list
end

local function write_call(g, call)
  g.layer = call.layer
  local names <const> = table.pack(forms[call.name].form(g, call,
    table.unpack(call.args, 1, call.args.n)))
  for k, value in ipairs(call.results) do
    if names[k] then g:give(value, names[k]) end
  end
end

-- Outputs have names of their own; inputs and weights that come out again are copied.
local function named_outputs(g, found, given)
  local list <const> = {}
  g.layer = ""
  for k, x in ipairs(found.outputs) do
    local name <const> = g:fresh(given[k] or (k == 1 and "output" or "output_" .. k))
    g:put_out(g:of(x), name)
    list[k] = { name, trace.is_value(x) and x or { sizes = x.shape, dtype = x.dtype } }
  end
  return list
end

local function build(net, found, dims, options)
  local g <const> = new_graph(options.opset, weight_names(net))
  local inputs <const>, input_names <const> = {}, options.input_names or {}
  for k, value in ipairs(found.inputs) do
    local name <const> = g:fresh(input_names[k] or (k == 1 and "input" or "input_" .. k))
    g:give(value, name)
    inputs[k] = { name, value }
  end
  g.batch_source = { inputs[1][1], dims[1] }
  for _, call in ipairs(used_calls(found)) do write_call(g, call) end
  return g:model(options.name or getmetatable(net).__name, inputs,
    named_outputs(g, found, options.output_names or {}))
end

-- ---- what users call ----------------------------------------------------------------------------

local OPTIONS <const> = { opset = true, dynamic = true, batch_dim = true, training = true,
  input_names = true, output_names = true, name = true }

local function is_names(list)
  if type(list) ~= "table" then return false end
  for _, name in ipairs(list) do
    if type(name) ~= "string" then return false end
  end
  return true
end

local function read_options(given)
  local options <const> = { opset = OLDEST, dynamic = true }
  for name, value in pairs(given or {}) do
    if not OPTIONS[name] then
      core.fail("onnx.export", 4, "unknown option '%s' (there are: batch_dim, dynamic, "
        .. "input_names, name, opset, output_names, training)", tostring(name))
    end
    options[name] = value
  end
  if math.type(options.opset) ~= "integer" or options.opset < OLDEST or options.opset > NEWEST then
    core.fail("onnx.export", 4, "opset: expected %d to %d, got %s", OLDEST, NEWEST,
      tostring(options.opset))
  end
  for _, name in ipairs { "input_names", "output_names" } do
    if options[name] ~= nil and not is_names(options[name]) then
      core.fail("onnx.export", 4, "%s: expected a list of texts", name)
    end
  end
  return options
end

-- A name too many is one that was meant for something else.
local function check_names(options, name, list)
  local given <const> = options[name] or {}
  if #given > #list then
    core.fail("onnx.export", 4, "%s: %d names for %d", name, #given, #list)
  end
end

local export <const> = {}

--- onnx.export(net, example, path, {opset = 18, dynamic = true, batch_dim = 1, input_names = {},
--- output_names = {}, name =, training = false}): writes what net(example) computes. The example
--- is a tensor, a list of tensors (the arguments of net) or the sizes of one: {1, 3, 224, 224}.
--- `dynamic`: batches may have any size, along `batch_dim` of each input (a number, or a list);
--- otherwise that of the example. Weights are initialisers by their names in the state dict.
--- The network is exported in evaluation mode unless `training` leaves it as it is.
function export.export(net, example, path, given)
  if not is_module(net) then
    core.fail("onnx.export", 1, "expected a module, got %s", type(net))
  end
  local options <const>, inputs <const> = read_options(given), inputs_of(example)
  local dims <const> = options.dynamic and batch_dims(options, inputs) or { 1 }
  local found
  do
    local _ <close> = in_mode(net, options.training)
    found = traced(net, inputs, dims, options)
  end
  check_names(options, "input_names", found.inputs)
  check_names(options, "output_names", found.outputs)
  local model <const> = build(net, found, dims, options)
  files.replace("onnx.export", path, function(handle)
    for _, piece in ipairs(schema.pieces("ModelProto", model)) do assert(handle:write(piece)) end
  end)
end

--- export.forms: operation -> its form; for the test that sees them all.
export.forms = forms

return export
