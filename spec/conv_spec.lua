-- Convolution: what the derived specs cannot see. Shapes that take every path of the kernels,
-- thread counts, infinities at the border, error texts.

local tocha = require "tocha"
local support = require "spec.support"

local assert_alike <const> = support.assert_alike

-- Elementwise sums written out: y[n, o, i, j] with padding by zeros.
local function reference(x, w, stride, padding)
  local kh <const>, kw <const> = w:size(3), w:size(4)
  local big = tocha.pad(x, { padding, padding, padding, padding })
  local oh = (big:size(3) - kh) // stride + 1
  local ow = (big:size(4) - kw) // stride + 1
  local y = tocha.zeros(x:size(1), w:size(1), oh, ow, { dtype = x.dtype })
  for i = 1, oh do
    for j = 1, ow do
      local part = big:narrow(3, (i - 1) * stride + 1, kh):narrow(4, (j - 1) * stride + 1, kw)
      local sums = (part:unsqueeze(2) * w:unsqueeze(1)):sum { 3, 4, 5 }
      y:select(4, j):select(3, i):copy_(sums)
    end
  end
  return y
end

local function double(...) return tocha.randn({ ... }, { dtype = "float64" }) end

describe("conv2d", function()
  -- n, channels, size, outputs, kernel, stride, padding: rests of rows, of tiles, several blocks
  local cases <const> = {
    { 2, 1, 9, 3, 3, 1, 1 }, { 1, 5, 11, 9, 3, 1, 0 }, { 3, 2, 8, 7, 5, 2, 2 },
    { 2, 8, 7, 17, 1, 1, 0 },
    { 40, 3, 8, 4, 3, 1, 1 }, { 1, 2, 40, 2, 3, 1, 1 }, { 2, 3, 10, 5, 3, 3, 1 },
  }
  for _, c in ipairs(cases) do
    it("sums over the window: " .. table.concat(c, " "), function()
      local n, channels, size, outputs, kernel, stride, padding = table.unpack(c)
      local x, w = double(n, channels, size, size), double(outputs, channels, kernel, kernel)
      assert_alike(tocha.conv2d(x, w, nil, stride, padding), reference(x, w, stride, padding),
        1e-11, 1e-11)
    end)
  end

  it("gives the same bits on any number of threads", function()
    local had <const> = tocha.get_num_threads()
    local function run(threads)
      tocha.set_num_threads(threads)
      tocha.manual_seed(3)
      local x = tocha.randn(6, 8, 20, 20):requires_grad_()
      local w = tocha.randn(12, 8, 3, 3):requires_grad_()
      local y = tocha.conv2d(x, w, nil, 1, 1)
      y:sum():backward()
      return { y:detach(), x.grad, w.grad }
    end
    local one, three = run(1), run(3)
    tocha.set_num_threads(had)
    assert_alike(one, three)
  end)

  it("keeps an infinity where it belongs", function()
    local x = tocha.ones(1, 2, 3, 5)
    x[1][2][1][1] = math.huge
    x = x:requires_grad_()
    local w = tocha.ones(2, 2, 1, 3):requires_grad_()
    local y = tocha.conv2d(x, w)
    assert.equal(math.huge, y[1][1][1][1]:item())
    assert.equal(6, y[1][1][1][2]:item())
    y:sum():backward()
    assert.equal(9, w.grad[1][1][1][3]:item())
    assert.equal(math.huge, w.grad[1][2][1][1]:item())
    assert.equal(9, w.grad[1][2][1][2]:item())
  end)

  it("pads to ceil(size / stride) with \"same\"", function()
    local x, w = tocha.randn(1, 1, 7, 8), tocha.randn(1, 1, 3, 3)
    assert.same({ 1, 1, 4, 4 }, tocha.conv2d(x, w, nil, 2, "same").shape)
    -- 8 needs one zero in all: it goes to the end
    assert_alike(tocha.conv2d(x, w, nil, 2, "same"), tocha.conv2d(x, w, nil, 2, { 1, 1, 0, 1 }))
  end)

  it("gives zeros' gradient for an empty batch", function()
    local w = tocha.randn(2, 3, 3, 3):requires_grad_()
    local y = tocha.conv2d(tocha.zeros(0, 3, 5, 5), w)
    assert.same({ 0, 2, 3, 3 }, y.shape)
    y:sum():backward()
    assert.equal(0, w.grad:abs():sum():item())
  end)

  it("names what does not fit", function()
    local function fails(pattern, ...)
      local ok, message = pcall(tocha.conv2d, ...)
      assert.is_false(ok)
      assert.truthy(message:find(pattern, 1, true), message)
    end
    local x = tocha.zeros(1, 3, 32, 32)
    fails("expected 3 input channels, got 4 (weight is (8, 4, 3, 3), input is (1, 3, 32, 32))", x,
      tocha.zeros(8, 4, 3, 3))
    fails("the kernel covers 33 elements, the padded input has 32", x, tocha.zeros(8, 3, 33, 3))
    fails("3 groups do not divide 8 channels", x, tocha.zeros(8, 1, 3, 3), nil, 1, 0, 1, 3)
    fails("expected (8,), one for each output channel, got (7,)", x, tocha.zeros(8, 3, 3, 3),
      tocha.zeros(7))
    fails("must be at least 1, got 0", x, tocha.zeros(8, 3, 3, 3), nil, 0)
    fails('"same" or "valid"', x, tocha.zeros(8, 3, 3, 3), nil, 1, "full")
    fails("expected (N, C, H, W) or (C, H, W), got (3, 3)", tocha.zeros(3, 3),
      tocha.zeros(8, 3, 3, 3))
  end)
end)

describe("conv_transpose2d", function()
  it("undoes the shape of conv2d with output_padding", function()
    local x, w = tocha.randn(1, 2, 8, 8), tocha.randn(2, 3, 3, 3)
    assert.same({ 1, 3, 16, 16 }, tocha.conv_transpose2d(x, w, nil, 2, 1, 1).shape)
    local ok, message = pcall(tocha.conv_transpose2d, x, w, nil, 2, 1, 2)
    assert.is_false(ok)
    assert.truthy(message:find("must be smaller than stride (2) or dilation (1)", 1, true), message)
  end)
end)

describe("fold", function()
  it("counts how many patches cover each element", function()
    local ones = tocha.ones(1, 4, 4)
    local y = tocha.fold(ones, 3, 2)
    assert.same({ { 1, 2, 1 }, { 2, 4, 2 }, { 1, 2, 1 } }, y[1][1]:totable())
  end)
end)
