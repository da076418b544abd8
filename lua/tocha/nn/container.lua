-- Modules that hold modules: Sequential, ModuleList, ModuleDict; and Lambda, a function as a layer.
--
-- net[1] is the first child of a Sequential or ModuleList. In state dicts it is "0", as PyTorch has
-- it, unless it was given a name.

local core = require "tocha.core"
local Module = require "tocha.nn.module"

local Sequential <const> = Module:extend "Sequential"
local ModuleList <const> = Module:extend "ModuleList"
local ModuleDict <const> = Module:extend "ModuleDict"
local Lambda <const> = Module:extend("Lambda", "f")

--- nn.Lambda(f): a layer that calls f(x).
function Lambda:forward(...) return self.f(...) end
function Lambda.extra_repr() return "function" end

local function as_module(who, value)
  if type(value) == "function" then return Lambda(value) end
  if not Module.is_instance(value) then
    core.fail(who, nil, "expected a module or a function, got %s", type(value))
  end
  return value
end

-- {"conv", nn.Conv2d(...)}: a child with its name
local function is_named(value)
  return type(value) == "table" and getmetatable(value) == nil and type(value[1]) == "string"
    and #value == 2
end

local function append(self, value, name)
  if is_named(value) then name, value = value[1], value[2] end
  local k <const> = #self + 1
  self[k] = as_module(getmetatable(self).__name, value)
  if name then
    if not rawget(self, "_labels") then rawset(self, "_labels", {}) end
    self._labels[k] = name
  end
  return self
end

local function append_all(self, ...)
  local first <const> = ...
  local list = { ... }
  if #list == 1 and type(first) == "table" and getmetatable(first) == nil
    and not is_named(first) then
    list = first
    if #list == 0 and next(list) then
      core.fail(getmetatable(self).__name, 1,
        "a table with names has no order: give pairs, {{\"name\", layer}, ...}")
    end
  end
  for _, value in ipairs(list) do append(self, value) end
end

for _, class in ipairs { Sequential, ModuleList } do
  class.new = append_all
  --- list:append(module), list:extend_with(list)
  class.append = append

  --- list:insert(place, module)
  function class:insert(place, value)
    local list <const> = table.move(self, 1, #self, 1, {})
    table.insert(list, place, as_module(class.__name, value))
    for k, each in ipairs(list) do self[k] = each end
    return self
  end
end

--- net:add(layer, name): Torch's way to build one; returns net. `name` takes the place of the
--- number.
Sequential.add = append

-- A named child is also a field: net.conv.
local function place_of(self, name)
  for k, label in pairs(rawget(self, "_labels") or {}) do
    if label == name then return k end
  end
end

local function find_names_too(class)
  local methods <const>, set <const> = class.__index, class.__newindex
  class.__index = function(self, key)
    local found <const> = methods[key]
    if found ~= nil or type(key) ~= "string" then return found end
    local k <const> = place_of(self, key)
    return k and rawget(self, k)
  end
  class.__newindex = function(self, key, value)
    if type(key) == "string" and key ~= "_labels" then key = place_of(self, key) or key end
    set(self, key, value)
  end
end

find_names_too(Sequential)

function Sequential:extend(...)
  local class <const> = Module.extend(self, ...)
  class.__newindex = Module.__newindex
  find_names_too(class)
  return class
end

--- nn.Sequential(layer, ...), nn.Sequential{layer, ...}, nn.Sequential{{"name", layer}, ...}: one
--- after the other; functions are layers too.
function Sequential:forward(...)
  local n <const> = #self
  if n == 0 then return ... end
  local x = self[1](...)
  for k = 2, n do x = self[k](x) end
  return x
end

-- ---- ModuleDict ---------------------------------------------------------------------------------

--- nn.ModuleDict{{"name", module}, ...} or nn.ModuleDict{name = module, ...} (then sorted by name).
function ModuleDict:new(given)
  given = given or {}
  if #given == 0 then
    local names <const> = {}
    for name in pairs(given) do names[#names + 1] = name end
    table.sort(names)
    for _, name in ipairs(names) do self[name] = as_module("ModuleDict", given[name]) end
  end
  for _, pair in ipairs(given) do self[pair[1]] = as_module("ModuleDict", pair[2]) end
end

function ModuleDict:keys()
  local names <const> = {}
  for name in self:named_children() do names[#names + 1] = name end
  return names
end

return { Sequential = Sequential, ModuleList = ModuleList, ModuleDict = ModuleDict,
  Lambda = Lambda }
