-- Convolution on the CUDA device: shapes that fill tiles, leave rests of them, take several blocks
-- and parts of the depth, against the CPU. The device is the emulated one, so the own kernels run.

local tocha = require "tocha"
local device = require "spec.cuda_support"

local describe_cuda <const> = device.suite(describe, pending)
local TOLERANCE <const> = { float64 = 1e-10, float32 = 1e-4, float16 = 1e-2, bfloat16 = 8e-2 }

-- Of unit size, so that one tolerance serves all.
local function random(shape, dtype)
  local n <const> = math.max(1, tocha.zeros(shape):numel()) / math.max(1, shape[1])
  return (tocha.randn(shape, { dtype = "float64" }) / n ^ 0.5):to(dtype):requires_grad_()
end

local function check(f, shapes, dtype, ...)
  tocha.manual_seed(4)
  local args <const> = { n = #shapes }
  for k, shape in ipairs(shapes) do args[k] = random(shape, dtype) end
  local rest <const> = table.pack(...)
  device.assert_same(function(...)
    local given <const> = table.pack(...)
    for k = 1, rest.n do given[#shapes + k] = rest[k] end
    return f(table.unpack(given, 1, #shapes + rest.n))
  end, args, TOLERANCE[dtype])
end

-- shapes of input, weight, bias, then stride, padding, dilation, groups
local CASES <const> = {
  { "a whole tile", { 1, 4, 8, 8 }, { 64, 4, 1, 1 }, { 64 } },
  { "rests of rows, columns and depth", { 3, 5, 9, 7 }, { 67, 5, 3, 3 }, { 67 }, 1, 1 },
  { "several tiles", { 2, 9, 10, 13 }, { 130, 9, 2, 3 }, { 130 } },
  { "strides", { 2, 3, 11, 12 }, { 9, 3, 3, 4 }, { 9 }, { 2, 3 }, { 1, 2 } },
  { "a dilated window", { 2, 3, 12, 9 }, { 8, 3, 3, 2 }, { 8 }, { 2, 1 }, 2, { 2, 3 } },
  { "unequal padding", { 2, 2, 6, 5 }, { 10, 2, 3, 3 }, { 10 }, 1, { 2, 0, 0, 1 } },
  { "groups", { 2, 6, 7, 7 }, { 27, 2, 3, 3 }, { 27 }, 1, 1, 1, 3 },
  { "thin groups", { 2, 6, 9, 7 }, { 6, 2, 3, 3 }, { 6 }, 2, 1, 1, 3 },
  { "depthwise", { 2, 5, 9, 11 }, { 10, 1, 3, 3 }, { 10 }, 1, 1, 1, 5 },
  { "a long depth for the weight", { 4, 2, 17, 19 }, { 8, 2, 3, 3 }, { 8 }, 1, 1 },
  { "one image without a batch", { 3, 9, 8 }, { 9, 3, 3, 3 }, { 9 }, 1, 1 },
  { "one dimension", { 2, 3, 150 }, { 12, 3, 5 }, { 12 }, 2, 3 },
  { "three dimensions", { 2, 3, 4, 5, 6 }, { 9, 3, 2, 3, 2 }, { 9 }, { 1, 2, 1 }, 1 },
}

describe_cuda("convolution on CUDA, as on the CPU:", function()
  for dtype in pairs(TOLERANCE) do
    for _, case in ipairs(CASES) do
      it(dtype .. ", " .. case[1], function()
        local conv <const> = tocha["conv" .. #case[3] - 2 .. "d"]
        check(conv, { case[2], case[3], case[4] }, dtype, table.unpack(case, 5, 8))
      end)
    end
  end

  it("transposed", function()
    check(tocha.conv_transpose2d, { { 2, 9, 5, 6 }, { 9, 11, 3, 3 }, { 11 } }, "float64", 2, 1, 1)
    check(tocha.conv_transpose2d, { { 2, 6, 5, 6 }, { 6, 1, 3, 2 }, { 3 } }, "float64", 1, 0, 0, 3)
    check(tocha.conv_transpose1d, { { 2, 3, 30 }, { 3, 17, 4 }, { 17 } }, "float32", 3, 1)
  end)

  it("nothing", function()
    check(tocha.conv2d, { { 0, 3, 5, 5 }, { 9, 3, 3, 3 }, { 9 } }, "float32", 1, 1)
  end)

  it("with what follows it, NaN and infinity where they belong", function()
    local fused <const> = require "tocha.op".ops.conv_fused
    for _, outputs in ipairs { 3, 18 } do
      tocha.manual_seed(1)
      local x <const> = tocha.randn(2, 3, 6, 7)
      x[1][1][2][2], x[2][3][6][7], x[2][1][1][1] = 0 / 0, 1 / 0, -1 / 0
      local args <const> = table.pack(x, tocha.randn(outputs, 3, 3, 3), tocha.randn(outputs),
        tocha.randn(2, outputs, 6, 7))
      device.assert_same(function(a, w, b, r)
        return fused(a, w, b, r, 1, 1, 1, 1, -0.5, 2), fused(a, w, b, r, 1, 1, 1, 1, 0)
      end, args, 1e-4)
    end
  end)
end)
