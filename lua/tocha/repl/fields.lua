-- The names that can follow a value: "x." and "x:". Nothing of the user's is called for it.
--
-- A table that loads its parts when they are named tells their names by `__names` in its metatable,
-- a function that returns a list.

local core = require "tocha.core"
local doc = require "tocha.doc"
local registry = require "tocha.op"
local signature = require "tocha.signature"

local fields <const> = {}

local PROPERTIES <const> = { "shape", "dtype", "device", "ndim", "requires_grad", "grad", "data",
  "T", "mT" }

local function is_callable(value)
  if type(value) == "function" then return true end
  local meta <const> = getmetatable(value)
  return type(meta) == "table" and type(value) == "table" and rawget(meta, "__call") ~= nil
end

local function add(names, seen, name, hidden)
  if type(name) ~= "string" or seen[name] or not name:find "^[%a_][%w_]*$" then return end
  if name:find "^_" and not hidden then return end
  seen[name] = true
  names[#names + 1] = name
end

--- fields.is_ours(f): a function of Tocha's own, which may be called to find out something.
function fields.is_ours(f)
  local info <const> = debug.getinfo(f, "S")
  return info.source:find("lua/tocha/", 1, true) ~= nil
end

-- The tables in which a field is looked up, nearest first: the value, its __index, and so on.
local function chain(value)
  local tables, seen = {}, {}
  while type(value) == "table" and not seen[value] do
    seen[value] = true
    tables[#tables + 1] = value
    local meta <const> = getmetatable(value)
    local index <const> = type(meta) == "table" and rawget(meta, "__index") or nil
    value = type(index) == "function" and doc.is_class(meta) and meta or index
  end
  return tables
end

local function lazy_names(value)
  local meta <const> = getmetatable(value)
  local list <const> = type(meta) == "table" and rawget(meta, "__names")
  return type(list) == "function" and list() or {}
end

local function of_table(value, methods_only, hidden)
  local names <const>, seen <const> = {}, {}
  if type(value) ~= "table" then return names end
  for _, each in ipairs(chain(value)) do
    for name, field in next, each do
      if not methods_only or is_callable(field) then add(names, seen, name, hidden) end
    end
  end
  for _, name in ipairs(lazy_names(value)) do add(names, seen, name, hidden) end
  local children <const> = not methods_only and rawget(value, "_labels")  -- of a Sequential
  for _, name in pairs(type(children) == "table" and children or {}) do add(names, seen, name) end
  return names
end

local function of_tensor(methods_only, prefix)
  local names <const>, seen <const> = {}, {}
  if not methods_only then
    for _, name in ipairs(PROPERTIES) do add(names, seen, name) end
    if prefix == "" then return names end
  end
  assert(registry.list, "all operations are declared")  -- asking for the list loads them
  for name in pairs(registry.methods) do add(names, seen, name, false) end
  return names
end

-- What an object of the class will have: methods, and its arguments as fields.
local function of_object(class, methods_only, hidden)
  local names <const> = of_table(class, true, hidden)
  if methods_only or type(class.args) ~= "string" then return names end
  local args <const> = signature.parse(class.args).names
  return table.move(args, 1, #args, #names + 1, names)
end

--- fields.names(what, methods_only, prefix): the names after "." or, methods_only, after ":".
--- `what` is { value = }, { tensor = true }, or { class = } for an object that is not made yet.
function fields.names(what, methods_only, prefix)
  local value <const>, hidden <const> = what.value, prefix:find "^_" ~= nil
  if what.tensor or core.is_tensor(value) then return of_tensor(methods_only, prefix) end
  if what.class then return of_object(what.class, methods_only, hidden) end
  if type(value) == "string" then return of_table(string, methods_only, hidden) end
  if type(value) == "userdata" then
    local meta <const> = debug.getmetatable(value)
    return of_table(meta and rawget(meta, "__index"), methods_only, hidden)
  end
  return of_table(value, methods_only, hidden)
end

--- fields.get(value, name): value[name], where that runs nothing of the user's.
function fields.get(value, name)
  for _, each in ipairs(chain(value)) do
    local found <const> = rawget(each, name)
    if found ~= nil then return found end
  end
  local meta <const> = getmetatable(value)
  local index <const> = type(meta) == "table" and rawget(meta, "__index")
  if core.is_tensor(value) or type(index) == "function" and fields.is_ours(index) then
    local ok <const>, found <const> = pcall(function() return value[name] end)
    return ok and found or nil
  end
  return nil
end

return fields
