---@meta tocha.plot.color
-- Written by `make annotations`; do not edit.

---Colours: names, "#rrggbb", grey levels and lists become one form, {r, g, b, a} with r, g, b in
---0..255 and a, the opacity, in 0..1.
---
---The cycle, of which each artist takes the next, is Okabe and Ito's: told apart by colour-blind
---eyes and in grey print.
---@class tocha.plot.color
---@field cycle table
local color = {}

---color.bytes(c): r, g, b as integers.
---@return any ...
function color.bytes(c) end

---color.hex(c): "#rrggbb" of {r, g, b, a}.
---@return any ...
function color.hex(c) end

---color.is(value): can it be read as a colour?
---@return any ...
function color.is(value) end

---color.is_dark(c): does white text read better on it than black? By WCAG's relative luminance.
---@return boolean
function color.is_dark(c) end

---color.mix(a, b, t): from a (t = 0) to b (t = 1).
---@return any ...
function color.mix(a, b, t) end

---color.parse(value, alpha, who): "red", "r", "#f00", "#ff0000", "#ff000080", "0.5" (grey), "C1",
---"none" or {1, 0, 0} (also with an opacity). `alpha` multiplies the opacity.
---@return any ...
function color.parse(value, alpha, who) end

return color
