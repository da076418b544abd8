---@meta tocha.nn.utils.stateless
-- Written by `make annotations`; do not edit.

---Batch normalisation folded into the layer before it, for evaluation; layers made without filling
---their weights; a module called with other parameters.
---@class tocha.nn.utils.stateless
local stateless = {}

---nn.utils.functional_call(module, dict, ...): module(...) with the tensors of `dict`, by their
---names, in the place of its parameters and buffers; gradients flow to them. What is shared is
---replaced everywhere; afterwards everything is as before, also after an error.
---@return any ...
function stateless.functional_call(module, dict, ...) end

---nn.utils.fuse_conv_bn_eval(conv, bn, transpose = false): a convolution that does both; what it
---was made of stays as it is.
---@return any ...
function stateless.fuse_conv_bn_eval(conv, bn, transpose) end

---nn.utils.fuse_conv_bn_weights(conv_w, conv_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b, transpose =
---false): weight and bias, as parameters, of a convolution that normalises too. conv_b, bn_w and
---bn_b may be nil.
---@return any ...
function stateless.fuse_conv_bn_weights(w, b, mean, var, eps, bn_w, bn_b, transpose) end

---nn.utils.fuse_linear_bn_eval(linear, bn)
---@return any ...
function stateless.fuse_linear_bn_eval(linear, bn) end

---nn.utils.fuse_linear_bn_weights(linear_w, linear_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b)
---@return any ...
function stateless.fuse_linear_bn_weights(...) end

---nn.utils.skip_init(Class, ...): Class(...) whose parameters hold whatever was in memory: for a
---state dict that is loaded next.
---@return any ...
function stateless.skip_init(class, ...) end

return stateless
