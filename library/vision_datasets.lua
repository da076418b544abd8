---@meta tocha.vision.datasets
-- Written by `make annotations`; do not edit.

---tocha.vision.datasets: the data sets of pictures, by torchvision's names.
---
---    local train = vision.datasets.CIFAR10("data", { transform = augment })
---    local photos = vision.datasets.ImageFolder("cars")          -- cars/Classic/1.jpg, ...
---    local x, label = photos:get(1)                              -- (3, H, W) uint8, from 1
---
---Each is a tocha.data.Dataset: it can be mapped, split, and read by a DataLoader, whose workers
---then decode and transform. Nothing is downloaded unless asked for; the error says what to put
---where.
---@class tocha.vision.datasets
local datasets = {}

do
---@class tocha.vision.datasets.CIFAR10: tocha.vision.datasets.Pictures
local object = {}

end

---vision.datasets.CIFAR10(root, {train = true, transform, target_transform, download = false}):
---50,000 or 10,000 pictures (3, 32, 32) uint8. In `root` lies cifar-10-binary.tar.gz or
---cifar-10-python.tar.gz, packed or unpacked, as it is downloaded.
---@class tocha.vision.datasets.CIFAR10.class: tocha.Class
---@overload fun(...: any): tocha.vision.datasets.CIFAR10
datasets.CIFAR10 = {}

do
---@class tocha.vision.datasets.CIFAR100: tocha.vision.datasets.Pictures
local object = {}

end

---vision.datasets.CIFAR100(root, {...}): the same of a hundred classes (the fine ones).
---@class tocha.vision.datasets.CIFAR100.class: tocha.Class
---@overload fun(...: any): tocha.vision.datasets.CIFAR100
datasets.CIFAR100 = {}

do
---@class tocha.vision.datasets.EMNIST: tocha.vision.datasets.Pictures
local object = {}

end

---vision.datasets.EMNIST(root, split, {train = true, transform, target_transform}): letters and
---digits, in the split "byclass" (62 classes), "bymerge", "balanced" (47), "letters" (26),
---"digits" or "mnist". They stand upright; the files hold rows and columns exchanged, and
---torchvision leaves them so.
---@class tocha.vision.datasets.EMNIST.class: tocha.Class
---@overload fun(...: any): tocha.vision.datasets.EMNIST
datasets.EMNIST = {}

do
---@class tocha.vision.datasets.FashionMNIST: tocha.vision.datasets.Pictures
local object = {}

end

---vision.datasets.FashionMNIST(root, {...}): the same of ten kinds of clothes.
---@class tocha.vision.datasets.FashionMNIST.class: tocha.Class
---@overload fun(...: any): tocha.vision.datasets.FashionMNIST
datasets.FashionMNIST = {}

do
---@class tocha.vision.datasets.ImageFolder: tocha.data.FolderDataset
local object = {}

---ImageFolder.load_rgb(path): the picture in three channels, as torchvision's loader has it.
---@return any ...
function object.load_rgb(path) end

end

---vision.datasets.ImageFolder(root, {transform, target_transform, loader, extensions, classes,
---allow_empty = false}): example i is transform(loader(path)) and the class, from 1: the place of
---its folder among the sorted ones. A class folder may hold folders; hidden files and those of
---other `extensions` are left out. The loader reads (3, H, W) uint8 unless another is given, such
---as
---
---    loader = function(path) return vision.io.read(path, { mode = "rgb", at_least = 256 }) end
---
---Fields: classes, class_to_idx (name -> label), samples (a list of { path, label }), targets (the
---labels, a list).
---@class tocha.vision.datasets.ImageFolder.class: tocha.Class
---@overload fun(...: any): tocha.vision.datasets.ImageFolder
datasets.ImageFolder = {}

do
---@class tocha.vision.datasets.ImageNet: tocha.vision.datasets.ImageFolder
local object = {}

end

---vision.datasets.ImageNet(root, {split = "train", transform, target_transform, loader, names,
---wnids}): the photographs of `root`/train, or with split = "val" of `root`/val: one folder a
---class, or flat with the devkit's or Kaggle's truth. `names` is a JSON file with the classes'
---names: a list in the order of the sorted WordNet ids (or of the lines of the file `wnids`), or
---Keras's imagenet_class_index.json; without it they are the words of meta.mat, or the ids.
---Fields: as ImageFolder, and wnids, wnid_to_idx.
---@class tocha.vision.datasets.ImageNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.datasets.ImageNet
datasets.ImageNet = {}

do
---@class tocha.vision.datasets.KMNIST: tocha.vision.datasets.Pictures
local object = {}

end

---vision.datasets.KMNIST(root, {...}): the same of ten cursive Japanese characters.
---@class tocha.vision.datasets.KMNIST.class: tocha.Class
---@overload fun(...: any): tocha.vision.datasets.KMNIST
datasets.KMNIST = {}

do
---@class tocha.vision.datasets.MNIST: tocha.vision.datasets.Pictures
local object = {}

end

---vision.datasets.MNIST(root, {train = true, transform, target_transform, download = false}):
---60,000 or 10,000 handwritten digits; the digit d is class d + 1.
---@class tocha.vision.datasets.MNIST.class: tocha.Class
---@overload fun(...: any): tocha.vision.datasets.MNIST
datasets.MNIST = {}

do
---@class tocha.vision.datasets.Pictures: tocha.data.Dataset
---@field images any
---@field labels any
---@field options table
local object = {}

---set:take(ids): a batch; in one step where nothing is transformed.
---@return any ...
function object:take(ids) end

---set:target(i): what stands for the label of example i before target_transform.
---@return any ...
function object:target(i) end

end

---vision.datasets.Pictures(images, labels, {classes, transform, target_transform}): example i is
---transform(images[i]) and target_transform(label). Images are (N, C, H, W), labels (N) int64 from
---1. Fields: images, labels, classes, class_to_idx (name -> label).
---@class tocha.vision.datasets.Pictures.class: tocha.Class
---@overload fun(images?: any, labels?: any, options?: table): tocha.vision.datasets.Pictures
---@overload fun(options: {images?: any, labels?: any, options?: table}): tocha.vision.datasets.Pictures
datasets.Pictures = {}

do
---@class tocha.vision.datasets.QMNIST: tocha.vision.datasets.Pictures
local object = {}

---set:target(i): what stands for the label of example i before target_transform.
---@return any ...
function object:target(i) end

end

---vision.datasets.QMNIST(root, {what = nil, compat = true, train = true, transform,
---target_transform, download = false}): MNIST with the digits' origins, and 50,000 more to test
---with. `what` is "train", "test" (60,000), "test10k" (MNIST's), "test50k" (the others) or "nist"
---(all); without, `train` says. With compat = false the target is the row of eight numbers of the
---file: the digit, the writer's series and number, ...
---@class tocha.vision.datasets.QMNIST.class: tocha.Class
---@overload fun(...: any): tocha.vision.datasets.QMNIST
datasets.QMNIST = {}

do
---@class tocha.vision.datasets.SVHN: tocha.vision.datasets.Pictures
local object = {}

end

---vision.datasets.SVHN(root, {split = "train", transform, target_transform, download = false}):
---pictures (3, 32, 32) uint8 of train_32x32.mat (73,257), test_32x32.mat (26,032) or, with split =
---"extra", extra_32x32.mat (531,131). The digit d is class d + 1.
---@class tocha.vision.datasets.SVHN.class: tocha.Class
---@overload fun(...: any): tocha.vision.datasets.SVHN
datasets.SVHN = {}

return datasets
