-- safetensors in several files: an index says which tensor lies in which.
--
--     {"metadata": {...}, "weight_map": {"name": "model-00001-of-00002.safetensors", ...}}
--
-- Only the files and the tensors that are asked for are read.

local core = require "tocha.core"
local files = require "tocha.io.file"
local json = require "tocha.io.json"
local safetensors = require "tocha.io.safetensors"

local sharded <const> = {}

local WHO <const> = "load"

local function bad(path, format, ...) core.fail(WHO, 1, "%s: " .. format, path, ...) end

local function read_index(path)
  local index <const>, problem <const> = json.decode(files.read(WHO, path))
  if problem then bad(path, "no JSON: %s", problem) end
  local map <const> = type(index) == "table" and index.weight_map
  if type(map) ~= "table" or map == json.null then bad(path, "an index without a weight_map") end
  return map, type(index.metadata) == "table" and index.metadata or {}
end

-- File -> set of the names that are wanted from it.
local function by_file(path, map, only)
  local wanted <const> = {}
  for name, file in pairs(map) do
    if type(name) ~= "string" then bad(path, "its weight_map is a list") end
    if not only or only(name) then
      local place <const> = files.beside(WHO, path, file)
      wanted[place] = wanted[place] or {}
      wanted[place][name] = true
    end
  end
  return wanted
end

--- sharded.names(path of the index): the list of the tensors' names, sorted.
function sharded.names(path)
  local names <const> = {}
  for name in pairs((read_index(path))) do names[#names + 1] = name end
  table.sort(names)
  return names
end

--- sharded.load(path of the index, {device = "cpu", only = nil}): name -> tensor, and the index's
--- metadata. `only` may be a function of the name that says which tensors to read.
function sharded.load(path, options)
  options = options or {}
  local map <const>, metadata <const> = read_index(path)
  local result <const> = {}
  for place, names in pairs(by_file(path, map, options.only)) do
    local part <const> = safetensors.load(place, { device = options.device,
      only = function(name) return names[name] end })
    for name in pairs(names) do
      result[name] = part[name] or bad(path, "'%s' is not in %s", name, place)
    end
  end
  return result, metadata
end

return sharded
