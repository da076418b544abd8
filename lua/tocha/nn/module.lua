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
local hooks = require "tocha.nn.hooks"
local tensors = require "tocha.nn.tensors"

local Module <const> = Object:extend "Module"
Module.is_module, Module.is_training = true, true
Module.__call = call.run

local is_tensor <const> = core.is_tensor

-- ---- classes ------------------------------------------------------------------------------------

-- An object's `forward` is the one that remembers; `Class.forward` is what the class defined.
local function index(class) return hooks.index(class, { forward = call.forward }) end

--- Module:extend(name, args): a new class; `args` is the signature of its constructor
--- (signature.lua).
function Module:extend(name, args)
  local class <const> = Object.extend(self, name)
  class.__index = index(class)
  if args then class.args = args end
  return class
end

Module.__index = index(Module)

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

-- Not searched, but for tensors that were registered by such a name ("_u").
local function is_private(self, key)
  if not (PRIVATE[key] or type(key) == "string" and key:byte() == 95) then return false end
  local kinds <const> = rawget(self, "_kinds")
  return not (kinds and kinds[key])
end

local function set_kind(self, name, kind)
  if not rawget(self, "_kinds") then rawset(self, "_kinds", {}) end
  self._kinds[name] = kind
end

-- Remembers the order of assignment of whatever may hold parameters.
function Module:__newindex(key, value)
  if (type(value) == "table" or is_tensor(value)) and not is_private(self, key) then
    local order <const> = rawget(self, "_order") or { keys = {}, known = {} }
    if not order.known[key] then
      order.known[key] = true
      order.keys[#order.keys + 1] = key
    end
    rawset(self, "_order", order)
    if is_tensor(value) and not tensors.is_parameter(value) and tensors.buffer_kind(value) then
      set_kind(self, key, tensors.buffer_kind(value))
    end
  end
  if key == "forward" then rawset(self, "_plain", false) end
  rawset(self, key, value)
end

-- A field that is searched whatever its name.
local function register(self, name, kind, x)
  set_kind(self, name, kind)
  self[name] = x
end

--- module:register_buffer(name, tensor, persistent = true): state that is saved and moved, not
--- trained.
function Module:register_buffer(name, x, persistent)
  register(self, name, persistent == false and "temporary" or "buffer", x)
end

--- module:register_parameter(name, p), module:add_module(name, m), also register_module: as
--- assigning a field. Nil for `p`: there is none.
function Module:register_parameter(name, p)
  if p ~= nil and not (is_tensor(p) and tensors.is_parameter(p)) then
    core.fail("register_parameter", 2, "expected an nn.Parameter or nil, got %s", type(p))
  end
  register(self, name, "found", p)
end
function Module:add_module(name, module) self[name] = module end
Module.register_module = Module.add_module

--- module:put_raw(name, value): sets a field that is there, whatever its class does then.
function Module:put_raw(name, value) rawset(self, name, value) end

--- module:forget(name): takes a field out, and its place in the order.
function Module:forget(name)
  local order <const>, kinds <const> = rawget(self, "_order"), rawget(self, "_kinds")
  if kinds then kinds[name] = nil end
  if order and order.known[name] then
    order.known[name] = nil
    for k, key in ipairs(order.keys) do
      if key == name then table.remove(order.keys, k) break end
    end
  end
  rawset(self, name, nil)
end

local function name_of(key) return math.type(key) and ("%d"):format(key - 1) or key end

-- Integers first, then strings, each in order.
local function key_before(a, b)
  if type(a) == type(b) then return a < b end
  return type(a) == "number"
end

local function sorted_keys(t, skip)
  local keys <const> = {}
  for key in next, t do
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
    return is_private(self, key) or order.known[key]
      or not (type(value) == "table" or is_tensor(value))
  end)
  local keys <const> = table.move(order.keys, 1, #order.keys, 1, {})
  return table.move(late, 1, #late, #keys + 1, keys)
end

local KINDS <const> = { buffer = "buffer", temporary = "temporary" }
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
  local found <const>, kinds <const> = {}, rawget(self, "_kinds") or {}
  local labels <const> = rawget(self, "_labels") or {}
  for _, key in ipairs(keys_of(self)) do
    gather(found, labels[key] or name_of(key), rawget(self, key), KINDS[kinds[key]], 0)
  end
  return found
end

Module.backward, Module.clear_state = call.backward, call.clear_state
Module.build, Module.set_size, Module.infer = tensors.build, tensors.set_size, tensors.infer

for name, method in pairs(hooks.methods) do Module[name] = method end
for _, part in ipairs { "walk", "mode", "surgery", "state", "load", "convert", "show",
  "trained" } do
  for name, method in pairs(require("tocha.nn." .. part)) do Module[name] = method end
end
Module.matcher = nil

--- module:summary(sizes..., {depth = 1, dtype = "float32", print = print}), such as
--- net:summary(3, 224, 224): the sizes of the input without the batch; for several inputs a list
--- each, or tensors. Models of nn.Input know theirs. `depth` says how far submodules of submodules
--- are listed; `print` is called with the text, or not when false.
---
--- Returns { rows, total, trainable, non_trainable, bytes, multiply_adds, activations (bytes of
--- what layers without parts give) }, the last two for one example; a row is { name, type,
--- output_shape (false for the batch and what varies), output_shapes, parameters, trainable,
--- multiply_adds, connected_to = names, module, level }. tostring gives the text.
function Module:summary(...) return require "tocha.nn.summary".of(self, ...) end

--- module:freeze(example..., options), module:freeze(sizes..., options), module:freeze(options): a
--- network for inference, as the module is in evaluation mode: layers fused, memory planned, no
--- memory taken in a call. Examples are tensors with the batch; sizes are those of one input
--- without it, planned for a batch of `batch` (1). Without either the first call plans; other
--- shapes are planned when they come. A call returns the same tensors each time: clone() what is to
--- stay, or give {copy = true}. {int8 = true}: weights of linear layers and convolutions as 8-bit
--- integers with a scale for each output. The module stays as it is; print(frozen) shows the plan.
function Module:freeze(...) return require "tocha.nn.freeze".freeze(self, ...) end

return Module
