-- Attention, rotary positions, key-value caches, and the recurrences that stand in for attention.

local execute = require "tocha.onnx.execute"
local op = require "tocha.onnx.registry".op
local registry = require "tocha.op"

local ops <const> = registry.ops
local INF <const> = math.huge

-- ---- heads --------------------------------------------------------------------------------------

-- (B, S, heads * width) as (B, heads, S, width), and the way back.
local function by_heads(x, heads)
  return x:reshape(x:size(1), x:size(2), heads, x:size(3) // heads):transpose(2, 3)
end

local function side_by_side(x)
  return x:transpose(2, 3):reshape(x:size(1), x:size(3), x:size(2) * x:size(4))
end

local function shared(x, heads)
  return x:size(2) == heads and x or ops.repeat_interleave(x, heads // x:size(2), 2)
end

local function along(n, x)
  return ops.arange(0, n - 1, 1, { dtype = "int64", device = x.device })
end

-- ---- what may be seen ---------------------------------------------------------------------------

local function additive(allowed, x)
  return ops.where(allowed, ops.zeros({}, { dtype = x.dtype, device = x.device }), -INF)
end

-- A mask of fewer keys than there are hides the rest.
local function as_bias(mask, keys, x)
  if not mask then return nil end
  local is_bool <const>, missing <const> = mask.dtype == "bool", keys - mask:size(-1)
  local bias <const> = is_bool and additive(mask, x) or mask
  return missing > 0 and ops.constant_pad_nd(bias, { 0, missing }, -INF) or bias
end

-- How far query 0 lies behind key 0: a number, or one for each example as (B, 1, 1, 1).
local function offset_of(q, past, lengths)
  if past then return past:size(3) end
  return lengths and (lengths - q:size(3)):reshape { -1, 1, 1, 1 } or 0
end

-- The bias by position alone, or nil: no key after the query's own, or beyond the window.
local function positional(a, q, keys, offset)
  local left <const>, right <const> = a.left_window_size, a.right_window_size
  local ahead <const> = along(keys, q) - along(q:size(3), q):unsqueeze(2) - offset
  local allowed
  local function also(seen) allowed = allowed and allowed:logical_and(seen) or seen end
  if a.is_causal == 1 then also(ahead:le(0)) end
  if left >= 0 then also(ahead:ge(-left)) end
  if right >= 0 then also(ahead:le(right)) end
  return allowed and additive(allowed, q)
end

local function sum_of(...)
  local sum
  for k = 1, select("#", ...) do
    local bias <const> = (select(k, ...))
    sum = sum and bias and sum + bias or sum or bias
  end
  return sum
end

local function bias_of(a, q, keys, mask, past, lengths)
  local padding <const> = lengths
    and additive(along(keys, q):lt(lengths:reshape { -1, 1, 1, 1 }), q)
  return sum_of(as_bias(mask, keys, q) or false, positional(a, q, keys, offset_of(q, past, lengths))
    or false, padding or false) or nil
end

-- ---- scores and weights -------------------------------------------------------------------------

-- softmax along the last dimension; rows that see nothing are zeros.
local function weights_of(scores, bias)
  local w <const> = ops.softmax(scores, -1)
  if not bias then return w end
  return ops.masked_fill(w, ops.amax(bias, -1, true):eq(-INF):expand(w.shape), 0)
end

local function softcapped(x, cap)
  return cap > 0 and ops.tanh(x / cap) * cap or x
end

-- Everything one by one, for what the fused kernel does not know.
local function composed(a, q, k, v, bias, scale)
  local root <const> = math.sqrt(scale)
  local raw <const> = softcapped(ops.matmul(q * root, (k * root):transpose(3, 4)), a.softcap)
  local scores <const> = bias and raw + bias or raw
  local precise <const> = a.softmax_precision and scores:to(op.dtype(a.softmax_precision).dtype)
    or scores
  local w <const> = weights_of(precise, bias):to(q.dtype)
  local mode <const> = a.qk_matmul_output_mode
  return ops.matmul(w, v), mode == 3 and w or mode == 2 and scores or raw
end

-- The fused kernel keeps no scores, and knows no row that sees nothing.
local function is_plain(a, masked)
  return a.outputs < 4 and a.softcap == 0 and not masked and not a.softmax_precision
    and a.left_window_size < 0 and a.right_window_size < 0
end

local function attention(a, q, k, v, mask, past_k, past_v, lengths)
  local flat <const> = q.ndim == 3
  if flat then
    q, k, v = by_heads(q, a.q_num_heads), by_heads(k, a.kv_num_heads), by_heads(v, a.kv_num_heads)
  end
  if past_k then k, v = ops.cat({ past_k, k }, 3), ops.cat({ past_v, v }, 3) end
  local scale <const> = a.scale or 1 / math.sqrt(q:size(4))
  local heads <const> = q:size(2)
  local y, scores
  if is_plain(a, mask or lengths or past_k and a.is_causal == 1) then
    y = ops.scaled_dot_product_attention(q, k, v, nil, 0, a.is_causal == 1, scale,
      k:size(2) ~= heads)
  else
    local bias <const> = bias_of(a, q, k:size(3), mask, past_k, lengths)
    y, scores = composed(a, q, shared(k, heads), shared(v, heads), bias, scale)
  end
  return flat and side_by_side(y) or y, k, v, scores
end

op "Attention" {
  since = 23,
  inputs = "Q, K, V, attn_mask?, past_key?, past_value?, nonpad_kv_seqlen?",
  attributes = { is_causal = 0, kv_num_heads = op.int, q_num_heads = op.int, scale = op.float,
    qk_matmul_output_mode = 0, softcap = 0.0, softmax_precision = op.int, left_window_size = -1,
    right_window_size = -1 },
  doc = "Scaled dot-product attention of (B, heads, S, width) or (B, S, heads * width), where "
    .. "query heads may share key heads; then the keys and values with those of the past, and "
    .. "the scores.",
  run = attention,
}

-- What a graph of the node makes of x; x where there is none.
local function modified(a, graph, x)
  return graph and execute.inside(graph, a.scope, { x })[1] or x
end

local function flex_attention(a, q, k, v)
  local heads <const>, scale <const> = q:size(2), math.sqrt(a.scale or 1 / math.sqrt(q:size(4)))
  local half <const> = q.dtype == "float16" or q.dtype == "bfloat16"
  local precise <const> = a.softmax_precision and op.dtype(a.softmax_precision).dtype
    or half and "float32" or q.dtype
  local keys <const> = shared(k, heads) * scale
  local scores <const> = ops.matmul(q * scale, keys:transpose(3, 4)):to(precise)
  local w <const> = modified(a, a.prob_mod, ops.softmax(modified(a, a.score_mod, scores), -1))
  return ops.matmul(w, shared(v, heads):to(precise)):to(v.dtype)
end

op "ai.onnx.preview.FlexAttention" {
  since = 1, inputs = "Q, K, V",
  attributes = { prob_mod = op.graph, score_mod = op.graph, scale = op.float,
    softmax_precision = op.int },
  doc = "Attention whose scores and probabilities go through graphs of the user's.",
  run = flex_attention,
}

-- ---- positions and caches -----------------------------------------------------------------------

-- The two columns of each pair of x (B, S, heads, 2 n), and what puts them together again.
local function pairs_of(x, interleaved)
  local n <const> = x:size(4) // 2
  if not interleaved then
    return x:narrow(4, 1, n), x:narrow(4, n + 1, n), function(u, v) return ops.cat({ u, v }, 4) end
  end
  local sides <const> = x:unflatten(4, { n, 2 })
  return sides:select(5, 1), sides:select(5, 2), function(u, v)
    return ops.stack({ u, v }, 5):flatten(4, 5)
  end
end

-- (positions, n) looked up by (B, S), or (B, S, n), as (B, S, 1, n).
local function angles(cache, ids)
  if ids then cache = ops.embedding(ids:to "int64" + 1, cache) end
  return cache:unsqueeze(3)
end

local function rotary_embedding(a, x, cos, sin, ids)
  local flat <const> = x.ndim == 3
  local rows <const> = flat and x:reshape(x:size(1), x:size(2), a.num_heads, -1)
    or x:transpose(2, 3)
  local width <const> = rows:size(4)
  local turned <const> = a.rotary_embedding_dim > 0 and a.rotary_embedding_dim or width
  local u, v, together = pairs_of(rows:narrow(4, 1, turned), a.interleaved == 1)
  cos, sin = angles(cos, ids), angles(sin, ids)
  local y = together(u * cos - v * sin, u * sin + v * cos)
  if turned < width then y = ops.cat({ y, rows:narrow(4, turned + 1, width - turned) }, 4) end
  return flat and y:reshape(x.shape) or y:transpose(2, 3)
end

op "RotaryEmbedding" {
  since = 23, inputs = "X, cos_cache, sin_cache, position_ids?",
  attributes = { interleaved = 0, num_heads = op.int, rotary_embedding_dim = 0 },
  doc = "Rotary positions (Su et al., \"RoFormer\", 2021) of (B, heads, S, width) or (B, S, "
    .. "heads * width).",
  run = rotary_embedding,
}

local function tensor_scatter(a, cache, update, starts)
  local axis <const> = op.axis(a.axis, cache.ndim)
  local column <const>, row <const> = {}, {}
  for d = 1, cache.ndim do column[d], row[d] = d == 1 and -1 or 1, d == axis and -1 or 1 end
  local places = along(update:size(axis), cache):reshape(row)
  if starts then places = places + starts:to "int64":reshape(column) end
  if a.mode == "circular" then places = ops.remainder(places, cache:size(axis)) end
  return ops.scatter(cache, axis, (places + 1):expand(update.shape), update)
end

op "TensorScatter" {
  since = 24, inputs = "past_cache, update, write_indices?",
  attributes = { axis = -2, mode = "linear" },
  doc = "A cache with an update written into it along an axis, from each example's write index on; "
    .. "circular: on past the end to the beginning.",
  run = tensor_scatter,
}

-- ---- recurrences --------------------------------------------------------------------------------

local function causal_conv(a, x, weight, bias, past)
  local channels <const>, before <const> = x:size(2), weight:size(3) - 1
  local padded <const> = past and ops.cat({ past, x }, 3) or ops.constant_pad_nd(x, { before, 0 })
  local y <const> = ops.conv1d(padded, weight, bias, 1, 0, 1, channels)
  local silu <const> = a.activation == "silu" or a.activation == "swish"
  return silu and ops.silu(y) or y, padded:narrow(3, padded:size(3) - before + 1, before)
end

op "CausalConvWithState" {
  since = 27, inputs = "input, weight, bias?, past_state?", attributes = { activation = "none" },
  doc = "A convolution of each channel (B, C, L) that sees no later element; what came before is "
    .. "the past state, and the present state what a later call needs.",
  run = causal_conv,
}

-- (B, T, H) or (B, T, H * width) as (B, H, T, 1 or width), in single precision.
local function unpacked(x, heads)
  if not x then return nil end
  return by_heads(x:to "float32", x:size(3) % heads == 0 and heads or 1)
end

-- The state after a step; `k` and `v` are (B, H, width), the state (B, H, keys, values).
local function updated(state, k, v, decay, beta)
  if decay then state = state * ops.exp(decay):unsqueeze(4) end
  if beta then v = beta * (v - ops.matmul(k:unsqueeze(3), state):squeeze(3)) end
  return state + k:unsqueeze(4) * v:unsqueeze(3)
end

local NEEDS <const> = { linear = {}, gated = { decay = true }, delta = { beta = true },
  gated_delta = { decay = true, beta = true } }

local function linear_attention(a, q, k, v, past, decay, beta)
  local needs <const> = NEEDS[a.update_rule]
  local function fits(input, name) return (input ~= nil) == (needs[name] == true) end
  if not (needs and fits(decay, "decay") and fits(beta, "beta")) then
    op.fail("the update rule '%s' does not go with these inputs", a.update_rule)
  end
  local heads <const>, kv <const>, dtype <const> = a.q_num_heads, a.kv_num_heads, q.dtype
  local out_dtype <const> = past and past.dtype or dtype
  q, k, v = unpacked(q, heads), unpacked(k, kv), unpacked(v, kv)
  decay, beta = unpacked(decay, kv), unpacked(beta, kv)
  local scale <const> = a.scale ~= 0 and a.scale or 1 / math.sqrt(q:size(4))
  local state = past and past:to "float32"
    or ops.zeros({ q:size(1), kv, k:size(4), v:size(4) }, { device = q.device })
  local outputs <const> = {}
  local function at(x, t) return x and x:select(3, t) end
  for t = 1, q:size(3) do
    state = updated(state, at(k, t), at(v, t), at(decay, t), at(beta, t))
    outputs[t] = ops.matmul(at(q, t):unsqueeze(3), shared(state, heads)):squeeze(3) * scale
  end
  return side_by_side(ops.stack(outputs, 3)):to(dtype), state:to(out_dtype)
end

op "LinearAttention" {
  since = 27, inputs = "query, key, value, past_state?, decay?, beta?",
  attributes = { chunk_size = 64, kv_num_heads = op.int, q_num_heads = op.int, scale = 0.0,
    update_rule = "gated_delta" },
  doc = "Attention by a state, the sum of outer products of keys and values, which decays and "
    .. "forgets by update_rule (Yang et al., \"Gated delta networks\", 2024).",
  run = linear_attention,
}
