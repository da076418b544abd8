-- Reverse-mode differentiation: the sweep over the tape, leaves, hooks, scopes, views in place.
--
-- A node is the list { op, versions, output, args..., edges... } that csrc/lua/tape.c makes.
-- Nothing here knows a formula: gradients are in the declarations.

local core = require "tocha.core"
local registry = require "tocha.op"

local autograd <const> = {}
local ops <const> = registry.ops
local methods <const> = core.methods

local OP <const>, VERSIONS <const>, OUT <const>, ARGS <const> = 1, 2, 3, 4
local unpack <const> = table.unpack

local accumulate <const> = { name = "accumulate", nargs = 1 }
local pick <const> = { name = "pick", nargs = 1 }
local copy_slices <const> = { name = "copy_slices", nargs = 2 }
local writers <const> = {}  -- storage -> who wrote into it last, where the tape watches it

-- ---- scopes -------------------------------------------------------------------------------------

local Scope <const> = {}
Scope.__index = Scope
Scope.__close = function(scope) scope.leave(scope.was) end

local function scope(enter, leave)
  return setmetatable({ was = enter(), leave = leave }, Scope)
end

local function run_in(opened, f, ...)
  local _ <close> = opened
  return f(...)
end

local function grad_scope(value)
  return function(f, ...)
    local opened = scope(function() return core.grad_enabled(value) end, core.grad_enabled)
    if f == nil then return opened end
    return run_in(opened, f, ...)
  end
end

--- No recording until the scope closes: `local _ <close> = tocha.no_grad()`, or `tocha.no_grad(f, ...)`.
autograd.no_grad = grad_scope(false)

--- Recording, inside a no_grad scope.
autograd.enable_grad = grad_scope(true)

--- `set_grad_enabled(flag)`: a scope with recording on or off.
function autograd.set_grad_enabled(flag)
  return scope(function() return core.grad_enabled(flag) end, core.grad_enabled)
end

function autograd.is_grad_enabled() return core.grad_enabled() end

-- ---- the tape's own operations ------------------------------------------------------------------

-- A leaf's node holds its tensor; a gradient that arrives there is added to `grad`.
local function leaf_node(x) return { accumulate, 0, false, x, false } end

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

-- ---- versions -----------------------------------------------------------------------------------

-- The tensors among what a node keeps.
local function collect(value, seen)
  if core.is_tensor(value) then
    seen[#seen + 1] = value
  elseif type(value) == "table" then
    for _, each in ipairs(value) do collect(each, seen) end
  end
end

local function changed_error(node, seen)
  local who
  for _, x in ipairs(seen) do
    local storage = core.storage(x)
    who = who or storage and writers[storage]
  end
  core.fail(node[OP].name, nil, "a value needed for its gradient was changed in place by %s",
    who or "an operation in place")
end

-- The sum of the versions of what a node keeps is counted in C; the rest is for the error's text.
local function versions_differ(node)
  if node[VERSIONS] == nil then
    core.fail("backward", nil, "the graph was freed by an earlier backward; "
      .. "give {retain_graph = true} to the first one")
  end
  local seen <const> = {}
  for k = OUT, OUT + node[OP].nargs do
    if node[k] then collect(node[k], seen) end
  end
  changed_error(node, seen)
end

local function free(node, n)
  node[VERSIONS] = nil
  for k = OUT, OUT + n do node[k] = false end
end

-- ---- the gradients of one node ------------------------------------------------------------------

-- The gradient of an operation that gives none: that of its definition.
local function grads_by_ref(node, g, create)
  local op <const> = node[OP]
  local args, inputs, places = {}, {}, {}
  local function fresh(x) return create and ops.alias(x) or x:detach():requires_grad_() end
  local function wrap(value, edge)
    if not edge then return value end
    local x = fresh(value)
    inputs[#inputs + 1] = x
    return x
  end
  local _ <close> = autograd.enable_grad()
  for k = 1, op.nargs do
    local value, edge = node[ARGS + k - 1], node[ARGS + op.nargs + k - 1]
    if edge and edge.n then
      args[k], places[k] = {}, #inputs + 1
      for j = 1, edge.n do args[k][j] = wrap(value[j], edge[j]) end
    else
      if edge then places[k] = #inputs + 1 end
      args[k] = wrap(value, edge)
    end
  end
  local outputs <const> = table.pack(op.ref(unpack(args, 1, op.nargs)))
  local roots, seeds = {}, {}
  local given <const> = core.is_tensor(g) and { g } or g
  for k = 1, op.differentiable or 1 do
    if given[k] and outputs[k].requires_grad then  -- else it depends on nothing that is wanted
      roots[#roots + 1], seeds[#seeds + 1] = outputs[k], given[k]
    end
  end
  local found = autograd.grad(roots, inputs,
    { grad_outputs = seeds, create_graph = create, allow_unused = true })
  local result = {}
  for k = 1, op.nargs do
    local edge = node[ARGS + op.nargs + k - 1]
    local at = places[k]
    if edge and edge.n then
      result[k] = {}
      for j = 1, edge.n do
        if edge[j] then result[k][j], at = found[at] or false, at + 1 end
      end
    elseif edge then
      result[k] = found[at]
    end
  end
  return result
end

-- ---- the graph ----------------------------------------------------------------------------------

-- Calls f(target, argument index, element index) for every edge of a node.
local function each_edge(node, f)
  local n <const> = node[OP].nargs
  for k = 1, n do
    local edge = node[ARGS + n + k - 1]
    if edge and edge.n then
      for j = 1, edge.n do
        if edge[j] then f(edge[j], k, j) end
      end
    elseif edge then
      f(edge, k)
    end
  end
end

-- Which nodes lie on the way to a captured one: node -> true. Each is judged after all its targets.
local function on_the_way(roots, capture)
  local needed, stack = {}, { unpack(roots) }
  while #stack > 0 do
    local node = stack[#stack]
    if needed[node] == nil then
      needed[node] = capture[node] or false
      each_edge(node, function(target)
        if needed[target] == nil then stack[#stack + 1] = target end
      end)
    else
      table.remove(stack)
      each_edge(node, function(target) needed[node] = needed[node] or needed[target] or false end)
    end
  end
  return needed
end

-- ---- the sweep ----------------------------------------------------------------------------------

-- `capture`: node -> true for those whose gradient is asked for, and then no leaf gets any.
local Sweep <const> = {}
Sweep.__index = Sweep

-- Two gradients meet. A sum that this sweep made is added to in place.
function Sweep:meet(node, have, g)
  if not self.create and self.owned[node] then
    have:add_(g)
    return have
  end
  self.owned[node] = true
  return have + g
end

-- One edge is done, with a gradient or without; its target may now be ready.
function Sweep:arrive(target, g)
  local left <const> = self.pending[target]
  if not left then return end
  if g then
    local have <const> = self.grads[target]
    self.grads[target] = have and self:meet(target, have, g) or g
  end
  if left == 1 then
    local ready <const> = self.ready
    ready[1] = ready[1] + 1
    ready[1 + ready[1]] = target
  else
    self.pending[target] = left - 1
  end
end

local function run_hooks(node, g)
  for _, hook in ipairs(node.hooks) do
    if hook.f then
      local other = hook.f(g)
      if other and not (core.is_tensor(other) and other:is_same_size(g)) then
        core.fail("register_hook", nil, "a hook of a %s gradient gave %s", registry.rule.text(g.shape),
          core.is_tensor(other) and "one of " .. registry.rule.text(other.shape) or "a " .. type(other))
      end
      g = other or g
    end
  end
  return g
end

-- A gradient that becomes x.grad must not share memory with anything else: take_grad says no then.
function accumulate.sweep(sweep, node, g)
  if sweep.capture then return end
  local x <const> = node[ARGS]
  local have <const> = x.grad
  if sweep.create then core.set_grad(x, have and have + g or g)
  elseif have then have:add_(g)
  elseif not core.take_grad(x, g) then core.take_grad(x, g:clone()) end
end

function pick.sweep(sweep, node, g)
  local main <const> = node[ARGS + 1]
  local list <const> = sweep.grads[main] or {}
  list[node[ARGS]] = g
  sweep.grads[main] = list
  sweep:arrive(main)
end

function copy_slices.sweep(sweep, node, g)
  local view <const> = node[ARGS]
  local rest = g:clone()
  local part = ops.as_strided(rest, view.size, view.stride, view.offset)
  local mine = part:clone()
  part:zero_()
  local n <const> = copy_slices.nargs
  local base <const>, written <const> = node[ARGS + n], node[ARGS + n + 1]
  if base then sweep:arrive(base, rest) end
  if written then sweep:arrive(written, mine) end
end

local function check_gradient(op, g, input)
  if g and input and not g:is_same_size(input) then
    core.fail(op.name, nil, "its gradient has the shape %s, its argument %s",
      registry.rule.text(g.shape), registry.rule.text(input.shape))
  end
  return g
end

-- All gradients at once: those of a joint function, or of the definition.
local function sweep_together(sweep, node, g)
  local op <const> = node[OP]
  local n <const> = op.nargs
  local result <const> = op.joint and { op.joint(g, node[OUT], unpack(node, ARGS, ARGS + n - 1)) }
    or grads_by_ref(node, g, sweep.create)
  if sweep.anomaly then sweep.anomaly(node, result) end
  each_edge(node, function(target, k, j)
    local gk <const> = result[k]
    if j then return sweep:arrive(target, gk and gk[j]) end
    sweep:arrive(target, op.custom and check_gradient(op, gk, node[ARGS + k - 1]) or gk)
  end)
end

-- One by one: only those that an edge of this sweep wants are computed.
local function sweep_one_by_one(sweep, node, g, grads, n)
  local pending <const>, first <const> = sweep.pending, ARGS + n
  for k = 1, n do
    local edge <const> = node[first + k - 1]
    if edge and (pending[edge] or edge.n) then
      local f <const> = grads[k]
      local gk <const> = f and f(g, node[OUT], unpack(node, ARGS, first - 1))
      if sweep.anomaly then sweep.anomaly(node, { [k] = gk }) end
      if not edge.n then
        sweep:arrive(edge, gk)
      else
        for j = 1, edge.n do
          if edge[j] then sweep:arrive(edge[j], gk and gk[j]) end
        end
      end
    end
  end
end

local function run_operation(sweep, node, g)
  local op <const> = node[OP]
  local n <const> = op.nargs
  if not core.unchanged(node, n) then versions_differ(node) end
  if op.grads then sweep_one_by_one(sweep, node, g, op.grads, n) else sweep_together(sweep, node, g) end
  if not sweep.retain then free(node, n) end
end

-- Does a way from this node lead to another one whose gradient is asked for?
local function leads_on(sweep, node)
  local found = false
  each_edge(node, function(target) found = found or sweep.pending[target] ~= nil end)
  return found
end

local function run_node(sweep, node, g)
  if node.hooks then g = run_hooks(node, g) end
  if sweep.capture and sweep.capture[node] then
    sweep.found[node] = g
    -- What led to it stays on the tape, for a backward of its own.
    if not leads_on(sweep, node) then return end
  end
  return (node[OP].sweep or run_operation)(sweep, node, g)
end

-- A node that no gradient reached passes none on.
local function pass_nothing(sweep, node)
  each_edge(node, function(target) sweep:arrive(target) end)
end

-- What the inner loop, csrc/lua/sweep.c, does not do itself.
local function rare(sweep, node, g)
  if g then return run_node(sweep, node, g) end
  pass_nothing(sweep, node)
end

local anomaly_check  -- set by detect_anomaly

local function sweep(roots, seeds, options)
  local create <const> = options.create_graph or false
  local self <const> = setmetatable({
    grads = {}, owned = {}, ready = { 0 }, found = {}, create = create,
    pending = core.consumers(roots, options.capture and on_the_way(roots, options.capture) or nil),
    retain = options.retain_graph or create, capture = options.capture, anomaly = anomaly_check,
  }, Sweep)
  for _, seed in ipairs(seeds) do core.keep_grad(seed) end
  local _ <close> = autograd.set_grad_enabled(create)
  for k, root in ipairs(roots) do self:arrive(root, seeds[k]) end
  core.sweep(self, self.pending, self.grads, self.ready, rare, accumulate)
  return self.found
end

-- ---- backward and grad --------------------------------------------------------------------------

local function seed_of(name, y, g)
  if not y.requires_grad then
    core.fail(name, nil, "the tensor does not require grad: nothing that led to it was recorded")
  end
  if g then
    if not g:is_same_size(y) then
      core.fail(name, nil, "the gradient has the shape %s, the tensor %s",
        registry.rule.text(g.shape), registry.rule.text(y.shape))
    end
    return g
  end
  if y:numel() ~= 1 then
    core.fail(name, nil, "a %s tensor needs the gradient that flows into it; only a single element has "
      .. "one by default", registry.rule.text(y.shape))
  end
  return ops.ones_like(y)
end

--- y:backward(gradient?, {retain_graph = false, create_graph = false}): adds the gradients of y to the
--- `grad` of every leaf that led to it. `gradient` is needed where y has more than one element.
function methods.backward(y, gradient, options)
  if type(gradient) == "table" then gradient, options = gradient.gradient, gradient end
  local seed <const> = seed_of("backward", y, gradient)
  sweep({ y.node }, { seed }, options or {})
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
  local found <const> = sweep(roots, seeds, { create_graph = options.create_graph,
    retain_graph = options.retain_graph, capture = capture })
  local result <const> = {}
  for k, x in ipairs(as_list(inputs)) do
    result[k] = found[x.node] or false
    if not result[k] and not options.allow_unused then
      core.fail("grad", nil, "input %d was not used for the outputs (give {allow_unused = true})", k)
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

-- ---- writing into views -------------------------------------------------------------------------

local function geometry(view)
  return { size = view.shape, stride = view:stride(), offset = view:storage_offset() }
end

local function strided_node(view, base)
  return { registry.decl.as_strided, 0, false, core.ghost(base), view.shape, view:stride(),
    view:storage_offset(), base.node, false, false, false }
end

-- What a view's history is after its base changed: that of the base, seen through the view.
local function refresh_view(view)
  local base <const> = core.base(view)
  if base and base.requires_grad then core.set_node(view, strided_node(view, base)) end
end

local function rebase_view(view)
  local base <const> = core.base(view)
  if not base then return end
  if base.requires_grad and base:is_leaf() then
    core.fail(nil, nil, "a view of a leaf that requires grad cannot be changed in place; "
      .. "do it under tocha.no_grad()")
  end
  local old <const> = base.requires_grad and base.node or false
  core.set_node(base, { copy_slices, 0, false, geometry(view), false, old, view.node })
  core.set_node(view, strided_node(view, base))
end

-- ---- custom functions ---------------------------------------------------------------------------

--- autograd.Function { name =, forward = function(ctx, ...), backward = function(ctx, gradients...) }:
--- an operation with a gradient of its own. `ctx` is a table for what backward needs. Called like a
--- function; backward returns one gradient (or nil) for each argument.
function autograd.Function(spec)
  assert(type(spec.forward) == "function" and type(spec.backward) == "function",
    "autograd.Function: forward and backward must be functions")
  return function(...)
    local ctx <const> = {}
    local args <const> = table.pack(...)
    local params, parts = {}, {}
    for k = 1, args.n do parts[k] = "a" .. k .. ": any?" end
    for k = 1, args.n do params[k] = { name = "a" .. k, code = "a", optional = true } end
    local decl <const> = {
      name = spec.name or "function", kind = "function", params = params, nargs = args.n,
      own_grad = true, custom = true, saves_bits = 0,
      outputs = spec.outputs or 1, differentiable = spec.outputs or 1,
      joint = function(g)
        if spec.outputs and spec.outputs > 1 then return spec.backward(ctx, unpack(g, 1, spec.outputs)) end
        return spec.backward(ctx, g)
      end,
    }
    return core.op(decl, function(...) return spec.forward(ctx, ...) end, {})(...)
  end
end

-- ---- anomaly mode -------------------------------------------------------------------------------

local function has_nan(g)
  return core.is_tensor(g) and g:is_floating_point() and ops.isnan(g):any():item()
end

local function find_nan(node, result)
  for k, g in pairs(result) do
    if has_nan(g) then
      core.fail(node[OP].name, nil, "its gradient for argument %d became NaN; the call was at %s", k,
        node.trace or "a line recorded before anomaly mode was on")
    end
  end
end

local tape <const> = {
  accumulate = accumulate, pick = pick, writers = writers, where = core.where,
  refresh_view = refresh_view, rebase_view = rebase_view,
}
core.set_tape(tape)

--- A scope in which every node remembers its line, and backward stops at the first gradient that is
--- NaN with an error naming it.
function autograd.detect_anomaly()
  return scope(function()
    local was <const> = tape.trace
    tape.trace, anomaly_check = core.where, find_nan
    return was
  end, function(was)
    tape.trace = was
    if not was then anomaly_check = nil end
  end)
end

return autograd
