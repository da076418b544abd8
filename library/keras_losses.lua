---@meta tocha.keras.losses
-- Written by `make annotations`; do not edit.

---keras.losses: by Keras's names and in its order, (y_true, y_pred).
---
---    keras.losses.mean_squared_error(y_true, y_pred)              -- one number for each example
---    keras.losses.CategoricalCrossentropy{ label_smoothing = 0.1 }(y_true, y_pred)   -- a scalar
---
---The formulas are tocha.train's. Where y_pred is the softmax (or sigmoid) of something,
---crossentropies are computed from that. Ids of classes count from 1.
---@class tocha.keras.losses
local losses = {}

---@return any ...
function losses.BCE(t, y, options) end

---@return any ...
function losses.BinaryCrossentropy(options) end

---@return any ...
function losses.BinaryFocalCrossentropy(options) end

---@return any ...
function losses.CategoricalCrossentropy(options) end

---@return any ...
function losses.CategoricalHinge(options) end

---@return any ...
function losses.CosineSimilarity(options) end

---@return any ...
function losses.Dice(options) end

---@return any ...
function losses.Hinge(options) end

---@return any ...
function losses.Huber(options) end

---@return any ...
function losses.KLD(t, y, options) end

---@return any ...
function losses.KLDivergence(options) end

---@return any ...
function losses.LogCosh(options) end

---@return any ...
function losses.MAE(t, y, options) end

---@return any ...
function losses.MAPE(t, y, options) end

---@return any ...
function losses.MSE(t, y, options) end

---@return any ...
function losses.MSLE(t, y, options) end

---@return any ...
function losses.MeanAbsoluteError(options) end

---@return any ...
function losses.MeanAbsolutePercentageError(options) end

---@return any ...
function losses.MeanSquaredError(options) end

---@return any ...
function losses.MeanSquaredLogarithmicError(options) end

---@return any ...
function losses.Poisson(options) end

---@return any ...
function losses.SparseCategoricalCrossentropy(options) end

---@return any ...
function losses.SquaredHinge(options) end

---@return any ...
function losses.bce(t, y, options) end

---@return any ...
function losses.binary_crossentropy(t, y, options) end

---@return any ...
function losses.binary_focal_crossentropy(t, y, options) end

---@return any ...
function losses.categorical_crossentropy(t, y, options) end

---@return any ...
function losses.categorical_hinge(t, y, options) end

---@return any ...
function losses.cosine_similarity(t, y, options) end

---@return any ...
function losses.dice(t, y, options) end

---losses.for_training(spec, n): of one output, or a list or table by name of them. A model with n
---outputs takes the one for each.
---@return any ...
function losses.for_training(spec, n) end

---losses.get(spec): a member from its name, {name, option = ...} or { class_name =, config = };
---members and functions as they are.
---@return any ...
function losses.get(spec) end

---@return any ...
function losses.hinge(t, y, options) end

---@return any ...
function losses.huber(t, y, options) end

---@return any ...
function losses.kl_divergence(t, y, options) end

---@return any ...
function losses.kld(t, y, options) end

---@return any ...
function losses.log_cosh(t, y, options) end

---@return any ...
function losses.logcosh(t, y, options) end

---@return any ...
function losses.mae(t, y, options) end

---@return any ...
function losses.mape(t, y, options) end

---@return any ...
function losses.mean_absolute_error(t, y, options) end

---@return any ...
function losses.mean_absolute_percentage_error(t, y, options) end

---@return any ...
function losses.mean_squared_error(t, y, options) end

---@return any ...
function losses.mean_squared_logarithmic_error(t, y, options) end

---@return any ...
function losses.mse(t, y, options) end

---@return any ...
function losses.msle(t, y, options) end

---@return any ...
function losses.poisson(t, y, options) end

---losses.serialize(spec): the name or config that a file can hold.
---@return any ...
function losses.serialize(spec) end

---@return any ...
function losses.sparse_categorical_crossentropy(t, y, options) end

---@return any ...
function losses.squared_hinge(t, y, options) end

return losses
