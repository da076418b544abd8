-- Noise in training: rrelu, gaussian_noise, gumbel_softmax. Dropout has a file of its own.

local registry = require "tocha.op"
local op, ops = registry.op, registry.ops
local core = require "tocha.core"

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
