-- tocha.vision.datasets: the data sets of pictures, by torchvision's names.
--
--     local train = vision.datasets.CIFAR10("data", { transform = augment })
--     local photos = vision.datasets.ImageFolder("cars")          -- cars/Classic/1.jpg, ...
--     local x, label = photos:get(1)                              -- (3, H, W) uint8, from 1
--
-- Each is a tocha.data.Dataset: it can be mapped, split, and read by a DataLoader, whose workers
-- then decode and transform. Nothing is downloaded unless asked for; the error says what to put
-- where.

-- File of tocha/vision/datasets -> the names it gives.
return require "tocha.contents" ("tocha.vision.datasets", {
  cifar = "CIFAR10 CIFAR100",
  folder = "ImageFolder",
  imagenet = "ImageNet",
  mnist = "MNIST FashionMNIST KMNIST EMNIST QMNIST",
  pictures = "Pictures",
  svhn = "SVHN",
})
