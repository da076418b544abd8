-- Optimisers saved and restored: state_dict and load_state_dict, in PyTorch's form, counted from 1.

local core = require "tocha.core"
local deepcopy = require "tocha.deepcopy"

local saved <const> = {}

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
    if name ~= "params" then options[name] = deepcopy(value) end
  end
  return options
end

--- optimiser:state_dict(): { state = by number of parameter, param_groups = options and numbers },
--- all of it tensors, numbers, strings and tables, for tocha.save. Numbers count from 1. The
--- tensors are the optimiser's own: clone them to keep a moment while training goes on.
function saved.state_dict(self)
  self:run_hooks "state_dict_pre"
  local dict <const>, k = { state = {}, param_groups = {} }, 0
  for g, group in ipairs(self.param_groups) do
    local options <const> = copy_options(group)
    options.params = {}
    for j = 1, #group.params do options.params[j] = k + j end
    k = k + #group.params
    dict.param_groups[g] = options
  end
  for j, p in ipairs(numbered(self)) do dict.state[j] = deepcopy(self.state[p] or {}) end
  return self:run_hooks("state_dict_post", dict)
end

-- ---- loading ------------------------------------------------------------------------------------

local function refuse(format, ...) core.fail("load_state_dict", 1, format, ...) end

local function is_dict(dict)
  return type(dict) == "table" and type(dict.state) == "table"
    and type(dict.param_groups) == "table"
end

local function check_dict(self, dict)
  if not is_dict(dict) then refuse "expected what state_dict() returned" end
  if #dict.param_groups ~= #self.param_groups then
    refuse("it has %d parameter groups, the optimiser %d", #dict.param_groups,
      #self.param_groups)
  end
  for g, group in ipairs(self.param_groups) do
    local given <const> = dict.param_groups[g]
    if type(given) ~= "table" or type(given.params) ~= "table" then
      refuse("its group %d is no table with 'params'", g)
    end
    if #given.params ~= #group.params then
      refuse("its group %d has %d parameters, the optimiser's %d", g, #given.params, #group.params)
    end
  end
  for j, state in pairs(dict.state) do
    if type(state) ~= "table" then refuse("the state of parameter %s is no table", tostring(j)) end
  end
end

-- A copy; a tensor of the parameter's shape takes its dtype and device too, as in PyTorch.
local function restored(state, p)
  return deepcopy(state, function(value)
    if not core.is_tensor(value) then return value end
    local x <const> = value:detach():clone()
    local dtype <const> = x:is_same_size(p) and x:is_floating_point() and p.dtype or x.dtype
    return x:to(dtype):to(p.device)
  end)
end

-- The options of all groups, checked before any is set.
local function options_of(self, dict)
  local list <const> = {}
  for g, group in ipairs(self.param_groups) do
    local options <const> = copy_options(group)
    for name, value in pairs(copy_options(dict.param_groups[g])) do options[name] = value end
    self:check(options)
    list[g] = options
  end
  return list
end

--- optimiser:load_state_dict(dict): goes on where the one that was saved stood. Nothing is changed
--- when there is an error.
function saved.load_state_dict(self, dict)
  dict = self:run_hooks("load_state_dict_pre", dict)
  check_dict(self, dict)
  local states <const> = {}
  for j, p in ipairs(numbered(self)) do states[p] = restored(dict.state[j] or {}, p) end
  for g, options in ipairs(options_of(self, dict)) do
    for name, value in pairs(options) do self.param_groups[g][name] = value end
  end
  self.state = states
  core.restructured()
  self:run_hooks "load_state_dict_post"
end

return saved
