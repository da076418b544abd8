---@meta tocha.autograd
-- Written by `make annotations`; do not edit.

---Reverse-mode differentiation, as users call it: scopes, leaves, backward, grad, hooks.
---
---What these stand on is in autograd/: the tape's nodes (tape.lua), the sweep over them
---(sweep.lua), views written in place (view.lua). No formula is known here; declarations have them.
---@class tocha.autograd
local autograd = {}

---autograd.Function { name =, forward = function(ctx, ...),
---backward = function(ctx, gradients...) }: an operation with a gradient of its own. `ctx` is a
---table for what backward needs. Called like a function; backward returns one gradient (or nil)
---for each argument.
---@return any ...
function autograd.Function(spec) end

---autograd.detect_anomaly()
---A scope in which every node remembers its line, and backward stops at the first gradient that is
---NaN with an error naming it.
---@return any ...
function autograd.detect_anomaly() end

---tocha.enable_grad(): recording, inside a no_grad scope.
---@return any ...
function autograd.enable_grad(f, ...) end

---autograd.grad(outputs, inputs, {grad_outputs, create_graph, retain_graph, allow_unused}): the
---gradients of (the sum of) outputs with respect to inputs, as a list (one tensor for one tensor);
---no `grad` changes.
---@return any ...
function autograd.grad(outputs, inputs, options) end

---tocha.is_grad_enabled(): are operations recorded now?
---@return boolean
function autograd.is_grad_enabled() end

---tocha.no_grad(): no recording until the scope closes: `local _ <close> = tocha.no_grad()`. Or
---tocha.no_grad(f, ...): none inside f.
---@return any ...
function autograd.no_grad(f, ...) end

---tocha.set_grad_enabled(flag): a scope with recording on or off.
---@return any ...
function autograd.set_grad_enabled(flag) end

return autograd
