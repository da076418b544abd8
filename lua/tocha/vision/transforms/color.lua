-- Colours and tones as transforms.

local core = require "tocha.core"
local signature = require "tocha.signature"
local draw = require "tocha.vision.transforms.draw"
local Transform = require "tocha.vision.transforms.transform".Transform
local color = require "tocha.vision.transforms.functional.color"
local crop = require "tocha.vision.transforms.functional.crop"

local classes <const> = {}

-- ---- jitter -------------------------------------------------------------------------------------

-- The four changes: their middle (no change), and bounds of the factors.
local FACTORS <const> = {
  { name = "brightness", middle = 1, least = 0 }, { name = "contrast", middle = 1, least = 0 },
  { name = "saturation", middle = 1, least = 0 },
  { name = "hue", middle = 0, least = -0.5, most = 0.5 },
}

-- {low, high} from a number: so far around the middle; nil where nothing can change.
local function factor_range(who, f, value)
  if value == nil then return nil end
  if type(value) == "number" then
    if value < 0 then core.fail(who, f.name, "must not be below 0, got %g", value) end
    local low <const> = f.middle - value
    value = { f.middle == 1 and math.max(low, 0) or low, f.middle + value }
  end
  draw.check_range(who, f.name, value, f.least, f.most)
  return (value[1] ~= f.middle or value[2] ~= f.middle) and value or nil
end

--- transforms.ColorJitter{brightness = nil, contrast = nil, saturation = nil, hue = nil, seed =
--- nil}: each changed by a random factor, in random order. A number v means 1 - v to 1 + v (hue: -v
--- to v, at most 0.5), or give {low, high}.
local ColorJitter <const> = Transform:extend("ColorJitter",
  "brightness = nil, contrast = nil, saturation = nil, hue = nil, seed = nil")
classes.ColorJitter = ColorJitter

function ColorJitter:build(who)
  for _, f in ipairs(FACTORS) do self[f.name] = factor_range(who, f, self[f.name]) end
end

-- A list of { name, factor } in the order in which they are to be done.
function ColorJitter:make_params()
  local steps <const> = {}
  for _, k in ipairs(draw.order(#FACTORS)) do
    local name <const> = FACTORS[k].name
    local range <const> = self[name]
    if range then steps[#steps + 1] = { name, draw.uniform(range[1], range[2]) } end
  end
  return steps
end

function ColorJitter:transform(x, steps)
  for _, step in ipairs(steps) do x = color["adjust_" .. step[1]](x, step[2]) end
  return x
end

--- transforms.RandomPhotometricDistort{brightness = {0.875, 1.125}, contrast = {0.5, 1.5},
--- saturation = {0.5, 1.5}, hue = {-0.05, 0.05}, p = 0.5, seed = nil}: each change, and an exchange
--- of channels, with probability p; contrast first or last (Liu et al., "SSD", 2016).
local RandomPhotometricDistort <const> = Transform:extend("RandomPhotometricDistort",
  "brightness = {0.875, 1.125}, contrast = {0.5, 1.5}, saturation = {0.5, 1.5}, "
  .. "hue = {-0.05, 0.05}, p = 0.5, seed = nil")
classes.RandomPhotometricDistort = RandomPhotometricDistort

function RandomPhotometricDistort:build(who)
  self.chance, self.p = self.p, nil  -- of each change, not of all
  for _, f in ipairs(FACTORS) do self[f.name] = factor_range(who, f, self[f.name]) end
end

function RandomPhotometricDistort:make_params(x)
  local last <const> = draw.chance(0.5)
  local names <const> = { "brightness", "saturation", "hue" }
  table.insert(names, last and 4 or 2, "contrast")
  local steps <const> = {}
  for _, name in ipairs(names) do
    local range <const> = draw.chance(self.chance) and self[name]
    if range then steps[#steps + 1] = { name, draw.uniform(range[1], range[2]) } end
  end
  return { steps = steps, order = draw.chance(self.chance) and draw.order(x:size(-3)) }
end

function RandomPhotometricDistort:transform(x, params)
  x = ColorJitter.transform(self, x, params.steps)
  return params.order and crop.permute_channels(x, params.order) or x
end

--- transforms.RandomChannelPermutation{seed = nil}: the channels in another order.
local RandomChannelPermutation <const> =
  Transform:extend("RandomChannelPermutation", "seed = nil")
classes.RandomChannelPermutation = RandomChannelPermutation

function RandomChannelPermutation:make_params(x) return draw.order(x:size(-3)) end

function RandomChannelPermutation:transform(x, order) return crop.permute_channels(x, order) end

-- ---- grey ---------------------------------------------------------------------------------------

--- transforms.Grayscale{num_output_channels = 1}: one channel of brightness, or the same in three.
local Grayscale <const> = Transform:extend("Grayscale", "num_output_channels = 1")
classes.Grayscale = Grayscale

function Grayscale:build(who)
  if self.num_output_channels ~= 1 and self.num_output_channels ~= 3 then
    core.fail(who, 1, "expected 1 or 3 channels, got %s",
      signature.text(self.num_output_channels))
  end
end

function Grayscale:transform(x)
  return color.rgb_to_grayscale(x, { num_output_channels = self.num_output_channels })
end

--- transforms.RandomGrayscale{p = 0.1, seed = nil}: grey, in as many channels as there were.
local RandomGrayscale <const> = Transform:extend("RandomGrayscale", "p = 0.1, seed = nil")
classes.RandomGrayscale = RandomGrayscale

function RandomGrayscale:transform(x)
  return color.rgb_to_grayscale(x, { num_output_channels = x:size(-3) })
end

--- transforms.RGB(): a grey picture in three channels; colours stay.
local RGB <const> = Transform:extend "RGB"
classes.RGB = RGB

function RGB:transform(x) return color.grayscale_to_rgb(x) end

-- ---- tones --------------------------------------------------------------------------------------
-- A functional form with probability p: class, function, its argument.

local TONES <const> = {
  --- transforms.RandomInvert{p = 0.5, seed = nil}: the negative, with probability p.
  { "RandomInvert", "invert" },
  --- transforms.RandomPosterize(bits, {p = 0.5, seed = nil}): only the highest bits.
  { "RandomPosterize", "posterize", "bits" },
  --- transforms.RandomSolarize(threshold, {p = 0.5, seed = nil}): bright values turned negative.
  { "RandomSolarize", "solarize", "threshold" },
  --- transforms.RandomAdjustSharpness(sharpness_factor, {p = 0.5, seed = nil}): sharper above 1.
  { "RandomAdjustSharpness", "adjust_sharpness", "sharpness_factor" },
  --- transforms.RandomAutocontrast{p = 0.5, seed = nil}: values spread from black to white.
  { "RandomAutocontrast", "autocontrast" },
  --- transforms.RandomEqualize{p = 0.5, seed = nil}: about equally many pixels of each value.
  { "RandomEqualize", "equalize" },
}

for _, tone in ipairs(TONES) do
  local name <const>, f <const>, argument <const> = table.unpack(tone)
  local class <const> = Transform:extend(name,
    (argument and argument .. ", " or "") .. "p = 0.5, seed = nil")
  function class:transform(x)
    if argument then return color[f](x, self[argument]) end
    return color[f](x)
  end
  classes[name] = class
end

return classes
