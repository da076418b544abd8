-- Flips, rotations and other maps of the plane as transforms.

local core = require "tocha.core"
local registry = require "tocha.op"
local signature = require "tocha.signature"
local draw = require "tocha.vision.transforms.draw"
local picture = require "tocha.vision.transforms.picture"
local Transform = require "tocha.vision.transforms.transform".Transform
local crop = require "tocha.vision.transforms.functional.crop"
local values = require "tocha.vision.transforms.functional.values"
local warp = require "tocha.vision.transforms.functional.warp"

local ops <const> = registry.ops

-- ---- arguments ----------------------------------------------------------------------------------

-- {low, high} (or two such pairs in one list of four) from a number, which means -number to number.
local function angles(who, name, value, most)
  if type(value) == "number" then
    return draw.check_range(who, name, { -value, value })
  end
  local list <const> = picture.numbers(who, name, value, 2, most)
  if #list == 3 then core.fail(who, name, "expected 2 or 4 numbers, got 3") end
  for k = 1, #list, 2 do draw.check_range(who, name, { list[k], list[k + 1] }) end
  return list
end

-- Options of what is warped, for functional forms.
local function looks(self)
  return { interpolation = self.interpolation, fill = self.fill, center = self.center }
end

local function check_looks(self, who)
  if self.interpolation ~= "nearest" and self.interpolation ~= "bilinear" then
    core.fail(who, "interpolation", "expected nearest or bilinear, got '%s'",
      tostring(self.interpolation))
  end
  if self.center ~= nil then picture.numbers(who, "center", self.center, 2) end
end

-- ---- flips --------------------------------------------------------------------------------------

--- transforms.RandomHorizontalFlip{p = 0.5, seed = nil}: left and right exchanged.
local RandomHorizontalFlip <const> =
  Transform:extend("RandomHorizontalFlip", "p = 0.5, seed = nil")

function RandomHorizontalFlip:transform(x) return crop.horizontal_flip(x) end

--- transforms.RandomVerticalFlip{p = 0.5, seed = nil}: up and down exchanged.
local RandomVerticalFlip <const> = Transform:extend("RandomVerticalFlip", "p = 0.5, seed = nil")

function RandomVerticalFlip:transform(x) return crop.vertical_flip(x) end

-- ---- maps ---------------------------------------------------------------------------------------

--- transforms.RandomRotation(degrees, {interpolation = "nearest", expand = false, center = nil,
--- fill = 0, seed = nil}): turned by an angle from -degrees to degrees, or from {low, high}.
local RandomRotation <const> = Transform:extend("RandomRotation",
  "degrees, interpolation = 'nearest', expand = false, center = nil, fill = 0, seed = nil")

function RandomRotation:build(who)
  self.degrees = angles(who, "degrees", self.degrees)
  check_looks(self, who)
end

function RandomRotation:make_params() return draw.uniform(table.unpack(self.degrees)) end

function RandomRotation:transform(x, angle)
  local options <const> = looks(self)
  options.expand = self.expand
  return warp.rotate(x, angle, options)
end

--- transforms.RandomAffine(degrees, {translate = nil, scale = nil, shear = nil, interpolation =
--- "nearest", fill = 0, center = nil, seed = nil}): turned by up to `degrees`, moved by up to the
--- shares `translate` {across, down} of the size, scaled by a factor from {low, high}, sheared by
--- degrees along x (a number, {low, high}) and y ({low, high, low, high}).
local RandomAffine <const> = Transform:extend("RandomAffine", "degrees, translate = nil, "
  .. "scale = nil, shear = nil, interpolation = 'nearest', fill = 0, center = nil, seed = nil")

function RandomAffine:build(who)
  self.degrees = angles(who, "degrees", self.degrees)
  if self.translate then
    for _, share in ipairs(picture.numbers(who, "translate", self.translate, 2)) do
      draw.check_probability(who, share, "translate")
    end
  end
  if self.scale and draw.check_range(who, "scale", self.scale, 0)[1] <= 0 then
    core.fail(who, "scale", "factors must be above 0, got %s", signature.text(self.scale))
  end
  if self.shear ~= nil then self.shear = angles(who, "shear", self.shear, 4) end
  check_looks(self, who)
end

local function whole_within(most) return math.floor(draw.uniform(-most, most) + 0.5) end

function RandomAffine:make_params(x)
  local height <const>, width <const> = picture.size(x)
  local move <const>, shear <const> = self.translate or { 0, 0 }, self.shear or { 0, 0 }
  return {
    angle = draw.uniform(self.degrees[1], self.degrees[2]),
    translate = { whole_within(move[1] * width), whole_within(move[2] * height) },
    scale = self.scale and draw.uniform(self.scale[1], self.scale[2]) or 1.0,
    shear = { draw.uniform(shear[1], shear[2]), draw.uniform(shear[3] or 0, shear[4] or 0) },
  }
end

function RandomAffine:transform(x, p)
  return warp.affine(x, p.angle, p.translate, p.scale, p.shear, looks(self))
end

--- transforms.RandomPerspective{distortion_scale = 0.5, p = 0.5, interpolation = "bilinear", fill =
--- 0, seed = nil}: the corners moved inwards, each by up to this share of half the side.
local RandomPerspective <const> = Transform:extend("RandomPerspective",
  "distortion_scale = 0.5, p = 0.5, interpolation = 'bilinear', fill = 0, seed = nil")

function RandomPerspective:build(who)
  draw.check_probability(who, self.distortion_scale, "distortion_scale")
  check_looks(self, who)
end

function RandomPerspective:make_params(x)
  local height <const>, width <const> = picture.size(x)
  local down <const> = math.floor(self.distortion_scale * (height // 2))
  local across <const> = math.floor(self.distortion_scale * (width // 2))
  local function left() return draw.integer(0, across) end
  local function right() return width - 1 - draw.integer(0, across) end
  local function top() return draw.integer(0, down) end
  local function bottom() return height - 1 - draw.integer(0, down) end
  return {
    startpoints = { { 0, 0 }, { width - 1, 0 }, { width - 1, height - 1 }, { 0, height - 1 } },
    endpoints = { { left(), top() }, { right(), top() }, { right(), bottom() },
      { left(), bottom() } },
  }
end

function RandomPerspective:transform(x, p)
  return warp.perspective(x, p.startpoints, p.endpoints,
    { interpolation = self.interpolation, fill = self.fill })
end

--- transforms.ElasticTransform{alpha = 50, sigma = 5, interpolation = "bilinear", fill = 0, seed =
--- nil}: pixels displaced at random, `alpha` how far, `sigma` how smoothly; a number, or
--- {across, down} (Simard et al., 2003).
local ElasticTransform <const> = Transform:extend("ElasticTransform",
  "alpha = 50.0, sigma = 5.0, interpolation = 'bilinear', fill = 0, seed = nil")

local function two(who, name, value)
  local list <const> = picture.numbers(who, name, value, 1, 2)
  return { list[1], list[2] or list[1] }
end

function ElasticTransform:build(who)
  self.alpha, self.sigma = two(who, "alpha", self.alpha), two(who, "sigma", self.sigma)
  if self.sigma[1] < 0 or self.sigma[2] < 0 then
    core.fail(who, "sigma", "must not be below 0, got %s", signature.text(self.sigma))
  end
  check_looks(self, who)
end

-- Uniform noise in -1..1, smoothed by a Gaussian.
local function smooth_noise(height, width, sigma, sigmas)
  local noise <const> = ops.rand({ 1, height, width }) * 2 - 1
  if sigma == 0 then return noise end
  return values.gaussian_blur(noise, math.floor(8 * sigma + 1) | 1, { sigma = sigmas })
end

function ElasticTransform:make_params(x)
  local height <const>, width <const> = picture.size(x)
  local sigmas <const> = { math.max(self.sigma[1], 1e-6), math.max(self.sigma[2], 1e-6) }
  local dx <const> = smooth_noise(height, width, self.sigma[1], sigmas) * (self.alpha[1] / width)
  local dy <const> = smooth_noise(height, width, self.sigma[2], sigmas) * (self.alpha[2] / height)
  return ops.stack({ dx, dy }, 4)
end

function ElasticTransform:transform(x, displacement)
  return warp.elastic(x, displacement, { interpolation = self.interpolation, fill = self.fill })
end

--- transforms.RandomZoomOut{fill = 0, side_range = {1, 4}, p = 0.5, seed = nil}: the picture
--- somewhere on a canvas so many times as large.
local RandomZoomOut <const> = Transform:extend("RandomZoomOut",
  "fill = 0, side_range = {1.0, 4.0}, p = 0.5, seed = nil")

function RandomZoomOut:build(who) draw.check_range(who, "side_range", self.side_range, 1) end

function RandomZoomOut:make_params(x)
  local height <const>, width <const> = picture.size(x)
  local factor <const> = draw.uniform(self.side_range[1], self.side_range[2])
  local down <const> = math.floor(height * factor) - height
  local across <const> = math.floor(width * factor) - width
  local left <const>, top <const> = draw.integer(0, across), draw.integer(0, down)
  return { left, top, across - left, down - top }
end

function RandomZoomOut:transform(x, padding) return crop.pad(x, padding, { fill = self.fill }) end

return {
  RandomHorizontalFlip = RandomHorizontalFlip, RandomVerticalFlip = RandomVerticalFlip,
  RandomRotation = RandomRotation, RandomAffine = RandomAffine,
  RandomPerspective = RandomPerspective, ElasticTransform = ElasticTransform,
  RandomZoomOut = RandomZoomOut,
}
