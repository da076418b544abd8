-- tocha.vision.transforms: pictures made ready for a network, and varied for training. They are
-- torchvision's v2 transforms, as objects that are called with a picture (C, H, W), or a batch (N,
-- C, H, W), of bytes or floats. Their functional forms are in transforms.functional.
--
--     local T = tocha.vision.transforms
--     local train = T.Compose {
--       T.RandomResizedCrop(224), T.RandomHorizontalFlip(), T.ToDtype("float32", { scale = true }),
--       T.Normalize({ 0.485, 0.456, 0.406 }, { 0.229, 0.224, 0.225 }),
--     }
--     local photos = tocha.data.FolderDataset("flowers",
--       { load = tocha.vision.io.read, transform = train })

local places <const> = { functional = "tocha.vision.transforms.functional" }

local function family(file, names)
  for name in names:gmatch "%S+" do places[name] = { "tocha.vision.transforms." .. file, name } end
end

family("transform", "Transform")
family("container", "Compose RandomApply RandomChoice RandomOrder Each Lambda Identity")
family("crop", [[
  Resize RandomShortestSize RandomResize CenterCrop FiveCrop TenCrop Pad RandomCrop
  RandomResizedCrop RandomErasing
]])
family("geometry", [[
  RandomHorizontalFlip RandomVerticalFlip RandomRotation RandomAffine RandomPerspective
  ElasticTransform RandomZoomOut
]])
family("color", [[
  ColorJitter RandomPhotometricDistort RandomChannelPermutation Grayscale RandomGrayscale RGB
  RandomInvert RandomPosterize RandomSolarize RandomAdjustSharpness RandomAutocontrast
  RandomEqualize
]])
family("values", "Normalize ToDtype ToTensor ConvertImageDtype GaussianBlur GaussianNoise JPEG")
family("mix", "MixUp CutMix")
family("auto", "RandAugment TrivialAugmentWide AutoAugment AugMix")
family("presets", "ImageClassification SemanticSegmentation")

return require "tocha.lazy" ({}, places)
