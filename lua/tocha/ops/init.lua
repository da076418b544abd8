-- The declarations, a file per family. The order does not matter.
local FAMILIES <const> = {
  "view",
  "pointwise",
}

for _, family in ipairs(FAMILIES) do require("tocha.ops." .. family) end
