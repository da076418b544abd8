-- Which format is a file of weights in? Told by what is in it, never by its name. In which is one
-- to be written? Told by the ending of its name.
--
-- A format is { name, matches = f(file), load = f(path, options), takes, header, metadata }; `file`
-- is { path, head = the first bytes }; `takes` names its options, beside `device`; header(path),
-- where there is one, lists the tensors without reading them; `metadata` is a name that a writer
-- may share. The first that matches reads the file. A folder stands for the index in it.

local core = require "tocha.core"
local darknet = require "tocha.io.darknet"
local files = require "tocha.io.file"
local gguf = require "tocha.io.gguf"
local hdf5 = require "tocha.io.hdf5"
local json = require "tocha.io.json"
local keras_archive = require "tocha.io.keras_archive"
local npy = require "tocha.io.npy"
local pytorch = require "tocha.io.pytorch"
local safetensors = require "tocha.io.safetensors"
local sharded = require "tocha.io.sharded"
local t7 = require "tocha.io.t7"
local tfjs = require "tocha.io.tfjs"
local zip = require "tocha.io.zip"

local formats <const> = {}

local HEAD <const> = 256

-- Read when it is needed: most programs meet no such file.
local function load_onnx(path) return require "tocha.onnx".weights(path) end
local INDICES <const> = { "model.safetensors.index.json", "model.safetensors", "model.json",
  "manifest.json", "pytorch_model.bin" }

local function is_archive_of_torch(file)
  if file.head:sub(1, 2) ~= "PK" then return false end
  local archive <close> = zip.open("load", file.path)
  return pytorch.in_archive(archive)
end

local function is_json(file) return file.head:find "^%s*{" ~= nil end

local function is_index(file)
  if not is_json(file) then return false end
  local object <const> = json.decode(files.read("load", file.path))
  return type(object) == "table" and object.weight_map ~= nil
end

-- The first field of a model is its ir_version, a small number; that of a safetensors file would be
-- the length of its header, of eight bytes.
local function is_onnx(head)
  return head:find "^\8[\1-\31][\18\26\34\40\50\58\66\130]" ~= nil and head:sub(9, 9) ~= "{"
end

-- A reader that knows of no devices.
local function moved(load)
  return function(path, options)
    local object <const>, metadata <const> = load(path)
    local device <const> = options and options.device
    if not device then return object, metadata end
    if core.is_tensor(object) then return object:to(device), metadata end
    for name, x in pairs(object) do object[name] = x:to(device) end
    return object, metadata
  end
end

local function starts(text)
  return function(file) return file.head:sub(1, #text) == text end
end

local LIST <const> = {
  { name = "PyTorch, old form", load = pytorch.load,
    matches = function(file) return pytorch.is_old(file.head) end },
  { name = "PyTorch", load = pytorch.load, matches = is_archive_of_torch },
  { name = "Keras", load = keras_archive.load,
    matches = function(file)
      return file.head:sub(1, 2) == "PK" and keras_archive.matches(file.path)
    end },
  { name = "NumPy, several arrays", load = moved(npy.npz.load), matches = starts "PK" },
  { name = "NumPy", load = moved(npy.npy.load), matches = starts "\147NUMPY" },
  { name = "HDF5", load = hdf5.load, takes = "only seconds",
    matches = function(file) return hdf5.matches(file.head) end },
  { name = "GGUF", load = gguf.load, header = gguf.header, metadata = "gguf",
    takes = "only dtype", matches = starts "GGUF" },
  { name = "Darknet", load = darknet.load, takes = "cfg",
    matches = function(file) return darknet.matches(file.head) end },
  { name = "Torch7", load = t7.load, matches = function(file) return t7.matches(file.head) end },
  { name = "ONNX", load = moved(load_onnx),
    matches = function(file) return is_onnx(file.head) end },
  { name = "safetensors in several files", load = sharded.load, header = sharded.header,
    takes = "only",
    matches = is_index },
  { name = "TensorFlow.js", load = tfjs.load, matches = is_json },
  { name = "safetensors", load = safetensors.load, header = safetensors.header,
    metadata = "safetensors", takes = "only",
    matches = function(file) return file.head:sub(9, 9) == "{" end },
}

-- What is no file of weights, and who reads it.
local OTHERS <const> = {
  { "^MATLAB 5", "MATLAB's variables are read by tocha.io.mat.load" },
  { "^\x89PNG", "a picture, which tocha.vision.io.read reads" },
  { "^\xff\xd8\xff", "a picture, which tocha.vision.io.read reads" },
  { "^version https://git%-lfs", "only the pointer of Git LFS to the file: git lfs pull" },
  { "^%s*<", "a web page or XML, and no weights" }, { "^$", "the file is empty" },
}

local function refuse(file)
  for _, other in ipairs(OTHERS) do
    if file.head:find(other[1]) then core.fail("load", 1, "%s: %s", file.path, other[2]) end
  end
  core.fail("load", 1, "%s: none of the formats that are read (safetensors, PyTorch, NumPy, Keras, "
    .. "HDF5, ONNX, GGUF, TensorFlow.js, Torch7, Darknet)", file.path)
end

local function index_in(folder)
  local paths <const> = {}
  for k, name in ipairs(INDICES) do paths[k] = folder:gsub("/*$", "/") .. name end
  return files.first(paths)
    or core.fail("load", 1, "%s is a folder with none of %s", folder, table.concat(INDICES, ", "))
end

--- formats.of(path): the format of a file, { name, load }, and its path (within a folder).
function formats.of(path)
  if type(path) == "string" and core.file_kind(path) == "folder" then path = index_in(path) end
  local handle <close> = files.open("load", path)
  local file <const> = { path = path, head = handle:read(HEAD) or "" }
  for _, format in ipairs(LIST) do
    if format.matches(file) then return format, path end
  end
  return refuse(file)
end

--- formats.check(who, place, format, path, options): an option that the format does not take is an
--- error; `takes` are the names of those it takes.
function formats.check(who, place, format, path, options, takes)
  if options == nil then return end
  if type(options) ~= "table" then
    core.fail(who, place, "expected a table of options, got %s", type(options))
  end
  for name in pairs(options) do
    if not (" " .. takes .. " "):find(" " .. tostring(name) .. " ", 1, true) then
      core.fail(who, place, "%s (%s) takes no option '%s' (there are: %s)", path, format.name,
        tostring(name), (takes:gsub(" ", ", ")))
    end
  end
  if options.only ~= nil and type(options.only) ~= "function" then
    core.fail(who, "only", "expected a function of the name, got %s", type(options.only))
  end
end

--- formats.load(path, options): the object in a file, and its metadata.
function formats.load(path, options)
  local format <const>, place <const> = formats.of(path)
  formats.check("load", 2, format, place, options,
    format.takes and "device " .. format.takes or "device")
  return format.load(place, options)
end

-- ---- writing ------------------------------------------------------------------------------------

local function save_h5(path, tensors)
  local list <const> = {}
  for name, x in pairs(tensors) do list[#list + 1] = { path = name, value = x } end
  table.sort(list, function(a, b) return a.path < b.path end)
  hdf5.save(path, list)
end

local function refuse_weights(path)
  core.fail("save", 2, "%s: an ONNX file holds a network (tocha.onnx.export writes it)", path)
end

-- Ending -> { name, save = f(path, object, options), takes, flat, of_network }; a flat one takes
-- tensors by name and nothing else; of_network: what is written is a network, not its weights.


local PYTORCH <const> = { name = "PyTorch", save = pytorch.save, takes = "sync beside" }
local SHARDED <const> = ".safetensors.index.json"
local WRITERS <const> = {
  pt = PYTORCH, pth = PYTORCH,
  t7 = { name = "Torch7", save = t7.save, takes = "ascii sync beside" },
  gguf = { name = "GGUF", save = gguf.save, flat = true, metadata = "gguf",
    takes = "dtype metadata sync beside", dtypes = { q8_0 = true } },
  h5 = { name = "HDF5", save = save_h5, flat = true, takes = "" },
  onnx = { name = "ONNX", of_network = true, save = refuse_weights, takes = "" },
  npy = { name = "NumPy", save = npy.npy.save, takes = "" },
  npz = { name = "NumPy, several arrays", save = npy.npz.save, flat = true,
    takes = "sync beside" },
}
local IN_FILES <const> = { name = "safetensors in several files", save = sharded.save, flat = true,
  takes = "max_shard_size metadata sync beside" }
local SAFETENSORS <const> = { name = "safetensors", takes = "format sync beside" }

-- Endings that promise another format than safetensors.
local ONLY_READ <const> = { mat = "MATLAB's", weights = "Darknet's" }

--- formats.writer(path, who): how a file with this ending is written, { name, save, takes, flat };
--- without `save` it is to be safetensors. An ending of what is only read is an error.
function formats.writer(path, who)
  if path:sub(-#SHARDED) == SHARDED then return IN_FILES end
  local ending <const> = (path:match "%.(%w+)$" or ""):lower()
  if ONLY_READ[ending] then
    core.fail(who, 2, "%s: %s files are only read (.safetensors, .pt, .npz, .h5, .gguf, .t7 are "
      .. "written)", path, ONLY_READ[ending])
  end
  return WRITERS[ending] or SAFETENSORS
end

--- formats.SAFETENSORS: the writer of all other endings.
formats.SAFETENSORS = SAFETENSORS

return formats
