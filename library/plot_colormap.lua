---@meta tocha.plot.colormap
-- Written by `make annotations`; do not edit.

---Colour maps: numbers in 0..1 to colours, by linear interpolation between anchors at equal
---distances.
---
---viridis, magma, inferno, plasma (van der Walt and Smith, CC0), turbo (Mikhailov) and coolwarm
---(Moreland) are anchors fitted to the published tables, within 5 of 255; RdBu, Spectral, Blues,
---Greens, Reds and Greys are ColorBrewer's (Brewer). "_r" behind a name turns it round.
---@class tocha.plot.colormap
---@field names table
local colormap = {}

---colormap.apply(x, cmap, low, high): a tensor (H, W) of numbers to pixels (H, W, 4) uint8; `low`
---and below has the first colour, `high` and above the last, NaN is transparent.
---@return any ...
function colormap.apply(x, cmap, low, high) end

---colormap.color(cmap, t): the colour {r, g, b, a} at t in 0..1; beyond, that of the end.
---@return any ...
function colormap.color(cmap, t) end

---colormap.discrete(cmap, n): n colours from one end to the other.
---@return any ...
function colormap.discrete(cmap, n) end

return colormap
