---@meta tocha.keras.optimizers.schedules
-- Written by `make annotations`; do not edit.

---keras.optimizers.schedules: learning rates by the number of steps done, as objects that
---optimisers take in the place of a number.
---@class tocha.keras.optimizers.schedules
local schedules = {}

---@return any ...
function schedules.CosineDecay(...) end

---@return any ...
function schedules.CosineDecayRestarts(...) end

---@return any ...
function schedules.ExponentialDecay(...) end

---@return any ...
function schedules.InverseTimeDecay(...) end

---@return any ...
function schedules.PiecewiseConstantDecay(...) end

---@return any ...
function schedules.PolynomialDecay(...) end

return schedules
