---@meta tocha.help
-- Written by `make annotations`; do not edit.

---tocha.help(x): what something is, by itself or by its name: of an operation the signature,
---arguments, formula and an example; of a function or class what its source says above it; of a
---room what is in it. Prints it.
---@class tocha.help
local help = {}

---help.find(path): the value that "nn.Linear", "tocha.nn.Linear", "x.weight" or "softmax" names.
---@return any ...
function help.find(path) end

---help.text(x): what tocha.help prints. A string is a name, any other value itself.
---@return any ...
function help.text(x) end

return help
