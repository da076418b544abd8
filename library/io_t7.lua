---@meta tocha.io.t7
-- Written by `make annotations`; do not edit.

---Torch7's .t7 files, binary and ASCII, read and written.
---
---Numbers, strings, booleans and tables come as they are, tensors and storages as tensors (views
---of one storage share it), objects of other classes as tables with their fields and the name of
---the class in `torch_typename`. Functions are left out: nothing in a file is executed. Binary
---files are those of 64-bit little-endian machines.
---@class tocha.io.t7
local t7 = {}

---t7.load(path, {device = "cpu"}): the object in a file. Integral numbers become integers.
---@return any ...
function t7.load(path, options) end

---t7.matches(head): may these be the first bytes of a file?
---@return any ...
function t7.matches(head) end

---t7.network(object): what t7.load gave for a network of Torch7's nn as a module of tocha.nn, with
---its weights, in evaluation mode: see tocha.io.t7_network.
---@return any ...
function t7.network(object) end

---t7.save(path, object, {ascii = false}): numbers, strings, booleans, tensors and tables of them,
---for Torch7's torch.load; a table with a `torch_typename` is an object of that class.
---@return any ...
function t7.save(path, object, options) end

---t7.state_dict(network): name -> tensor of what t7.load gave for a network of Torch7's nn, with
---the names that an nn.Sequential of the same modules has here.
---@return table<string, any>
function t7.state_dict(network) end

return t7
