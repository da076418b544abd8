-- Reverse-mode differentiation, as users call it: scopes, leaves, backward, grad, hooks.
--
-- What these stand on is in autograd/: the tape's nodes (tape.lua), the sweep over them
-- (sweep.lua), views written in place (view.lua). No formula is known here; declarations have them.

local core = require "tocha.core"
local registry = require "tocha.op"
local tape = require "tocha.autograd.tape"
local scopes = require "tocha.autograd.scope"
local sweeping = require "tocha.autograd.sweep"
local views = require "tocha.autograd.view"
local detect_anomaly = require "tocha.autograd.anomaly"

local autograd <const> = {
  no_grad = scopes.no_grad,
  enable_grad = scopes.enable_grad,
  set_grad_enabled = scopes.set_grad_enabled,
  is_grad_enabled = scopes.is_grad_enabled,
  Function = require "tocha.autograd.custom",
}
local methods <const> = core.methods
local text <const> = registry.rule.text
local OP <const> = tape.OP
local accumulate <const> = tape.accumulate
local NONE <const> = {}  -- no options

-- ---- leaves -------------------------------------------------------------------------------------

-- A leaf's node holds its tensor; a gradient that arrives there is added to `grad`.
local function leaf_node(x) return tape.node(accumulate, nil, x) end

--- x:requires_grad_(flag = true)
function methods.requires_grad_(x, flag)
  if flag == false then
    if x.node and x.node[OP] ~= accumulate then
      core.fail("requires_grad_", nil, "only leaves can stop to require grad; use detach()")
    end
    core.set_node(x, nil)
  elseif not x.requires_grad then
    if not x:is_floating_point() then
      core.fail("requires_grad_", nil, "only floating tensors have gradients, got %s", x.dtype)
    end
    core.set_node(x, leaf_node(x))
  end
  return x
end

-- ---- backward and grad --------------------------------------------------------------------------

local function seed_of(name, y, g)
  if not y.requires_grad then
    core.fail(name, nil, "the tensor does not require grad: nothing that led to it was recorded")
  end
  if g then
    if not g:is_same_size(y) then
      core.fail(name, nil, "the gradient has the shape %s, the tensor %s",
        text(g.shape), text(y.shape))
    end
    return g
  end
  if y:numel() ~= 1 then
    core.fail(name, nil, "a %s tensor needs the gradient that flows into it; only a single element "
      .. "has one by default", text(y.shape))
  end
  return core.empty(y):fill_(1)
end

--- y:backward(gradient?, {retain_graph = false, create_graph = false}): adds the gradients of y to
--- the `grad` of every leaf that led to it. `gradient` is needed where y has more than one element.
function methods.backward(y, gradient, options)
  if type(gradient) == "table" then gradient, options = gradient.gradient, gradient end
  local seed <const> = seed_of("backward", y, gradient)
  sweeping.run({ y.node }, { seed }, options or NONE)
end

local function as_list(x) return core.is_tensor(x) and { x } or x end

--- autograd.grad(outputs, inputs, {grad_outputs, create_graph, retain_graph, allow_unused}): the
--- gradients of (the sum of) outputs with respect to inputs, as a list (one tensor for one tensor);
--- no `grad` changes.
function autograd.grad(outputs, inputs, options)
  options = options or {}
  local roots, seeds, capture = {}, {}, {}
  local given <const> = options.grad_outputs and as_list(options.grad_outputs) or {}
  for k, y in ipairs(as_list(outputs)) do
    roots[k], seeds[k] = y.node, seed_of("grad", y, given[k])
  end
  for k, x in ipairs(as_list(inputs)) do
    if not x.requires_grad then core.fail("grad", nil, "input %d does not require grad", k) end
    capture[x.node] = true
  end
  local found <const> = sweeping.run(roots, seeds, { create_graph = options.create_graph,
    retain_graph = options.retain_graph, capture = capture })
  local result <const> = {}
  for k, x in ipairs(as_list(inputs)) do
    result[k] = found[x.node] or false
    if not result[k] and not options.allow_unused then
      core.fail("grad", nil, "input %d was not used for the outputs (give {allow_unused = true})",
        k)
    end
  end
  if core.is_tensor(inputs) then return result[1] end
  return result
end

-- ---- hooks --------------------------------------------------------------------------------------

--- x:register_hook(f): f(gradient) is called when the gradient of x is known; what it returns, if
--- anything, takes its place. Returns a handle with `remove()`.
function methods.register_hook(x, f)
  local node <const> = x.node
  if not node then core.fail("register_hook", nil, "the tensor does not require grad") end
  node.hooks = node.hooks or {}
  local hook <const> = { f = f }
  table.insert(node.hooks, hook)
  function hook.remove() hook.f = nil end
  return hook
end

--- x:retain_grad(): keep the gradient of a tensor that is no leaf in x.grad.
function methods.retain_grad(x)
  if not x:is_leaf() then x:register_hook(function(g) core.set_grad(x, g) end) end
end

--- x:is_leaf(): was x made by the user and not by a recorded operation?
function methods.is_leaf(x) return not x.node or x.node[OP] == accumulate end

--- x:detach(): the same values, off the tape.
methods.detach = core.detach

function methods.detach_(x)
  core.set_node(x, nil)
  return x
end

-- ---- what the recording in C asks for -----------------------------------------------------------

core.set_tape {
  accumulate = accumulate, pick = tape.pick, writers = tape.writers, where = core.where,
  refresh_view = views.refresh_view, rebase_view = views.rebase_view,
}

--- A scope in which every node remembers its line, and backward stops at the first gradient that is
--- NaN with an error naming it.
autograd.detect_anomaly = detect_anomaly

return autograd
