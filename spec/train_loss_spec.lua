-- The losses that `compile` knows by name: numbers and gradients as Keras's
-- (spec/golden/losses.py), PyTorch's operations, weights, targets brought into form, what is
-- refused.

local tocha = require "tocha"
local nn, train = tocha.nn, tocha.train
local Loss <const> = train.Loss

local golden <const> = tocha.load "spec/golden/losses.safetensors"

local function near(expected, actual, what)
  assert.are.same(expected.shape, actual.shape)
  local gap <const> = (expected - actual):abs():max():item()
  local scale <const> = math.max(1e-3, expected:abs():max():item())
  assert.is_true(gap <= 1e-10 * scale, ("%s: off by %g"):format(what, gap / scale))
end

local OPTIONS <const> = {
  ["categorical_crossentropy.options"] = { from_logits = true, label_smoothing = 0.2 },
  ["sparse_categorical_crossentropy.options"] = { from_logits = true },
  ["binary_crossentropy.options"] = { from_logits = true, label_smoothing = 0.1 },
  ["binary_focal_crossentropy.options"] = { from_logits = true, gamma = 1.5, alpha = 0.3 },
}

local function loss_of(case)
  local spec <const> = { (case:match "^[%w_]+") }
  for name, value in pairs(OPTIONS[case] or {}) do spec[name] = value end
  return Loss("test", spec)
end

describe("as in Keras", function()
  for name in pairs(golden) do
    local case <const> = name:match "^(.*)%.each$"
    if case then
      it(case, function()
        local loss <const> = loss_of(case)
        local y <const> = golden[case .. ".y"]:clone():requires_grad_()
        local t <const> = golden[case .. ".t"]
        near(golden[case .. ".each"], loss:each(y, t), "each")
        local mean <const> = loss:mean(y, t)
        near(golden[case .. ".mean"], mean, "mean")
        mean:backward()
        near(golden[case .. ".grad"], y.grad, "gradient")
        near(golden[case .. ".weighted"], loss:weighted(y, t, golden.w), "weighted")
      end)
    end
  end
end)

describe("PyTorch's losses", function()
  local x <const> = tocha.randn(5, 3)
  local p <const> = x:sigmoid()
  local CASES <const> = {
    { "cross_entropy", tocha.cross_entropy, x, tocha.tensor { 1, 3, 2, 2, 1 } },
    { "CrossEntropyLoss", tocha.cross_entropy, x, x:softmax(2) },
    { "nll", tocha.nll_loss, x:log_softmax(2), tocha.tensor { 1, 3, 2, 2, 1 } },
    { "bce", tocha.binary_cross_entropy, p, p:round() },
    { "BCEWithLogits", tocha.binary_cross_entropy_with_logits, x, p:round() },
    { "SmoothL1Loss", tocha.smooth_l1_loss, x, p },
    { "kl_div", tocha.kl_div, x:log_softmax(2), x:softmax(2) },
    { "poisson_nll", tocha.poisson_nll_loss, x, p },
    { "soft_margin", tocha.soft_margin_loss, x, x:sign() },
    { "multi_margin", tocha.multi_margin_loss, x, tocha.tensor { 1, 3, 2, 2, 1 } },
    { "multilabel_soft_margin", tocha.multilabel_soft_margin_loss, x, p:round() },
  }
  for _, case in ipairs(CASES) do
    it(case[1], function()
      local loss <const>, f <const>, y <const>, t <const> = Loss("test", case[1]), case[2], case[3],
        case[4]
      assert.are.equal(f(y, t):item(), loss:mean(y, t):item())
      local each <const> = loss:each(y, t)
      assert.are.same({ 5 }, each.shape)
    end)
  end

  it("take their options", function()
    local y <const>, t <const> = tocha.randn(4, 3), tocha.tensor { 1, 2, 3, 1 }
    assert.are.equal(tocha.cross_entropy(y, t, { label_smoothing = 0.1 }):item(),
      Loss("test", { "cross_entropy", label_smoothing = 0.1 }):mean(y, t):item())
    assert.are.equal(tocha.huber_loss(y, y * 3, { delta = 0.5 }):item(),
      Loss("test", { "huber", delta = 0.5 }):mean(y, y * 3):item())
    local wrong <const> = Loss("test", { "huber", epsilon = 1 })
    assert.error_matches(function() wrong:mean(y, y) end, "epsilon")
  end)
end)

describe("a loss", function()
  local y <const> = tocha.tensor { { 0.5 }, { 2.0 }, { -1.0 } }

  it("may be a criterion or a function", function()
    local t <const> = tocha.tensor { { 1.0 }, { 2.0 }, { 0.0 } }
    for _, spec in ipairs { nn.MSELoss(), nn.MSELoss { reduction = "none" },
      function(a, b) return (a - b):square():mean() end,
      function(a, b) return (a - b):square() end } do
      local gap <const> = tocha.mse_loss(y, t):item() - Loss("test", spec):mean(y, t):item()
      assert.is_true(math.abs(gap) < 1e-6)
    end
    local sum <const> = Loss("test", nn.MSELoss { reduction = "sum" }):mean(y, t)
    assert.are.equal(tocha.mse_loss(y, t, { reduction = "sum" }):item(), sum:item())
  end)

  it("weighs examples: a sum over the number of examples", function()
    local t <const>, w <const> = tocha.zeros(3, 1), tocha.tensor { 1.0, 0.0, 2.0 }
    for _, spec in ipairs { "mse", nn.MSELoss(), nn.MSELoss { reduction = "none" },
      function(a, b) return (a - b):square() end } do
      assert.are.equal((0.25 + 2) / 3, Loss("test", spec):weighted(y, t, w):item())
    end
    local steps <const> = tocha.ones(3, 2)
    local sequence <const> = Loss("test", "mse"):weighted(tocha.ones(3, 2, 4), tocha.zeros(3, 2, 4),
      steps)
    assert.are.equal(1.0, sequence:item())
    for _, spec in ipairs { function(a, b) return (a - b):mean() end,
      nn.MSELoss { reduction = "sum" } } do
      assert.error_matches(function() Loss("test", spec):weighted(y, t, w) end, "one number for a")
    end
    assert.error_matches(function() Loss("test", "mse"):weighted(y, t, tocha.ones(2)) end,
      "weights are %(2,%), the losses %(3,%)")
  end)

  it("brings targets into form", function()
    local t <const> = tocha.tensor { 1.0, 2.0, 0.0 }
    local wanted <const> = tocha.mse_loss(y, t:unsqueeze(2)):item()
    assert.are.equal(wanted, Loss("test", "mse"):mean(y, t):item())
    assert.are.equal(wanted, Loss("test", nn.MSELoss()):mean(y, t:long()):item())
    assert.are.equal(wanted, Loss("test", "mse"):mean(y:squeeze(2), t:unsqueeze(2)):item())
    local scores <const>, ids <const> = tocha.randn(3, 4), tocha.tensor { 4, 1, 2 }
    local entropy <const> = tocha.cross_entropy(scores, ids):item()
    assert.are.equal(entropy, Loss("test", "cross_entropy"):mean(scores, ids:unsqueeze(2)):item())
    local hot <const> = Loss("test", "cross_entropy"):mean(scores, tocha.one_hot(ids, 4)):item()
    assert.is_true(math.abs(entropy - hot) < 1e-6)
    local sparse <const> = Loss("test", "sparse_categorical_crossentropy")
    local p <const> = scores:softmax(2)
    assert.are.equal(sparse:mean(p, ids):item(), sparse:mean(p, ids:int():unsqueeze(2)):item())
    local binary <const> = Loss("test", "bce")
    assert.are.equal(binary:mean(y:sigmoid(), t:gt(0):float():unsqueeze(2)):item(),
      binary:mean(y:sigmoid(), t:gt(0)):item())
  end)

  it("refuses targets of other shapes, which would be stretched", function()
    assert.error_matches(function() Loss("fit", "mse"):mean(y, tocha.ones(4)) end,
      "%[fit%] argument 'y': loss 'mse': the model's output is %(3, 1%), the target %(4,%)")
    assert.error_matches(function() Loss("fit", "mae"):mean(tocha.ones(4, 2), tocha.ones(2, 4)) end,
      "the same shape")
    assert.error_matches(function()
      Loss("fit", "categorical_crossentropy"):mean(tocha.ones(3, 2), tocha.tensor { 1, 2, 1 })
    end, "sparse_categorical_crossentropy")
    assert.error_matches(function()
      Loss("fit", "sparse_categorical_crossentropy"):mean(tocha.ones(3, 2), tocha.ones(3, 2))
    end, "'categorical_crossentropy'")
  end)

  it("refuses logits where probabilities are meant", function()
    for _, case in ipairs { { "categorical_crossentropy", tocha.ones(1, 2) },
      { "sparse_categorical_crossentropy", tocha.tensor { 1 } },
      { "binary_crossentropy", tocha.ones(1, 2) } } do
      local logits <const> = tocha.tensor { { -1.0, 2.0 } }
      assert.error_matches(function() Loss("fit", case[1]):mean(logits, case[2]) end, "from_logits")
      Loss("fit", { case[1], from_logits = true }):mean(logits, case[2])
    end
  end)

  it("has a dice that is 0 for the same and near 1 for disjoint sets", function()
    local a <const> = tocha.tensor { { 1.0, 1.0, 0.0, 0.0 } }
    assert.is_true(math.abs(Loss("test", "dice"):mean(a, a):item()) < 1e-6)
    assert.is_true(math.abs(Loss("test", "dice"):mean(a, 1 - a):item() - 1) < 1e-6)
  end)

  it("is listed when a name is wrong", function()
    local ok <const>, message <const> = pcall(Loss, "compile", "cross_entropie")
    assert.is_false(ok)
    for _, part in ipairs { "[compile] unknown loss 'cross_entropie'", "categorical_crossentropy",
      "cross_entropy", "mse" } do
      assert.is_truthy(message:find(part, 1, true), part)
    end
    assert.error_matches(function() Loss("compile", 3) end, "got number")
  end)
end)

describe("a class in place of a criterion", function()
  it("is told to be called", function()
    assert.error_matches(function() Loss("compile", nn.MSELoss) end,
      "MSELoss is a class: write MSELoss%(...%)")
  end)
end)
