---@meta tocha.data.idx
-- Written by `make annotations`; do not edit.

---IDX, the format of MNIST: a big-endian header of type and sizes, then the values, row by row.
---
---    data.idx "train-images-idx3-ubyte.gz"      -- (60000, 28, 28), uint8
---    data.idx.save("x-idx2-float", x)
---@class tocha.data.idx
local idx = {}

---idx.load(path)
---data.idx(path): the tensor in an IDX file, or in one that gzip packed.
---@return any ...
function idx.load(path) end

---data.idx.save(path, x): dtypes uint8, int8, int16, int32, float32, float64.
---@return any ...
function idx.save(path, x) end

return idx
