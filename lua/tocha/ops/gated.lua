-- Activations that halve a dimension, one half gating the other. Shazeer, "GLU variants improve
-- transformer" (2020).

local registry = require "tocha.op"
local op, rule, ops = registry.op, registry.rule, registry.ops
local core = require "tocha.core"

-- The gradient of two views would be two tensors of the size of the whole, added up; that of both
-- together is one behind the other.
op "halves" {
  doc = "The first and the second half along `dim`, as views.",
  args = "input: float, dim: dim", method = false, func = false,
  outputs = 2, differentiable = 2, saves = "",
  run = function(x, dim)
    local half <const>, alias <const> = x:size(dim) // 2, x:detach()
    return ops.narrow(alias, dim, 1, half), ops.narrow(alias, dim, half + 1, half)
  end,
  ref = function(x, dim)
    local half <const> = x:size(dim) // 2
    return ops.narrow(x, dim, 1, half), ops.narrow(x, dim, half + 1, half)
  end,
  grad = function(g, _, _, dim)
    return ops.cat({ g[1] or ops.zeros_like(g[2]), g[2] or ops.zeros_like(g[1]) }, dim)
  end,
  sample = { { { 3, 4 }, 2 }, { { 4, 3 }, 1 } },
}

-- The half that goes through the activation, and the other.
local function parted(name, x, dim, gate)
  if x.ndim == 0 or x:size(dim) % 2 == 1 then
    core.fail(name, "dim", "dimension %d of a %s tensor has the odd size %d", dim,
      rule.text(x.shape), x.ndim > 0 and x:size(dim) or 1)
  end
  if gate ~= "first" and gate ~= "last" then
    core.fail(name, "gate", "expected \"first\" or \"last\", got \"%s\"", gate)
  end
  local a <const>, b <const> = ops.halves(x, dim)
  if gate == "first" then return a, b end
  return b, a
end

local function gated(name, activation, gate, doc)
  op(name) {
    doc = doc .. " `gate` says which half along `dim` goes through it, \"first\" or \"last\".",
    args = ("input: float, dim: dim = -1, gate: string = %q"):format(gate),
    ref = function(x, dim, which)
      local through <const>, value <const> = parted(name, x, dim, which)
      return ops[activation](through) * value
    end,
    sample = { { { 3, 4 } }, { { 4, 3 }, 1, gate == "first" and "last" or "first" } },
  }
end

op "glu" {
  doc = "Gated linear unit: the first half along `dim` times the sigmoid of the second.",
  args = "input: float, dim: dim = -1",
  ref = function(x, dim)
    local gate <const>, value <const> = parted("glu", x, dim, "last")
    return value * ops.sigmoid(gate)
  end,
  sample = { { { 3, 4 } }, { { 4, 3 }, 1 } },
}

-- The defaults are those of the weights that are around: Llama's fused projection has the gate
-- first, the feed-forward blocks of diffusion models have it last, as `glu` does.
gated("swiglu", "silu", "first", "One half times the silu of the other.")
gated("geglu", "gelu", "last", "One half times the gelu of the other.")
gated("reglu", "relu", "last", "One half times the relu of the other.")
