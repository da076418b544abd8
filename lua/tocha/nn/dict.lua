-- What modules that are tables of things by name have in common: ModuleDict and ParameterDict.
-- Things are fields, in the order in which they came: dict.name, dict["name"].
--
--     for name, thing in dict:items() do ... end

local core = require "tocha.core"
local Module = require "tocha.nn.module"

local dict <const> = {}
local methods <const> = {}

-- Things are not raw fields: what is assigned to one that is there comes through `set` too.
local function names_of(self) return rawget(self, "_names") end
local function things_of(self) return rawget(self, "_things") end

local function find(names, name)
  for k, each in ipairs(names) do
    if each == name then return k end
  end
end

-- An iterator over the names that there are now, with what is stored.
local function iterate(self, give)
  local names <const>, k = self:keys(), 0
  return function()
    k = k + 1
    if names[k] then return give(names[k], things_of(self)[names[k]]) end
  end
end

-- ---- looking ------------------------------------------------------------------------------------

--- dict:keys(): the list of names.
function methods:keys() return table.move(names_of(self), 1, #names_of(self), 1, {}) end

--- dict:values(): for thing in ... do
function methods:values() return iterate(self, function(_, value) return value end) end

--- dict:items(): for name, thing in ... do
function methods:items() return iterate(self, function(name, value) return name, value end) end

--- dict:contains(name): is there one of that name?
function methods:contains(name) return things_of(self)[name] ~= nil end

--- dict:get(name, default)
function methods:get(name, default)
  local value <const> = things_of(self)[name]
  if value == nil then return default end
  return value
end

-- ---- changing -----------------------------------------------------------------------------------

--- dict:set(name, thing): what dict[name] = thing does.
function methods:set(name, value)
  local class <const> = getmetatable(self)
  if type(name) ~= "string" or name == "" or name:find(".", 1, true) or name:find "^_" then
    core.fail(class.__name, 1, "a name is a string without dots, not beginning with '_'; got %s",
      tostring(name))
  end
  if class.inherited[name] ~= nil then
    core.fail(class.__name, 1, "'%s' is the name of a method", name)
  end
  value = class.accept(self, value)
  if not self:contains(name) then table.insert(names_of(self), name) end
  things_of(self)[name] = value
  return self
end

--- dict:setdefault(name, default): the thing of that name, which becomes the default if there is
--- none.
function methods:setdefault(name, default)
  if not self:contains(name) then self:set(name, default) end
  return things_of(self)[name]
end

--- dict:pop(name, default): takes it out and returns it.
function methods:pop(name, default)
  local k <const> = find(names_of(self), name)
  if not k then
    if default ~= nil then return default end
    core.fail(getmetatable(self).__name, 1, "there is no '%s' (there are: %s)", tostring(name),
      table.concat(names_of(self), ", "))
  end
  local value <const> = things_of(self)[name]
  table.remove(names_of(self), k)
  things_of(self)[name] = nil
  return value
end

--- dict:popitem(): takes the last one out; returns its name and itself.
function methods:popitem()
  local names <const> = names_of(self)
  local name <const> = names[#names]
  return name, self:pop(name)
end

--- dict:clear(): empties it.
function methods:clear()
  for _, name in ipairs(self:keys()) do self:pop(name) end
  return self
end

--- dict:update(other): takes over all of another dict, of a list of pairs {name, thing}, or of a
--- plain table (sorted by name).
function methods:update(other)
  if type(other) ~= "table" then
    core.fail(getmetatable(self).__name, 1, "expected a table, got %s", type(other))
  end
  if getmetatable(other) then
    for name, value in other:items() do self:set(name, value) end
    return self
  end
  for _, pair in ipairs(other) do self:set(pair[1], pair[2]) end
  if #other > 0 then return self end
  local names <const> = {}
  for name in pairs(other) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do self:set(name, other[name]) end
  return self
end

--- dict:copy(): another dict with the same things.
function methods:copy() return getmetatable(self)():update(self) end

-- ---- as a module --------------------------------------------------------------------------------

function methods:entries()
  local found <const> = Module.entries(self)
  for name, value in self:items() do
    local kind <const> = core.is_tensor(value) and "parameter"
      or Module.is_instance(value) and "module"
    if kind then found[#found + 1] = { name = name, value = value, kind = kind } end
  end
  return found
end

function methods:put_raw(name, value) things_of(self)[name] = value end

local function new(self, given)
  rawset(self, "_names", {})
  rawset(self, "_things", {})
  self:update(given or {})
end

local function assign(self, name, value)
  if type(name) == "string" and name:find "^_" then
    Module.__newindex(self, name, value)
  elseif value == nil then
    self:pop(name, false)
  else
    self:set(name, value)
  end
end

-- What a class has by itself comes before the things.
local function find_things_too(class)
  class.inherited = class.__index
  class.__index = function(self, key)
    local found <const> = class.inherited[key]
    if found ~= nil then return found end
    return things_of(self)[key]
  end
  return class
end

local function extend(class, ...) return find_things_too(Module.extend(class, ...)) end

--- dict.equip(class, accept): gives a class these methods; accept(dict, value) returns what is to
--- be stored, or fails.
function dict.equip(class, accept)
  for name, method in pairs(methods) do class[name] = method end
  class.accept, class.new, class.__newindex, class.extend = accept, new, assign, extend
  class.__len = function(self) return #names_of(self) end
  return find_things_too(class)
end

return dict
