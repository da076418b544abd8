-- What every optimiser shares: parameter groups, state, saving.
--
-- A class says its options as a signature and one function:
--
--     local SGD = Optimizer:extend("SGD", "lr = 0.001, momentum = 0")
--     function SGD:update(p, g, group, state) ... end     -- p in place, off the tape
--
-- and may check a group's options in `check(group)`. optimiser = SGD(net:parameters(), {lr = 0.1});
-- the options are in optimiser.param_groups[k] and read at each step, so that schedules may change
-- them.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local Object = require "tocha.class"
local signature = require "tocha.signature"

local Optimizer <const> = Object:extend "Optimizer"
local is_tensor <const> = core.is_tensor

function Optimizer:extend(name, args)
  local class <const> = Object.extend(self, name)
  if args then class.args = args end
  return class
end

local function fail(self, format, ...) core.fail(getmetatable(self).__name, nil, format, ...) end
Optimizer.fail = fail

-- ---- groups -------------------------------------------------------------------------------------

-- A tensor, or {"name", tensor}, as in PyTorch's named parameters.
local function add_parameter(self, group, p)
  if type(p) == "table" and type(p[1]) == "string" and is_tensor(p[2]) then
    group.param_names = group.param_names or {}
    group.param_names[#group.params + 1] = p[1]
    p = p[2]
  end
  if not is_tensor(p) then fail(self, "expected parameters (tensors), got %s", type(p)) end
  if p.node and not p:is_leaf() then
    fail(self, "a parameter must be a leaf, not the result of an operation")
  end
  if self.owner[p] then fail(self, "the same parameter is given twice") end
  self.owner[p] = group
  group.params[#group.params + 1] = p
end

--- optimiser:add_param_group{ params = list, lr = ..., ... }: what it does not say is as in the
--- defaults.
function Optimizer:add_param_group(given)
  local group <const> = { params = {} }
  for name, value in pairs(self.defaults) do group[name] = value end
  local sig <const> = signature.parse(self.args)
  for name, value in pairs(given) do
    if name ~= "params" then
      if not sig.at[name] then
        fail(self, "unknown option '%s' (there are: %s)", tostring(name),
          table.concat(sig.names, ", "))
      end
      group[name] = value
    end
  end
  if type(given.params) ~= "table" and not is_tensor(given.params) then
    fail(self, "a group needs 'params', a list of tensors")
  end
  for _, p in ipairs(is_tensor(given.params) and { given.params } or given.params) do
    add_parameter(self, group, p)
  end
  self:check(group)
  self.param_groups[#self.param_groups + 1] = group
end

local function is_group(value) return type(value) == "table" and value.params ~= nil end

-- Tensors, groups, one group, one tensor or a module.
local function groups_of(self, params)
  if is_tensor(params) then return { { params = { params } } } end
  if type(params) ~= "table" then fail(self, "expected parameters, got %s", type(params)) end
  if params.is_module then return { { params = params:parameters() } } end
  if is_group(params) then return { params } end
  if is_group(params[1]) then return params end
  return { { params = params } }
end

function Optimizer:new(params, ...)
  self.defaults, self.param_groups, self.state = {}, {}, {}
  self.owner = {}  -- parameter -> its group
  signature.read(self.args, getmetatable(self).__name, self.defaults, ...)
  for _, group in ipairs(groups_of(self, params)) do self:add_param_group(group) end
  if not next(self.owner) then fail(self, "there are no parameters to optimise") end
end

-- ---- checks -------------------------------------------------------------------------------------

--- optimiser:need(group, "lr", low, high): the option is a number within [low, high).
function Optimizer:need(group, name, low, high)
  local v <const> = group[name]
  if type(v) ~= "number" or v ~= v or v < low or high and v >= high then
    local below <const> = high and (" to below %g"):format(high) or ""
    fail(self, "%s must be a number from %g%s, got %s", name, low, below, tostring(v))
  end
end

function Optimizer:check(group)
  self:need(group, "lr", 0)
  if group.weight_decay ~= nil then self:need(group, "weight_decay", 0) end
end

-- ---- steps --------------------------------------------------------------------------------------

-- What takes the place of a state that an option leaves out; kernels know it by its size.
local nothing <const> = {}  -- device -> dtype -> an empty tensor

function Optimizer.nothing(p)
  local device <const>, dtype <const> = p.device, p.dtype
  local known = nothing[device]
  if not known then
    known = {}
    nothing[device] = known
  end
  known[dtype] = known[dtype] or core.empty({ 0 }, dtype, p)
  return known[dtype]
end

--- A state tensor of zeros, made when first asked for.
function Optimizer.zeros(state, name, p)
  local x = state[name]
  if not x then
    x = core.empty(p):zero_()
    state[name] = x
  end
  return x
end

local function update_all(self)
  local _ <close> = autograd.no_grad()
  for _, group in ipairs(self.param_groups) do
    for _, p in ipairs(group.params) do
      local g <const> = p.grad
      if g then
        local state = self.state[p]
        if not state then
          state = {}
          self.state[p] = state
        end
        self:update(p, g, group, state)
      end
    end
  end
end

--- optimiser:step(closure): updates all parameters that have a gradient. `closure`, where an
--- optimiser needs it, computes the loss and its gradients; its loss is returned.
function Optimizer:step(closure)
  local loss
  if closure then
    local _ <close> = autograd.enable_grad()
    loss = closure()
  end
  update_all(self)
  return loss
end

--- optimiser:zero_grad(set_to_none = true)
function Optimizer:zero_grad(set_to_none)
  for _, group in ipairs(self.param_groups) do
    for _, p in ipairs(group.params) do
      if set_to_none ~= false then core.set_grad(p, nil)
      elseif p.grad then p.grad:detach_():zero_() end
    end
  end
end

-- ---- saving -------------------------------------------------------------------------------------

-- All parameters, numbered through the groups from 1.
local function numbered(self)
  local list <const> = {}
  for _, group in ipairs(self.param_groups) do
    table.move(group.params, 1, #group.params, #list + 1, list)
  end
  return list
end

local function copy_options(group)
  local options <const> = {}
  for name, value in pairs(group) do
    if name ~= "params" then options[name] = value end
  end
  return options
end

--- optimiser:state_dict(): { state = by number of parameter, param_groups = options and numbers },
--- all of it tensors, numbers, strings and tables, for tocha.save. Numbers count from 1.
function Optimizer:state_dict()
  local dict <const>, k = { state = {}, param_groups = {} }, 0
  for g, group in ipairs(self.param_groups) do
    local options <const> = copy_options(group)
    options.params = {}
    for j = 1, #group.params do options.params[j] = k + j end
    k = k + #group.params
    dict.param_groups[g] = options
  end
  for j, p in ipairs(numbered(self)) do
    dict.state[j] = self.state[p] or {}
  end
  return dict
end

local function check_dict(self, dict)
  if type(dict) ~= "table" or type(dict.state) ~= "table" or type(dict.param_groups) ~= "table" then
    core.fail("load_state_dict", 1, "expected what state_dict() returned")
  end
  if #dict.param_groups ~= #self.param_groups then
    core.fail("load_state_dict", 1, "it has %d parameter groups, the optimiser %d",
      #dict.param_groups, #self.param_groups)
  end
  for g, group in ipairs(self.param_groups) do
    if #dict.param_groups[g].params ~= #group.params then
      core.fail("load_state_dict", 1, "its group %d has %d parameters, the optimiser's %d", g,
        #dict.param_groups[g].params, #group.params)
    end
  end
end

-- A copy; a tensor of the parameter's shape takes its dtype and device too, as in PyTorch.
local function restored(value, p)
  if not is_tensor(value) then return value end
  local x = value:detach():clone()
  if x:is_same_size(p) and x:is_floating_point() then x = x:to(p.dtype) end
  return x:to(p.device)
end

--- optimiser:load_state_dict(dict): goes on where the one that was saved stood.
function Optimizer:load_state_dict(dict)
  check_dict(self, dict)
  for g, group in ipairs(self.param_groups) do
    for name, value in pairs(copy_options(dict.param_groups[g])) do group[name] = value end
  end
  self.state = {}
  for j, p in ipairs(numbered(self)) do
    local state <const> = {}
    for name, value in pairs(dict.state[j] or {}) do state[name] = restored(value, p) end
    self.state[p] = state
  end
end

function Optimizer:__tostring()
  local lines <const> = { getmetatable(self).__name .. "(" }
  for g, group in ipairs(self.param_groups) do
    local parts <const> = { ("%d tensors"):format(#group.params) }
    for _, name in ipairs(signature.parse(self.args).names) do
      if group[name] ~= nil then
        parts[#parts + 1] = name .. " = " .. signature.text(group[name])
      end
    end
    lines[#lines + 1] = ("  group %d: %s"):format(g, table.concat(parts, ", "))
  end
  lines[#lines + 1] = ")"
  return table.concat(lines, "\n")
end

return Optimizer
