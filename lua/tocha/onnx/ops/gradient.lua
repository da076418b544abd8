-- Gradient of ai.onnx.preview.training: how a value of the graph depends on others.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local ops = require "tocha.op".ops
local execute = require "tocha.onnx.execute"
local graph = require "tocha.onnx.graph"
local op = require "tocha.onnx.registry".op

-- The nodes that `name` is computed by, in order, from what `scope` has.
local function nodes_for(g, name, scope)
  local wanted <const>, nodes <const> = { [name] = true }, {}
  for k = #g.nodes, 1, -1 do
    local node <const> = g.nodes[k]
    local needed = false
    for _, output in ipairs(node.outputs) do needed = needed or wanted[output] end
    if needed and scope[name] == nil then
      table.insert(nodes, 1, setmetatable({ free = {} }, { __index = node }))
      for _, input in ipairs(graph.used(node)) do wanted[input] = scope[input] == nil end
    end
  end
  return nodes
end

op "ai.onnx.preview.training.Gradient" {
  since = 1, inputs = "Inputs...", types = "none", within_graph = true, fold = false,
  attributes = { xs = op.need.strings, zs = op.strings, y = op.need.string },
  doc = "The gradients of y with respect to xs, at the values given for xs and zs",
  run = function(a, ...)
    local _ <close> = autograd.enable_grad()
    local scope <const>, leaves <const>, given <const> = {}, {}, { ... }
    for name, x in pairs(a.graph.initials) do scope[name] = x end
    for k, name in ipairs(a.xs) do
      leaves[k] = given[k]:detach():requires_grad_()
      scope[name] = leaves[k]
    end
    for k, name in ipairs(a.zs or {}) do scope[name] = given[#a.xs + k] end
    local y <const> = execute.nodes({ initials = {}, outputs = { a.y },
      nodes = nodes_for(a.graph, a.y, scope) }, scope)[1]
    if not (core.is_tensor(y) and y.requires_grad) then
      op.fail("'%s' does not depend on %s", a.y, table.concat(a.xs, ", "))
    end
    local list <const> = autograd.grad(y, leaves, { grad_outputs = ops.ones_like(y),
      allow_unused = true })
    for k, x in ipairs(leaves) do list[k] = list[k] or ops.zeros_like(x) end
    return table.unpack(list, 1, #leaves)
  end,
}
