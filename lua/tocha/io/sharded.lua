-- safetensors in several files: an index says which tensor lies in which.
--
--     {"metadata": {...}, "weight_map": {"name": "model-00001-of-00002.safetensors", ...}}
--
-- Only the files and the tensors that are asked for are read. sharded.save writes such files.

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

--- sharded.header(path of the index): what is in the files, without reading the tensors: a list of
--- { name, dtype, shape, bytes }, and the index's metadata.
function sharded.header(path)
  local map <const>, metadata <const> = read_index(path)
  local list <const> = {}
  for place, names in pairs(by_file(path, map)) do
    for _, e in ipairs((safetensors.header(place))) do
      if names[e.name] then list[#list + 1] = e end
    end
  end
  return list, metadata
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

-- ---- writing ------------------------------------------------------------------------------------

local MOST <const> = 5000000000  -- bytes of a file, as Hugging Face's tools have it

local function in_order(tensors)
  local names <const> = {}
  for name in pairs(tensors) do names[#names + 1] = name end
  table.sort(names)
  return names
end

-- Groups of tensors of at most so many bytes together (or of one), and the bytes of all.
local function divided(tensors, most)
  local shards <const>, total, used = {}, 0, math.huge
  for _, name in ipairs(in_order(tensors)) do
    local x <const> = core.is_tensor(tensors[name]) and tensors[name]
      or core.fail("sharded.save", 2, "'%s' is no tensor but a %s", name, type(tensors[name]))
    local bytes <const> = x:numel() * x:element_size()
    if used + bytes > most then
      shards[#shards + 1] = {}
      used = 0
    end
    shards[#shards][name] = x
    total, used = total + bytes, used + bytes
  end
  return shards, total
end

local ENDING <const> = ".safetensors.index.json"

--- sharded.save(path, tensors, {max_shard_size = 5e9, metadata = nil}): `path` is the index's,
--- "model.safetensors.index.json"; "model-00001-of-00003.safetensors" and so on, each of at most so
--- many bytes (or of one tensor), lie beside it, as Hugging Face's transformers read them. Files of
--- an earlier save that had another number of parts stay.
function sharded.save(path, tensors, options)
  options = options or {}
  local stem <const> = type(path) == "string" and path:match("^(.*)" .. ENDING:gsub("%.", "%%.")
    .. "$") or core.fail("sharded.save", 1, "expected a path that ends in %s, got %s", ENDING,
    tostring(path))
  local most <const> = options.max_shard_size or MOST
  if type(most) ~= "number" then
    core.fail("sharded.save", "max_shard_size", "expected a number of bytes, got %s", type(most))
  end
  local shards <const>, total <const> = divided(tensors, most)
  local map <const> = {}
  for k, shard in ipairs(shards) do
    local name <const> = ("%s-%05d-of-%05d.safetensors"):format(stem, k, #shards)
    for tensor in pairs(shard) do map[tensor] = name:match "[^/]*$" end
    safetensors.save(name, shard, { format = "pt" }, options)
  end
  local metadata <const> = { total_size = total }
  for key, value in pairs(options.metadata or {}) do metadata[key] = value end
  local text <const> = json.encode { metadata = metadata, weight_map = map }
  files.replace("sharded.save", path, function(f) assert(f:write(text, "\n")) end, options)
end

return sharded
