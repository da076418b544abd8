-- Functional transforms against Pillow and torchvision (spec/golden/transforms.py says how): every
-- result of the file has a row here.

local tocha = require "tocha"

local F <const> = tocha.vision.transforms.functional
local golden <const> = tocha.load "spec/golden/transforms.safetensors"

-- name of the result -> function of the picture. `bytes`, `floats` and so on are pictures.
local rows <const> = {}

-- A row for bytes and one for floats.
local function both(name, f)
  rows[name .. " bytes"] = function() return f(golden.bytes, 255) end
  rows[name .. " floats"] = function() return f(golden.floats, 1.0) end
end

-- ---- resizing by Pillow -------------------------------------------------------------------------

for _, filter in ipairs { "nearest-exact", "box", "bilinear", "hamming", "bicubic", "lanczos" } do
  local options <const> = { interpolation = filter }
  for _, size in ipairs { { 9, 13 }, { 15, 12 }, { 8, 21 }, { 27, 35 }, { 1, 1 }, { 15, 40 },
    { 30, 7 }, { 5, 24 }, { 3, 18 } } do
    rows[("pillow %s %dx%d"):format(filter, size[1], size[2])] = function()
      return F.resize(golden.bytes, size, options)
    end
  end
  rows["pillow grey " .. filter] = function()
    return F.resize(golden.grey, { 10, 17 }, options)
  end
  rows["pillow crop " .. filter] = function()
    return F.resized_crop(golden.bytes, 4, 5, 10, 15, { 12, 11 }, options)
  end
  if filter ~= "nearest-exact" then
    rows["pillow floats " .. filter] = function()
      return F.resize(golden.floats, { 9, 13 }, options)
    end
  end
end

-- ---- geometry -----------------------------------------------------------------------------------

both("nearest", function(x) return F.resize(x, { 11, 40 }, { interpolation = "nearest" }) end)
both("plain bilinear", function(x) return F.resize(x, { 11, 40 }, { antialias = false }) end)
both("plain bicubic", function(x)
  return F.resize(x, { 30, 12 }, { interpolation = "bicubic", antialias = false })
end)
both("shorter side", function(x) return F.resize(x, 14) end)
both("max size", function(x) return F.resize(x, 20, { max_size = 25 }) end)
both("longer side", function(x) return F.resize(x, { max_size = 19 }) end)
both("crop", function(x) return F.crop(x, 4, 6, 10, 12) end)
both("crop outside", function(x) return F.crop(x, -1, 8, 12, 16) end)
both("crop away", function(x) return F.crop(x, 31, 4, 4, 5) end)
for _, size in ipairs { { 10, 11 }, { 8, 10 }, { 30, 14 }, { 31, 36 }, { 14, 19 }, { 12, 20 } } do
  both(("center %dx%d"):format(size[1], size[2]), function(x) return F.center_crop(x, size) end)
end
for k = 1, 5 do
  rows["five " .. k] = function() return F.five_crop(golden.bytes, { 8, 9 })[k] end
end
for k = 1, 10 do
  rows["ten " .. k] = function()
    return F.ten_crop(golden.bytes, { 8, 9 }, { vertical_flip = true })[k]
  end
end
both("pad", function(x) return F.pad(x, { 1, 2, 3, 4 }) end)
both("pad two", function(x) return F.pad(x, { 1, 2 }, { fill = 1 }) end)
rows["pad color"] = function() return F.pad(golden.bytes, 2, { fill = { 1, 2, 3 } }) end
for _, mode in ipairs { "edge", "reflect", "symmetric" } do
  both("pad " .. mode, function(x) return F.pad(x, { 5, 2, 3, 4 }, { padding_mode = mode }) end)
end
both("hflip", F.hflip)
both("vflip", F.vertical_flip)
both("permute", function(x) return F.permute_channels(x, { 3, 1, 2 }) end)

for _, mode in ipairs { "nearest", "bilinear" } do
  local options <const> = { interpolation = mode }
  both("rotate " .. mode, function(x) return F.rotate(x, 33.3, options) end)
  both("rotate expand " .. mode, function(x)
    return F.rotate(x, -21.7, { interpolation = mode, expand = true })
  end)
  both("rotate center " .. mode, function(x)
    return F.rotate(x, 71.3, { interpolation = mode, center = { 3, 7.5 } })
  end)
  both("affine " .. mode, function(x)
    return F.affine(x, 17.3, { 3, -2 }, 1.23, { 11.1, -7.3 }, options)
  end)
  both("affine center " .. mode, function(x)
    return F.affine(x, -17.3, { 3, -2 }, 0.71, { 5.3, 5.3 },
      { interpolation = mode, center = { 2.5, 20 } })
  end)
  both("perspective " .. mode, function(x)
    return F.perspective(x, { { 0, 0 }, { 20, 0 }, { 20, 14 }, { 0, 14 } },
      { { 2.3, 3.1 }, { 17.4, 1.2 }, { 19.3, 12.4 }, { 4.1, 13.2 } }, options)
  end)
  for _, kind in ipairs { "bytes", "floats" } do
    rows[("elastic %s %s"):format(mode, kind)] = function()
      return F.elastic(golden[kind], golden[("displacement %s %s"):format(mode, kind)], options)
    end
  end
end
both("rotate fill", function(x) return F.rotate(x, 33.3, { fill = { 1, 0.5, 0 } }) end)
for _, angle in ipairs { 90, 180, 270, -90, 360 } do
  both("turn " .. angle, function(x) return F.rotate(x, angle, { expand = true }) end)
end
both("turn within", function(x) return F.rotate(x, 180) end)

-- ---- colours ------------------------------------------------------------------------------------

for _, name in ipairs { "brightness", "contrast", "saturation", "sharpness" } do
  for _, factor in ipairs { 0.0, 0.37, 1.0, 1.9 } do
    local f <const> = F["adjust_" .. name]
    both(("%s %.4g"):format(name, factor):gsub(" (%d)$", " %1.0"), function(x)
      return f(x, factor)
    end)
    rows[(("%s %.4g"):format(name, factor):gsub(" (%d)$", " %1.0")) .. " grey"] = function()
      return f(golden.grey, factor)
    end
  end
end
for name, hue in pairs { ["-0.5"] = -0.5, ["-0.13"] = -0.13, ["0.0"] = 0, ["0.31"] = 0.31,
  ["0.5"] = 0.5 } do
  both("hue " .. name, function(x) return F.adjust_hue(x, hue) end)
end
rows["hue dark"] = function() return F.adjust_hue(golden.dark, 0.2) end
both("gamma", function(x) return F.adjust_gamma(x, 0.6) end)
both("gamma gain", function(x) return F.adjust_gamma(x, 2.2, 1.5) end)
for _, bits in ipairs { 0, 1, 3, 8 } do
  both("posterize " .. bits, function(x) return F.posterize(x, bits) end)
end
both("solarize", function(x, white) return F.solarize(x, white == 255 and 128 or 0.4) end)
for _, name in ipairs { "invert", "autocontrast", "equalize", "rgb_to_grayscale" } do
  both(name, function(x) return F[name](x) end)
  rows[name .. " dark"] = function() return F[name](golden.dark) end
end
rows["grey 3"] = function()
  return F.rgb_to_grayscale(golden.bytes, { num_output_channels = 3 })
end
rows["even equalize"] = function()
  return F.equalize(tocha.full({ 1, 4, 4 }, 9, { dtype = "uint8" }))
end

-- ---- values, batches ----------------------------------------------------------------------------

both("blur", function(x) return F.gaussian_blur(x, { 5, 3 }) end)
both("blur sigma", function(x) return F.gaussian_blur(x, { 7, 9 }, { sigma = { 1.3, 0.4 } }) end)
both("erase", function(x) return F.erase(x, 4, 3, 4, 6, { 1, 0, 1 }) end)
rows["to floats"] = function() return F.to_dtype(golden.bytes, "float32", { scale = true }) end
rows["to bytes"] = function() return F.to_dtype(golden.floats, "uint8", { scale = true }) end
local MEAN <const>, STD <const> = { 0.485, 0.456, 0.406 }, { 0.229, 0.224, 0.225 }
rows.normalize = function() return F.normalize(golden.floats, MEAN, STD) end
rows["normalize bytes"] = function()
  local T <const> = tocha.vision.transforms
  return T.Compose { T.ToDtype("float32", { scale = true }), T.Normalize(MEAN, STD) }(golden.bytes)
end

for name, f in pairs {
  resize = function(x) return F.resize(x, { 5, 6 }) end,
  rotate = function(x) return F.rotate(x, 33.3, { interpolation = "bilinear" }) end,
  contrast = function(x) return F.adjust_contrast(x, 0.4) end,
  saturation = function(x) return F.adjust_saturation(x, 1.7) end,
  sharpness = function(x) return F.adjust_sharpness(x, 1.7) end,
  hue = function(x) return F.adjust_hue(x, 0.3) end,
  blur = function(x) return F.gaussian_blur(x, 3) end,
  equalize = F.equalize, autocontrast = F.autocontrast,
} do
  rows["batch " .. name] = function() return f(golden.batch) end
end

-- ---- the comparison -----------------------------------------------------------------------------

-- Bytes are the same but for these, which may be a level away: sums in another order, and floats
-- that lie at the edge of a level, which torchvision cuts off.
local function level(name)
  if name:find "^pillow" then return 0 end
  for _, part in ipairs { "bilinear", "bicubic", "contrast", "saturation", "sharpness", "hue",
    "blur", "rotate", "gamma", "grey", "shorter", "max size", "longer", "batch resize",
    "autocontrast" } do
    if name:find(part, 1, true) then return 1 end
  end
  return 0
end

local function farthest(got, want)
  assert.are.same(want.shape, got.shape)
  assert.are.equal(want.dtype, got.dtype)
  return (got:double() - want:double()):abs():max():item()
end

describe("functional transforms", function()
  local PICTURES <const> = { bytes = true, grey = true, dark = true, floats = true, batch = true }

  it("have a row for every result, and the other way round", function()
    for name in pairs(golden) do
      local given <const> = PICTURES[name] or name:find "^displacement"
      assert.is_truthy(given or rows[name], "no row: " .. name)
    end
    for name in pairs(rows) do assert.is_truthy(golden[name], "no result: " .. name) end
  end)

  for name, f in pairs(rows) do
    it("are Pillow's or torchvision's: " .. name, function()
      local want <const> = golden[name]
      local most <const> = want.dtype == "uint8" and level(name) or 3e-5
      assert.is_true(farthest(f(), want) <= most, "off by " .. farthest(f(), want))
    end)
  end
end)
