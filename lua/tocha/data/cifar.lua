-- CIFAR-10 in its binary form: records of a label byte and 3 planes of 32 x 32.
--
--     local train, test = data.cifar10 { root = "folder" }
--     local images, labels = data.cifar "data_batch_1.bin.gz"
--
-- Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.

local core = require "tocha.core"
local registry = require "tocha.op"
local fetch = require "tocha.data.fetch"
local files = require "tocha.io.file"
local signature = require "tocha.signature"

local SIDE <const>, PIXELS <const>, WHITE <const> = 32, 3072, 255
local CLASSES <const> = { "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse",
  "ship", "truck" }
local ARCHIVE <const> = { name = "cifar-10-binary.tar.gz",
  sum = "md5:c32a1d4ab5d03f1284b67883e8d87530",
  url = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz" }
local ARGS <const> = "root = nil, download = false, dtype = 'float32'"

-- `label_bytes`: 1 in CIFAR-10, 2 in CIFAR-100 (coarse, fine: the last one is taken).
local function decode(where, bytes, dtype, label_bytes)
  local record <const> = label_bytes + PIXELS
  if #bytes == 0 or #bytes % record ~= 0 then
    core.fail("cifar", 1, "%s: %d bytes are no whole records of %d", where, #bytes, record)
  end
  local records <const> = core.from_bytes(bytes, { #bytes // record, record }, "uint8")
  local images = records:narrow(2, label_bytes + 1, PIXELS):reshape { -1, 3, SIDE, SIDE }
  if dtype ~= "uint8" then images = images:to(dtype) / WHITE end
  return images, records:select(2, label_bytes):to "int64" + 1
end

--- data.cifar(path, {dtype = "float32", label_bytes = 1}): images (N, 3, 32, 32), from 0 to 1 (or
--- 0..255 with dtype "uint8"), and labels (N), int64 from 1, of one file of records (.gz too).
--- CIFAR-100's files have label_bytes = 2.
local function cifar(path, options)
  local o <const> = {}
  signature.read("dtype = 'float32', label_bytes = 1", "cifar", o, options or {})
  return decode(path, files.read("cifar", path), o.dtype, o.label_bytes)
end

-- ---- the whole set ------------------------------------------------------------------------------

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

-- The files themselves in a folder, or the archive in which they come.
local function sources(options)
  local folder <const> = options.root or fetch.cache "cifar10"
  for _, below in ipairs { "", "/cifar-10-batches-bin" } do
    local place <const> = folder .. below
    if files.first { place .. "/test_batch.bin", place .. "/test_batch.bin.gz" } then
      return function(name)
        local path <const> = files.first { place .. "/" .. name, place .. "/" .. name .. ".gz" }
        return path and files.read("cifar10", path)
      end
    end
  end
  local paths <const> = fetch.files("cifar10", { ARCHIVE },
    { root = options.root, download = options.download, name = "cifar10" })
  local tar <const> = files.read("cifar10", paths[1], 1 << 31)
  return function(name) return member(tar, name) end
end

-- Joins the batches that are there (a part of the set is a set).
local function collect(read, names, dtype)
  local images <const>, labels <const> = {}, {}
  for _, name in ipairs(names) do
    local bytes <const> = read(name)
    if bytes then images[#images + 1], labels[#labels + 1] = decode(name, bytes, dtype, 1) end
  end
  if #images == 0 then core.fail("cifar10", nil, "there is no %s", table.concat(names, ", ")) end
  local set <const> = require "tocha.data".TensorDataset(registry.ops.cat(images),
    registry.ops.cat(labels))
  set.classes = CLASSES
  return set
end

--- data.cifar10{root =, download = false, dtype = "float32"}: two TensorDatasets, of the training
--- batches that are there and of the test batch; dataset.classes has the names.
local function cifar10(options)
  local o <const> = {}
  signature.read(ARGS, "cifar10", o, options or {})
  local read <const>, names <const> = sources(o), {}
  for k = 1, 5 do names[k] = ("data_batch_%d.bin"):format(k) end
  return collect(read, names, o.dtype), collect(read, { "test_batch.bin" }, o.dtype)
end

return { cifar = cifar, cifar10 = cifar10 }
