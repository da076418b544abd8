---@meta tocha.format
-- Written by `make annotations`; do not edit.

---Tensors as text: aligned columns, one common format a tensor, and a last line with dtype, size
---and device, as Torch had it:
---
---   0.8147  0.9058
---   0.1270  0.9134
---  [float32 tensor of size 2x2 on cpu]
---
---More than two dimensions are blocks headed by their index, "(1,2,.,.) =". A tensor of more than
---`threshold` elements shows `edgeitems` at each end of every dimension. A tensor without
---dimensions reads as its number.
---@class tocha.format
local format = {}

---tocha.set_printoptions { precision =, threshold =, edgeitems =, linewidth = }: digits after the
---point, elements from which a tensor is summarised, elements shown at its edges, columns.
---"default" restores all; what is not named stays. Returns the settings.
---@return any ...
function format.set_printoptions(options) end

---format.tensor(x)
---The text of a tensor: what `print(x)` shows.
---@return tocha.Tensor
function format.tensor(x) end

return format
