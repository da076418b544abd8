-- keras.constraints: what a weight is brought to after each step of the optimiser. A member is
-- called with the weight in Keras's layout and returns the new one. `axis` counts from 1: the
-- dimensions along which norms are taken.

local family = require "tocha.keras.family"

local constraints <const> = family.new "constraint"
local EPSILON <const> = 1e-7

local function norms(w, axis) return w:square():sum(axis, { keepdim = true }):sqrt() end

constraints:define("MaxNorm", "max_value = 2, axis = 1", function(config, w)
  local n <const> = norms(w, config.axis)
  return w * (n:clamp(0, config.max_value) / (n + EPSILON))
end)

constraints:define("NonNeg", "", function(_, w) return w:clamp_min(0) end)

constraints:define("UnitNorm", "axis = 1", function(config, w)
  return w / (norms(w, config.axis) + EPSILON)
end)

constraints:define("MinMaxNorm", "min_value = 0, max_value = 1, rate = 1, axis = 1",
  function(config, w)
    local n <const> = norms(w, config.axis)
    local wanted <const> = n:clamp(config.min_value, config.max_value) * config.rate
      + n * (1 - config.rate)
    return w * (wanted / (n + EPSILON))
  end)

return constraints
