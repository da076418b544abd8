-- Automatic mixed precision: inside a scope, products take a half type and losses float32, as under
-- PyTorch's autocast for the CPU and for CUDA; every other operation takes what it is given. A
-- scope is for the tensors of one kind of device.
--
-- Casts are operations on the tape, so gradients come back in the dtype of what was cast:
-- parameters, their gradients and the optimiser's step stay float32.

local core = require "tocha.core"
local registry = require "tocha.op"
local scopes = require "tocha.autograd.scope"
local tape = require "tocha.autograd.tape"

local ops <const> = registry.ops

local function set(names)
  local t <const> = {}
  for name in names:gmatch "%S+" do t[name] = true end
  return t
end

-- Those with a product inside.
local LOWER <const> = set [[
  linear mm mv bmm matmul addmm addbmm baddbmm einsum inner tensordot
  conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d
  attention scaled_dot_product_attention lstm_layer linear_act mlp
]]

-- Those whose sums or logarithms need the digits.
local FLOAT32 <const> = set [[
  binary_cross_entropy binary_cross_entropy_with_logits cosine_embedding_loss cross_entropy ctc_loss
  gaussian_nll_loss hinge_embedding_loss huber_loss kl_div l1_loss margin_ranking_loss mse_loss
  multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss nll_loss poisson_nll_loss
  smooth_l1_loss soft_margin_loss triplet_margin_loss triplet_margin_with_distance_loss
  dice_loss tversky_loss sigmoid_focal_loss softmax_focal_loss
  avg_pool3d cdist grid_sample pairwise_distance prod trace
  cholesky det eigh eigvalsh inv lstsq matrix_exp matrix_power pinv qr slogdet solve svd svdvals
]]

-- CUDA's list is longer: float16 ends at 65504.
local CUDA_FLOAT32 <const> = set [[
  acos asin cosh erfinv exp expm1 log log10 log1p log2 pow reciprocal rsqrt sinh tan softplus
  cosine_similarity cumprod cumsum group_norm layer_norm rms_norm log_softmax norm normalize
  pdist softmax softmin sum
]]
for name in pairs(FLOAT32) do CUDA_FLOAT32[name] = true end

-- Of CUDA's those whose kernel sums halves in float32 and gives a float32 result, with class ids.
local SUMS_HALVES <const> = { cross_entropy = true }

local function has_ids(_, target)
  return core.is_tensor(target) and not target:is_floating_point()
end

local DEVICES <const> = {
  cpu = { dtypes = { bfloat16 = true }, float32 = FLOAT32, default = "bfloat16" },
  cuda = { dtypes = { bfloat16 = true, float16 = true }, float32 = CUDA_FLOAT32,
    default = "float16" },
}

local VERSIONS <const> = tape.VERSIONS
local is_leaf <const> = core.methods.is_leaf

local current  -- of the innermost scope: device, dtype, and the casts of parameters, or false

-- Can its gradient still be asked for, where that is wanted now?
local function is_usable(value)
  local node <const> = value.node
  return core.grad_enabled() == (node ~= nil) and (not node or node[VERSIONS] ~= nil)
end

-- A parameter is cast once a scope, until it is written, its graph was used, or recording changes.
local function cached(x)
  local kept <const>, version <const> = current.casts[x], core.version(x)
  if kept and kept.version == version and is_usable(kept.value) then return kept.value end
  local value <const> = ops.to_dtype(x, current.dtype)
  current.casts[x] = { value = value, version = version }
  return value
end

local function is_elsewhere(x)
  local device <const> = x.device
  return (device == "cpu") ~= (current.device == "cpu")
end

-- float64 stays as it is: whoever asks for it wants its digits.
local function lowered(x)
  if x.dtype ~= "float32" or is_elsewhere(x) then return x end
  if current.casts and x.requires_grad and is_leaf(x) then return cached(x) end
  return ops.to_dtype(x, current.dtype)
end

local function raised(x)
  local dtype <const> = x.dtype
  if dtype ~= "bfloat16" and dtype ~= "float16" or is_elsewhere(x) then return x end
  return ops.to_dtype(x, "float32")
end

-- The tensors among the arguments, in lists too, through f.
local function each_tensor(f, value)
  if core.is_tensor(value) then return f(value) end
  if type(value) ~= "table" then return value end
  local t <const> = {}
  for k, v in pairs(value) do t[k] = core.is_tensor(v) and f(v) or v end
  return setmetatable(t, getmetatable(value))
end

local function mapped(f, n, first, ...)
  if n == 0 then return end
  return each_tensor(f, first), mapped(f, n - 1, ...)
end

-- What the operation `name` gets of its arguments.
local function cast_for(name, ...)
  if LOWER[name] then return mapped(lowered, select("#", ...), ...) end
  if current.device == "cuda" and SUMS_HALVES[name] and has_ids(...) then return ... end
  if current.float32[name] then return mapped(raised, select("#", ...), ...) end
  return ...
end

local function cast(decl, ...) return cast_for(decl.name, ...) end

local function enter(state)
  local was <const> = current
  current = state
  core.set_autocast(state and cast or nil)
  return was
end

local function leave(was) enter(was) end

local autocast <const> = {}

--- autocast.arguments(name, ...): the arguments as the operation `name` gets them.
function autocast.arguments(name, ...)
  if current then return cast_for(name, ...) end
  return ...
end

local OPTIONS <const> = set "dtype enabled cache_enabled"

local function check(device, dtype, options)
  for name in pairs(options) do
    if not OPTIONS[name] then
      core.fail("autocast", nil, "unknown option '%s' (there are: dtype, enabled, cache_enabled)",
        tostring(name))
    end
  end
  local kind <const> = DEVICES[device]
  if not kind then
    core.fail("autocast", 1, "unknown device '%s' (there are: cpu, cuda)", tostring(device))
  end
  if dtype ~= nil and not kind.dtypes[dtype] then
    core.fail("autocast", 2, "expected %s, got %s",
      device == "cpu" and "'bfloat16'" or "'float16' or 'bfloat16'", tostring(dtype))
  end
  return kind
end

--- tocha.autocast("cuda", "bfloat16"): a scope in which linear layers, matrix products,
--- convolutions and attention compute in a half type, losses in float32: `local _ <close> =
--- tocha.autocast(...)` around the forward pass. Device "cpu" (bfloat16 only) or "cuda" (float16
--- unless told; scale the loss then, see tocha.GradScaler). Options: dtype; `enabled = false` turns
--- it off inside another scope; `cache_enabled = false` casts a parameter at each use. On the CPU,
--- products run at twice float32's speed where it has AVX512_BF16, elsewhere no faster.
function autocast.autocast(device, dtype, options)
  if type(dtype) == "table" then dtype, options = nil, dtype end
  options, device = options or {}, device or "cpu"
  dtype = dtype or options.dtype
  local kind <const> = check(device, dtype, options)
  local state <const> = options.enabled ~= false and { device = device, float32 = kind.float32,
    dtype = dtype or kind.default, casts = options.cache_enabled ~= false and {} } or nil
  return scopes.open(function() return enter(state) end, leave)
end

--- covers(x): inside a scope for x's device?
function autocast.covers(x) return current ~= nil and not is_elsewhere(x) end

--- tocha.is_autocast_enabled(): inside such a scope?
function autocast.is_autocast_enabled() return current ~= nil end

return autocast
