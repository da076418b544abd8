-- tocha.optim: optimisers, schedules of learning rates, averages of weights. A file per family;
-- this is the table of contents. What stands in a room of its own loads when it is named.

local lazy = require "tocha.lazy"

local optim <const> = { Optimizer = require "tocha.optim.optimizer" }

local FAMILIES <const> = {
  "sgd", "adam", "adaptive", "lion", "adafactor", "muon", "lbfgs", "cg",
}
local ROOMS <const> = {
  lr_scheduler = "tocha.optim.lr_scheduler", swa_utils = "tocha.optim.swa_utils",
  EMA = "tocha.optim.ema", find_lr = "tocha.optim.find_lr",
}

for _, family in ipairs(FAMILIES) do
  for name, class in pairs(require("tocha.optim." .. family)) do optim[name] = class end
end

return lazy(optim, ROOMS)
