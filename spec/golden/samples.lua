-- The samples that have golden values: those of the declarations, and for elementwise operations
-- the values where formulas differ: zeros of both signs, ties, infinities, NaN, and whole numbers.

local registry = require "tocha.op"
local support = require "spec.support"
local extra = require "spec.golden.extra"

local S <const> = registry.samples
local INF <const> = math.huge

local NAN <const> = string.unpack("<d", "\0\0\0\0\0\0\xf8\x7f")  -- 0 / 0 has either sign
local EDGES <const> = { -INF, -1.5, -1.0, -0.0, 0.0, 0.5, 2.0, INF, NAN }
local FEW_EDGES <const> = { -1.5, 0.0, 2.0, INF, NAN }
local WHOLE <const> = { -7, -2, -1, 0, 1, 3, 200 }
local DIVISORS <const> = { 1, 2, 3, 5 }  -- and exponents, shifts: what PyTorch takes

-- Every combination of one value from each list, as a vector an operand.
local function combinations(lists)
  local columns, count = {}, 1
  for _, list in ipairs(lists) do count = count * #list end
  local span = count
  for k, list in ipairs(lists) do
    span = span // #list
    columns[k] = {}
    for i = 0, count - 1 do columns[k][i + 1] = list[i // span % #list + 1] end
  end
  return columns
end

-- A sample whose tensors are these columns; numbers without a default are as in the first sample.
local function sample_of(decl, columns, dtype)
  local sample <const> = {}
  for k, value in pairs(support.samples_of(decl)[1]) do sample[k] = value end
  for k, column in ipairs(columns) do sample[k] = S.value(column, dtype) end
  return sample
end

local function is_infinite(v) return v == INF or v == -INF end
local function is_pole(v) return is_infinite(v) or v <= 0 and v % 1 == 0 end

-- Values that are left out: a predicate, or true for all of them.
local WITHOUT <const> = {
  bce_term = true,  -- PyTorch takes nothing outside [0, 1]
  -- the choices of clamp between numbers, which are tensors here
  clamp_low = true, clamp_high = true, clamp_both = true,
  -- where PyTorch's reflection formula leaves a large number or NaN
  digamma = is_pole, polygamma = is_pole,
  -- an infinity of either sign
  logit = function(v) return v == 0 and 1 / v < 0 end,
  -- limits that PyTorch's gradient makes NaN of
  softsign = is_infinite, logaddexp = is_infinite, bce_logits_term = is_infinite,
}

local function allowed(list, decl)
  local without <const>, kept = WITHOUT[decl.name], {}
  if not without then return list end
  for _, v in ipairs(list) do
    if not without(v) then kept[#kept + 1] = v end
  end
  return kept
end

local function edges(decl)
  local few <const> = decl.inputs == 3 and FEW_EDGES or EDGES
  local lists <const> = {}
  for k = 1, decl.inputs do lists[k] = allowed(few, decl) end
  if decl.class == "SELECT" then lists[1] = { true, false } end
  return sample_of(decl, combinations(lists))
end

local function whole(decl, dtype)
  local lists <const> = { WHOLE, DIVISORS, DIVISORS }
  return sample_of(decl, combinations { table.unpack(lists, 1, decl.inputs) }, dtype)
end

-- Classes, and operations with floating results, that take integers in PyTorch too.
local INTEGRAL <const> = { ARITH = true, BITS = true, COMPARE = true }
for name in ([[true_divide reciprocal sqrt rsqrt exp exp2 expm1 log log2 log10 log1p xlogy sin cos
  tan asin acos atan sinh cosh tanh asinh acosh atanh atan2 sinc deg2rad rad2deg erf erfc erfinv
  lgamma digamma logit sigmoid softsign copysign]]):gmatch "%S+" do
  INTEGRAL[name] = true
end

local function add_elementwise(decl, list)
  if decl.class ~= "BITS" and WITHOUT[decl.name] ~= true then list[#list + 1] = edges(decl) end
  if INTEGRAL[decl.class] or INTEGRAL[decl.name] then
    list[#list + 1] = whole(decl, "int32")
  end
end

--- The samples of a declaration, and the set of those (by place) whose gradients are not compared.
return function(decl)
  local own <const>, more <const> = support.samples_of(decl, true), extra[decl.name] or {}
  local list <const>, forward_only <const> = table.move(own, 1, #own, 1, {}), {}
  if decl.nograd_sample then
    for k = #(decl.sample or {}) + 1, #own do forward_only[k] = true end
  end
  for k, sample in ipairs(more) do forward_only[#own + k] = sample.forward_only end
  table.move(more, 1, #more, #list + 1, list)
  if decl.pointwise then add_elementwise(decl, list) end
  return list, forward_only
end
