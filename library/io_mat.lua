---@meta tocha.io.mat
-- Written by `make annotations`; do not edit.

---MATLAB's files of version 5 to 7 (.mat), read.
---
---    local variables = tocha.io.mat.load "train_32x32.mat"      -- variables.X, variables.y
---
---"MAT-File Format", MathWorks, chapter 1. What becomes of what:
---  numbers, logical   a tensor of the array's shape, which is at least (rows, columns); uint16 and
---                     uint32 are int32 and int64, which hold their values
---  complex            { real = tensor, imag = tensor }
---  char               a string; of several rows a list of strings
---  sparse             a dense tensor
---  cell               a list, down the columns, and its `shape`
---  struct             a table by field; an array of them a list, and its `shape`
---Objects and function handles are errors that name them, unless `only` leaves them out. Version
---7.3 is HDF5, and said to be. Sizes are checked before memory is taken.
---@class tocha.io.mat
local mat = {}

---io.mat.load(path, {only = nil, max_bytes = 2^28}): the variables of a MATLAB file of version 5
---to 7 by name. only(name) says which to read; one that would be unpacked to more than max_bytes
---is an error.
---@return any ...
function mat.load(path, options) end

return mat
