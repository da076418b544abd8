---@meta tocha.io.sharded
-- Written by `make annotations`; do not edit.

---safetensors in several files: an index says which tensor lies in which.
---
---    {"metadata": {...}, "weight_map": {"name": "model-00001-of-00002.safetensors", ...}}
---
---Only the files and the tensors that are asked for are read.
---@class tocha.io.sharded
local sharded = {}

---sharded.load(path of the index, {device = "cpu", only = nil}): name -> tensor, and the index's
---metadata. `only` may be a function of the name that says which tensors to read.
---@return any ...
function sharded.load(path, options) end

---sharded.names(path of the index): the list of the tensors' names, sorted.
---@return any ...
function sharded.names(path) end

return sharded
