-- nn.utils.parametrizations: weight_norm, spectral_norm and orthogonal, as parametrizations under
-- PyTorch's names: parametrizations.weight.original0 and so on.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local registry = require "tocha.op"
local rule = require "tocha.rule"
local Module = require "tocha.nn.module"
local parametrize = require "tocha.nn.parametrize"
local weights = require "tocha.nn.weight_norms"

local ops <const> = registry.ops
local parametrizations <const> = {}

local function weight_of(who, module, name)
  local x <const> = Module.is_instance(module) and module[name] or nil
  if core.is_tensor(x) then return x end
  core.fail(who, 2, "the module has no parameter '%s'", tostring(name))
end

-- ---- weight normalisation -----------------------------------------------------------------------

local WeightNorm <const> = Module:extend("WeightNorm", "dim")

function WeightNorm:forward(g, v) return weights.scaled(g, v, self.dim) end

function WeightNorm:right_inverse(weight)
  return weights.norm_except(weight, self.dim), weight
end

-- What nn.utils.weight_norm saved is loaded too.
local function rename_old(name)
  local chain <const> = "parametrizations." .. name .. "."
  return function(_, dict, prefix)
    for old, new in pairs { _g = "original0", _v = "original1" } do
      local key <const> = prefix .. name .. old
      if dict[key] then dict[prefix .. chain .. new], dict[key] = dict[key], nil end
    end
  end
end

--- parametrizations.weight_norm(module, name = "weight", dim = 1): the length and the direction of
--- a weight apart: g v / |v|, where |v| is taken over all but `dim` (false: over all). Salimans and
--- Kingma, "Weight normalization" (2016). Returns the module.
function parametrizations.weight_norm(module, name, dim)
  name = name or "weight"
  dim = weights.resolve_dim("weight_norm", weight_of("weight_norm", module, name), dim)
  parametrize.register_parametrization(module, name, WeightNorm(dim), { unsafe = true })
  module:register_load_state_dict_pre_hook(rename_old(name))
  return module
end

-- ---- spectral normalisation ---------------------------------------------------------------------

local SpectralNorm <const> = Module:extend "SpectralNorm"

function SpectralNorm:new(weight, n_power_iterations, dim, eps)
  self.n_power_iterations, self.dim, self.eps = n_power_iterations, dim, eps
  if weight.ndim < 2 then return end
  local matrix <const> = weights.as_matrix(weight:detach(), dim)
  local u <const>, v <const> = weights.random_directions(matrix, eps)
  self:register_buffer("_u", u)
  self:register_buffer("_v", v)
  self:iterate(matrix, 15)
end

-- The directions that the matrix stretches most, by repeated multiplication.
function SpectralNorm:iterate(matrix, n)
  local _ <close> = autograd.no_grad()
  for _ = 1, n do
    self._u:copy_(weights.unit(ops.mv(matrix, self._v), self.eps))
    self._v:copy_(weights.unit(ops.mv(ops.t(matrix), self._u), self.eps))
  end
end

function SpectralNorm:forward(weight)
  if weight.ndim < 2 then return ops.normalize(weight, 2, 1, self.eps) end
  local matrix <const> = weights.as_matrix(weight, self.dim)
  if self.is_training then self:iterate(matrix:detach(), self.n_power_iterations) end
  return weight / weights.stretch(matrix, self._u:clone(), self._v:clone())
end

--- parametrizations.spectral_norm(module, name = "weight", n_power_iterations = 1, eps = 1e-12,
--- dim): the weight over its largest singular value, as a matrix whose rows are `dim` (1, or 2 for
--- transposed convolutions). Miyato et al., "Spectral normalization for generative adversarial
--- networks" (2018). Returns the module.
function parametrizations.spectral_norm(module, name, n_power_iterations, eps, dim)
  name = name or "weight"
  local weight <const> = weight_of("spectral_norm", module, name)
  local n <const> = weights.check_iterations("spectral_norm", n_power_iterations)
  dim = weights.matrix_dim(module, weight, dim)
  local norm <const> = SpectralNorm(weight, n, dim, eps or 1e-12)
  return parametrize.register_parametrization(module, name, norm)
end

-- ---- orthogonal matrices ------------------------------------------------------------------------

local Orthogonal <const> = Module:extend "Orthogonal"

-- Without a base only reflections can be found from a given matrix.
function Orthogonal:new(map, use_trivialization)
  self.map, self.use_trivialization = map, use_trivialization
  if map ~= "householder" and not use_trivialization then self.right_inverse = false end
end

local function T(x) return x:transpose(-2, -1) end
local function diagonal(x) return x:diagonal(0, -2, -1) end
local function eye(x, n) return ops.eye(n, n, { dtype = x.dtype, device = x.device }) end

-- From the free numbers below the diagonal of x (n, k) a skew-symmetric matrix (n, n).
local function skew(x)
  local low = ops.tril(x)
  local n <const>, k <const> = x:size(-2), x:size(-1)
  if n > k then
    local shape <const> = x.shape
    shape[#shape] = n - k
    low = ops.cat({ low, ops.zeros(shape, { dtype = x.dtype, device = x.device }) }, -1)
  end
  return low - T(low)
end

local MAPS <const> = {
  matrix_exp = function(x) return ops.matrix_exp(skew(x)):narrow(-1, 1, x:size(-1)) end,
  cayley = function(x)
    local half <const> = skew(x) * 0.5
    local one <const> = eye(x, x:size(-2))
    return ops.solve(one - half, one + half):narrow(-1, 1, x:size(-1))
  end,
  householder = function(x)
    local a <const> = ops.tril(x, -1)
    local tau <const> = 2 / (1 + ops.sum(a * a, -2))
    local signs <const> = ops.trunc(diagonal(x):detach()):unsqueeze(-2)
    return ops.householder_product(a, tau) * signs
  end,
}

function Orthogonal:forward(x)
  local wide <const> = x:size(-2) < x:size(-1)
  local q = MAPS[self.map](wide and T(x) or x)
  if self.base then q = ops.matmul(self.base, q) end
  return wide and T(q) or q
end

-- The orthogonal factor with a positive diagonal of the other one.
local function orthogonalized(x)
  local q <const>, r <const> = ops.qr(x)
  return q * ops.sign(diagonal(r)):unsqueeze(-2)
end

local function is_orthogonal(q)
  local k <const> = q:size(-1)
  local eps <const> = (q.dtype == "float64" and 2.0 ^ -52 or 2.0 ^ -23) * 10 * k
  return ops.all(ops.le(ops.abs(ops.matmul(T(q), q) - eye(q, k)), eps)):item()
end

-- Where there is no base the diagonal has the signs, and columns without a reflection the other.
local function reflections(q)
  local a <const>, tau <const> = ops.geqrf(q)
  local signs <const> = ops.where(ops.eq(tau, 0), -1, 1) * ops.sign(diagonal(a))
  local one <const> = ops.eye(q:size(-2), q:size(-1), { dtype = q.dtype, device = q.device })
  return a + one * (signs - diagonal(a)):unsqueeze(-2)
end

-- All of the space, beginning with the columns of q.
local function completed(q)
  local n <const>, k <const> = q:size(-2), q:size(-1)
  if n == k then return is_orthogonal(q) and q:clone() or orthogonalized(q) end
  local shape <const> = q.shape
  shape[#shape] = n - k
  local more <const> = ops.randn(shape, { dtype = q.dtype, device = q.device })
  return orthogonalized(ops.cat({ q, more }, -1))
end

function Orthogonal:right_inverse(q)
  local wide <const> = q:size(-2) < q:size(-1)
  local tall <const> = wide and T(q) or q
  if self.use_trivialization then
    self:register_buffer("base", completed(tall))
    local start <const> = -ops.eye(q:size(-2), q:size(-1), { dtype = q.dtype, device = q.device })
    return start:expand(q.shape):clone()
  end
  local a <const> = reflections(tall)
  return wide and T(a):contiguous() or a
end

--- parametrizations.orthogonal(module, name = "weight", orthogonal_map, use_trivialization = true):
--- the weight is a matrix with orthonormal columns (or rows, where there are fewer), whatever the
--- optimiser does. Maps: "matrix_exp" (the default for square ones), "cayley", "householder" (the
--- default for others). Lezcano-Casado, "Trivializations for gradient-based optimization on
--- manifolds" (2019). Returns the module.
function parametrizations.orthogonal(module, name, map, use_trivialization)
  name = name or "weight"
  if type(map) == "table" then
    map, use_trivialization = map.orthogonal_map, map.use_trivialization
  end
  local weight <const> = weight_of("orthogonal", module, name)
  if weight.ndim < 2 then
    core.fail("orthogonal", 2, "expected a matrix, got %s", rule.text(weight.shape))
  end
  map = map or (weight:size(-2) == weight:size(-1) and "matrix_exp" or "householder")
  if not MAPS[map] then
    core.fail("orthogonal", "orthogonal_map", "expected 'matrix_exp', 'cayley' or 'householder', "
      .. "got '%s'", tostring(map))
  end
  return parametrize.register_parametrization(module, name,
    Orthogonal(map, use_trivialization ~= false), { unsafe = true })
end

return parametrizations
