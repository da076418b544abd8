-- tocha.vision: pictures. Files of them are in tocha.vision.io, networks in tocha.vision.models.

return require "tocha.lazy" ({}, {
  datasets = "tocha.vision.datasets",
  draw = "tocha.vision.draw",
  io = "tocha.vision.io",
  models = "tocha.vision.models",
  ops = "tocha.vision.ops",
  transforms = "tocha.vision.transforms",
})
