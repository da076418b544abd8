-- What modules that are lists of things have in common: Sequential, ModuleList, ParameterList and
-- the branches. Places count from 1, negative ones from the end; list[-1] is the last.
--
--     list.equip(class, accept)
--
-- gives a class these methods; accept(list, value) returns what is to be stored, or fails. A thing
-- with a name of its own, given as {"name", thing}, is also a field.

local core = require "tocha.core"
local Module = require "tocha.nn.module"

local list <const> = {}
local methods <const> = {}

local function class_name(self) return getmetatable(self).__name end

-- {"conv", nn.Conv2d(...)}: a thing with its name
local function is_named(value)
  return type(value) == "table" and getmetatable(value) == nil and type(value[1]) == "string"
    and #value == 2
end

-- ---- all places at once -------------------------------------------------------------------------

-- The things and their names, as two tables by place.
local function contents(self)
  local labels <const> = {}
  for k, label in pairs(rawget(self, "_labels") or {}) do labels[k] = label end
  return table.move(self, 1, #self, 1, {}), labels
end

-- Puts things and names back; what is beyond the new length goes.
local function restore(self, things, labels)
  for k = #self, #things + 1, -1 do self[k] = nil end
  for k, thing in ipairs(things) do self[k] = thing end
  rawset(self, "_labels", next(labels) and labels or nil)
  return self
end

-- A place as 1 .. most, or an error.
local function place_in(self, name, place, most)
  local at <const> = math.type(place) == "integer" and place < 0 and place + most + 1 or place
  if math.type(at) == "integer" and at >= 1 and at <= most then return at end
  core.fail(class_name(self), nil, "%s: place %s is out of range for %d", name, tostring(place),
    #self)
end

local function check_name(self, name)
  if name == nil then return end
  if type(name) ~= "string" or name == "" or name:find(".", 1, true) then
    core.fail(class_name(self), nil, "a name is a string without dots, got '%s'", tostring(name))
  end
  for _, label in pairs(rawget(self, "_labels") or {}) do
    if label == name then core.fail(class_name(self), nil, "there is a '%s' already", name) end
  end
end

-- ---- methods ------------------------------------------------------------------------------------

--- list:append(thing, name): puts it at the end; returns the list.
function methods:append(value, name)
  return self:insert(#self + 1, value, name)
end

--- list:insert(place, thing, name): puts it there, before what was there.
function methods:insert(place, value, name)
  if is_named(value) then name, value = value[1], value[2] end
  place = place_in(self, "insert", place, #self + 1)
  value = getmetatable(self).accept(self, value)
  check_name(self, name)
  local things <const>, labels <const> = contents(self)
  table.insert(things, place, value)
  table.move(labels, place, #things, place + 1)
  labels[place] = name
  return restore(self, things, labels)
end

--- list:pop(place = -1), also remove: takes a thing out and returns it.
function methods:pop(place)
  place = place_in(self, "pop", place or -1, #self)
  local things <const>, labels <const> = contents(self)
  local gone <const> = table.remove(things, place)
  table.move(labels, place + 1, #things + 2, place)
  restore(self, things, labels)
  return gone
end
methods.remove = methods.pop

--- list:clear(): empties it.
function methods:clear() return restore(self, {}, {}) end

--- list:slice(first = 1, last = -1): a new list of the same kind with these; they are shared.
function methods:slice(first, last)
  first = place_in(self, "slice", first or 1, #self + 1)
  last = last == 0 and 0 or place_in(self, "slice", last or -1, #self)
  local part <const>, labels <const> = self:empty_twin(), rawget(self, "_labels") or {}
  for k = first, last do part:append(self[k], labels[k]) end
  return part
end

-- A list of the same class without the things in it.
function methods:empty_twin() return getmetatable(self)() end

--- list:values(): for place, thing in ... do; ipairs(list) does the same.
function methods:values() return ipairs(self) end

--- a + b: a new list with the things of both.
local function joined(a, b)
  local sum <const> = a:slice()
  for k, value in ipairs(b) do sum:append(value, (rawget(b, "_labels") or {})[k]) end
  return sum
end

local function append_all(self, things)
  for _, value in ipairs(things) do self:append(value) end
  return self
end

--- list.fill(list, ...): appends things, or those of the one plain table that is given.
function list.fill(self, ...)
  local first <const>, n <const> = ..., select("#", ...)
  if n == 1 and type(first) == "table" and getmetatable(first) == nil and not is_named(first) then
    if #first == 0 and next(first) then
      core.fail(class_name(self), 1,
        "a table with names has no order: give pairs, {{\"name\", thing}, ...}")
    end
    return append_all(self, first)
  end
  for k = 1, n do self:append((select(k, ...))) end  -- a nil among them is an error there
end

-- ---- classes ------------------------------------------------------------------------------------

-- The place of a name.
local function place_of(self, name)
  for k, label in pairs(rawget(self, "_labels") or {}) do
    if label == name then return k end
  end
end

-- Names and negative places are found too, once what is there by the key itself is not.
local function find_more(class)
  local found_by_class <const>, set <const> = class.__index, Module.__newindex
  class.__index = function(self, key)
    local found <const> = found_by_class[key]
    if found ~= nil then return found end
    if math.type(key) == "integer" then return key < 0 and rawget(self, #self + key + 1) or nil end
    local k <const> = place_of(self, key)
    return k and rawget(self, k)
  end
  class.__newindex = function(self, key, value)
    if type(key) == "string" and key ~= "_labels" then key = place_of(self, key) or key end
    set(self, key, value)
  end
end

-- class:extend(name) makes a class; list:extend(things) appends all of them.
local function extend(self, ...)
  if rawget(self, "__name") == nil then return append_all(self, ...) end
  local class <const> = Module.extend(self, ...)
  find_more(class)
  return class
end

--- list.equip(class, accept): gives the class the methods of lists.
function list.equip(class, accept)
  for name, method in pairs(methods) do class[name] = method end
  class.accept, class.extend, class.__add = accept, extend, joined
  find_more(class)
  return class
end

--- list.as_module(self, value): a module, or a function as a layer.
function list.as_module(self, value)
  if type(value) == "function" then return list.Lambda(value) end
  if not Module.is_instance(value) then
    core.fail(class_name(self), nil, "expected a module or a function, got %s", type(value))
  end
  return value
end

--- nn.Lambda(f): a layer that calls f(x).
list.Lambda = Module:extend("Lambda", "f")
function list.Lambda:forward(...) return self.f(...) end
function list.Lambda.extra_repr() return "function" end

return list
