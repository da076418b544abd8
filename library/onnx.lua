---@meta tocha.onnx
-- Written by `make annotations`; do not edit.

---tocha.onnx: models of the Open Neural Network Exchange, read and run, and written.
---
---    local net = tocha.onnx.load "resnet18.onnx"    -- an nn.Module: net(x), net:to "cuda", train
---    local y = net(x)
---    local out = tocha.onnx.run("resnet18.onnx", { input = x })    -- by name, no gradients
---    tocha.onnx.export(net, tocha.randn(1, 3, 32, 32), "mine.onnx")
---
---The operators are in docs/onnx-ops.md. Quantised, sparse and 8-bit floating tensors are held by
---value (types.lua).
---@class tocha.onnx
local onnx = {}

---onnx.export(net, example, path, {opset = 18, dynamic = true, batch_dim = 1, input_names = {},
---output_names = {}, name =, training = false}): writes what net(example) computes. The example
---is a tensor, a list of tensors (the arguments of net) or the sizes of one: {1, 3, 224, 224}.
---`dynamic`: batches may have any size, along `batch_dim` of each input (a number, or a list);
---otherwise that of the example. Weights are initialisers by their names in the state dict.
---The network is exported in evaluation mode unless `training` leaves it as it is.
---@return any ...
function onnx.export(net, example, path, given) end

---onnx.load(path): the model of a .onnx file as an nn.Module, in evaluation mode. `net.inputs`
---and `net.outputs` list { name, dtype, shape }, `net.metadata` has the file's texts; `net(x,
---...)` or `net { name = x }` computes; floating initialisers are parameters, under their names.
---Large weights may lie in files beside it.
---@return any ...
function onnx.load(path) end

---onnx.operators(): the declarations of all operators that are read, by name.
---@return any ...
function onnx.operators() end

---onnx.run(path or model, {name = tensor}): the outputs by name, without gradients.
---@return any ...
function onnx.run(model, inputs) end

---onnx.weights(path): the initialisers of a file and its constants that are weights, name ->
---tensor, and its metadata.
---@return any ...
function onnx.weights(path) end

return onnx
