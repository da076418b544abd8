-- TensorFlow.js: the weights by name and the topology of a layers or graph model.
--
-- model.json holds the topology (Keras's own JSON for a layers model) and a manifest: groups of
-- files whose bytes, put together, are the weights one after the other, little-endian. The older
-- manifest.json of deeplearn.js has one file of float32 a variable. Quantised weights are restored
-- (value x scale + min). Files are read from the folder of the JSON file only. Strings and complex
-- numbers are refused.

local core = require "tocha.core"
local files = require "tocha.io.file"
local json = require "tocha.io.json"
local raw = require "tocha.io.raw"

local tfjs <const> = {}

local WHO <const> = "load"
local DIMS_MOST <const> = 8
local DTYPES <const> = { float32 = "float32", int32 = "int32", bool = "bool", float16 = "float16",
  uint8 = "uint8" }
local UNSIGNED <const> = { uint16 = 2 }

local function bad(path, format, ...) core.fail(WHO, 1, "%s: " .. format, path, ...) end

local function is_object(v) return type(v) == "table" and v ~= json.null end

-- ---- the JSON -----------------------------------------------------------------------------------

local function decode(path)
  local object <const>, problem <const> = json.decode(files.read(WHO, path))
  if problem then bad(path, "no JSON: %s", problem) end
  if not is_object(object) then bad(path, "its JSON is no object") end
  return object
end

local function shape_of(path, entry)
  if type(entry.name) ~= "string" or not is_object(entry.shape) then
    bad(path, "an entry without a name or a shape")
  end
  if #entry.shape > DIMS_MOST then bad(path, "'%s' has too many dimensions", entry.name) end
  for _, size in ipairs(entry.shape) do
    if math.type(size) ~= "integer" or size < 0 then bad(path, "'%s' has no shape", entry.name) end
  end
  return entry.shape
end

-- ---- weights ------------------------------------------------------------------------------------

local function restored(path, entry, x)
  local q <const> = entry.quantization
  if q.dtype == "float16" then return x:to "float32" end
  if type(q.scale) ~= "number" or type(q.min) ~= "number" then
    bad(path, "'%s': no scale", entry.name)
  end
  local y <const> = x:to("float32"):mul_(q.scale):add_(q.min)
  return entry.dtype == "int32" and y:round():to "int32" or y
end

-- The tensor at byte `at` of a group's bytes, and where the next begins.
local function take(path, entry, bytes, at)
  local shape <const> = shape_of(path, entry)
  local q <const> = is_object(entry.quantization) and entry.quantization or nil
  local stored <const> = q and q.dtype or entry.dtype
  if not DTYPES[stored] and not UNSIGNED[stored] then
    bad(path, "'%s' has the type %s, which cannot be read", entry.name, tostring(stored))
  end
  local item <const> = UNSIGNED[stored] or raw.item_size(DTYPES[stored])
  local length <const> = raw.count(shape, item, #bytes - at + 1)
  if not length or length > #bytes - at + 1 then bad(path, "'%s' is cut off", entry.name) end
  local own <const> = bytes:sub(at, at + length - 1)
  local x <const> = UNSIGNED[stored] and raw.unsigned(own, shape, item)
    or raw.tensor(own, shape, DTYPES[stored])
  return q and restored(path, entry, x) or x, at + length
end

local function add(path, weights, name, x, options)
  if weights[name] then bad(path, "'%s' is there twice", name) end
  weights[name] = options.device and x:to(options.device) or x
end

local function read_group(path, group, weights, seen, options)
  if not is_object(group) or not is_object(group.paths) or not is_object(group.weights) then
    bad(path, "a group without paths or weights")
  end
  local parts <const> = {}
  for k, name in ipairs(group.paths) do
    if seen[name] then bad(path, "%s is there twice", tostring(name)) end
    seen[name] = true
    parts[k] = files.read(WHO, files.beside(WHO, path, name))
  end
  local bytes <const>, at = table.concat(parts), 1
  for _, entry in ipairs(group.weights) do
    if not is_object(entry) then bad(path, "an entry that is no object") end
    local x
    x, at = take(path, entry, bytes, at)
    add(path, weights, entry.name, x, options)
  end
  if at ~= #bytes + 1 then bad(path, "%d unused bytes in a group", #bytes + 1 - at) end
end

local function read_variables(path, manifest, options)
  local weights <const> = {}
  for name, entry in pairs(manifest) do
    if not is_object(entry) then bad(path, "'%s' is no object", tostring(name)) end
    local bytes <const> = files.read(WHO, files.beside(WHO, path, entry.filename))
    local whole <const> = { name = name, shape = entry.shape, dtype = "float32" }
    local x <const>, after <const> = take(path, whole, bytes, 1)
    if after ~= #bytes + 1 then bad(path, "'%s' has unused bytes", name) end
    add(path, weights, name, x, options)
  end
  return weights
end

--- tfjs.load(path of model.json or manifest.json, {device = "cpu"}): name -> tensor, and what the
--- JSON holds beside the manifest: { modelTopology = ..., format = ... }.
function tfjs.load(path, options)
  options = options or {}
  local object <const> = decode(path)
  local manifest <const> = object.weightsManifest
  if manifest == nil then return read_variables(path, object, options), {} end
  if not is_object(manifest) then bad(path, "its weightsManifest is no list") end
  local weights <const>, seen <const> = {}, {}
  for _, group in ipairs(manifest) do read_group(path, group, weights, seen, options) end
  object.weightsManifest = nil
  return weights, object
end

return tfjs
