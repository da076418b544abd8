-- tocha.optim: optimisers. A file per family; this is the table of contents.

local optim <const> = { Optimizer = require "tocha.optim.optimizer" }

local FAMILIES <const> = { "sgd", "adam", "adaptive" }

for _, family in ipairs(FAMILIES) do
  for name, class in pairs(require("tocha.optim." .. family)) do optim[name] = class end
end

return optim
