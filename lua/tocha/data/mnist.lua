-- The MNIST family: small grey pictures of digits, letters, characters and clothes in IDX files.
--
--     local train, test = data.mnist { root = "folder" }
--     local images, labels = train.tensors[1], train.tensors[2]
--
-- MNIST: LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist. Fashion-MNIST: Xiao, Rasul and
-- Vollgraf, arXiv:1708.07747. KMNIST: Clanuwat et al., arXiv:1812.01718. EMNIST: Cohen et al.,
-- arXiv:1702.05373. QMNIST: Yadav and Bottou, arXiv:1905.10498. tocha.vision.datasets has all of
-- them with transforms.

local core = require "tocha.core"
local fetch = require "tocha.data.fetch"
local idx = require "tocha.data.idx"
local signature = require "tocha.signature"

local mnist <const> = {}

local WHITE <const> = 255
local ARGS <const> = "root = nil, download = false, dtype = 'float32'"

-- ---- what there is ------------------------------------------------------------------------------
-- A set has parts, each a pair of entries (images, labels); `first` is the label of class 1 in its
-- files (0 unless said).

local STANDARD <const> = {
  train = { "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz" },
  test = { "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz" },
}

local function parts_of(base, names, sums)
  local parts <const> = {}
  for part, pair in pairs(names) do
    parts[part] = {}
    for k, name in ipairs(pair) do
      parts[part][k] = { name = name, url = base .. name, sum = "md5:" .. sums[part][k] }
    end
  end
  return parts
end

local function letters(first, last)
  local list <const> = {}
  for code = first:byte(), last:byte() do list[#list + 1] = string.char(code) end
  return list
end

local DIGITS <const> = letters("0", "9")

--- mnist.sets: by name.
mnist.sets = {
  mnist = {
    name = "mnist", below = { "MNIST/raw" }, classes = DIGITS,
    parts = parts_of("https://ossci-datasets.s3.amazonaws.com/mnist/", STANDARD, {
      train = { "f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432" },
      test = { "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c" } }),
  },
  fashion_mnist = {
    name = "fashion_mnist", below = { "FashionMNIST/raw" },
    parts = parts_of("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/", STANDARD, {
      train = { "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe" },
      test = { "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310" } }),
    folders = { "/usr/share/datasets/fashion-mnist" },  -- Debian's package dataset-fashion-mnist
    classes = { "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker",
      "Bag", "Ankle boot" },
  },
  kmnist = {
    name = "kmnist", below = { "KMNIST/raw" },
    parts = parts_of("http://codh.rois.ac.jp/kmnist/dataset/kmnist/", STANDARD, {
      train = { "bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344" },
      test = { "5c965bf0a639b31b8f53240b1b52f4d7", "7320c461ea6c1c855c0b718fb2a4b134" } }),
    classes = { "o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo" },
  },
}

local XNIST <const> = { "xnist-images-idx3-ubyte.xz", "xnist-labels-idx2-int.xz" }

mnist.sets.qmnist = {
  name = "qmnist", below = { "QMNIST/raw" }, classes = DIGITS,
  parts = parts_of("https://raw.githubusercontent.com/facebookresearch/qmnist/master/", {
    train = { "qmnist-train-images-idx3-ubyte.gz", "qmnist-train-labels-idx2-int.gz" },
    test = { "qmnist-test-images-idx3-ubyte.gz", "qmnist-test-labels-idx2-int.gz" },
  }, {
    train = { "ed72d4157d28c017586c42bc6afe6370", "0058f8dd561b90ffdd0f734c6a30e5e4" },
    test = { "1394631089c404de565df7b7aeaf9412", "5b5b05890a5e13444e108efe57b788aa" },
  }),
}
mnist.sets.qmnist.parts.nist = {}
for k, name in ipairs(XNIST) do
  mnist.sets.qmnist.parts.nist[k] = { name = name:gsub("%.xz$", ""), by_hand = true,
    url = "https://github.com/facebookresearch/qmnist (" .. name .. ", unpacked with unxz)" }
end

-- ---- EMNIST -------------------------------------------------------------------------------------

local CAPITALS <const>, SMALL <const> = letters("A", "Z"), letters("a", "z")

local function joined(...)
  local list <const> = {}
  for _, part in ipairs { ... } do table.move(part, 1, #part, #list + 1, list) end
  return list
end

-- Small letters that look like their capitals are one class with them.
local MERGED <const> = joined(DIGITS, CAPITALS, { "a", "b", "d", "e", "f", "g", "h", "n", "q", "r",
  "t" })

local SPLITS <const> = { byclass = joined(DIGITS, CAPITALS, SMALL), bymerge = MERGED,
  balanced = MERGED, letters = SMALL, digits = DIGITS, mnist = DIGITS }

local EMNIST_FROM <const> = "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip, unpacked"

--- mnist.emnist(split): the set of one of its six splits, or nil.
function mnist.emnist(split)
  if not SPLITS[split] then return nil end
  local parts <const> = {}
  for _, part in ipairs { "train", "test" } do
    local prefix <const> = ("emnist-%s-%s-"):format(split, part)
    parts[part] = {}
    for k, name in ipairs { "images-idx3-ubyte.gz", "labels-idx1-ubyte.gz" } do
      parts[part][k] = { name = prefix .. name, url = EMNIST_FROM, by_hand = true }
    end
  end
  return { name = "emnist", below = { "gzip", "EMNIST/raw" }, parts = parts,
    classes = SPLITS[split], first = split == "letters" and 1 or 0, is_turned = true }
end

-- ---- reading ------------------------------------------------------------------------------------

local function check(who, path, images, labels, set)
  if images.ndim ~= 3 or images.dtype ~= "uint8" or labels.ndim > 2 or labels.ndim < 1
    or images:size(1) ~= labels:size(1) or labels:is_floating_point() or labels:size(-1) == 0 then
    core.fail(who, nil, "%s and its labels do not belong together", path)
  end
  local first <const>, last <const> = set.first or 0, (set.first or 0) + #set.classes - 1
  local ids <const> = labels.ndim == 2 and labels:select(2, 1) or labels
  if ids:numel() > 0 and (ids:max():item() > last or ids:min():item() < first) then
    core.fail(who, nil, "%s: its labels are not %d to %d", path, first, last)
  end
  return ids:to "int64" - first + 1
end

-- The images, their classes from 1, and the labels as they are in the file.
local function load(set, images_path, labels_path)
  local images, labels <const> = idx.load(images_path), idx.load(labels_path)
  local ids <const> = check(set.name, images_path, images, labels, set)
  if set.is_turned then images = images:transpose(2, 3):contiguous() end
  return images:unsqueeze(2), ids, labels
end

local function find(set, entries, options)
  return fetch.files(set.name, entries, { root = options.root, download = options.download,
    folders = set.folders, below = set.below, name = set.name })
end

--- mnist.read(set, part, {root, download}): images (N, 1, 28, 28) uint8, labels (N) int64 from 1,
--- and the labels as they are in the file, of a part of a set.
function mnist.read(set, part, options)
  local paths <const> = find(set, set.parts[part], options)
  return load(set, paths[1], paths[2])
end

local function data_set(set, dtype, images, labels)
  local values <const> = dtype == "uint8" and images or images:to(dtype) / WHITE
  local made <const> = require "tocha.data".TensorDataset(values, labels)
  made.classes = set.classes
  return made
end

local function reader(set)
  local entries <const> = joined(set.parts.train, set.parts.test)
  return function(options)
    local o <const> = {}
    signature.read(ARGS, set.name, o, options or {})
    local paths <const> = find(set, entries, o)
    return data_set(set, o.dtype, load(set, paths[1], paths[2])),
      data_set(set, o.dtype, load(set, paths[3], paths[4]))
  end
end

--- data.mnist{root =, download = false, dtype = "float32"}: two TensorDatasets, to learn from and
--- to test with. Images are (N, 1, 28, 28), from 0 (paper) to 1 (ink), or 0..255 with dtype
--- "uint8"; the label of the digit d is class d + 1; dataset.classes has the names.
mnist.mnist = reader(mnist.sets.mnist)

--- data.fashion_mnist{...}: the same of ten kinds of clothes.
mnist.fashion_mnist = reader(mnist.sets.fashion_mnist)

return mnist
