-- Windows as ONNX gives them: attributes in lists of one entry a spatial dimension, pads as all
-- begins and then all ends, or made by `auto_pad`. What convolution and pooling read from a node.

local op = require "tocha.onnx.registry".op
local window = require "tocha.window"

local windows <const> = {}

--- windows.attributes(more): those that all windows have, and `more`.
function windows.attributes(more)
  local list <const> = { auto_pad = "NOTSET", dilations = op.ints, kernel_shape = op.ints,
    pads = op.ints, strides = op.ints }
  for name, kind in pairs(more or {}) do list[name] = kind end
  return list
end

local function ones(n)
  local list <const> = {}
  for d = 1, n do list[d] = 1 end
  return list
end

--- windows.pairs(pads, n): {begin 1, begin 2, end 1, end 2} as {begin 1, end 1, begin 2, end 2};
--- zeros without pads.
function windows.pairs(pads, n)
  local list <const> = {}
  for d = 1, n do
    list[2 * d - 1], list[2 * d] = pads and pads[d] or 0, pads and pads[n + d] or 0
  end
  return list
end

--- windows.halves(auto_pad, total): what of a dimension's padding lies before and after; the odd
--- one at the end for SAME_UPPER, at the beginning otherwise.
function windows.halves(auto_pad, total)
  local less <const> = total // 2
  if auto_pad == "SAME_UPPER" then return less, total - less end
  return total - less, less
end

local function same(a, sizes, kernel, stride, dilation)
  local list <const> = {}
  for d, size in ipairs(sizes) do
    local before, after = window.same_pads(size, kernel[d], stride[d], dilation[d])
    list[2 * d - 1], list[2 * d] = windows.halves(a.auto_pad, before + after)
  end
  return list
end

--- windows.of(a, x, kernel): { kernel, stride, dilation, pads (in pairs), n (dimensions), sizes (of
--- x, (N, C, sizes...)) } from a node's attributes; `kernel` unless kernel_shape is given.
function windows.of(a, x, kernel)
  local n <const> = x.ndim - 2
  local w <const> = { n = n, sizes = window.spatial(x.shape, n) }
  w.kernel = kernel or a.kernel_shape
  w.stride, w.dilation = a.strides or ones(n), a.dilations or ones(n)
  for _, name in ipairs { "kernel", "stride", "dilation" } do
    if #w[name] ~= n then
      op.fail("%s has %d entries, the input %d spatial dimensions", name, #w[name], n)
    end
  end
  if a.auto_pad == "SAME_UPPER" or a.auto_pad == "SAME_LOWER" then
    w.pads = same(a, w.sizes, w.kernel, w.stride, w.dilation)
  else
    w.pads = windows.pairs(a.auto_pad ~= "VALID" and a.pads or nil, n)
  end
  return w
end

--- windows.counts(w, ceil): how often the window fits along each dimension.
function windows.counts(w, ceil)
  local out <const> = {}
  for d = 1, w.n do
    local before, after = w.pads[2 * d - 1], w.pads[2 * d]
    out[d] = window.count(w.sizes[d], w.kernel[d], w.stride[d], before, after, w.dilation[d], ceil)
      or op.fail("a window of %d does not fit into %d elements", w.kernel[d],
        w.sizes[d] + before + after)
  end
  return out
end

--- windows.backwards(pads): pairs as ops.pad wants them, the last dimension first.
function windows.backwards(pads)
  local list <const> = {}
  for d = #pads // 2, 1, -1 do
    list[#list + 1], list[#list + 2] = pads[2 * d - 1], pads[2 * d]
  end
  return list
end

return windows
