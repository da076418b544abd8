-- Elementwise operations that choose among the lines of csrc/pointwise.def, or combine a few.

local registry = require "tocha.op"
local op, S, ops = registry.op, registry.samples, registry.ops
local core = require "tocha.core"

-- ---- arithmetic ---------------------------------------------------------------------------------

local ROUNDING <const> = { trunc = "trunc_divide", floor = "floor_divide" }

op "div" {
  doc = "Quotient; `rounding_mode` \"trunc\" rounds it towards zero, \"floor\" down.",
  args = "input: operand, other: operand, rounding_mode: string?",
  inplace = true,
  ref = function(x, y, mode)
    if mode == nil then return ops.true_divide(x, y) end
    if not ROUNDING[mode] then
      core.fail("div", 3, "expected \"trunc\", \"floor\" or nil, got \"%s\"", mode)
    end
    return ops[ROUNDING[mode]](x, y)
  end,
  sample = { { { 3, 4 }, { 4 } }, { { 3 }, 2, "floor" }, { { 3 }, { 3 }, "trunc" } },
}

-- A bound that is a number has a line of its own, whose gradient is 0 on the bound; between tensors
-- a tie shares the gradient.
local function bound(x, limit, by_tensor, by_number)
  if limit == nil then return x end
  return core.is_tensor(limit) and ops[by_tensor](x, limit) or ops[by_number](x, limit)
end

local function at_least(x, min) return bound(x, min, "maximum", "clamp_low") end
local function at_most(x, max) return bound(x, max, "minimum", "clamp_high") end

op "clamp" {
  doc = "`input` between `min` and `max`, numbers or tensors; nil leaves a side open. NaN stays.",
  args = "input: tensor, min: operand?, max: operand?",
  inplace = true,
  ref = function(x, min, max)
    if min == nil and max == nil then core.fail("clamp", nil, "give min, max or both") end
    if math.type(min) and math.type(max) then return ops.clamp_both(x, min, max) end
    return at_most(at_least(x, min), max)
  end,
  sample = {
    { { 3, 4 }, -1, 1.1 }, { { 3 }, nil, 0.5 }, { { 3 }, -0.5 }, { { 2, 3 }, { 3 }, { 2, 1 } },
  },
}

op "clamp_min" {
  doc = "`input`, but not below `min`, a number or a tensor.",
  args = "input: tensor, min: operand",
  inplace = true,
  ref = at_least,
  sample = { { { 3, 4 }, 0.1 }, { { 3, 4 }, { 4 } } },
}

op "clamp_max" {
  doc = "`input`, but not above `max`, a number or a tensor.",
  args = "input: tensor, max: operand",
  inplace = true,
  ref = at_most,
  sample = { { { 3, 4 }, 0.1 }, { { 3, 4 }, { 4 } } },
}

op "logaddexp2" {
  doc = "Logarithm to base 2 of the sum of the powers of 2.",
  args = "input: operand, other: operand",
  ref = function(x, y)
    local ln2 <const> = math.log(2)
    return ops.logaddexp(ops.mul(x, ln2), ops.mul(y, ln2)) / ln2
  end,
  sample = { { { 3, 4 }, { 4 } } },
}

-- ---- activations --------------------------------------------------------------------------------

op "gelu" {
  doc = "x times the normal distribution function; `approximate` = \"tanh\" comes near it by tanh.",
  args = "input: tensor, approximate: string = \"none\"",
  ref = function(x, approximate)
    if approximate == "none" then return ops.gelu_erf(x) end
    if approximate == "tanh" then return ops.gelu_tanh(x) end
    core.fail("gelu", 2, "expected \"none\" or \"tanh\", got \"%s\"", approximate)
  end,
  sample = { { { 3, 4 } }, { { 3, 4 }, "tanh" } },
}

op "prelu" {
  doc = "x where positive, else `weight` x; one weight, or one a channel (dimension 2).",
  args = "input: float, weight: float",
  ref = function(x, weight)
    local n <const> = weight:numel()
    if n > 1 then
      if x.ndim < 2 or x:size(2) ~= n then
        core.fail("prelu", 2, "expected 1 weight or one a channel, got %d weights for a %s tensor",
          n, registry.rule.text(x.shape))
      end
      local shape <const> = { 1, n }
      for d = 3, x.ndim do shape[d] = 1 end
      weight = weight:reshape(shape)
    end
    return ops.where(ops.gt(x, 0), x, weight * x)
  end,
  sample = { { { 2, 3, 4 }, { 3 } }, { { 2, 3 }, { 1 } }, { { 5 }, {} } },
}

-- ---- values that are not finite -----------------------------------------------------------------

local LARGEST <const> = {
  float64 = 0x1.fffffffffffffp1023, float32 = 0x1.fffffep127, float16 = 65504.0,
  bfloat16 = 0x1.fep127,
}

op "nan_to_num" {
  doc = "NaN becomes `nan`, the infinities `posinf` and `neginf` (by default the largest numbers).",
  args = "input: tensor, nan: number = 0, posinf: number?, neginf: number?",
  inplace = true,
  ref = function(x, nan, posinf, neginf)
    local largest <const> = LARGEST[x.dtype] or 0
    return ops.replace_nonfinite(x, nan, posinf or largest, neginf or -largest)
  end,
  sample = { { { 3, 4 } }, { { 3 }, 1, 2, 3 } },
}

local CLOSE <const> = ", rtol: number = 1e-5, atol: number = 1e-8, equal_nan: bool = false"

op "isclose" {
  doc = "Is |input - other| at most atol + rtol |other|? Equal infinities are.",
  args = "input: tensor, other: operand" .. CLOSE,
  ref = function(x, y, rtol, atol, equal_nan)
    local known <const> = core.is_tensor(y)
    local room <const> = (known and ops.abs(y) or math.abs(y)) * rtol + atol
    local near = ops.le(ops.abs(x - y), room)
    if known then near = ops.logical_and(near, ops.isfinite(y)) end
    near = ops.logical_or(near, ops.eq(x, y))
    if not equal_nan then return near end
    return ops.logical_or(near, ops.logical_and(ops.isnan(x), known and ops.isnan(y) or 0))
  end,
  sample = { { { 3, 4 }, { 4 } }, { { 3 }, 0.5 } },
}

op "allclose" {
  doc = "Is every element close, as `isclose` has it? Returns a boolean.",
  args = "input: tensor, other: tensor" .. CLOSE,
  ref = function(x, y, rtol, atol, equal_nan)
    return ops.all(ops.isclose(x, y, rtol, atol, equal_nan)):item()
  end,
  sample = { { { 3, 4 }, { 3, 4 } } },
}

op "equal" {
  doc = "Have both the same shape and the same elements? Returns a boolean.",
  args = "input: tensor, other: tensor",
  ref = function(x, y) return x:is_same_size(y) and ops.all(ops.eq(x, y)):item() end,
  sample = { { { 3, 4 }, { 3, 4 } }, { { 3, 4 }, { 4 } } },
}

-- ---- masks --------------------------------------------------------------------------------------

op "masked_fill" {
  doc = "`value` where `mask`, else `input`.",
  args = "input: tensor, mask: mask, value: operand",
  inplace = true,
  ref = function(x, mask, value)
    if core.is_tensor(value) and value.ndim > 0 then
      core.fail("masked_fill", 3, "expected a number or a tensor without dimensions, got a %s one",
        registry.rule.text(value.shape))
    end
    return ops.where(mask, value, x)
  end,
  sample = { { { 3, 4 }, S.mask { 3, 4 }, 0.5 }, { { 2, 3 }, S.mask { 3 }, {} } },
}

-- As a method it is x:where(condition, other): x where the condition holds.
function registry.methods.where(x, condition, other) return ops.where(condition, x, other) end
registry.methods.where_ = nil
