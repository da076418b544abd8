-- Losses where the derived specs cannot look: what is ignored, what is out of range, what is
-- infinite. Expected numbers are PyTorch's.

local tocha = require "tocha"

local function has(message, f, ...)
  local ok, why = pcall(f, ...)
  assert.is_false(ok)
  assert.truthy(tostring(why):find(message, 1, true), why)
end

local function near(want, got) assert.is_true(math.abs(want - got) < 1e-5, got) end

describe("cross_entropy", function()
  local logits = tocha.tensor { { 1.0, 2.0, 3.0 }, { 3.0, 1.0, 0.0 } }
  it("counts classes from 1", function()
    near(0.28872705, tocha.cross_entropy(logits, tocha.tensor { 3, 1 }):item())
  end)
  it("leaves out what is ignored, by default -100", function()
    near(0.40760597, tocha.cross_entropy(logits, tocha.tensor { 3, -100 }):item())
    near(0.40760597, tocha.cross_entropy(logits, tocha.tensor { 3, 1 },
      { ignore_index = 1 }):item())
    local none = tocha.cross_entropy(logits, tocha.tensor { -100, -100 }):item()
    assert.is_true(none ~= none)
  end)
  it("names a class that is out of range", function()
    has("[cross_entropy] class id 4 is out of range 1..3", tocha.cross_entropy, logits,
      tocha.tensor { 3, 4 })
    has("class id 0 is out of range 1..3", tocha.nll_loss, logits, tocha.tensor { 0, 1 })
    has("expected class ids of the shape (2,)", tocha.cross_entropy, logits, tocha.tensor { 1 })
    has("'reduction'", tocha.cross_entropy, logits, tocha.tensor { 1, 2 }, { reduction = "median" })
    has("expected an integer tensor, got float32", tocha.nll_loss, logits,
      tocha.tensor { 1.0, 2.0 })
  end)
  it("survives large logits", function()
    near(2000.0, tocha.cross_entropy(tocha.tensor { { 1000.0, -1000.0 } },
      tocha.tensor { 2 }):item())
  end)
end)

describe("other losses", function()
  it("take targets that broadcast, or say that they do not", function()
    near(1.0, tocha.mse_loss(tocha.zeros(2, 3), tocha.ones(3)):item())
    has("does not fit", tocha.mse_loss, tocha.zeros(2, 3), tocha.ones(2))
    has("expected the shape (2, 3)", tocha.binary_cross_entropy, tocha.zeros(2, 3), tocha.ones(3))
  end)
  it("want probabilities where they are needed", function()
    has("is not in [0, 1]", tocha.binary_cross_entropy, tocha.tensor { 1.5 }, tocha.tensor { 1.0 })
    near(100.0, tocha.binary_cross_entropy(tocha.tensor { 0.0 }, tocha.tensor { 1.0 }):item())
  end)
  it("stay finite for large logits", function()
    local y = tocha.binary_cross_entropy_with_logits(tocha.tensor { 1000.0, -1000.0 },
      tocha.tensor { 0.0, 1.0 })
    near(1000.0, y:item())
  end)
end)

describe("ctc_loss", function()
  it("adds up the ways of two frames", function()
    -- a blank and two labels, equally likely: the label 2 has 3 ways of 1/9
    local even = tocha.full({ 2, 1, 3 }, math.log(1 / 3))
    near(-math.log(3 / 9), tocha.ctc_loss(even, tocha.tensor { { 2 } }, { 2 }, { 1 }):item())
  end)
  it("is infinite where the labels do not fit, or zero if asked for, with no gradient", function()
    local x = tocha.full({ 1, 1, 3 }, math.log(1 / 3)):requires_grad_()
    local targets = tocha.tensor { { 2, 3 } }
    assert.equal(math.huge, tocha.ctc_loss(x, targets, { 1 }, { 2 }):item())
    local y = tocha.ctc_loss(x, targets, { 1 }, { 2 }, { zero_infinity = true })
    assert.equal(0.0, y:item())
    y:backward()
    assert.same({ 0.0, 0.0, 0.0 }, x.grad:view(-1):totable())
  end)
  it("checks lengths and labels", function()
    local x = tocha.zeros(2, 1, 3)
    has("label 5 of sample 1 is out of range 1..3", tocha.ctc_loss, x, tocha.tensor { { 5 } },
      { 2 }, { 1 })
    has("input length 3 of sample 1 is not in 0..2", tocha.ctc_loss, x, tocha.tensor { { 2 } },
      { 3 }, { 1 })
    has("blank", tocha.ctc_loss, x, tocha.tensor { { 2 } }, { 2 }, { 1 }, 4)
  end)
end)
