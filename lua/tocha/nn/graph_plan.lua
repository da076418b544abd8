-- The calls of a graph as a flat list of steps over numbered slots, made once. A step takes its
-- arguments from slots and puts its results into slots; a value that nobody needs any more leaves
-- its slot at once, so that a chain of layers holds one value at a time.

local core = require "tocha.core"
local tree = require "tocha.nn.graph_tree"
local Node = require "tocha.nn.graph_node"

local plan <const> = {}
local is_node <const> = Node.is_node

-- A place in a step's arguments that a slot fills.
local Slot <const> = {}
local function is_slot(value) return getmetatable(value) == Slot end

-- ---- making one ---------------------------------------------------------------------------------

-- The number of the last call that reads each node; what is an output is read after all of them.
local function last_uses(calls, outputs)
  local last <const> = {}
  for k, noted in ipairs(calls) do
    for _, node in ipairs(tree.leaves(noted.args, is_node)) do last[node] = k end
  end
  for _, node in ipairs(outputs) do last[node] = #calls + 1 end
  return last
end

local Slots <const> = {}
Slots.__index = Slots

function Slots:take(node)
  local k = table.remove(self.free)
  if not k then
    self.count = self.count + 1
    k = self.count
  end
  self.of[node] = k
  return k
end

-- Frees what the k-th call was the last to read.
function Slots:release(nodes, k, last)
  local freed <const> = {}
  for _, node in ipairs(nodes) do
    if last[node] == k and not freed[self.of[node]] then
      freed[self.of[node]] = true
      table.insert(self.free, self.of[node])
    end
  end
  return freed
end

-- The slot of a single node, a template for the rest.
local function argument(value, slots)
  if is_node(value) then return slots.of[value] end
  return tree.map(value, is_node, function(node)
    return setmetatable({ at = slots.of[node] }, Slot)
  end)
end

local function arguments(args, slots)
  local list <const> = { n = args.n, at = {}, made = {} }
  for k = 1, args.n do
    local value <const> = argument(args[k], slots)
    if is_node(args[k]) then list.at[k] = value else list.made[k] = value end
  end
  return list
end

local function make_step(noted, k, slots, last)
  local step <const> = { module = noted.module, args = arguments(noted.args, slots) }
  local freed <const> = slots:release(tree.leaves(noted.args, is_node), k, last)
  step.out = {}
  for j, node in ipairs(noted.nodes) do
    step.out[j] = last[node] and slots:take(node) or false
    freed[step.out[j]] = nil
  end
  step.single = step.args.n == 1 and step.args.at[1]
  step.only = rawequal(noted.results[1], noted.nodes[1]) and #noted.nodes == 1 and step.out[1]
  local drop <const> = {}
  for at in pairs(freed) do drop[#drop + 1] = at end
  step.drop = #drop > 0 and drop
  return step
end

--- plan.make(inputs, outputs, calls): lists of nodes, and the calls in an order in which they can
--- be made.
function plan.make(inputs, outputs, calls)
  local slots <const> = setmetatable({ of = {}, free = {}, count = 0 }, Slots)
  local last <const>, made <const> = last_uses(calls, outputs), { steps = {}, inputs = {} }
  for k, node in ipairs(inputs) do made.inputs[k] = slots:take(node) end
  for k, noted in ipairs(calls) do made.steps[k] = make_step(noted, k, slots, last) end
  made.outputs = {}
  for k, node in ipairs(outputs) do made.outputs[k] = slots.of[node] end
  return made
end

-- ---- running one --------------------------------------------------------------------------------

local function fill(template, slots)
  return tree.map(template, is_slot, function(slot) return slots[slot.at] end)
end

-- The arguments from the k-th on.
local function spread(args, slots, k)
  if k > args.n then return end
  local at <const> = args.at[k]
  if at then return slots[at], spread(args, slots, k + 1) end
  return fill(args.made[k], slots), spread(args, slots, k + 1)
end

local function store(step, slots, ...)
  if step.only then
    slots[step.only] = (...)
    return
  end
  for j, x in ipairs(tree.leaves(table.pack(...), core.is_tensor)) do
    if step.out[j] then slots[step.out[j]] = x end
  end
end

-- Most steps take one tensor and give one: for them there are no further calls.
local function run_steps(steps, slots, watch)
  for k = 1, #steps do
    local step <const> = steps[k]
    if watch then watch(step.module) end
    local single <const>, only <const>, drop <const> = step.single, step.only, step.drop
    if single and only then slots[only] = step.module(slots[single])
    elseif single then store(step, slots, step.module(slots[single]))
    else store(step, slots, step.module(spread(step.args, slots, 1))) end
    for j = 1, drop and #drop or 0 do slots[drop[j]] = nil end
  end
end

--- plan.run(made, values, watch): the outputs for these inputs, both lists; watch(module) is called
--- before each step, where it is given.
function plan.run(made, values, watch)
  local slots <const>, outputs <const> = {}, {}
  for k, at in ipairs(made.inputs) do slots[at] = values[k] end
  run_steps(made.steps, slots, watch)
  for k, at in ipairs(made.outputs) do outputs[k] = slots[at] end
  return outputs
end

return plan
