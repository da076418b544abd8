---@meta tocha.vision
-- Written by `make annotations`; do not edit.

---tocha.vision: pictures. Files of them are in tocha.vision.io.
---@class tocha.vision
---@field io tocha.vision.io
local vision = {}

return vision
