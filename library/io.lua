---@meta tocha.io
-- Written by `make annotations`; do not edit.

---tocha.io: files. tocha.save and tocha.load are here.
---
---tocha.load tells the formats of other tools apart by what is in a file: see tocha.io.formats.
---tocha.save writes those of other tools by the ending of the name, and safetensors otherwise. A
---table of tensors by name, such as a state dict, is written as a plain safetensors file, which
---any other reader takes. Nested tables with numbers, strings and booleans among the tensors (a
---checkpoint: {model = net:state_dict(), optim = optimiser:state_dict(), epoch = 3}) are written as
---safetensors too: the tensors under their paths, the rest as JSON in the metadata.
---@class tocha.io
---@field contents tocha.io.contents
---@field darknet tocha.io.darknet
---@field gguf tocha.io.gguf
---@field hdf5 tocha.io.hdf5
---@field json tocha.io.json
---@field mat tocha.io.mat
---@field npy table
---@field npz table
---@field pytorch tocha.io.pytorch
---@field safetensors tocha.io.safetensors
---@field sharded tocha.io.sharded
---@field t7 tocha.io.t7
---@field tfjs tocha.io.tfjs
local io = {}

---tocha.io.convert(input, output, {dtype = nil, rename = nil, only = nil, keep_prefix = false,
---network = nil, force = false, watch = nil}): the tensors of a file of any format into one whose
---format its ending says (as for tocha.save). dtype: of floating-point tensors ("float16"; for
---GGUF also "q8_0"). rename: a list of { Lua pattern, replacement }; only: a Lua pattern of the
---names that are wanted. What all names begin with is taken off unless keep_prefix. network: a
---module that loads the file first, so that names and layouts are those of its state dict (of
---TensorFlow's kernels, too). For .onnx the network is the file's own (Torch7's, Keras's) or the
---one given, and `input` the sizes of its input. watch(x) is called with each tensor written.
---Returns { format, output, rows = list of { name, from, shape, dtype, was, bytes }, left = names
---of what is no tensor }.
---@return any ...
function io.convert(input, output, options) end

---tocha.load(path, {device = "cpu", only = nil}): what tocha.save wrote, or weights of another
---tool, told apart by what is in the file: safetensors (also in several files, by the index or the
---folder), PyTorch's .pt and .pth, NumPy's .npy and .npz, Keras's .h5 and .keras, ONNX,
---TensorFlow.js's model.json, Torch7's .t7, GGUF, Darknet's .weights (with {cfg = path}). Name ->
---tensor, or the object that was saved. The second result is the file's metadata. `only`, a
---function of the name, says which tensors to read of safetensors, GGUF and HDF5.
---@return any ...
function io.load(path, options) end

---tocha.save(object, path, options): tensors, numbers, strings and booleans in nested tables. The
---ending decides: .pt and .pth for PyTorch, .t7 for Torch7, .npz for NumPy (.npy of one tensor),
---.gguf, .h5 (HDF5), .safetensors.index.json for several files; all others are safetensors, and
---so is all with {format = "safetensors"}; endings of what is only read (.mat, .weights) are
---errors. {sync = true} waits until the disk has it.
---@return any ...
function io.save(object, path, options) end

return io
