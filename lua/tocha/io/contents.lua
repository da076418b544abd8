-- What is in a file of weights: its format, the tensors with their sizes, and the rest.
--
-- Formats with a header (safetensors, GGUF) are listed without reading the tensors; others are
-- loaded. Tables within tables become names with dots; what all names begin with ("state_dict.",
-- "module.") can be taken off.

local core = require "tocha.core"
local formats = require "tocha.io.formats"
local json = require "tocha.io.json"
local t7 = require "tocha.io.t7"

local contents <const> = {}

local DEEPEST <const> = 50

-- ---- tensors out of tables ----------------------------------------------------------------------

local function join(path, key)
  return path == "" and tostring(key) or path .. "." .. tostring(key)
end

local walk

local function walk_table(found, t, path, depth)
  if found.seen[t] or depth > DEEPEST then return end
  found.seen[t] = true
  if t.torch_typename and depth == 0 then t = t7.state_dict(t) end
  for key, value in pairs(t) do walk(found, value, join(path, key), depth + 1) end
end

function walk(found, value, path, depth)
  if core.is_tensor(value) then
    found.tensors[path == "" and "tensor" or path] = value
  elseif type(value) == "table" and value ~= json.null then
    walk_table(found, value, path, depth)
  else
    found.rest[path] = value
  end
end

--- contents.flatten(object): the tensors in tables within tables, by names with dots, and what else
--- there is, by such names. A network of Torch7 has the names of its state dict.
function contents.flatten(object)
  local found <const> = { tensors = {}, rest = {}, seen = {} }
  walk(found, object, "", 0)
  return found.tensors, found.rest
end

--- contents.common(names): what all of a list of names begin with, up to a dot, or "".
function contents.common(names)
  local common
  for _, name in ipairs(names) do
    local first <const> = name:match "^(.*)%.[^.]*$" or ""
    common = common or first
    while common ~= "" and first ~= common and first:sub(1, #common + 1) ~= common .. "." do
      common = common:match "^(.*)%.[^.]*$" or ""
    end
  end
  return (common or "") ~= "" and common .. "." or ""
end

-- ---- lists --------------------------------------------------------------------------------------

-- "10" after "2": numbers within names count as numbers.
local function sort_key(name)
  return (name:gsub("%d+", function(digits) return ("0"):rep(9 - #digits) .. digits end))
end

--- contents.names(tensors): their names, sorted as one would count the layers.
function contents.names(tensors)
  local names <const>, keys <const> = {}, {}
  for name in pairs(tensors) do
    names[#names + 1] = name
    keys[name] = sort_key(name)
  end
  table.sort(names, function(a, b)
    if keys[a] ~= keys[b] then return keys[a] < keys[b] end
    return a < b
  end)
  return names
end

local function from_tensors(tensors)
  local entries <const> = {}
  for k, name in ipairs(contents.names(tensors)) do
    local x <const> = tensors[name]
    entries[k] = { name = name, dtype = x.dtype, shape = x.shape,
      bytes = x:numel() * x:element_size() }
  end
  return entries
end

-- Nothing where tocha.save has put other values beside the tensors.
local function by_header(format, path)
  local by_name <const>, entries <const> = {}, {}
  local listed <const>, metadata <const> = format.header(path)
  if metadata.tocha then return nil end
  for _, e in ipairs(listed) do by_name[e.name] = e end
  for k, name in ipairs(contents.names(by_name)) do entries[k] = by_name[name] end
  return entries, metadata
end

--- contents.load(path): the tensors by name, other values by name, the metadata, the format.
function contents.load(path)
  local format <const>, place <const> = formats.of(path)
  local object <const>, metadata <const> = require "tocha.io".load(place)
  metadata.tocha = nil  -- the structure of what has been flattened
  local tensors <const>, rest <const> = contents.flatten(object)
  return tensors, rest, metadata, format
end

--- contents.of(path): { format, path, entries = list of { name, dtype, shape, bytes }, metadata,
--- rest = other values by name }.
function contents.of(path)
  local format <const>, place <const> = formats.of(path)
  local what <const> = { format = format.name, path = place, rest = {} }
  if format.header then what.entries, what.metadata = by_header(format, place) end
  if what.entries then return what end
  local tensors <const>, rest <const>, metadata <const> = contents.load(place)
  what.entries, what.metadata, what.rest = from_tensors(tensors), metadata, rest
  return what
end

return contents
