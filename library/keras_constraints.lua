---@meta tocha.keras.constraints
-- Written by `make annotations`; do not edit.

---keras.constraints: what a weight is brought to after each step of the optimiser. A member is
---called with the weight in Keras's layout and returns the new one. `axis` counts from 1: the
---dimensions along which norms are taken.
---@class tocha.keras.constraints
---@field kind string
---@field names table
local constraints = {}

---@return any ...
function constraints.MaxNorm(...) end

---@return any ...
function constraints.MinMaxNorm(...) end

---@return any ...
function constraints.NonNeg(...) end

---@return any ...
function constraints.UnitNorm(...) end

---family:define(name, args, compute, other names): compute(config, ...) is what a member does.
---@return any ...
function constraints.define(self, name, args, compute, others) end

---activations.get(spec): a function of a tensor, from a name, a function, a layer or nil.
---@return any ...
function constraints.get(spec, who) end

---@return any ...
function constraints.max_norm(...) end

---@return any ...
function constraints.min_max_norm(...) end

---@return any ...
function constraints.non_neg(...) end

---optimizers.serialize(optimizer): for files; nil for those that are not Keras's.
---@return any ...
function constraints.serialize(member, who) end

---@return any ...
function constraints.unit_norm(...) end

return constraints
