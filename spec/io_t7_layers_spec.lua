-- Layers of Torch7 as modules (tocha.io.t7.network), one by one, against what its documentation
-- says that they compute; whole networks are in io_convert_spec.

local tocha = require "tocha"
local support = require "spec.support"

local network <const> = tocha.io.t7.network
local F <const> = tocha.nn.functional

local function module(name, fields)
  fields.torch_typename = "nn." .. name
  return network { torch_typename = "nn.Sequential", modules = { fields } }
end

local maps <const> = tocha.randn(2, 4, 6, 7)
local rows <const> = tocha.randn(3, 5)
local window <const> = { kH = 3, kW = 2, dH = 2, dW = 1, padH = 1, padW = 0 }

local function with(fields)
  for name, value in pairs(window) do fields[name] = fields[name] or value end
  return fields
end

local up <const> = tocha.randn(4, 3, 3, 2)  -- (in, out, kH, kW)
local down <const> = tocha.randn(3, 4, 3, 2)
local bias <const> = tocha.randn(3)
local factors <const> = tocha.rand(4)

-- name, fields, input, what comes out
local CASES <const> = {
  { "SoftMax", {}, rows, function(x) return x:softmax(2) end },
  { "SoftPlus", {}, rows, function(x) return (1 + x:exp()):log() end },
  { "SoftSign", {}, rows, function(x) return x / (1 + x:abs()) end },
  { "SpatialSoftMax", {}, maps, function(x) return x:softmax(2) end },
  { "HardTanh", { min_val = -0.5, max_val = 0.25 }, rows, function(x)
    return x:clamp(-0.5, 0.25)
  end },
  { "Threshold", { threshold = 0.25, val = -3 }, rows, function(x)
    return tocha.where(x:gt(0.25), x, tocha.full({}, -3.0))
  end },
  { "LeakyReLU", { negval = 0.3 }, rows, function(x)
    return x:clamp(0) + 0.3 * x:clamp(nil, 0)
  end },
  { "PReLU", { weight = factors }, maps, function(x)
    return x:clamp(0) + factors:view(1, 4, 1, 1) * x:clamp(nil, 0)
  end },
  { "LookupTable", { weight = tocha.arange(1, 12):float():view(6, 2) }, tocha.tensor { { 6, 1 } },
    function() return tocha.tensor { { { 11, 12 }, { 1, 2 } } }:float() end },
  { "SpatialDilatedConvolution", with { nInputPlane = 4, nOutputPlane = 3, weight = down,
    bias = bias, dilationH = 1, dilationW = 2 }, maps, function(x)
    return x:conv2d(down, bias, { 2, 1 }, { 1, 0 }, { 1, 2 })
  end },
  { "SpatialFullConvolution", with { nInputPlane = 4, nOutputPlane = 3, weight = up, bias = bias,
    adjH = 1, adjW = 0 }, maps, function(x)
    return x:conv_transpose2d(up, bias, { 2, 1 }, { 1, 0 }, { 1, 0 })
  end },
  { "SpatialAveragePooling", with { ceil_mode = true }, maps, function(x)
    return F.avg_pool2d(x, { 3, 2 }, { 2, 1 }, { 1, 0 }, true, true)
  end },
  { "SpatialAveragePooling", with { count_include_pad = false }, maps, function(x)
    local padded <const> = F.pad(x, { 0, 0, 1, 1 })
    local ones <const> = F.pad(tocha.ones_like(x), { 0, 0, 1, 1 })
    local function mean(v) return F.avg_pool2d(v, { 3, 2 }, { 2, 1 }) end
    return mean(padded) / mean(ones)
  end },
  -- x / (k + alpha / size * the sum of squares of `size` neighbouring maps) ^ beta
  { "SpatialCrossMapLRN", { size = 3, alpha = 0.5, beta = 0.75, k = 2 }, maps, function(x)
    local squares <const> = F.pad(x * x, { 0, 0, 0, 0, 1, 1 })
    local sums <const> = squares:narrow(2, 1, 4) + squares:narrow(2, 2, 4) + squares:narrow(2, 3, 4)
    return x / (2 + 0.5 / 3 * sums) ^ 0.75
  end },
  { "SpatialZeroPadding", { pad_l = 1, pad_r = 2, pad_t = 3, pad_b = 0 }, maps, function(x)
    return F.pad(x, { 1, 2, 3, 0 })
  end },
  { "SpatialUpSamplingNearest", { scale_factor = 2 }, maps, function(x)
    return x:repeat_interleave(2, 3):repeat_interleave(2, 4)
  end },
  { "Reshape", { size = { 2, 14 } }, tocha.randn(3, 4, 7), function(x)
    return x:view(3, 2, 14)
  end },
}

describe("layers of Torch7", function()
  for k, case in ipairs(CASES) do
    it(("%s, %d"):format(case[1], k), function()
      local x <const> = case[3]
      support.assert_alike(module(case[1], case[2])(x):detach(), case[4](x), 1e-5, 1e-6)
    end)
  end

  it("join tables behind the batch where examples have so many dimensions", function()
    local function joined(inputs)
      return network { torch_typename = "nn.Sequential", modules = {
        { torch_typename = "nn.ConcatTable", modules = { { torch_typename = "nn.Identity" },
          { torch_typename = "nn.Tanh" } } },
        { torch_typename = "nn.JoinTable", dimension = 1, nInputDims = inputs } } }(rows)
    end
    support.assert_alike(joined(1), tocha.cat({ rows, rows:tanh() }, 2))
    support.assert_alike(joined(0), tocha.cat({ rows, rows:tanh() }, 1))
  end)

  it("whose sums are no means are refused", function()
    support.fails_with("sums are not means", module, "SpatialAveragePooling",
      with { divide = false })
  end)
end)
