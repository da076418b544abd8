-- The masks of attention, several in one: which keys a query may see, and what is added to scores.
--
-- Masks come in PyTorch's forms: boolean ones are true where a key must not be seen, floating ones
-- are added. Inside they are (B, heads, rows, keys), any of these 1, and boolean ones are turned
-- round: true is what may be seen, as the fused operation has it.

local core = require "tocha.core"
local registry = require "tocha.op"
local rule = require "tocha.rule"

local ops <const> = registry.ops
local masks <const> = {}

local function allowed(mask) return mask.dtype == "bool" and ops.logical_not(mask) or mask end

local function both(a, b)
  if not (a and b) then return a or b end
  if a.dtype ~= "bool" and b.dtype ~= "bool" then return a + b end
  if a.dtype == b.dtype then return ops.logical_and(a, b) end
  if a.dtype ~= "bool" then a, b = b, a end
  return ops.where(a, b, -math.huge)
end

local function check_type(who, argument, mask)
  if core.is_tensor(mask) and (mask.dtype == "bool" or mask:is_floating_point()) then return end
  core.fail(who, argument, "expected a boolean or floating tensor, got %s",
    core.is_tensor(mask) and mask.dtype or "a " .. type(mask))
end

local function fits(mask, sizes)
  for d, size in ipairs(sizes) do
    if mask:size(d) ~= size and mask:size(d) ~= 1 then return false end
  end
  return true
end

-- s: { B, heads, rows, keys }
local function from_attention(who, mask, s)
  check_type(who, "attn_mask", mask)
  local B <const>, H <const>, L <const>, S <const> = table.unpack(s)
  local expected <const> = { [2] = { L, S }, [3] = { B * H, L, S }, [4] = s }
  if not (expected[mask.ndim] and fits(mask, expected[mask.ndim])) then
    core.fail(who, "attn_mask", "expected %s, %s or %s, got %s", rule.text(expected[2]),
      rule.text(expected[3]), rule.text(s), rule.text(mask.shape))
  end
  local rows <const>, keys <const> = mask:size(-2), mask:size(-1)
  if mask.ndim == 4 then return allowed(mask) end
  if mask.ndim == 2 or mask:size(1) == 1 then return allowed(mask):reshape(1, 1, rows, keys) end
  return allowed(mask):reshape(B, H, rows, keys)
end

local function from_padding(who, mask, s)
  check_type(who, "key_padding_mask", mask)
  local B <const>, S <const> = s[1], s[4]
  if mask.ndim ~= 2 or mask:size(1) ~= B or mask:size(2) ~= S then
    core.fail(who, "key_padding_mask", "expected %s, got %s", rule.text { B, S },
      rule.text(mask.shape))
  end
  return allowed(mask):reshape(B, 1, 1, S)
end

-- Query i stands behind `before` keys of a cache.
local function causal_mask(L, S, before, device)
  local seen <const> = ops.ones({ L, S }, { dtype = "bool", device = device })
  return ops.tril(seen, before):view(1, 1, L, S)
end

-- Further keys, which all see.
local function with_extra(mask, S, extra)
  local shape <const> = mask.shape
  shape[4] = S
  local full <const> = mask:expand(shape)
  shape[4] = extra
  local more <const> = core.empty(shape, mask.dtype, mask)
  return ops.cat({ full, more:fill_(mask.dtype == "bool" and 1 or 0) }, 4)
end

-- (1 or B * heads, 1 or rows, 1 or keys)
local function flat(mask, B, H)
  local rows <const>, keys <const> = mask:size(3), mask:size(4)
  if mask:size(1) * mask:size(2) == 1 then return mask:reshape(1, rows, keys) end
  return mask:expand(B, H, rows, keys):reshape(B * H, rows, keys)
end

--- masks.merged(who, given, sizes, before, extra): one mask of given.attn_mask,
--- given.key_padding_mask and given.is_causal, or nil, and whether the scores are causal besides.
--- sizes: { B, heads, rows, keys }, without `extra` keys that follow and that all queries see;
--- `before` of the keys are from before the first query.
function masks.merged(who, given, sizes, before, extra)
  local B <const>, H <const>, L <const>, S <const> = table.unpack(sizes)
  local mask = given.attn_mask and from_attention(who, given.attn_mask, sizes)
  if given.key_padding_mask then
    mask = both(mask, from_padding(who, given.key_padding_mask, sizes))
  end
  local causal = given.is_causal
  if causal and (extra > 0 or before > 0) then
    causal = false
    if L > 1 or before + 1 < S then
      mask = both(mask, causal_mask(L, S, before, given.query.device))
    end
  end
  if not mask then return nil, causal end
  if extra > 0 then mask = with_extra(mask, S, extra) end
  return flat(mask, B, H), causal
end

-- ---- square causal masks ------------------------------------------------------------------------

--- masks.causal(n, {dtype =, device =}): (n, n), zero where a token may look, minus infinity after
--- it.
function masks.causal(n, options)
  options = options or {}
  local full <const> = ops.full({ n, n }, -math.huge,
    { dtype = options.dtype or "float32", device = options.device })
  return ops.triu(full, 1)
end

--- masks.is_causal(mask, n): is it such a mask for n tokens, boolean or floating?
function masks.is_causal(mask, n)
  if mask.ndim ~= 2 or mask:size(1) ~= n or mask:size(2) ~= n then return false end
  local hidden = masks.causal(n, { device = mask.device })
  if mask.dtype == "bool" then hidden = hidden:ne(0) else hidden = hidden:to(mask.dtype) end
  return ops.equal(mask, hidden)
end

return masks
