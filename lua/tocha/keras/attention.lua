-- keras.layers: Attention and MultiHeadAttention.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local Module = require "tocha.nn.module"
local layer = require "tocha.keras.layer"
local weights = require "tocha.keras.weights"

-- ---- Attention ----------------------------------------------------------------------------------

--- Attention(){ query, value, key = value }: queries (N, Tq, E), values (N, Tv, Ev): what the
--- queries see of the values, weighted by the softmax of the products with the keys (not scaled),
--- or by score_mode = "concat" of tanh(query + key). use_scale: the scores are times a learned
--- number.
local Attention <const> = layer.define("Attention", Module,
  "use_scale = false, score_mode = 'dot', dropout = 0.0, seed = nil",
  { { "scale", "scale" }, { "concat_score_weight", "concat_score_weight" } })

function Attention:setup(args)
  if args.score_mode ~= "dot" and args.score_mode ~= "concat" then
    core.fail("Attention", "score_mode", "expected 'dot' or 'concat', got '%s'",
      tostring(args.score_mode))
  end
end

function Attention:shapes(args)
  return { args.use_scale and { "scale", {} },
    args.score_mode == "concat" and { "concat_score_weight", {} } }
end

function Attention:reset_parameters()
  for _, p in ipairs(self:parameters()) do p:detach():fill_(1) end
end

local function scores_of(self, q, k)
  if self.score_mode == "dot" then
    local scores <const> = q:matmul(k:transpose(2, 3))
    return self.scale and scores * self.scale or scores
  end
  local sum <const> = q:unsqueeze(3) + k:unsqueeze(2)
  local bent <const> = (self.scale and sum * self.scale or sum):tanh()
  return bent:sum(-1) * self.concat_score_weight
end

function Attention:forward(list, use_causal_mask)
  local q <const>, v <const>, k <const> = list[1], list[2], list[3] or list[2]
  local scores = scores_of(self, q, k)
  if use_causal_mask then
    local seen <const> = ops.ones({ q:size(2), k:size(2) }, { dtype = "bool" }):tril()
    scores = scores:masked_fill(seen:logical_not(), -math.huge)
  end
  local shares = scores:softmax(-1)
  if self.is_training and self.dropout > 0 then
    shares = ops.dropout(shares, self.dropout, true)
  end
  return shares:matmul(v)
end

-- ---- MultiHeadAttention -------------------------------------------------------------------------

-- Keras's kernels are (E, heads, width), and (heads, width, E) for the output; its biases (heads,
-- width).
local INWARD <const> = {
  to_keras = function(w, self)
    return w:transpose(1, 2):reshape { w:size(2), self.num_heads, -1 }
  end,
  from_keras = function(k) return k:flatten(2):transpose(1, 2) end,
}
local BIAS <const> = {
  to_keras = function(b, self) return b:reshape { self.num_heads, -1 } end,
  from_keras = function(b) return b:flatten() end,
}
local OUTWARD <const> = {
  to_keras = function(w, self)
    return w:transpose(1, 2):reshape { self.num_heads, -1, w:size(1) }
  end,
  from_keras = function(k) return k:flatten(1, 2):transpose(1, 2) end,
}

local WEIGHTS <const> = {}
for _, name in ipairs { "query", "key", "value" } do
  WEIGHTS[#WEIGHTS + 1] = { "kernel", name .. "_weight", INWARD }
  WEIGHTS[#WEIGHTS + 1] = { "bias", name .. "_bias", BIAS }
end
WEIGHTS[#WEIGHTS + 1] = { "kernel", "output_weight", OUTWARD }
WEIGHTS[#WEIGHTS + 1] = { "bias", "output_bias", weights.PLAIN }

--- MultiHeadAttention(num_heads, key_dim, {value_dim = key_dim, dropout = 0, use_bias = true,
--- output_shape = E}): mha(query, value, key = value, {attention_mask =, use_causal_mask = false})
--- gives (N, Tq, E). attention_mask is true where a key may be seen, (N, Tq, Tv).
local MultiHeadAttention <const> = layer.define("MultiHeadAttention", Module,
  "num_heads, key_dim, value_dim = nil, dropout = 0.0, use_bias = true, output_shape = nil, "
  .. layer.options("kernel", "glorot_uniform") .. ", " .. layer.options("bias", "zeros")
  .. ", activity_regularizer = nil, seed = nil", WEIGHTS)

-- Widths of queries, values and keys, from the first call.
MultiHeadAttention.lazy = { field = "_sizes", key = "query_weight",
  of_weight = function(_, shape) return { shape[2], shape[2], shape[2] } end }

function MultiHeadAttention:shapes(args)
  local q, v, k = table.unpack(self._sizes == 0 and { 0, 0, 0 } or self._sizes)
  local inside <const> = self.num_heads * self.key_dim
  local seen <const> = self.num_heads * (self.value_dim or self.key_dim)
  local out <const> = self.output_shape or q
  local list <const> = { { "query_weight", { inside, q } }, { "key_weight", { inside, k } },
    { "value_weight", { seen, v } }, { "output_weight", { out, seen } } }
  if not args.use_bias then return list end
  for _, row in ipairs { { "query", inside }, { "key", inside }, { "value", seen },
    { "output", out } } do list[#list + 1] = { row[1] .. "_bias", { row[2] } } end
  return list
end

-- (N, T, E) to (N, heads, T, width)
local function heads_of(self, x, name)
  local y <const> = ops.linear(x, self[name .. "_weight"], self[name .. "_bias"])
  return y:reshape { x:size(1), x:size(2), self.num_heads, y:size(3) // self.num_heads }
    :transpose(2, 3)
end

local function read_call(query, value, key, options)
  if type(query) == "table" then return query[1], query[2], query[3] or query[2], value or {} end
  if not core.is_tensor(key) then key, options = value, key end
  return query, value, key, options or {}
end

function MultiHeadAttention:forward(...)
  local query <const>, value <const>, key <const>, options <const> = read_call(...)
  if not self._sizes then
    self:set_size { query:size(-1), value:size(-1), key:size(-1) }
  end
  local mask <const> = options.attention_mask and options.attention_mask:bool():unsqueeze(2)
  local seen <const> = ops.scaled_dot_product_attention(heads_of(self, query, "query"),
    heads_of(self, key, "key"), heads_of(self, value, "value"), {
      attn_mask = mask, is_causal = options.use_causal_mask or false,
      dropout_p = self.is_training and self.dropout or 0.0 })
  local joined <const> = seen:transpose(2, 3)
  return ops.linear(joined:reshape { query:size(1), query:size(2),
    self.num_heads * (self.value_dim or self.key_dim) }, self.output_weight, self.output_bias)
end
