-- SwapEMAWeights: validation, and the model that fit leaves, have averaged weights.

local signature = require "tocha.signature"
local Callback = require "tocha.train.callback"

local SwapEMAWeights <const> = Callback:extend "SwapEMAWeights"

--- train.SwapEMAWeights{decay = 0.999, warmup = false, use_buffers = false}: an optim.EMA that is
--- updated after every step of the optimiser. While the model is validated it holds the averages,
--- and keeps them when training has ended.
function SwapEMAWeights:new(...)
  signature.read("decay = 0.999, warmup = false, use_buffers = false", "SwapEMAWeights", self, ...)
end

-- Made when it is first needed: then the model's parameters have their sizes.
local function average(self)
  if not self.ema then
    self.ema = require("tocha.optim").EMA(self.model, { decay = self.decay, warmup = self.warmup,
      use_buffers = self.use_buffers })
    if self.saved then self.ema:load_state_dict(self.saved) end
  end
  return self.ema
end

function SwapEMAWeights:on_train_begin()
  if self.hook then self.hook.remove() end
  self.hook = self.model.optimizer:register_step_post_hook(function() average(self):update() end)
end

function SwapEMAWeights:on_test_begin() average(self):swap() end
function SwapEMAWeights:on_test_end() self.ema:restore() end

function SwapEMAWeights:on_train_end()
  self.hook.remove()
  self.hook = nil
  average(self):copy_to()
  self.ema, self.saved = nil, nil
end

function SwapEMAWeights:state_dict() return { ema = self.ema and self.ema:state_dict() or nil } end

function SwapEMAWeights:load_state_dict(dict)
  self.saved = dict.ema
  if self.ema and dict.ema then self.ema:load_state_dict(dict.ema) end
end

return SwapEMAWeights
