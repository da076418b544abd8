-- The declarations, a file per family. The order does not matter.
local FAMILIES <const> = {
  "view",
  "pointwise", "reduce", "create", "random",
  "reduce", "choose", "scan", "create", "random",
  "shape", "index", "scatter", "sort", "embedding",
}

for _, family in ipairs(FAMILIES) do require("tocha.ops." .. family) end
