-- What layers do with sizes: "same" padding as in Keras, sizes learned from the first input, sizes
-- that adaptive pooling leaves alone; and what they say when sizes do not fit.

local tocha = require "tocha"
local nn = tocha.nn

-- Keras's rule, written again: how much is padded before and after.
local function keras(n, k, stride, dilation)
  local reach <const> = (k - 1) * (dilation or 1) + 1
  local total <const> = math.max((math.ceil(n / stride) - 1) * stride + reach - n, 0)
  return total // 2, total - total // 2
end

-- The convolution whose weight is 1 at tap t alone picks, for output o, the element
-- stride * (o - 1) + dilation * (t - 1) + 1 - before: where zeros come out, padding was.
local function picked(n, k, stride, t, dilation)
  local layer <const> = nn.Conv1d(1, 1, k, { stride = stride, padding = "same", bias = false,
    dilation = dilation or 1 })
  layer.weight:detach():zero_()
  layer.weight:detach()[{ 1, 1, t }] = 1
  return layer(tocha.arange(1, n):to("float32"):reshape(1, 1, n)):reshape({ -1 }):totable()
end

describe("padding = 'same'", function()
  it("is that of Keras: more at the end", function()
    assert.are.same({ 1, 2 }, { keras(224, 5, 2) })
    for _, case in ipairs { { 224, 5, 2 }, { 7, 2, 2 }, { 8, 3, 3 }, { 5, 4, 1 }, { 6, 1, 4 },
      { 9, 3, 2, 2 }, { 3, 7, 2 } } do
      local n <const>, k <const>, stride <const>, dilation <const> = table.unpack(case)
      local before <const>, after <const> = keras(n, k, stride, dilation)
      for t = 1, k do
        local expected <const> = {}
        for o = 1, math.ceil(n / stride) do
          local at <const> = stride * (o - 1) + (dilation or 1) * (t - 1) + 1 - before
          assert.is_true(at <= n + after)
          expected[o] = at >= 1 and at <= n and at + 0.0 or 0.0
        end
        assert.are.same(expected, picked(n, k, stride, t, dilation))
      end
    end
  end)

  it("holds in each dimension, and in every padding mode", function()
    for _, mode in ipairs { "zeros", "reflect", "replicate", "circular" } do
      local layer <const> = nn.Conv2d(1, 1, { 3, 4 }, { stride = { 2, 3 }, padding = "same",
        padding_mode = mode })
      assert.are.same({ 2, 1, 4, 3 }, layer(tocha.ones(2, 1, 7, 8)).shape)
    end
    assert.error_matches(function() nn.Conv2d(1, 1, 3, { padding_mode = "mirror" }) end,
      "padding_mode")
    assert.error_matches(function() nn.Conv2d(1, 1, 3, { padding = "sane" }) end,
      "expected integers, 'same' or 'valid'")
    assert.error_matches(function() nn.Conv2d(1, 1, 3, { padding = { 1, 2, 3 } }) end,
      "'padding': expected an integer or a list of 2, got a list of 3")
    assert.error_matches(function() nn.Conv1d(1, 1, { 3, 3 }) end, "'kernel_size': expected")
    assert.error_matches(function() nn.ConvTranspose2d(1, 1, 3, { stride = 0 }) end,
      "'stride': must be at least 1")
    assert.error_matches(function() nn.ConvTranspose2d(1, 1, 3, { padding = "same" }) end,
      "expected integers, got 'same'")
  end)
end)

describe("sizes left out", function()
  -- layer without its input size, an input, and the field
  local LAZY <const> = {
    { nn.Linear(3), { 2, 5 }, "in_features", 5 }, { nn.Maxout(3, 2), { 2, 5 }, "in_features", 5 },
    { nn.Conv1d(4, 2), { 2, 3, 6 }, "in_channels", 3 },
    { nn.Conv2d(4, 2), { 2, 3, 6, 6 }, "in_channels", 3 },
    { nn.Conv3d(4, 2), { 3, 4, 4, 4 }, "in_channels", 3 },
    { nn.ConvTranspose1d(4, 2), { 2, 3, 6 }, "in_channels", 3 },
    { nn.ConvTranspose2d(4, 2), { 3, 6, 6 }, "in_channels", 3 },
    { nn.ConvTranspose3d(4, 2), { 1, 3, 2, 2, 2 }, "in_channels", 3 },
    { nn.BatchNorm1d(), { 2, 5 }, "num_features", 5 },
    { nn.BatchNorm2d(), { 2, 5, 2, 2 }, "num_features", 5 },
    { nn.BatchNorm3d(), { 2, 5, 2, 2, 2 }, "num_features", 5 },
    { nn.SyncBatchNorm(), { 2, 5, 2 }, "num_features", 5 },
    { nn.InstanceNorm1d { affine = true }, { 5, 3 }, "num_features", 5 },
    { nn.InstanceNorm2d { affine = true }, { 2, 5, 3, 2 }, "num_features", 5 },
    { nn.InstanceNorm3d { affine = true }, { 5, 3, 2, 2 }, "num_features", 5 },
  }

  it("are those of the first input, for every layer that learns them", function()
    for _, row in ipairs(LAZY) do
      local layer <const>, name <const> = row[1], getmetatable(row[1]).__name
      assert.is_nil(layer[row[3]])
      layer(tocha.ones(row[2]))
      assert.are.equal(row[4], layer[row[3]], name)
      assert.is_true(layer:num_parameters() > 0, name)
      assert.is_function(nn["Lazy" .. name])
    end
  end)
end)

describe("pooling", function()
  it("leaves sizes alone that are not given", function()
    local x <const> = tocha.ones(1, 2, 5, 7)
    assert.are.same({ 1, 2, 5, 3 }, nn.AdaptiveAvgPool2d({ nil, 3 })(x).shape)
    assert.are.same({ 1, 2, 3, 7 }, nn.AdaptiveMaxPool2d({ 3, -1 })(x).shape)
    assert.are.same({ 1, 2, 3, 3 }, nn.AdaptiveAvgPool2d(3)(x).shape)
    assert.error_matches(function() nn.AdaptiveAvgPool2d { 3, nil } end, "a list of one")
    assert.are.same({ 2, 2, 5, 7 }, nn.AdaptiveAvgPool3d({ nil, nil, 7 })(tocha.ones(2, 2, 5, 9))
      .shape)
  end)

  it("over everything gives a number a channel", function()
    local x <const> = tocha.randn(2, 3, 4, 5)
    assert.are.same({ 2, 3 }, nn.GlobalAvgPool2d()(x).shape)
    assert.are.same({ 2, 3, 1, 1 }, nn.GlobalMaxPool2d(true)(x).shape)
    assert.are.same({ 3 }, nn.GlobalAvgPool2d()(x[1]).shape)
    assert.error_matches(function() nn.GlobalAvgPool1d()(x) end, "expected %(N, C, L%)")
  end)
end)

describe("bags of embeddings", function()
  local ids <const>, w <const> = tocha.tensor { { 1, 2, 3 }, { 4, 4, 1 } }, tocha.rand(2, 3)

  it("are rows, or parts of a vector", function()
    local bag <const> = nn.EmbeddingBag(5, 2, { mode = "sum" })
    local rows <const> = bag(ids, nil, w)
    local parts <const> = bag(ids:reshape { -1 }, tocha.tensor { 1, 4 }, w:reshape { -1 })
    assert.are.same(rows:totable(), parts:totable())
    local each <const> = nn.functional.embedding(ids, bag.weight)
    assert.is_true(((each * w:unsqueeze(3)):sum(2) - rows):abs():max():item() < 1e-6)
    assert.are.equal(0.0, bag(tocha.tensor { 1 }, tocha.tensor { 1, 2 })[2]:abs():sum():item())
  end)

  it("say what does not fit", function()
    local bag <const> = nn.EmbeddingBag(5, 2, { mode = "sum" })
    local flat <const> = ids:reshape { -1 }
    for _, count in ipairs { 5, 7 } do
      assert.error_matches(function() bag(flat, tocha.tensor { 1 }, tocha.ones(count)) end,
        "a weight for each id")
    end
    assert.error_matches(function() bag(flat) end, "where each bag starts")
    assert.error_matches(function() bag(ids, tocha.tensor { 1 }) end, "its rows are the bags")
    assert.error_matches(function() bag(flat, tocha.tensor { 1, 9 }) end, "stay within the 6 ids")
    assert.error_matches(function() nn.EmbeddingBag(5, 2, { mode = "avg" }) end, '"sum", "mean"')
    local last <const> = nn.EmbeddingBag(5, 2, { include_last_offset = true })
    assert.error_matches(function() last(flat, tocha.tensor { 1, 6 }) end, "to be the end, 7")
    assert.error_matches(function() nn.Embedding(5, 2, { sparse = true }) end, "sparse gradients")
    assert.error_matches(function() nn.Embedding(5, 2, { padding_idx = 6 }) end, "out of range")
    assert.error_matches(function()
      nn.EmbeddingBag(5, 2, { mode = "max", scale_grad_by_freq = true })(ids)
    end, "does not go with mode")
  end)
end)

describe("losses with layers of their own", function()
  it("give every class a probability", function()
    local loss <const> = nn.AdaptiveLogSoftmaxWithLoss(6, 9, { 2, 5 })
    local x <const> = tocha.randn(4, 6)
    local logp <const> = loss:log_prob(x)
    assert.is_true((logp:exp():sum(2) - 1):abs():max():item() < 1e-5)
    local target <const> = tocha.tensor { 9, 1, 4, 2 }
    local output <const>, mean <const> = loss(x, target)
    assert.is_true((output - logp:gather(2, target:unsqueeze(2)):squeeze(2)):abs():max():item()
      < 1e-5)
    assert.is_true(math.abs(mean:item() + output:mean():item()) < 1e-6)
    assert.are.same(logp:argmax(2):totable(), loss:predict(x):totable())
    local one <const> = loss(x[2], target[2])
    assert.is_true(math.abs(one:item() - output[2]:item()) < 1e-6)
  end)

  it("say what does not fit", function()
    assert.error_matches(function() nn.AdaptiveLogSoftmaxWithLoss(6, 9, { 5, 2 }) end,
      "integers that grow")
    assert.error_matches(function() nn.AdaptiveLogSoftmaxWithLoss(6, 9, { cutoffs = {} }) end,
      "a list of cutoffs")
    local loss <const> = nn.AdaptiveLogSoftmaxWithLoss(6, 9, { 2 })
    assert.error_matches(function() loss(tocha.ones(2, 6), tocha.tensor { 1, 10 }) end,
      "class id 10 is out of range")
    assert.error_matches(function() loss(tocha.ones(2, 6), tocha.tensor { 1 }) end,
      "expected the shape %(2,%)")
    assert.error_matches(function() loss(tocha.ones(2, 5), tocha.tensor { 1, 1 }) end,
      "expected %(6%) or")
    assert.error_matches(function() nn.DiceLoss()(tocha.ones(2, 3, 4), tocha.ones(2, 4)) end,
      "dice_loss")
  end)
end)
