-- Which format is a file of weights in? Told by what is in it, never by its name. In which is one
-- to be written? Told by the ending of its name.
--
-- A format is { name, matches = f(file), load = f(path, options), header, metadata }; `file` is
-- { path, head = the first bytes }; header(path), where there is one, lists the tensors without
-- reading them; `metadata` is a name that a writer may share. The first that matches reads the
-- file. safetensors, which has no magic number, comes last: its reader says what is wrong with a
-- file of no format. A folder stands for the index in it.

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
local function load_onnx(path, options) return require "tocha.onnx".weights(path, options) end
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
  { name = "NumPy, several arrays", load = npy.npz.load, matches = starts "PK" },
  { name = "NumPy", load = npy.npy.load, matches = starts "\147NUMPY" },
  { name = "HDF5", load = hdf5.load, matches = function(file) return hdf5.matches(file.head) end },
  { name = "GGUF", load = gguf.load, header = gguf.header, metadata = "gguf",
    matches = starts "GGUF" },
  { name = "Darknet", load = darknet.load,
    matches = function(file) return darknet.matches(file.head) end },
  { name = "Torch7", load = t7.load, matches = function(file) return t7.matches(file.head) end },
  { name = "ONNX", load = load_onnx, matches = function(file) return is_onnx(file.head) end },
  { name = "safetensors in several files", load = sharded.load, header = sharded.header,
    matches = is_index },
  { name = "TensorFlow.js", load = tfjs.load, matches = is_json },
  { name = "safetensors", load = safetensors.load, header = safetensors.header,
    metadata = "safetensors", matches = function() return true end },
}

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

-- of_network: what is written is a network, not its weights.
-- Ending -> { name, save = f(path, object, options), flat }; a flat one takes tensors by name and
-- nothing else.

local PYTORCH <const> = { name = "PyTorch", save = pytorch.save }
local SHARDED <const> = ".safetensors.index.json"
local WRITERS <const> = {
  pt = PYTORCH, pth = PYTORCH,
  t7 = { name = "Torch7", save = t7.save },
  gguf = { name = "GGUF", save = gguf.save, flat = true, metadata = "gguf",
    dtypes = { q8_0 = true } },
  h5 = { name = "HDF5", save = save_h5, flat = true },
  onnx = { name = "ONNX", of_network = true, save = refuse_weights },
  npy = { name = "NumPy", save = npy.npy.save },
  npz = { name = "NumPy, several arrays", save = npy.npz.save, flat = true },
}
local IN_FILES <const> = { name = "safetensors in several files", save = sharded.save, flat = true }

--- formats.writer(path): how a file with this ending is written, { name, save, flat }, or nil where
--- it is to be safetensors.
function formats.writer(path)
  if path:sub(-#SHARDED) == SHARDED then return IN_FILES end
  return WRITERS[(path:match "%.(%w+)$" or ""):lower()]
end

return formats
