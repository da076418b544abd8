-- Scaled dot-product attention. The fused kernel never stores the scores; it works on (heads, rows,
-- width) tensors, in which consecutive query heads may share a key head.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local K <const>, empty <const> = core.kernel, core.empty

local NAME <const> = "scaled_dot_product_attention"

-- ---- the definition -----------------------------------------------------------------------------

local function transposed(x) return x:transpose(-2, -1) end

-- Scores that a mask forbids are minus infinity. The mask says true where a key may be seen, or is
-- added.
local function masked(s, mask)
  if mask == nil then return s end
  if mask.dtype ~= "bool" then return s + mask end
  return ops.masked_fill(s, ops.logical_not(mask), -math.huge)
end

local function causal_mask(q, k)
  return ops.tril(ops.ones({ q:size(-2), k:size(-2) }, { dtype = "bool", device = q.device }))
end

-- The weights of the keys; a query that sees none has zeros.
local function weights(s)
  if s:numel() == 0 then return s * 1 end
  local blind = ops.amax(s, -1, true):eq(-math.huge)
  return ops.masked_fill(ops.softmax(ops.masked_fill(s, blind, 0), -1), blind, 0)
end

local function scores(q, k, mask, causal, scale)
  local s = masked(ops.matmul(q, transposed(k)) * scale, mask)
  return causal and masked(s, causal_mask(q, k)) or s
end

-- ---- the fused operation ------------------------------------------------------------------------

-- Each head of x `groups` times, and its inverse for gradients.
local function shared(x, groups)
  if groups == 1 then return x end
  local n, s, e = x:size(1), x:size(2), x:size(3)
  return x:unsqueeze(2):expand(n, groups, s, e):reshape(n * groups, s, e)
end

local function gathered(g, groups)
  if groups == 1 then return g end
  return g:reshape(g:size(1) // groups, groups, g:size(2), g:size(3)):sum(2)
end

local function groups_of(q, k) return k:size(1) == 0 and 1 or q:size(1) // k:size(1) end

-- These run for every token that is generated: what fits is found without making tables.
local methods <const> = core.methods
local size <const>, dim <const> = methods.size, methods.dim

local function check_shape(name, argument, x, ...)
  local fits = dim(x) == select("#", ...)
  for d = 1, fits and dim(x) or 0 do fits = fits and size(x, d) == select(d, ...) end
  if not fits then
    core.fail(name, argument, "expected the shape %s, got %s", rule.text { ... },
      rule.text(x.shape))
  end
end

local function check_dimensions(name, argument, x)
  if x and dim(x) ~= 3 then
    core.fail(name, argument, "expected (heads, rows, width), got %s", rule.text(x.shape))
  end
end

local function check_heads(name, q, k, v, mask)
  check_dimensions(name, "query", q)
  check_dimensions(name, "key", k)
  check_dimensions(name, "value", v)
  check_dimensions(name, "mask", mask)
  local heads <const>, keys <const> = size(k, 1), size(k, 2)
  check_shape(name, "key", k, heads, keys, size(q, 3))
  check_shape(name, "value", v, heads, keys, size(v, 3))
  if heads == 0 and q:size(1) > 0 or heads > 0 and q:size(1) % heads ~= 0 then
    core.fail(name, "query", "%d heads for %d of the key", q:size(1), heads)
  end
  for d, n in ipairs(mask and { q:size(1), q:size(2), keys } or {}) do
    if mask:size(d) ~= 1 and mask:size(d) ~= n then
      core.fail(name, "mask", "%s does not broadcast", rule.text(mask.shape))
    end
  end
end

-- A mask is (1 or heads, 1 or rows, 1 or keys): the strides with which the kernel walks it.
local function mask_arguments(mask)
  if mask == nil then return nil, nil, { 0, 0, 0 } end
  local n, rows, keys = mask:size(1), mask:size(2), mask:size(3)
  local strides = { n == 1 and 0 or rows * keys, rows == 1 and 0 or keys, keys == 1 and 0 or 1 }
  if mask.dtype == "bool" then return nil, mask, strides end
  return mask, nil, strides
end

-- Heads may lie apart (in a cache there is room between them), each contiguous.
local function heads_contiguous(x)
  if x:stride(3) == 1 and x:stride(2) == x:size(3) then return x end
  return x:contiguous()
end

-- The logarithms of sums are as wide as the sums: halves are summed in float32.
local WIDER <const> = { float16 = "float32", bfloat16 = "float32" }

local function sum_dtype(q, k, v, added)
  local d = q.dtype
  if k.dtype ~= d then d = core.promote(d, k.dtype) end
  if v.dtype ~= d then d = core.promote(d, v.dtype) end
  if added and added.dtype ~= d then d = core.promote(d, added.dtype) end
  return WIDER[d] or d
end

op "attention" {
  doc = "Fused attention of (heads, rows, width) tensors, and the logarithm of each row's summed "
    .. "weights (in float32 for halves). `mask` is (1 or heads, 1 or rows, 1 or keys).",
  args = "query: float, key: float, value: float, mask: tensor?, causal: bool, scale: number",
  method = false, outputs = 2, differentiable = 2,
  run = function(q, k, v, mask, causal, scale)
    check_heads("attention", q, k, v, mask)
    local n <const>, rows <const> = q:size(1), q:size(2)
    local added, allowed, strides = mask_arguments(mask)
    local y <const> = empty({ n, rows, v:size(3) }, q.dtype, q)
    local lse <const> = empty({ n, rows }, sum_dtype(q, k, v, added), q)
    K.attention(y, lse, q, heads_contiguous(k), heads_contiguous(v), added, allowed, strides,
      causal, scale)
    return y, lse
  end,
  ref = function(q, k, v, mask, causal, scale)
    local groups <const> = groups_of(q, k)
    local s = scores(q, shared(k, groups), mask, causal, scale)
    return ops.matmul(weights(s), shared(v, groups)),
      ops.logsumexp(s, -1):to(WIDER[s.dtype] or s.dtype)
  end,
  grad = function(g, y, q, k, v, mask, causal, scale)
    return ops.attention_backward(q, k, v, y[1], y[2], g[1] or ops.zeros_like(y[1]), g[2], mask,
      causal, scale)
  end,
  sample = { { { 2, 3, 4 }, { 2, 5, 4 }, { 2, 5, 3 }, nil, false, 0.5 },
    { { 2, 4, 3 }, { 2, 4, 3 }, { 2, 4, 3 }, nil, true, 1.0 },
    { { 4, 3, 2 }, { 2, 5, 2 }, { 2, 5, 2 }, S.value({ { { true, false, true, true, false } } },
      "bool"), false, 0.7 } },
  nograd_sample = { { { 2, 3, 4 }, { 2, 5, 4 }, { 2, 5, 3 }, { 1, 3, 5 }, false, 0.5 },
    { { 1, 70, 8 }, { 1, 300, 8 }, { 1, 300, 8 }, { 1, 70, 1 }, true, 0.4 } },
}

op "attention_backward" {
  doc = "The gradients of `attention` for query, key and value.",
  args = "query: float, key: float, value: float, output: float, lse: float, grad: float, "
    .. "grad_lse: float?, mask: tensor?, causal: bool, scale: number",
  method = false, outputs = 3, differentiable = 3,
  run = function(q, k, v, y, lse, g, g_lse, mask, causal, scale)
    check_heads("attention_backward", q, k, v, mask)
    check_shape("attention_backward", "output", y, q:size(1), q:size(2), v:size(3))
    check_shape("attention_backward", "grad", g, q:size(1), q:size(2), v:size(3))
    check_shape("attention_backward", "lse", lse, q:size(1), q:size(2))
    if g_lse then check_shape("attention_backward", "grad_lse", g_lse, q:size(1), q:size(2)) end
    local gq, gk, gv = empty(q), empty(k), empty(v)
    local added, allowed, strides = mask_arguments(mask)
    local sums <const> = sum_dtype(q, k, v, added)
    lse, g_lse = lse:to(sums), g_lse and g_lse:to(sums)
    K.attention_backward(gq, gk, gv, q, k, v, y, lse, g, g_lse, added, allowed, strides, causal,
      scale)
    return gq, gk, gv
  end,
  -- of query, key and value alone: what y and lse are follows from them
  ref = function(q, k, v, _, _, g, g_lse, mask, causal, scale)
    local groups <const> = groups_of(q, k)
    local keys, values = shared(k, groups), shared(v, groups)
    local p = weights(scores(q, keys, mask, causal, scale))
    local gp = ops.matmul(g, transposed(values))
    local inner = (gp * p):sum(-1, true)
    local gs = p * (gp - (g_lse and inner - g_lse:unsqueeze(-1) or inner)) * scale
    return ops.matmul(gs, keys), gathered(ops.matmul(transposed(gs), q), groups),
      gathered(ops.matmul(transposed(p), g), groups)
  end,
  -- output and lse must fit the rest: one key, with a score of 0
  sample = {}, nograd_sample = { { S.value { { { 0.0, 0.0 } } }, S.value { { { 1.0, 2.0 } } },
    S.value { { { 3.0, 4.0 } } },
    S.value { { { 3.0, 4.0 } } }, S.value { { 0.0 } }, { 1, 1, 2 }, { 1, 1 }, nil, false, 1.0 } },
}

-- ---- heads --------------------------------------------------------------------------------------

op "attention_weights" {
  doc = "The weights with which `attention` sums the values, (heads, rows, keys).",
  args = "query: float, key: float, mask: tensor?, causal: bool, scale: number",
  method = false,
  ref = function(q, k, mask, causal, scale)
    return weights(scores(q, shared(k, groups_of(q, k)), mask, causal, scale))
  end,
  sample = { { { 2, 3, 4 }, { 2, 5, 4 }, nil, false, 0.5 }, { { 4, 3, 2 }, { 2, 3, 2 }, nil, true,
    1.0 } },
}

-- x (B, L, 3 E) or (L, B, 3 E) seen as (3, B, heads, L, E / heads).
local function by_heads(x, heads, batch_first)
  local d1 <const>, d2 <const>, width <const> = x:size(1), x:size(2), x:size(3)
  local parts <const> = x:reshape(d1, d2, 3, heads, width // (3 * heads))
  return batch_first and parts:permute(3, 1, 4, 2, 5) or parts:permute(3, 2, 4, 1, 5)
end

-- Of one token all lies as it should.
local function split(x, heads, batch_first)
  if size(x, 1) == 1 and size(x, 2) == 1 then
    local parts <const> = x:reshape(3, heads, 1, size(x, 3) // (3 * heads))
    return parts:select(1, 1), parts:select(1, 2), parts:select(1, 3)
  end
  local parts <const>, list <const> = by_heads(x, heads, batch_first), {}
  local B <const>, L <const>, E <const> = parts:size(2), parts:size(4), parts:size(5)
  for k = 1, 3 do list[k] = parts:select(1, k):reshape(B * heads, L, E) end
  return table.unpack(list)
end

op "split_qkv" {
  doc = "Query, key and value side by side, (L, B, 3 E), or (B, L, 3 E) with `batch_first`, as "
    .. "three (B * heads, L, E / heads).",
  args = "input: float, heads: int, batch_first: bool = false",
  method = false, outputs = 3, differentiable = 3, saves = "",
  run = function(x, heads, batch_first)
    if dim(x) ~= 3 or heads < 1 or size(x, 3) % (3 * heads) ~= 0 then
      core.fail("split_qkv", 1, "a %s tensor does not part into 3 times %d heads",
        rule.text(x.shape), heads)
    end
    return split(x, heads, batch_first)
  end,
  ref = split,
  grad = function(g, _, x, heads, batch_first)
    local gx <const> = empty(x.shape, x.dtype, x)
    local parts <const> = by_heads(gx, heads, batch_first)
    for k = 1, 3 do
      local part <const> = parts:select(1, k)
      if g[k] then part:copy_(g[k]:view(part.shape)) else part:zero_() end
    end
    return gx
  end,
  sample = { { { 3, 2, 12 }, 2 }, { { 2, 3, 6 }, 1, true }, { { 1, 1, 12 }, 2 } },
}

-- ---- what users call ----------------------------------------------------------------------------

local function check(q, k, v, mask, causal, p)
  for at, x in ipairs { q, k, v } do
    if x.ndim < 2 then
      core.fail(NAME, at, "expected (..., rows, width), got a %s tensor", rule.text(x.shape))
    end
  end
  if q:size(-1) ~= k:size(-1) then
    core.fail(NAME, 2, "%s and the query %s have different widths", rule.text(k.shape),
      rule.text(q.shape))
  end
  if k:size(-2) ~= v:size(-2) then
    core.fail(NAME, 3, "%s and the key %s have different numbers of rows", rule.text(v.shape),
      rule.text(k.shape))
  end
  if mask and causal then core.fail(NAME, 4, "give either attn_mask or is_causal") end
  if p < 0 or p > 1 then core.fail(NAME, 5, "expected a probability, got %g", p) end
end

local function leading(x, count) return { table.unpack(x.shape, 1, x.ndim - count) } end

-- The common leading sizes of some tensors, without their last `count` dimensions.
local function common_batch(count, ...)
  local batch = {}
  for at, x in ipairs { ... } do
    local joined = rule.broadcast_shapes(batch, leading(x, count))
    if not joined then
      core.fail(NAME, at, "the leading sizes of %s do not broadcast with the others'",
        rule.text(x.shape))
    end
    batch = joined
  end
  return batch
end

-- x as (product of batch and heads, rows, width)
local function flat(x, batch, heads)
  local full <const> = { table.unpack(batch) }
  if heads then full[#full + 1] = heads end
  local n <const> = rule.product(full)
  full[#full + 1], full[#full + 2] = x:size(-2), x:size(-1)
  return x:expand(full):reshape(n, x:size(-2), x:size(-1))
end

local function flat_mask(mask, batch, rows, keys)
  while mask.ndim < 2 do mask = mask:unsqueeze(1) end
  local shape <const> = { table.unpack(batch) }
  shape[#shape + 1], shape[#shape + 2] = rows, keys
  local fits <const> = rule.broadcast_shapes(mask.shape, shape)
  if not fits or rule.text(fits) ~= rule.text(shape) then
    core.fail(NAME, 4, "%s does not broadcast to the scores' shape %s", rule.text(mask.shape),
      rule.text(shape))
  end
  if rule.product(leading(mask, 2)) == 1 then
    return mask:reshape(1, mask:size(-2), mask:size(-1))
  end
  return flat(mask, batch)
end

local function check_groups(q, k, v)
  local hq, hk, hv = q:size(-3), k:size(-3), v:size(-3)
  if hk ~= hv or hk == 0 or hq % hk ~= 0 then
    core.fail(NAME, 2, "%d query heads cannot share %d key and %d value heads", hq, hk, hv)
  end
  return hq, hk
end

local function fused(q, k, v, mask, causal, scale, grouped)
  local batch, hq, hk
  if grouped then
    hq, hk = check_groups(q, k, v)
    batch = common_batch(3, q, k, v)
  else
    batch = common_batch(2, q, k, v)
  end
  local full <const> = { table.unpack(batch) }
  if hq then full[#full + 1] = hq end
  if mask then mask = flat_mask(mask, full, q:size(-2), k:size(-2)) end
  local y = ops.attention(flat(q, batch, hq), flat(k, batch, hk), flat(v, batch, hk), mask, causal,
    scale)
  full[#full + 1], full[#full + 2] = q:size(-2), v:size(-1)
  return y:reshape(full)
end

-- With dropout, or a mask that is learned, the weights are needed one by one.
local function by_definition(q, k, v, mask, p, causal, scale, grouped)
  if grouped then
    local hq, hk = check_groups(q, k, v)
    k, v = ops.repeat_interleave(k, hq // hk, -3), ops.repeat_interleave(v, hq // hk, -3)
  end
  local w = weights(scores(q, k, mask, causal, scale))
  return ops.matmul(p > 0 and ops.dropout(w, p, true) or w, v)
end

op(NAME) {
  doc = "softmax(scale * query @ key^T + attn_mask) @ value. The mask is added, or says true "
    .. "where a key may be seen; `scale` is 1 / sqrt(width) unless given; enable_gqa lets query "
    .. "heads share key heads.",
  args = "query: float, key: float, value: float, attn_mask: tensor?, dropout_p: number = 0, "
    .. "is_causal: bool = false, scale: number?, enable_gqa: bool = false",
  method = false,
  ref = function(q, k, v, mask, p, causal, scale, grouped)
    check(q, k, v, mask, causal, p)
    scale = scale or 1 / math.sqrt(q:size(-1))
    if p > 0 or (mask and mask.requires_grad) then
      return by_definition(q, k, v, mask, p, causal, scale, grouped)
    end
    return fused(q, k, v, mask, causal, scale, grouped)
  end,
  sample = { { { 2, 2, 3, 4 }, { 2, 2, 5, 4 }, { 2, 2, 5, 3 } },
    { { 2, 4, 3 }, { 2, 4, 3 }, { 2, 4, 3 }, nil, 0, true },
    { { 3, 4 }, { 5, 4 }, { 5, 4 }, S.mask { 3, 5 }, 0, false, 0.3 },
    { { 2, 3, 4 }, { 2, 5, 4 }, { 2, 5, 4 }, { 3, 5 } },
    { { 2, 4, 3, 2 }, { 2, 2, 5, 2 }, { 2, 2, 5, 2 }, nil, 0, false, nil, true } },
}
