-- Automatic mixed precision: inside a scope, products take bfloat16 and losses float32, as under
-- PyTorch's autocast for the CPU; every other operation takes what it is given.
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
  attention scaled_dot_product_attention lstm_layer
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

local VERSIONS <const> = tape.VERSIONS
local is_leaf <const> = core.methods.is_leaf

local current  -- of the innermost scope: dtype, and the casts of parameters, or false

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

-- float64 stays as it is: whoever asks for it wants its digits.
local function lowered(x)
  if x.dtype ~= "float32" then return x end
  if current.casts and x.requires_grad and is_leaf(x) then return cached(x) end
  return ops.to_dtype(x, current.dtype)
end

local function raised(x)
  local dtype <const> = x.dtype
  return (dtype == "bfloat16" or dtype == "float16") and ops.to_dtype(x, "float32") or x
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

local function cast(decl, ...)
  local name <const> = decl.name
  if LOWER[name] then return mapped(lowered, select("#", ...), ...) end
  if FLOAT32[name] then return mapped(raised, select("#", ...), ...) end
  return ...
end

local function enter(state)
  local was <const> = current
  current = state
  core.set_autocast(state and cast or nil)
  return was
end

local function leave(was) enter(was) end

local autocast <const> = {}

--- tocha.autocast("cpu", "bfloat16"): a scope in which linear layers, matrix products, convolutions
--- and attention compute in bfloat16, losses in float32: `local _ <close> = tocha.autocast(...)`
--- around the forward pass. `enabled = false` turns it off inside another scope; `cache_enabled =
--- false` casts a parameter at each use. On processors with AVX512_BF16 products run at twice
--- float32's speed, elsewhere no faster.
function autocast.autocast(device, dtype, options)
  if type(dtype) == "table" then dtype, options = nil, dtype end
  options = options or {}
  if device ~= nil and device ~= "cpu" then
    core.fail("autocast", 1, "unknown device '%s' (this build has: cpu)", device)
  end
  if dtype ~= nil and dtype ~= "bfloat16" then
    core.fail("autocast", 2, "expected 'bfloat16', got %s", tostring(dtype))
  end
  local state <const> = options.enabled ~= false
    and { dtype = "bfloat16", casts = options.cache_enabled ~= false and {} } or nil
  return scopes.open(function() return enter(state) end, leave)
end

--- tocha.is_autocast_enabled(): inside such a scope?
function autocast.is_autocast_enabled() return current ~= nil end

return autocast
