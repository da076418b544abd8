---@meta tocha.vision
-- Written by `make annotations`; do not edit.

---tocha.vision: pictures. Files of them are in tocha.vision.io, networks in tocha.vision.models.
---@class tocha.vision
---@field datasets tocha.vision.datasets
---@field draw tocha.vision.draw
---@field io tocha.vision.io
---@field models tocha.vision.models
---@field ops tocha.vision.ops
---@field transforms tocha.vision.transforms
local vision = {}

return vision
