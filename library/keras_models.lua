---@meta tocha.keras.models
-- Written by `make annotations`; do not edit.

---keras.models: models, and models from files and configurations.
---@class tocha.keras.models
---@field Model tocha.keras.Model.class
---@field Sequential tocha.keras.Sequential.class
local models = {}

---models.clone_model(model): the same layers with new weights.
---@return any ...
function models.clone_model(original) end

---saving.load_model(path, {compile = true, custom_objects = {}}): a model of model:save, or one
---that Keras saved, as .keras or .h5 (which comes without its optimiser: compile it).
---@return any ...
function models.load_model(path, options) end

---models.model_from_config(config, custom)
---models.model_from_json(text), model_from_config(config)
---@return any ...
function models.model_from_config(config, custom) end

---models.model_from_json(text), model_from_config(config)
---@return any ...
function models.model_from_json(text, options) end

---models.save_model(model, path)
---saving.save(model, path)
---@return any ...
function models.save_model(model, path) end

return models
