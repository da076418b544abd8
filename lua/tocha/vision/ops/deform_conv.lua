-- Deformable convolution: Dai et al., "Deformable Convolutional Networks" (2017), and with a mask
-- Zhu et al., "Deformable ConvNets v2" (2019). Each tap of the kernel looks where an offset points,
-- between pixels: the picture is sampled at all of them, and a product with the weight does the
-- rest.

local core = require "tocha.core"
local tocha = require "tocha"
local nn = require "tocha.nn"

local deform <const> = {}

local NAME <const> = "deform_conv2d"

local function pair(v)
  if type(v) == "table" then return v[1], v[2] end
  return v, v
end

-- Sizes of everything, checked.
local function read(x, offset, weight, o)
  local g <const> = {}
  g.stride_h, g.stride_w = pair(o.stride or 1)
  g.pad_h, g.pad_w = pair(o.padding or 0)
  g.dil_h, g.dil_w = pair(o.dilation or 1)
  g.B, g.C, g.H, g.W = table.unpack(x.shape)
  g.kh, g.kw = weight:size(3), weight:size(4)
  g.taps = g.kh * g.kw
  g.groups = g.C // weight:size(2)
  g.parts = offset:size(2) // (2 * g.taps)  -- of the channels, each with offsets of its own
  g.h = (g.H + 2 * g.pad_h - g.dil_h * (g.kh - 1) - 1) // g.stride_h + 1
  g.w = (g.W + 2 * g.pad_w - g.dil_w * (g.kw - 1) - 1) // g.stride_w + 1
  return g
end

local function check(x, offset, weight, mask, g)
  if g.groups < 1 or g.C % weight:size(2) ~= 0 or weight:size(1) % g.groups ~= 0 then
    core.fail(NAME, 3, "a (%s) weight does not fit %d channels", table.concat(weight.shape, ", "),
      x:size(2))
  end
  local function expect(k, given, channels)
    local want <const> = { g.B, channels, g.h, g.w }
    for d, size in ipairs(want) do
      if given.ndim ~= 4 or given:size(d) ~= size then
        core.fail(NAME, k, "expected (%s), got (%s)", table.concat(want, ", "),
          table.concat(given.shape, ", "))
      end
    end
  end
  if g.parts < 1 or g.C % g.parts ~= 0 then
    core.fail(NAME, 2, "%d channels: expected a multiple of 2 x %d, and its parts to divide %d",
      offset:size(2), g.taps, g.C)
  end
  expect(2, offset, 2 * g.parts * g.taps)
  if mask then expect("mask", mask, g.parts * g.taps) end
end

-- Where the taps look without offsets along one direction, from 0: (1, taps, h, w) of pixels.
local function rest(g, x)
  local options <const> = { dtype = x.dtype, device = x.device }
  local function line(n, scale, shift) return tocha.arange(0, n - 1, 1, options) * scale + shift end
  local y <const> = line(g.kh, g.dil_h, 0):reshape { g.kh, 1, 1, 1 }
    + line(g.h, g.stride_h, -g.pad_h):reshape { 1, 1, g.h, 1 }
  local across <const> = line(g.kw, g.dil_w, 0):reshape { 1, g.kw, 1, 1 }
    + line(g.w, g.stride_w, -g.pad_w):reshape { 1, 1, 1, g.w }
  local function all(v)
    return v:expand { g.kh, g.kw, g.h, g.w }:reshape { 1, g.taps, g.h, g.w }
  end
  return all(y), all(across)
end

-- Pixels 0 .. size - 1 become -1 .. 1, as grid_sample wants them with align_corners.
local function normalised(at, size) return at * (2 / (size - 1)) - 1 end

-- A line of one pixel has no two corners to align: it gets a neighbour of zeros.
local function widened(x)
  local more_h <const>, more_w <const> = x:size(3) == 1 and 1 or 0, x:size(4) == 1 and 1 or 0
  if more_h + more_w == 0 then return x end
  return nn.functional.pad(x, { 0, more_w, 0, more_h })
end

-- The picture at every place that a tap looks at: (B, C, taps, h * w).
local function sampled(x, offset, mask, g)
  local n <const>, each <const> = g.B * g.parts, g.C // g.parts
  local pairs_of <const> = offset:reshape { n, g.taps, 2, g.h, g.w }
  local y0 <const>, x0 <const> = rest(g, x)
  local maps <const> = widened(x):reshape { n, each, -1, math.max(g.W, 2) }
  local grid <const> = tocha.stack({
    normalised(pairs_of:select(3, 2) + x0, maps:size(4)),
    normalised(pairs_of:select(3, 1) + y0, maps:size(3)) }, -1)        -- (n, taps, h, w, 2)
  local seen = nn.functional.grid_sample(maps, grid:reshape { n, g.taps * g.h, g.w, 2 },
    "bilinear", "zeros", true):reshape { n, each, g.taps, g.h, g.w }
  if mask then seen = seen * mask:reshape { n, 1, g.taps, g.h, g.w } end
  return seen:reshape { g.B, g.C, g.taps, g.h * g.w }
end

--- ops.deform_conv2d(input, offset, weight, bias, {stride = 1, padding = 0, dilation = 1, mask}):
--- input (B, C, H, W), weight (O, C / groups, kh, kw), offset (B, 2 parts kh kw, h, w): for each
--- part of the channels and each tap how far to look down and to the right; mask (B, parts kh kw,
--- h, w) weighs them. Gives (B, O, h, w). Without a bias, nil.
function deform.deform_conv2d(x, offset, weight, bias, options)
  local o <const> = options or {}
  if not core.is_tensor(x) or x.ndim ~= 4 then
    core.fail(NAME, 1, "expected a picture (B, C, H, W)")
  end
  local g <const> = read(x, offset, weight, o)
  check(x, offset, weight, o.mask, g)
  local seen <const> = sampled(x, offset, o.mask, g)
    :reshape { g.B, g.groups, g.C // g.groups * g.taps, g.h * g.w }
  local outputs <const> = weight:size(1)
  local y <const> = weight:reshape { g.groups, outputs // g.groups, -1 }:matmul(seen)
    :reshape { g.B, outputs, g.h, g.w }
  return bias and y + bias:reshape { outputs, 1, 1 } or y
end

--- ops.DeformConv2d(in_channels, out_channels, kernel_size, {stride = 1, padding = 0, dilation = 1,
--- groups = 1, bias = true}): called with a picture, offsets and, if there is one, a mask.
local DeformConv2d <const> = nn.Module:extend("DeformConv2d", "in_channels, out_channels, "
  .. "kernel_size, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true")
DeformConv2d.owns = { bias = true }
deform.DeformConv2d = DeformConv2d

function DeformConv2d:build(o)
  local like <const> = nn.Conv2d(o.in_channels, o.out_channels, o.kernel_size,
    { groups = o.groups, bias = o.bias })
  self.weight, self.bias = like.weight, like.bias
end

function DeformConv2d:forward(x, offset, mask)
  return deform.deform_conv2d(x, offset, self.weight, self.bias, { stride = self.stride,
    padding = self.padding, dilation = self.dilation, mask = mask })
end

return deform
