-- What every schedule of learning rates shares: base rates, counting, saving.
--
--     local StepLR = LRScheduler:extend("StepLR", "step_size, gamma = 0.1")
--     function StepLR:next(lr, base, group) ... end      -- the rate of a group at self.last_epoch
--     function StepLR:closed(base) ... end               -- the same from the base rate alone
--
-- schedule = StepLR(optimiser, 30); schedule:step() after each epoch (or batch, as the schedule is
-- meant). As in PyTorch, `last_epoch` counts steps from 0; `next` changes the rate that is there,
-- so that several schedules may act on one optimiser. `closed`, where it exists, is used by
-- step(epoch).

local core = require "tocha.core"
local Object = require "tocha.class"
local deepcopy = require "tocha.deepcopy"
local signature = require "tocha.signature"
local Optimizer = require "tocha.optim.optimizer"

local LRScheduler <const> = Object:extend "LRScheduler"
LRScheduler.args = ""

--- LRScheduler:extend(name, args): a new class; `last_epoch = -1` is added to its arguments.
function LRScheduler:extend(name, args)
  local class <const> = Object.extend(self, name)
  if args then class.args = args .. ", last_epoch = -1" end
  return class
end

-- ---- checks -------------------------------------------------------------------------------------

--- schedule:fail(format, ...)
function LRScheduler:fail(format, ...) core.fail(getmetatable(self).__name, nil, format, ...) end

--- schedule:need(name, low, high): the field is a number within [low, high].
function LRScheduler:need(name, low, high)
  local v <const> = self[name]
  if type(v) == "number" and v >= low and v <= high then return end
  local range <const> = high < math.huge and ("from %g to %g"):format(low, high)
    or low > -math.huge and ("from %g"):format(low) or ""
  self:fail("%s must be a number %s, got %s", name, range, signature.text(v))
end

--- schedule:need_integer(name, low)
function LRScheduler:need_integer(name, low)
  local v <const> = self[name]
  if math.type(v) ~= "integer" or v < low then
    self:fail("%s must be an integer from %d, got %s", name, low, signature.text(v))
  end
end

--- schedule:one_of(name, choices): the field is one of these strings.
function LRScheduler:one_of(name, choices)
  for _, choice in ipairs(choices) do
    if self[name] == choice then return end
  end
  self:fail("%s must be one of %s, got %s", name, table.concat(choices, ", "),
    signature.text(self[name]))
end

--- schedule:for_groups(name): the field as a list with a value for each group of the optimiser.
function LRScheduler:for_groups(name)
  local value <const>, n <const> = self[name], #self.optimizer.param_groups
  local list <const> = {}
  if type(value) ~= "table" then
    for g = 1, n do list[g] = value end
    return list
  end
  if #value ~= n then
    self:fail("%s has %d values, the optimiser has %d groups", name, #value, n)
  end
  return table.move(value, 1, n, 1, list)
end

-- ---- beginning ----------------------------------------------------------------------------------

local function check_optimizer(self, optimizer)
  if type(optimizer) ~= "table" or not getmetatable(optimizer) or not optimizer.is
    or not optimizer:is(Optimizer) then
    core.fail(getmetatable(self).__name, 1, "expected an optimiser, got %s", type(optimizer))
  end
end

--- What a class checks and prepares before the first rate is set.
function LRScheduler:prepare() end  -- luacheck: ignore

function LRScheduler:new(optimizer, ...)
  check_optimizer(self, optimizer)
  self.optimizer = optimizer
  signature.read(self.args, getmetatable(self).__name, self, ...)
  self:need_integer("last_epoch", -1)
  self:prepare()
  self:find_base_lrs()
  self:start()
end

function LRScheduler:find_base_lrs()
  self.base_lrs = {}
  for g, group in ipairs(self.optimizer.param_groups) do
    if self.last_epoch == -1 then group.initial_lr = group.initial_lr or group.lr end
    if not group.initial_lr then
      self:fail("with last_epoch = %d, group %d needs initial_lr: load the optimiser's state first",
        self.last_epoch, g)
    end
    self.base_lrs[g] = group.initial_lr
  end
end

--- The step that sets the first rates.
function LRScheduler:start()
  self._step_count, self.is_initial = 0, true
  self:step()
  self.is_initial = nil
end

-- ---- steps --------------------------------------------------------------------------------------

--- schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
function LRScheduler:next(lr) return lr end  -- luacheck: ignore self

--- schedule:get_lr(): the rates at last_epoch, a list. What stands in the groups is what
--- get_last_lr() returns.
function LRScheduler:get_lr()
  local rates <const> = {}
  for g, group in ipairs(self.optimizer.param_groups) do
    rates[g] = self:next(group.lr, self.base_lrs[g], group, g)
  end
  return rates
end

local function closed_lrs(self)
  local rates <const> = {}
  for g, base in ipairs(self.base_lrs) do rates[g] = self:closed(base) end
  return rates
end

--- schedule:set_lrs(rates): into the groups, and into what get_last_lr returns.
function LRScheduler:set_lrs(rates)
  self._last_lr = {}
  for g, group in ipairs(self.optimizer.param_groups) do
    group.lr = rates[g]
    self._last_lr[g] = rates[g]
  end
end

--- schedule:move_to(epoch): one on, or to that epoch.
function LRScheduler:move_to(epoch)
  self.last_epoch = epoch or self.last_epoch + 1
  self:set_lrs(epoch and self.closed and closed_lrs(self) or self:get_lr())
end

--- schedule:step(epoch): the next rates, or those of that epoch.
function LRScheduler:step(epoch)
  self._step_count = self._step_count + 1
  self:move_to(epoch)
end

--- schedule:get_last_lr(): the rates that were set last, a list with one for each group.
function LRScheduler:get_last_lr() return table.move(self._last_lr, 1, #self._last_lr, 1, {}) end

-- ---- saving -------------------------------------------------------------------------------------

-- Functions, and lists of them, are not saved.
local function is_state(key, value)
  if key == "optimizer" or type(value) == "function" then return false end
  return type(value) ~= "table" or type(value[1]) ~= "function"
end

--- schedule:state_dict(): numbers, strings and tables, for tocha.save. Functions are not in it.
function LRScheduler:state_dict()
  local dict <const> = {}
  for key, value in pairs(self) do
    if is_state(key, value) then dict[key] = deepcopy(value) end
  end
  return dict
end

--- schedule:load_state_dict(dict): goes on where the one that was saved stood. The rates of now are
--- the optimiser's: load its state too.
function LRScheduler:load_state_dict(dict)
  if type(dict) ~= "table" then
    core.fail("load_state_dict", 1, "expected what state_dict() returned, got %s", type(dict))
  end
  local known <const> = signature.parse(self.args).at
  for key, value in pairs(dict) do
    local mine <const> = rawget(self, key)
    if mine == nil and not known[key] or mine ~= nil and type(mine) ~= type(value)
      or not is_state(key, mine) then
      core.fail("load_state_dict", 1, "'%s' is no state of a %s", tostring(key),
        getmetatable(self).__name)
    end
  end
  for key, value in pairs(dict) do self[key] = deepcopy(value) end
end

-- ---- print --------------------------------------------------------------------------------------

function LRScheduler:__tostring()
  return ("%s(%s), step %d: lr = %s"):format(getmetatable(self).__name,
    signature.show(self.args:gsub(",? *last_epoch = %-1$", ""), self, {}), self.last_epoch,
    signature.text(#self._last_lr == 1 and self._last_lr[1] or self._last_lr))
end

return LRScheduler
