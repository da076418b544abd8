-- Keras's way to train a module: compile, fit, evaluate, predict. lua/tocha/train has them, and is
-- loaded when one is first called.

local trained <const> = {}

for _, name in ipairs { "compile", "fit", "predict" } do
  trained[name] = function(self, ...) return require("tocha.train").methods[name](self, ...) end
end

--- module:evaluate(): evaluation mode, as in Torch. With tensors, options or a data set: Keras's,
--- the loss and the metrics.
function trained.evaluate(self, ...)
  if select("#", ...) == 0 then return self:eval() end
  return require("tocha.train").methods.evaluate(self, ...)
end

return trained
