-- keras.callbacks: tocha.train's, by the same names.

local train = require "tocha.train"

return setmetatable({}, { __index = function(_, name)
  local class <const> = train[name]
  if type(class) == "table" and (class.is_callback or name == "Callback") then return class end
end })
