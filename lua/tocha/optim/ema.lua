-- optim.EMA: an exponential moving average of a model's weights, kept beside it.
--
--     local ema = optim.EMA(net, {decay = 0.999})
--     optimizer:step(); ema:update()          -- in every step
--     do local _ <close> = ema:swap()         -- the model computes with the averages
--       evaluate(net)
--     end                                     -- and goes on with its own weights

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local Object = require "tocha.class"
local signature = require "tocha.signature"
local swa_utils = require "tocha.optim.swa_utils"

local EMA <const> = Object:extend "EMA"
local lerp <const> = core.kernel.foreach_lerp

local ARGS <const> = "model, decay = 0.999, warmup = false, use_buffers = false"

-- Floating tensors, in the order of their names.
local function tensors_of(model, use_buffers)
  local list, names <const> = model:parameters(), {}
  for name, p in model:named_parameters() do names[p] = name end
  if use_buffers then
    for name, b in model:named_buffers() do
      if b:is_floating_point() then list[#list + 1], names[b] = b, name end
    end
  end
  return list, names
end

--- optim.EMA(model, {decay = 0.999, warmup = false, use_buffers = false}): the averages begin as
--- the weights of now. With `warmup` the decay of step n is at most (1 + n) / (10 + n), so that
--- early weights are soon forgotten. use_buffers: floating buffers (running statistics) too.
function EMA:new(...)
  signature.read(ARGS, "EMA", self, ...)
  if type(self.model) ~= "table" or not self.model.is_module then
    core.fail("EMA", 1, "expected a module, got %s", type(self.model))
  end
  swa_utils.check_decay("EMA", self.decay)
  self.current, self.names = tensors_of(self.model, self.use_buffers)
  self.averages, self.updates, self.swapped = {}, 0, false
  for k, x in ipairs(self.current) do self.averages[k] = x:detach():clone() end
end

local function need_own_weights(self, what)
  if self.swapped then
    core.fail(what, nil, "the model holds the averages: call restore() first")
  end
end

--- ema:update(): averages = decay * averages + (1 - decay) * weights, in one pass.
function EMA:update()
  need_own_weights(self, "update")
  self.updates = self.updates + 1
  local n <const> = self.updates
  local decay <const> = self.warmup and math.min(self.decay, (1 + n) / (10 + n)) or self.decay
  lerp(self.averages, self.current, 1 - decay)
end

-- Values change places; the parameters stay the same tensors.
local function exchange(self)
  local _ <close> = autograd.no_grad()
  for k, x in ipairs(self.current) do
    local own <const> = x:detach():clone()
    x:copy_(self.averages[k])
    self.averages[k]:copy_(own)
  end
  self.swapped = not self.swapped
end

--- ema:swap(): the model holds the averages until restore(), or until the result is closed (`local
--- _ <close> = ema:swap()`). No update() meanwhile.
function EMA:swap()
  need_own_weights(self, "swap")
  exchange(self)
  return setmetatable({}, { __close = function() self:restore() end })
end

--- ema:restore(): the model holds its own weights again.
function EMA:restore()
  if self.swapped then exchange(self) end
end

--- ema:copy_to(model): the averages into another model of the same shape, or for good into its own.
function EMA:copy_to(model)
  need_own_weights(self, "copy_to")
  local _ <close> = autograd.no_grad()
  for k, x in ipairs((tensors_of(model or self.model, self.use_buffers))) do
    x:copy_(self.averages[k])
  end
end

--- ema:state_dict(): { updates, decay, averages by name }, for tocha.save.
function EMA:state_dict()
  need_own_weights(self, "state_dict")
  local dict <const> = { updates = self.updates, decay = self.decay, averages = {} }
  for k, x in ipairs(self.current) do dict.averages[self.names[x]] = self.averages[k] end
  return dict
end

local function check_dict(self, dict)
  if type(dict) ~= "table" or type(dict.averages) ~= "table"
    or math.type(dict.updates) ~= "integer" or type(dict.decay) ~= "number" then
    core.fail("load_state_dict", 1, "expected what state_dict() returned")
  end
  for _, x in ipairs(self.current) do
    local given <const> = dict.averages[self.names[x]]
    if not (core.is_tensor(given) and given:is_same_size(x)) then
      core.fail("load_state_dict", 1, "'%s' is missing or of another shape", self.names[x])
    end
  end
end

--- ema:load_state_dict(dict): goes on where the one that was saved stood.
function EMA:load_state_dict(dict)
  need_own_weights(self, "load_state_dict")
  check_dict(self, dict)
  self.updates, self.decay = dict.updates, dict.decay
  for k, x in ipairs(self.current) do self.averages[k]:copy_(dict.averages[self.names[x]]) end
end

function EMA:__tostring()
  return ("EMA(decay = %s), %d tensors, %d updates%s"):format(signature.text(self.decay),
    #self.current, self.updates, self.swapped and ", swapped in" or "")
end

return EMA
