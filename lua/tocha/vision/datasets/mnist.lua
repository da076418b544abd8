-- The MNIST family with transforms: pictures (1, 28, 28) uint8, 0 is paper and 255 ink. In `root`,
-- or where torchvision puts them below it (MNIST/raw), lie the .gz files, packed or not.

local core = require "tocha.core"
local mnist = require "tocha.data.mnist"
local signature = require "tocha.signature"
local Pictures = require "tocha.vision.datasets.pictures".Pictures

local ARGS <const> = "root = nil, train = true, transform = nil, target_transform = nil, "
  .. "download = false"

local function part_of(o) return o.train and "train" or "test" end

local function read(self, set, part, o)
  local images <const>, labels <const>, all <const> = mnist.read(set, part, o)
  o.classes = set.classes
  Pictures.new(self, images, labels, o)
  return all
end

local function arguments(self, text, ...)
  local o <const> = {}
  signature.read(text, getmetatable(self).__name, o, ...)
  return o
end

local function standard(self, set, ...)
  local o <const> = arguments(self, ARGS, ...)
  read(self, set, part_of(o), o)
end

--- vision.datasets.MNIST(root, {train = true, transform, target_transform, download = false}):
--- 60,000 or 10,000 handwritten digits; the digit d is class d + 1.
local MNIST <const> = Pictures:extend "MNIST"
function MNIST:new(...) standard(self, mnist.sets.mnist, ...) end

--- vision.datasets.FashionMNIST(root, {...}): the same of ten kinds of clothes.
local FashionMNIST <const> = Pictures:extend "FashionMNIST"
function FashionMNIST:new(...) standard(self, mnist.sets.fashion_mnist, ...) end

--- vision.datasets.KMNIST(root, {...}): the same of ten cursive Japanese characters.
local KMNIST <const> = Pictures:extend "KMNIST"
function KMNIST:new(...) standard(self, mnist.sets.kmnist, ...) end

--- vision.datasets.EMNIST(root, split, {train = true, transform, target_transform}): letters and
--- digits, in the split "byclass" (62 classes), "bymerge", "balanced" (47), "letters" (26),
--- "digits" or "mnist". They stand upright; the files hold rows and columns exchanged, and
--- torchvision leaves them so.
local EMNIST <const> = Pictures:extend "EMNIST"

function EMNIST:new(...)
  local o <const> = arguments(self, "root, split, train = true, transform = nil, "
    .. "target_transform = nil", ...)
  local set <const> = mnist.emnist(o.split)
  if not set then
    core.fail("EMNIST", 2, "'split': expected byclass, bymerge, balanced, letters, digits or "
      .. "mnist, got %s", tostring(o.split))
  end
  self.split = o.split
  read(self, set, part_of(o), o)
end

--- vision.datasets.QMNIST(root, {what = nil, compat = true, train = true, transform,
--- target_transform, download = false}): MNIST with the digits' origins, and 50,000 more to test
--- with. `what` is "train", "test" (60,000), "test10k" (MNIST's), "test50k" (the others) or "nist"
--- (all); without, `train` says. With compat = false the target is the row of eight numbers of the
--- file: the digit, the writer's series and number, ...
local QMNIST <const> = Pictures:extend "QMNIST"

-- The part of the file, and the places of it.
local WHAT <const> = { train = { "train" }, test = { "test" }, nist = { "nist" },
  test10k = { "test", 1, 10000 }, test50k = { "test", 10001, 60000 } }

local function cut(x, what)
  if not what[2] then return x end
  local last <const> = math.min(what[3], x:size(1))
  return x:narrow(1, math.min(what[2], last), math.max(0, last - what[2] + 1))
end

function QMNIST:new(...)
  local o <const> = arguments(self, "root = nil, what = nil, compat = true, train = true, "
    .. "transform = nil, target_transform = nil, download = false", ...)
  self.what, self.compat = o.what or part_of(o), o.compat
  local what <const> = WHAT[self.what]
  if not what then
    core.fail("QMNIST", 2, "'what': expected train, test, test10k, test50k or nist, got %s",
      tostring(self.what))
  end
  self.rows = cut(read(self, mnist.sets.qmnist, what[1], o), what)
  self.images, self.labels = cut(self.images, what), cut(self.labels, what)
end

function QMNIST:target(i)
  if self.compat then return Pictures.target(self, i) end
  return self.rows[i]
end

return { MNIST = MNIST, FashionMNIST = FashionMNIST, KMNIST = KMNIST, EMNIST = EMNIST,
  QMNIST = QMNIST }
