---@meta tocha.vision.transforms.functional
-- Written by `make annotations`; do not edit.

---tocha.vision.transforms.functional: what transforms do to a picture (C, H, W), or a batch (N, C,
---H, W), with given parameters: torchvision's v2 functions. Nothing here is random but
---gaussian_noise.
---@class tocha.vision.transforms.functional
local functional = {}

---functional.adjust_brightness(x, brightness_factor): 0 is black, 1 the picture, 2 twice as
---bright.
---@return any ...
function functional.adjust_brightness(...) end

---functional.adjust_contrast(x, contrast_factor): 0 is an even grey, 1 the picture.
---@return any ...
function functional.adjust_contrast(...) end

---functional.adjust_gamma(x, gamma, {gain = 1}): gain * x ^ gamma for values in 0..1: above 1 the
---shadows become darker.
---@return any ...
function functional.adjust_gamma(...) end

---functional.adjust_hue(x, hue_factor): colours turned around the circle: -0.5 and 0.5 make
---complementary ones, 0 is the picture.
---@return any ...
function functional.adjust_hue(...) end

---functional.adjust_saturation(x, saturation_factor): 0 is grey, 1 the picture.
---@return any ...
function functional.adjust_saturation(...) end

---functional.adjust_sharpness(x, sharpness_factor): 0 is smoothed, 1 the picture, 2 sharper. The
---outermost pixels stay.
---@return any ...
function functional.adjust_sharpness(...) end

---functional.affine(x, angle, translate, scale, shear, {interpolation = "nearest", fill = 0,
---center = nil}): the picture turned by `angle` degrees clockwise, moved by `translate` {right,
---down} pixels, scaled, and sheared by {x, y} degrees. `center` {x, y} is what stays where it is,
---measured from the upper left corner; the middle unless told otherwise.
---@return any ...
function functional.affine(...) end

---functional.autocontrast(x): each channel spread over all values, darkest to black, brightest to
---white.
---@return any ...
function functional.autocontrast(x) end

---functional.center_crop(x, size): the middle of the picture, {height, width} or a square; a
---picture that is smaller is padded with 0 first.
---@return any ...
function functional.center_crop(...) end

---functional.crop(x, top, left, height, width): `height` rows from `top` on and `width` columns
---from `left` on, both from 1. What lies outside of the picture is 0. A view where nothing does.
---@return any ...
function functional.crop(...) end

---functional.elastic(x, displacement, {interpolation = "bilinear", fill = 0}): each pixel taken
---from elsewhere: `displacement` (1, H, W, 2) says how far to the right and down, in units of half
---the width and half the height.
---@return any ...
function functional.elastic(...) end

---functional.equalize(x): tones changed so that each channel has about equally many pixels of
---each value.
---@return any ...
function functional.equalize(x) end

---functional.erase(x, top, left, height, width, value): the picture with `value` in a box whose
---first row and column are `top` and `left` (from 1): a number, one a channel, or a tensor that
---fits (C, height, width).
---@return any ...
function functional.erase(...) end

---functional.five_crop(x, size): the corners (upper left, upper right, lower left, lower right)
---and the middle, a list of five pictures.
---@return any ...
function functional.five_crop(...) end

---functional.gaussian_blur(x, kernel_size, {sigma = nil}): smoothed by a Gaussian of odd size, an
---integer or {width, height}, and deviation `sigma`, a number or {width, height}; 0.15 of the size
---and 0.35 unless told otherwise.
---@return any ...
function functional.gaussian_blur(...) end

---functional.gaussian_noise(x, {mean = 0, sigma = 0.1, clip = true}): normal noise added, in units
---of white; `clip` keeps values between black and white (bytes always are).
---@return any ...
function functional.gaussian_noise(...) end

---functional.grayscale_to_rgb(x): one channel three times; colours stay.
---@return any ...
function functional.grayscale_to_rgb(x) end

---functional.hflip(x)
---functional.horizontal_flip(x), functional.hflip: left and right exchanged.
---@return any ...
function functional.hflip(x) end

---functional.horizontal_flip(x), functional.hflip: left and right exchanged.
---@return any ...
function functional.horizontal_flip(x) end

---functional.invert(x): the negative, white less each value.
---@return any ...
function functional.invert(x) end

---functional.normalize(x, mean, std): (x - mean) / std in each channel, of floats.
---@return any ...
function functional.normalize(...) end

---functional.pad(x, padding, {fill = 0, padding_mode = "constant"}): the picture with a border of
---so many pixels: an integer, {horizontal, vertical} or {left, top, right, bottom}; negative ones
---crop. Modes: constant (`fill`, a number or one a channel), edge, reflect, symmetric.
---@return any ...
function functional.pad(...) end

---functional.permute_channels(x, permutation): channel k of the result is channel permutation[k].
---@return any ...
function functional.permute_channels(...) end

---functional.perspective(x, startpoints, endpoints, {interpolation = "bilinear", fill = 0,
---coefficients = nil}): the picture as seen from elsewhere: the four start points, pixels {x, y}
---from {0, 0}, come to lie on the end points. Instead of points, the eight
---coefficients that take pixels of the result to those of the picture.
---@return any ...
function functional.perspective(...) end

---functional.posterize(x, bits): only the `bits` highest bits of each value, 0 to 8.
---@return any ...
function functional.posterize(...) end

---functional.resize(x, size, {interpolation = "bilinear", max_size = nil, antialias = true}): the
---picture, or batch, of another size: {height, width}, or an integer, to which the shorter side
---is brought (the longer one at most to max_size). Modes: nearest (PyTorch's), nearest-exact
---(Pillow's nearest), and the filters box, bilinear, hamming, bicubic, lanczos, which see all
---pixels where a picture becomes smaller. Bytes become Pillow's. `antialias = false` is for
---bilinear and bicubic, and means four and sixteen neighbours.
---@return any ...
function functional.resize(...) end

---functional.resized_crop(x, top, left, height, width, size, {interpolation = "bilinear",
---antialias = true}): a part of the picture, from row `top` and column `left` (from 1) on,
---resized; for bytes in one pass.
---@return any ...
function functional.resized_crop(...) end

---functional.rgb_to_grayscale(x, {num_output_channels = 1}), also to_grayscale: brightness by
---ITU-R 601, as one channel or the same in three.
---@return any ...
function functional.rgb_to_grayscale(...) end

---functional.rotate(x, angle, {interpolation = "nearest", expand = false, center = nil, fill =
---0}): the picture turned by `angle` degrees, counterclockwise. `expand` makes the result as
---large as the turned picture; `center` {x, y} is measured from the upper left corner.
---@return any ...
function functional.rotate(...) end

---functional.solarize(x, threshold): the negative of all values from the threshold (0 to 255, or
---to 1.0) on.
---@return any ...
function functional.solarize(...) end

---functional.ten_crop(x, size, {vertical_flip = false}): the five crops, and those of the flipped
---picture, a list of ten.
---@return any ...
function functional.ten_crop(...) end

---functional.to_dtype(x, dtype = "float32", {scale = false}): the picture in another dtype. With
---`scale`, bytes 0..255 become floats 0..1, and the other way round.
---@return any ...
function functional.to_dtype(...) end

---functional.rgb_to_grayscale(x, {num_output_channels = 1}), also to_grayscale: brightness by
---ITU-R 601, as one channel or the same in three.
---@return any ...
function functional.to_grayscale(...) end

---functional.vertical_flip(x), functional.vflip: up and down exchanged.
---@return any ...
function functional.vertical_flip(x) end

---functional.vflip(x)
---functional.vertical_flip(x), functional.vflip: up and down exchanged.
---@return any ...
function functional.vflip(x) end

return functional
