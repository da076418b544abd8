-- A folder of classes: one folder each, and in it the files of its examples.
--
--     flowers/daisy/1.png  flowers/daisy/2.png  flowers/rose/7.png
--
--     local set = data.FolderDataset("flowers", {load = tocha.vision.io.read})
--     local image, label = set:get(1)      -- label 1 is "daisy": set.classes is sorted
--
-- Class folders may hold folders. Files are in sorted order, the same everywhere.

local core = require "tocha.core"
local files = require "tocha.io.file"
local signature = require "tocha.signature"
local Dataset = require "tocha.data.dataset".Dataset

local ARGS <const> = "load = nil, extensions = nil, transform = nil, classes = nil"
local DEEPEST <const> = 16

local FolderDataset <const> = Dataset:extend "FolderDataset"

local function is_hidden(name) return name:byte() == 46 end

local function wanted_by(extensions)
  if not extensions then return function() return true end end
  local set <const> = {}
  for _, extension in ipairs(extensions) do set[extension:lower():gsub("^%.", "")] = true end
  return function(name) return set[(name:match "%.(%w+)$" or ""):lower()] end
end

local function add_files(into, folder, wanted, label, depth)
  if depth > DEEPEST then core.fail("FolderDataset", 1, "%s: folders nested too deep", folder) end
  for _, name in ipairs(files.list("FolderDataset", folder)) do
    local path <const> = folder .. "/" .. name
    local kind <const> = not is_hidden(name) and core.file_kind(path)
    if kind == "folder" then add_files(into, path, wanted, label, depth + 1)
    elseif kind == "file" and wanted(name) then into[#into + 1] = { path, label } end
  end
end

local function class_folders(root)
  local classes <const> = {}
  for _, name in ipairs(files.list("FolderDataset", root)) do
    if not is_hidden(name) and core.file_kind(root .. "/" .. name) == "folder" then
      classes[#classes + 1] = name
    end
  end
  return classes
end

--- data.FolderDataset(root, {load = read file, extensions =, transform =, classes =}): example i is
--- load(path) and the class, from 1. `load` gives the bytes of the file unless told otherwise;
--- `extensions` {"png", "jpg"} leaves out other files; `transform` is called with what was loaded;
--- `classes` names the folders, in their order, where not all are wanted. Fields: classes, and
--- samples, a list of { path, label }.
function FolderDataset:new(root, options)
  local o <const> = {}
  signature.read(ARGS, "FolderDataset", o, options or {})
  self.load, self.transform = o.load, o.transform
  self.classes = o.classes or class_folders(root)
  self.samples = {}
  for label, name in ipairs(self.classes) do
    add_files(self.samples, root .. "/" .. name, wanted_by(o.extensions), label, 1)
  end
  if #self.samples == 0 then
    core.fail("FolderDataset", 1, "%s: there are no files in folders of classes", root)
  end
end

function FolderDataset:__len() return #self.samples end

function FolderDataset:get(i)
  local sample <const> = self.samples[i]
  if not sample then core.fail("FolderDataset", 1, "%s is not in 1..%d", tostring(i), #self) end
  local x
  if self.load then x = self.load(sample[1]) else x = files.read("FolderDataset", sample[1]) end
  if self.transform then x = self.transform(x) end
  return x, sample[2]
end

return { FolderDataset = FolderDataset }
