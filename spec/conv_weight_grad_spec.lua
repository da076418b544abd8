-- The gradient of a convolution's weight by direct sums, against the reference in float64: outputs
-- as lanes and dot products, rests of rows, of factors and of lanes, strides, groups, slices.

local tocha = require "tocha"
local registry = require "tocha.op"

local grad <const>, reference <const> = registry.ops.conv_weight_grad,
  registry.decl.conv_weight_grad.ref

-- images, channels, outputs, height, width, kernel (2), stride (2), padding (2), dilation, groups
local cases <const> = {
  { 2, 3, 6, 9, 11, 3, 3, 1, 1, 1, 1, 1, 1 }, { 5, 1, 6, 28, 28, 5, 5, 1, 1, 2, 2, 1, 1 },
  { 4, 6, 16, 14, 14, 5, 5, 1, 1, 0, 0, 1, 1 }, { 3, 16, 20, 9, 9, 3, 3, 2, 2, 1, 1, 1, 1 },
  { 2, 40, 36, 7, 6, 1, 1, 2, 2, 0, 0, 1, 1 }, { 2, 12, 24, 8, 9, 3, 2, 1, 2, 1, 0, 2, 2 },
  { 70, 8, 33, 4, 4, 3, 3, 1, 1, 1, 1, 1, 1 }, { 1, 3, 40, 40, 41, 7, 7, 2, 2, 3, 3, 1, 1 },
  { 2, 8, 8, 6, 6, 3, 3, 1, 1, 1, 1, 1, 8 }, { 3, 8, 32, 6, 6, 3, 3, 1, 1, 1, 1, 1, 8 },
}

local function error_of(got, want)
  return ((got:double() - want):abs():max() / want:abs():max()):item()
end

describe("the gradient of a convolution's weight", function()
  local threads <const> = tocha.get_num_threads()
  before_each(function()
    tocha.manual_seed(7)
    tocha.set_winograd(false)
  end)
  after_each(function()
    tocha.set_num_threads(threads)
    tocha.set_winograd(true)
  end)

  for _, c in ipairs(cases) do
    it("sums over the pixels: " .. table.concat(c, " "), function()
      local n, channels, outputs, height, width, kh, kw, sy, sx, py, px, d, groups =
        table.unpack(c)
      local x = tocha.randn(n, channels, height, width)
      local size <const> = { outputs, channels // groups, kh, kw }
      local y = tocha.conv2d(x, tocha.zeros(size), nil, { sy, sx }, { py, px }, d, groups)
      local g = tocha.randn(y.shape)
      local rest <const> = { size, { sy, sx }, { py, py, px, px }, { d, d }, groups }
      local want = reference(x:double(), g:double(), table.unpack(rest))
      tocha.set_num_threads(1)
      local got = grad(x, g, table.unpack(rest))
      assert.is_true(error_of(got, want) < 2e-6)
      assert.is_true(error_of(grad(x:double(), g:double(), table.unpack(rest)), want) < 1e-14)
      tocha.set_num_threads(3)
      assert.is_true(tocha.equal(grad(x, g, table.unpack(rest)), got))
    end)
  end
end)
