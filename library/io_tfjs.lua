---@meta tocha.io.tfjs
-- Written by `make annotations`; do not edit.

---TensorFlow.js: the weights by name and the topology of a layers or graph model.
---
---model.json holds the topology (Keras's own JSON for a layers model) and a manifest: groups of
---files whose bytes, put together, are the weights one after the other, little-endian. The older
---manifest.json of deeplearn.js has one file of float32 a variable. Quantised weights are restored
---(value x scale + min). Files are read from the folder of the JSON file only. Strings and complex
---numbers are refused.
---@class tocha.io.tfjs
local tfjs = {}

---tfjs.load(path of model.json or manifest.json, {device = "cpu"}): name -> tensor, and what the
---JSON holds beside the manifest: { modelTopology = ..., format = ... }.
---@return any ...
function tfjs.load(path, options) end

return tfjs
