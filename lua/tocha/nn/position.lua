-- Where a token stands: sinusoidal and learned positions, rotary positions, ALiBi.
--
-- Positions are added to inputs (PositionalEncoding, PositionalEmbedding), turn queries and keys
-- (RotaryEmbedding) or are added to scores (ALiBi). Each takes an `offset`, the number of tokens
-- before the first of its input, for generation with a key-value cache.

local core = require "tocha.core"
local registry = require "tocha.op"
local rule = require "tocha.rule"
local Module = require "tocha.nn.module"
local init = require "tocha.nn.initialize"

local ops <const> = registry.ops
local classes <const> = {}

local function fail(self, ...) core.fail(getmetatable(self).__name, ...) end

-- frequency ^ -(2k / dim) for k = 0 .. dim / 2 - 1, in float64
local function frequencies(dim, base)
  local steps <const> = ops.arange(0, dim - 2, 2, { dtype = "float64" })
  return ops.exp(steps * (-math.log(base) / dim))
end

-- (n, dim / 2): position times frequency, positions from `first`
local function angles(n, first, dim, base)
  local positions <const> = ops.arange(first, first + n - 1, { dtype = "float64" })
  return positions:unsqueeze(2) * frequencies(dim, base)
end

-- ---- added to the input -------------------------------------------------------------------------

-- The rows of a table (max_len, ...) for tokens offset + 1 .. offset + T.
local function rows_for(self, positions, x, offset)
  local T <const> = x:size(x.ndim == 3 and self.batch_first and 2 or 1)
  if x.ndim ~= 2 and x.ndim ~= 3 or x:size(-1) ~= self.d_model then
    fail(self, 1, "expected (T, %d) or a batch of it, got a %s tensor", self.d_model,
      rule.text(x.shape))
  end
  if offset < 0 or offset + T > self.max_len then
    fail(self, 1, "%d tokens after %d are more than max_len %d", T, offset, self.max_len)
  end
  local rows <const> = positions:narrow(1, offset + 1, T)
  return x.ndim == 3 and not self.batch_first and rows:unsqueeze(2) or rows
end

local ADDED <const> = "max_len = 5000, batch_first = false, device = nil, dtype = nil"
local OWNS <const> = { device = true, dtype = true }

local PositionalEncoding <const> = Module:extend("PositionalEncoding",
  "d_model, dropout = 0.1, " .. ADDED)
PositionalEncoding.owns = OWNS
classes.PositionalEncoding = PositionalEncoding

function PositionalEncoding:shapes()
  if math.type(self.d_model) ~= "integer" or self.d_model < 1 then
    fail(self, 1, "expected a positive integer, got %s", tostring(self.d_model))
  end
  return { { "pe", { self.max_len, 1, self.d_model }, buffer = true } }
end

function PositionalEncoding:reset_parameters()
  local even <const> = self.d_model + self.d_model % 2
  local a <const> = angles(self.max_len, 0, even, 10000.0)
  local table_ <const> = ops.stack({ ops.sin(a), ops.cos(a) }, 3):flatten(2, 3)
  self.pe:copy_(table_:narrow(2, 1, self.d_model):unsqueeze(2))
end

--- nn.PositionalEncoding(d_model, dropout = 0.1, max_len = 5000, {batch_first = false}): adds sines
--- and cosines of wavelengths 2 pi .. 10000 * 2 pi (Vaswani et al., 2017), then drops out.
--- encode(x, offset = 0): x is (T, B, E), (B, T, E) with `batch_first`, or (T, E). The buffer `pe`,
--- (max_len, 1, E), is that of PyTorch's tutorial.
function PositionalEncoding:forward(x, offset)
  local y <const> = x + rows_for(self, self.pe:squeeze(2), x, offset or 0)
  return self.is_training and self.dropout > 0 and ops.dropout(y, self.dropout) or y
end

local PositionalEmbedding <const> = Module:extend("PositionalEmbedding", "max_len, d_model, "
  .. "batch_first = false, device = nil, dtype = nil")
PositionalEmbedding.owns = OWNS
classes.PositionalEmbedding = PositionalEmbedding

function PositionalEmbedding:shapes() return { { "weight", { self.max_len, self.d_model } } } end
function PositionalEmbedding:reset_parameters() init.normal_(self.weight, 0, 0.02) end

--- nn.PositionalEmbedding(max_len, d_model, {batch_first = false}): adds a learned vector a place
--- (initially N(0, 0.02)). embed(x, offset = 0), x as for PositionalEncoding.
function PositionalEmbedding:forward(x, offset)
  return x + rows_for(self, self.weight, x, offset or 0)
end

-- ---- rotary -------------------------------------------------------------------------------------

local RotaryEmbedding <const> = Module:extend("RotaryEmbedding",
  "dim, base = 10000.0, interleaved = false, scale = 1.0")
classes.RotaryEmbedding = RotaryEmbedding

function RotaryEmbedding:build()
  if math.type(self.dim) ~= "integer" or self.dim < 2 or self.dim % 2 ~= 0 then
    fail(self, 1, "expected an even number of columns, got %s", tostring(self.dim))
  end
end

-- The tables are made for a power of two of positions, and again when more are asked for.
local function tables(self, n, like)
  local have = rawget(self, "_tables")
  if not have or have.n < n or have.dtype ~= like.dtype or have.device ~= like.device then
    local most = 64
    while most < n do most = 2 * most end
    local a <const> = angles(most, 0, self.dim, self.base) / self.scale
    have = { n = most, dtype = like.dtype, device = like.device,
      cos = ops.cos(a):to(like.dtype):to(like.device),
      sin = ops.sin(a):to(like.dtype):to(like.device) }
    rawset(self, "_tables", have)
  end
  return have
end

--- nn.RotaryEmbedding(dim, {base = 10000, interleaved = false, scale = 1}): turns the first `dim`
--- columns of queries or keys by their positions (Su et al., 2021). Pairs are (k, k + dim / 2), as
--- in GPT-NeoX and Llama's weights of Hugging Face, or (2k - 1, 2k) when `interleaved`, as in GPT-J
--- and the paper. Positions are divided by `scale`. rotary(x, offset = 0): x is (..., T, width).
function RotaryEmbedding:forward(x, offset)
  offset = offset or 0
  if x.ndim < 2 or x:size(-1) < self.dim then
    fail(self, 1, "expected (..., T, at least %d), got a %s tensor", self.dim, rule.text(x.shape))
  end
  local T <const> = x:size(-2)
  local t <const> = tables(self, offset + T, x)
  return ops.rotary(x, t.cos:narrow(1, offset + 1, T), t.sin:narrow(1, offset + 1, T),
    self.interleaved)
end

-- ---- ALiBi --------------------------------------------------------------------------------------

-- 2^(-8/n), 2^(-16/n) ... for a power of two of heads; above it, every other one of twice as many.
local function slopes(heads)
  local power = 1
  while 2 * power <= heads do power = 2 * power end
  local list <const> = {}
  for k = 1, power do list[k] = 2.0 ^ (-8 * k / power) end
  for k = 1, heads - power do list[power + k] = 2.0 ^ (-4 * (2 * k - 1) / power) end
  return list
end

local ALiBi <const> = Module:extend("ALiBi", "num_heads, device = nil, dtype = nil")
ALiBi.owns = OWNS
classes.ALiBi = ALiBi

function ALiBi:shapes() return { { "slopes", { self.num_heads }, buffer = true } } end

function ALiBi:reset_parameters()
  self.slopes:copy_(core.from_table(slopes(self.num_heads), "float64"))
end

--- nn.ALiBi(num_heads): a mask to add to scores (Press et al., 2022): minus the distance to the key
--- times a slope of each head. alibi(rows, keys = rows): (1, heads, rows, keys), for the last
--- `rows` of `keys` tokens; give it as `attn_mask`.
function ALiBi:forward(rows, keys)
  keys = keys or rows
  local options <const> = { dtype = self.slopes.dtype, device = self.slopes.device }
  local query <const> = ops.arange(keys - rows, keys - 1, options):unsqueeze(2)
  local distance <const> = ops.abs(query - ops.arange(0, keys - 1, options))
  return distance:neg():unsqueeze(1) * self.slopes:view(1, -1, 1, 1)
end

return classes
