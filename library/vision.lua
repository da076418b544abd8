---@meta tocha.vision
-- Written by `make annotations`; do not edit.

---tocha.vision: pictures. Files of them are in tocha.vision.io, networks in tocha.vision.models.
---@class tocha.vision
---@field io tocha.vision.io
---@field models tocha.vision.models
local vision = {}

return vision
