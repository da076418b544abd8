-- tocha.train.metrics against scikit-learn (spec/golden/metrics.py), in batches and whole; forms of
-- outputs and targets; state; what they refuse.

local tocha = require "tocha"
local M <const> = tocha.train.metrics

local golden <const> = tocha.load "spec/golden/metrics.safetensors"

local function of(case, name) return golden[case .. "." .. name] end

local function close(expected, actual, what)
  local scale <const> = math.max(math.abs(expected), 1e-300)
  assert.is_true(math.abs(expected - actual) <= 1e-10 * scale,
    ("%s: expected %.17g, got %.17g"):format(what or "", expected, actual))
end

-- The metric over the case's examples in batches of 7, with weights or without.
local function fed(metric, case, weighted, y_name)
  local y <const>, t <const>, w <const> = of(case, y_name or "y"), of(case, "t"), of(case, "w")
  local n <const> = y:size(1)
  for first = 1, n, 7 do
    local count <const> = math.min(7, n - first + 1)
    local ids = t:narrow(1, first, count)
    if case == "classes" or case == "rest" then ids = ids:long() end
    metric:update(y:narrow(1, first, count), ids, weighted and w:narrow(1, first, count) or nil)
  end
  return metric
end

local function check(metric, case, name, y_name)
  close(of(case, name):item(), fed(metric, case, false, y_name):compute(), name)
  local weighted <const> = of(case, name .. ".weighted")
  metric:reset()
  if not weighted then return end
  close(weighted:item(), fed(metric, case, true, y_name):compute(), name .. " weighted")
end

describe("as in scikit-learn", function()
  it("accuracy, top-k", function()
    check(M.Accuracy(), "binary", "accuracy")
    check(M.Accuracy(), "classes", "accuracy")
    check(M.TopK { k = 2 }, "classes", "top2")
    check(M.BinaryAccuracy(), "labels", "accuracy")
  end)

  for _, case in ipairs { "binary", "classes", "labels" } do
    for _, name in ipairs { "Precision", "Recall", "F1" } do
      for _, average in ipairs { "binary", "macro", "micro", "weighted" } do
        local label <const> = name:lower() .. "." .. average
        if of(case, label) then
          it(("%s %s of %s"):format(average, name, case), function()
            check(M[name] { average = average, multilabel = case == "labels" }, case, label)
          end)
        end
      end
    end
  end

  it("each class by itself", function()
    for _, case in ipairs { "classes", "labels" } do
      for _, name in ipairs { "Precision", "Recall", "F1" } do
        local metric <const> = M[name] { average = "none", multilabel = case == "labels" }
        local expected <const> = of(case, name:lower() .. ".none"):totable()
        local got <const> = fed(metric, case):compute()
        assert.are.equal(#expected, #got)
        for c, value in ipairs(expected) do close(value, got[c], name .. c) end
      end
    end
  end)

  it("areas under curves, with ties", function()
    check(M.AUC(), "binary", "roc")
    check(M.AUC { curve = "PR" }, "binary", "pr")
    check(M.AUC(), "rest", "roc.macro")
    check(M.AUC { curve = "PR" }, "rest", "pr.macro")
    close(of("rest", "roc.weighted"):item(), fed(M.AUC { average = "weighted" }, "rest"):compute())
    for c, area in ipairs(fed(M.AUC { curve = "PR", average = "none" }, "rest"):compute()) do
      close(of("rest", "pr.none"):totable()[c], area)
    end
    -- the label that nobody has is left out of the mean
    check(M.AUC(), "labels", "roc")
  end)

  it("confusion matrices", function()
    local binary <const> = fed(M.ConfusionMatrix(), "binary")
    assert.is_true(binary:compute():equal(of("binary", "confusion")))
    local classes <const> = fed(M.ConfusionMatrix(), "classes")
    assert.is_true(classes:compute():equal(of("classes", "confusion")))
    for _, kind in ipairs { "true", "pred", "all" } do
      assert.is_true(classes:compute(kind):allclose(of("classes", "confusion." .. kind), 1e-12, 0))
    end
    local weighted <const> = fed(M.ConfusionMatrix(), "classes", true):compute()
    assert.is_true(weighted:allclose(of("classes", "confusion.weighted"), 1e-10, 0))
  end)

  it("regression", function()
    for _, name in ipairs { "R2", "MAE", "MSE", "RMSE" } do
      check(M[name](), "regression", name:lower())
    end
    check(M.MeanLoss { loss = "mape" }, "regression", "mape")
    check(M.MeanLoss { loss = "msle" }, "regression", "msle")
  end)

  it("perplexity", function() check(M.Perplexity(), "classes", "perplexity", "logits") end)
end)

describe("a metric", function()
  it("takes ids, one-hot rows, booleans, columns and sequences alike", function()
    local scores <const> = tocha.tensor { { 0.1, 0.7, 0.2 }, { 0.8, 0.1, 0.1 },
      { 0.3, 0.3, 0.4 } }
    local ids <const> = tocha.tensor { 2, 2, 3 }
    local rows <const> = tocha.one_hot(ids, 3)
    for _, t in ipairs { ids, ids:unsqueeze(2), ids:int(), rows, rows:float() } do
      local metric <const> = M.Accuracy()
      metric:update(scores, t)
      close(2 / 3, metric:compute())
    end
    local direct <const> = M.Accuracy()
    direct:update(tocha.tensor { 2, 1, 3 }, ids)
    close(2 / 3, direct:compute())
    for _, y in ipairs { tocha.tensor { 0.9, 0.2 }, tocha.tensor { { 0.9 }, { 0.2 } },
      tocha.tensor { true, false } } do
      for _, t in ipairs { tocha.tensor { 1, 1 }, tocha.tensor { 1.0, 1.0 },
        tocha.tensor { { 1 }, { 1 } }, tocha.tensor { true, true } } do
        local metric <const> = M.Accuracy()
        metric:update(y, t)
        close(0.5, metric:compute())
      end
    end
  end)

  it("finds the dimension of the classes in sequences", function()
    local ids <const> = tocha.tensor { { 1, 2, 3, 1 }, { 2, 2, 1, 3 } }  -- (2, 4)
    local last <const> = tocha.one_hot(ids, 3):float()                   -- (2, 4, 3)
    for _, y in ipairs { last, last:transpose(2, 3) } do
      local metric <const>, top <const> = M.Accuracy(), M.TopK { k = 1 }
      metric:update(y, ids)
      top:update(y, ids)
      close(1.0, metric:compute())
      close(1.0, top:compute())
    end
  end)

  it("has a threshold", function()
    local y <const>, t <const> = tocha.tensor { -1.0, 0.2, 3.0 }, tocha.tensor { 0, 1, 1 }
    local half <const>, zero <const> = M.Accuracy(), M.Accuracy { threshold = 0 }
    half:update(y, t)
    zero:update(y, t)
    close(2 / 3, half:compute())
    close(1.0, zero:compute())
  end)

  it("begins anew after reset", function()
    for _, name in ipairs { "Accuracy", "Precision", "AUC", "ConfusionMatrix" } do
      local once <const>, twice <const> = fed(M[name](), "binary"), fed(M[name](), "binary")
      twice:reset()
      assert.are.equal(tostring(fed(twice, "binary")), tostring(once))
    end
  end)

  it("goes on from its state", function()
    local path <const> = os.tmpname()
    for _, name in ipairs { "Accuracy", "F1", "AUC", "ConfusionMatrix", "R2", "MSE" } do
      local metric <const> = M[name]()
      local case <const> = metric.name == "r2" and "regression" or "binary"
      fed(metric, case)
      tocha.save({ state = metric:state_dict() }, path)
      local twin <const> = getmetatable(metric)()
      twin:load_state_dict(tocha.load(path).state)
      fed(metric, case)
      fed(twin, case)
      assert.are.equal(tostring(metric), tostring(twin))
    end
    os.remove(path)
    assert.error_matches(function() M.Accuracy():load_state_dict {} end, "the state has no")
  end)

  it("is not a number before the first example", function()
    for _, name in ipairs { "Mean", "Accuracy", "AUC", "R2", "RMSE" } do
      local value <const> = M[name]():compute()
      assert.is_true(value ~= value, name)
    end
    assert.are.equal(0.0, M.F1():compute())
  end)

  it("means numbers and tensors", function()
    local mean <const> = M.Mean()
    mean:update(2)
    mean:update(tocha.tensor { 4.0, 6.0 })
    mean:update(10, 2)
    close((2 + 4 + 6 + 20) / 5, mean:compute())
    mean:update(tocha.tensor { 1.0, 100.0 }, tocha.tensor { 5, 0 })
    close((32 + 5) / 10, mean:compute())
  end)

  it("does not lose a small variance to a large mean", function()
    local r2 <const> = M.R2()
    local t <const> = tocha.tensor({ 1.0, 2.0, 3.0, 4.0 }, "float64")
    for k = 1, 4 do r2:update(t:narrow(1, k, 1) + 1e9 + 0.5, t:narrow(1, k, 1) + 1e9) end
    close(1 - 4 * 0.25 / 5, r2:compute())
  end)

  it("has R2 of constant targets, as scikit-learn", function()
    local exact <const>, off <const> = M.R2(), M.R2()
    exact:update(tocha.ones(3), tocha.ones(3))
    off:update(tocha.zeros(3), tocha.ones(3))
    assert.are.equal(1.0, exact:compute())
    assert.are.equal(0.0, off:compute())
  end)

  it("leaves places out of a perplexity", function()
    local y <const> = tocha.randn(2, 5, 3)
    local t <const> = tocha.tensor { { 1, 2, 9 }, { 9, 4, 5 } }
    local kept <const> = tocha.tensor { { 1, 2, 1 }, { 1, 4, 5 } }
    local metric <const> = M.Perplexity { ignore_index = 9 }
    metric:update(y, t)
    local each <const> = tocha.cross_entropy(y, kept, { reduction = "none" })
    local mean <const> = (each * t:ne(9):float()):sum():item() / 4
    assert.is_true(math.abs(math.exp(mean) - metric:compute()) < 1e-4)
  end)

  it("prints well", function()
    local confusion <const> = M.ConfusionMatrix { labels = { "cat", "dog" } }
    assert.are.equal("confusion matrix of no examples", tostring(confusion))
    confusion:update(tocha.tensor { 1, 1, 2, 2, 2 }, tocha.tensor { 1, 2, 2, 2, 1 })
    assert.are.equal([[
     cat  dog  recall
cat    1    1  50.0 %
dog    1    2  66.7 %]], tostring(confusion))
    local accuracy <const> = M.Accuracy()
    accuracy:update(tocha.tensor { 1, 2 }, tocha.tensor { 1, 1 })
    assert.are.equal("accuracy 0.5", tostring(accuracy))
  end)

  it("says what does not fit", function()
    local y <const> = tocha.rand(4, 3)
    assert.error_matches(function() M.Accuracy():update(y, tocha.ones(5):long()) end,
      "%[Accuracy%].*%(4, 3%).*%(5,%)")
    assert.error_matches(function() M.Accuracy():update(tocha.rand(4), tocha.ones(3)) end,
      "one score for each example")
    assert.error_matches(function() M.F1 { average = "mean" } end, "\"macro\".*mean")
    assert.error_matches(function() M.AUC { curve = "roc" } end, "\"ROC\" or \"PR\"")
    assert.error_matches(function() M.AUC { average = "micro" } end, "\"macro\"")
    assert.error_matches(function() M.Precision { multilabel = true }:update(y, y:sum(2)) end,
      "one shape")
    assert.error_matches(function() M.ConfusionMatrix():compute "rows" end, "\"true\"")
    assert.error_matches(function() M.TopK { n = 3 } end, "unknown option 'n'")
    assert.error_matches(function() M.TopK { k = 0 } end, "expected a positive integer, got 0")
    assert.error_matches(function() M.MeanLoss { loss = "nonsense" } end, "unknown loss.*mse")
  end)
end)

describe("ids that are none", function()
  local y <const> = tocha.rand(3, 4)

  it("are refused by every metric of classes", function()
    for _, name in ipairs { "Accuracy", "TopK", "F1", "ConfusionMatrix", "AUC" } do
      local metric <const> = M[name]()
      assert.error_matches(function() metric:update(y, tocha.tensor { 0, 1, 2 }) end,
        "class ids count from 1, got 0")
      assert.error_matches(function() metric:update(y, tocha.tensor { 5, 1, 2 }) end,
        "class id 5 is out of range 1..4")
      assert.error_matches(function() metric:update(y) end, "expected update%(output, target%)")
    end
  end)

  it("make no table of endless size", function()
    local far <const> = tocha.tensor { 1, 1 << 40 }
    for _, name in ipairs { "Accuracy", "F1", "ConfusionMatrix" } do
      assert.error_matches(function() M[name]():update(far, far) end, "out of range")
    end
    local near <const> = tocha.tensor { 50000 }
    assert.error_matches(function() M.ConfusionMatrix():update(near, near) end, "too large")
  end)
end)
