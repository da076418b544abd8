---@meta tocha.keras.backend
-- Written by `make annotations`; do not edit.

---keras.backend: a few of its functions that notebooks use.
---@class tocha.keras.backend
local backend = {}

---@return any ...
function backend.backend() end

---backend.clear_session(): automatic names begin anew.
---@return any ...
function backend.clear_session() end

---@return any ...
function backend.epsilon() end

---@return any ...
function backend.floatx() end

---backend.get_value(model.optimizer, "lr"), get_value(x)
---@return any ...
function backend.get_value(object, name) end

---@return any ...
function backend.image_data_format() end

---backend.set_value(model.optimizer, "lr", 0.1): what Keras writes set_value(model.optimizer.lr,
---0.1). For a tensor set_value(x, value), value a number or a tensor.
---@return any ...
function backend.set_value(object, name, value) end

return backend
