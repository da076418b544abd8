---@meta tocha.keras.metrics
-- Written by `make annotations`; do not edit.

---keras.metrics: tocha.train's, by Keras's names. A member is made without the model and goes into
---compile{metrics = ...}; alone it counts with update_state(y_true, y_pred), result(),
---reset_state().
---@class tocha.keras.metrics
local metrics = {}

---@return any ...
function metrics.AUC(options) end

---@return any ...
function metrics.Accuracy(options) end

---@return any ...
function metrics.BinaryAccuracy(options) end

---@return any ...
function metrics.BinaryCrossentropy(options) end

---@return any ...
function metrics.CategoricalAccuracy(options) end

---@return any ...
function metrics.CategoricalCrossentropy(options) end

---@return any ...
function metrics.CategoricalHinge(options) end

---@return any ...
function metrics.CosineSimilarity(options) end

---@return any ...
function metrics.F1Score(options) end

---@return any ...
function metrics.Hinge(options) end

---@return any ...
function metrics.KLDivergence(options) end

---@return any ...
function metrics.MeanAbsoluteError(options) end

---@return any ...
function metrics.MeanAbsolutePercentageError(options) end

---@return any ...
function metrics.MeanSquaredError(options) end

---@return any ...
function metrics.MeanSquaredLogarithmicError(options) end

---@return any ...
function metrics.Poisson(options) end

---@return any ...
function metrics.Precision(options) end

---@return any ...
function metrics.R2Score(options) end

---@return any ...
function metrics.Recall(options) end

---@return any ...
function metrics.RootMeanSquaredError(options) end

---@return any ...
function metrics.SparseCategoricalAccuracy(options) end

---@return any ...
function metrics.SparseCategoricalCrossentropy(options) end

---@return any ...
function metrics.SparseTopKCategoricalAccuracy(options) end

---@return any ...
function metrics.SquaredHinge(options) end

---@return any ...
function metrics.TopKCategoricalAccuracy(options) end

return metrics
