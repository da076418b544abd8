-- nn.Module: what every layer, loss and network is.
--
--     local Net = nn.Module:extend "Net"
--     function Net:new() self.fc = nn.Linear(784, 10) end
--     function Net:forward(x) return self.fc(x:flatten(2)) end
--
-- Parameters, buffers and submodules are its fields, in the order in which they were assigned;
-- plain tables of modules count too. `net(x)` computes. `net:forward(x)` computes and keeps what
-- Torch's `net:backward(x, gradOutput)` needs. In names, places in lists count from 0 ("0.weight"
-- is the weight of net[1]), as in PyTorch's files. `is_training` tells the mode. Fields whose name
-- begins with "_", `output` and `gradInput` are never searched.

local core = require "tocha.core"
local Object = require "tocha.class"
local signature = require "tocha.signature"
local call = require "tocha.nn.call"
local tensors = require "tocha.nn.tensors"

local Module <const> = Object:extend "Module"
Module.is_module, Module.is_training = true, true
Module.__call = call.run

local is_tensor <const> = core.is_tensor

-- ---- classes ------------------------------------------------------------------------------------

--- Module:extend(name, args): a new class; `args` is the signature of its constructor
--- (signature.lua).
function Module:extend(name, args)
  local class <const> = Object.extend(self, name)
  class.__index = call.index(class)
  if args then class.args = args end
  return class
end

Module.__index = call.index(Module)

-- What a layer declared by a signature does: fields from arguments, then `build`. Arguments that a
-- parameter or a buffer will replace (`owns`) stay in `_args` alone.
function Module:new(...)
  local class <const> = getmetatable(self)
  if not class.args then return end
  local args <const> = {}
  signature.read_short(class.short, class.args, class.__name, args, ...)
  rawset(self, "_args", args)
  for _, name in ipairs(signature.parse(class.args).names) do
    if not (class.owns and class.owns[name]) then self[name] = args[name] end
  end
  self:build(args)
end


function Module:forward()
  core.fail(getmetatable(self).__name, nil, "this class defines no forward(x)")
end

-- ---- fields -------------------------------------------------------------------------------------

local function is_module(value)
  local class <const> = getmetatable(value)
  return type(value) == "table" and type(class) == "table" and class.is_module == true
end
Module.is_instance = is_module

local PRIVATE <const> = { output = true, gradInput = true }

local function is_private(key)
  return PRIVATE[key] or type(key) == "string" and key:byte() == 95
end

-- Remembers the order of assignment of whatever may hold parameters.
function Module:__newindex(key, value)
  if (type(value) == "table" or is_tensor(value)) and not is_private(key) then
    local order <const> = rawget(self, "_order") or { keys = {}, known = {} }
    if not order.known[key] then
      order.known[key] = true
      order.keys[#order.keys + 1] = key
    end
    rawset(self, "_order", order)
    if is_tensor(value) then tensors.is_parameter(value) end
  end
  if key == "forward" then rawset(self, "_special", true) end
  rawset(self, key, value)
end

--- module:register_buffer(name, tensor, persistent = true): state that is saved and moved, not
--- trained.
function Module:register_buffer(name, x, persistent)
  self[name] = x
  if not rawget(self, "_buffers") then rawset(self, "_buffers", {}) end
  self._buffers[name] = persistent == false and "temporary" or "buffer"
end

function Module:register_parameter(name, p) self[name] = p end
function Module:add_module(name, module) self[name] = module end

local function name_of(key) return math.type(key) and ("%d"):format(key - 1) or key end

-- Integers first, then strings, each in order.
local function key_before(a, b)
  if type(a) == type(b) then return a < b end
  return type(a) == "number"
end

local function sorted_keys(t, skip)
  local keys <const> = {}
  for key in pairs(t) do
    if (type(key) == "string" or math.type(key)) and not (skip and skip(key)) then
      keys[#keys + 1] = key
    end
  end
  table.sort(keys, key_before)
  return keys
end

-- Those in order of assignment, then those that came into a field that was there before.
local function keys_of(self)
  local order <const> = rawget(self, "_order") or { keys = {}, known = {} }
  local late <const> = sorted_keys(self, function(key)
    local value <const> = rawget(self, key)
    return is_private(key) or order.known[key] or not (type(value) == "table" or is_tensor(value))
  end)
  local keys <const> = table.move(order.keys, 1, #order.keys, 1, {})
  return table.move(late, 1, #late, #keys + 1, keys)
end

local DEEPEST <const> = 4  -- plain tables inside plain tables

local function gather(into, name, value, kind, depth)
  if is_tensor(value) then
    kind = kind or tensors.is_parameter(value) and "parameter"
    if kind then into[#into + 1] = { name = name, value = value, kind = kind } end
  elseif is_module(value) then
    into[#into + 1] = { name = name, value = value, kind = "module" }
  elseif type(value) == "table" and not getmetatable(value) and depth < DEEPEST then
    for _, key in ipairs(sorted_keys(value)) do
      gather(into, name .. "." .. name_of(key), value[key], nil, depth + 1)
    end
  end
end

--- module:entries(): its own parameters, buffers and submodules, as a list of { name, value, kind
--- }, where kind is "parameter", "buffer", "temporary" (not saved) or "module".
function Module:entries()
  local found <const>, buffers <const> = {}, rawget(self, "_buffers") or {}
  local labels <const> = rawget(self, "_labels") or {}
  for _, key in ipairs(keys_of(self)) do
    gather(found, labels[key] or name_of(key), rawget(self, key), buffers[key], 0)
  end
  return found
end

-- ---- walks --------------------------------------------------------------------------------------

local function join(prefix, name) return prefix == "" and name or prefix .. "." .. name end

-- visit(name, value, kind) for all there is, a module before what it holds, its tensors before its
-- submodules. A module that holds itself is entered once.
local function walk(module, prefix, visit, above)
  if above[module] then return end
  above[module] = true
  visit(prefix, module, "module")
  local entries <const> = module:entries()
  for _, wanted in ipairs { "parameter", "buffer", "temporary" } do
    for _, e in ipairs(entries) do
      if e.kind == wanted then visit(join(prefix, e.name), e.value, e.kind) end
    end
  end
  for _, e in ipairs(entries) do
    if e.kind == "module" then walk(e.value, join(prefix, e.name), visit, above) end
  end
  above[module] = nil
end

--- module:visit(f, prefix = ""): calls f(name, value, kind) for the module and all it holds; what
--- is shared is visited as often as it is named.
function Module:visit(f, prefix) walk(self, prefix or "", f, {}) end

-- A list of { name, value } of the wanted kinds, each value once.
local function select_kinds(self, wanted, prefix)
  local list, seen = {}, {}
  self:visit(function(name, value, kind)
    if wanted[kind] and not seen[value] then
      seen[value] = true
      list[#list + 1] = { name = name, value = value }
    end
  end, prefix)
  return list
end

local KINDS <const> = {
  parameters = { parameter = true }, buffers = { buffer = true, temporary = true },
  modules = { module = true },
}

-- An iterator of name, value.
local function iterate(list)
  local k = 0
  return function()
    k = k + 1
    if list[k] then return list[k].name, list[k].value end
  end
end

local function values(list)
  local result <const> = {}
  for k, each in ipairs(list) do result[k] = each.value end
  return result
end

-- parameters(), buffers(), modules(): lists. named_parameters(prefix) ...: for name, value in ...
-- do
for plural, wanted in pairs(KINDS) do
  Module[plural] = function(self) return values(select_kinds(self, wanted)) end
  Module["named_" .. plural] = function(self, prefix)
    return iterate(select_kinds(self, wanted, prefix))
  end
end

local function own_modules(self)
  local list <const> = {}
  for _, e in ipairs(self:entries()) do
    if e.kind == "module" then list[#list + 1] = e end
  end
  return list
end

--- module:children(): the direct submodules; named_children(): for name, child in ... do
function Module:children() return values(own_modules(self)) end
function Module:named_children() return iterate(own_modules(self)) end

--- module:get_submodule "layer1.0.conv1"
function Module:get_submodule(path)
  for name, module in self:named_modules() do
    if name == path then return module end
  end
  core.fail("get_submodule", 1, "there is no module '%s'", tostring(path))
end

--- module:apply(f): f(m) for every submodule, then for the module itself.
function Module:apply(f)
  for _, child in ipairs(self:children()) do child:apply(f) end
  f(self)
  return self
end

-- ---- mode and gradients -------------------------------------------------------------------------

--- module:train(mode = true): training mode for it and all it holds; Torch's name is training().
function Module:train(mode)
  for _, m in ipairs(self:modules()) do rawset(m, "is_training", mode ~= false) end
  return self
end

--- module:eval(): evaluation mode; Torch's name is evaluate().
function Module:eval() return self:train(false) end

Module.training, Module.evaluate = function(self) return self:train() end, Module.eval

--- module:requires_grad_(flag = true): freezes (false) or thaws all parameters.
function Module:requires_grad_(flag)
  for _, p in ipairs(self:parameters()) do p:requires_grad_(flag ~= false) end
  return self
end

--- module:zero_grad(set_to_none = true)
function Module:zero_grad(set_to_none)
  for _, p in ipairs(self:parameters()) do
    if set_to_none ~= false then p.grad = nil
    elseif p.grad then p.grad:detach_():zero_() end
  end
end

--- module:num_parameters(trainable = false): how many numbers its parameters hold.
function Module:num_parameters(trainable)
  local n = 0
  for _, p in ipairs(self:parameters()) do
    if p.requires_grad or not trainable then n = n + p:numel() end
  end
  return n
end

-- ---- hooks --------------------------------------------------------------------------------------

local function add_hook(self, list, f)
  rawset(self, "_special", true)
  if not rawget(self, list) then rawset(self, list, {}) end
  local hook <const> = { f = f }
  table.insert(self[list], hook)
  function hook.remove()
    for k, each in ipairs(self[list]) do
      if each == hook then table.remove(self[list], k) break end
    end
    if #self[list] == 0 then rawset(self, list, nil) end
  end
  return hook
end

--- module:register_forward_hook(f): f(module, inputs, output) after each call; what it returns, if
--- anything, is the output instead. `inputs` is a list. Returns a handle with remove().
function Module:register_forward_hook(f) return add_hook(self, "_hooks", f) end

--- module:register_forward_pre_hook(f): f(module, inputs) before each call; it may return other
--- inputs (a list or one value).
function Module:register_forward_pre_hook(f) return add_hook(self, "_pre_hooks", f) end

Module.backward, Module.clear_state = call.backward, call.clear_state
Module.build, Module.set_size, Module.infer = tensors.build, tensors.set_size, tensors.infer

for _, part in ipairs { "state", "convert", "show" } do
  for name, method in pairs(require("tocha.nn." .. part)) do Module[name] = method end
end

return Module
