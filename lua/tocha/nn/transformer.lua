-- Transformers as PyTorch has them: layers, stacks and the whole of encoder and decoder.
--
-- Arguments of a call come by place or in one trailing table:
--
--     local layer = nn.TransformerEncoderLayer(64, 4, { batch_first = true, norm_first = true })
--     local gpt = nn.TransformerEncoder(layer, 6, nn.LayerNorm(64))
--     local y = gpt(x, { is_causal = true })
--
-- Generation keeps keys and values: cache = gpt:new_cache(), then gpt(x, {is_causal = true, cache =
-- cache}) for the first tokens and again for each that follows.

local core = require "tocha.core"
local registry = require "tocha.op"
local signature = require "tocha.signature"
local nn = require "tocha.nn"
local init = require "tocha.nn.initialize"
local attention = require "tocha.nn.attention"
local masks = require "tocha.nn.attention_mask"

local Module <const>, ModuleList <const> = nn.Module, nn.ModuleList
local Linear <const>, LayerNorm <const>, Dropout <const> = nn.Linear, nn.LayerNorm, nn.Dropout
local MultiheadAttention <const>, KVCache <const> = attention.MultiheadAttention, attention.KVCache
local ops <const> = registry.ops
local classes <const> = {}

local function read(self, text, ...)
  local a <const> = {}
  signature.read(text, getmetatable(self).__name, a, ...)
  return a
end

-- ---- layers -------------------------------------------------------------------------------------

local LAYER <const> = "d_model, nhead, dim_feedforward = 2048, dropout = 0.1, "
  .. "activation = 'relu', layer_norm_eps = 1e-5, batch_first = false, norm_first = false, "
  .. "bias = true, device = nil, dtype = nil, rotary = nil"

-- The name of an operation, a function or a module.
local function activation_of(self, given)
  local f <const> = type(given) == "string" and ops[given] or given
  if type(f) == "function" or Module.is_instance(f) then return f end
  core.fail(getmetatable(self).__name, "activation",
    "expected the name of an operation, a function or a module, got %s", tostring(given))
end

-- What both kinds of layers have: `attentions` names, and a norm and a dropout for each and for the
-- two linear layers after them.
local function build_layer(self, args, attentions)
  local place <const> = { bias = self.bias, device = args.device, dtype = args.dtype }
  for _, name in ipairs(attentions) do
    self[name] = MultiheadAttention(self.d_model, self.nhead, { dropout = self.dropout_p,
      batch_first = self.batch_first, bias = self.bias, device = args.device, dtype = args.dtype,
      rotary = name == "self_attn" and args.rotary or nil })
  end
  self.linear1 = Linear(self.d_model, self.dim_feedforward, place)
  self.dropout = Dropout(self.dropout_p)
  self.linear2 = Linear(self.dim_feedforward, self.d_model, place)
  for k = 1, #attentions + 1 do
    self["norm" .. k] = LayerNorm(self.d_model, self.layer_norm_eps, place)
    self["dropout" .. k] = Dropout(self.dropout_p)
  end
  self.activate = activation_of(self, self.activation)
end

local function layer_class(name, attentions)
  local class <const> = Module:extend(name, LAYER)
  class.owns = { device = true, dtype = true, dropout = true, rotary = true }
  function class:build(args)
    self.dropout_p = args.dropout
    build_layer(self, args, attentions)
  end
  function class:extra_repr() return signature.show(LAYER, self._args, self._args) end
  classes[name] = class
  return class
end

local function feed_forward(self, x)
  return self.linear2(self.dropout(self.activate(self.linear1(x))))
end

-- x + f(x) with its norm before or after.
local function residual(self, k, x, f)
  local norm <const>, dropout <const> = self["norm" .. k], self["dropout" .. k]
  if self.norm_first then return x + dropout((f(norm(x)))) end
  return norm(x + dropout((f(x))))
end

--- nn.TransformerEncoderLayer(d_model, nhead, dim_feedforward = 2048, dropout = 0.1, activation =
--- "relu", {layer_norm_eps = 1e-5, batch_first = false, norm_first = false, bias = true, rotary =
--- nil}): self-attention and two linear layers, each with a residual and a norm (Vaswani et al.,
--- 2017). `activation`: the name of an operation, a function or a module.
---
--- layer(src, src_mask, src_key_padding_mask, is_causal = false, {cache = nil}): src is (T, B, E),
--- (B, T, E) with `batch_first`, or (T, E); masks and cache as for nn.MultiheadAttention.
local EncoderLayer <const> = layer_class("TransformerEncoderLayer", { "self_attn" })

function EncoderLayer:forward(...)
  local a <const> = read(self, "src, src_mask = nil, src_key_padding_mask = nil, "
    .. "is_causal = false, cache = nil", ...)
  local options <const> = { attn_mask = a.src_mask, key_padding_mask = a.src_key_padding_mask,
    need_weights = false, is_causal = a.is_causal, cache = a.cache }
  local x <const> = residual(self, 1, a.src, function(x) return self.self_attn(x, options) end)
  return residual(self, 2, x, function(y) return feed_forward(self, y) end)
end

--- nn.TransformerDecoderLayer(d_model, nhead, ...): as the encoder's, with attention to `memory`,
--- the encoder's output, in between.
---
--- layer(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask,
--- tgt_is_causal = false, memory_is_causal = false, {cache = nil}): `cache` is {self_attn =,
--- multihead_attn =}, the second one static.
local DecoderLayer <const> = layer_class("TransformerDecoderLayer",
  { "self_attn", "multihead_attn" })

local DECODER <const> = "tgt, memory, tgt_mask = nil, memory_mask = nil, "
  .. "tgt_key_padding_mask = nil, memory_key_padding_mask = nil, "

function DecoderLayer:forward(...)
  local a <const> = read(self, DECODER .. "tgt_is_causal = false, memory_is_causal = false, "
    .. "cache = nil", ...)
  local cache <const> = a.cache or {}
  local own <const> = { attn_mask = a.tgt_mask, key_padding_mask = a.tgt_key_padding_mask,
    need_weights = false, is_causal = a.tgt_is_causal, cache = cache.self_attn }
  local cross <const> = { attn_mask = a.memory_mask, key_padding_mask = a.memory_key_padding_mask,
    need_weights = false, is_causal = a.memory_is_causal, cache = cache.multihead_attn }
  local x = residual(self, 1, a.tgt, function(y) return self.self_attn(y, own) end)
  x = residual(self, 2, x, function(y)
    return self.multihead_attn(y, a.memory, a.memory, cross)
  end)
  return residual(self, 3, x, function(y) return feed_forward(self, y) end)
end

-- ---- stacks -------------------------------------------------------------------------------------

-- Copies of a layer; they begin alike and are trained apart.
local function stack_of(self, layer, n)
  if not Module.is_instance(layer) then
    core.fail(getmetatable(self).__name, 1, "expected a layer, got a %s", type(layer))
  end
  local list <const> = ModuleList()
  for _ = 1, n do list:append(layer:clone()) end
  return list
end

local function stack_class(name, args)
  local class <const> = Module:extend(name, args)
  class.owns = { encoder_layer = true, decoder_layer = true, norm = true }
  function class:build(given)
    self.layers = stack_of(self, given.encoder_layer or given.decoder_layer, self.num_layers)
    self.norm = given.norm
    given.encoder_layer, given.decoder_layer, given.norm = nil, nil, nil
  end
  function class.extra_repr() return "" end
  classes[name] = class
  return class
end

-- Does a mask say no more than is_causal? Then the flag alone is quicker.
local function causal_alone(layer, x, mask, is_causal, cache)
  if is_causal ~= nil or mask == nil or cache then return mask, is_causal or false end
  local d <const> = x.ndim == 3 and layer.batch_first and 2 or 1
  if masks.is_causal(mask, x:size(d)) then return nil, true end
  return mask, false
end

--- nn.TransformerEncoder(encoder_layer, num_layers, norm = nil): copies of a layer one after the
--- other. encoder(src, mask, src_key_padding_mask, is_causal = nil, {cache = encoder:new_cache()}).
local Encoder <const> = stack_class("TransformerEncoder", "encoder_layer, num_layers, norm = nil")

function Encoder:forward(...)
  local a <const> = read(self, "src, mask = nil, src_key_padding_mask = nil, is_causal = nil, "
    .. "cache = nil", ...)
  local mask <const>, causal <const> = causal_alone(self.layers[1], a.src, a.mask, a.is_causal,
    a.cache)
  local x = a.src
  for k, layer in ipairs(self.layers) do
    x = layer(x, { src_mask = mask, src_key_padding_mask = a.src_key_padding_mask,
      is_causal = causal, cache = a.cache and a.cache[k] })
  end
  return self.norm and self.norm(x) or x
end

--- encoder:new_cache(): an empty nn.KVCache for each layer.
function Encoder:new_cache()
  local list <const> = {}
  for k = 1, #self.layers do list[k] = KVCache() end
  return setmetatable(list, { __name = "caches" })
end

--- nn.TransformerDecoder(decoder_layer, num_layers, norm = nil): decoder(tgt, memory, tgt_mask,
--- memory_mask, tgt_key_padding_mask, memory_key_padding_mask, tgt_is_causal = nil,
--- memory_is_causal = false, {cache = decoder:new_cache()}).
local Decoder <const> = stack_class("TransformerDecoder", "decoder_layer, num_layers, norm = nil")

function Decoder:forward(...)
  local a <const> = read(self, DECODER .. "tgt_is_causal = nil, memory_is_causal = false, "
    .. "cache = nil", ...)
  local x, caches <const> = a.tgt, a.cache
  a.tgt, a.cache = nil, nil
  a.tgt_mask, a.tgt_is_causal = causal_alone(self.layers[1], x, a.tgt_mask, a.tgt_is_causal, caches)
  for k, layer in ipairs(self.layers) do
    a.cache = caches and caches[k]
    x = layer(x, a)
  end
  return self.norm and self.norm(x) or x
end

--- decoder:new_cache(): for each layer, one of its own tokens and a static one of the memory.
function Decoder:new_cache()
  local list <const> = {}
  for k = 1, #self.layers do
    list[k] = { self_attn = KVCache(), multihead_attn = KVCache { static = true } }
  end
  return setmetatable(list, { __name = "caches" })
end

-- ---- the whole ----------------------------------------------------------------------------------

local Transformer <const> = Module:extend("Transformer",
  "d_model = 512, nhead = 8, num_encoder_layers = 6, num_decoder_layers = 6, "
  .. "dim_feedforward = 2048, dropout = 0.1, activation = 'relu', custom_encoder = nil, "
  .. "custom_decoder = nil, layer_norm_eps = 1e-5, batch_first = false, norm_first = false, "
  .. "bias = true, device = nil, dtype = nil")
Transformer.owns = { device = true, dtype = true, custom_encoder = true, custom_decoder = true }
classes.Transformer = Transformer

local PASSED <const> = { "dim_feedforward", "dropout", "activation", "layer_norm_eps",
  "batch_first", "norm_first", "bias", "device", "dtype" }

local function stack(self, args, layer, whole, n)
  local options <const> = {}
  for _, name in ipairs(PASSED) do options[name] = args[name] end
  local norm <const> = LayerNorm(self.d_model, self.layer_norm_eps,
    { bias = self.bias, device = args.device, dtype = args.dtype })
  return whole(layer(self.d_model, self.nhead, options), n, norm)
end

function Transformer:build(args)
  self.encoder = args.custom_encoder
    or stack(self, args, EncoderLayer, Encoder, self.num_encoder_layers)
  self.decoder = args.custom_decoder
    or stack(self, args, DecoderLayer, Decoder, self.num_decoder_layers)
  args.custom_encoder, args.custom_decoder = nil, nil
  for _, p in ipairs(self:parameters()) do
    if p.ndim > 1 then init.xavier_uniform_(p) end
  end
end

--- nn.Transformer(d_model = 512, nhead = 8, num_encoder_layers = 6, num_decoder_layers = 6,
--- dim_feedforward = 2048, dropout = 0.1, activation = "relu", {custom_encoder =, custom_decoder =,
--- layer_norm_eps = 1e-5, batch_first = false, norm_first = false, bias = true}).
---
--- net(src, tgt, src_mask, tgt_mask, memory_mask, src_key_padding_mask, tgt_key_padding_mask,
--- memory_key_padding_mask, src_is_causal, tgt_is_causal, memory_is_causal = false)
function Transformer:forward(...)
  local a <const> = read(self, "src, tgt, src_mask = nil, tgt_mask = nil, memory_mask = nil, "
    .. "src_key_padding_mask = nil, tgt_key_padding_mask = nil, memory_key_padding_mask = nil, "
    .. "src_is_causal = nil, tgt_is_causal = nil, memory_is_causal = false", ...)
  local memory <const> = self.encoder(a.src, { mask = a.src_mask,
    src_key_padding_mask = a.src_key_padding_mask, is_causal = a.src_is_causal })
  return self.decoder(a.tgt, memory, { tgt_mask = a.tgt_mask, memory_mask = a.memory_mask,
    tgt_key_padding_mask = a.tgt_key_padding_mask,
    memory_key_padding_mask = a.memory_key_padding_mask, tgt_is_causal = a.tgt_is_causal,
    memory_is_causal = a.memory_is_causal })
end

--- nn.Transformer.generate_square_subsequent_mask(n, {dtype = "float32", device =}): (n, n), zero
--- where a token may look, minus infinity after it.
Transformer.generate_square_subsequent_mask = masks.causal

return classes
