---@meta tocha.keras.utils
-- Written by `make annotations`; do not edit.

---keras.utils: class ids to rows, sequences of one length, seeds.
---@class tocha.keras.utils
local utils = {}

---utils.clear_session(): automatic names begin anew.
---@return any ...
function utils.clear_session() end

---utils.model_to_dot(model): the layers and what they are connected to, as a text for Graphviz.
---@return any ...
function utils.model_to_dot(model) end

---utils.normalize(x, axis = -1, order = 2): vectors of length 1 along a dimension.
---@return any ...
function utils.normalize(x, axis, order) end

---utils.pad_sequences(lists, {maxlen = longest, padding = "pre", truncating = "pre", value = 0,
---dtype = "int64"}): lists of numbers as the rows of one tensor. With ids from 1 and mask_zero in
---Embedding, pad with {value = 1}.
---@return any ...
function utils.pad_sequences(sequences, options) end

---utils.set_random_seed(value)
---tocha.manual_seed(seed): starts the sequence of this seed.
---@return any ...
function utils.set_random_seed(value) end

---utils.to_categorical(ids, num_classes): rows of zeros with a one at the id, float32. Ids count
---from 1, up to the largest unless num_classes is given. (..., 1) is taken as (...).
---@return any ...
function utils.to_categorical(ids, num_classes) end

return utils
