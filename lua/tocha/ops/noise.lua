-- Operations that are random while a network is trained: rrelu, stochastic_depth, gaussian_noise,
-- gaussian_dropout, gumbel_softmax.

local registry = require "tocha.op"
local op, ops = registry.op, registry.ops
local core = require "tocha.core"

local function check_probability(name, p)
  if not (p >= 0 and p <= 1) then
    core.fail(name, 2, "expected a probability in 0 .. 1, got %g", p)
  end
end

op "rrelu" {
  doc = "Leaky relu whose slope is drawn anew for each element, between `lower` and `upper`; "
    .. "without `training` it is the middle. Xu et al., \"Empirical evaluation of rectified "
    .. "activations\" (2015).",
  args = "input: float, lower: number = 0.125, upper: number = 0.33333333333333331, "
    .. "training: bool = false",
  inplace = true,
  ref = function(x, lower, upper, training)
    if lower > upper then
      core.fail("rrelu", "lower", "%g is above `upper`, which is %g", lower, upper)
    end
    if not training then return ops.leaky_relu(x, (lower + upper) / 2) end
    local slope <const> = ops.rand_like(x) * (upper - lower) + lower
    return ops.where(ops.gt(x, 0), x, x * slope)
  end,
  sample = { { { 3, 4 } }, { { 4 }, 0.25, 0.5 } },
}

op "stochastic_depth" {
  doc = "Sets whole examples (\"row\") or the whole batch (\"batch\") to 0 with probability `p`, "
    .. "and divides the others by 1 - p if `scale`. Huang et al., \"Deep networks with stochastic "
    .. "depth\" (2016).",
  args = "input: float, p: number, mode: string = \"row\", training: bool = true, "
    .. "scale: bool = true",
  method = false,
  ref = function(x, p, mode, training, scale)
    check_probability("stochastic_depth", p)
    if mode ~= "row" and mode ~= "batch" then
      core.fail("stochastic_depth", 3, "expected \"row\" or \"batch\", got \"%s\"", mode)
    end
    if not training or p == 0 then return x end
    local sizes <const> = {}
    for d = 1, x.ndim do sizes[d] = 1 end
    if mode == "row" and x.ndim > 0 then sizes[1] = x:size(1) end
    local ones <const> = ops.ones(sizes, { dtype = x.dtype, device = x.device })
    local mask <const> = ops.dropout(ones, p)
    return x * (scale and mask or ops.ne(mask, 0))
  end,
  sample = { { { 3, 4 }, 0.5, "row", false }, { { 3, 4 }, 0 } },
}

op "gaussian_noise" {
  doc = "Adds normal noise of the standard deviation `std`; without `training`, nothing.",
  args = "input: float, std: number, training: bool = true",
  method = false,
  ref = function(x, std, training)
    if std < 0 then core.fail("gaussian_noise", 2, "must not be negative, got %g", std) end
    if not training or std == 0 then return x end
    return x + ops.randn_like(x) * std
  end,
  sample = { { { 3, 4 }, 0.5, false }, { { 3, 4 }, 0 } },
}

op "gaussian_dropout" {
  doc = "Multiplies by normal noise around 1 whose variance p / (1 - p) is that of dropout; "
    .. "without `training`, nothing. Srivastava et al., \"Dropout\" (2014), section 10.",
  args = "input: float, p: number = 0.5, training: bool = true",
  method = false,
  ref = function(x, p, training)
    check_probability("gaussian_dropout", p)
    if p == 1 then core.fail("gaussian_dropout", 2, "must be below 1") end
    if not training or p == 0 then return x end
    return x * (ops.randn_like(x) * math.sqrt(p / (1 - p)) + 1)
  end,
  sample = { { { 3, 4 }, 0.5, false }, { { 3, 4 }, 0 } },
}

-- Minus the logarithm of a standard exponential number is Gumbel's.
local function gumbel_like(x)
  return -ops.log(core.empty(x, x.dtype, x):exponential_())
end

op "gumbel_softmax" {
  doc = "Samples from a relaxed choice among classes: softmax((logits + Gumbel noise) / tau). "
    .. "`hard`: one-hot forward, the soft gradient backward. Jang et al., \"Categorical "
    .. "reparameterization with Gumbel-softmax\" (2017).",
  args = "logits: float, tau: number = 1, hard: bool = false, dim: dim = -1",
  method = false, random = true,
  ref = function(x, tau, hard, dim)
    if tau <= 0 then core.fail("gumbel_softmax", 2, "must be positive, got %g", tau) end
    local soft <const> = ops.softmax((x + gumbel_like(x)) / tau, dim)
    if not hard then return soft end
    local place <const> = ops.argmax(soft, dim, true)
    local one <const> = ops.scatter(ops.zeros_like(soft:detach()), dim, place,
      ops.ones(place.shape, { dtype = soft.dtype, device = soft.device }))
    return one - soft:detach() + soft
  end,
  sample = { { { 3, 4 } }, { { 2, 3 }, 0.5, true, 1 } },
}
