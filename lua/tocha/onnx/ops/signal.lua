-- Signals: discrete Fourier transforms, windows, mel weights. A last dimension of 2 holds real and
-- imaginary parts; one of 1, real numbers.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local op = require "tocha.onnx.registry".op

local pi <const> = math.pi

-- ---- Fourier ------------------------------------------------------------------------------------
-- As products with the matrix of cos and sin, in float64: n^2 a row, differentiable, on every
-- device.

-- cos and sin of 2 pi j k / n for j < rows, k < columns; j k is reduced modulo n first.
local function waves(rows, columns, n, like)
  local j <const> = ops.arange(0, rows - 1):reshape { rows, 1 }
  local k <const> = ops.arange(0, columns - 1):reshape { 1, columns }
  local angle <const> = ((j * k):remainder(n):double() * (2 * pi / n)):to(like.device)
  return ops.cos(angle), ops.sin(angle)
end

-- The axis at the end, its first n elements, filled up with zeros.
local function signal_of(x, dim, n)
  local y = x:movedim(dim, -1)
  local size <const> = y:size(-1)
  if size > n then return y:narrow(-1, 1, n) end
  return size < n and y:constant_pad_nd { 0, n - size } or y
end

-- Real and imaginary parts (nil: none) along the last dimension, to `bins` frequencies.
local function forward(re, im, n, bins, sign)
  local c <const>, s <const> = waves(n, bins, n, re)
  if not im then return re:matmul(c), re:matmul(s) * sign end
  return re:matmul(c) - im:matmul(s) * sign, im:matmul(c) + re:matmul(s) * sign
end

-- A real signal of n from the n // 2 + 1 frequencies that are not mirrored: those in between count
-- twice.
local function real_inverse(re, im, n)
  local bins <const> = n // 2 + 1
  local twice <const> = {}
  for k = 1, bins do twice[k] = (k == 1 or k == bins and n % 2 == 0) and 1.0 or 2.0 end
  local weight <const> = core.from_table(twice, "float64"):to(re.device) / n
  local c <const>, s <const> = waves(bins, n, n, re)
  local y = (re * weight):matmul(c)
  return im and y - (im * weight):matmul(s) or y
end

local function parts_of(x)
  local wide <const> = x:double()
  if x:size(-1) == 1 then return wide:select(-1, 1) end
  return wide:select(-1, 1), wide:select(-1, 2)
end

local function complex(re, im, dim)
  return ops.stack({ re:movedim(-1, dim), im:movedim(-1, dim) }, -1)
end

local function dft(a, x, length, axis)
  local dim <const> = op.axis(axis, x.ndim)
  local re, im = parts_of(x)
  local is_real_inverse <const> = a.inverse ~= 0 and a.onesided ~= 0
  local n <const> = length or is_real_inverse and 2 * (x:size(dim) - 1) or x:size(dim)
  local taken <const> = is_real_inverse and n // 2 + 1 or n
  re, im = signal_of(re, dim, taken), im and signal_of(im, dim, taken)
  if is_real_inverse then return real_inverse(re, im, n):movedim(-1, dim):unsqueeze(-1) end
  local sign <const> = a.inverse ~= 0 and 1 or -1
  local bins <const> = a.onesided ~= 0 and n // 2 + 1 or n
  local y_re, y_im = forward(re, im, n, bins, sign)
  if a.inverse ~= 0 then y_re, y_im = y_re / n, y_im / n end
  return complex(y_re, y_im, dim)
end

op "DFT" {
  since = 17, inputs = "input, dft_length?: cpu, axis?: cpu",
  attributes = { inverse = 0, onesided = 0, axis = op.int },
  doc = "Discrete Fourier transform along `axis`, or its inverse",
  run = function(a, x, length, axis)
    local default <const> = a.axis or a.opset < 20 and 1 or -2
    return dft(a, x, op.number(length), axis and op.list(axis)[1] or default):to(x.dtype)
  end,
}

op "STFT" {
  since = 17, inputs = "signal, frame_step: cpu, window?, frame_length?: cpu",
  attributes = { onesided = 1 },
  doc = "Fourier transforms of windows that move by `frame_step`: (batch, frames, bins, 2)",
  run = function(a, x, step, window, length)
    local n <const> = op.number(length) or window and window:size(1) or x:size(2)
    local re, im = parts_of(x)
    local function frames(y)
      local cut <const> = y:unfold(2, n, op.number(step))
      return window and cut * window or cut
    end
    local bins <const> = a.onesided ~= 0 and n // 2 + 1 or n
    local y_re <const>, y_im <const> = forward(frames(re), im and frames(im), n, bins, -1)
    return ops.stack({ y_re, y_im }, -1):to(x.dtype)
  end,
}

-- ---- windows ------------------------------------------------------------------------------------

-- Coefficients of 1, cos(2 pi k / n), cos(4 pi k / n)
local WINDOWS <const> = {
  HannWindow = { 0.5, -0.5 }, HammingWindow = { 25 / 46, -21 / 46 },
  BlackmanWindow = { 0.42, -0.5, 0.08 },
}

for name, coefficients in pairs(WINDOWS) do
  op(name) {
    since = 17, inputs = "size: cpu", attributes = { output_datatype = 1, periodic = 1 },
    types = "none", fold = false, doc = name:gsub("Window", "'s window") .. " of `size` elements",
    run = function(a, size)
      local count <const> = op.number(size)
      local n <const> = a.periodic ~= 0 and count or count - 1
      local angle <const> = ops.arange(0, count - 1):double() * (2 * pi / n)
      local y = ops.zeros_like(angle)
      for k, c in ipairs(coefficients) do y = y + ops.cos(angle * (k - 1)) * c end
      return y:to(a.run.device, op.dtype(a.output_datatype).dtype)
    end,
  }
end

-- ---- mel ----------------------------------------------------------------------------------------

local function to_mel(hertz) return 2595 * math.log(1 + hertz / 700, 10) end
local function to_hertz(mel) return 700 * (10 ^ (mel / 2595) - 1) end

-- The bins of the spectrum where the triangles begin, peak and end.
local function edges_of(bands, n, rate, low, high)
  local first <const>, edges <const> = to_mel(low), {}
  local step <const> = (to_mel(high) - first) / (bands + 2)
  for k = 0, bands + 1 do
    edges[k + 1] = math.floor((n + 1) * to_hertz(first + k * step) / rate)
  end
  return edges
end

-- Weight of a bin in the triangle from `left` over `peak` to `right`.
local function triangle(bin, left, peak, right)
  if bin == peak and (left == peak or right == peak) then return 1.0 end
  if bin >= left and bin <= peak then return (bin - left) / (peak - left) end
  if bin > peak and bin < right then return (right - bin) / (right - peak) end
  return 0.0
end

op "MelWeightMatrix" {
  since = 17, attributes = { output_datatype = 1 }, types = "none", fold = false,
  inputs = "num_mel_bins: cpu, dft_length: cpu, sample_rate: cpu, lower_edge_hertz: cpu, "
    .. "upper_edge_hertz: cpu",
  doc = "Weights (bins, mel bins) that sum a spectrum into mel bands",
  run = function(a, bands, length, rate, low, high)
    local n <const>, count <const> = op.number(length), op.number(bands)
    local edges <const> = edges_of(count, n, rate:item(), low:item(), high:item())
    local rows <const> = {}
    for bin = 0, n // 2 do
      local row <const> = {}
      for k = 1, count do row[k] = triangle(bin, edges[k], edges[k + 1], edges[k + 2]) end
      rows[bin + 1] = row
    end
    return core.from_table(rows, "float64")
      :to(a.run.device, op.dtype(a.output_datatype).dtype)
  end,
}
