-- Hooks: functions that a module calls before and after it computes, when gradients pass it, and
-- when its state is saved or loaded.
--
-- Every register function returns a handle with remove(). Hooks run in the order in which they were
-- registered ({prepend = true}: first), those of all modules before those of one. A hook may remove
-- itself or others while it runs: lists are replaced, never changed.

local core = require "tocha.core"
local custom = require "tocha.autograd.custom"

local hooks <const> = {}

-- Hooks of all modules; are there any?
local everywhere <const> = {}
hooks.any = false

local is_tensor <const> = core.is_tensor

-- ---- registration -------------------------------------------------------------------------------

local function without(list, hook)
  local rest <const> = {}
  for _, each in ipairs(list or {}) do
    if each ~= hook then rest[#rest + 1] = each end
  end
  return #rest > 0 and rest or nil
end

local function check(name, f)
  if type(f) == "function" or (getmetatable(f) or {}).__call then return end
  core.fail(name, 1, "expected a function, got %s", type(f))
end

-- Adds to the list owner[kind] and returns the handle; `changed` is told of additions and removals.
local function add(owner, kind, name, f, options, changed)
  check(name, f)
  local hook <const> = { f = f }
  local list <const> = table.move(rawget(owner, kind) or {}, 1, #(rawget(owner, kind) or {}), 1, {})
  table.insert(list, options and options.prepend and 1 or #list + 1, hook)
  rawset(owner, kind, list)
  changed()
  function hook.remove()
    rawset(owner, kind, without(rawget(owner, kind), hook))
    changed()
  end
  return hook
end

-- kind -> what the method is called. The first four run in calls.
local NAMES <const> = {
  pre = "forward_pre_hook", after = "forward_hook",
  backward_pre = "full_backward_pre_hook", backward = "full_backward_hook",
  save_pre = "state_dict_pre_hook", save = "state_dict_post_hook",
  load_pre = "load_state_dict_pre_hook", load = "load_state_dict_post_hook",
}
local IN_CALLS <const> = { "pre", "after", "backward_pre", "backward" }
local FIELD <const> = {}  -- kind -> field of a module
for kind in pairs(NAMES) do FIELD[kind] = "_hooks_" .. kind end

-- The methods of modules, for module.lua.
hooks.methods = {}
for kind, name in pairs(NAMES) do
  hooks.methods["register_" .. name] = function(self, f, options)
    return add(self, FIELD[kind], "register_" .. name, f, options,
      function() rawset(self, "_plain", false) end)
  end
end

-- index table -> its class. What an object finds as `_plain` is its class, or false where a call is
-- more than `class.forward`: there are hooks, or a `forward` of its own.
local indices <const> = setmetatable({}, { __mode = "k" })

--- hooks.index(class, fields): `fields` as the first place where objects look for what they lack.
function hooks.index(class, fields)
  indices[fields], fields._plain = class, not hooks.any and class
  return setmetatable(fields, { __index = class })
end

local function count_everywhere()
  hooks.any = false
  for _, kind in ipairs(IN_CALLS) do hooks.any = hooks.any or everywhere[kind] ~= nil end
  for fields, class in pairs(indices) do fields._plain = not hooks.any and class end
end

-- nn.register_module_forward_hook(f) and so on, for nn/init.lua.
hooks.functions = {}
for _, kind in ipairs(IN_CALLS) do
  local name <const> = "register_module_" .. NAMES[kind]
  --- nn.register_module_forward_hook(f), ..._forward_pre_hook, ..._full_backward_hook,
  --- ..._full_backward_pre_hook: the hook of that name for every module there is.
  hooks.functions[name] = function(f, options)
    return add(everywhere, kind, name, f, options, count_everywhere)
  end
end

-- Calls visit(f) for the hooks of a kind: those of all modules, then those of this one.
local function each(self, kind, visit)
  for _, hook in ipairs(everywhere[kind] or {}) do visit(hook.f) end
  for _, hook in ipairs(rawget(self, FIELD[kind]) or {}) do visit(hook.f) end
end

local function has(self, kind) return everywhere[kind] or rawget(self, FIELD[kind]) end

--- hooks.run(module, kind, ...): calls the module's hooks of that kind, for saving and loading.
function hooks.run(self, kind, ...)
  for _, hook in ipairs(rawget(self, FIELD[kind]) or {}) do hook.f(self, ...) end
end

--- hooks.drop(module, kind, f): takes out the hooks of that kind that are f.
function hooks.drop(self, kind, f)
  for _, hook in ipairs(rawget(self, FIELD[kind]) or {}) do
    if hook.f == f then rawset(self, FIELD[kind], without(rawget(self, FIELD[kind]), hook)) end
  end
end

-- ---- gradients that pass ------------------------------------------------------------------------
-- Inputs and outputs go through identities whose gradients are what the hooks see.

local function is_list(value) return type(value) == "table" and getmetatable(value) == nil end

-- The places of the values that can have a gradient.
local function tracked_places(values)
  local places <const> = {}
  for k = 1, values.n do
    if is_tensor(values[k]) and values[k].requires_grad then places[#places + 1] = k end
  end
  return places
end

-- Puts values[places...] through an identity; `pass` gets a list of their gradients, by the places
-- of `values` with false for none, and returns one.
local function watch(values, name, pass)
  local places <const>, given <const> = tracked_places(values), {}
  if #places == 0 or not core.grad_enabled() then return false end
  for j, k in ipairs(places) do given[j] = values[k] end
  local identity <const> = custom { name = name, outputs = #places,
    forward = function(_, ...)
      local aliases <const> = {}
      for j, x in ipairs { ... } do aliases[j] = x:detach() end
      return table.unpack(aliases)
    end,
    backward = function(_, ...)
      local grads <const>, passed <const> = {}, {}
      for k = 1, values.n do grads[k] = false end
      for j, k in ipairs(places) do grads[k] = select(j, ...) or false end
      local result <const> = pass(grads)
      for j, k in ipairs(places) do passed[j] = result[k] or nil end
      return table.unpack(passed, 1, #places)
    end,
  }
  for j, y in ipairs { identity(table.unpack(given)) } do values[places[j]] = y end
  return true
end

-- What a hook returned in place of gradients: a list, or a tensor for the only one.
local function replaced(name, grads, result)
  if result == nil then return grads end
  if is_tensor(result) then result = { result } end
  if not is_list(result) or #result ~= #grads then
    core.fail(name, nil, "a hook must return nothing, or a list of %d gradients", #grads)
  end
  return result
end

-- Wraps the inputs now; gives a function that wraps the outputs.
local function watch_gradients(self, inputs)
  local grad_output
  local function after(grad_input)
    each(self, "backward", function(f)
      grad_input = replaced("register_full_backward_hook", grad_input,
        f(self, grad_input, grad_output))
    end)
    return grad_input
  end
  local watched <const> = watch(inputs, "backward_hook", after)
  return function(outputs)
    watch(outputs, "backward_hook", function(grads)
      grad_output = grads
      each(self, "backward_pre", function(f)
        grad_output = replaced("register_full_backward_pre_hook", grad_output,
          f(self, grad_output))
      end)
      if not watched then
        local none <const> = {}
        for k = 1, inputs.n do none[k] = false end
        after(none)
      end
      return grad_output
    end)
  end
end

-- ---- a call with hooks --------------------------------------------------------------------------

local function before(self, inputs)
  each(self, "pre", function(f)
    local changed <const> = f(self, inputs)
    if is_list(changed) then inputs = table.pack(table.unpack(changed, 1, changed.n))
    elseif changed ~= nil then inputs = table.pack(changed) end
  end)
  return inputs
end

--- hooks.call(module, compute, ...): compute(module, ...) with all its hooks.
function hooks.call(self, compute, ...)
  local inputs <const> = before(self, table.pack(...))
  local finish <const> = (has(self, "backward") or has(self, "backward_pre"))
    and watch_gradients(self, inputs)
  local outputs <const> = table.pack(compute(self, table.unpack(inputs, 1, inputs.n)))
  each(self, "after", function(f)
    local changed <const> = f(self, inputs, outputs[1])
    if changed ~= nil then outputs[1] = changed end
  end)
  if finish then finish(outputs) end
  return table.unpack(outputs, 1, outputs.n)
end

return hooks
