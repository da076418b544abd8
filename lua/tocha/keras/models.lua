-- keras.models: models, and models from files and configurations.

local model = require "tocha.keras.model"
local saving = require "tocha.keras.saving"

return {
  Sequential = model.Sequential, Model = model.Model, load_model = saving.load_model,
  --- models.clone_model(model): the same layers with new weights.
  clone_model = function(original) return saving.from_config(saving.config(original)) end,
  --- models.save_model(model, path), load_model(path, {compile = true, custom_objects = {}})
  save_model = saving.save,
  --- models.model_from_json(text), model_from_config(config)
  model_from_json = saving.from_json, model_from_config = saving.from_config,
}
