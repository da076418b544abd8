-- Multi-head attention, with PyTorch's parameters and masks: a boolean mask is true where a key
-- must NOT be seen (in nn.functional.scaled_dot_product_attention it is true where it may be), a
-- floating one is added to the scores.
--
-- Inside, queries, keys and values are (B * heads, tokens, width): what the fused operation takes.
-- It is used unless the weights are asked for, dropped out or their mask is learned.

local core = require "tocha.core"
local registry = require "tocha.op"
local rule = require "tocha.rule"
local signature = require "tocha.signature"
local Module = require "tocha.nn.module"
local Linear = require "tocha.nn.linear".Linear
local init = require "tocha.nn.initialize"
local masks = require "tocha.nn.attention_mask"

local ops <const> = registry.ops
local NAME <const> = "MultiheadAttention"

local MultiheadAttention <const> = Module:extend(NAME,
  "embed_dim, num_heads, dropout = 0.0, bias = true, add_bias_kv = false, add_zero_attn = false, "
  .. "kdim = nil, vdim = nil, batch_first = false, device = nil, dtype = nil, rotary = nil")
MultiheadAttention.owns = { device = true, dtype = true }

local function fail(...) core.fail(NAME, ...) end

-- ---- parameters ---------------------------------------------------------------------------------

local function check_arguments(self)
  for _, name in ipairs { "embed_dim", "num_heads" } do
    if math.type(self[name]) ~= "integer" or self[name] < 1 then
      fail(name, "expected a positive integer, got %s", tostring(self[name]))
    end
  end
  if self.embed_dim % self.num_heads ~= 0 then
    fail("embed_dim", "%d is not divisible by num_heads %d", self.embed_dim, self.num_heads)
  end
end

function MultiheadAttention:build(args)
  check_arguments(self)
  self.head_dim = self.embed_dim // self.num_heads
  self.out_proj = Linear(self.embed_dim, self.embed_dim,
    { bias = self.bias, device = args.device, dtype = args.dtype })
  Module.build(self, args)
end

local function widths(self) return self.kdim or self.embed_dim, self.vdim or self.embed_dim end

-- Keys and values as wide as queries: one weight for the three.
function MultiheadAttention:shapes()
  local E <const>, kdim <const>, vdim <const> = self.embed_dim, widths(self)
  local packed <const> = kdim == E and vdim == E
  return {
    packed and { "in_proj_weight", { 3 * E, E } },
    not packed and { "q_proj_weight", { E, E } },
    not packed and { "k_proj_weight", { E, kdim } },
    not packed and { "v_proj_weight", { E, vdim } },
    self.bias and { "in_proj_bias", { 3 * E } },
    self.add_bias_kv and { "bias_k", { 1, 1, E } },
    self.add_bias_kv and { "bias_v", { 1, 1, E } },
  }
end

function MultiheadAttention:reset_parameters()
  for _, name in ipairs { "in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight" } do
    if self[name] then init.xavier_uniform_(self[name]) end
  end
  if self.bias then
    init.zeros_(self.in_proj_bias)
    init.zeros_(self.out_proj.bias)
  end
  if self.bias_k then
    init.xavier_normal_(self.bias_k)
    init.xavier_normal_(self.bias_v)
  end
end

-- ---- queries, keys, values ----------------------------------------------------------------------

-- (L, B, E), or (B, L, E) with batch_first, as (B * heads, L, width)
local function to_heads(self, x)
  local d1 <const>, d2 <const> = x:size(1), x:size(2)
  local y <const> = x:view(d1, d2, self.num_heads, self.head_dim)
  if self.batch_first then
    return y:permute(1, 3, 2, 4):reshape(d1 * self.num_heads, d2, self.head_dim)
  end
  return y:permute(2, 3, 1, 4):reshape(d2 * self.num_heads, d1, self.head_dim)
end

-- And back, from `B` sequences. Of one token all lies as it should.
local function from_heads(self, y, B)
  local L <const> = y:size(2)
  if L == 1 then
    return self.batch_first and y:view(B, 1, self.embed_dim) or y:view(1, B, self.embed_dim)
  end
  local parts <const> = y:view(B, self.num_heads, L, self.head_dim)
  if self.batch_first then return parts:permute(1, 3, 2, 4):reshape(B, L, self.embed_dim) end
  return parts:permute(3, 1, 2, 4):reshape(L, B, self.embed_dim)
end

local WEIGHTS <const> = { "q_proj_weight", "k_proj_weight", "v_proj_weight" }

-- The k-th of query, key and value, by heads.
local function project(self, x, k)
  local E <const> = self.embed_dim
  local weight <const> = self.in_proj_weight and self.in_proj_weight:narrow(1, (k - 1) * E + 1, E)
    or self[WEIGHTS[k]]
  local bias <const> = self.bias and self.in_proj_bias:narrow(1, (k - 1) * E + 1, E) or nil
  return to_heads(self, ops.linear(x, weight, bias))
end

local function project_all(self, query, key, value)
  if self.in_proj_weight and rawequal(query, key) and rawequal(key, value) then
    return ops.split_qkv(ops.linear(query, self.in_proj_weight, self.in_proj_bias), self.num_heads,
      self.batch_first)
  end
  return project(self, query, 1), project(self, key, 2), project(self, value, 3)
end

-- With what a cache has from before. The third result is the number of tokens before these.
local function with_cache(self, a)
  local cache <const> = a.cache
  if not cache then
    local q, k, v = project_all(self, a.query, a.key, a.value)
    if self.rotary then q, k = self.rotary(q), self.rotary(k) end
    return q, k, v, 0
  end
  if cache.static then
    if #cache == 0 then cache:append(project(self, a.key, 2), project(self, a.value, 3)) end
    local k, v = cache:get()
    return project(self, a.query, 1), k, v, 0
  end
  local before <const> = #cache
  local q, k, v = project_all(self, a.query, a.key, a.value)
  if self.rotary then q, k = self.rotary(q, before), self.rotary(k, before) end
  k, v = cache:append(k, v)
  return q, k, v, before
end

-- A learned key and value, and one of zeros, after the others.
local function with_extras(self, k, v, B)
  local function by_heads(bias)
    return bias:view(1, self.num_heads, 1, self.head_dim)
      :expand(B, self.num_heads, 1, self.head_dim):reshape(-1, 1, self.head_dim)
  end
  if self.bias_k then
    k, v = ops.cat({ k, by_heads(self.bias_k) }, 2), ops.cat({ v, by_heads(self.bias_v) }, 2)
  end
  if self.add_zero_attn then
    local zero <const> = core.new(k, nil, k:size(1), 1, k:size(3)):zero_()
    k, v = ops.cat({ k, zero }, 2), ops.cat({ v, zero }, 2)
  end
  return k, v
end

-- ---- attention ----------------------------------------------------------------------------------

-- The sums of the values, and the weights where they are wanted; mask as masks.merged gives it.
local function attend(self, q, k, v, mask, causal, need_weights)
  local p <const> = self.is_training and self.dropout or 0
  local scale <const> = 1 / math.sqrt(self.head_dim)
  if not need_weights and p == 0 and not (mask and mask.requires_grad) then
    return (ops.attention(q, k, v, mask, causal, scale))
  end
  local weights = ops.attention_weights(q, k, mask, causal, scale)
  if p > 0 then weights = ops.dropout(weights, p) end
  return ops.matmul(weights, v), weights
end

local function check_input(argument, x, width)
  if not core.is_tensor(x) or x.ndim ~= 2 and x.ndim ~= 3 then
    fail(argument, "expected (tokens, %d) or a batch of it, got %s", width,
      core.is_tensor(x) and "a " .. rule.text(x.shape) .. " tensor" or "a " .. type(x))
  end
  if x:size(-1) ~= width then
    fail(argument, "expected %d columns, got %s", width, rule.text(x.shape))
  end
end

-- The number of sequences; all three must have it, and keys and values as many tokens.
local function check_inputs(self, a)
  local kdim <const>, vdim <const> = widths(self)
  check_input("query", a.query, self.embed_dim)
  check_input("key", a.key, kdim)
  check_input("value", a.value, vdim)
  if rawequal(a.query, a.key) and rawequal(a.key, a.value) then return end
  local shapes <const> = ("%s, %s, %s"):format(rule.text(a.query.shape), rule.text(a.key.shape),
    rule.text(a.value.shape))
  local batch <const>, tokens <const> = self.batch_first and 1 or 2, self.batch_first and 2 or 1
  if a.query.ndim ~= a.key.ndim or a.key.ndim ~= a.value.ndim then
    fail(nil, "query, key and value have different numbers of dimensions: %s", shapes)
  end
  if a.query.ndim == 3 and (a.query:size(batch) ~= a.key:size(batch)
    or a.key:size(batch) ~= a.value:size(batch)) then
    fail(nil, "query, key and value have different numbers of sequences: %s", shapes)
  end
  local d <const> = a.query.ndim == 3 and tokens or 1
  if a.key:size(d) ~= a.value:size(d) then
    fail(nil, "key and value have different numbers of tokens: %s", shapes)
  end
end

-- One sequence is a batch of one; what is the same tensor stays so.
local function as_batch(self, a)
  local d <const> = self.batch_first and 1 or 2
  local query <const>, key <const>, value <const> = a.query, a.key, a.value
  a.query = query:unsqueeze(d)
  a.key = rawequal(key, query) and a.query or key:unsqueeze(d)
  a.value = rawequal(value, key) and a.key or value:unsqueeze(d)
  if a.key_padding_mask then a.key_padding_mask = a.key_padding_mask:unsqueeze(1) end
end

local CALL <const> = "query, key = nil, value = nil, key_padding_mask = nil, need_weights = true, "
  .. "attn_mask = nil, average_attn_weights = true, is_causal = false, cache = nil"

local function arguments(self, ...)
  local a <const> = {}
  signature.read(CALL, NAME, a, ...)
  if a.key == nil then a.key = a.query end
  if a.value == nil then a.value = a.key end
  check_inputs(self, a)
  return a
end

-- (B * heads, rows, keys) as (B, heads, rows, keys), or the mean over the heads.
local function shown_weights(self, weights, B, average)
  local y <const> = weights:view(B, self.num_heads, weights:size(2), weights:size(3))
  return average and y:mean(2) or y
end

--- nn.MultiheadAttention(embed_dim, num_heads, {dropout = 0, bias = true, add_bias_kv = false,
--- add_zero_attn = false, kdim = embed_dim, vdim = embed_dim, batch_first = false, rotary = nil}):
--- attention of several heads (Vaswani et al., 2017). `rotary`, an nn.RotaryEmbedding of the width
--- of a head, turns queries and keys.
---
--- mha(query, key = query, value = key, {key_padding_mask =, need_weights = true, attn_mask =,
--- average_attn_weights = true, is_causal = false, cache = nil}): inputs are (L, B, E), (B, L, E)
--- with `batch_first`, or (L, E). Returns the output, and the weights (B, L, S) unless need_weights
--- is false, for each head (B, heads, L, S) with average_attn_weights = false. Masks are boolean,
--- true where a key is hidden, or floating and added: key_padding_mask (B, S), attn_mask (L, S),
--- (B * heads, L, S) or (B, heads, L, S), where 1 stands for all. is_causal hides what comes later,
--- beside attn_mask. `cache` is an nn.KVCache; masks are over all of its tokens.
function MultiheadAttention:forward(...)
  local a <const> = arguments(self, ...)
  local single <const> = a.query.ndim == 2
  if single then as_batch(self, a) end
  local B <const> = a.query:size(self.batch_first and 1 or 2)
  local q, k, v, before = with_cache(self, a)
  local keys <const> = k:size(2)
  k, v = with_extras(self, k, v, B)
  local mask <const>, causal <const> = masks.merged(NAME, a,
    { B, self.num_heads, q:size(2), keys }, before, k:size(2) - keys)
  local y, weights = attend(self, q, k, v, mask, causal, a.need_weights)
  local output <const> = self.out_proj(from_heads(self, y, B))
  weights = a.need_weights and shown_weights(self, weights, B, a.average_attn_weights) or nil
  if not single then return output, weights end
  return output:squeeze(self.batch_first and 1 or 2), weights and weights:squeeze(1)
end

return { MultiheadAttention = MultiheadAttention, KVCache = require "tocha.nn.attention_cache" }
