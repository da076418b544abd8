---@meta tocha.keras.initializers
-- Written by `make annotations`; do not edit.

---keras.initializers: starting values of weights, by Keras's names and defaults. A member is called
---with the shape of the weight in Keras's layout (..., inputs, outputs), and a dtype.
---
---{seed = n} gives the same values each time; without it they come from tocha's generator.
---@class tocha.keras.initializers
---@field kind string
---@field names table
local initializers = {}

---@return any ...
function initializers.Constant(...) end

---@return any ...
function initializers.GlorotNormal(...) end

---@return any ...
function initializers.GlorotUniform(...) end

---@return any ...
function initializers.HeNormal(...) end

---@return any ...
function initializers.HeUniform(...) end

---@return any ...
function initializers.Identity(...) end

---@return any ...
function initializers.LecunNormal(...) end

---@return any ...
function initializers.LecunUniform(...) end

---@return any ...
function initializers.Ones(...) end

---@return any ...
function initializers.Orthogonal(...) end

---@return any ...
function initializers.RandomNormal(...) end

---@return any ...
function initializers.RandomUniform(...) end

---@return any ...
function initializers.TruncatedNormal(...) end

---@return any ...
function initializers.VarianceScaling(...) end

---@return any ...
function initializers.Zeros(...) end

---@return any ...
function initializers.constant(...) end

---family:define(name, args, compute, other names): compute(config, ...) is what a member does.
---@return any ...
function initializers.define(self, name, args, compute, others) end

---activations.get(spec): a function of a tensor, from a name, a function, a layer or nil.
---@return any ...
function initializers.get(spec, who) end

---@return any ...
function initializers.glorot_normal(...) end

---initializers.glorot_uniform(...)
---layer.options("kernel", "glorot_uniform"): the arguments of a weight, as part of a signature.
---@return any ...
function initializers.glorot_uniform(...) end

---@return any ...
function initializers.he_normal(...) end

---@return any ...
function initializers.he_uniform(...) end

---@return any ...
function initializers.identity(...) end

---@return any ...
function initializers.lecun_normal(...) end

---@return any ...
function initializers.lecun_uniform(...) end

---@return any ...
function initializers.normal(...) end

---@return any ...
function initializers.one(...) end

---@return any ...
function initializers.ones(...) end

---@return any ...
function initializers.orthogonal(...) end

---@return any ...
function initializers.random_normal(...) end

---@return any ...
function initializers.random_uniform(...) end

---optimizers.serialize(optimizer): for files; nil for those that are not Keras's.
---@return any ...
function initializers.serialize(member, who) end

---@return any ...
function initializers.truncated_normal(...) end

---@return any ...
function initializers.uniform(...) end

---@return any ...
function initializers.variance_scaling(...) end

---@return any ...
function initializers.zero(...) end

---@return any ...
function initializers.zeros(...) end

return initializers
