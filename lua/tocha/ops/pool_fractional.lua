-- Fractional max pooling: windows whose places are drawn at random, so that the output may be any
-- size below the input's. Graham, "Fractional max-pooling" (2014).

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local window = require "tocha.window"

-- Where each window starts, from 0: (N, C, count) from numbers (N, C) in [0, 1).
local function starts(sample, size, count, kernel)
  local last <const> = ops.full_like(sample, size - kernel):unsqueeze(3)
  if count == 1 then return last end
  local alpha <const> = (size - kernel) / (count - 1)
  local steps <const> = ops.arange(0, count - 2):to(sample.dtype):to(sample.device)
  local u <const> = sample:unsqueeze(3)
  local first <const> = ops.floor((steps + u) * alpha) - ops.floor(u * alpha)
  return ops.cat({ first, last }, 3)
end

-- The elements under each window along one dimension: (N, C, count, kernel), from 0.
local function taps(sample, size, count, kernel)
  local offsets <const> = ops.arange(0, kernel - 1):to(sample.dtype):to(sample.device)
  return starts(sample, size, count, kernel):unsqueeze(4) + offsets
end

-- Indices into planes, (N, C, outputs, taps), from 1. As in PyTorch the first sample is that of the
-- first dimension in three, and that of the last in two.
local function places(samples, size, out, kernel)
  local n <const> = #out
  local index
  for d = 1, n do
    local under <const> = taps(samples:select(3, n == 2 and 3 - d or d), size[d], out[d], kernel[d])
    if not index then index = under
    else  -- outer sums: outputs with outputs, taps with taps
      local N <const>, C <const> = under:size(1), under:size(2)
      index = (index * size[d]):reshape { N, C, index:size(3), 1, index:size(4), 1 }
        + under:reshape { N, C, 1, out[d], 1, kernel[d] }
      index = index:reshape { N, C, index:size(3) * out[d], index:size(5) * kernel[d] }
    end
  end
  return (index + 1):to "int64"
end

local function output_sizes(name, n, size, output_size, ratio)
  if (output_size == nil) == (ratio == nil) then
    core.fail(name, "output_size", "give either output_size or output_ratio")
  end
  if output_size then return window.list(name, 3, output_size, n, 1) end
  local out <const>, ratios <const> = {}, type(ratio) == "table" and ratio or { ratio }
  for d = 1, n do
    local r <const> = ratios[d] or ratios[1]
    if not (r > 0 and r < 1) then
      core.fail(name, "output_ratio", "expected numbers between 0 and 1, got %s", tostring(r))
    end
    out[d] = size[d] * r // 1 | 0
  end
  return out
end

local function check_sizes(name, size, out, kernel)
  for d, count in ipairs(out) do
    if count < 1 or count + kernel[d] - 1 > size[d] then
      core.fail(name, "output_size", "%d windows of %d do not fit into %d", count, kernel[d],
        size[d])
    end
  end
end

local function numbers(name, given, x, n)
  local wanted <const> = { x:size(1), x:size(2), n }
  local dtype <const> = x.dtype == "float64" and "float64" or "float32"  -- places need them exact
  if not given then return ops.rand(wanted, { dtype = dtype, device = x.device }) end
  if rule.text(given.shape) ~= rule.text(wanted) then
    core.fail(name, "_random_samples", "expected %s, got %s", rule.text(wanted),
      rule.text(given.shape))
  end
  return given:detach():to(dtype)
end

local function pool(name, n, x, kernel, output_size, ratio, indices, given)
  local c <const> = window.channel(name, x, n)
  local batch <const> = c == 2 and x or ops.unsqueeze(x, 1)
  local size <const> = window.spatial(x.shape, n)
  kernel = window.list(name, 2, kernel, n, 1)
  local out <const> = output_sizes(name, n, size, output_size, ratio)
  check_sizes(name, size, out, kernel)
  local index <const> = places(numbers(name, given, batch, n), size, out, kernel)
  local shape <const> = table.move(out, 1, n, c + 1, table.move(x.shape, 1, c, 1, {}))
  local flat <const> = ops.flatten(batch, 3)
  local under <const> = ops.gather(flat, 3, ops.flatten(index, 3)):reshape(index.shape)
  local y <const>, at <const> = ops.max(under, 4)
  if not indices then return y:reshape(shape) end
  return y:reshape(shape), ops.gather(index, 4, at:unsqueeze(4)):reshape(shape)
end

local function fractional(n, sample)
  local name <const> = ("fractional_max_pool%dd"):format(n)
  op(name) {
    doc = "Largest elements of windows " .. window.over(n) .. " of the size `kernel_size` at "
      .. "random places, `output_size` of them or `output_ratio` of the input's size; with "
      .. "`return_indices` also where they are in their plane, from 1. `_random_samples`: "
      .. ("(N, C, %d) numbers in [0, 1) that place them."):format(n),
    args = "input: float, kernel_size: ints, output_size: ints?, output_ratio: any?, "
      .. "return_indices: bool = false, _random_samples: float?",
    method = false, constant = "_random_samples",
    ref = function(...) return pool(name, n, ...) end,
    sample = sample,
  }
end

fractional(2, {
  { { 2, 3, 7, 6 }, 2, 3, nil, true, S.prob { 2, 3, 2 } },
  { { 2, 5, 6 }, S.list { 2, 3 }, nil, 0.5, false, S.prob { 1, 2, 2 } },
})
fractional(3, {
  { { 1, 2, 5, 4, 6 }, 2, S.list { 3, 2, 4 }, nil, true, S.prob { 1, 2, 3 } },
})
