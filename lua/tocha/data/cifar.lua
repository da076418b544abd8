-- CIFAR-10 and CIFAR-100: pictures of 32 x 32, in their binary form (records of label bytes and 3
-- planes) or Python's (pickles, read without executing anything).
--
--     local train, test = data.cifar10 { root = "folder" }
--     local images, labels = data.cifar "data_batch_1.bin.gz"
--
-- Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.

local core = require "tocha.core"
local registry = require "tocha.op"
local fetch = require "tocha.data.fetch"
local files = require "tocha.io.file"
local numpy = require "tocha.io.pickle_numpy"
local pickle = require "tocha.io.pickle"
local signature = require "tocha.signature"
local tensor = require "tocha.tensor"

local cifar <const> = {}

local SIDE <const>, PIXELS <const>, WHITE <const> = 32, 3072, 255
local ARGS <const> = "root = nil, download = false, dtype = 'float32'"

-- ---- one file -----------------------------------------------------------------------------------
-- Both give images (N, 3, 32, 32) uint8 and labels (N) int64 from 1.

-- `label_bytes`: 1 in CIFAR-10, 2 in CIFAR-100 (coarse, fine: the last one is taken).
local function of_records(label_bytes)
  return function(where, bytes)
    local record <const> = label_bytes + PIXELS
    if #bytes == 0 or #bytes % record ~= 0 then
      core.fail("cifar", 1, "%s: %d bytes are no whole records of %d", where, #bytes, record)
    end
    local records <const> = core.from_bytes(bytes, { #bytes // record, record }, "uint8")
    return records:narrow(2, label_bytes + 1, PIXELS):reshape { -1, 3, SIDE, SIDE },
      records:select(2, label_bytes):to "int64" + 1
  end
end

local function check_labels(list, n, bad)
  if type(list) ~= "table" or #list ~= n then bad "labels that are not one a picture" end
  for _, label in ipairs(list) do
    if math.type(label) ~= "integer" then bad "a label that is no integer" end
  end
  return list
end

-- A dict of data (N, 3072) and a list of labels under the given key.
local function of_pickle(key)
  return function(where, bytes)
    local function bad(format, ...) core.fail("cifar", 1, "%s: " .. format, where, ...) end
    local dict <const> = pickle.load(pickle.bytes(bytes, bad), { globals = numpy.globals,
      bad = bad, persistent = function() bad "a pickle of another kind" end })
    if type(dict) ~= "table" then bad "a pickle that holds no dict" end
    local rows <const> = numpy.array(dict.data, bad)
    if rows.dtype ~= "uint8" or rows.ndim ~= 2 or rows:size(2) ~= PIXELS then
      bad "pictures that are not (N, 3072) bytes"
    end
    local labels <const> = check_labels(dict[key], rows:size(1), bad)
    return rows:reshape { -1, 3, SIDE, SIDE }, tensor.from(labels, { dtype = "int64" }) + 1
  end
end

local function converted(images, dtype)
  return dtype == "uint8" and images or images:to(dtype) / WHITE
end

--- data.cifar(path, {dtype = "float32", label_bytes = 1}): images (N, 3, 32, 32), from 0 to 1 (or
--- 0..255 with dtype "uint8"), and labels (N), int64 from 1, of one file of records (.gz too).
--- CIFAR-100's files have label_bytes = 2.
function cifar.cifar(path, options)
  local o <const> = {}
  signature.read("dtype = 'float32', label_bytes = 1", "cifar", o, options or {})
  local images <const>, labels <const> =
    of_records(o.label_bytes)(path, files.read("cifar", path))
  return converted(images, o.dtype), labels
end

-- ---- the sets -----------------------------------------------------------------------------------

local URL <const> = "https://www.cs.toronto.edu/~kriz/"

local function form(folder, archive, md5, decode, train, test)
  return { folder = folder, decode = decode, train = train, test = test,
    archive = { name = archive, url = URL .. archive, sum = "md5:" .. md5 } }
end

local function words(text)
  local list <const> = {}
  for word in text:gmatch "%S+" do list[#list + 1] = word end
  return list
end

local BATCHES <const> = {}
for k = 1, 5 do BATCHES[k] = "data_batch_" .. k end
local BINARY_BATCHES <const> = {}
for k = 1, 5 do BINARY_BATCHES[k] = BATCHES[k] .. ".bin" end

--- cifar.sets: { name, classes, forms }, of which a folder may hold any.
cifar.sets = {
  cifar10 = {
    name = "cifar10",
    classes = words "airplane automobile bird cat deer dog frog horse ship truck",
    forms = {
      form("cifar-10-batches-bin", "cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530",
        of_records(1), BINARY_BATCHES, { "test_batch.bin" }),
      form("cifar-10-batches-py", "cifar-10-python.tar.gz", "c58f30108f718f92721af3b95e74349a",
        of_pickle "labels", BATCHES, { "test_batch" }),
    },
  },
  cifar100 = {
    name = "cifar100",
    classes = words [[
      apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus
      butterfly camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch
      crab crocodile cup dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo
      keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain mouse
      mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy
      porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper
      snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television
      tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm]],
    forms = {
      form("cifar-100-binary", "cifar-100-binary.tar.gz", "03b5dce01913d631647c71ecec9e9cb8",
        of_records(2), { "train.bin" }, { "test.bin" }),
      form("cifar-100-python", "cifar-100-python.tar.gz", "eb9058c3a382ffc7106e4002c42a8d85",
        of_pickle "fine_labels", { "train" }, { "test" }),
    },
  },
}

-- ---- where they lie -----------------------------------------------------------------------------

-- The archive's member of that name (ustar: headers of 512 bytes, sizes in octal).
local function member(tar, wanted)
  local at = 1
  while at + 511 <= #tar do
    local name <const> = tar:sub(at, at + 99):match "^[^\0]*"
    local size <const> = tonumber(tar:sub(at + 124, at + 135):match "[0-7]+" or "", 8)
    if not size or name == "" then return nil end
    if name:match "[^/]*$" == wanted then return tar:sub(at + 512, at + 511 + size) end
    at = at + 512 + (size + 511) // 512 * 512
  end
end

local function file_in(place, name)
  for _, path in ipairs { place .. "/" .. name, place .. "/" .. name .. ".gz" } do
    if core.file_kind(path) == "file" then return path end
  end
end

local function has_any(place, names)
  for _, name in ipairs(names) do
    if file_in(place, name) then return true end
  end
end

-- read(name): the bytes of a file of the form, or nil; nothing where the folder has none of them.
local function reader_in(who, root, each)
  for _, place in ipairs { root, root .. "/" .. each.folder } do
    if has_any(place, each.test) or has_any(place, each.train) then
      return function(name)
        local path <const> = file_in(place, name)
        return path and files.read(who, path)
      end
    end
  end
end

local MOST <const> = 1 << 31  -- bytes in an archive

local function reader_of_archive(who, path)
  local tar <const> = files.read(who, path, MOST)
  return function(name) return member(tar, name) end
end

local function find(set, options)
  local root <const> = options.root or fetch.cache(set.name)
  for _, each in ipairs(set.forms) do
    local read <const> = reader_in(set.name, root, each)
    if read then return each, read end
  end
  for _, each in ipairs(set.forms) do
    local path <const> = file_in(root, each.archive.name)
    if path then return each, reader_of_archive(set.name, path) end
  end
  local each <const> = set.forms[1]
  local paths <const> = fetch.files(set.name, { each.archive },
    { root = options.root, download = options.download, name = set.name })
  return each, reader_of_archive(set.name, paths[1])
end

-- Joins the files that are there (a part of the set is a set).
local function collect(set, each, read, part)
  local images <const>, labels <const> = {}, {}
  for _, name in ipairs(each[part]) do
    local bytes <const> = read(name)
    if bytes then images[#images + 1], labels[#labels + 1] = each.decode(name, bytes) end
  end
  if #images == 0 then
    core.fail(set.name, nil, "there is no %s", table.concat(each[part], ", "))
  end
  local x <const>, y <const> = registry.ops.cat(images), registry.ops.cat(labels)
  if y:min():item() < 1 or y:max():item() > #set.classes then
    core.fail(set.name, nil, "its labels are not 0 to %d", #set.classes - 1)
  end
  return x, y
end

--- cifar.read(set, part, {root, download}): images (N, 3, 32, 32) uint8 and labels (N) int64 of the
--- part "train" or "test" of one of cifar.sets.
function cifar.read(set, part, options)
  local each <const>, read <const> = find(set, options)
  return collect(set, each, read, part)
end

local function both(set)
  return function(options)
    local o <const>, sets <const> = {}, {}
    signature.read(ARGS, set.name, o, options or {})
    local each <const>, read <const> = find(set, o)
    for k, part in ipairs { "train", "test" } do
      local images <const>, labels <const> = collect(set, each, read, part)
      sets[k] = require "tocha.data".TensorDataset(converted(images, o.dtype), labels)
      sets[k].classes = set.classes
    end
    return sets[1], sets[2]
  end
end

--- data.cifar10{root =, download = false, dtype = "float32"}: two TensorDatasets, of the training
--- batches that are there and of the test batch; dataset.classes has the names.
cifar.cifar10 = both(cifar.sets.cifar10)

--- data.cifar100{...}: the same of a hundred classes (the fine ones).
cifar.cifar100 = both(cifar.sets.cifar100)

return cifar
