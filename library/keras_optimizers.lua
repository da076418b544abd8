---@meta tocha.keras.optimizers
-- Written by `make annotations`; do not edit.

---keras.optimizers: by Keras's names, defaults and numerics.
---
---    local adam = keras.optimizers.Adam(0.001)
---    model:compile{ optimizer = adam, loss = "mse" }       -- or optimizer = "adam"
---    adam.learning_rate = 1e-4                             -- also model.optimizer.lr
---
---An optimiser is made before the model it is for; compile binds it to the model's parameters.
---Beside its own options each takes weight_decay (taken off the parameters), clipnorm (of each
---gradient), global_clipnorm (of all together), clipvalue. A learning rate may be one of
---keras.optimizers.schedules. `lr` and `decay` are understood as in 2017.
---@class tocha.keras.optimizers
---@field schedules tocha.keras.optimizers.schedules
local optimizers = {}

---@return any ...
function optimizers.Adadelta(...) end

---@return any ...
function optimizers.Adagrad(...) end

---@return any ...
function optimizers.Adam(...) end

---@return any ...
function optimizers.AdamW(...) end

---@return any ...
function optimizers.Adamax(...) end

---@return any ...
function optimizers.Ftrl(...) end

---@return any ...
function optimizers.Lamb(...) end

---@return any ...
function optimizers.Lion(...) end

---@return any ...
function optimizers.Nadam(...) end

---@return any ...
function optimizers.RMSprop(...) end

---@return any ...
function optimizers.SGD(...) end

---optimizers.get(spec): from a name, {name, option = ...}, { class_name =, config = }; an
---optimiser of tocha.optim too.
---@return any ...
function optimizers.get(spec) end

---optimizers.serialize(optimizer): for files; nil for those that are not Keras's.
---@return any ...
function optimizers.serialize(optimizer) end

return optimizers
