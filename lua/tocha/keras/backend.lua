-- keras.backend: a few of its functions that notebooks use.

local layer = require "tocha.keras.layer"

local backend <const> = {}

--- backend.clear_session(): automatic names begin anew.
function backend.clear_session() layer.reset_names() end

function backend.image_data_format() return "channels_last" end
function backend.epsilon() return 1e-7 end
function backend.floatx() return "float32" end
function backend.backend() return "tocha" end

--- backend.set_value(model.optimizer, "lr", 0.1): what Keras writes set_value(model.optimizer.lr,
--- 0.1). For a tensor set_value(x, value), value a number or a tensor.
function backend.set_value(object, name, value)
  if value == nil then object:detach():copy_(name) else object[name] = value end
end

--- backend.get_value(model.optimizer, "lr"), get_value(x)
function backend.get_value(object, name)
  if name then return object[name] end
  return object:numel() == 1 and object:item() or object:totable()
end

return backend
