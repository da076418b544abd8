---@meta tocha.io.contents
-- Written by `make annotations`; do not edit.

---What is in a file of weights: its format, the tensors with their sizes, and the rest.
---
---Formats with a header (safetensors, GGUF) are listed without reading the tensors; others are
---loaded. Tables within tables become names with dots; what all names begin with ("state_dict.",
---"module.") can be taken off.
---@class tocha.io.contents
local contents = {}

---contents.common(names): what all of a list of names begin with, up to a dot, or "".
---@return any ...
function contents.common(names) end

---contents.flatten(object): the tensors in tables within tables, by names with dots, and what else
---there is, by such names. A network of Torch7 has the names of its state dict.
---@return any ...
function contents.flatten(object) end

---contents.load(path): the tensors by name, other values by name, the metadata, the format.
---@return any ...
function contents.load(path) end

---contents.names(tensors): their names, sorted as one would count the layers.
---@return any ...
function contents.names(tensors) end

---contents.of(path): { format, path, entries = list of { name, dtype, shape, bytes }, metadata,
---rest = other values by name }.
---@return any ...
function contents.of(path) end

return contents
