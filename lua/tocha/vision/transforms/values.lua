-- Dtypes, normalising, blur and noise as transforms.

local core = require "tocha.core"
local registry = require "tocha.op"
local signature = require "tocha.signature"
local draw = require "tocha.vision.transforms.draw"
local picture = require "tocha.vision.transforms.picture"
local Transform = require "tocha.vision.transforms.transform".Transform
local values = require "tocha.vision.transforms.functional.values"

--- transforms.Normalize(mean, std): (x - mean) / std in each channel, of floats.
local Normalize <const> = Transform:extend("Normalize", "mean, std")

function Normalize:build(who) values.statistics(who, self.mean, self.std) end

function Normalize:transform(x) return values.normalize(x, self.mean, self.std) end

--- transforms.ToDtype(dtype = "float32", {scale = false}): into another dtype; with `scale`, bytes
--- 0..255 become floats 0..1, and the other way round.
local ToDtype <const> = Transform:extend("ToDtype", "dtype = 'float32', scale = false")

function ToDtype:build(who)
  if not registry.kind_of(self.dtype) then
    core.fail(who, "dtype", "there is no dtype %s", signature.text(self.dtype))
  end
end

function ToDtype:transform(x) return values.to_dtype(x, self.dtype, { scale = self.scale }) end

--- Can it and the next be done to x at once? Bytes that become floats and are then normalised can.
function ToDtype:joins(following, x)
  return self.scale and self.dtype == "float32" and getmetatable(following) == Normalize
    and core.is_tensor(x) and x.dtype == "uint8" and x.device == "cpu"
end

function ToDtype:joined(following, x, ...)
  picture.check("ToDtype", x)
  return values.normalized_bytes(x, following.mean, following.std), ...
end

--- transforms.ToTensor(): ToDtype("float32", {scale = true}), as torchvision's first version calls
--- it; pictures are tensors already.
local ToTensor <const> = ToDtype:extend("ToTensor", "")

function ToTensor:build() self.dtype, self.scale = "float32", true end

--- transforms.ConvertImageDtype(dtype = "float32"): ToDtype(dtype, {scale = true}).
local ConvertImageDtype <const> = ToDtype:extend("ConvertImageDtype", "dtype = 'float32'")

function ConvertImageDtype:build(who)
  self.scale = true
  ToDtype.build(self, who)
end

--- transforms.GaussianBlur(kernel_size, {sigma = {0.1, 2}, seed = nil}): smoothed with a random
--- deviation; the size is odd, an integer or {width, height}.
local GaussianBlur <const> =
  Transform:extend("GaussianBlur", "kernel_size, sigma = {0.1, 2.0}, seed = nil")

function GaussianBlur:build(who)
  values.check_kernel(who, self.kernel_size)
  local list <const> = picture.numbers(who, "sigma", self.sigma, 1, 2)
  self.sigma = draw.check_range(who, "sigma", { list[1], list[2] or list[1] }, 0)
  if list[1] == 0 then core.fail(who, "sigma", "must be above 0") end
end

function GaussianBlur:make_params() return draw.uniform(self.sigma[1], self.sigma[2]) end

function GaussianBlur:transform(x, sigma)
  return values.gaussian_blur(x, self.kernel_size, { sigma = sigma })
end

--- transforms.GaussianNoise{mean = 0, sigma = 0.1, clip = true, seed = nil}: normal noise added, in
--- units of white.
local GaussianNoise <const> =
  Transform:extend("GaussianNoise", "mean = 0.0, sigma = 0.1, clip = true, seed = nil")

function GaussianNoise:transform(x)
  return values.gaussian_noise(x, { mean = self.mean, sigma = self.sigma, clip = self.clip })
end

--- transforms.JPEG(quality, {seed = nil}): what a JPEG of this quality (1 to 100, or one from {low,
--- high}) leaves of a picture of bytes.
local JPEG <const> = Transform:extend("JPEG", "quality, seed = nil")

function JPEG:build(who)
  local q = self.quality
  if math.type(q) == "integer" then q = { q, q } end
  draw.check_range(who, "quality", q, 1, 100)
  if math.type(q[1]) ~= "integer" or math.type(q[2]) ~= "integer" then
    core.fail(who, "quality", "expected integers, got %s", signature.text(self.quality))
  end
  self.quality = q
end

function JPEG:make_params() return draw.integer(self.quality[1], self.quality[2]) end

function JPEG:transform(x, quality)
  local io <const> = require "tocha.vision.io"
  local function through(y) return io.decode(io.encode(y, "jpeg", { quality = quality })) end
  if x.ndim == 3 then return through(x) end
  local list <const> = {}
  for k = 1, x:size(1) do list[k] = through(x[k]) end
  return registry.ops.stack(list)
end

return {
  Normalize = Normalize, ToDtype = ToDtype, ToTensor = ToTensor,
  ConvertImageDtype = ConvertImageDtype, GaussianBlur = GaussianBlur,
  GaussianNoise = GaussianNoise, JPEG = JPEG,
}
