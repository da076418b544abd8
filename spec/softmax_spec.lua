-- Softmax and cross-entropy by their definitions, written out in float64 with exp, sum and log:
-- rows of every width around that of a vector, few and many of them, of both types, masked ones,
-- and the same bits on one thread and on two.

local tocha = require "tocha"

local WIDTHS <const> = { 1, 2, 7, 15, 16, 17, 31, 32, 33, 65, 127, 200, 511, 512, 700 }
local ROWS <const> = { 1, 2, 5, 64, 130 }

local function each(f)
  for _, n in ipairs(WIDTHS) do
    for _, rows in ipairs(ROWS) do f(n, rows) end
  end
end

local function values(rows, n)
  return tocha.arange(rows * n):mul(37):remainder(101):div(9):sub(5):view(rows, n)
end

local function classes(rows, n) return tocha.arange(rows):mul(5):remainder(n):add(1):long() end

local function softmax(x)
  local e <const> = (x - x:amax(-1, true)):exp()
  return e / e:sum(-1, true)
end

-- softmax - onehot, over the rows: the gradient of the mean.
local function entropy(x, y)
  local p <const>, rows <const> = softmax(x), x:size(1)
  local own <const> = p:gather(2, y:unsqueeze(2))
  local ones <const> = tocha.zeros_like(p):scatter(2, y:unsqueeze(2), 1)
  return -own:log():mean():item(), (p - ones) / rows
end

local function near(expected, got, tolerance, what)
  local off <const> = (got:double() - expected):abs():max():item()
  assert.is_true(off <= tolerance, ("%s is off by %g"):format(what, off))
end

local function gradient(x, y, options)
  local leaf <const> = x:clone():requires_grad_()
  local loss <const> = tocha.cross_entropy(leaf, y, options)
  loss:backward()
  return loss, leaf.grad
end

describe("rows of every width:", function()
  for dtype, tolerance in pairs { float32 = 2e-6, float64 = 1e-14 } do
    it("softmax, " .. dtype, function()
      each(function(n, rows)
        local x <const> = values(rows, n):to(dtype)
        near(softmax(x:double()), tocha.softmax(x, -1), tolerance, n .. " x " .. rows)
      end)
    end)

    it("cross-entropy and its gradient, " .. dtype, function()
      each(function(n, rows)
        local x <const>, y <const> = values(rows, n):to(dtype), classes(rows, n)
        local loss, grad = gradient(x, y)
        local expected <const>, slope <const> = entropy(x:double(), y)
        assert.is_true(math.abs(loss:item() - expected) <= tolerance * (1 + expected))
        near(slope, grad, tolerance, n .. " x " .. rows)
      end)
    end)
  end

  it("masked ones: -inf is a probability of 0", function()
    each(function(n, rows)
      local x <const> = values(rows, n + 1)
      x:narrow(2, n + 1, 1):fill_(-math.huge)
      local y <const> = tocha.softmax(x, -1)
      near(softmax(x:narrow(2, 1, n):double()), y:narrow(2, 1, n), 2e-6, n .. " x " .. rows)
      assert.equal(0, y:narrow(2, n + 1, 1):sum():item())
    end)
  end)

  it("ignored rows and smoothing", function()
    each(function(n, rows)
      local x <const>, y <const> = values(rows, n), classes(rows, n)
      local all <const> = select(2, gradient(x, y, { reduction = "sum", label_smoothing = 0.2 }))
      local uniform <const> = softmax(x:double()) - 1 / n
      local hard <const> = select(2, entropy(x:double(), y)) * rows
      near(hard * 0.8 + uniform * 0.2, all, 2e-6, n .. " x " .. rows)
      y[1] = -100
      local some <const> = select(2, gradient(x, y, { reduction = "sum", label_smoothing = 0.2 }))
      assert.equal(0, some[1]:abs():sum():item())
      if rows > 1 then assert.is_true(some[2]:eq(all[2]):all():item()) end
    end)
  end)

  it("threads do not show in the bits", function()
    local x <const>, y <const> = values(3000, 65), classes(3000, 65)
    local before <const> = tocha.get_num_threads()
    local seen <const> = {}
    for threads = 1, 2 do
      tocha.set_num_threads(threads)
      local loss, grad = gradient(x, y)
      seen[threads] = { loss = loss:item(), grad = grad, softmax = tocha.softmax(x, -1) }
    end
    tocha.set_num_threads(before)
    assert.equal(seen[1].loss, seen[2].loss)
    assert.is_true(seen[1].grad:eq(seen[2].grad):all():item())
    assert.is_true(seen[1].softmax:eq(seen[2].softmax):all():item())
  end)
end)
