-- Keras 3's .keras files: a ZIP archive of the model's configuration and an HDF5 file of weights.

local core = require "tocha.core"
local hdf5 = require "tocha.io.hdf5"
local json = require "tocha.io.json"
local keras_h5 = require "tocha.io.keras_h5"
local zip = require "tocha.io.zip"

local keras_archive <const> = {}

local WHO <const>, CONFIG <const>, WEIGHTS <const> = "load", "config.json", "model.weights.h5"

--- keras_archive.matches(path): does the ZIP archive hold a model?
function keras_archive.matches(path)
  local archive <close> = zip.open(WHO, path)
  return archive.at[CONFIG] ~= nil and archive.at[WEIGHTS] ~= nil
end

-- libhdf5 reads files, not bytes.
local function entries_of(bytes, options)
  local path <const> = os.tmpname()
  local ok <const>, result <const> = pcall(function()
    local file <close> = assert(io.open(path, "wb"))
    assert(file:write(bytes))
    assert(file:flush())
    return hdf5.entries(path, options)
  end)
  os.remove(path)
  if not ok then error(result, 0) end
  return result
end

--- keras_archive.read(path, options): the configuration and the entries of the weights' file;
--- options as hdf5.entries has them.
function keras_archive.read(path, options)
  local archive <close> = zip.open(WHO, path)
  local member <const> = archive.at[CONFIG]
  local config <const>, problem <const> = json.decode(member:read())
  if type(config) ~= "table" then
    core.fail(WHO, 1, "%s: its %s is no JSON: %s", path, CONFIG, tostring(problem))
  end
  return config, entries_of(archive.at[WEIGHTS]:read(), options)
end

--- keras_archive.load(path, {device = "cpu"}): "conv2d/kernel" -> tensor, and { modelTopology = the
--- configuration }.
function keras_archive.load(path, options)
  local config <const>, entries <const> = keras_archive.read(path, options)
  return keras_h5.named(keras_h5.layers(entries) or {}), { modelTopology = config }
end

return keras_archive
