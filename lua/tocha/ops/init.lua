-- The declarations, a file per family. The order does not matter.
local FAMILIES <const> = {
  "view",
  "pointwise", "create", "random",
  "reduce", "choose", "scan", "softmax", "norm", "batch_norm", "distance", "dropout",
  "loss", "cross_entropy", "margin_loss", "ctc",
  "conv", "fold", "pool", "pool_adaptive", "resample", "grid", "pad",
  "matmul", "linear", "einsum", "attention", "linalg", "decompose",
  "shape", "join", "triangle", "index", "mask", "scatter", "sort", "embedding",
}

for _, family in ipairs(FAMILIES) do require("tocha.ops." .. family) end
