-- The declarations, a file per family. The order does not matter.

local registry = require "tocha.op"

-- What nearly every program needs, loaded at the start; the rest when one of its names is asked
-- for.
local FIRST <const> = {
  "view", "pointwise", "create", "random", "reduce", "matmul", "linear", "join",
}
local LATER <const> = {
  "choose", "scan", "softmax", "gated", "norm", "batch_norm", "distance", "dropout", "noise",
  "loss", "cross_entropy", "margin_loss", "region_loss", "ctc",
  "conv", "fold", "pool", "pool_adaptive", "pool_fractional", "resample", "grid", "pad",
  "einsum", "attention", "rotary", "rnn", "linalg", "decompose", "orthogonal",
  "shape", "triangle", "index", "mask", "scatter", "sort", "embedding",
}

local function load(families)
  for _, family in ipairs(families) do require("tocha.ops." .. family) end
end

load(FIRST)
registry.later(function() load(LATER) end)
