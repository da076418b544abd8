-- tocha.vision: pictures. Files of them are in tocha.vision.io.

return setmetatable({}, {
  __index = function(vision, name)
    if name ~= "io" then return nil end
    vision.io = require "tocha.vision.io"
    return vision.io
  end,
})
