-- The sweep over the tape: every node runs once, when all that used its output have given their
-- gradient. Iterative, linear in nodes and edges; csrc/lua/sweep.c has the inner loop.

local core = require "tocha.core"
local registry = require "tocha.op"
local tape = require "tocha.autograd.tape"
local scopes = require "tocha.autograd.scope"
local grads_by_ref = require "tocha.autograd.definition"

local sweeping <const> = {}  -- `anomaly`, if set: function(node, gradients) that checks each node
local OP <const>, VERSIONS <const> = tape.OP, tape.VERSIONS
local OUT <const>, ARGS <const> = tape.OUT, tape.ARGS
local each_edge <const> = tape.each_edge
local unpack <const>, text <const> = table.unpack, registry.rule.text

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
    who = who or storage and tape.writers[storage]
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

-- ---- the sweep ----------------------------------------------------------------------------------

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

-- `capture`: node -> true for those whose gradient is asked for, and then no leaf gets any.
-- arrive(target, g): one edge is done, with a gradient or without; its target may now be ready.
local Sweep <const> = { read_call = registry.read_call, arrive = core.arrive,
  awaits = core.awaits, gathered = core.gathered }
Sweep.__index = Sweep

-- Two gradients meet. A sum that this sweep made is added to in place.
function Sweep:meet(node, have, g)
  local owned <const> = self.owned or {}
  if not self.create and owned[node] then
    have:add_(g)
    return have
  end
  self.owned, owned[node] = owned, true
  return have + g
end

local function run_hooks(node, g)
  for _, hook in ipairs(node.hooks) do
    if hook.f then
      local other = hook.f(g)
      if other and not (core.is_tensor(other) and other:is_same_size(g)) then
        core.fail("register_hook", nil, "a hook of a %s gradient gave %s", text(g.shape),
          core.is_tensor(other) and "one of " .. text(other.shape) or "a " .. type(other))
      end
      g = other or g
    end
  end
  return g
end

local function check_gradient(op, g, input)
  if g and input and not g:is_same_size(input) then
    core.fail(op.name, nil, "its gradient has the shape %s, its argument %s",
      text(g.shape), text(input.shape))
  end
  return g
end

-- All gradients at once: those of a joint function, or of the definition. One that is `first_order`
-- has no gradient of its own.
local function sweep_together(sweep, node, g)
  local op <const> = node[OP]
  local n <const> = op.nargs
  local joint <const> = op.joint and not (op.first_order and sweep.create)
  local result <const> = joint and { op.joint(g, node[OUT], unpack(node, ARGS, ARGS + n - 1)) }
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
  local first <const> = ARGS + n
  for k = 1, n do
    local edge <const> = node[first + k - 1]
    if edge and (edge.n or sweep:awaits(edge)) then
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
  if not core.unchanged(node) then versions_differ(node) end
  if op.grads then
    sweep_one_by_one(sweep, node, g, op.grads, n)
  else
    sweep_together(sweep, node, g)
  end
  if not sweep.retain then core.free_node(node) end
end

-- Does a way from this node lead to another one whose gradient is asked for?
local function leads_on(sweep, node)
  local found = false
  each_edge(node, function(target) found = found or sweep:awaits(target) end)
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

--- Is a gradient on the way from `node` back to the nearest node of the operation `origin` (each
--- has one edge) asked for, by the running sweep or a hook? If not, it may take a shorter way.
function sweeping.is_watched(node, origin)
  local captured <const> = sweeping.capture or {}
  while node and not (node.hooks or captured[node]) do
    if node[OP].name == origin then return false end
    local following
    each_edge(node, function(target) following = target end)
    node = following
  end
  return true
end

-- The running sweep's `capture`, and again the one before when that ends.
local function set_capture(capture)
  local before <const> = sweeping.capture
  if capture == before then return nil end  -- mostly there is none
  sweeping.capture = capture
  return setmetatable({}, { __close = function() sweeping.capture = before end })
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

-- Where an error arises the command reads the stack.
local function caught(message)
  if core.hooks.caught then core.hooks.caught(message) end
  return message
end

--- Sweeps from the nodes `roots` with the gradients `seeds`. options: create_graph, retain_graph,
--- capture (nodes); gives node -> gradient for what is captured.
function sweeping.run(roots, seeds, options)
  local create <const>, capture <const> = options.create_graph or false, options.capture
  local self <const> = setmetatable({
    create = create, retain = options.retain_graph or create,
    capture = capture, found = capture and {}, anomaly = sweeping.anomaly,
  }, Sweep)
  local _ <close> = scopes.set_grad_enabled(create)
  local _ <close> = set_capture(capture)
  local _ <close> = core.profile_scope and core.profile_scope "backward"
  core.sweep(self, roots, seeds, capture and on_the_way(roots, capture), rare, caught)
  return self.found
end

return sweeping
