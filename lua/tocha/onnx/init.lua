-- tocha.onnx: models of the Open Neural Network Exchange, read and run, and written.
--
--     local net = tocha.onnx.load "resnet18.onnx"    -- an nn.Module: net(x), net:to "cuda", train
--     local y = net(x)
--     local out = tocha.onnx.run("resnet18.onnx", { input = x })    -- by name, no gradients
--     tocha.onnx.export(net, tocha.randn(1, 3, 32, 32), "mine.onnx")
--
-- The operators are in docs/onnx-ops.md. Quantised, sparse and 8-bit floating tensors are held by
-- value (types.lua).

local core = require "tocha.core"
local files = require "tocha.io.file"
local lazy = require "tocha.lazy"
local registry = require "tocha.onnx.registry"
local schema = require "tocha.onnx.schema"
local tensor = require "tocha.onnx.tensor"

local onnx <const> = {}

local function read_model(who, path)
  local model <const>, problem <const> = schema.decode("ModelProto", files.read(who, path))
  if not model then core.fail(who, 1, "%s is no ONNX file: %s", path, problem) end
  if not model.graph then core.fail(who, 1, "%s is no ONNX file: it has no graph", path) end
  return model
end

--- onnx.load(path): the model of a .onnx file as an nn.Module, in evaluation mode. `net.inputs`
--- and `net.outputs` list { name, dtype, shape }, `net.metadata` has the file's texts; `net(x,
--- ...)` or `net { name = x }` computes; floating initialisers are parameters, under their names.
--- Large weights may lie in files beside it.
function onnx.load(path)
  return require "tocha.onnx.model"(read_model("onnx.load", path), { path = path })
end

--- onnx.run(path or model, {name = tensor}): the outputs by name, without gradients.
function onnx.run(model, inputs)
  if type(model) == "string" then model = onnx.load(model) end
  return model:run(inputs)
end

-- Weights in nodes and in graphs within nodes, where the operators are known: see model.lua.
local function add_constants(dict, path)
  local ok <const>, net <const> = pcall(onnx.load, path)
  if not ok then return end
  for name, x in pairs(net:state_dict()) do
    if not dict[name] then dict[name] = x:detach() end
  end
end

--- onnx.weights(path): the initialisers of a file and its constants that are weights, name ->
--- tensor, and its metadata.
function onnx.weights(path)
  local model <const>, dict <const> = read_model("load", path), {}
  for _, proto in ipairs(model.graph.initializer) do
    dict[proto.name or ""] = tensor.decode(proto, { path = path })
  end
  add_constants(dict, path)
  local metadata <const> = {}
  for _, pair in ipairs(model.metadata_props) do metadata[pair.key or ""] = pair.value end
  return dict, metadata
end

--- onnx.operators(): the declarations of all operators that are read, by name.
function onnx.operators() return registry.load() end

return lazy(onnx, { export = { "tocha.onnx.export", "export" } })
