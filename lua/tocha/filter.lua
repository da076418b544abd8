-- Filters of antialiased resizing: their names, supports, and tables of weights for ops.resample.
-- The formulas are in csrc/cpu/filter.h, which has them in this order; they are Pillow's.

local core = require "tocha.core"

local filter <const> = {}

local KINDS <const> = {
  box = { id = 0, support = 0.5 }, bilinear = { id = 1, support = 1.0 },
  hamming = { id = 2, support = 1.0 }, bicubic = { id = 3, support = 2.0 },
  lanczos = { id = 4, support = 3.0 },
}

--- filter.find(name): { id, support }: half the width of its window, in inputs where it enlarges;
--- nil for other names.
function filter.find(name) return KINDS[name] end

-- No window has more taps than this.
local function most_taps(kind, step)
  return 2 * math.ceil(kind.support * math.max(step, 1.0)) + 1
end

--- filter.table(name, inputs, outputs, step, x): index and weight (outputs, taps) of ops.resample,
--- to fit x; `step` is how far apart neighbours of the output are in the input.
function filter.table(name, inputs, outputs, step, x)
  local kind <const> = KINDS[name]
  local size <const> = { outputs, most_taps(kind, step) }
  local index <const>, weight <const> = core.empty(size, "int64"), core.empty(size, "float64")
  core.kernel.resample_table(index, weight, kind.id, inputs, step, kind.support)
  local dtype <const> = x.dtype == "float64" and "float64" or "float32"
  return index:to(x.device), weight:to(dtype):to(x.device)
end

return filter
