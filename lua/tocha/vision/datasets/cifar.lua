-- CIFAR-10 and CIFAR-100: 60,000 photographs of 32 x 32 in ten or a hundred classes.

local cifar = require "tocha.data.cifar"
local signature = require "tocha.signature"
local Pictures = require "tocha.vision.datasets.pictures".Pictures

local ARGS <const> = "root = nil, train = true, transform = nil, target_transform = nil, "
  .. "download = false"

local function read(self, set, ...)
  local o <const> = {}
  signature.read(ARGS, getmetatable(self).__name, o, ...)
  local images <const>, labels <const> = cifar.read(set, o.train and "train" or "test", o)
  o.classes = set.classes
  Pictures.new(self, images, labels, o)
end

local CIFAR10 <const> = Pictures:extend "CIFAR10"

--- vision.datasets.CIFAR10(root, {train = true, transform, target_transform, download = false}):
--- 50,000 or 10,000 pictures (3, 32, 32) uint8. In `root` lies cifar-10-binary.tar.gz or
--- cifar-10-python.tar.gz, packed or unpacked, as it is downloaded.
function CIFAR10:new(...) read(self, cifar.sets.cifar10, ...) end

local CIFAR100 <const> = Pictures:extend "CIFAR100"

--- vision.datasets.CIFAR100(root, {...}): the same of a hundred classes (the fine ones).
function CIFAR100:new(...) read(self, cifar.sets.cifar100, ...) end

return { CIFAR10 = CIFAR10, CIFAR100 = CIFAR100 }
