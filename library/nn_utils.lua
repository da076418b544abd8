---@meta tocha.nn.utils
-- Written by `make annotations`; do not edit.

---nn.utils: gradients clipped, parameters as one vector; and what is read when it is asked for:
---parametrizations, pruning, fusion, packed sequences.
---@class tocha.nn.utils
---@field parametrizations tocha.nn.utils.parametrizations
---@field parametrize tocha.nn.utils.parametrize
---@field prune tocha.nn.utils.prune
---@field rnn tocha.nn.utils.rnn
---@field stateless tocha.nn.utils.stateless
local utils = {}

---nn.utils.clip_grad_norm_(parameters, max_norm, norm_type = 2, error_if_nonfinite = false):
---scales all gradients together so that their norm is at most max_norm; returns the norm before.
---@return any ...
function utils.clip_grad_norm_(parameters, max_norm, norm_type, error_if_nonfinite) end

---nn.utils.clip_grad_value_(parameters, clip_value): each gradient's elements into [-clip_value,
---clip_value].
---@return any ...
function utils.clip_grad_value_(parameters, clip_value) end

---nn.utils.clip_grads_with_norm_(parameters, max_norm, total_norm): the same, by a norm that is
---known (a tensor or a number).
---@return any ...
function utils.clip_grads_with_norm_(parameters, max_norm, norm) end

---nn.utils.functional_call(module, dict, ...): module(...) with the tensors of `dict`, by their
---names, in the place of its parameters and buffers; gradients flow to them. What is shared is
---replaced everywhere; afterwards everything is as before, also after an error.
---@return any ...
function utils.functional_call(module, dict, ...) end

---nn.utils.fuse_conv_bn_eval(conv, bn, transpose = false): a convolution that does both; what it
---was made of stays as it is.
---@return any ...
function utils.fuse_conv_bn_eval(conv, bn, transpose) end

---nn.utils.fuse_conv_bn_weights(conv_w, conv_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b, transpose =
---false): weight and bias, as parameters, of a convolution that normalises too. conv_b, bn_w and
---bn_b may be nil.
---@return any ...
function utils.fuse_conv_bn_weights(w, b, mean, var, eps, bn_w, bn_b, transpose) end

---nn.utils.fuse_linear_bn_eval(linear, bn)
---@return any ...
function utils.fuse_linear_bn_eval(linear, bn) end

---nn.utils.fuse_linear_bn_weights(linear_w, linear_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b)
---@return any ...
function utils.fuse_linear_bn_weights(...) end

---nn.utils.get_total_norm(tensors, norm_type = 2)
---@return any ...
function utils.get_total_norm(tensors, norm_type) end

---nn.utils.parameters_to_vector(parameters): all of them in a row.
---@return any ...
function utils.parameters_to_vector(parameters) end

---nn.utils.remove_spectral_norm(module, name = "weight"): a plain parameter again.
---@return any ...
function utils.remove_spectral_norm(module, name) end

---nn.utils.remove_weight_norm(module, name = "weight"): a plain parameter again.
---@return any ...
function utils.remove_weight_norm(module, name) end

---nn.utils.skip_init(Class, ...): Class(...) whose parameters hold whatever was in memory: for a
---state dict that is loaded next.
---@return any ...
function utils.skip_init(class, ...) end

---nn.utils.spectral_norm(module, name = "weight", n_power_iterations = 1, eps = 1e-12, dim): the
---parameter weight_orig and the buffers weight_u and weight_v in the place of weight. Returns the
---module.
---@return any ...
function utils.spectral_norm(module, name, n_power_iterations, eps, dim) end

---nn.utils.vector_to_parameters(vector, parameters): the other way; the parameters keep their own
---memory.
---@return any ...
function utils.vector_to_parameters(vector, parameters) end

---nn.utils.weight_norm(module, name = "weight", dim = 1): the parameters weight_g and weight_v in
---the place of weight; a hook computes it before each call. Returns the module.
---@return any ...
function utils.weight_norm(module, name, dim) end

return utils
