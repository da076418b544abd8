-- Attention and transformers: against PyTorch, and by hand.

local tocha = require "tocha"
local support = require "spec.support"
local nn <const> = tocha.nn
local common = require "spec.transformer_support"

local alike <const> = common.alike
local fails_with <const> = common.fails_with
local random <const> = common.random
local gpt <const> = common.gpt

local function bools(rows) return tocha.tensor(rows) end

describe("as PyTorch, results and gradients:", function()
  for title, test in require "spec.golden.cases".of "spec/golden/transformer.safetensors" do
    it(title, test)
  end
end)

describe("nn.MultiheadAttention", function()
  local mha, x
  before_each(function()
    tocha.manual_seed(4)
    mha = nn.MultiheadAttention(8, 2, { batch_first = true }):double()
    x = random(2, 5, 8)
  end)

  it("gives the same with and without its weights, which sum to one", function()
    local y <const>, weights <const> = mha(x)
    alike(weights:sum(-1):detach(), tocha.ones(2, 5), 1e-12)
    local fused <const>, none <const> = mha(x, { need_weights = false })
    assert.is_nil(none)
    alike(fused:detach(), y:detach(), 1e-10, 1e-12)
    local _, each <const> = mha(x, { average_attn_weights = false })
    assert.same({ 2, 2, 5, 5 }, each.shape)
    alike(each:mean(2):detach(), weights:detach(), 1e-12)
  end)

  it("takes key and value from the query, arguments by place or by name", function()
    local mask <const> = tocha.ones(5, 5):triu(1):gt(0)
    local y <const> = mha(x, x, x, nil, false, mask)
    alike(mha(x, { attn_mask = mask, need_weights = false }):detach(), y:detach(), 1e-12)
    alike(mha(x, { is_causal = true }):detach(), y:detach(), 1e-10, 1e-12)
    alike(mha(x, x:clone(), x:clone(), { is_causal = true }):detach(), y:detach(), 1e-10, 1e-12)
  end)

  it("takes masks that are boolean, added, for each head or for all", function()
    local hidden <const> = tocha.rand(5, 5):lt(0.4)
    hidden[{ {}, 1 }] = false
    local added <const> = tocha.zeros({ 5, 5 }, { dtype = "float64" })
      :masked_fill(hidden, -math.huge)
    local want <const> = mha(x, { attn_mask = hidden }):detach()
    for _, mask in ipairs { added, hidden:expand(4, 5, 5), hidden:view(1, 1, 5, 5),
      added:expand(2, 2, 5, 5) } do
      for _, need in ipairs { true, false } do
        alike(mha(x, { attn_mask = mask, need_weights = need }):detach(), want, 1e-10, 1e-12)
      end
    end
  end)

  it("does not see what is hidden as padding or lies ahead", function()
    local padding <const> = bools { { false, false, false, true, true },
      { false, false, false, false, true } }
    local other <const> = x:clone()
    other[1]:narrow(1, 4, 2):fill_(7)
    other[2]:narrow(1, 5, 1):fill_(7)
    for _, need in ipairs { true, false } do
      local options <const> = { key_padding_mask = padding, need_weights = need, is_causal = true }
      local y <const>, z <const> = mha(x, options), mha(other, options)
      alike(z[1]:narrow(1, 1, 3):detach(), y[1]:narrow(1, 1, 3):detach(), 1e-12)
      alike(z[2]:narrow(1, 1, 4):detach(), y[2]:narrow(1, 1, 4):detach(), 1e-12)
      assert.is_false((support.alike(z[1][5]:detach(), y[1][5]:detach(), 1e-6)))
    end
  end)

  it("gives a query that sees nothing zeros, not NaN", function()
    local padding <const> = bools { { true, true, true, true, true },
      { false, false, false, false, true } }
    for _, need in ipairs { true, false } do
      local y <const> = mha(x, { key_padding_mask = padding, need_weights = need })
      alike(y[1]:detach(), mha.out_proj.bias:detach():expand(5, 8), 1e-12, 1e-12)
      assert.is_true(tocha.isfinite(y):all():item())
    end
  end)

  it("of no sequences, or none with tokens, is empty", function()
    for _, shape in ipairs { { 0, 3, 8 }, { 2, 0, 8 } } do
      local y <const>, weights <const> = mha(tocha.zeros(shape, { dtype = "float64" }))
      assert.same(shape, y.shape)
      assert.same({ shape[1], shape[2], shape[2] }, weights.shape)
    end
  end)

  it("learns a mask that wants gradients", function()
    local bias <const> = random(5, 5):requires_grad_()
    mha(x, { attn_mask = bias, need_weights = false }):sum():backward()
    assert.is_true(bias.grad:abs():max():item() > 0)
    assert.is_true(tocha.gradcheck(function(b)
      return (mha(x, { attn_mask = b, need_weights = false }))
    end, { bias }))
  end)

  it("drops weights out in training only", function()
    local drops <const> = nn.MultiheadAttention(8, 2, 0.5, { batch_first = true }):double()
    local _, weights <const> = drops(x, { average_attn_weights = false })
    assert.is_true(weights:eq(0):any():item())
    drops:eval()
    alike(drops(x):detach(), drops(x):detach())
    local _, kept <const> = drops(x)
    assert.is_false(kept:eq(0):any():item())
  end)

  it("has PyTorch's initial values", function()
    local fresh <const> = nn.MultiheadAttention(64, 4)
    assert.equal(0, fresh.in_proj_bias:detach():abs():max():item())
    assert.equal(0, fresh.out_proj.bias:detach():abs():max():item())
    local most <const> = fresh.in_proj_weight:detach():abs():max():item()
    local bound <const> = math.sqrt(6 / (64 + 192))
    assert.is_true(most <= bound and most > 0.95 * bound)
  end)

  it("says what is wrong", function()
    fails_with("[MultiheadAttention] argument 'embed_dim': 8 is not divisible by num_heads 3",
      nn.MultiheadAttention, 8, 3)
    fails_with("'query': expected 8 columns, got (2, 5, 4)", mha, random(2, 5, 4))
    fails_with("'query': expected (tokens, 8) or a batch of it, got a number", mha, 3)
    fails_with("different numbers of sequences", mha, x, random(3, 5, 8))
    fails_with("different numbers of tokens", mha, x, x, random(2, 4, 8))
    fails_with("different numbers of dimensions", mha, x, random(5, 8))
    fails_with("'attn_mask': expected (5, 5), (4, 5, 5) or (2, 2, 5, 5), got (5, 4)", mha, x,
      { attn_mask = tocha.ones(5, 4) })
    fails_with("'key_padding_mask': expected (2, 5), got (5, 2)", mha, x,
      { key_padding_mask = tocha.ones(5, 2):gt(0) })
    fails_with("expected a boolean or floating tensor, got int64", mha, x,
      { attn_mask = tocha.ones({ 5, 5 }, { dtype = "int64" }) })
    fails_with("unknown option 'mask'", mha, x, { mask = 1 })
  end)
end)

describe("transformers", function()
  before_each(function() tocha.manual_seed(5) end)

  it("stack copies that begin alike and are trained apart", function()
    local layer <const> = nn.TransformerEncoderLayer(8, 2, 16)
    local net <const> = nn.TransformerEncoder(layer, 3)
    local first <const>, last <const> = net.layers[1].linear1.weight, net.layers[3].linear1.weight
    alike(first:detach(), last:detach())
    first:detach():zero_()
    assert.is_true(last:detach():abs():max():item() > 0)
    assert.equal(3 * layer:num_parameters(), net:num_parameters())
  end)

  it("tell a causal mask from another", function()
    local net <const>, x <const> = gpt { batch_first = true }, random(2, 5, 8)
    local mask <const> = nn.Transformer.generate_square_subsequent_mask(5)
    local want <const> = net(x, { is_causal = true }):detach()
    alike(net(x, mask):detach(), want, 1e-10, 1e-12)
    alike(net(x, mask:ne(0)):detach(), want, 1e-10, 1e-12)
    local open <const> = mask:clone()
    open[1][5] = 0.0
    assert.is_false((support.alike(net(x, open):detach(), want, 1e-6)))
    alike(net(x, mask, nil, false):detach(), want, 1e-10, 1e-12)
  end)

  it("do not look ahead", function()
    local net <const>, x <const> = gpt { batch_first = true }, random(2, 6, 8)
    local other <const> = x:clone()
    other:narrow(2, 5, 2):fill_(3)
    local y <const>, z <const> = net(x, { is_causal = true }), net(other, { is_causal = true })
    assert.same(y:narrow(2, 1, 4):totable(), z:narrow(2, 1, 4):totable())
    assert.is_false((support.alike(y:detach(), z:detach(), 1e-6)))
  end)

  it("take activations by name, as functions and as modules", function()
    local x <const> = random(3, 2, 8)
    local function layer(activation)
      tocha.manual_seed(1)
      return nn.TransformerEncoderLayer(8, 2, 16, { activation = activation }):double():eval()
    end
    local want <const> = layer "gelu" (x):detach()
    alike(layer(nn.GELU())(x):detach(), want, 1e-12)
    alike(layer(nn.functional.gelu)(x):detach(), want, 1e-12)
    fails_with("'activation'", nn.TransformerEncoderLayer, 8, 2, { activation = "no such" })
    fails_with("'activation'", nn.TransformerEncoderLayer, 8, 2, { activation = 3 })
  end)

  it("start from Xavier's values, and drop out in training", function()
    local net <const> = nn.Transformer(8, 2, 1, 1, 16)
    local w <const> = net.encoder.layers[1].linear1.weight:detach():abs():max():item()
    assert.is_true(w <= math.sqrt(6 / 24) and w > 0.8 * math.sqrt(6 / 24))
    local src <const>, tgt <const> = tocha.randn(4, 2, 8), tocha.randn(3, 2, 8)
    assert.is_false((support.alike(net(src, tgt):detach(), net(src, tgt):detach(), 1e-4)))
    net:eval()
    alike(net(src, tgt):detach(), net(src, tgt):detach())
  end)

  it("drop out in three places a layer, in four with memory", function()
    local function places(layer, ...)
      local count = 0
      for _, m in ipairs(layer:modules()) do
        if m:is(nn.Dropout) then
          m:register_forward_hook(function() count = count + 1 end)
        end
      end
      layer(...)
      return count
    end
    local x <const> = tocha.randn(3, 2, 8)
    assert.equal(3, places(nn.TransformerEncoderLayer(8, 2, 16), x))
    assert.equal(4, places(nn.TransformerDecoderLayer(8, 2, 16), x, x))
  end)

  it("are shown as one would write them", function()
    local layer <const> = nn.TransformerEncoderLayer(8, 2, 16, 0.2, { norm_first = true })
    assert.truthy(tostring(layer):find("TransformerEncoderLayer(8, 2, {dim_feedforward = 16, "
      .. "dropout = 0.2, norm_first = true}", 1, true))
    assert.truthy(tostring(nn.TransformerEncoder(layer, 2)):find("[1-2] 2 x Transformer", 1, true))
  end)
end)
