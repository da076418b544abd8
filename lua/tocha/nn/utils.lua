-- nn.utils: gradients clipped, parameters as one vector; and what is read when it is asked for:
-- parametrizations, pruning, fusion, packed sequences.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local registry = require "tocha.op"

local utils <const> = {}
local ops <const>, kernel <const> = registry.ops, core.kernel

-- A list of parameters from one, from a module, or from a list.
local function as_list(who, parameters)
  if core.is_tensor(parameters) then return { parameters } end
  if type(parameters) ~= "table" then
    core.fail(who, nil, "expected parameters (tensors or a module), got %s", type(parameters))
  end
  return parameters.is_module and parameters:parameters() or parameters
end

local function gradients(who, parameters)
  local list <const> = {}
  for _, p in ipairs(as_list(who, parameters)) do
    if p.grad then list[#list + 1] = p.grad end
  end
  return list
end

-- The norm of all tensors together, from one pass over them.
local function total_norm(list, p)
  if #list == 0 then return core.from_table(0.0) end
  local norms <const> = core.empty({ #list }, "float64", list[1])
  kernel.foreach_norm(norms, list, p)
  return ops.norm(norms, p):to(list[1].dtype)
end

local function scale_down(grads, max_norm, norm)
  local scale <const> = max_norm / (norm + 1e-6)
  if scale < 1 or scale ~= scale then kernel.foreach_mul(grads, scale) end
end

-- Elsewhere than in the host's memory the factor stays where it is, so that nobody waits for it.
local function scale_there(grads, max_norm, norm)
  kernel.foreach_scale(ops.clamp(max_norm / (norm:double() + 1e-6), nil, 1), grads)
end

--- nn.utils.clip_grad_norm_(parameters, max_norm, norm_type = 2, error_if_nonfinite = false):
--- scales all gradients together so that their norm is at most max_norm; returns the norm before.
function utils.clip_grad_norm_(parameters, max_norm, norm_type, error_if_nonfinite)
  local _ <close> = autograd.no_grad()
  local grads <const> = gradients("clip_grad_norm_", parameters)
  local norm <const> = total_norm(grads, norm_type or 2)
  if norm.device ~= "cpu" and not error_if_nonfinite then
    scale_there(grads, max_norm, norm)
    return norm
  end
  core.live(function()
    local value <const> = norm:item()
    if error_if_nonfinite and (value ~= value or value == math.huge) then
      core.fail("clip_grad_norm_", nil, "the norm of the gradients is %s", tostring(value))
    end
    scale_down(grads, max_norm, value)
  end)
  return norm
end

--- nn.utils.clip_grads_with_norm_(parameters, max_norm, total_norm): the same, by a norm that is
--- known (a tensor or a number).
function utils.clip_grads_with_norm_(parameters, max_norm, norm)
  local _ <close> = autograd.no_grad()
  local grads <const> = gradients("clip_grads_with_norm_", parameters)
  core.live(function()
    scale_down(grads, max_norm, core.is_tensor(norm) and norm:item() or norm)
  end)
end

--- nn.utils.clip_grad_value_(parameters, clip_value): each gradient's elements into [-clip_value,
--- clip_value].
function utils.clip_grad_value_(parameters, clip_value)
  kernel.foreach_clamp(gradients("clip_grad_value_", parameters), -clip_value, clip_value)
end

--- nn.utils.get_total_norm(tensors, norm_type = 2)
function utils.get_total_norm(tensors, norm_type)
  return total_norm(as_list("get_total_norm", tensors), norm_type or 2)
end

--- nn.utils.parameters_to_vector(parameters): all of them in a row.
function utils.parameters_to_vector(parameters)
  local flat <const> = {}
  for k, p in ipairs(as_list("parameters_to_vector", parameters)) do flat[k] = p:reshape { -1 } end
  return ops.cat(flat)
end

--- nn.utils.vector_to_parameters(vector, parameters): the other way; the parameters keep their own
--- memory.
function utils.vector_to_parameters(vector, parameters)
  local _ <close> = autograd.no_grad()
  local list <const> = as_list("vector_to_parameters", parameters)
  local need, first = 0, 1
  for _, p in ipairs(list) do need = need + p:numel() end
  if vector:numel() ~= need then
    core.fail("vector_to_parameters", 1, "the vector has %d elements, the parameters %d",
      vector:numel(), need)
  end
  for _, p in ipairs(list) do
    p:copy_(vector:narrow(1, first, p:numel()):view(p.shape))
    first = first + p:numel()
  end
end

-- ---- what is read when it is asked for ----------------------------------------------------------

local ROOMS <const> = {
  parametrize = "parametrize", parametrizations = "parametrizations", prune = "prune",
  rnn = "rnn_utils", stateless = "fuse",
}
local HOME <const> = {
  weight_norm = "weight_norms", remove_weight_norm = "weight_norms",
  spectral_norm = "weight_norms", remove_spectral_norm = "weight_norms",
  fuse_conv_bn_eval = "fuse", fuse_conv_bn_weights = "fuse", fuse_linear_bn_eval = "fuse",
  fuse_linear_bn_weights = "fuse", skip_init = "fuse", functional_call = "fuse",
}

local places <const> = {}
for name, file in pairs(ROOMS) do places[name] = "tocha.nn." .. file end
for name, file in pairs(HOME) do places[name] = { "tocha.nn." .. file, name } end

return require "tocha.lazy" (utils, places)
