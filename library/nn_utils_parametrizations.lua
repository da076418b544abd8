---@meta tocha.nn.utils.parametrizations
-- Written by `make annotations`; do not edit.

---nn.utils.parametrizations: weight_norm, spectral_norm and orthogonal, as parametrizations under
---PyTorch's names: parametrizations.weight.original0 and so on.
---@class tocha.nn.utils.parametrizations
local parametrizations = {}

---parametrizations.orthogonal(module, name = "weight", orthogonal_map, use_trivialization = true):
---the weight is a matrix with orthonormal columns (or rows, where there are fewer), whatever the
---optimiser does. Maps: "matrix_exp" (the default for square ones), "cayley", "householder" (the
---default for others). Lezcano-Casado, "Trivializations for gradient-based optimization on
---manifolds" (2019). Returns the module.
---@return any ...
function parametrizations.orthogonal(module, name, map, use_trivialization) end

---parametrizations.spectral_norm(module, name = "weight", n_power_iterations = 1, eps = 1e-12,
---dim): the weight over its largest singular value, as a matrix whose rows are `dim` (1, or 2 for
---transposed convolutions). Miyato et al., "Spectral normalization for generative adversarial
---networks" (2018). Returns the module.
---@return any ...
function parametrizations.spectral_norm(module, name, n_power_iterations, eps, dim) end

---parametrizations.weight_norm(module, name = "weight", dim = 1): the length and the direction of
---a weight apart: g v / |v|, where |v| is taken over all but `dim` (false: over all). Salimans and
---Kingma, "Weight normalization" (2016). Returns the module.
---@return any ...
function parametrizations.weight_norm(module, name, dim) end

return parametrizations
