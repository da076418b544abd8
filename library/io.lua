---@meta tocha.io
-- Written by `make annotations`; do not edit.

---tocha.io: files. tocha.save and tocha.load are here.
---
---tocha.load tells the formats of other tools apart by what is in a file: see tocha.io.formats.
---A table of tensors by name, such as a state dict, is written as a plain safetensors file, which
---any other reader takes. Nested tables with numbers, strings and booleans among the tensors (a
---checkpoint: {model = net:state_dict(), optim = optimiser:state_dict(), epoch = 3}) are written as
---safetensors too: the tensors under their paths, the rest as JSON in the metadata.
---@class tocha.io
---@field darknet tocha.io.darknet
---@field gguf tocha.io.gguf
---@field json tocha.io.json
---@field pytorch tocha.io.pytorch
---@field safetensors tocha.io.safetensors
---@field sharded tocha.io.sharded
---@field t7 tocha.io.t7
---@field tfjs tocha.io.tfjs
local io = {}

---tocha.load(path, {device = "cpu"}): what tocha.save wrote, or weights of another tool, told
---apart by what is in the file: safetensors (also in several files, by the index or the folder),
---PyTorch's .pt and .pth, NumPy's .npy and .npz, TensorFlow.js's model.json, Torch7's .t7,
---GGUF, Darknet's .weights (with {cfg = path}). Name -> tensor, or the object that was saved. The
---second result is the file's metadata.
---@return any ...
function io.load(path, options) end

---tocha.save(object, path, options): tensors, numbers, strings and booleans in nested tables.
---{sync = true} waits until the disk has it.
---@return any ...
function io.save(object, path, options) end

return io
