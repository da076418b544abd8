-- Pooling, patches and resampling on the CUDA device against the CPU: borders, ties, NaN, strides
-- that skip, planes of several blocks, tables in any order.

local tocha = require "tocha"
local device = require "spec.cuda_support"
local support = require "spec.support"

local describe_cuda <const> = device.suite(describe, pending)
local ops <const> = require "tocha.op".ops
local DTYPES <const> = { float64 = 1e-12, float32 = 1e-5, float16 = 1e-2, bfloat16 = 5e-2 }

local function random(shape, dtype)
  tocha.manual_seed(2)
  return tocha.randn(shape, { dtype = "float64" }):to(dtype):requires_grad_()
end

local function check(f, shape, dtype)
  device.assert_same(f, table.pack(random(shape, dtype)), DTYPES[dtype])
end

describe_cuda("pooling on CUDA, as on the CPU:", function()
  for dtype in pairs(DTYPES) do
    it(dtype .. ", maxima", function()
      check(function(x) return tocha.max_pool2d(x, 2) end, { 2, 3, 17, 20 }, dtype)
      check(function(x) return tocha.max_pool2d(x, 3, 2, 1) end, { 2, 3, 17, 20 }, dtype)
      check(function(x) return tocha.max_pool2d(x, { 3, 2 }, { 1, 2 }, 1, 2) end, { 3, 9, 11 },
        dtype)
      check(function(x) return tocha.max_pool1d(x, 4, 5) end, { 2, 3, 70 }, dtype)
      check(function(x) return tocha.max_pool3d(x, 2, 1, 1) end, { 2, 2, 4, 3, 5 }, dtype)
      check(function(x) return tocha.max_pool2d(x, 2, 2, 0, 1, true, true) end, { 1, 2, 7, 9 },
        dtype)
    end)
    it(dtype .. ", averages", function()
      check(function(x) return tocha.avg_pool2d(x, 2) end, { 2, 3, 16, 21 }, dtype)
      check(function(x) return tocha.avg_pool2d(x, 3, 2, 1) end, { 2, 3, 16, 21 }, dtype)
      check(function(x) return tocha.avg_pool2d(x, 3, 2, 1, true, false) end, { 2, 8, 9 }, dtype)
      check(function(x) return tocha.avg_pool1d(x, 3, 5, 1, true) end, { 2, 3, 34 }, dtype)
      check(function(x) return tocha.avg_pool3d(x, 2, 1, 0, false, true, 5) end, { 1, 2, 4, 3, 5 },
        dtype)
      check(function(x) return tocha.avg_pool2d(x, 12) end, { 2, 3, 12, 12 }, dtype)
    end)
  end

  it("NaN, ties, windows of minus infinity, nothing", function()
    local x <const> = tocha.zeros(2, 6, 6)
    x[1][2][3], x[1][3][3], x[2][1][1], x[2][5][5] = 0 / 0, 0 / 0, 1, -1 / 0
    x[2][{ 3, 4 }] = -1 / 0
    for _, pad in ipairs { 0, 1 } do
      device.assert_same(function(a) return tocha.max_pool2d(a, 2, 2, pad, 1, false, true) end,
        table.pack(x:clone():requires_grad_()), 1e-6)
      device.assert_same(function(a) return tocha.max_pool2d(a, 3, 1, pad, 1, false, true) end,
        table.pack(x:clone():requires_grad_()), 1e-6)
    end
    check(function(a) return tocha.max_pool2d(a, 2) end, { 0, 2, 4, 4 }, "float32")
    check(function(a) return tocha.avg_pool2d(a, 2) end, { 0, 2, 4, 4 }, "float32")
  end)
end)

describe_cuda("patches on CUDA, as on the CPU:", function()
  for dtype in pairs(DTYPES) do
    it(dtype, function()
      check(function(x) return tocha.im2col(x, { 3, 2 }, 1, 1, 2) end, { 2, 3, 9, 10 }, dtype)
      check(function(x) return tocha.im2col(x, 2, { 2, 3 }, { 0, 2 }, 1) end, { 2, 11, 12 }, dtype)
      check(function(x) return tocha.fold(x, { 9, 10 }, { 3, 2 }, 1, 1, 2) end, { 2, 18, 30 },
        dtype)
      check(function(x) return tocha.fold(x, 9, 2, 2, 1, 3) end, { 12, 9 }, dtype)
    end)
  end
end)

describe_cuda("resampling on CUDA, as on the CPU:", function()
  for dtype in pairs(DTYPES) do
    it(dtype, function()
      for _, mode in ipairs { "nearest", "bilinear", "bicubic", "area" } do
        for _, size in ipairs { { 9, 31 }, { 5, 4 } } do
          check(function(x) return tocha.interpolate(x, size, nil, mode) end, { 2, 3, 7, 19 },
            dtype)
        end
      end
    end)
  end

  it("by tables in any order, along any dimension", function()
    local index <const> = tocha.tensor { { 4, 1 }, { 4, 4 }, { 1, 2 }, { 3, 1 }, { 1, 1 } }
    local weight <const> = tocha.randn({ 5, 2 }, { dtype = "float64" })
    for dim = 1, 3 do
      local shape <const> = { 5, 3, 6 }
      shape[dim] = 4
      device.assert_same(function(x, i, w) return ops.resample(x, i, w, dim) end,
        table.pack(random(shape, "float64"), index, weight), 1e-12)
    end
  end)

  it("refuses an index outside", function()
    local x <const> = tocha.randn(3, 4):to "cuda"
    local weight <const> = tocha.ones(1, 2):to "cuda"
    for _, bad in ipairs { 0, 5 } do
      support.fails("index out of range", function()
        return ops.resample(x, tocha.tensor { { 1, bad } }:to "cuda", weight, 2):to "cpu"
      end)
    end
  end)
end)
