---@meta tocha.io.hdf5
-- Written by `make annotations`; do not edit.

---HDF5 files: their tensors and texts by path, read by libhdf5 (tocha.hdf5).
---
---libhdf5 crashes on some damaged files and spins on others. So another process reads the file and
---sends what it finds; whatever happens there is an error here. Files are written in this process.
---
---What it sends, a record each: "e" path, kind, attributes, value; "!" message; "." at the end. A
---value is "-" nothing, "t" text, "l" list of texts, "x" tensor.
---@class tocha.io.hdf5
local hdf5 = {}

---hdf5.entries(path, {device = "cpu", only = nil, seconds = nil}): what is in a file, groups
---before what they hold, sorted by name: a list of { path, kind = "group" or "dataset",
---attributes, value }. Values are tensors, texts or lists of texts; nil where the type is another,
---or where `only`, a function of the path, says so. The first is the file itself, "/". Reading
---takes at most 10 seconds of the processor and a second for 4 MB, or `seconds`.
---@return any ...
function hdf5.entries(path, options) end

---hdf5.load(path, {device = "cpu", only = nil}): path -> tensor (texts too), and the attributes of
---the file. Files of Keras's weights have Keras's names, "conv2d/kernel", and the metadata has
---`modelTopology`, the model's configuration, as TensorFlow.js's files do: see tocha.io.keras_h5.
---@return any ...
function hdf5.load(path, options) end

---hdf5.matches(head): are these the first bytes of a file?
---@return any ...
function hdf5.matches(head) end

---hdf5.save(path, list of { path, value or nil, attributes or nil }): a new file of tensors, and
---of groups where there is no value; attributes are texts and lists of texts. float16 stays,
---bfloat16 becomes float32.
---@return any ...
function hdf5.save(path, list) end

return hdf5
