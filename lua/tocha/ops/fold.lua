-- Patches of an image as columns and back, and channels traded for pixels.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local window = require "tocha.window"

local kernel <const>, text <const> = core.kernel, rule.text

-- Lists of two for an image of height and width `size`: how many windows, kernel, stride, pads,
-- dilation.
local function patch_geometry(name, first, size, kernel_size, dilation, padding, stride)
  kernel_size = window.list(name, first, kernel_size, 2, 1)
  dilation = window.list(name, first + 1, dilation, 2, 1)
  local pads <const> = window.pairs_of(window.list(name, first + 2, padding, 2, 0))
  stride = window.list(name, first + 3, stride, 2, 1)
  local out <const> = {}
  for d = 1, 2 do
    out[d] = window.count(size[d], kernel_size[d], stride[d], pads[2 * d], pads[2 * d], dilation[d])
      or core.fail(name, first, "the window (%d) is larger than the padded image (%d)",
        dilation[d] * (kernel_size[d] - 1) + 1, size[d] + 2 * pads[2 * d])
  end
  return out, kernel_size, stride, pads, dilation
end

local function batched(x, ndim) return x.ndim == ndim and x or ops.unsqueeze(x, 1) end
local function like_batch(y, x, ndim) return x.ndim == ndim and y or ops.squeeze(y, 1) end

op "im2col" {
  doc = "Patches of (N, C, H, W) as columns (N, C * taps, L): PyTorch's F.unfold (here `unfold` is "
    .. "the view).",
  args = "input: float, kernel_size: ints, dilation: ints = 1, padding: ints = 0, stride: ints = 1",
  saves = "",
  run = function(x, kernel_size, dilation, padding, stride)
    local c <const> = window.channel("im2col", x, 2)
    local size <const> = window.spatial(x.shape, 2)
    local out, k, s, p, d = patch_geometry("im2col", 2, size, kernel_size, dilation, padding,
      stride)
    local batch <const> = batched(x, 4)
    local y = core.empty({ batch:size(1), x:size(c) * k[1] * k[2], out[1] * out[2] }, x.dtype, x)
    kernel.im2col(y, batch, out, k, s, p, d)
    return like_batch(y, x, 4)
  end,
  ref = function(x, kernel_size, dilation, padding, stride)
    local size <const> = window.spatial(x.shape, 2)
    local out, k, s, p, d = patch_geometry("im2col", 2, size, kernel_size, dilation, padding,
      stride)
    local batch <const> = window.padded(batched(x, 4), out, k, s, p, d)
    local parts <const> = {}
    window.each_tap(k, function(i, at) parts[i] = window.under_tap(batch, at, out, s, d) end)
    local y = ops.stack(parts, 3):reshape { batch:size(1), batch:size(2) * #parts, out[1] * out[2] }
    return like_batch(y, x, 4)
  end,
  grad = {
    input = function(g, _, x, kernel_size, dilation, padding, stride)
      return ops.fold(g, window.spatial(x.shape, 2), kernel_size, dilation, padding, stride)
    end,
  },
  sample = {
    { { 2, 3, 5, 4 }, S.list { 3, 2 } }, { { 2, 6, 5 }, 2, 2, 1, 2 },
  },
}

-- The channels of columns of that many windows, or an error.
local function fold_channels(x, out, k)
  if x.ndim ~= 2 and x.ndim ~= 3 then
    core.fail("fold", 1, "expected (N, C * taps, L) or (C * taps, L), got %s", text(x.shape))
  end
  local rows <const>, columns <const> = x:size(-2), x:size(-1)
  if rows % (k[1] * k[2]) ~= 0 then
    core.fail("fold", 1, "%d rows are not a multiple of the %d taps of the window", rows,
      k[1] * k[2])
  end
  if columns ~= out[1] * out[2] then
    core.fail("fold", 1, "expected %d columns (%d x %d windows), got %d", out[1] * out[2], out[1],
      out[2], columns)
  end
  return rows // (k[1] * k[2])
end

op "fold" {
  doc = "Columns (N, C * taps, L) summed back into images (N, C, H, W) where patches overlap: "
    .. "PyTorch's F.fold.",
  args = "input: float, output_size: ints, kernel_size: ints, dilation: ints = 1, "
    .. "padding: ints = 0, stride: ints = 1",
  saves = "",
  run = function(x, output_size, kernel_size, dilation, padding, stride)
    local size <const> = window.list("fold", 2, output_size, 2, 1)
    local out, k, s, p, d = patch_geometry("fold", 3, size, kernel_size, dilation, padding, stride)
    local channels <const> = fold_channels(x, out, k)
    local batch <const> = batched(x, 3)
    local y = core.empty({ batch:size(1), channels, size[1], size[2] }, x.dtype, x)
    kernel.fold(y, batch, out, k, s, p, d)
    return like_batch(y, x, 3)
  end,
  ref = function(x, output_size, kernel_size, dilation, padding, stride)
    local size <const> = window.list("fold", 2, output_size, 2, 1)
    local k <const> = window.list("fold", 3, kernel_size, 2, 1)
    local shape <const> = x.shape
    table.move(size, 1, 2, #shape, shape)
    shape[x.ndim - 1] = shape[x.ndim - 1] // (k[1] * k[2])
    return window.adjoint(function(image)
      return registry.decl.im2col.ref(image, kernel_size, dilation, padding, stride)
    end, shape, x)
  end,
  grad = {
    input = function(g, _, _, _, kernel_size, dilation, padding, stride)
      return ops.im2col(g, kernel_size, dilation, padding, stride)
    end,
  },
  sample = {
    { { 2, 18, 6 }, S.list { 5, 3 }, S.list { 3, 2 } }, { { 8, 9 }, S.list { 6, 5 }, 2, 2, 1, 2 },
  },
}

-- ---- channels and pixels ------------------------------------------------------------------------

-- The sizes ahead of the last three.
local function leading(shape) return table.move(shape, 1, #shape - 3, 1, {}) end

local function joined(list, ...)
  for _, v in ipairs { ... } do list[#list + 1] = v end
  return list
end

local function check_image(name, x)
  if x.ndim < 3 then core.fail(name, 1, "expected (..., C, H, W), got %s", text(x.shape)) end
  return x:size(-3), x:size(-2), x:size(-1)
end

-- The last k dimensions in the given order (from 1), the others as they are.
local function permute_last(x, order)
  local dims <const>, ahead <const> = {}, x.ndim - #order
  for d = 1, ahead do dims[d] = d end
  for k, d in ipairs(order) do dims[ahead + k] = ahead + d end
  return x:permute(dims)
end

op "pixel_shuffle" {
  doc = "(..., C r^2, H, W) to (..., C, H r, W r).",
  args = "input: tensor, upscale_factor: int",
  ref = function(x, r)
    local c, h, w = check_image("pixel_shuffle", x)
    if r < 1 or c % (r * r) ~= 0 then
      core.fail("pixel_shuffle", 2, "its square must divide the %d channels, got %d", c, r)
    end
    local lead <const> = leading(x.shape)
    local parts = x:reshape(joined(leading(x.shape), c // (r * r), r, r, h, w))
    return permute_last(parts, { 1, 4, 2, 5, 3 }):reshape(joined(lead, c // (r * r), h * r, w * r))
  end,
  sample = { { { 2, 8, 2, 3 }, 2 }, { { 9, 1, 2 }, 3 } },
}

op "pixel_unshuffle" {
  doc = "(..., C, H r, W r) to (..., C r^2, H, W): undoes pixel_shuffle.",
  args = "input: tensor, downscale_factor: int",
  ref = function(x, r)
    local c, h, w = check_image("pixel_unshuffle", x)
    if r < 1 or h % r ~= 0 or w % r ~= 0 then
      core.fail("pixel_unshuffle", 2, "must divide height and width (%d x %d), got %d", h, w, r)
    end
    local lead <const> = leading(x.shape)
    local parts = x:reshape(joined(leading(x.shape), c, h // r, r, w // r, r))
    return permute_last(parts, { 1, 3, 5, 2, 4 }):reshape(joined(lead, c * r * r, h // r, w // r))
  end,
  sample = { { { 2, 2, 4, 6 }, 2 }, { { 1, 3, 6 }, 3 } },
}

op "channel_shuffle" {
  doc = "Channels of (N, C, ...) interleaved over `groups`.",
  args = "input: tensor, groups: int",
  ref = function(x, groups)
    if x.ndim < 3 or groups < 1 or x:size(2) % groups ~= 0 then
      core.fail("channel_shuffle", 2, "must divide the channels of (N, C, ...), got %d for %s",
        groups,
        text(x.shape))
    end
    local n <const>, c <const> = x:size(1), x:size(2)
    return x:reshape { n, groups, c // groups, -1 }:transpose(2, 3):reshape(x.shape)
  end,
  sample = { { { 2, 6, 3 }, 3 }, { { 1, 4, 2, 3 }, 2 } },
}
