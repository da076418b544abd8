-- Layers that are random in training: dropout, noise, stochastic depth, RReLU, fractional pooling.

local tocha = require "tocha"
local nn = tocha.nn
local same <const> = require "spec.modules".same

local function near(expected, got, room) assert.is_true(math.abs(expected - got) <= room) end
local function share(mask) return mask:to("float32"):mean():item() end

before_each(function() tocha.manual_seed(11) end)

describe("dropout", function()
  it("acts in training only", function()
    local x <const> = tocha.ones(1000)
    local layer <const> = nn.Dropout(0.25)
    local y <const> = layer(x)
    near(0.25, share(y:eq(0)), 0.06)
    near(4 / 3, y:max():item(), 1e-6)
    assert.is_true(rawequal(x, layer:eval()(x)))
    for _, name in ipairs { "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout",
      "FeatureAlphaDropout" } do
      local shape <const> = { 2, 3, 4, 4, 4 }
      local n <const> = tonumber(name:match "%d") or 3
      local z <const> = tocha.ones(table.move(shape, 1, n + 2, 1, {}))
      assert.are.same(z.shape, nn[name](0.5)(z).shape)
      assert.is_true(same(z, nn[name](0.5):eval()(z)))
    end
  end)

  it("of channels leaves none half", function()
    local y <const> = nn.Dropout2d(0.5)(tocha.ones(20, 30, 3, 3))
    local sums <const> = y:sum({ 3, 4 })
    assert.is_true(sums:eq(0):logical_or(sums:eq(18)):all():item())
    near(0.5, share(sums:eq(0)), 0.06)
  end)

  it("for selu keeps mean and variance", function()
    local x <const> = tocha.randn(20000)
    local y <const> = nn.AlphaDropout(0.3)(x)
    near(0, y:mean():item(), 0.03)
    near(1, y:std():item(), 0.03)
  end)

  it("wants a probability", function()
    for _, name in ipairs { "Dropout", "AlphaDropout", "DropPath", "GaussianDropout" } do
      assert.error_matches(function() nn[name](1.5) end, "expected a probability in 0 .. 1")
    end
  end)
end)

describe("noise", function()
  it("is added and multiplied in training only", function()
    local x <const> = tocha.full({ 20000 }, 2.0)
    local added <const> = nn.GaussianNoise(0.5)
    near(2, added(x):mean():item(), 0.02)
    near(0.5, added(x):std():item(), 0.02)
    assert.is_true(same(x, added:eval()(x)))
    local multiplied <const> = nn.GaussianDropout(0.2)
    near(2, multiplied(x):mean():item(), 0.05)
    near(2 * math.sqrt(0.2 / 0.8), multiplied(x):std():item(), 0.05)
    assert.is_true(same(x, multiplied:eval()(x)))
  end)

  it("has gradients that fit", function()
    local x <const> = tocha.ones(50):requires_grad_()
    local y <const> = nn.GaussianDropout(0.3)(x)
    y:sum():backward()
    assert.is_true(same(x.grad, y:detach()))
  end)

  it("chooses classes as often as they are probable", function()
    local logits <const> = tocha.tensor({ 0.1, 0.2, 0.7 }):log():expand(5000, 3)
    local y <const> = tocha.gumbel_softmax(logits, 1, true)
    assert.is_true(same(y:sum(2), tocha.ones(5000)))
    for k, p in ipairs { 0.1, 0.2, 0.7 } do near(p, y:select(2, k):mean():item(), 0.03) end
    local leaf <const> = tocha.randn(2, 3):requires_grad_()
    tocha.gumbel_softmax(leaf, 0.5, true):select(2, 1):sum():backward()
    assert.is_true(leaf.grad:abs():sum():item() > 0)
    assert.error_matches(function() tocha.gumbel_softmax(leaf, 0) end, "must be positive")
  end)
end)

describe("stochastic depth", function()
  it("drops whole examples and keeps the mean", function()
    local x <const> = tocha.ones(2000, 3)
    local y <const> = nn.DropPath(0.4)(x)
    assert.is_true(same(y:amin(2), y:amax(2)))
    near(0.4, share(y:eq(0)), 0.05)
    near(1 / 0.6, y:max():item(), 1e-5)
    near(1, nn.DropPath(0.4, false)(x):max():item(), 1e-6)
    assert.is_true(rawequal(x, nn.DropPath(0.4):eval()(x)))
    assert.is_true(rawequal(x, nn.DropPath()(x)))
  end)

  it("drops the whole batch", function()
    local layer <const>, zeros = nn.StochasticDepth(0.5, "batch"), 0
    for _ = 1, 100 do
      local y <const> = layer(tocha.ones(3, 2))
      assert.is_true(y:min():item() == y:max():item())
      if y:max():item() == 0 then zeros = zeros + 1 end
    end
    assert.is_true(zeros > 30 and zeros < 70)
    assert.error_matches(function() nn.StochasticDepth(0.5, "column")(tocha.ones(1)) end,
      'expected "row" or "batch"')
  end)
end)

describe("rrelu", function()
  it("has slopes between its bounds", function()
    local x <const> = tocha.full({ 5000 }, -1.0)
    local y <const> = -nn.RReLU(0.2, 0.6)(x)
    assert.is_true(y:min():item() >= 0.2 and y:max():item() <= 0.6)
    near(0.4, y:mean():item(), 0.02)
    assert.is_true(same(nn.RReLU()(-x), -x))
    local copy <const> = x:clone()
    nn.RReLU { inplace = true }(copy)
    assert.is_true(copy:max():item() > -1 / 3 - 1e-6)
    assert.error_matches(function() nn.RReLU(0.5, 0.2)(x) end, "is above `upper`")
  end)

  it("gives each element its slope as gradient", function()
    local x <const> = tocha.full({ 50 }, -2.0):requires_grad_()
    local y <const> = nn.RReLU()(x)
    y:sum():backward()
    assert.is_true((x.grad * -2 - y):abs():max():item() < 1e-6)
  end)
end)

describe("fractional pooling", function()
  it("draws windows that cover the input", function()
    local x <const> = tocha.randn(2, 3, 10, 9)
    local layer <const> = nn.FractionalMaxPool2d(3, { output_ratio = { 0.5, 0.7 } })
    assert.are.same({ 2, 3, 5, 6 }, layer(x).shape)
    local y <const>, at <const> = nn.FractionalMaxPool2d(2, 4, { return_indices = true })(x)
    assert.is_true(same(y, x:flatten(3):gather(3, at:flatten(3)):reshape(y.shape)))
    assert.is_true(y:amax({ 3, 4 }):le(x:amax({ 3, 4 })):all():item())
    assert.are.same({ 3, 2, 2, 2 }, nn.FractionalMaxPool3d(2, 2)(tocha.randn(3, 4, 5, 6)).shape)
  end)

  it("says what does not fit", function()
    local x <const> = tocha.randn(1, 1, 4, 4)
    assert.error_matches(function() nn.FractionalMaxPool2d(2)(x) end,
      "either output_size or output_ratio")
    assert.error_matches(function() nn.FractionalMaxPool2d(3, 3)(x) end, "do not fit into 4")
    assert.error_matches(function() nn.FractionalMaxPool2d(2, { output_ratio = 1.5 })(x) end,
      "between 0 and 1")
    assert.error_matches(function()
      nn.FractionalMaxPool2d(2, 2, { _random_samples = tocha.rand(1, 2, 2) })(x)
    end, "expected %(1, 1, 2%)")
  end)
end)
