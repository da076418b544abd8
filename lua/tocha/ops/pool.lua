-- Pooling in one to three dimensions.
--
-- The public operations check their arguments and call one of five that serve all dimensions. The
-- gradient of max pooling finds the maxima again: that costs less than keeping their indices.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local window = require "tocha.window"

local kernel <const>, text <const> = core.kernel, rule.text

-- ---- the operations behind the public ones ------------------------------------------------------

-- Do these belong together? The kernels rely on it. `large` is the shape of the input.
local function check_shapes(name, large, small, size, stride, pads, dilation)
  local n <const> = #size
  window.trust(name, { { size, n, 1 }, { stride, n, 1 }, { pads, 2 * n, 0 }, { dilation, n, 1 } })
  local fits = n >= 1 and n <= 3 and #large == #small and (#large == n + 1 or #large == n + 2)
  for d = 1, #large - n do fits = fits and large[d] == small[d] end
  if not fits then
    core.fail(name, nil, "input %s and output %s do not belong to one pooling", text(large),
      text(small))
  end
end

-- For every tap the elements of x under it, with `outside` beyond the border.
local function taps_of(x, out, k, stride, pads, dilation, outside)
  local batch = x.ndim == #k + 1 and ops.unsqueeze(x, 1) or x
  local list <const> = {}
  for d = #k, 1, -1 do
    local need = (out[d] - 1) * stride[d] + (k[d] - 1) * dilation[d] + 1
    list[#list + 1] = pads[2 * d - 1]
    list[#list + 1] = need - batch:size(d + 2) - pads[2 * d - 1]
  end
  local parts <const> = {}
  batch = ops.pad(batch, list, "constant", outside)
  window.each_tap(k, function(i, at)
    parts[i] = window.under_tap(batch, at, out, stride, dilation)
  end)
  return parts
end

local function max_by_taps(x, size, k, stride, pads, dilation)
  local best
  local taps <const> = taps_of(x, window.spatial(size, #k), k, stride, pads, dilation, -math.huge)
  for _, part in ipairs(taps) do
    best = best and ops.maximum(best, part) or part
  end
  return best:reshape(size)
end

local MAX <const> = "size: ints, kernel_size: ints, stride: ints, padding: ints, dilation: ints"

local function max_grad(g, _, x, _, ...) return ops.max_pool_backward(g, x, ...) end

op "max_pool" {
  method = false,
  doc = "Max pooling with a result of shape `size`; padding as pairs. What max_pool1d to "
    .. "max_pool3d do.",
  args = "input: float, " .. MAX,
  saves = "input",
  run = function(x, size, ...)
    check_shapes("max_pool", x.shape, size, ...)
    local y = core.picture(size, x)
    kernel.max_pool(y, x, ...)
    return y
  end,
  ref = max_by_taps,
  grad = { input = max_grad },
  sample = { { { 2, 3, 6 }, S.list { 2, 3, 3 }, S.list { 2 }, S.list { 2 }, S.list { 0, 0 },
    S.list { 1 } } },
}

op "max_pool_with_indices" {
  method = false, outputs = 2,
  doc = "max_pool with the indices of the maxima in each plane, from 1.",
  args = "input: float, " .. MAX,
  saves = "input",
  run = function(x, size, ...)
    check_shapes("max_pool_with_indices", x.shape, size, ...)
    local y, index = core.empty(size, x.dtype, x), core.empty(size, "int64", x)
    kernel.max_pool_with_indices(y, index, x, ...)
    return y, index
  end,
  grad = { input = max_grad },
  sample = {
    { { 2, 5, 4 }, S.list { 2, 3, 2 }, S.list { 3, 2 }, S.list { 2, 2 }, S.list { 1, 1, 0, 0 },
      S.list { 1, 1 } },
  },
}

-- What g holds at the maxima of x: the adjoint of max_pool_backward.
local function at_maxima(g, _, small, x, ...)
  local _, index = ops.max_pool_with_indices(x, small.shape, ...)
  local first <const> = x.ndim - #(...) + 1
  return ops.gather(ops.flatten(g, first), first, ops.flatten(index, first)):reshape(small.shape)
end

op "max_pool_backward" {
  method = false,
  doc = "The gradient of max_pool: each element of `grad` goes to the maximum of its window of "
    .. "`input`.",
  args = "grad: float, input: float, kernel_size: ints, stride: ints, padding: ints, "
    .. "dilation: ints",
  saves = "input",
  run = function(g, x, ...)
    check_shapes("max_pool_backward", x.shape, g.shape, ...)
    local y = core.empty(x, g.dtype, g)
    kernel.max_pool_backward(y, g, x, ...)
    return y
  end,
  ref = function(g, x, ...)
    local rest <const> = table.pack(...)
    local leaf <const> = x:detach():requires_grad_()
    local autograd <const> = require "tocha.autograd"
    local _ <close> = autograd.enable_grad()
    local y = max_by_taps(leaf, g.shape, table.unpack(rest))
    return autograd.grad({ y }, { leaf }, { grad_outputs = { g:detach() } })[1]
  end,
  grad = { grad = at_maxima },
  sample = {
    { { 2, 3, 2 }, { 2, 5, 4 }, S.list { 3, 2 }, S.list { 2, 2 }, S.list { 1, 1, 0, 0 },
      S.list { 1, 1 } },
    { { 2, 3, 3 }, { 2, 3, 7 }, S.list { 3 }, S.list { 2 }, S.list { 0, 0 }, S.list { 1 } },
  },
}

-- The number of elements that an average divides by, a tensor of the spatial shape of the result.
local function counts(x, out, k, stride, pads, include_pad, divisor)
  local size <const>, ones <const> = { 1, 1 }, {}
  for d = 1, #k do size[d + 2], ones[d] = x:size(x.ndim - #k + d), 1 end
  local one = ops.ones(size, { dtype = x.dtype, device = x.device })
  if divisor > 0 then return divisor end
  if include_pad then
    local list <const> = {}
    for d = #k, 1, -1 do
      list[#list + 1], list[#list + 2] = pads[2 * d - 1], pads[2 * d]
    end
    one = ops.pad(one, list, "constant", 1)
    pads = window.pairs_of(rule.list(0, #k))
  end
  local sum = 0
  for _, part in ipairs(taps_of(one, out, k, stride, pads, ones, 0)) do sum = part + sum end
  return sum
end

local function average_by_taps(x, size, k, stride, pads, include_pad, divisor)
  local out <const>, ones <const> = window.spatial(size, #k), rule.list(1, #k)
  local sum = 0
  for _, part in ipairs(taps_of(x, out, k, stride, pads, ones, 0)) do sum = part + sum end
  return (sum / counts(x, out, k, stride, pads, include_pad, divisor)):reshape(size)
end

local AVERAGE <const> = "size: ints, kernel_size: ints, stride: ints, padding: ints, "
  .. "count_include_pad: bool, divisor_override: int"

local function check_average(name, large, small, k, stride, pads)
  check_shapes(name, large, small, k, stride, pads, rule.list(1, #k))
end

op "avg_pool" {
  method = false,
  doc = "Average pooling with a result of shape `size`; padding as pairs, divisor 0 for none.",
  args = "input: float, " .. AVERAGE,
  saves = "",
  run = function(x, size, ...)
    check_average("avg_pool", x.shape, size, ...)
    local y = core.picture(size, x)
    kernel.avg_pool(y, x, ...)
    return y
  end,
  ref = average_by_taps,
  grad = { input = function(g, _, x, _, ...) return ops.avg_pool_backward(g, x.shape, ...) end },
  sample = { { { 2, 3, 6 }, S.list { 2, 3, 3 }, S.list { 2 }, S.list { 2 }, S.list { 0, 0 }, true,
    0 } },
}

op "avg_pool_backward" {
  method = false,
  doc = "The gradient of avg_pool with respect to its input of shape `size`.",
  args = "grad: float, " .. AVERAGE,
  saves = "",
  run = function(g, size, ...)
    check_average("avg_pool_backward", size, g.shape, ...)
    local x = core.picture(size, g)
    kernel.avg_pool_backward(x, g, ...)
    return x
  end,
  ref = function(g, size, ...)
    local rest <const> = table.pack(...)
    return window.adjoint(function(x)
      return average_by_taps(x, g.shape, table.unpack(rest))
    end, size, g)
  end,
  grad = { grad = function(gg, _, g, _, ...) return ops.avg_pool(gg, g.shape, ...) end },
  sample = {
    { { 2, 3, 3 }, S.list { 2, 5, 6 }, S.list { 3, 2 }, S.list { 2, 2 }, S.list { 1, 1, 0, 0 },
      false, 0 },
  },
}

-- ---- arguments ----------------------------------------------------------------------------------

-- Shape of the result, and kernel, stride, pads, dilation in the kernels' form. PyTorch's order of
-- arguments: 2 kernel_size, 3 stride, 4 padding, 5 dilation.
local function geometry(name, n, x, size, stride, padding, ceil, dilation)
  local c <const>, shape <const>, result <const> = window.channel(name, x, n), x.shape, x.shape
  size = window.list(name, 2, size, n, 1)
  stride = stride and window.list(name, 3, stride, n, 1) or size
  padding = window.list(name, 4, padding, n, 0)
  dilation = window.list(name, 5, dilation or 1, n, 1)
  for d = 1, n do
    local span <const> = dilation[d] * (size[d] - 1) + 1
    if 2 * padding[d] > span then
      core.fail(name, 4, "must be at most half of the window (%d), got %d", span, padding[d])
    end
    result[c + d] = window.count(shape[c + d], size[d], stride[d], padding[d], padding[d],
      dilation[d], ceil)
    if not result[c + d] or result[c + d] < 1 then
      core.fail(name, 2, "the window covers %d elements, the padded input has %d (input is %s)",
        span,
        shape[c + d] + 2 * padding[d], text(shape))
    end
  end
  return result, size, stride, window.pairs_of(padding), dilation
end

-- ---- max and average ----------------------------------------------------------------------------

local function max_op(n, sample)
  local name <const> = "max_pool" .. n .. "d"
  op(name) {
    doc = "Largest elements of windows " .. window.over(n)
      .. "; with `return_indices` also where they are in their plane, from 1.",
    args = "input: float, kernel_size: ints, stride: ints?, padding: ints = 0, dilation: ints = 1, "
      .. "ceil_mode: bool = false, return_indices: bool = false",
    ref = function(x, size, stride, padding, dilation, ceil, indices)
      local f <const> = indices and ops.max_pool_with_indices or ops.max_pool
      return f(x, geometry(name, n, x, size, stride, padding, ceil, dilation))
    end,
    sample = sample,
  }
end

max_op(1, { { { 2, 3, 8 }, 2 }, { { 3, 7 }, 3, 2, 1, 1, true }, { { 1, 2, 9 }, 3, 1, 1, 2 } })
max_op(2, { { { 2, 3, 6, 6 }, 2 }, { { 2, 2, 7, 5 }, S.list { 3, 2 }, 2, 1, 1, true },
  { { 2, 6, 6 }, 3, 1, 0, 2 } })
max_op(3, { { { 1, 2, 4, 4, 4 }, 2 }, { { 2, 3, 4, 5 }, S.list { 2, 3, 2 }, 1,
  S.list { 1, 1, 0 } } })

local function average_op(n, sample)
  local name <const> = "avg_pool" .. n .. "d"
  op(name) {
    doc = "Means of windows " .. window.over(n) .. "; padding counts as zeros unless "
      .. "`count_include_pad` is false.",
    args = "input: float, kernel_size: ints, stride: ints?, padding: ints = 0, "
      .. "ceil_mode: bool = false, "
      .. "count_include_pad: bool = true" .. (n > 1 and ", divisor_override: int?" or ""),
    ref = function(x, size, stride, padding, ceil, include_pad, divisor)
      if divisor and divisor < 1 then core.fail(name, 7, "must be at least 1, got %d", divisor) end
      local result, k, s, p = geometry(name, n, x, size, stride, padding, ceil)
      return ops.avg_pool(x, result, k, s, p, include_pad, divisor or 0)
    end,
    sample = sample,
  }
end

average_op(1, { { { 2, 3, 8 }, 2 }, { { 3, 7 }, 3, 2, 1, true, false } })
average_op(2, {
  { { 2, 3, 6, 6 }, 2 }, { { 2, 2, 7, 5 }, S.list { 3, 2 }, 2, 1, true },
  { { 2, 5, 5 }, 3, 1, 1, false, true, 5 },
})
average_op(3, { { { 1, 2, 4, 4, 4 }, 2 }, { { 2, 3, 4, 5 }, S.list { 2, 3, 2 }, 1,
  S.list { 1, 1, 0 }, false, false } })

local function lp_op(n, sample)
  op("lp_pool" .. n .. "d") {
    doc = "The `norm_type`-norm of windows " .. window.over(n) .. ".",
    args = "input: float, norm_type: number, kernel_size: ints, stride: ints?, "
      .. "ceil_mode: bool = false",
    ref = function(x, p, size, stride, ceil)
      local k <const> = window.list("lp_pool" .. n .. "d", 3, size, n, 1)
      local mean = ops["avg_pool" .. n .. "d"](ops.pow(x, p), k, stride, 0, ceil)
      return ops.pow(ops.sign(mean) * ops.relu(ops.abs(mean)) * rule.product(k), 1 / p)
    end,
    sample = sample,
  }
end

lp_op(1, { { S.positive { 2, 3, 8 }, 2, 2 } })
lp_op(2, { { S.positive { 2, 6, 5 }, 3, S.list { 3, 2 }, 1 } })
lp_op(3, { { S.positive { 1, 2, 4, 4, 4 }, 2, 2 } })
