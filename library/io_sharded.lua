---@meta tocha.io.sharded
-- Written by `make annotations`; do not edit.

---safetensors in several files: an index says which tensor lies in which.
---
---    {"metadata": {...}, "weight_map": {"name": "model-00001-of-00002.safetensors", ...}}
---
---Only the files and the tensors that are asked for are read. sharded.save writes such files.
---@class tocha.io.sharded
local sharded = {}

---sharded.header(path of the index): what is in the files, without reading the tensors: a list of
---{ name, dtype, shape, bytes }, and the index's metadata.
---@return any ...
function sharded.header(path) end

---sharded.load(path of the index, {device = "cpu", only = nil}): name -> tensor, and the index's
---metadata. `only` may be a function of the name that says which tensors to read.
---@return any ...
function sharded.load(path, options) end

---sharded.names(path of the index): the list of the tensors' names, sorted.
---@return any ...
function sharded.names(path) end

---sharded.save(path, tensors, {max_shard_size = 5e9, metadata = nil}): `path` is the index's,
---"model.safetensors.index.json"; "model-00001-of-00003.safetensors" and so on, each of at most so
---many bytes (or of one tensor), lie beside it, as Hugging Face's transformers read them. Files of
---an earlier save that had another number of parts stay.
---@return any ...
function sharded.save(path, tensors, options) end

return sharded
