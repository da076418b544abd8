-- Weights normalised by their length or by their largest singular value: the arithmetic, and
-- PyTorch's older form of it, nn.utils.weight_norm and nn.utils.spectral_norm, whose parameters are
-- called weight_g, weight_v and weight_orig. New code takes nn.utils.parametrizations.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local registry = require "tocha.op"
local rule = require "tocha.rule"
local hooks = require "tocha.nn.hooks"
local tensors = require "tocha.nn.tensors"

local ops <const> = registry.ops
local weights <const> = {}

-- ---- lengths ------------------------------------------------------------------------------------

--- The dimension as 1 .. ndim; false for none. `dim` nil is 1.
function weights.resolve_dim(who, x, dim)
  if dim == nil then return 1 end
  if dim == false then return false end
  local d <const> = dim < 0 and dim + x.ndim + 1 or dim
  if d < 1 or d > x.ndim then
    core.fail(who, "dim", "%d is out of range for a %s tensor", dim, rule.text(x.shape))
  end
  return d
end

--- The lengths of x over all dimensions but `dim` (false: of all of it, a single number).
function weights.norm_except(x, dim)
  if not dim then return ops.norm(x) end
  local dims <const> = rule.other_dims(x.ndim, dim)
  if #dims == 0 then return ops.abs(x) end
  return ops.norm(x, 2, dims, true)
end

--- g v / |v|
function weights.scaled(g, v, dim) return v * (g / weights.norm_except(v, dim)) end

-- ---- largest singular values --------------------------------------------------------------------

--- x over its length, at least eps.
function weights.unit(x, eps) return ops.normalize(x, 2, 1, eps) end

--- x as a matrix whose rows are the places along `dim`.
function weights.as_matrix(x, dim)
  if dim ~= 1 then
    local order <const> = { dim }
    for _, d in ipairs(rule.other_dims(x.ndim, dim)) do order[#order + 1] = d end
    x = x:permute(order)
  end
  return x:reshape { x:size(1), -1 }
end

--- Two random directions, of the columns and of the rows.
function weights.random_directions(matrix, eps)
  local function direction(n)
    return weights.unit(ops.randn({ n }, { dtype = matrix.dtype, device = matrix.device }), eps)
  end
  return direction(matrix:size(1)), direction(matrix:size(2))
end

--- By how much the matrix stretches v towards u.
function weights.stretch(matrix, u, v) return ops.dot(u, ops.mv(matrix, v)) end

--- The dimension of outputs: 2 in transposed convolutions.
function weights.matrix_dim(module, weight, dim)
  if dim == nil and getmetatable(module).__name:find "ConvTranspose%dd$" then return 2 end
  return weights.resolve_dim("spectral_norm", weight, dim)
end

function weights.check_iterations(who, n)
  n = n or 1
  if math.type(n) ~= "integer" or n < 1 then
    core.fail(who, "n_power_iterations", "expected a positive integer, got %s", tostring(n))
  end
  return n
end

-- ---- the older form: a hook computes the weight before each call --------------------------------

local function parameter(who, module, name)
  local x <const> = rawget(module, name)
  if core.is_tensor(x) then return x end
  core.fail(who, 2, "the module has no parameter '%s'", tostring(name))
end

-- What was registered, by kind and name: module._recomputed.weight_norm.weight = { f = hook, ... }
local function registered(module, kind)
  if not rawget(module, "_recomputed") then rawset(module, "_recomputed", {}) end
  local all <const> = module._recomputed
  all[kind] = all[kind] or {}
  return all[kind]
end

local function install(module, kind, name, spec)
  function spec.f(self) rawset(self, name, spec.compute(self, true)) end
  registered(module, kind)[name] = spec
  rawset(module, name, spec.compute(module, false))
  module:register_forward_pre_hook(spec.f)
  return module
end

local function uninstall(who, module, kind, name)
  local spec <const> = registered(module, kind)[name]
  if not spec then
    core.fail(who, 2, "'%s' has no %s here", tostring(name), kind)
  end
  registered(module, kind)[name] = nil
  hooks.drop(module, "pre", spec.f)
  local _ <close> = autograd.no_grad()
  local value <const> = spec.compute(module, false):detach():clone()
  for _, each in ipairs(spec.names) do module:forget(each) end
  module:register_parameter(name, tensors.Parameter(value))
  return module
end

--- nn.utils.weight_norm(module, name = "weight", dim = 1): the parameters weight_g and weight_v in
--- the place of weight; a hook computes it before each call. Returns the module.
function weights.weight_norm(module, name, dim)
  name = name or "weight"
  local weight <const> = parameter("weight_norm", module, name)
  dim = weights.resolve_dim("weight_norm", weight, dim)
  local g <const>, v <const> = name .. "_g", name .. "_v"
  module:forget(name)
  module:register_parameter(g, tensors.Parameter(weights.norm_except(weight:detach(), dim)))
  module:register_parameter(v, tensors.Parameter(weight))
  return install(module, "weight_norm", name, { names = { g, v, name },
    compute = function(self) return weights.scaled(self[g], self[v], dim) end })
end

--- nn.utils.remove_weight_norm(module, name = "weight"): a plain parameter again.
function weights.remove_weight_norm(module, name)
  return uninstall("remove_weight_norm", module, "weight_norm", name or "weight")
end

-- As in PyTorch this form goes the other way round: v first, then u.
local function iterate(matrix, u, v, n, eps)
  local _ <close> = autograd.no_grad()
  for _ = 1, n do
    v:copy_(weights.unit(ops.mv(ops.t(matrix), u), eps))
    u:copy_(weights.unit(ops.mv(matrix, v), eps))
  end
end

--- nn.utils.spectral_norm(module, name = "weight", n_power_iterations = 1, eps = 1e-12, dim): the
--- parameter weight_orig and the buffers weight_u and weight_v in the place of weight. Returns the
--- module.
function weights.spectral_norm(module, name, n_power_iterations, eps, dim)
  name, eps = name or "weight", eps or 1e-12
  local weight <const> = parameter("spectral_norm", module, name)
  local n <const> = weights.check_iterations("spectral_norm", n_power_iterations)
  dim = weights.matrix_dim(module, weight, dim)
  local original <const>, u <const>, v <const> = name .. "_orig", name .. "_u", name .. "_v"
  local start_u <const>, start_v <const> = weights.random_directions(
    weights.as_matrix(weight:detach(), dim), eps)
  module:forget(name)
  module:register_parameter(original, weight)
  module:register_buffer(u, start_u)
  module:register_buffer(v, start_v)
  return install(module, "spectral_norm", name, { names = { original, u, v, name },
    compute = function(self, in_call)
      local matrix <const> = weights.as_matrix(self[original], dim)
      if in_call and self.is_training then iterate(matrix:detach(), self[u], self[v], n, eps) end
      return self[original] / weights.stretch(matrix, self[u]:clone(), self[v]:clone())
    end })
end

--- nn.utils.remove_spectral_norm(module, name = "weight"): a plain parameter again.
function weights.remove_spectral_norm(module, name)
  return uninstall("remove_spectral_norm", module, "spectral_norm", name or "weight")
end

return weights
