---@meta tocha.io.safetensors
-- Written by `make annotations`; do not edit.

---safetensors: named tensors in one file. https://github.com/huggingface/safetensors
---
---Eight bytes say how long the header is; the header is JSON, name -> {dtype, shape, data_offsets};
---then come the bytes. Nothing in such a file is executed. What comes from outside is checked
---before it is used: the header against the size of the file, each tensor's bytes against its
---shape, and all of them together must cover the file without holes. Files are written beside and
---renamed.
---@class tocha.io.safetensors
local safetensors = {}

---safetensors.header(path): what is in a file, without reading the tensors: a list of
---{ name, dtype, shape, first, bytes } and the metadata.
---@return any ...
function safetensors.header(path) end

---safetensors.load(path, {device = "cpu", only = nil}): name -> tensor, and the metadata (string
--- -> string). `only` may be a function of the name that says which tensors to read.
---@return any ...
function safetensors.load(path, options) end

---safetensors.save(path, tensors, metadata, options): `tensors` is name -> tensor,
---`metadata` string -> string. The same tensors give the same bytes. A crash on the way leaves the
---old file as it was; options as file.replace has them ({sync = true} waits for the disk), and
---`watch`, a function called with each tensor that is written.
---@return any ...
function safetensors.save(path, tensors, metadata, options) end

return safetensors
