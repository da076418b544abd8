---@meta tocha.vision.transforms
-- Written by `make annotations`; do not edit.

---tocha.vision.transforms: pictures made ready for a network, and varied for training. They are
---torchvision's v2 transforms, as objects that are called with a picture (C, H, W), or a batch (N,
---C, H, W), of bytes or floats. Their functional forms are in transforms.functional.
---
---    local T = tocha.vision.transforms
---    local train = T.Compose {
---      T.RandomResizedCrop(224), T.RandomHorizontalFlip(), T.ToDtype("float32", { scale = true }),
---      T.Normalize({ 0.485, 0.456, 0.406 }, { 0.229, 0.224, 0.225 }),
---    }
---    local photos = tocha.data.FolderDataset("flowers",
---      { load = tocha.vision.io.read, transform = train })
---@class tocha.vision.transforms
---@field functional tocha.vision.transforms.functional
local transforms = {}

do
---@class tocha.vision.transforms.AugMix: tocha.vision.transforms.Transform
---@field severity number
---@field mixture_width number
---@field chain_depth number
---@field alpha number
---@field all_ops boolean
---@field interpolation string
---@field fill number
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.AugMix{severity = 3, mixture_width = 3, chain_depth = -1, alpha = 1, all_ops = true,
---interpolation = "bilinear", fill = 0, seed = nil}: the picture blended with `mixture_width`
---chains of changes, each 1 to 3 long or as long as chain_depth says (Hendrycks et al., 2020). The
---pictures of a batch have weights of their own.
---@class tocha.vision.transforms.AugMix.class: tocha.Class
---@overload fun(severity?: number, mixture_width?: number, chain_depth?: number, alpha?: number, all_ops?: boolean, interpolation?: string, fill?: number, seed?: any): tocha.vision.transforms.AugMix
---@overload fun(options: {severity?: number, mixture_width?: number, chain_depth?: number, alpha?: number, all_ops?: boolean, interpolation?: string, fill?: number, seed?: any}): tocha.vision.transforms.AugMix
transforms.AugMix = {}

do
---@class tocha.vision.transforms.AutoAugment: tocha.vision.transforms.Transform
---@field policy string
---@field interpolation string
---@field fill number
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.AutoAugment{policy = "imagenet", interpolation = "nearest", fill = 0, seed = nil}:
---one of 25 pairs of changes that were found for "imagenet", "cifar10" or "svhn" (Cubuk et al.,
---2018).
---@class tocha.vision.transforms.AutoAugment.class: tocha.Class
---@overload fun(policy?: string, interpolation?: string, fill?: number, seed?: any): tocha.vision.transforms.AutoAugment
---@overload fun(options: {policy?: string, interpolation?: string, fill?: number, seed?: any}): tocha.vision.transforms.AutoAugment
transforms.AutoAugment = {}

do
---@class tocha.vision.transforms.CenterCrop: tocha.vision.transforms.Transform
---@field size any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.CenterCrop(size): the middle, {height, width} or a square; padded with 0 where the
---picture is smaller.
---@class tocha.vision.transforms.CenterCrop.class: tocha.Class
---@overload fun(size: any): tocha.vision.transforms.CenterCrop
transforms.CenterCrop = {}

do
---@class tocha.vision.transforms.ColorJitter: tocha.vision.transforms.Transform
---@field brightness any
---@field contrast any
---@field saturation any
---@field hue any
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params() end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, steps) end

end

---transforms.ColorJitter{brightness = nil, contrast = nil, saturation = nil, hue = nil, seed =
---nil}: each changed by a random factor, in random order. A number v means 1 - v to 1 + v (hue: -v
---to v, at most 0.5), or give {low, high}.
---@class tocha.vision.transforms.ColorJitter.class: tocha.Class
---@overload fun(brightness?: any, contrast?: any, saturation?: any, hue?: any, seed?: any): tocha.vision.transforms.ColorJitter
---@overload fun(options: {brightness?: any, contrast?: any, saturation?: any, hue?: any, seed?: any}): tocha.vision.transforms.ColorJitter
transforms.ColorJitter = {}

do
---@class tocha.vision.transforms.Compose: tocha.vision.transforms.Transform
---@field transforms any
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:run(x, ...): what a call does under the transform's numbers. Containers have their
---own.
---@return any ...
function object:run(...) end

end

---transforms.Compose(transforms, {seed = nil}): one after the other, a list of transforms and
---functions. Bytes that ToDtype and Normalize follow on are turned in one pass.
---@class tocha.vision.transforms.Compose.class: tocha.Class
---@overload fun(transforms: any, seed?: any): tocha.vision.transforms.Compose
---@overload fun(transforms: any, options: {seed?: any}): tocha.vision.transforms.Compose
transforms.Compose = {}

do
---@class tocha.vision.transforms.ConvertImageDtype: tocha.vision.transforms.ToDtype
---@field dtype tocha.dtype
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

end

---transforms.ConvertImageDtype(dtype = "float32"): ToDtype(dtype, {scale = true}).
---@class tocha.vision.transforms.ConvertImageDtype.class: tocha.Class
---@overload fun(dtype?: tocha.dtype): tocha.vision.transforms.ConvertImageDtype
---@overload fun(options: {dtype?: tocha.dtype}): tocha.vision.transforms.ConvertImageDtype
transforms.ConvertImageDtype = {}

do
---@class tocha.vision.transforms.CutMix: tocha.vision.transforms.Transform
---@field alpha number
---@field num_classes integer
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params(x) end

---transform:run(x, ...): what a call does under the transform's numbers. Containers have their
---own.
---@return any ...
function object:run(x, labels, ...) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, b) end

end

---transforms.CutMix{alpha = 1, num_classes = nil, seed = nil}: mix(x, labels): a box of each
---picture is taken from another, and labels in proportion to the areas (Yun et al., 2019).
---@class tocha.vision.transforms.CutMix.class: tocha.Class
---@overload fun(alpha?: number, num_classes?: integer, seed?: any): tocha.vision.transforms.CutMix
---@overload fun(options: {alpha?: number, num_classes?: integer, seed?: any}): tocha.vision.transforms.CutMix
transforms.CutMix = {}

do
---@class tocha.vision.transforms.Each: tocha.vision.transforms.Transform
---@field f function
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.Each(transform, {seed = nil}): the transform for each picture of a batch, with
---numbers of its own; the results must have one size. A single picture is transformed as it is.
---@class tocha.vision.transforms.Each.class: tocha.Class
---@overload fun(f: function, seed?: any): tocha.vision.transforms.Each
---@overload fun(f: function, options: {seed?: any}): tocha.vision.transforms.Each
transforms.Each = {}

do
---@class tocha.vision.transforms.ElasticTransform: tocha.vision.transforms.Transform
---@field alpha number
---@field sigma number
---@field interpolation string
---@field fill number
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params(x) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, displacement) end

end

---transforms.ElasticTransform{alpha = 50, sigma = 5, interpolation = "bilinear", fill = 0, seed =
---nil}: pixels displaced at random, `alpha` how far, `sigma` how smoothly; a number, or
---{across, down} (Simard et al., 2003).
---@class tocha.vision.transforms.ElasticTransform.class: tocha.Class
---@overload fun(alpha?: number, sigma?: number, interpolation?: string, fill?: number, seed?: any): tocha.vision.transforms.ElasticTransform
---@overload fun(options: {alpha?: number, sigma?: number, interpolation?: string, fill?: number, seed?: any}): tocha.vision.transforms.ElasticTransform
transforms.ElasticTransform = {}

do
---@class tocha.vision.transforms.FiveCrop: tocha.vision.transforms.Transform
---@field size any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.FiveCrop(size): the corners and the middle, a list of five pictures. The next
---transform gets the list: transforms.Lambda(tocha.stack) makes a batch of it.
---@class tocha.vision.transforms.FiveCrop.class: tocha.Class
---@overload fun(size: any): tocha.vision.transforms.FiveCrop
transforms.FiveCrop = {}

do
---@class tocha.vision.transforms.GaussianBlur: tocha.vision.transforms.Transform
---@field kernel_size integer|integer[]
---@field sigma any
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params() end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, sigma) end

end

---transforms.GaussianBlur(kernel_size, {sigma = {0.1, 2}, seed = nil}): smoothed with a random
---deviation; the size is odd, an integer or {width, height}.
---@class tocha.vision.transforms.GaussianBlur.class: tocha.Class
---@overload fun(kernel_size: integer|integer[], sigma?: any, seed?: any): tocha.vision.transforms.GaussianBlur
---@overload fun(kernel_size: integer|integer[], options: {sigma?: any, seed?: any}): tocha.vision.transforms.GaussianBlur
transforms.GaussianBlur = {}

do
---@class tocha.vision.transforms.GaussianNoise: tocha.vision.transforms.Transform
---@field mean number
---@field sigma number
---@field clip boolean
---@field seed any
local object = {}

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.GaussianNoise{mean = 0, sigma = 0.1, clip = true, seed = nil}: normal noise added, in
---units of white.
---@class tocha.vision.transforms.GaussianNoise.class: tocha.Class
---@overload fun(mean?: number, sigma?: number, clip?: boolean, seed?: any): tocha.vision.transforms.GaussianNoise
---@overload fun(options: {mean?: number, sigma?: number, clip?: boolean, seed?: any}): tocha.vision.transforms.GaussianNoise
transforms.GaussianNoise = {}

do
---@class tocha.vision.transforms.Grayscale: tocha.vision.transforms.Transform
---@field num_output_channels integer
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.Grayscale{num_output_channels = 1}: one channel of brightness, or the same in three.
---@class tocha.vision.transforms.Grayscale.class: tocha.Class
---@overload fun(num_output_channels?: integer): tocha.vision.transforms.Grayscale
---@overload fun(options: {num_output_channels?: integer}): tocha.vision.transforms.Grayscale
transforms.Grayscale = {}

do
---@class tocha.vision.transforms.Identity: tocha.vision.transforms.Transform
local object = {}

---transform:run(x, ...): what a call does under the transform's numbers. Containers have their
---own.
---@return any ...
function object:run(...) end

end

---transforms.Identity(): the picture as it is.
---@class tocha.vision.transforms.Identity.class: tocha.Class
---@overload fun(): tocha.vision.transforms.Identity
transforms.Identity = {}

do
---@class tocha.vision.transforms.ImageClassification: tocha.vision.transforms.Transform
---@field crop_size integer|integer[]
---@field resize_size integer|integer[]
---@field mean any
---@field std any
---@field interpolation string
---@field antialias boolean
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.ImageClassification{crop_size = 224, resize_size = 256, mean =, std =, interpolation
---= "bilinear", antialias = true}: the shorter side to resize_size, the middle crop_size x
---crop_size, to floats, normalised (by ImageNet's statistics): what torchvision's weights want.
---@class tocha.vision.transforms.ImageClassification.class: tocha.Class
---@overload fun(crop_size?: integer|integer[], resize_size?: integer|integer[], mean?: any, std?: any, interpolation?: string, antialias?: boolean): tocha.vision.transforms.ImageClassification
---@overload fun(options: {crop_size?: integer|integer[], resize_size?: integer|integer[], mean?: any, std?: any, interpolation?: string, antialias?: boolean}): tocha.vision.transforms.ImageClassification
transforms.ImageClassification = {}

do
---@class tocha.vision.transforms.JPEG: tocha.vision.transforms.Transform
---@field quality any
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params() end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, quality) end

end

---transforms.JPEG(quality, {seed = nil}): what a JPEG of this quality (1 to 100, or one from {low,
---high}) leaves of a picture of bytes.
---@class tocha.vision.transforms.JPEG.class: tocha.Class
---@overload fun(quality: any, seed?: any): tocha.vision.transforms.JPEG
---@overload fun(quality: any, options: {seed?: any}): tocha.vision.transforms.JPEG
transforms.JPEG = {}

do
---@class tocha.vision.transforms.Lambda: tocha.vision.transforms.Transform
---@field f function
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:run(x, ...): what a call does under the transform's numbers. Containers have their
---own.
---@return any ...
function object:run(x, ...) end

end

---transforms.Lambda(f): f(x), as a transform.
---@class tocha.vision.transforms.Lambda.class: tocha.Class
---@overload fun(f: function): tocha.vision.transforms.Lambda
transforms.Lambda = {}

do
---@class tocha.vision.transforms.MixUp: tocha.vision.transforms.Transform
---@field alpha number
---@field num_classes integer
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params() end

---transform:run(x, ...): what a call does under the transform's numbers. Containers have their
---own.
---@return any ...
function object:run(x, labels, ...) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, params) end

end

---transforms.MixUp{alpha = 1, num_classes = nil, seed = nil}: mix(x, labels): pictures blended,
---in a share drawn from Beta(alpha, alpha); labels (N) become (N, num_classes), and probabilities
---(N, classes) stay such (Zhang et al., "mixup", 2018).
---@class tocha.vision.transforms.MixUp.class: tocha.Class
---@overload fun(alpha?: number, num_classes?: integer, seed?: any): tocha.vision.transforms.MixUp
---@overload fun(options: {alpha?: number, num_classes?: integer, seed?: any}): tocha.vision.transforms.MixUp
transforms.MixUp = {}

do
---@class tocha.vision.transforms.Normalize: tocha.vision.transforms.Transform
---@field mean any
---@field std any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.Normalize(mean, std): (x - mean) / std in each channel, of floats.
---@class tocha.vision.transforms.Normalize.class: tocha.Class
---@overload fun(mean: any, std: any): tocha.vision.transforms.Normalize
transforms.Normalize = {}

do
---@class tocha.vision.transforms.Pad: tocha.vision.transforms.Transform
---@field padding integer|integer[]|string
---@field fill number
---@field padding_mode string
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.Pad(padding, {fill = 0, padding_mode = "constant"}): a border of so many pixels, an
---integer, {horizontal, vertical} or {left, top, right, bottom}; as functional.pad.
---@class tocha.vision.transforms.Pad.class: tocha.Class
---@overload fun(padding: integer|integer[]|string, fill?: number, padding_mode?: string): tocha.vision.transforms.Pad
---@overload fun(padding: integer|integer[]|string, options: {fill?: number, padding_mode?: string}): tocha.vision.transforms.Pad
transforms.Pad = {}

do
---@class tocha.vision.transforms.RGB: tocha.vision.transforms.Transform
local object = {}

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.RGB(): a grey picture in three channels; colours stay.
---@class tocha.vision.transforms.RGB.class: tocha.Class
---@overload fun(): tocha.vision.transforms.RGB
transforms.RGB = {}

do
---@class tocha.vision.transforms.RandAugment: tocha.vision.transforms.Transform
---@field num_ops integer
---@field magnitude number
---@field num_magnitude_bins integer
---@field interpolation string
---@field fill number
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.RandAugment{num_ops = 2, magnitude = 9, num_magnitude_bins = 31, interpolation =
---"nearest", fill = 0, seed = nil}: so many changes drawn from 14, all of one magnitude, a bin
---from 0 on (Cubuk et al., 2019).
---@class tocha.vision.transforms.RandAugment.class: tocha.Class
---@overload fun(num_ops?: integer, magnitude?: number, num_magnitude_bins?: integer, interpolation?: string, fill?: number, seed?: any): tocha.vision.transforms.RandAugment
---@overload fun(options: {num_ops?: integer, magnitude?: number, num_magnitude_bins?: integer, interpolation?: string, fill?: number, seed?: any}): tocha.vision.transforms.RandAugment
transforms.RandAugment = {}

do
---@class tocha.vision.transforms.RandomAdjustSharpness: tocha.vision.transforms.Transform
---@field sharpness_factor any
---@field p number
---@field seed any
local object = {}

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.RandomAdjustSharpness(sharpness_factor, {p = 0.5, seed = nil}): sharper above 1.
---@class tocha.vision.transforms.RandomAdjustSharpness.class: tocha.Class
---@overload fun(sharpness_factor: any, p?: number, seed?: any): tocha.vision.transforms.RandomAdjustSharpness
---@overload fun(sharpness_factor: any, options: {p?: number, seed?: any}): tocha.vision.transforms.RandomAdjustSharpness
transforms.RandomAdjustSharpness = {}

do
---@class tocha.vision.transforms.RandomAffine: tocha.vision.transforms.Transform
---@field degrees any
---@field translate any
---@field scale any
---@field shear any
---@field interpolation string
---@field fill number
---@field center any
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params(x) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, p) end

end

---transforms.RandomAffine(degrees, {translate = nil, scale = nil, shear = nil, interpolation =
---"nearest", fill = 0, center = nil, seed = nil}): turned by up to `degrees`, moved by up to the
---shares `translate` {across, down} of the size, scaled by a factor from {low, high}, sheared by
---degrees along x (a number, {low, high}) and y ({low, high, low, high}).
---@class tocha.vision.transforms.RandomAffine.class: tocha.Class
---@overload fun(degrees: any, translate?: any, scale?: any, shear?: any, interpolation?: string, fill?: number, center?: any, seed?: any): tocha.vision.transforms.RandomAffine
---@overload fun(degrees: any, options: {translate?: any, scale?: any, shear?: any, interpolation?: string, fill?: number, center?: any, seed?: any}): tocha.vision.transforms.RandomAffine
transforms.RandomAffine = {}

do
---@class tocha.vision.transforms.RandomApply: tocha.vision.transforms.Transform
---@field transforms any
---@field p number
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:run(x, ...): what a call does under the transform's numbers. Containers have their
---own.
---@return any ...
function object:run(...) end

end

---transforms.RandomApply(transforms, {p = 0.5, seed = nil}): all of them with probability p, or
---none.
---@class tocha.vision.transforms.RandomApply.class: tocha.Class
---@overload fun(transforms: any, p?: number, seed?: any): tocha.vision.transforms.RandomApply
---@overload fun(transforms: any, options: {p?: number, seed?: any}): tocha.vision.transforms.RandomApply
transforms.RandomApply = {}

do
---@class tocha.vision.transforms.RandomAutocontrast: tocha.vision.transforms.Transform
---@field p number
---@field seed any
local object = {}

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.RandomAutocontrast{p = 0.5, seed = nil}: values spread from black to white.
---@class tocha.vision.transforms.RandomAutocontrast.class: tocha.Class
---@overload fun(p?: number, seed?: any): tocha.vision.transforms.RandomAutocontrast
---@overload fun(options: {p?: number, seed?: any}): tocha.vision.transforms.RandomAutocontrast
transforms.RandomAutocontrast = {}

do
---@class tocha.vision.transforms.RandomChannelPermutation: tocha.vision.transforms.Transform
---@field seed any
local object = {}

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params(x) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, order) end

end

---transforms.RandomChannelPermutation{seed = nil}: the channels in another order.
---@class tocha.vision.transforms.RandomChannelPermutation.class: tocha.Class
---@overload fun(seed?: any): tocha.vision.transforms.RandomChannelPermutation
---@overload fun(options: {seed?: any}): tocha.vision.transforms.RandomChannelPermutation
transforms.RandomChannelPermutation = {}

do
---@class tocha.vision.transforms.RandomChoice: tocha.vision.transforms.Transform
---@field transforms any
---@field p any
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:run(x, ...): what a call does under the transform's numbers. Containers have their
---own.
---@return any ...
function object:run(...) end

end

---transforms.RandomChoice(transforms, {p = nil, seed = nil}): one of them; `p` is a list of
---weights.
---@class tocha.vision.transforms.RandomChoice.class: tocha.Class
---@overload fun(transforms: any, p?: any, seed?: any): tocha.vision.transforms.RandomChoice
---@overload fun(transforms: any, options: {p?: any, seed?: any}): tocha.vision.transforms.RandomChoice
transforms.RandomChoice = {}

do
---@class tocha.vision.transforms.RandomCrop: tocha.vision.transforms.Transform
---@field size any
---@field padding integer|integer[]|string
---@field pad_if_needed boolean
---@field fill number
---@field padding_mode string
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params(x) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, params) end

end

---transforms.RandomCrop(size, {padding = nil, pad_if_needed = false, fill = 0, padding_mode =
---"constant", seed = nil}): a part of this size from anywhere in the picture, to which `padding`
---is added first. `pad_if_needed` pads a picture that is too small; else it is an error.
---@class tocha.vision.transforms.RandomCrop.class: tocha.Class
---@overload fun(size: any, padding?: integer|integer[]|string, pad_if_needed?: boolean, fill?: number, padding_mode?: string, seed?: any): tocha.vision.transforms.RandomCrop
---@overload fun(size: any, options: {padding?: integer|integer[]|string, pad_if_needed?: boolean, fill?: number, padding_mode?: string, seed?: any}): tocha.vision.transforms.RandomCrop
transforms.RandomCrop = {}

do
---@class tocha.vision.transforms.RandomEqualize: tocha.vision.transforms.Transform
---@field p number
---@field seed any
local object = {}

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.RandomEqualize{p = 0.5, seed = nil}: about equally many pixels of each value.
---@class tocha.vision.transforms.RandomEqualize.class: tocha.Class
---@overload fun(p?: number, seed?: any): tocha.vision.transforms.RandomEqualize
---@overload fun(options: {p?: number, seed?: any}): tocha.vision.transforms.RandomEqualize
transforms.RandomEqualize = {}

do
---@class tocha.vision.transforms.RandomErasing: tocha.vision.transforms.Transform
---@field p number
---@field scale any
---@field ratio any
---@field value number
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params(x) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, box) end

end

---transforms.RandomErasing{p = 0.5, scale = {0.02, 0.33}, ratio = {0.3, 3.3}, value = 0, seed =
---nil}: a random box of the picture filled with a number, one a channel, or "random" (normal)
---numbers (Zhong et al., 2017).
---@class tocha.vision.transforms.RandomErasing.class: tocha.Class
---@overload fun(p?: number, scale?: any, ratio?: any, value?: number, seed?: any): tocha.vision.transforms.RandomErasing
---@overload fun(options: {p?: number, scale?: any, ratio?: any, value?: number, seed?: any}): tocha.vision.transforms.RandomErasing
transforms.RandomErasing = {}

do
---@class tocha.vision.transforms.RandomGrayscale: tocha.vision.transforms.Transform
---@field p number
---@field seed any
local object = {}

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.RandomGrayscale{p = 0.1, seed = nil}: grey, in as many channels as there were.
---@class tocha.vision.transforms.RandomGrayscale.class: tocha.Class
---@overload fun(p?: number, seed?: any): tocha.vision.transforms.RandomGrayscale
---@overload fun(options: {p?: number, seed?: any}): tocha.vision.transforms.RandomGrayscale
transforms.RandomGrayscale = {}

do
---@class tocha.vision.transforms.RandomHorizontalFlip: tocha.vision.transforms.Transform
---@field p number
---@field seed any
local object = {}

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.RandomHorizontalFlip{p = 0.5, seed = nil}: left and right exchanged.
---@class tocha.vision.transforms.RandomHorizontalFlip.class: tocha.Class
---@overload fun(p?: number, seed?: any): tocha.vision.transforms.RandomHorizontalFlip
---@overload fun(options: {p?: number, seed?: any}): tocha.vision.transforms.RandomHorizontalFlip
transforms.RandomHorizontalFlip = {}

do
---@class tocha.vision.transforms.RandomInvert: tocha.vision.transforms.Transform
---@field p number
---@field seed any
local object = {}

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.RandomInvert{p = 0.5, seed = nil}: the negative, with probability p.
---@class tocha.vision.transforms.RandomInvert.class: tocha.Class
---@overload fun(p?: number, seed?: any): tocha.vision.transforms.RandomInvert
---@overload fun(options: {p?: number, seed?: any}): tocha.vision.transforms.RandomInvert
transforms.RandomInvert = {}

do
---@class tocha.vision.transforms.RandomOrder: tocha.vision.transforms.Transform
---@field transforms any
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:run(x, ...): what a call does under the transform's numbers. Containers have their
---own.
---@return any ...
function object:run(...) end

end

---transforms.RandomOrder(transforms, {seed = nil}): all of them, in an order that is drawn.
---@class tocha.vision.transforms.RandomOrder.class: tocha.Class
---@overload fun(transforms: any, seed?: any): tocha.vision.transforms.RandomOrder
---@overload fun(transforms: any, options: {seed?: any}): tocha.vision.transforms.RandomOrder
transforms.RandomOrder = {}

do
---@class tocha.vision.transforms.RandomPerspective: tocha.vision.transforms.Transform
---@field distortion_scale number
---@field p number
---@field interpolation string
---@field fill number
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params(x) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, p) end

end

---transforms.RandomPerspective{distortion_scale = 0.5, p = 0.5, interpolation = "bilinear", fill =
---0, seed = nil}: the corners moved inwards, each by up to this share of half the side.
---@class tocha.vision.transforms.RandomPerspective.class: tocha.Class
---@overload fun(distortion_scale?: number, p?: number, interpolation?: string, fill?: number, seed?: any): tocha.vision.transforms.RandomPerspective
---@overload fun(options: {distortion_scale?: number, p?: number, interpolation?: string, fill?: number, seed?: any}): tocha.vision.transforms.RandomPerspective
transforms.RandomPerspective = {}

do
---@class tocha.vision.transforms.RandomPhotometricDistort: tocha.vision.transforms.Transform
---@field brightness any
---@field contrast any
---@field saturation any
---@field hue any
---@field p number
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params(x) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, params) end

end

---transforms.RandomPhotometricDistort{brightness = {0.875, 1.125}, contrast = {0.5, 1.5},
---saturation = {0.5, 1.5}, hue = {-0.05, 0.05}, p = 0.5, seed = nil}: each change, and an exchange
---of channels, with probability p; contrast first or last (Liu et al., "SSD", 2016).
---@class tocha.vision.transforms.RandomPhotometricDistort.class: tocha.Class
---@overload fun(brightness?: any, contrast?: any, saturation?: any, hue?: any, p?: number, seed?: any): tocha.vision.transforms.RandomPhotometricDistort
---@overload fun(options: {brightness?: any, contrast?: any, saturation?: any, hue?: any, p?: number, seed?: any}): tocha.vision.transforms.RandomPhotometricDistort
transforms.RandomPhotometricDistort = {}

do
---@class tocha.vision.transforms.RandomPosterize: tocha.vision.transforms.Transform
---@field bits any
---@field p number
---@field seed any
local object = {}

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.RandomPosterize(bits, {p = 0.5, seed = nil}): only the highest bits.
---@class tocha.vision.transforms.RandomPosterize.class: tocha.Class
---@overload fun(bits: any, p?: number, seed?: any): tocha.vision.transforms.RandomPosterize
---@overload fun(bits: any, options: {p?: number, seed?: any}): tocha.vision.transforms.RandomPosterize
transforms.RandomPosterize = {}

do
---@class tocha.vision.transforms.RandomResize: tocha.vision.transforms.Transform
---@field min_size integer|integer[]
---@field max_size integer|integer[]
---@field interpolation string
---@field antialias boolean
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params() end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, size) end

end

---transforms.RandomResize(min_size, max_size, {interpolation = "bilinear", antialias = true, seed
---= nil}): the shorter side to an integer from min_size to max_size.
---@class tocha.vision.transforms.RandomResize.class: tocha.Class
---@overload fun(min_size: integer|integer[], max_size: integer|integer[], interpolation?: string, antialias?: boolean, seed?: any): tocha.vision.transforms.RandomResize
---@overload fun(min_size: integer|integer[], max_size: integer|integer[], options: {interpolation?: string, antialias?: boolean, seed?: any}): tocha.vision.transforms.RandomResize
transforms.RandomResize = {}

do
---@class tocha.vision.transforms.RandomResizedCrop: tocha.vision.transforms.Transform
---@field size any
---@field scale any
---@field ratio any
---@field interpolation string
---@field antialias boolean
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params(x) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, box) end

end

---transforms.RandomResizedCrop(size, {scale = {0.08, 1}, ratio = {3/4, 4/3}, interpolation =
---"bilinear", antialias = true, seed = nil}): a random part, of `scale` of the area and with this
---ratio of width to height, resized to `size` (Szegedy et al., "Going deeper with convolutions",
---2015).
---@class tocha.vision.transforms.RandomResizedCrop.class: tocha.Class
---@overload fun(size: any, scale?: any, ratio?: any, interpolation?: string, antialias?: boolean, seed?: any): tocha.vision.transforms.RandomResizedCrop
---@overload fun(size: any, options: {scale?: any, ratio?: any, interpolation?: string, antialias?: boolean, seed?: any}): tocha.vision.transforms.RandomResizedCrop
transforms.RandomResizedCrop = {}

do
---@class tocha.vision.transforms.RandomRotation: tocha.vision.transforms.Transform
---@field degrees any
---@field interpolation string
---@field expand boolean
---@field center any
---@field fill number
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params() end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, angle) end

end

---transforms.RandomRotation(degrees, {interpolation = "nearest", expand = false, center = nil,
---fill = 0, seed = nil}): turned by an angle from -degrees to degrees, or from {low, high}.
---@class tocha.vision.transforms.RandomRotation.class: tocha.Class
---@overload fun(degrees: any, interpolation?: string, expand?: boolean, center?: any, fill?: number, seed?: any): tocha.vision.transforms.RandomRotation
---@overload fun(degrees: any, options: {interpolation?: string, expand?: boolean, center?: any, fill?: number, seed?: any}): tocha.vision.transforms.RandomRotation
transforms.RandomRotation = {}

do
---@class tocha.vision.transforms.RandomShortestSize: tocha.vision.transforms.Transform
---@field min_size integer|integer[]
---@field max_size integer|integer[]
---@field interpolation string
---@field antialias boolean
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params() end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, shorter) end

end

---transforms.RandomShortestSize(min_size, {max_size = nil, interpolation = "bilinear", antialias =
---true, seed = nil}): the shorter side to one of a list of sizes, the longer at most to max_size.
---@class tocha.vision.transforms.RandomShortestSize.class: tocha.Class
---@overload fun(min_size: integer|integer[], max_size?: integer|integer[], interpolation?: string, antialias?: boolean, seed?: any): tocha.vision.transforms.RandomShortestSize
---@overload fun(min_size: integer|integer[], options: {max_size?: integer|integer[], interpolation?: string, antialias?: boolean, seed?: any}): tocha.vision.transforms.RandomShortestSize
transforms.RandomShortestSize = {}

do
---@class tocha.vision.transforms.RandomSolarize: tocha.vision.transforms.Transform
---@field threshold any
---@field p number
---@field seed any
local object = {}

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.RandomSolarize(threshold, {p = 0.5, seed = nil}): bright values turned negative.
---@class tocha.vision.transforms.RandomSolarize.class: tocha.Class
---@overload fun(threshold: any, p?: number, seed?: any): tocha.vision.transforms.RandomSolarize
---@overload fun(threshold: any, options: {p?: number, seed?: any}): tocha.vision.transforms.RandomSolarize
transforms.RandomSolarize = {}

do
---@class tocha.vision.transforms.RandomVerticalFlip: tocha.vision.transforms.Transform
---@field p number
---@field seed any
local object = {}

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.RandomVerticalFlip{p = 0.5, seed = nil}: up and down exchanged.
---@class tocha.vision.transforms.RandomVerticalFlip.class: tocha.Class
---@overload fun(p?: number, seed?: any): tocha.vision.transforms.RandomVerticalFlip
---@overload fun(options: {p?: number, seed?: any}): tocha.vision.transforms.RandomVerticalFlip
transforms.RandomVerticalFlip = {}

do
---@class tocha.vision.transforms.RandomZoomOut: tocha.vision.transforms.Transform
---@field fill number
---@field side_range any
---@field p number
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params(x) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x, padding) end

end

---transforms.RandomZoomOut{fill = 0, side_range = {1, 4}, p = 0.5, seed = nil}: the picture
---somewhere on a canvas so many times as large.
---@class tocha.vision.transforms.RandomZoomOut.class: tocha.Class
---@overload fun(fill?: number, side_range?: any, p?: number, seed?: any): tocha.vision.transforms.RandomZoomOut
---@overload fun(options: {fill?: number, side_range?: any, p?: number, seed?: any}): tocha.vision.transforms.RandomZoomOut
transforms.RandomZoomOut = {}

do
---@class tocha.vision.transforms.Resize: tocha.vision.transforms.Transform
---@field size any
---@field interpolation string
---@field max_size integer|integer[]
---@field antialias boolean
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.Resize(size, {interpolation = "bilinear", max_size = nil, antialias = true}): the
---picture of another size, {height, width}, or its shorter side an integer; as functional.resize.
---@class tocha.vision.transforms.Resize.class: tocha.Class
---@overload fun(size: any, interpolation?: string, max_size?: integer|integer[], antialias?: boolean): tocha.vision.transforms.Resize
---@overload fun(size: any, options: {interpolation?: string, max_size?: integer|integer[], antialias?: boolean}): tocha.vision.transforms.Resize
transforms.Resize = {}

do
---@class tocha.vision.transforms.SemanticSegmentation: tocha.vision.transforms.Transform
---@field resize_size integer|integer[]
---@field mean any
---@field std any
---@field interpolation string
---@field antialias boolean
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.SemanticSegmentation{resize_size = 520, mean =, std =, interpolation = "bilinear",
---antialias = true}: the same without a crop; resize_size = false keeps the size.
---@class tocha.vision.transforms.SemanticSegmentation.class: tocha.Class
---@overload fun(resize_size?: integer|integer[], mean?: any, std?: any, interpolation?: string, antialias?: boolean): tocha.vision.transforms.SemanticSegmentation
---@overload fun(options: {resize_size?: integer|integer[], mean?: any, std?: any, interpolation?: string, antialias?: boolean}): tocha.vision.transforms.SemanticSegmentation
transforms.SemanticSegmentation = {}

do
---@class tocha.vision.transforms.TenCrop: tocha.vision.transforms.Transform
---@field size any
---@field vertical_flip boolean
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.TenCrop(size, {vertical_flip = false}): the five crops, and those of the flipped
---picture, a list of ten.
---@class tocha.vision.transforms.TenCrop.class: tocha.Class
---@overload fun(size: any, vertical_flip?: boolean): tocha.vision.transforms.TenCrop
---@overload fun(size: any, options: {vertical_flip?: boolean}): tocha.vision.transforms.TenCrop
transforms.TenCrop = {}

do
---@class tocha.vision.transforms.ToDtype: tocha.vision.transforms.Transform
---@field dtype tocha.dtype
---@field scale boolean
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---joins(self, following, x)
---Can it and the next be done to x at once? Bytes that become floats and are then normalised can.
---@return any ...
function object:joins(following, x) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.ToDtype(dtype = "float32", {scale = false}): into another dtype; with `scale`, bytes
---0..255 become floats 0..1, and the other way round.
---@class tocha.vision.transforms.ToDtype.class: tocha.Class
---@overload fun(dtype?: tocha.dtype, scale?: boolean): tocha.vision.transforms.ToDtype
---@overload fun(options: {dtype?: tocha.dtype, scale?: boolean}): tocha.vision.transforms.ToDtype
transforms.ToDtype = {}

do
---@class tocha.vision.transforms.ToTensor: tocha.vision.transforms.ToDtype
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build() end

end

---transforms.ToTensor(): ToDtype("float32", {scale = true}), as torchvision's first version calls
---it; pictures are tensors already.
---@class tocha.vision.transforms.ToTensor.class: tocha.Class
---@overload fun(): tocha.vision.transforms.ToTensor
transforms.ToTensor = {}

do
---@class tocha.vision.transforms.Transform: tocha.Object
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build() end

---Transform:extend(name, args): a new class; `args` is the signature of its constructor, such as
---"size, p = 0.5, seed = nil". With an argument `p` it is applied with this probability.
---@return any ...
function object:extend(name, args) end

---transform:make_params(x): what is drawn for this picture.
---@return any ...
function object:make_params() end

---transform:run(x, ...): what a call does under the transform's numbers. Containers have their
---own.
---@return any ...
function object:run(x, ...) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform() end

end

---transforms.Transform()
---Transform: what all transforms are: objects that are called with a picture (C, H, W), or a batch
---(N, C, H, W), and return it changed.
---
---    local flip = transforms.RandomHorizontalFlip { p = 0.3 }
---    x = flip(x)                     -- or x, label = flip(x, label): the rest goes through
---
---A transform of your own says what it draws and what it then does:
---
---    local Dim = transforms.Transform:extend("Dim", "strength = 0.5, seed = nil")
---    function Dim:make_params() return 1 - self.strength * tocha.rand(1):item() end
---    function Dim:transform(x, factor) return functional.adjust_brightness(x, factor) end
---
---A batch is one picture to it: all of its pictures get the same parameters (transforms.Each draws
---for every one). Random numbers are those of Tocha's generator, so in a DataLoader they depend on
---its seed and the batch's number, with any number of workers. A transform with a `seed` has
---numbers of its own, which do not move those of others: outside of a loader they go on from call
---to call; in a loader they begin anew with each batch, from this seed and the batch's.
---@class tocha.vision.transforms.Transform.class: tocha.Class
---@overload fun(): tocha.vision.transforms.Transform
transforms.Transform = {}

do
---@class tocha.vision.transforms.TrivialAugmentWide: tocha.vision.transforms.Transform
---@field num_magnitude_bins integer
---@field interpolation string
---@field fill number
---@field seed any
local object = {}

---transform:build(name): checks the arguments and completes the fields.
---@return any ...
function object:build(who) end

---transform:transform(x, params): the picture changed, by these parameters.
---@return any ...
function object:transform(x) end

end

---transforms.TrivialAugmentWide{num_magnitude_bins = 31, interpolation = "nearest", fill = 0, seed
---= nil}: one change of any magnitude (Mueller and Hutter, 2021).
---@class tocha.vision.transforms.TrivialAugmentWide.class: tocha.Class
---@overload fun(num_magnitude_bins?: integer, interpolation?: string, fill?: number, seed?: any): tocha.vision.transforms.TrivialAugmentWide
---@overload fun(options: {num_magnitude_bins?: integer, interpolation?: string, fill?: number, seed?: any}): tocha.vision.transforms.TrivialAugmentWide
transforms.TrivialAugmentWide = {}

return transforms
