---@meta tocha.io.darknet
-- Written by `make annotations`; do not edit.

---Darknet: the weights of a .weights file by name, by the layers of its .cfg.
---
---A .weights file is a short head and then float32 after float32: only the .cfg says what they are.
---Layers are numbered from 0, without [net], as Darknet prints them. Convolutions give
---N.conv.weight and N.conv.bias, or with batch_normalize N.bn.weight, N.bn.bias, N.bn.running_mean
---and N.bn.running_var beside N.conv.weight; connected layers N.linear.* alike. A file that stops
---after some layer (darknet53.conv.74) is read as far as it goes. Recurrent, local and
---deconvolutional layers are refused by name.
---@class tocha.io.darknet
local darknet = {}

---darknet.cfg(path): the sections of a file.
---@return any ...
function darknet.cfg(path) end

---darknet.load(path, {cfg = path with .cfg, or its sections, device = "cpu"}): name -> tensor, and
---the sections.
---@return any ...
function darknet.load(path, options) end

---darknet.matches(head): may these be the first bytes of a .weights file?
---@return any ...
function darknet.matches(head) end

---darknet.parse(text, path): the sections of a .cfg in their order: { kind = "convolutional",
---filters = "16", ... }, values as they stand there. `path` is for errors.
---@return any ...
function darknet.parse(text, path) end

return darknet
