---@meta tocha.keras.regularizers
-- Written by `make annotations`; do not edit.

---keras.regularizers: what is added to the loss for a weight, or for a layer's output.
---@class tocha.keras.regularizers
---@field kind string
---@field names table
local regularizers = {}

---@return any ...
function regularizers.L1(...) end

---@return any ...
function regularizers.L1L2(...) end

---@return any ...
function regularizers.L2(...) end

---@return any ...
function regularizers.OrthogonalRegularizer(...) end

---family:define(name, args, compute, other names): compute(config, ...) is what a member does.
---@return any ...
function regularizers.define(self, name, args, compute, others) end

---activations.get(spec): a function of a tensor, from a name, a function, a layer or nil.
---@return any ...
function regularizers.get(spec, who) end

---@return any ...
function regularizers.l1(...) end

---@return any ...
function regularizers.l1_l2(...) end

---@return any ...
function regularizers.l2(...) end

---@return any ...
function regularizers.orthogonal(...) end

---@return any ...
function regularizers.orthogonal_regularizer(...) end

---optimizers.serialize(optimizer): for files; nil for those that are not Keras's.
---@return any ...
function regularizers.serialize(member, who) end

return regularizers
