---@meta tocha.io.gguf
-- Written by `make annotations`; do not edit.

---GGUF, the files of llama.cpp and its relatives: metadata and tensors of plain dtypes.
---
---Versions 2 and 3, little-endian. Sizes are turned round, so that shapes read as in PyTorch.
---Quantised tensors are refused by name, unless `only` leaves them out. See ggml's docs/gguf.md.
---@class tocha.io.gguf
local gguf = {}

---gguf.header(path): what is in a file: a list of { name, shape, kind, dtype or nil }, and the
---metadata.
---@return any ...
function gguf.header(path) end

---gguf.load(path, {device = "cpu", only = nil}): name -> tensor, and the metadata. `only` may be a
---function of the name that says which tensors to read.
---@return any ...
function gguf.load(path, options) end

return gguf
