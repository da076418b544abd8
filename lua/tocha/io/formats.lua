-- Which format is a file of weights in? Told by what is in it, never by its name.
--
-- A format is { name, matches = f(file), load = f(path, options) }; `file` is { path, kind, head =
-- the first bytes }. The first that matches reads the file. safetensors, which has no magic number,
-- comes last: its reader says what is wrong with a file of no format.

local files = require "tocha.io.file"
local npy = require "tocha.io.npy"
local pytorch = require "tocha.io.pytorch"
local safetensors = require "tocha.io.safetensors"
local zip = require "tocha.io.zip"

local formats <const> = {}

local HEAD <const> = 256

local function is_archive_of_torch(file)
  if file.head:sub(1, 2) ~= "PK" then return false end
  local archive <close> = zip.open("load", file.path)
  return pytorch.in_archive(archive)
end

local function starts(text)
  return function(file) return file.head:sub(1, #text) == text end
end

local LIST <const> = {
  { name = "PyTorch, old form", load = pytorch.load,
    matches = function(file) return pytorch.is_old(file.head) end },
  { name = "PyTorch", load = pytorch.load, matches = is_archive_of_torch },
  { name = "NumPy, several arrays", load = npy.npz.load, matches = starts "PK" },
  { name = "NumPy", load = npy.npy.load, matches = starts "\147NUMPY" },
  { name = "safetensors", load = safetensors.load, matches = function() return true end },
}

--- formats.of(path): the format of a file or folder: { name, load }.
function formats.of(path)
  local handle <close> = files.open("load", path)
  local file <const> = { path = path, head = handle:read(HEAD) or "" }
  for _, format in ipairs(LIST) do
    if format.matches(file) then return format end
  end
end

return formats
