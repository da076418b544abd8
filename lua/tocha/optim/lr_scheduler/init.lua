-- tocha.optim.lr_scheduler: schedules of learning rates. A file per family; this is the table of
-- contents.

local lr_scheduler <const> = { LRScheduler = require "tocha.optim.lr_scheduler.scheduler" }

local FAMILIES <const> = { "plain", "cosine", "warmup", "cycle", "plateau", "compound" }

for _, family in ipairs(FAMILIES) do
  for name, class in pairs(require("tocha.optim.lr_scheduler." .. family)) do
    lr_scheduler[name] = class
  end
end

return lr_scheduler
