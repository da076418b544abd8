-- Augmentation by policies: RandAugment, TrivialAugment, AutoAugment, AugMix.
--
-- All are made of the same changes, each with a magnitude that is one of a number of bins, from 0.

local core = require "tocha.core"
local registry = require "tocha.op"
local draw = require "tocha.vision.transforms.draw"
local picture = require "tocha.vision.transforms.picture"
local policies = require "tocha.vision.transforms.policies"
local Transform = require "tocha.vision.transforms.transform".Transform
local color = require "tocha.vision.transforms.functional.color"
local warp = require "tocha.vision.transforms.functional.warp"

local ops <const> = registry.ops

-- ---- the changes --------------------------------------------------------------------------------
-- What a magnitude does; `looks` holds interpolation and fill.

local function sheared(x, across, down, looks)
  local shear <const> = { math.deg(math.atan(across)), math.deg(math.atan(down)) }
  return warp.affine(x, 0, { 0, 0 }, 1, shear, { interpolation = looks.interpolation,
    fill = looks.fill, center = { 0, 0 } })
end

local function toward_zero(v) return v < 0 and math.ceil(v) or math.floor(v) end

local function moved(x, across, down, looks)
  return warp.affine(x, 0, { toward_zero(across), toward_zero(down) }, 1, { 0, 0 }, looks)
end

local CHANGES <const> = {
  Identity = function(x) return x end,
  ShearX = function(x, m, looks) return sheared(x, m, 0, looks) end,
  ShearY = function(x, m, looks) return sheared(x, 0, m, looks) end,
  TranslateX = function(x, m, looks) return moved(x, m, 0, looks) end,
  TranslateY = function(x, m, looks) return moved(x, 0, m, looks) end,
  Rotate = function(x, m, looks) return warp.rotate(x, m, looks) end,
  Brightness = function(x, m) return color.adjust_brightness(x, 1 + m) end,
  Color = function(x, m) return color.adjust_saturation(x, 1 + m) end,
  Contrast = function(x, m) return color.adjust_contrast(x, 1 + m) end,
  Sharpness = function(x, m) return color.adjust_sharpness(x, 1 + m) end,
  Posterize = function(x, m) return color.posterize(x, m) end,
  Solarize = function(x, m) return color.solarize(x, m * picture.white(x)) end,
  AutoContrast = color.autocontrast, Equalize = color.equalize, Invert = color.invert,
}

-- ---- magnitudes ---------------------------------------------------------------------------------
-- t runs from 0 (the first bin) to 1 (the last). A signed one may also be negative.

local function upto(most) return { of = function(t) return most * t end, signed = true } end

local function of_width(share)
  return { of = function(t, _, width) return share * width * t end, signed = true }
end

local function of_height(share)
  return { of = function(t, height) return share * height * t end, signed = true }
end

local function bits(first, fewer)
  return { of = function(t) return math.floor(first - fewer * t + 0.5) end }
end

local PLAIN <const> = { of = function() return 0 end }
local SOLARIZE <const> = { of = function(t) return 1 - t end }

-- Name -> magnitudes, for one list of limits. A list of names too: what is drawn from has an order.
local function space(limits)
  local s <const> = {
    Identity = limits.identity and PLAIN, AutoContrast = PLAIN, Equalize = PLAIN,
    Invert = limits.invert and PLAIN, Solarize = SOLARIZE, Posterize = limits.posterize,
    ShearX = upto(limits.shear), ShearY = upto(limits.shear), Rotate = upto(limits.rotate),
    TranslateX = limits.across, TranslateY = limits.down,
  }
  for _, name in ipairs { "Brightness", "Color", "Contrast", "Sharpness" } do
    s[name] = limits.tone and upto(limits.tone)
  end
  local names <const> = {}
  for name, magnitudes in pairs(s) do
    if magnitudes then names[#names + 1] = name end
  end
  table.sort(names)
  return { names = names, magnitudes = s }
end

local SPACES <const> = {
  rand = space { identity = true, shear = 0.3, rotate = 30, across = of_width(150 / 331),
    down = of_height(150 / 331), posterize = bits(8, 4), tone = 0.9 },
  auto = space { invert = true, shear = 0.3, rotate = 30, across = of_width(150 / 331),
    down = of_height(150 / 331), posterize = bits(8, 4), tone = 0.9 },
  wide = space { identity = true, shear = 0.99, rotate = 135, across = upto(32), down = upto(32),
    posterize = bits(8, 6), tone = 0.99 },
  mix = space { shear = 0.3, rotate = 30, across = of_width(1 / 3), down = of_height(1 / 3),
    posterize = bits(4, 4), tone = 0.9 },
  mix_partial = space { shear = 0.3, rotate = 30, across = of_width(1 / 3),
    down = of_height(1 / 3), posterize = bits(4, 4) },
}

-- ---- what they share ----------------------------------------------------------------------------

local Auto <const> = Transform:extend "Auto"

local LOOKS <const> = "interpolation = 'nearest', fill = 0, seed = nil"

local function check_integer(who, name, value, least, most)
  if math.type(value) ~= "integer" or value < least or value > (most or value) then
    core.fail(who, name, "expected an integer%s, got %s", most
      and (" from %d to %d"):format(least, most) or " of at least " .. least, tostring(value))
  end
end

function Auto:build(who)
  if self.interpolation ~= "nearest" and self.interpolation ~= "bilinear" then
    core.fail(who, "interpolation", "expected nearest or bilinear, got '%s'",
      tostring(self.interpolation))
  end
end

-- The change `name` at bin `k` (from 0) of `bins`, with a random sign where it has one.
local function change(self, x, of, name, k, bins)
  local magnitudes <const> = of.magnitudes[name]
  local height <const>, width <const> = picture.size(x)
  local m = magnitudes.of(bins > 1 and k / (bins - 1) or 0, height, width)
  if magnitudes.signed then m = m * draw.sign() end
  return CHANGES[name](x, m, { interpolation = self.interpolation, fill = self.fill })
end

-- ---- RandAugment, TrivialAugment ----------------------------------------------------------------

--- transforms.RandAugment{num_ops = 2, magnitude = 9, num_magnitude_bins = 31, interpolation =
--- "nearest", fill = 0, seed = nil}: so many changes drawn from 14, all of one magnitude, a bin
--- from 0 on (Cubuk et al., 2019).
local RandAugment <const> = Auto:extend("RandAugment",
  "num_ops = 2, magnitude = 9, num_magnitude_bins = 31, " .. LOOKS)

function RandAugment:build(who)
  check_integer(who, "num_ops", self.num_ops, 0)
  check_integer(who, "num_magnitude_bins", self.num_magnitude_bins, 1)
  check_integer(who, "magnitude", self.magnitude, 0, self.num_magnitude_bins - 1)
  Auto.build(self, who)
end

function RandAugment:transform(x)
  for _ = 1, self.num_ops do
    x = change(self, x, SPACES.rand, draw.choice(SPACES.rand.names), self.magnitude,
      self.num_magnitude_bins)
  end
  return x
end

--- transforms.TrivialAugmentWide{num_magnitude_bins = 31, interpolation = "nearest", fill = 0, seed
--- = nil}: one change of any magnitude (Mueller and Hutter, 2021).
local TrivialAugmentWide <const> = Auto:extend("TrivialAugmentWide",
  "num_magnitude_bins = 31, " .. LOOKS)

function TrivialAugmentWide:build(who)
  check_integer(who, "num_magnitude_bins", self.num_magnitude_bins, 1)
  Auto.build(self, who)
end

function TrivialAugmentWide:transform(x)
  local bins <const> = self.num_magnitude_bins
  local name <const> = draw.choice(SPACES.wide.names)
  return change(self, x, SPACES.wide, name, draw.integer(0, bins - 1), bins)
end

-- ---- AutoAugment --------------------------------------------------------------------------------

--- transforms.AutoAugment{policy = "imagenet", interpolation = "nearest", fill = 0, seed = nil}:
--- one of 25 pairs of changes that were found for "imagenet", "cifar10" or "svhn" (Cubuk et al.,
--- 2018).
local AutoAugment <const> = Auto:extend("AutoAugment", "policy = 'imagenet', " .. LOOKS)

function AutoAugment:build(who)
  if not policies[self.policy] then
    core.fail(who, "policy", "expected imagenet, cifar10 or svhn, got %s", tostring(self.policy))
  end
  Auto.build(self, who)
end

function AutoAugment:transform(x)
  for _, step in ipairs(draw.choice(policies[self.policy])) do
    local name <const>, p <const>, bin <const> = table.unpack(step)
    if draw.chance(p) then x = change(self, x, SPACES.auto, name, bin, 10) end
  end
  return x
end

-- ---- AugMix -------------------------------------------------------------------------------------

--- transforms.AugMix{severity = 3, mixture_width = 3, chain_depth = -1, alpha = 1, all_ops = true,
--- interpolation = "bilinear", fill = 0, seed = nil}: the picture blended with `mixture_width`
--- chains of changes, each 1 to 3 long or as long as chain_depth says (Hendrycks et al., 2020). The
--- pictures of a batch have weights of their own.
local AugMix <const> = Auto:extend("AugMix", "severity = 3, mixture_width = 3, chain_depth = -1, "
  .. "alpha = 1.0, all_ops = true, interpolation = 'bilinear', fill = 0, seed = nil")

local BINS <const> = 10

function AugMix:build(who)
  check_integer(who, "severity", self.severity, 1, BINS)
  check_integer(who, "mixture_width", self.mixture_width, 1)
  check_integer(who, "chain_depth", self.chain_depth, math.mininteger)
  if type(self.alpha) ~= "number" or not (self.alpha > 0 and self.alpha < math.huge) then
    core.fail(who, "alpha", "expected a number above 0, got %s", tostring(self.alpha))
  end
  Auto.build(self, who)
end

local function chain(self, x)
  local of <const> = self.all_ops and SPACES.mix or SPACES.mix_partial
  for _ = 1, self.chain_depth > 0 and self.chain_depth or draw.integer(1, 3) do
    x = change(self, x, of, draw.choice(of.names), draw.integer(0, self.severity - 1), BINS)
  end
  return x
end

-- Rows of weights for n pictures: of the picture itself, then of each chain.
local function weights_of(self, n)
  local rows <const> = {}
  for k = 1, n do
    local changed <const> = draw.beta(self.alpha)
    rows[k] = { 1 - changed }
    for j, w in ipairs(draw.dirichlet(self.mixture_width, self.alpha)) do
      rows[k][j + 1] = w * changed
    end
  end
  return rows
end

function AugMix:transform(x)
  local batch <const> = picture.as_batch(x)
  if batch:numel() == 0 then return x end
  local float <const> = x:is_floating_point() and x.dtype or "float32"
  local weights <const> = core.from_table(weights_of(self, batch:size(1)), float):to(x.device)
  local function part(y, k) return y:to(float) * weights:select(2, k):reshape { -1, 1, 1, 1 } end
  local sum = part(batch, 1)
  for k = 1, self.mixture_width do sum = sum + part(chain(self, batch), k + 1) end
  -- A sum of weights that is not quite 1 must not take a level.
  local y <const> = x:is_floating_point() and sum or (sum + 1e-3):clamp(0, 255):to(x.dtype)
  return ops.reshape(y, x.shape)
end

return {
  RandAugment = RandAugment, TrivialAugmentWide = TrivialAugmentWide, AutoAugment = AutoAugment,
  AugMix = AugMix, space = SPACES,
}
