-- What another Lua state has too, and by which name: modules, and what hangs from them.
--
-- A name is { module, key, key ... }. Named are the modules in package.loaded, their functions, and
-- those of their tables that are part of the program: classes (with `__index`) and tables that hold
-- functions, three levels deep. Other tables in a module are data, and its objects are not named.

local names <const> = {}

local DEPTH <const> = 3

-- The global functions of Lua itself; what a script puts there is its own.
local function name_globals(found)
  for key, value in next, _G do
    if type(value) == "function" and debug.getinfo(value, "S").what == "C" then
      found[value] = { "_G", key }
    end
  end
end

local function is_program(x)
  if rawget(x, "__index") ~= nil then return true end
  for _, value in next, x do
    if type(value) == "function" then return true end
  end
  return false
end

local function extended(name, key)
  local longer <const> = { table.unpack(name) }
  longer[#longer + 1] = key
  return longer
end

local function name_fields(found, x, name)
  for key, value in next, x do
    local kind <const> = type(value)
    if type(key) == "string" and found[value] == nil then
      if kind == "function" then
        found[value] = extended(name, key)
      elseif kind == "table" and #name < DEPTH and is_program(value) then
        found[value] = extended(name, key)
        name_fields(found, value, found[value])
      end
    end
  end
end

-- Modules first, so that none is named as a field of another.
local function build()
  local found <const>, modules <const> = {}, {}
  for module, value in next, package.loaded do
    local kind <const> = type(value)
    if type(module) == "string" and (kind == "table" or kind == "function") then
      modules[#modules + 1] = module
    end
  end
  table.sort(modules)
  for _, module in ipairs(modules) do
    local value <const> = package.loaded[module]
    found[value] = found[value] or { module }
  end
  for _, module in ipairs(modules) do
    local value <const> = package.loaded[module]
    if type(value) == "table" and value ~= _G and value ~= package.loaded then
      name_fields(found, value, { module })
    end
  end
  name_globals(found)
  return found
end

local function count_modules()
  local n = 0
  for _ in next, package.loaded do n = n + 1 end
  return n
end

local kept, modules_then

--- names.all(fresh): object -> name. Kept until another module is loaded, unless it must be fresh.
function names.all(fresh)
  local n <const> = count_modules()
  if fresh or n ~= modules_then then kept, modules_then = build(), n end
  return kept
end

--- names.find(name): the object in this state, or nil and what is missing.
function names.find(name)
  local ok <const>, value = pcall(require, name[1])
  if not ok then return nil, value end
  for k = 2, #name do
    value = value[name[k]]
    if value == nil then
      return nil, ("module '%s' has no '%s'"):format(name[1], table.concat(name, ".", 2, k))
    end
  end
  return value
end

--- names.globals(): the globals that are modules of that name, as the prompt and `tocha -l` set
--- them.
function names.globals()
  local list <const> = {}
  for key, value in next, _G do
    if type(value) == "table" and package.loaded[key] == value then list[#list + 1] = key end
  end
  return list
end

return names
