---@meta tocha.io.gguf
-- Written by `make annotations`; do not edit.

---GGUF, the files of llama.cpp and its relatives: metadata and tensors.
---
---Versions 2 and 3, little-endian. Sizes are turned round, so that shapes read as in PyTorch.
---Quantised tensors (Q4_0 to Q8_1, Q2_K to Q8_K, IQ4_NL, IQ4_XS) become float32; those of other
---types are refused by name, unless `only` leaves them out. See ggml's docs/gguf.md.
---@class tocha.io.gguf
local gguf = {}

---gguf.header(path): what is in a file: a list of { name, shape, kind = ggml's number, dtype =
---Tocha's or ggml's name ("Q4_K"), bytes }, and the metadata.
---@return any ...
function gguf.header(path) end

---gguf.load(path, {device = "cpu", only = nil, dtype = "float32"}): name -> tensor, and the
---metadata. `only` may be a function of the name that says which tensors to read; `dtype` is what
---quantised tensors become ("float16" takes half of the memory).
---@return any ...
function gguf.load(path, options) end

---gguf.save(path, tensors, {metadata = nil, dtype = nil}): `tensors` is name -> tensor of at most
---four dimensions, `metadata` texts, numbers, booleans and lists of them by name. dtype = "q8_0":
---floating-point matrices whose rows are multiples of 32 are quantised to 8 bits. bool and uint8
---become wider integers. The same tensors give the same bytes.
---@return any ...
function gguf.save(path, tensors, options) end

return gguf
