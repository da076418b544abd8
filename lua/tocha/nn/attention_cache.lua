-- nn.KVCache: the keys and values of tokens that went before, for generation a token at a time.
--
--     local cache <const> = nn.KVCache()
--     local y = mha(x, { is_causal = true, need_weights = false, cache = cache })  -- the beginning
--     y = mha(next_x, { need_weights = false, cache = cache })                     -- goes on
--
-- One cache belongs to one attention module and one batch of sequences. Its memory doubles when it
-- is full; where gradients are recorded, every token takes new memory (use tocha.no_grad).

local core = require "tocha.core"
local rule = require "tocha.rule"
local Object = require "tocha.class"

local KVCache <const> = Object:extend "KVCache"
local LEAST <const> = 64  -- rows of the first memory

--- nn.KVCache{static = false}: a static one keeps what it is given first, such as the keys and
--- values of an encoder's output.
function KVCache:new(options)
  self.static = options and options.static or false
  self.length = 0
end

--- #cache: the number of tokens in it.
function KVCache:__len() return self.length end

function KVCache:__tostring()
  return ("KVCache(%d tokens%s)"):format(self.length, self.static and ", static" or "")
end

-- Memory (n, capacity, width) with the rows so far.
local function grown(x, have, length, capacity)
  local memory <const> = core.empty({ x:size(1), capacity, x:size(3) }, x.dtype, x)
  if length > 0 then memory:narrow(2, 1, length):copy_(have:narrow(2, 1, length)) end
  return memory
end

-- What is on the tape is not written into: somebody's gradient may need it.
local function write(self, name, x, length)
  local memory = self[name]
  if not memory or memory:size(2) < length or memory.requires_grad then
    local capacity = LEAST
    while capacity < length do capacity = 2 * capacity end
    memory = grown(x, memory, self.length, capacity)
    self[name] = memory
  end
  memory:narrow(2, self.length + 1, x:size(2)):copy_(x)
end

local function check(self, x)
  if not self.k then return end
  if x:size(1) ~= self.k:size(1) or x:size(3) ~= self.k:size(3) then
    core.fail("KVCache", nil,
      "it holds (heads, tokens, width) %s, got %s: another batch or module?",
      rule.text { self.k:size(1), self.length, self.k:size(3) }, rule.text(x.shape))
  end
end

--- cache:append(k, v): k and v are (heads, L, width). Returns all keys and values.
function KVCache:append(k, v)
  check(self, k)
  local length <const> = self.length + k:size(2)
  write(self, "k", k, length)
  write(self, "v", v, length)
  self.length = length
  return self:get()
end

--- cache:get(): all keys and values, (heads, tokens, width).
function KVCache:get()
  return self.k:narrow(2, 1, self.length), self.v:narrow(2, 1, self.length)
end

--- cache:truncate(n): forgets all but the first n tokens.
function KVCache:truncate(n)
  if math.type(n) ~= "integer" or n < 0 or n > self.length then
    core.fail("truncate", 1, "expected 0 .. %d tokens, got %s", self.length, tostring(n))
  end
  self.length = n
  return self
end

--- cache:reset(): forgets everything.
function KVCache:reset()
  self.k, self.v, self.length = nil, nil, 0
  return self
end

--- cache:reorder(ids, batch): goes on with the sequences `ids` (int64, from 1) of a batch of so
--- many, as beam search needs it.
function KVCache:reorder(ids, batch)
  if not self.k then return self end
  for _, name in ipairs { "k", "v" } do
    local x <const> = self[name]
    local n <const>, tokens <const>, width <const> = x:size(1), x:size(2), x:size(3)
    local chosen <const> = x:view(batch, n // batch, tokens, width):index_select(1, ids)
    self[name] = chosen:view(-1, tokens, width)
  end
  return self
end

return KVCache
