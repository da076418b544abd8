-- Generation with caches, and positions.

local tocha = require "tocha"
local nn <const> = tocha.nn
local common = require "spec.transformer_support"

local alike <const> = common.alike
local fails_with <const> = common.fails_with
local random <const> = common.random
local gpt <const> = common.gpt

-- The outputs for x, some tokens at a time; dimension d counts tokens.
local function in_pieces(x, d, sizes, f)
  local list <const>, at = {}, 1
  for k, n in ipairs(sizes) do
    list[k] = f(x:narrow(d, at, n), at - 1)
    at = at + n
  end
  return tocha.cat(list, d)
end

local PIECES <const> = { { 1, 1, 1, 1, 1, 1 }, { 3, 1, 1, 1 }, { 2, 3, 1 }, { 6 } }

describe("generation with a cache gives what a full pass gives:", function()
  before_each(function() tocha.manual_seed(6) end)

  local KINDS <const> = {
    ["batch first"] = { batch_first = true }, ["tokens first"] = {},
    rotary = { batch_first = true, rotary = nn.RotaryEmbedding(4) },
    ["rotary, interleaved"] = { rotary = nn.RotaryEmbedding(2, { interleaved = true }) },
  }
  for name, options in pairs(KINDS) do
    for k, sizes in ipairs(PIECES) do
      it(("%s, pieces %d"):format(name, k), function()
        local net <const>, d <const> = gpt(options), options.batch_first and 2 or 1
        local x <const> = options.batch_first and random(2, 6, 8) or random(6, 2, 8)
        local full <const> = net(x, { is_causal = true }):detach()
        for _, recorded in ipairs { true, false } do
          local _ <close> = tocha.set_grad_enabled(recorded)
          local cache <const> = net:new_cache()
          local y <const> = in_pieces(x, d, sizes, function(piece)
            return net(piece, { is_causal = true, cache = cache })
          end)
          alike(y:detach(), full, 1e-10, 1e-12)
          assert.equal(6, #cache[1])
        end
      end)
    end
  end

  it("more tokens than the first memory holds", function()
    local mha <const> = nn.MultiheadAttention(8, 2, { batch_first = true }):double()
    local x <const> = random(2, 200, 8)
    local full <const> = mha(x, { is_causal = true, need_weights = false }):detach()
    local _ <close> = tocha.no_grad()
    local cache <const> = nn.KVCache()
    local y <const> = in_pieces(x, 2, { 60, 50, 89, 1 }, function(piece)
      return (mha(piece, { is_causal = true, need_weights = false, cache = cache }))
    end)
    alike(y, full, 1e-10, 1e-12)
  end)

  it("with ALiBi", function()
    local mha <const> = nn.MultiheadAttention(8, 2, { batch_first = true }):double()
    local alibi <const>, x <const> = nn.ALiBi(2):double(), random(2, 6, 8)
    local full <const> = mha(x, { attn_mask = alibi(6), is_causal = true })
    local cache <const> = nn.KVCache()
    local y <const> = in_pieces(x, 2, { 2, 1, 3 }, function(piece, before)
      local n <const> = piece:size(2)
      return (mha(piece, { attn_mask = alibi(n, before + n), is_causal = true, cache = cache }))
    end)
    alike(y:detach(), full:detach(), 1e-10, 1e-12)
  end)

  it("a decoder, whose memory is projected once", function()
    local layer <const> = nn.TransformerDecoderLayer(8, 2, 16, 0, { batch_first = true })
    local net <const> = nn.TransformerDecoder(layer, 2):double():eval()
    local x <const>, memory <const> = random(2, 6, 8), random(2, 3, 8)
    local full <const> = net(x, memory, { tgt_is_causal = true }):detach()
    local cache <const> = net:new_cache()
    local y <const> = in_pieces(x, 2, { 1, 2, 3 }, function(piece, before)
      local given <const> = before == 0 and memory or tocha.zeros_like(memory)
      return net(piece, given, { tgt_is_causal = true, cache = cache })
    end)
    alike(y:detach(), full, 1e-10, 1e-12)
  end)

  it("learned keys and zeros stay last", function()
    local mha <const> = nn.MultiheadAttention(8, 2,
      { batch_first = true, add_bias_kv = true, add_zero_attn = true }):double()
    local x <const> = random(2, 4, 8)
    local full <const> = mha(x, { attn_mask = tocha.ones(4, 4):triu(1):gt(0) })
    local cache <const> = nn.KVCache()
    local y <const> = in_pieces(x, 2, { 1, 2, 1 }, function(piece)
      return (mha(piece, { is_causal = true, cache = cache }))
    end)
    alike(y:detach(), full:detach(), 1e-10, 1e-12)
  end)

  it("gradients flow through a recorded cache", function()
    local mha <const> = nn.MultiheadAttention(4, 1, { batch_first = true }):double()
    local x <const> = random(1, 3, 4):requires_grad_()
    local function run(piece_by_piece)
      mha:zero_grad()
      x.grad = nil
      local cache <const> = nn.KVCache()
      local y <const> = in_pieces(x, 2, piece_by_piece and { 1, 2 } or { 3 }, function(piece)
        return (mha(piece, { is_causal = true, cache = cache }))
      end)
      local loss <const> = (y * y):sum()
      loss:backward()
      return { x.grad, mha.in_proj_weight.grad }
    end
    alike(run(true), run(false), 1e-10, 1e-12)
  end)
end)

describe("nn.KVCache", function()
  local function filled()
    local cache <const> = nn.KVCache()
    cache:append(tocha.arange(1, 8):view(4, 2, 1), tocha.arange(11, 18):view(4, 2, 1))
    return cache
  end

  it("counts, forgets and chooses", function()
    local cache <const> = filled()
    assert.equal(2, #cache)
    assert.equal("KVCache(2 tokens)", tostring(cache))
    local k <const> = cache:reorder(tocha.tensor { 2, 2 }, 2):get()
    assert.same({ { { 5 }, { 6 } }, { { 7 }, { 8 } }, { { 5 }, { 6 } }, { { 7 }, { 8 } } },
      k:totable())
    cache:truncate(1)
    local _, v <const> = cache:get()
    assert.same({ { { 15 } }, { { 17 } }, { { 15 } }, { { 17 } } }, v:totable())
    assert.equal(0, #cache:reset())
    assert.equal(0, #nn.KVCache():reorder(tocha.tensor { 1 }, 1))
  end)

  it("does not write into what the tape may need", function()
    local cache <const>, x <const> = nn.KVCache(), random(1, 2, 3):requires_grad_()
    local k <const> = cache:append(x, x)
    local before <const> = k:totable()
    cache:truncate(1)
    local _ <close> = tocha.no_grad()
    cache:append(random(1, 1, 3), random(1, 1, 3))
    assert.same(before, k:totable())
  end)

  it("says what is wrong", function()
    fails_with("it holds (heads, tokens, width) (4, 2, 1), got (3, 2, 1)", filled().append,
      filled(), tocha.ones(3, 2, 1), tocha.ones(3, 2, 1))
    fails_with("expected 0 .. 2 tokens, got 3", filled().truncate, filled(), 3)
  end)
end)

describe("positions:", function()
  it("sines and cosines", function()
    local encode <const> = nn.PositionalEncoding(6, 0, { max_len = 50 })
    assert.same({ 50, 1, 6 }, encode:state_dict().pe.shape)
    local y <const> = encode(tocha.zeros(10, 2, 6))
    for t = 1, 10 do
      for k = 0, 5 do
        local angle <const> = (t - 1) / 10000 ^ ((k - k % 2) / 6)
        local want <const> = k % 2 == 0 and math.sin(angle) or math.cos(angle)
        assert.near(want, y[t][2][k + 1]:item(), 1e-6)
      end
    end
    local later <const> = nn.PositionalEncoding(6, 0, { batch_first = true })
    assert.same(y:select(2, 1):narrow(1, 4, 2):totable(),
      later(tocha.zeros(3, 2, 6), 3)[3]:totable())
    fails_with("10 tokens after 45 are more than max_len 50", encode, tocha.zeros(10, 1, 6), 45)
    fails_with("expected (T, 6) or a batch of it, got a (10, 1, 5) tensor", encode,
      tocha.zeros(10, 1, 5))
  end)

  it("drop out in training", function()
    local encode <const> = nn.PositionalEncoding(6, 0.5)
    assert.is_true(encode(tocha.ones(10, 2, 6)):eq(0):any():item())
    assert.is_false(encode:eval()(tocha.full({ 10, 2, 6 }, 3)):eq(0):any():item())
  end)

  it("learned", function()
    local embed <const> = nn.PositionalEmbedding(7, 3, { batch_first = true })
    local y <const> = embed(tocha.zeros(2, 4, 3), 2)
    assert.same(embed.weight:narrow(1, 3, 4):totable(), y[2]:totable())
    y:sum():backward()
    assert.same({ 0.0, 0.0, 2.0, 2.0, 2.0, 2.0, 0.0 }, embed.weight.grad:select(2, 1):totable())
    fails_with("4 tokens after 4 are more than max_len 7", embed, tocha.zeros(2, 4, 3), 4)
  end)

  -- (a + ib) e^(i t w)
  local function turned(x, dim, interleaved)
    local y <const>, half <const> = x:clone(), dim // 2
    for t = 1, x:size(1) do
      for k = 0, half - 1 do
        local i <const> = interleaved and 2 * k + 1 or k + 1
        local j <const> = interleaved and 2 * k + 2 or k + 1 + half
        local angle <const> = (t - 1) * 10000 ^ (-2 * k / dim)
        local a <const>, b <const> = x[t][i]:item(), x[t][j]:item()
        y[t][i] = a * math.cos(angle) - b * math.sin(angle)
        y[t][j] = a * math.sin(angle) + b * math.cos(angle)
      end
    end
    return y
  end

  for _, interleaved in ipairs { false, true } do
    it("rotary, interleaved = " .. tostring(interleaved), function()
      local rotary <const> = nn.RotaryEmbedding(6, { interleaved = interleaved })
      local x <const> = random(70, 8)
      alike(rotary(x), turned(x, 6, interleaved), 1e-10, 1e-12)
      local few <const> = x:narrow(1, 1, 5)
      alike(rotary(few, 60), rotary(tocha.cat({ random(60, 8), few }, 1)):narrow(1, 61, 5), 1e-12)
    end)
  end

  it("rotary ones tell only distances", function()
    local rotary <const>, q <const>, k <const> = nn.RotaryEmbedding(8), random(1, 8), random(1, 8)
    local function score(i, j) return (rotary(q, i) * rotary(k, j)):sum():item() end
    assert.near(score(3, 1), score(20, 18), 1e-10)
    assert.is_true(math.abs(score(3, 1) - score(3, 2)) > 1e-6)
  end)

  it("rotary ones follow dtype and length, and refuse odd widths", function()
    local rotary <const> = nn.RotaryEmbedding(4)
    assert.equal("float32", rotary(tocha.randn(3, 4)).dtype)
    local x <const> = random(100, 4)
    alike(rotary(x:narrow(1, 1, 3)), turned(x:narrow(1, 1, 3), 4), 1e-12, 1e-14)
    alike(rotary(x), turned(x, 4), 1e-12, 1e-14)
    alike(nn.RotaryEmbedding(4, { scale = 2 })(x:narrow(1, 1, 1), 6), rotary(x:narrow(1, 1, 1), 3))
    fails_with("expected an even number of columns, got 5", nn.RotaryEmbedding, 5)
    fails_with("expected (..., T, at least 4)", rotary, tocha.randn(3, 2))
  end)

  it("ALiBi's slopes, for powers of two and others", function()
    local eight <const> = nn.ALiBi(8).slopes:totable()
    for k = 1, 8 do assert.near(2.0 ^ -k, eight[k], 1e-7) end
    local twelve <const> = nn.ALiBi(12).slopes:totable()
    for k = 1, 8 do assert.near(2.0 ^ -k, twelve[k], 1e-7) end
    for k = 1, 4 do assert.near(2.0 ^ -(k - 0.5), twelve[8 + k], 1e-7) end
    local mask <const> = nn.ALiBi(2)(2, 3)
    assert.same({ 1, 2, 2, 3 }, mask.shape)
    assert.near(-2 * 2.0 ^ -8, mask[1][2][2][1]:item(), 1e-7)
    assert.near(-1 * 2.0 ^ -4, mask[1][1][1][3]:item(), 1e-7)
  end)
end)
