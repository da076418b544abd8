-- Pooling: what the derived specs cannot see. NaN, ties, borders, indices, error texts.

local tocha = require "tocha"

-- Rows that are whole runs or not, strides above two, dilation, planes of several blocks.
describe("max pooling is its definition:", function()
  local decl <const> = require "tocha.op".decl.max_pool
  for _, c in ipairs { { 28, 28, 2, 2, 0, 1 }, { 29, 27, 2, 2, 1, 1 }, { 150, 141, 3, 2, 1, 1 },
    { 40, 37, 4, 3, 2, 1 }, { 90, 91, 3, 1, 1, 2 }, { 130, 64, 2, 3, 0, 1 } } do
    local height <const>, width <const>, k <const>, stride <const>, pad <const>,
      dilation <const> = table.unpack(c)
    it(table.concat(c, ", "), function()
      local x <const> = tocha.randn({ 2, 3, height, width }, { dtype = "float64" })
      local one <const>, other <const> = x:clone():requires_grad_(), x:clone():requires_grad_()
      local y <const> = tocha.max_pool2d(one, k, stride, pad, dilation)
      local z <const> = decl.ref(other, y.shape, { k, k }, { stride, stride },
        { pad, pad, pad, pad }, { dilation, dilation })
      assert.is_true(y:equal(z))
      local g <const> = tocha.randn(y.shape, { dtype = "float64" })
      y:backward(g)
      z:backward(g)
      assert.is_true(one.grad:allclose(other.grad, 1e-12, 1e-12))
    end)
  end
end)

-- What the definition says of every window, one after the other: where the maximum is.
local function places(x, size, k, stride, pad, dilation)
  local index <const> = {}
  for z = 0, size[1] - 1 do
    for y = 0, size[2] - 1 do
      for o = 0, size[3] - 1 do
        local best, at
        for t = 0, k[1] * k[2] * k[3] - 1 do
          local i <const> = z * stride[1] - pad[1] + t // (k[2] * k[3]) * dilation[1]
          local j <const> = y * stride[2] - pad[2] + t // k[3] % k[2] * dilation[2]
          local l <const> = o * stride[3] - pad[3] + t % k[3] * dilation[3]
          local v <const> = ((x[i + 1] or {})[j + 1] or {})[l + 1]
          if v and (not best or v > best or v ~= v) then
            best, at = v, (i * #x[1] + j) * #x[1][1] + l + 1
          end
        end
        index[#index + 1] = at or 1
      end
    end
  end
  return index
end

describe("max pooling finds its maxima:", function()
  local threads <const> = tocha.get_num_threads()
  after_each(function() tocha.set_num_threads(threads) end)

  local cases <const> = {
    { { 1, 8, 8 }, { 1, 2, 2 }, { 1, 2, 2 }, { 0, 0, 0 }, { 1, 1, 1 } },
    { { 1, 10, 9 }, { 1, 2, 2 }, { 1, 2, 2 }, { 0, 0, 0 }, { 1, 1, 1 } },
    { { 1, 11, 40 }, { 1, 3, 3 }, { 1, 2, 2 }, { 0, 1, 1 }, { 1, 1, 1 } },
    { { 1, 9, 7 }, { 1, 3, 3 }, { 1, 1, 1 }, { 0, 1, 1 }, { 1, 1, 1 } },
    { { 1, 12, 37 }, { 1, 2, 5 }, { 1, 1, 3 }, { 0, 1, 2 }, { 1, 2, 1 } },
    { { 5, 6, 7 }, { 3, 2, 3 }, { 2, 1, 2 }, { 1, 0, 1 }, { 1, 2, 1 } },
    { { 4, 4, 4 }, { 2, 2, 2 }, { 2, 2, 2 }, { 0, 0, 0 }, { 1, 1, 1 } },
    { { 1, 14, 14 }, { 1, 14, 14 }, { 1, 14, 14 }, { 0, 0, 0 }, { 1, 1, 1 } },
    { { 1, 1, 6 }, { 1, 1, 2 }, { 1, 1, 1 }, { 0, 0, 2 }, { 1, 1, 3 } },  -- a tap or two
  }
  -- few different values, so that there are ties; NaN; nothing above minus infinity
  local fills <const> = {
    ties = function() return math.random(4) end,
    nan = function() return math.random(9) == 1 and 0 / 0 or math.random(4) end,
    infinite = function() return math.random(3) == 1 and math.random(2) or -math.huge end,
  }

  for _, c in ipairs(cases) do
    for name, fill in pairs(fills) do
      it(("%s of %s, windows of %s"):format(name, table.concat(c[1], " "), table.concat(c[2], " ")),
        function()
          math.randomseed(3)
          local planes <const> = 70
          local data <const>, size <const> = {}, {}
          for p = 1, planes do
            data[p] = {}
            for z = 1, c[1][1] do
              data[p][z] = {}
              for y = 1, c[1][2] do
                data[p][z][y] = {}
                for x = 1, c[1][3] do data[p][z][y][x] = fill() end
              end
            end
          end
          for d = 1, 3 do
            local span <const> = c[5][d] * (c[2][d] - 1) + 1
            size[d] = (c[1][d] + 2 * c[4][d] - span) // c[3][d] + 1
          end
          for _, dtype in ipairs { "float32", "float64" } do
            local x <const> = tocha.tensor(data, { dtype = dtype }):requires_grad_()
            tocha.set_num_threads(1)
            local y, at = tocha.max_pool3d(x, c[2], c[3], c[4], c[5], false, true)
            local g <const> = tocha.randint(1, 9, y.shape):to(dtype)
            y:backward(g)
            local want <const> = tocha.zeros(x.shape, { dtype = dtype })
            for p = 1, planes do
              local index <const> = places(data[p], size, c[2], c[3], c[4], c[5])
              assert.same(index, at[p]:flatten():totable())
              want[p]:view(-1):index_add_(1, tocha.tensor(index, { dtype = "int64" }),
                g[p]:flatten())
            end
            assert.is_true(x.grad:equal(want))
            local once <const> = x.grad
            x.grad = nil
            tocha.set_num_threads(3)
            local z <const> = tocha.max_pool3d(x, c[2], c[3], c[4], c[5])
            z:backward(g)
            assert.is_true(x.grad:equal(once))
            assert.is_true(z:allclose(y, 0, 0, { equal_nan = true }))
          end
        end)
    end
  end
end)

describe("max_pool2d", function()
  local nan <const>, inf <const> = 0 / 0, math.huge

  it("lets NaN win", function()
    local y, at = tocha.max_pool2d(tocha.tensor { { { 1, nan, 3, 4 }, { 5, 6, 7, 8 } } }, 2, 2, 0,
      1, false, true)
    assert.truthy(y[1][1][1]:item() ~= y[1][1][1]:item())
    assert.equal(8, y[1][1][2]:item())
    assert.same({ 2, 8 }, at[1][1]:totable())
  end)

  it("takes the first of equals, counted from 1 in the plane", function()
    local x = tocha.tensor { { { 2.0, 2.0 }, { 2.0, 2.0 } } }:requires_grad_()
    local y, at = tocha.max_pool2d(x, 2, 2, 0, 1, false, true)
    assert.equal(1, at[1][1][1]:item())
    y:sum():backward()
    assert.same({ { { 1, 0 }, { 0, 0 } } }, x.grad:totable())
  end)

  it("finds a place even where all is minus infinity", function()
    local x = tocha.full({ 1, 3, 3 }, -inf)
    local y, at = tocha.max_pool2d(x, 3, 2, 1, 1, false, true)
    assert.equal(-inf, y[1][2][2]:item())
    assert.same({ { 1, 2 }, { 4, 5 } }, at[1]:totable())
  end)

  it("never takes the padding", function()
    assert.equal(-5, tocha.max_pool2d(tocha.full({ 1, 2, 2 }, -5.0), 2, 2, 1):max():item())
  end)

  it("rounds up in ceil_mode, but no window begins beyond the input", function()
    local x = tocha.zeros(1, 5, 4)
    assert.same({ 1, 3, 2 }, tocha.max_pool2d(x, 2, 2, 0, 1, true).shape)
    assert.same({ 1, 2, 2 }, tocha.max_pool2d(tocha.zeros(1, 3, 3), 1, 2, 0, 1, true).shape)
    assert.same({ 1, 2, 2 }, tocha.max_pool2d(tocha.zeros(1, 3, 3), 2, 3, 1, 1, true).shape)
    -- a window may overhang even where none fits
    assert.same({ 1, 1, 1 }, tocha.max_pool2d(tocha.zeros(1, 4, 4), 5, 3, 0, 1, true).shape)
  end)

  it("is undone by max_unpool2d", function()
    local x = tocha.arange(1, 16):to "float32":reshape(1, 1, 4, 4)
    local y, at = tocha.max_pool2d(x, 2, 2, 0, 1, false, true)
    local back = tocha.max_unpool2d(y, at, 2)
    assert.equal(16, back[1][1][4][4]:item())
    assert.equal(y:sum():item(), back:sum():item())
  end)

  it("names what does not fit", function()
    local function fails(pattern, ...)
      local ok, message = pcall(tocha.max_pool2d, ...)
      assert.is_false(ok)
      assert.truthy(message:find(pattern, 1, true), message)
    end
    local x = tocha.zeros(1, 2, 4, 4)
    fails("the window covers 5 elements, the padded input has 4", x, 5)
    fails("must be at most half of the window (2), got 2", x, 2, 2, 2)
    fails("expected an integer or a list of 2, got a list of 3", x, { 1, 2, 3 })
  end)
end)

describe("avg_pool2d", function()
  it("counts padding as asked", function()
    local x = tocha.ones(1, 2, 2)
    assert.equal(0.25, tocha.avg_pool2d(x, 2, 2, 1)[1][1][1]:item())
    assert.equal(1, tocha.avg_pool2d(x, 2, 2, 1, false, false)[1][1][1]:item())
    assert.equal(0.1, tocha.avg_pool2d(x:to "float64", 2, 2, 1, false, true, 10)[1][1][1]:item())
  end)
end)

describe("adaptive pooling", function()
  it("has windows that overlap where sizes do not divide", function()
    local x = tocha.tensor({ { 1, 2, 3, 4, 5 } }, { dtype = "float64" })
    assert.same({ { 1.5, 3, 4.5 } }, tocha.adaptive_avg_pool1d(x, 3):totable())
    local y, at = tocha.adaptive_max_pool1d(x, 3, true)
    assert.same({ { 2, 4, 5 } }, y:totable())
    assert.same({ { 2, 4, 5 } }, at:totable())
  end)

  it("keeps a size for -1", function()
    assert.same({ 2, 5, 1 }, tocha.adaptive_avg_pool2d(tocha.zeros(2, 5, 7), { -1, 1 }).shape)
  end)
end)
