-- tocha.io: files. tocha.save and tocha.load are here.
--
-- tocha.load tells the formats of other tools apart by what is in a file: see tocha.io.formats.
-- tocha.save writes those of other tools by the ending of the name, and safetensors otherwise. A
-- table of tensors by name, such as a state dict, is written as a plain safetensors file, which
-- any other reader takes. Nested tables with numbers, strings and booleans among the tensors (a
-- checkpoint: {model = net:state_dict(), optim = optimiser:state_dict(), epoch = 3}) are written as
-- safetensors too: the tensors under their paths, the rest as JSON in the metadata.

local core = require "tocha.core"
local contents = require "tocha.io.contents"
local convert = require "tocha.io.convert"
local darknet = require "tocha.io.darknet"
local formats = require "tocha.io.formats"
local gguf = require "tocha.io.gguf"
local hdf5 = require "tocha.io.hdf5"
local json = require "tocha.io.json"
local mat = require "tocha.io.mat"
local numpy = require "tocha.io.npy"
local pytorch = require "tocha.io.pytorch"
local safetensors = require "tocha.io.safetensors"
local sharded = require "tocha.io.sharded"
local t7 = require "tocha.io.t7"
local tfjs = require "tocha.io.tfjs"

local io_ <const> = { safetensors = safetensors, json = json, pytorch = pytorch,
  darknet = darknet, gguf = gguf, mat = mat, sharded = sharded, t7 = t7, tfjs = tfjs,
  convert = convert, contents = contents, hdf5 = hdf5, npy = numpy.npy, npz = numpy.npz }

local KEY <const> = "tocha"  -- of the metadata
local DEEPEST <const> = 50

-- ---- structure ----------------------------------------------------------------------------------
-- A tensor is written {"$": its name}, a list as an array, a table with string keys as an object,
-- and any other table {"#": [[key, value], ...]}.

local function refuse(path, what)
  core.fail("save", 1, "'%s': a %s cannot be saved", path == "" and "the object" or path, what)
end

local function is_list(t)
  local n = 0
  for _ in pairs(t) do n = n + 1 end
  return n > 0 and n == #t
end

local function is_object(t)
  for key in pairs(t) do
    if type(key) ~= "string" or key == "$" or key == "#" or key == "^" then return false end
  end
  return true
end

local function join(path, key)
  return path == "" and tostring(key) or path .. "." .. tostring(key)
end

local pack

local function pack_pairs(t, path, tensors, depth)
  local list <const> = {}
  for key, value in pairs(t) do
    if type(key) ~= "string" and not math.type(key) then refuse(path, type(key) .. " as a key") end
    list[#list + 1] = { key, pack(value, join(path, key), tensors, depth) }
  end
  table.sort(list, function(a, b)
    if type(a[1]) == type(b[1]) then return a[1] < b[1] end
    return type(a[1]) == "number"
  end)
  return { ["#"] = list }
end

local function pack_table(t, path, tensors, depth)
  if getmetatable(t) then
    refuse(path, (getmetatable(t).__name or "table with a metatable") .. " (save its state_dict())")
  end
  if depth > DEEPEST then refuse(path, "table nested that deep") end
  local packed <const> = {}
  if is_list(t) then
    for k, value in ipairs(t) do packed[k] = pack(value, join(path, k), tensors, depth) end
    return packed
  end
  if not is_object(t) then return pack_pairs(t, path, tensors, depth) end
  for key, value in pairs(t) do
    packed[key] = pack(value, join(path, key), tensors, depth)
  end
  return packed
end

local function free_name(tensors, path)
  local name, k = path == "" and "tensor" or path, 1
  while tensors[name] do
    k = k + 1
    name = ("%s~%d"):format(path, k)
  end
  return name
end

function pack(value, path, tensors, depth)
  if core.is_tensor(value) then
    local name <const> = free_name(tensors, path)
    tensors[name] = value
    return { ["$"] = name }
  end
  if type(value) == "table" then return pack_table(value, path, tensors, depth + 1) end
  if type(value) == "number" and (value ~= value or value == math.huge or value == -math.huge) then
    return { ["^"] = tostring(value) }
  end
  if value == nil or type(value) == "function" or type(value) == "userdata"
    or type(value) == "thread" then
    refuse(path, type(value))
  end
  return value
end

local SPECIAL <const> = { inf = math.huge, ["-inf"] = -math.huge, nan = 0 / 0, ["-nan"] = 0 / 0 }

local unpack_value

local function unpack_pairs(list, tensors)
  local t <const> = {}
  for _, pair in ipairs(list) do t[pair[1]] = unpack_value(pair[2], tensors) end
  return t
end

function unpack_value(value, tensors)
  if type(value) ~= "table" then return value end
  if value["$"] ~= nil then return tensors[value["$"]] end
  if value["^"] ~= nil then return SPECIAL[value["^"]] end
  if type(value["#"]) == "table" then return unpack_pairs(value["#"], tensors) end
  local t <const> = {}
  for key, each in pairs(value) do t[key] = unpack_value(each, tensors) end
  return t
end

-- ---- save and load ------------------------------------------------------------------------------

local function is_flat(object)
  for name, value in pairs(object) do
    if type(name) ~= "string" or not core.is_tensor(value) then return false end
  end
  return next(object) ~= nil
end

-- A flat format takes tensors by name.
local function save_as(writer, object, path, options)
  if writer.flat and not (type(object) == "table" and is_flat(object)) then
    core.fail("save", 1, "%s: %s holds tensors by name and nothing else", path, writer.name)
  end
  return writer.save(path, object, options)
end

--- tocha.save(object, path, options): tensors, numbers, strings and booleans in nested tables. The
--- ending decides: .pt and .pth for PyTorch, .t7 for Torch7, .npz for NumPy (.npy of one tensor),
--- .gguf, .h5 (HDF5), .safetensors.index.json for several files; all others are safetensors, and
--- so is all with {format = "safetensors"}; endings of what is only read (.mat, .weights) are
--- errors. {sync = true} waits until the disk has it.
function io_.save(object, path, options)
  if type(path) ~= "string" then core.fail("save", 2, "expected a path, got %s", type(path)) end
  local as_usual <const> = type(options) == "table" and options.format == "safetensors"
  local writer <const> = as_usual and formats.SAFETENSORS or formats.writer(path, "save")
  formats.check("save", 3, writer, path, options, writer.takes)
  if writer.save then return save_as(writer, object, path, options) end
  if type(object) == "table" and not getmetatable(object) and is_flat(object) then
    return safetensors.save(path, object, nil, options)
  end
  local tensors <const> = {}
  local structure <const> = pack(object, "", tensors, 0)
  safetensors.save(path, tensors, { [KEY] = json.encode { value = structure } }, options)
end

--- tocha.load(path, {device = "cpu", only = nil}): what tocha.save wrote, or weights of another
--- tool, told apart by what is in the file: safetensors (also in several files, by the index or the
--- folder), PyTorch's .pt and .pth, NumPy's .npy and .npz, Keras's .h5 and .keras, ONNX,
--- TensorFlow.js's model.json, Torch7's .t7, GGUF, Darknet's .weights (with {cfg = path}). Name ->
--- tensor, or the object that was saved. The second result is the file's metadata. `only`, a
--- function of the name, says which tensors to read of safetensors, GGUF and HDF5.
function io_.load(path, options)
  local tensors, metadata = formats.load(path, options)
  metadata = metadata or {}
  if not metadata[KEY] then return tensors, metadata end
  local structure <const>, problem <const> = json.decode(metadata[KEY])
  if type(structure) ~= "table" then
    core.fail("load", 1, "%s: its structure is no JSON: %s", path, tostring(problem))
  end
  return unpack_value(structure.value, tensors), metadata
end

return io_
