-- Convolutions: Conv, ConvTranspose, DeformConv, and those of quantised numbers.

local op = require "tocha.onnx.registry".op
local quantised = require "tocha.onnx.quantised"
local registry = require "tocha.op"
local windows = require "tocha.onnx.ops.windows"

local ops <const>, rule <const> = registry.ops, registry.rule
local GROUPED <const> = windows.attributes { group = 1 }

-- (M,) as (M, 1, ...), to stand beside (N, M, n more dimensions).
local function by_channel(v, n)
  local shape <const> = { -1 }
  for d = 1, n do shape[d + 1] = 1 end
  return v:reshape(shape)
end

local function kernel_of(w) return { table.unpack(w.shape, 3) } end

local function conv(a, x, w, b)
  local at <const> = windows.of(a, x, kernel_of(w))
  return ops["conv" .. at.n .. "d"](x, w, b, at.stride, at.pads, at.dilation, a.group)
end

op "Conv" {
  since = 1, inputs = "X, W, B?", attributes = GROUPED,
  doc = "Convolution (cross-correlation) of (N, C, ...) in one to three dimensions.",
  run = conv,
}

-- ---- transposed ---------------------------------------------------------------------------------

-- What a dimension of the full result loses on either side; negative where it gains.
local function cut(a, at, d)
  local span <const> = at.dilation[d] * (at.kernel[d] - 1) + 1
  local more <const> = a.output_padding and a.output_padding[d] or 0
  local size = a.output_shape and a.output_shape[#a.output_shape - at.n + d]
  if not size and (a.auto_pad == "SAME_UPPER" or a.auto_pad == "SAME_LOWER") then
    size = at.sizes[d] * at.stride[d]
  end
  if not size then return at.pads[2 * d - 1], at.pads[2 * d] - more end
  local before <const>, after <const> = windows.halves(a.auto_pad,
    at.stride[d] * (at.sizes[d] - 1) + more + span - size)
  return before, after - more
end

local function conv_transpose(a, x, w, b)
  local at <const> = windows.of(a, x, kernel_of(w))
  local pads <const>, rest <const>, beyond = {}, {}, false
  for d = 1, at.n do
    local before <const>, after <const> = cut(a, at, d)
    for k, p in ipairs { before, after } do
      pads[2 * d - 2 + k], rest[2 * d - 2 + k] = math.max(p, 0), math.max(-p, 0)
      beyond = beyond or p < 0
    end
  end
  local f <const> = ops["conv_transpose" .. at.n .. "d"]
  local y <const> = f(x, w, not beyond and b or nil, at.stride, pads, 0, a.group, at.dilation)
  if not beyond then return y end
  local full <const> = ops.constant_pad_nd(y, windows.backwards(rest))
  return b and full + by_channel(b, at.n) or full
end

op "ConvTranspose" {
  since = 1, inputs = "X, W, B?",
  attributes = windows.attributes { group = 1, output_padding = op.ints, output_shape = op.ints },
  doc = "Transposed convolution; padding follows from output_shape where that is given.",
  run = conv_transpose,
}

-- ---- deformable ---------------------------------------------------------------------------------

-- Padding may differ from side to side here: it is put around the picture.
local function deform_conv(a, x, w, offset, b, mask)
  if x.ndim ~= 4 then op.fail("expected (N, C, H, W), got %s", rule.text(x.shape)) end
  local at <const> = windows.of(a, x, kernel_of(w))
  local padded <const> = ops.constant_pad_nd(x, windows.backwards(at.pads))
  return require "tocha.vision.ops".deform_conv2d(padded, offset, w, b,
    { stride = at.stride, dilation = at.dilation, mask = mask })
end

op "DeformConv" {
  since = 19, inputs = "X, W, offset, B?, mask?",
  attributes = windows.attributes { group = 1, offset_group = 1 },
  doc = "Convolution whose taps are moved by offsets and weighted by a mask (Dai et al., "
    .. "\"Deformable convolutional networks\", 2017; Zhu et al., 2019).",
  run = deform_conv,
}

-- ---- of quantised numbers -----------------------------------------------------------------------

local function integer_conv(a, x, x_zero, w, w_zero, b)
  return conv(a, quantised.centred(x, x_zero), quantised.centred(w, w_zero, w.ndim),
    b and b:to "float64")
end

op "ConvInteger" {
  since = 10, inputs = "x, w, x_zero_point?, w_zero_point?", attributes = GROUPED,
  doc = "Convolution of 8-bit integers less their zero points, as int32.",
  run = function(a, x, w, x_zero, w_zero)
    return integer_conv(a, x, x_zero, w, w_zero):to "int32"
  end,
}

op "QLinearConv" {
  since = 10, attributes = GROUPED,
  inputs = "x, x_scale, x_zero_point, w, w_scale, w_zero_point, y_scale, y_zero_point, B?",
  doc = "Convolution of 8-bit integers, quantised again.",
  run = function(a, x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero, b)
    local sums <const> = integer_conv(a, x, x_zero, w, w_zero, b)
    return quantised.rescaled(sums, x_scale, quantised.beside(w_scale, x.ndim - 1), y_scale, y_zero)
  end,
}
