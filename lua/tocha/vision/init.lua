-- tocha.vision: pictures. Files of them are in tocha.vision.io.

return require "tocha.lazy" ({}, { io = "tocha.vision.io" })
