---@meta tocha.keras.activations
-- Written by `make annotations`; do not edit.

---keras.activations: Keras's functions, by its names and numerics. What goes along a dimension
---(softmax, glu ...) goes along the last one.
---
---A softmax or sigmoid remembers what it was made of for as long as its result lives, so that
---losses can be computed from the logits, which is exact where probabilities round to 0 or 1.
---@class tocha.keras.activations
local activations = {}

---@return any ...
function activations.celu(x, alpha) end

---@return any ...
function activations.elu(x, alpha) end

---@return any ...
function activations.exponential(x) end

---@return any ...
function activations.gelu(x, approximate) end

---activations.get(spec): a function of a tensor, from a name, a function, a layer or nil.
---@return any ...
function activations.get(spec, who) end

---@return any ...
function activations.glu(x, axis) end

---@return any ...
function activations.hard_shrink(x) end

---@return any ...
function activations.hard_sigmoid(x) end

---@return any ...
function activations.hard_silu(x) end

---@return any ...
function activations.hard_swish(x) end

---@return any ...
function activations.hard_tanh(x) end

---activations.is_elementwise(f): may it see the dimensions in another order?
---@return boolean
function activations.is_elementwise(f) end

---@return any ...
function activations.leaky_relu(x, slope) end

---@return any ...
function activations.linear(x) end

---@return any ...
function activations.log_sigmoid(x) end

---@return any ...
function activations.log_softmax(x, axis) end

---activations.logits("softmax", y): x where y is the softmax of x, or nil; "sigmoid" likewise.
---@return any ...
function activations.logits(name, y) end

---@return any ...
function activations.mish(x) end

---relu(x, {negative_slope = 0, max_value = nil, threshold = 0})
---@return any ...
function activations.relu(x, options) end

---@return any ...
function activations.relu6(x) end

---@return any ...
function activations.selu(x) end

---activations.sigmoid(x)
---activations.logits("softmax", y): x where y is the softmax of x, or nil; "sigmoid" likewise.
---@return any ...
function activations.sigmoid(x) end

---@return any ...
function activations.silu(x) end

---@return any ...
function activations.soft_shrink(x) end

---activations.softmax(x, axis)
---activations.logits("softmax", y): x where y is the softmax of x, or nil; "sigmoid" likewise.
---@return any ...
function activations.softmax(x, axis) end

---@return any ...
function activations.softplus(x) end

---@return any ...
function activations.softsign(x) end

---@return any ...
function activations.sparse_plus(x) end

---@return any ...
function activations.sparse_sigmoid(x) end

---@return any ...
function activations.sparsemax(x, axis) end

---@return any ...
function activations.squareplus(x, b) end

---@return any ...
function activations.swish(x) end

---@return any ...
function activations.tanh(x) end

---@return any ...
function activations.tanh_shrink(x) end

---@return any ...
function activations.threshold(x, threshold, value) end

return activations
