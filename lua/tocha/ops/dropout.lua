-- Dropout. The mask is drawn again for the gradient from where the generator stood: nothing is
-- stored.

local registry = require "tocha.op"
local op, rule, ops = registry.op, registry.rule, registry.ops
local core = require "tocha.core"

local function check(name, p)
  if not (p >= 0 and p <= 1) then
    core.fail(name, 2, "expected a probability in 0 .. 1, got %g", p)
  end
end

op "dropout_at" {
  doc = "`dropout` with the numbers of `seed` from block `offset` on: the same ones each time.",
  args = "input: float, p: number, seed: int, offset: int",
  method = false,
  run = function(x, p, seed, offset)
    local y = core.empty(x)
    core.kernel.dropout(y, x, seed, offset, p)
    return y
  end,
  saves = "",
  grad = { input = function(g, _, _, ...) return ops.dropout_at(g, ...) end },
  sample = { { { 3, 4 }, 0.5, 1, 0 }, { { 9 }, 1, 1, 2 }, { { 9 }, 0, 7, 0 } },
}

-- A place in the generator's sequence for n numbers; a block gives four.
local function claim(n) return core.random((n + 3) // 4) end

op "dropout" {
  doc = "Sets each element to 0 with probability `p` and divides the others by 1 - p; without "
    .. "`training`, nothing.",
  args = "input: float, p: number = 0.5, training: bool = true",
  method = false,
  ref = function(x, p, training)
    check("dropout", p)
    if not training or p == 0 then return x end
    return ops.dropout_at(x, p, claim(x:numel()))
  end,
  sample = { { { 3, 4 }, 0.5, false }, { { 3, 4 }, 0 } },
}

-- Ones of the given sizes, dropped out.
local function mask_of(sizes, x, p)
  local ones <const> = ops.ones(sizes, { dtype = x.dtype, device = x.device })
  return ops.dropout_at(ones, p, claim(ones:numel()))
end

local function channels_only(x, spatial)
  local sizes <const> = x.shape
  for d = #sizes - spatial + 1, #sizes do sizes[d] = 1 end
  return sizes
end

for spatial = 1, 3 do
  local name <const> = ("dropout%dd"):format(spatial)
  op(name) {
    doc = ("Sets whole channels of %d dimensions to 0 with probability `p`."):format(spatial),
    args = "input: float, p: number = 0.5, training: bool = true",
    method = false,
    ref = function(x, p, training)
      check(name, p)
      if x.ndim ~= spatial + 1 and x.ndim ~= spatial + 2 then
        core.fail(name, 1, "expected %d or %d dimensions, got a %s tensor", spatial + 1,
          spatial + 2,
          rule.text(x.shape))
      end
      if not training or p == 0 then return x end
      return x * mask_of(channels_only(x, spatial), x, p)
    end,
    sample = { { ({ { 2, 3, 2 }, { 2, 3, 2, 2 }, { 2, 3, 2, 2, 2 } })[spatial], 0.5, false } },
  }
end

-- What selu tends to for very negative numbers: a dropped element takes this value.
local SATURATED <const> = -1.7580993408473766

local function alpha(x, p, sizes)
  if p == 1 then return x * 0 end
  local keep <const> = 1 - p
  local scale <const> = (keep + SATURATED ^ 2 * keep * p) ^ -0.5
  local shift <const> = -scale * p * SATURATED
  local mask <const> = mask_of(sizes, x, p) * keep
  return (x * mask + (1 - mask) * SATURATED) * scale + shift
end

op "alpha_dropout" {
  doc = "Dropout for `selu` networks: mean and variance stay as they are.",
  args = "input: float, p: number = 0.5, training: bool = false",
  method = false,
  ref = function(x, p, training)
    check("alpha_dropout", p)
    if not training or p == 0 then return x end
    return alpha(x, p, x.shape)
  end,
  sample = { { { 3, 4 }, 0.5, false } },
}

op "feature_alpha_dropout" {
  doc = "`alpha_dropout` of whole channels of (N, C, ...).",
  args = "input: float, p: number = 0.5, training: bool = false",
  method = false,
  ref = function(x, p, training)
    check("feature_alpha_dropout", p)
    if not training or p == 0 then return x end
    return alpha(x, p, channels_only(x, math.max(x.ndim - 2, 0)))
  end,
  sample = { { { 2, 3, 4 }, 0.5, false } },
}

-- ---- other things that are dropped -------------------------------------------------------------

op "stochastic_depth" {
  doc = "Sets whole examples (\"row\") or the whole batch (\"batch\") to 0 with probability `p`, "
    .. "and divides the others by 1 - p if `scale`. Huang et al., \"Deep networks with stochastic "
    .. "depth\" (2016).",
  args = "input: float, p: number, mode: string = \"row\", training: bool = true, "
    .. "scale: bool = true",
  method = false,
  ref = function(x, p, mode, training, scale)
    check("stochastic_depth", p)
    if mode ~= "row" and mode ~= "batch" then
      core.fail("stochastic_depth", 3, "expected \"row\" or \"batch\", got \"%s\"", mode)
    end
    if not training or p == 0 then return x end
    local sizes <const> = {}
    for d = 1, x.ndim do sizes[d] = 1 end
    if mode == "row" and x.ndim > 0 then sizes[1] = x:size(1) end
    local mask <const> = mask_of(sizes, x, p)
    return x * (scale and mask or ops.ne(mask, 0))
  end,
  sample = { { { 3, 4 }, 0.5, "row", false }, { { 3, 4 }, 0 } },
}

op "gaussian_dropout" {
  doc = "Multiplies by normal noise around 1 whose variance p / (1 - p) is that of dropout; "
    .. "without `training`, nothing. Srivastava et al., \"Dropout\" (2014), section 10.",
  args = "input: float, p: number = 0.5, training: bool = true",
  method = false,
  ref = function(x, p, training)
    check("gaussian_dropout", p)
    if p == 1 then core.fail("gaussian_dropout", 2, "must be below 1") end
    if not training or p == 0 then return x end
    return x * (ops.randn_like(x) * math.sqrt(p / (1 - p)) + 1)
  end,
  sample = { { { 3, 4 }, 0.5, false }, { { 3, 4 }, 0 } },
}
