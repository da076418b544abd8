-- Memory formats by PyTorch's names, and tensors seen as they lie in memory.

local core = require "tocha.core"

local layout <const> = {}

-- The dimensions that a format is for; false: any.
local DIMS <const> = { contiguous_format = false, preserve_format = false, channels_last = 4,
  channels_last_3d = 5 }

--- The number of dimensions that a format is for, false for those by rows; an error of operation
--- `name` where there is no such format.
function layout.dims_of(name, format)
  local ndim <const> = DIMS[format]
  if ndim == nil then
    core.fail(name, "memory_format", "unknown format '%s' (there are: contiguous_format, "
      .. "preserve_format, channels_last, channels_last_3d)", tostring(format))
  end
  return ndim
end

return layout
