-- tocha.vision.transforms.functional: what transforms do to a picture (C, H, W), or a batch (N, C,
-- H, W), with given parameters: torchvision's v2 functions. Nothing here is random but
-- gaussian_noise.

local places <const> = {}

local function family(file, names)
  for name in names:gmatch "%S+" do
    places[name] = { "tocha.vision.transforms.functional." .. file, name }
  end
end

family("resize", "resize resized_crop")
family("crop", [[
  pad crop center_crop five_crop ten_crop horizontal_flip hflip vertical_flip vflip
  permute_channels erase
]])
family("warp", "affine rotate perspective elastic")
family("color", [[
  rgb_to_grayscale to_grayscale grayscale_to_rgb adjust_brightness adjust_contrast
  adjust_saturation adjust_sharpness adjust_hue adjust_gamma posterize invert solarize
  autocontrast equalize
]])
family("values", "to_dtype normalize gaussian_blur gaussian_noise")

return require "tocha.lazy" ({}, places)
