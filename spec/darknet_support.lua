-- What the specs of Darknet's networks share: texts of a .cfg.

local darknet <const> = {}

--- A section of `filters` 1 x 1 filters; `more` are further lines.
function darknet.conv(filters, more)
  return ("[convolutional]\nfilters=%d\nsize=1\nactivation=linear\n%s"):format(filters, more or "")
end

--- A .cfg for pictures of this size, and its sections.
function darknet.cfg(height, width, ...)
  return ("[net]\nheight=%d\nwidth=%d\nchannels=3\n"):format(height, width)
    .. table.concat({ ... }, "\n")
end

return darknet
