-- ImageNet's classification set of 2012 (Russakovsky et al., arXiv:1409.0575), in the ways in which
-- it lies on disks.
--
--     root/train/n01440764/n01440764_18.JPEG      a folder a class, its WordNet id
--     root/val/n01440764/...                      the same, or flat
--     root/val/ILSVRC2012_val_00000001.JPEG       with the truth from the devkit or from Kaggle:
--     root/ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt and meta.mat
--     root/LOC_val_solution.csv
--
-- Classes are the sorted WordNet ids, as in torchvision and Keras. Archives are to be unpacked.

local core = require "tocha.core"
local files = require "tocha.io.file"
local json = require "tocha.io.json"
local mat = require "tocha.io.mat"
local signature = require "tocha.signature"
local ImageFolder = require "tocha.vision.datasets.folder".ImageFolder

local ARGS <const> = "root, split = 'train', transform = nil, target_transform = nil, "
  .. "loader = nil, names = nil, wnids = nil"
local TRUTH <const> = "ILSVRC2012_validation_ground_truth.txt"
local META <const>, SOLUTION <const> = "meta.mat", "LOC_val_solution.csv"
local FOLDERS <const> = { "", "/ILSVRC2012_devkit_t12/data", "/devkit/data", "/data" }

local ImageNet <const> = ImageFolder:extend "ImageNet"

local function fail(format, ...) core.fail("ImageNet", 1, format, ...) end

local function find(root, name)
  local paths <const> = {}
  for k, folder in ipairs(FOLDERS) do paths[k] = root .. folder .. "/" .. name end
  return files.first(paths)
end

local function lines_of(path)
  local list <const> = {}
  for line in files.read("ImageNet", path):gmatch "[^\r\n]+" do list[#list + 1] = line end
  return list
end

-- ---- what the devkit and Kaggle say -------------------------------------------------------------

-- WordNet ids by the devkit's number, and words by WordNet id, of the 1000 without children.
local function read_meta(path)
  local synsets <const> = mat.load(path, { only = function(name) return name == "synsets" end })
    .synsets
  if type(synsets) ~= "table" or not synsets[1] then fail("%s: it has no synsets", path) end
  local ids <const>, words <const> = {}, {}
  for _, each in ipairs(synsets) do
    local number <const>, wnid <const> = each.ILSVRC2012_ID, each.WNID
    if not core.is_tensor(number) or number:numel() ~= 1 or type(wnid) ~= "string" then
      fail("%s: its synsets are damaged", path)
    end
    local children <const> = each.num_children
    if not core.is_tensor(children) or children:sum():item() == 0 then
      ids[number:item() // 1 | 0], words[wnid] = wnid, each.words
    end
  end
  return ids, words
end

-- WordNet ids of the validation pictures, in the order of their names.
local function truth_of_devkit(root, path)
  local list <const>, meta <const> = lines_of(path), find(root, META)
  local ids <const> = meta and read_meta(meta) or {}
  for k, line in ipairs(list) do
    local wnid <const> = line:match "^n%d+$" or ids[math.tointeger(tonumber(line) or 0)]
    if not wnid then
      fail("%s: line %d is '%s', %s", path, k, line, meta and "no number of a class"
        or "whose class is told by meta.mat, which should lie beside it")
    end
    list[k] = wnid
  end
  return list
end

-- Kaggle's table: the picture's name, then its WordNet id and boxes.
local function truth_of_kaggle(path)
  local by_name <const> = {}
  for _, line in ipairs(lines_of(path)) do
    local name <const>, wnid <const> = line:match "^([^,]+),(n%d+)"
    if name then by_name[name] = wnid end
  end
  return by_name
end

local function no_truth(root)
  fail("%s/val is flat, and what its pictures show is not here. Put the devkit's %s and %s, or "
    .. "Kaggle's %s, into %s", root, TRUTH, META, SOLUTION, root)
end

-- A function from the k-th file and its name to the WordNet id.
local function truth_of(root, count)
  local solution <const>, devkit <const> = find(root, SOLUTION), find(root, TRUTH)
  if solution then
    local by_name <const> = truth_of_kaggle(solution)
    return function(_, name) return by_name[name:match "^(.*)%."] end
  end
  if not devkit then no_truth(root) end
  local list <const> = truth_of_devkit(root, devkit)
  if #list ~= count then fail("%s has %d lines for %d pictures", devkit, #list, count) end
  return function(k) return list[k] end
end

-- ---- classes ------------------------------------------------------------------------------------

local function is_folder(path) return core.file_kind(path) == "folder" end

local function class_folders(folder)
  local list <const> = {}
  for _, name in ipairs(is_folder(folder) and files.list("ImageNet", folder) or {}) do
    if name:find "^n%d+$" and is_folder(folder .. "/" .. name) then list[#list + 1] = name end
  end
  return list
end

local function sorted_set(list)
  local set <const>, sorted <const> = {}, {}
  for _, wnid in ipairs(list) do set[wnid] = true end
  for wnid in pairs(set) do sorted[#sorted + 1] = wnid end
  table.sort(sorted)
  return sorted
end

local function read_json(path)
  local list <const>, problem <const> = json.decode(files.read("ImageNet", path))
  if type(list) ~= "table" then fail("%s: %s", path, problem or "no list of names") end
  return list
end

-- Names by WordNet id, of a JSON list in their order or of Keras's {"0": [id, name], ...}.
local function names_by_id(path, wnids)
  local list <const>, names <const> = read_json(path), {}
  for key, value in pairs(list) do
    if type(value) == "table" then names[value[1] or ""] = value[2]
    elseif math.type(key) == "integer" and wnids[key] then names[wnids[key]] = value end
  end
  if type(list[1]) == "string" and #list ~= #wnids then
    fail("%s: %d names for %d classes (`wnids` names a file with the ids, a line each)", path,
      #list, #wnids)
  end
  return names
end

local function names_of(root, wnids, o)
  local names = {}
  local meta <const> = find(root, META)
  if o.names then names = names_by_id(o.names, o.wnids and lines_of(o.wnids) or wnids)
  elseif meta then names = select(2, read_meta(meta)) end
  local list <const> = {}
  for k, wnid in ipairs(wnids) do list[k] = names[wnid] or wnid end
  return list
end

-- ---- the set ------------------------------------------------------------------------------------

local function pictures_in(folder)
  local list <const> = {}
  for _, name in ipairs(files.list("ImageNet", folder)) do
    if name:lower():find "%.jpe?g$" or name:lower():find "%.png$" then list[#list + 1] = name end
  end
  return list
end

-- Of flat validation pictures: samples { path, label }, and the WordNet ids.
local function flat(root, wnids)
  local folder <const>, truth <const> = root .. "/val", {}
  local names <const> = pictures_in(folder)
  local wnid_of <const> = truth_of(root, #names)
  for k, name in ipairs(names) do
    truth[k] = wnid_of(k, name) or fail("nothing says what %s/%s shows", folder, name)
  end
  if #wnids == 0 then wnids = sorted_set(truth) end
  local labels <const>, samples <const> = {}, {}
  for label, wnid in ipairs(wnids) do labels[wnid] = label end
  for k, name in ipairs(names) do
    local label <const> = labels[truth[k]]
      or fail("%s/%s shows %s, of which %s/train has no folder", folder, name, truth[k], root)
    samples[k] = { folder .. "/" .. name, label }
  end
  return samples, wnids
end

--- vision.datasets.ImageNet(root, {split = "train", transform, target_transform, loader, names,
--- wnids}): the photographs of `root`/train, or with split = "val" of `root`/val: one folder a
--- class, or flat with the devkit's or Kaggle's truth. `names` is a JSON file with the classes'
--- names: a list in the order of the sorted WordNet ids (or of the lines of the file `wnids`), or
--- Keras's imagenet_class_index.json; without it they are the words of meta.mat, or the ids.
--- Fields: as ImageFolder, and wnids, wnid_to_idx.
function ImageNet:new(...)
  local o <const> = {}
  signature.read(ARGS, "ImageNet", o, ...)
  if o.split ~= "train" and o.split ~= "val" then
    core.fail("ImageNet", 2, "'split': expected train or val, got %s", tostring(o.split))
  end
  local folder <const> = o.root .. "/" .. o.split
  if not is_folder(folder) then
    fail("%s is not here (the archives of ImageNet are to be unpacked, train's in a folder for "
      .. "each of the 1000 within it)", folder)
  end
  self.split, self.load, self.transform = o.split, o.loader or ImageFolder.load_rgb, o.transform
  self:find_samples(folder, o)
  self.classes = names_of(o.root, self.wnids, o)
  self:index(o.target_transform)
  self.wnid_to_idx = {}
  for label, wnid in ipairs(self.wnids) do self.wnid_to_idx[wnid] = label end
end

-- Sets samples and wnids: those of train, where it is there, so that the labels of both agree.
function ImageNet:find_samples(folder, o)
  local known <const>, here <const> = class_folders(o.root .. "/train"), class_folders(folder)
  if #here == 0 and o.split == "val" then
    self.samples, self.wnids = flat(o.root, known)
    return
  end
  self.wnids = #known > 0 and known or here
  self.samples = ImageFolder(folder, { classes = here }).samples
  local labels <const> = {}
  for label, wnid in ipairs(self.wnids) do labels[wnid] = label end
  for _, sample in ipairs(self.samples) do
    local wnid <const> = here[sample[2]]
    sample[2] = labels[wnid] or fail("%s/%s has no folder of that name in train", folder, wnid)
  end
end

return { ImageNet = ImageNet }
