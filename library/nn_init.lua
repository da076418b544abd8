---@meta tocha.nn.init
-- Written by `make annotations`; do not edit.

---nn.init: fills tensors with starting values, in place and off the tape. As in PyTorch.
---
---    init.normal_(w, 0, 0.02)        init.normal_(w, {std = 0.02, generator = {seed = 7}})
---
---Every function returns its tensor. `generator` is a seed (an integer) or a state {seed =, offset
---=}, which is moved on; Tocha's own generator is then left alone.
---@class tocha.nn.init
local init = {}

---init.calculate_gain(nonlinearity, param): by how much an activation makes the spread smaller;
---`param` is the slope of leaky_relu.
---@return any ...
function init.calculate_gain(nonlinearity, param) end

---init.constant_(x, val)
---@return any ...
function init.constant_(x, ...) end

---init.dirac_(x, groups = 1): a convolution's weight that passes its input on.
---@return any ...
function init.dirac_(x, ...) end

---init.eye_(x): the identity, for a matrix.
---@return any ...
function init.eye_(x) end

---init.kaiming_normal_(x, a = 0, mode = "fan_in", nonlinearity = "leaky_relu", generator)
---@return any ...
function init.kaiming_normal_(x, ...) end

---init.kaiming_uniform_(x, a = 0, mode = "fan_in", nonlinearity = "leaky_relu", generator): He et
---al., "Delving deep into rectifiers" (2015); `a` is the slope of a leaky relu.
---@return any ...
function init.kaiming_uniform_(x, ...) end

---init.normal_(x, mean = 0, std = 1, generator)
---@return any ...
function init.normal_(x, ...) end

---init.ones_(x)
---@return any ...
function init.ones_(x) end

---init.orthogonal_(x, gain = 1, generator): rows (or columns, where there are fewer) at right
---angles. Saxe et al., "Exact solutions to the nonlinear dynamics of learning in deep linear
---neural networks" (2014).
---@return any ...
function init.orthogonal_(x, ...) end

---init.sparse_(x, sparsity, std = 0.01, generator): a matrix with this share of zeros in each
---column.
---@return any ...
function init.sparse_(x, ...) end

---init.trunc_normal_(x, mean = 0, std = 1, a = -2, b = 2, generator): normal numbers, without
---what lies outside [a, b].
---@return any ...
function init.trunc_normal_(x, ...) end

---init.uniform_(x, a = 0, b = 1, generator)
---@return any ...
function init.uniform_(x, ...) end

---init.xavier_normal_(x, gain = 1, generator)
---@return any ...
function init.xavier_normal_(x, ...) end

---init.xavier_uniform_(x, gain = 1, generator): Glorot and Bengio, "Understanding the difficulty
---of training deep feedforward neural networks" (2010).
---@return any ...
function init.xavier_uniform_(x, ...) end

---init.zeros_(x)
---@return any ...
function init.zeros_(x) end

return init
