-- What every optimiser shares: parameter groups, steps, hooks.
--
-- A class says its options as a signature and one function:
--
--     local SGD = Optimizer:extend("SGD", "lr = 0.001, momentum = 0")
--     function SGD:update(batch, group) ... end     -- parameters in place, off the tape
--
-- and may check a group's options in `check(group)`. A batch (batch.lua) holds the parameters that
-- are updated together: those whose `stage(state)` is the same. optimiser = SGD(net:parameters(),
-- {lr = 0.1}); the options are in optimiser.param_groups[k] and read at each step, so that
-- schedules may change them. Saving is in saved.lua.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local Object = require "tocha.class"
local signature = require "tocha.signature"
local Batch = require "tocha.optim.batch"

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
  self:check_parameter(p)
  self.owner[p] = group
  group.params[#group.params + 1] = p
end

-- What a group may have besides the class's options: a name for its reader, and the rate with which
-- a schedule began.
local ALSO <const> = { params = true, name = true, initial_lr = true }

local function options_of(self, given)
  local group <const>, sig <const> = { params = {} }, signature.parse(self.args)
  for name, value in pairs(self.defaults) do group[name] = value end
  for name, value in pairs(given) do
    if not (sig.at[name] or ALSO[name]) then
      fail(self, "unknown option '%s' (there are: %s)", tostring(name),
        table.concat(sig.names, ", "))
    end
    if name ~= "params" then group[name] = value end
  end
  return group
end

--- optimiser:add_param_group{ params = list, lr = ..., ... }: what it does not say is as in the
--- defaults.
function Optimizer:add_param_group(given)
  if type(given) ~= "table" or given[1] ~= nil then
    fail(self, "expected a group, { params = ... }, got %s",
      type(given) == "table" and "a list" or type(given))
  end
  local group <const> = options_of(self, given)
  local params = is_tensor(given.params) and { given.params } or given.params
  if type(params) ~= "table" then fail(self, "a group needs 'params', a list of tensors") end
  if params.is_module then params = params:parameters() end
  self:check(group)
  core.restructured()
  for _, p in ipairs(params) do add_parameter(self, group, p) end
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
  self.hooks = {}
  signature.read(self.args, getmetatable(self).__name, self.defaults, ...)
  for _, group in ipairs(groups_of(self, params)) do self:add_param_group(group) end
  if not next(self.owner) then fail(self, "there are no parameters to optimise") end
end

-- ---- checks -------------------------------------------------------------------------------------

local function bounds_text(low, high)
  if not high then return (" from %g"):format(low) end
  return high == low and (" equal to %g"):format(low) or (" from %g to below %g"):format(low, high)
end

--- optimiser:need(group, "lr", low, high): the option is a number within [low, high). `where`, when
--- given, is the table's name in the message.
function Optimizer:need(group, name, low, high, where)
  local v <const> = group[name]
  if type(v) ~= "number" or v ~= v or v < low or high and v >= high then
    fail(self, "%s must be a number%s, got %s", where and ("%s[%d]"):format(where, name) or name,
      bounds_text(low, high), signature.text(v))
  end
end

--- optimiser:need_pair(group, "betas", low, high): a list of two such numbers.
function Optimizer:need_pair(group, name, low, high)
  local pair <const> = group[name]
  if type(pair) ~= "table" or #pair ~= 2 then
    fail(self, "%s must be a list of two numbers, got %s", name, signature.text(pair))
  end
  for k = 1, 2 do self:need(pair, k, low, high, name) end
end

--- optimiser:need_integer(group, "max_iter", low)
function Optimizer:need_integer(group, name, low)
  local v <const> = group[name]
  if math.type(v) ~= "integer" or v < low then
    fail(self, "%s must be an integer from %d, got %s", name, low, signature.text(v))
  end
end

--- What the class demands of a group's options; classes add to it.
function Optimizer:check(group)
  self:need(group, "lr", 0)
  if group.weight_decay ~= nil then self:need(group, "weight_decay", 0) end
end

--- What the class demands of a parameter.
function Optimizer:check_parameter() end  -- luacheck: ignore self

-- ---- hooks --------------------------------------------------------------------------------------

-- optimiser:register_step_pre_hook(f), ..._step_post_hook: f(optimiser, closure) before and after
-- each step. register_state_dict_post_hook, register_load_state_dict_pre_hook: f(optimiser, dict),
-- which may return another dict. register_state_dict_pre_hook and
-- register_load_state_dict_post_hook: f(optimiser). Each returns a handle with remove().
for _, event in ipairs { "step_pre", "step_post", "state_dict_pre", "state_dict_post",
  "load_state_dict_pre", "load_state_dict_post" } do
  Optimizer[("register_%s_hook"):format(event)] = function(self, f)
    local list <const>, hook <const> = self.hooks[event] or {}, { f = f }
    self.hooks[event] = list
    list[#list + 1] = hook
    function hook.remove()
      for k, each in ipairs(list) do
        if each == hook then return table.remove(list, k) end
      end
    end
    return hook
  end
end

--- Runs the hooks of an event in order; what one returns takes the place of `value`.
function Optimizer:run_hooks(event, value)
  local hooks <const> = self.hooks[event]
  if not hooks then return value end
  for _, hook in ipairs(hooks) do
    local other <const> = hook.f(self, value)
    if other ~= nil then value = other end
  end
  return value
end

-- ---- steps --------------------------------------------------------------------------------------

--- optimiser:stage(state): parameters whose states give the same value are updated together.
function Optimizer:stage(state)  -- luacheck: ignore self
  return state.step or 0
end

--- Optimizer.scale(group): what the gradient is multiplied with.
function Optimizer.scale(group) return group.maximize and -1 or 1 end

--- Optimizer.evaluate(closure): the loss, with gradients being recorded.
function Optimizer.evaluate(closure)
  local _ <close> = autograd.enable_grad()
  return closure()
end

-- In a recorded step (tocha.graph) the update runs in Lua each time: its numbers change, with the
-- count of steps and with the schedule of the rate.
local function update_live(self, batch, group)
  batch.lists = {}
  core.live(function()
    batch.stage = self:stage(batch.states[1])
    self:update(batch, group)
  end)
end

--- optimiser:advance(closure): the step itself, off the tape. Returns the loss.
function Optimizer:advance(closure)
  local loss <const> = closure and Optimizer.evaluate(closure)
  local update <const> = core.recording() and update_live or self.update
  for _, group in ipairs(self.param_groups) do
    for _, batch in ipairs(Batch.collect(self, group)) do update(self, batch, group) end
  end
  return loss
end

--- optimiser:step(closure): updates all parameters that have a gradient. `closure`, where an
--- optimiser needs it, clears the gradients, computes the loss and its gradients; its loss is
--- returned.
function Optimizer:step(closure)
  local _ <close> = autograd.no_grad()
  local _ <close> = core.profile_scope and core.profile_scope(self.__name .. ".step")
  closure = self:run_hooks("step_pre", closure)
  local loss <const> = self:advance(closure)
  self:run_hooks("step_post", closure)
  return loss
end

--- optimiser:zero_grad(set_to_none = true)
function Optimizer:zero_grad(set_to_none)
  for _, group in ipairs(self.param_groups) do
    if set_to_none ~= false then
      core.drop_grads(group.params)
    else
      for _, p in ipairs(group.params) do
        if p.grad then p.grad:detach_():zero_() end
      end
    end
  end
end

-- ---- print --------------------------------------------------------------------------------------

local function size_text(params)
  local n = 0
  for _, p in ipairs(params) do n = n + p:numel() end
  return ("%d parameter%s in %d tensor%s"):format(n, n == 1 and "" or "s", #params,
    #params == 1 and "" or "s")
end

-- The rate, and what is not as it is by default.
local function options_text(self, group)
  local parts <const>, sig <const> = {}, signature.parse(self.args)
  for k, name in ipairs(sig.names) do
    local text <const> = signature.text(group[name])
    if name == "lr" or text ~= signature.text(sig.defaults[k]) then
      parts[#parts + 1] = name .. " = " .. text
    end
  end
  return table.concat(parts, ", ")
end

function Optimizer:__tostring()
  local lines <const> = { getmetatable(self).__name .. "(" }
  for g, group in ipairs(self.param_groups) do
    lines[g + 1] = ("  group %d: %s, %s"):format(g, size_text(group.params),
      options_text(self, group))
  end
  lines[#lines + 1] = ")"
  return table.concat(lines, "\n")
end

for name, method in pairs(require "tocha.optim.saved") do Optimizer[name] = method end

return Optimizer
