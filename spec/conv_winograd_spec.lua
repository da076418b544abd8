-- Convolution by Winograd's transforms: against float64, which is summed directly, on shapes that
-- have rests of tiles, of vectors, of panels, of strips and of blocks; threads; the switch.

local tocha = require "tocha"
local support = require "spec.support"

local assert_alike <const> = support.assert_alike

-- Output and both gradients.
local function all_of(x, w, bias, padding, g)
  x, w = x:detach():requires_grad_(), w:detach():requires_grad_()
  local y = tocha.conv2d(x, w, bias, 1, padding)
  y:backward(g)
  return { y:detach(), x.grad, w.grad }
end

local function error_of(got, want)
  got = got:double()
  return ((got - want):abs():max() / want:abs():max()):item()
end

describe("convolution by Winograd's transforms", function()
  local threads <const> = tocha.get_num_threads()
  before_each(function() tocha.manual_seed(5) end)
  after_each(function()
    tocha.set_num_threads(threads)
    tocha.set_winograd(true)
  end)

  -- images, channels, outputs, height, width, padding of rows, of columns
  local cases <const> = {
    { 16, 32, 32, 4, 4, 1, 1 }, { 3, 17, 19, 9, 7, 1, 1 }, { 1, 16, 48, 70, 13, 1, 1 },
    { 2, 20, 64, 66, 9, 0, 2 }, { 1, 300, 20, 16, 16, 1, 1 }, { 18, 16, 16, 3, 3, 1, 1 },
    { 3, 33, 70, 6, 5, 3, 3 }, { 5, 64, 130, 8, 8, 1, 1 }, { 1, 130, 140, 26, 10, 0, 0 },
    { 20, 64, 64, 28, 28, 1, 1 }, { 1, 16, 16, 5, 300, 2, 0 },
  }
  for _, c in ipairs(cases) do
    it("is within 4e-6 of the scale: " .. table.concat(c, " "), function()
      local n, channels, outputs, height, width, rows, columns = table.unpack(c)
      local x, w = tocha.randn(n, channels, height, width), tocha.randn(outputs, channels, 3, 3)
      local bias, padding = tocha.randn(outputs), { rows, columns }
      local g = tocha.randn(n, outputs, height + 2 * rows - 2, width + 2 * columns - 2)
      local want = all_of(x:double(), w:double(), bias:double(), padding, g:double())
      local got = all_of(x, w, bias, padding, g)
      for k = 1, 3 do assert.is_true(error_of(got[k], want[k]) < 4e-6) end
    end)
  end

  it("gives the same bits on any number of threads", function()
    local x, w = tocha.randn(9, 40, 14, 14), tocha.randn(70, 40, 3, 3)
    local g = tocha.randn(9, 70, 14, 14)
    tocha.set_num_threads(1)
    local one = all_of(x, w, nil, 1, g)
    for n = 2, 3 do
      tocha.set_num_threads(n)
      assert_alike(all_of(x, w, nil, 1, g), one)
    end
  end)

  it("spreads an infinity over its tile, unless turned off", function()
    local x, w = tocha.ones(1, 16, 16, 16), tocha.ones(16, 16, 3, 3)
    tocha.no_grad(function() x:select(4, 1):select(3, 1):fill_(math.huge) end)
    local function finite()
      return tocha.conv2d(x, w, nil, 1, 1):select(4, 4):select(3, 4):isfinite():all():item()
    end
    assert.is_true(tocha.get_winograd())
    assert.is_false(finite())
    tocha.set_winograd(false)
    assert.is_false(tocha.get_winograd())
    assert.is_true(finite())
  end)
end)
