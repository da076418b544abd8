-- Normalisations and dropout where the derived specs cannot look: running estimates, randomness,
-- errors.

local tocha = require "tocha"

local function has(message, f, ...)
  local ok, why = pcall(f, ...)
  assert.is_false(ok)
  assert.truthy(tostring(why):find(message, 1, true), why)
end

local function near(want, got) assert.is_true(math.abs(want - got) < 1e-5, got) end

describe("batch_norm", function()
  it("updates the running estimates with the unbiased variance", function()
    local x = tocha.tensor { { 1.0 }, { 2.0 }, { 6.0 } }
    local mean, var = tocha.zeros(1), tocha.ones(1)
    local y = tocha.batch_norm(x, mean, var, nil, nil, true, 0.1)
    near(0.3, mean:item())
    near(0.9 + 0.1 * 7, var:item())
    near(-0.9258191, y[1]:item())
  end)
  it("leaves them alone in evaluation, and needs them there", function()
    local mean, var = tocha.zeros(2), tocha.ones(2)
    tocha.batch_norm(tocha.randn(4, 2), mean, var)
    assert.same({ 0.0, 0.0 }, mean:totable())
    has("running_mean", tocha.batch_norm, tocha.randn(4, 2))
  end)
  it("backward after another forward is right: what it needs is its own", function()
    local mean, var = tocha.zeros(2), tocha.ones(2)
    local x = tocha.randn(4, 2):requires_grad_()
    local y = tocha.batch_norm(x, mean, var, nil, nil, true)
    tocha.batch_norm(x, mean, var, nil, nil, true)
    y:sum():backward()
    assert.is_true(x.grad:abs():max():item() < 1e-5)
  end)
  it("says what is wrong", function()
    has("more than one value a channel, got 1", tocha.batch_norm, tocha.zeros(1, 3), nil, nil, nil,
      nil, true)
    has("expected 3 elements, one for each channel", tocha.batch_norm, tocha.zeros(4, 3),
      tocha.zeros(2),
      tocha.zeros(3))
    has("3 channels do not part into 2 groups", tocha.group_norm, tocha.zeros(4, 3), 2)
    has("expected the last sizes of the (4, 3) input, got (4,)", tocha.layer_norm,
      tocha.zeros(4, 3), 4)
  end)
end)

describe("dropout", function()
  it("keeps about the share it should, scaled", function()
    tocha.manual_seed(3)
    local y = tocha.dropout(tocha.ones(100000), 0.3)
    local kept = y:ne(0):sum():item() / 100000
    assert.is_true(math.abs(kept - 0.7) < 0.01)
    near(1 / 0.7, y:max():item())
  end)
  it("has the gradient of its own mask", function()
    local x = tocha.ones(1000):requires_grad_()
    local y = tocha.dropout(x, 0.5)
    y:sum():backward()
    assert.same(y:totable(), x.grad:totable())
  end)
  it("does nothing in evaluation and everything at 1", function()
    local x = tocha.randn(5)
    assert.same(x:totable(), tocha.dropout(x, 0.5, false):totable())
    assert.same({ 0.0, 0.0 }, tocha.dropout(tocha.ones(2), 1):totable())
    has("expected a probability in 0 .. 1, got 1.5", tocha.dropout, x, 1.5)
  end)
  it("drops whole channels", function()
    tocha.manual_seed(1)
    local y = tocha.dropout2d(tocha.ones(8, 16, 3, 3), 0.5):view(128, 9)
    assert.same(y:amax(2):totable(), y:amin(2):totable())
    local share = y:amax(2):ne(0):sum():item()
    assert.is_true(share > 40 and share < 88)
  end)
  it("keeps mean and variance in its alpha form", function()
    tocha.manual_seed(5)
    local y = tocha.alpha_dropout(tocha.randn(200000), 0.4, true)
    assert.is_true(math.abs(y:mean():item()) < 0.02)
    assert.is_true(math.abs(y:var():item() - 1) < 0.03)
  end)
end)
