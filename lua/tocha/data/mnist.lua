-- MNIST and Fashion-MNIST: 60,000 images of 28 x 28 to learn from, 10,000 to test with.
--
--     local train, test = data.mnist { root = "folder" }
--     local images, labels = train.tensors[1], train.tensors[2]
--
-- LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist; Xiao, Rasul and Vollgraf,
-- "Fashion-MNIST", arXiv:1708.07747.

local core = require "tocha.core"
local fetch = require "tocha.data.fetch"
local idx = require "tocha.data.idx"
local signature = require "tocha.signature"

local WHITE <const> = 255
local ARGS <const> = "root = nil, download = false, dtype = 'float32'"

local FILES <const> = { "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
  "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz" }

local function entries_of(base, sums)
  local entries <const> = {}
  for k, name in ipairs(FILES) do
    entries[k] = { name = name, url = base .. name, sum = "md5:" .. sums[k] }
  end
  return entries
end

local MNIST <const> = {
  name = "mnist",
  entries = entries_of("https://ossci-datasets.s3.amazonaws.com/mnist/", {
    "f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432",
    "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c" }),
  classes = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" },
}

local FASHION <const> = {
  name = "fashion_mnist",
  entries = entries_of("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/", {
    "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
    "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310" }),
  folders = { "/usr/share/datasets/fashion-mnist" },  -- Debian's package dataset-fashion-mnist
  classes = { "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker",
    "Bag", "Ankle boot" },
}

local function check(who, path, images, labels)
  if images.ndim ~= 3 or labels.ndim ~= 1 or images:size(1) ~= labels:size(1)
    or labels.dtype ~= "uint8" then
    core.fail(who, nil, "%s and its labels do not belong together", path)
  end
  if labels:numel() > 0 and labels:max():item() > 9 then
    core.fail(who, nil, "%s: its labels are not 0 to 9", path)
  end
end

local function read(who, set, images_path, labels_path, dtype)
  local TensorDataset <const> = require "tocha.data".TensorDataset
  local images, labels <const> = idx.load(images_path), idx.load(labels_path)
  check(who, images_path, images, labels)
  images = images:unsqueeze(2)
  if dtype ~= "uint8" then images = images:to(dtype) / WHITE end
  local dataset <const> = TensorDataset(images, labels:to "int64" + 1)
  dataset.classes = set.classes
  return dataset
end

local function reader(set)
  local who <const> = set.name
  return function(options)
    local o <const> = {}
    signature.read(ARGS, who, o, options or {})
    local paths <const> = fetch.files(who, set.entries, { root = o.root, download = o.download,
      folders = set.folders, name = set.name })
    return read(who, set, paths[1], paths[2], o.dtype), read(who, set, paths[3], paths[4], o.dtype)
  end
end

return {
  --- data.mnist{root =, download = false, dtype = "float32"}: two TensorDatasets, to learn from and
  --- to test with. Images are (N, 1, 28, 28), from 0 (paper) to 1 (ink), or 0..255 with dtype
  --- "uint8"; the label of the digit d is class d + 1; dataset.classes has the names.
  mnist = reader(MNIST),
  --- data.fashion_mnist{...}: the same of ten kinds of clothes.
  fashion_mnist = reader(FASHION),
}
