-- Sorting, counting and unique on CUDA against the CPU: lines of 0 to 10000 keys (in shared memory
-- and by digits), ties, NaN, infinities, both zeros, the extremes of int64.

local tocha = require "tocha"
local ops = require("tocha.op").ops
local device = require "spec.cuda_support"

local describe_cuda <const> = device.suite(describe, pending)
local agrees <const> = device.assert_agrees

local LENGTHS <const> = { 0, 1, 3, 32, 33, 100, 1024, 1025, 2048, 5000, 10000 }
local DTYPES <const> = { "int8", "int64", "float16", "bfloat16", "float32", "float64" }

-- Few distinct values, so that most are tied; in floating dtypes with all that is special.
local function keys(sizes, dtype)
  tocha.manual_seed(3)
  local x <const> = tocha.randint(-20, 20, sizes)
  if not dtype:match "float" then return x:to(dtype) end
  local y <const> = x:to "float64" / 3
  for value, special in pairs { [-20] = 0 / 0, [-19] = 1 / 0, [-18] = -1 / 0, [-17] = -0.0 } do
    y:masked_fill_(x:eq(value), special)
  end
  return y:to(dtype)
end

-- Words of all 64 bits, and the extremes.
local function words(sizes)
  tocha.manual_seed(4)
  local x <const> = tocha.randint(math.mininteger, math.maxinteger, sizes)
  if x:numel() > 2 then
    x:view { -1 }[1] = math.maxinteger
    x:view { -1 }[3] = math.mininteger
  end
  return x
end

local function each_line(f)
  for _, dtype in ipairs(DTYPES) do
    for _, n in ipairs(LENGTHS) do
      f(keys({ 2, n }, dtype), ("%s, %d keys"):format(dtype, n))
    end
  end
end

describe_cuda("on CUDA, lines of any length", function()
  it("are sorted, stably, both ways", function()
    each_line(function(x, where)
      agrees(function(v) return ops.sort(v, 2) end, { x }, 0, 0, where)
      agrees(function(v) return ops.sort(v, 2, true) end, { x }, 0, 0, where)
    end)
  end)

  it("are sorted along any dimension", function()
    for _, n in ipairs { 0, 1, 5, 40, 1100 } do
      agrees(function(v) return ops.sort(v, 2) end, { keys({ 3, n, 5 }, "float32") }, 0, 0)
      agrees(function(v) return ops.sort(v, 1, true) end, { keys({ n, 7 }, "float64") }, 0, 0)
    end
    agrees(function(v) return ops.sort(v, 2) end, { keys({ 3000, 3 }, "float32") }, 0, 0)
  end)

  it("of int64 are sorted by all 64 bits", function()
    for _, n in ipairs(LENGTHS) do
      agrees(function(v) return ops.sort(v, 1) end, { words { n } }, 0, 0)
      agrees(function(v) return ops.sort(v, 1, true) end, { words { n } }, 0, 0)
    end
  end)

  it("give their largest and smallest, in order or as they stand", function()
    each_line(function(x, where)
      for _, k in ipairs { 0, 1, 3, 16, 17, 1025, 4000 } do
        if k <= x:size(2) then
          for _, largest in ipairs { true, false } do
            for _, sorted in ipairs { true, false } do
              agrees(function(v) return ops.topk(v, k, 2, largest, sorted) end, { x }, 0, 0, where)
            end
          end
        end
      end
    end)
  end)

  it("give the k-th value, the median and the mode", function()
    each_line(function(x, where)
      local n <const> = x:size(2)
      if n == 0 then return end
      agrees(function(v) return ops.kthvalue(v, (n + 1) // 2, 2) end, { x }, 0, 0, where)
      agrees(function(v) return ops.median(v, 2) end, { x }, 0, 0, where)
      agrees(function(v) return ops.mode(v, 2) end, { x }, 0, 0, where)
      if x:is_floating_point() then
        agrees(function(v) return ops.nanmedian(v, 2) end, { x }, 0, 0, where)
      end
    end)
  end)

  it("of nothing but NaN have a median and a mode", function()
    local x <const> = tocha.full({ 2, 40 }, 0 / 0)
    agrees(function(v) return ops.median(v, 2) end, { x }, 0, 0)
    agrees(function(v) return ops.nanmedian(v, 2) end, { x }, 0, 0)
    agrees(function(v) return ops.mode(v, 2) end, { x }, 0, 0)
  end)

  it("say where values belong", function()
    for _, dtype in ipairs { "int64", "float32", "float64" } do
      for _, n in ipairs { 1, 33, 5000 } do
        local line <const> = ops.sort(keys({ n }, dtype))
        local lines <const> = ops.sort(keys({ 3, n }, dtype), 2)
        for _, right in ipairs { true, false } do
          local options <const> = { right = right }
          agrees(function(a, v) return ops.searchsorted(a, v, options) end,
            { line, keys({ 70 }, dtype) }, 0, 0)
          agrees(function(a, v) return ops.searchsorted(a, v, options) end,
            { lines, keys({ 3, 30 }, dtype) }, 0, 0)
        end
        local unsorted <const> = keys({ n }, dtype)
        local _, order <const> = ops.sort(unsorted)
        agrees(function(a, v, o) return ops.searchsorted(a, v, { sorter = o }) end,
          { unsorted, keys({ 70 }, dtype), order }, 0, 0)
      end
    end
  end)
end)

describe_cuda("on CUDA, distinct elements", function()
  local options <const> = { return_inverse = true, return_counts = true }

  it("are found with their places and counts", function()
    for _, dtype in ipairs(DTYPES) do
      for _, n in ipairs { 0, 1, 33, 1025, 5000 } do
        agrees(function(v) return ops.unique(v, options) end, { keys({ n }, dtype) }, 0, 0, dtype)
        agrees(function(v) return ops.unique_consecutive(v, options) end, { keys({ n }, dtype) },
          0, 0, dtype)
      end
    end
  end)

  it("may be rows", function()
    local by_rows <const> = { return_inverse = true, return_counts = true, dim = 1 }
    for _, n in ipairs { 1, 2, 33, 1000, 2049 } do
      for _, dtype in ipairs { "int64", "float16", "float32" } do
        local x <const> = (tocha.rand { n, 3 } * 4):floor():to(dtype)
        agrees(function(v) return ops.unique(v, by_rows) end, { x }, 0, 0, dtype)
        agrees(function(v) return ops.unique_consecutive(v, by_rows) end, { x }, 0, 0, dtype)
      end
      agrees(function(v) return ops.unique(v, by_rows) end, { keys({ n, 2 }, "float32") }, 0, 0)
    end
  end)
end)

describe_cuda("on CUDA, counts", function()
  it("of ids are exact, in a few bins and in many", function()
    for _, n in ipairs { 0, 1, 33, 5000, 20000 } do
      for _, bins in ipairs { 1, 100, 5000 } do
        agrees(function(v) return ops.bincount(v, nil, bins) end, { tocha.randint(1, bins, { n }) },
          0, 0)
      end
    end
  end)

  it("may be weighted", function()
    for _, dtype in ipairs { "float32", "float64" } do
      for _, n in ipairs { 0, 1, 33, 5000, 20000 } do
        agrees(function(v, w) return ops.bincount(v, w, 30) end,
          { tocha.randint(1, 30, { n }), tocha.rand({ n }, { dtype = dtype }) }, 1e-5, 1e-6)
      end
    end
  end)

  it("of values fall into equal bins", function()
    for _, dtype in ipairs { "float16", "float32", "float64" } do
      for _, bins in ipairs { 1, 10, 5000 } do
        agrees(function(v) return ops.histc(v, bins, -5, 5) end, { keys({ 20000 }, dtype) }, 0, 0)
      end
    end
  end)
end)
