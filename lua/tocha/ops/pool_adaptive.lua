-- Adaptive pooling in one to three dimensions, and the inverse of max pooling.
--
-- Windows that divide the input evenly are ordinary pooling; others are means by a table of
-- weights, or maxima over gathered elements.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local window = require "tocha.window"

local text <const> = rule.text

-- ---- adaptive -----------------------------------------------------------------------------------

-- Spatial sizes of the result; -1 keeps the input's. `even`: does each divide the input's?
local function adaptive_sizes(name, n, x, size)
  local c <const> = window.channel(name, x, n)
  local out <const>, even = {}, true
  for d, v in ipairs(window.list(name, 2, size, n, -1)) do
    out[d] = v == -1 and x:size(c + d) or v
    if x:size(c + d) == 0 and out[d] > 0 then
      core.fail(name, 1, "dimension %d has size 0 (input is %s)", c + d, text(x.shape))
    end
    even = even and out[d] > 0 and x:size(c + d) % out[d] == 0
  end
  window.check_room(x, c + 1, out)
  return out, even, c
end

-- The windows [first, last] of `count` results over `size` elements, from 1.
local function adaptive_windows(size, count)
  local list <const>, most = {}, 0
  for o = 0, count - 1 do
    local first, last = o * size // count + 1, -(-(o + 1) * size // count)
    list[o + 1], most = { first, last }, math.max(most, last - first + 1)
  end
  return list, most
end

-- Windows of equal size are pooling by another name.
local function even_windows(x, out, c)
  local result <const>, size <const> = x.shape, {}
  for d, v in ipairs(out) do
    result[c + d], size[d] = v, x:size(c + d) // v
  end
  return result, size, size, window.pairs_of(rule.list(0, #out)), rule.list(1, #out)
end

-- Indices and weights of means, for ops.resample.
local function mean_table(size, count)
  local windows, most = adaptive_windows(size, count)
  return window.table_of(count, most, function(o)
    local first, last = windows[o][1], windows[o][2]
    return first, last - first + 1, function() return 1 / (last - first + 1) end
  end)
end

local function adaptive_mean(x, out, c)
  for d, v in ipairs(out) do
    if v ~= x:size(c + d) then
      local index, weight = window.tensors(mean_table(x:size(c + d), v), v, x)
      x = ops.resample(x, index, weight, c + d)
    end
  end
  return x
end

-- Indices (count * most) of the elements of each window, the last repeated where it is short.
local function window_indices(size, count)
  local windows, most = adaptive_windows(size, count)
  local list <const> = {}
  for _, w in ipairs(windows) do
    for j = 0, most - 1 do list[#list + 1] = math.min(w[1] + j, w[2]) end
  end
  return list, most
end

-- Every element of every window: (..., out..., taps), one dimension after the other.
local function adaptive_taps(x, out, c)
  local n <const>, sizes <const> = #out, table.move(x.shape, 1, c, 1, {})
  local order <const>, taps <const> = {}, {}
  for d, v in ipairs(out) do
    local list, most = window_indices(x:size(c + d), v)
    x = ops.index_select(x, c + d, core.from_table(list, "int64"):to(x.device))
    sizes[#sizes + 1], sizes[#sizes + 2] = v, most
    order[d], taps[d] = c + 2 * d - 1, c + 2 * d
  end
  x = x:reshape(sizes)
  local dims <const> = {}
  for d = 1, c do dims[d] = d end
  table.move(order, 1, n, c + 1, dims)
  table.move(taps, 1, n, c + n + 1, dims)
  return ops.flatten(x:permute(dims), c + n + 1)
end

-- The number of each element in its plane, like x.
local function plane_numbers(x, c)
  local size <const>, count = {}, 1
  for d = 1, x.ndim do
    size[d] = d > c and x:size(d) or 1
    count = count * size[d]
  end
  return ops.arange(1, count):to(x.device):reshape(size):expand(x.shape)
end

local function adaptive_op(kind, n, doc, more, run, sample)
  local name <const> = ("adaptive_%s_pool%dd"):format(kind, n)
  op(name) {
    doc = doc .. window.over(n) .. ", with `output_size` results; -1 keeps a size.",
    args = "input: float, output_size: ints" .. more,
    ref = function(x, size, ...)
      local out, even, c = adaptive_sizes(name, n, x, size)
      return run(x, out, even, c, ...)
    end,
    sample = sample,
  }
end

local function adaptive_average(x, out, even, c)
  if not even then return adaptive_mean(x, out, c) end
  local result, k, s, p = even_windows(x, out, c)
  return ops.avg_pool(x, result, k, s, p, true, 0)
end

local function adaptive_max(x, out, even, c, indices)
  if even then
    return (indices and ops.max_pool_with_indices or ops.max_pool)(x, even_windows(x, out, c))
  end
  local y, at = ops.max(adaptive_taps(x, out, c), -1)
  if not indices then return y end
  local numbers = adaptive_taps(plane_numbers(x, c), out, c)
  return y, ops.squeeze(ops.gather(numbers, -1, ops.unsqueeze(at, -1)), -1)
end

local ADAPTIVE <const> = {
  { { { 2, 3, 8 }, 4 }, { { 3, 7 }, 3 } },
  { { { 2, 3, 6, 6 }, 1 }, { { 2, 7, 5 }, S.list { 3, 2 } }, { { 1, 2, 4, 6 }, S.list { -1, 3 } } },
  { { { 1, 2, 4, 4, 4 }, 2 }, { { 2, 3, 4, 5 }, S.list { 2, 3, 2 } } },
}

for n = 1, 3 do
  adaptive_op("avg", n, "Means of windows ", "", adaptive_average, ADAPTIVE[n])
  adaptive_op("max", n, "Largest elements of windows ", ", return_indices: bool = false",
    adaptive_max, ADAPTIVE[n])
end

-- ---- the inverse of max pooling -----------------------------------------------------------------

local function unpool_shape(name, n, x, size, stride, padding, output_size)
  local c <const>, result <const> = window.channel(name, x, n), x.shape
  size = window.list(name, 3, size, n, 1)
  stride = stride and window.list(name, 4, stride, n, 1) or size
  padding = window.list(name, 5, padding, n, 0)
  for d = 1, n do
    result[c + d] = (x:size(c + d) - 1) * stride[d] - 2 * padding[d] + size[d]
  end
  if output_size then
    table.move(window.spatial(window.list(name, 6, output_size, math.max(n, #output_size), 1), n),
      1, n, c + 1, result)
  end
  return result, c
end

local function unpool_op(n, sample)
  local name <const> = "max_unpool" .. n .. "d"
  op(name) {
    doc = "Zeros with the elements of `input` where max pooling " .. window.over(n)
      .. " found them.",
    args = "input: float, indices: index, kernel_size: ints, stride: ints?, padding: ints = 0, "
      .. "output_size: ints?",
    ref = function(x, index, ...)
      local result, c = unpool_shape(name, n, x, ...)
      if text(x.shape) ~= text(index.shape) then
        core.fail(name, 2, "expected the shape of the input %s, got %s", text(x.shape),
          text(index.shape))
      end
      local flat <const> = table.move(result, 1, c, 1, {})
      flat[c + 1] = rule.product(result, c + 1)
      local zeros = ops.zeros(flat, { dtype = x.dtype, device = x.device })
      return ops.scatter(zeros, c + 1, ops.flatten(index, c + 1),
        ops.flatten(x, c + 1)):reshape(result)
    end,
    sample = sample,
  }
end

unpool_op(1, { { { 1, 2, 2 }, S.value { { { 2, 3 }, { 1, 4 } } }, 2 } })
unpool_op(2, { { { 1, 2, 1 }, S.value { { { 2 }, { 7 } } }, 2 } })
unpool_op(3, { { { 1, 1, 2, 1 }, S.value { { { { 2 }, { 8 } } } }, 2, 2, 0, S.list { 2, 4, 2 } } })
