-- The declarations, a file per family. The order does not matter.
local FAMILIES <const> = {
  "view",
  "pointwise", "reduce", "create", "random",
  "reduce", "choose", "scan", "create", "random",
  "conv", "fold", "pool", "pool_adaptive", "resample", "grid", "pad",
  "shape", "index", "scatter", "sort", "embedding",
}

for _, family in ipairs(FAMILIES) do require("tocha.ops." .. family) end
