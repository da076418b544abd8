-- nn.fuse: a network for evaluation whose convolutions do what follows them in the same pass: the
-- batch normalisation (folded into the weights), the sum with a shortcut, the ReLU. Linear layers
-- take the batch normalisation.
--
--     local fast = nn.fuse(net:eval(), 3, 224, 224)     -- the sizes of an input, without the batch
--
-- The network is run on a symbolic tensor (nn.Input), which notes the calls of layers and
-- operations, also in a `forward` written by hand. What needs values stays one layer as it is. The
-- result is an nn.Model; `net` is not changed, and layers that were not fused belong to both.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local registry = require "tocha.op"
local Module = require "tocha.nn.module"
local Node = require "tocha.nn.graph_node"
local conv = require "tocha.nn.conv"
local fuse = require "tocha.nn.fuse"
local Linear = require "tocha.nn.linear".Linear
local int8 = require "tocha.nn.freeze_int8"
local graph = require "tocha.nn.graph"
local norm = require "tocha.nn.norm"
local pointwise = require "tocha.nn.pointwise"
local tree = require "tocha.nn.graph_tree"

local ops <const>, is_node <const> = registry.ops, Node.is_node

-- ---- the layer it makes -------------------------------------------------------------------------

local FusedConv <const> = Module:extend "FusedConv"

-- `of` is the convolution, with what normalises folded in; `name` says what is done here.
function FusedConv:new(of, low, high, name)
  rawset(self, "_name", name)
  self.weight, self.bias = of.weight, of.bias
  if not of.weight then
    self:register_buffer("weight_int8", of.weight_int8)
    self:register_buffer("weight_scale", of.weight_scale)
  end
  self.stride, self.padding, self.dilation = of.stride, of.padding, of.dilation
  self.groups, self.low, self.high = of.groups, low, high
end

function FusedConv:forward(x, residual)
  return ops.conv_fused(x, self.weight or int8.weight(self), self.bias, residual, self.stride,
    self.padding, self.dilation, self.groups, self.low, self.high)
end

function FusedConv:extra_repr()
  local w <const> = self.weight or self.weight_int8
  return ("%d, %d"):format(w:size(2) * self.groups, w:size(1))
end

-- ---- the calls of a network ---------------------------------------------------------------------

local function inside(module) return #module:children() > 0 and module._plain end

local flatten

-- What a module's own `forward` notes; nil where it needs values.
local function look_inside(noted, arguments)
  if not inside(noted.module) then return nil end
  local results <const> = table.pack(pcall(noted.module._plain.forward, noted.module,
    table.unpack(arguments, 1, noted.args.n)))
  if not results[1] then return nil end
  local nodes <const> = tree.leaves({ table.unpack(results, 2, results.n) }, is_node)
  for k, node in ipairs(nodes) do nodes[k] = Node.latest(node) end
  return #nodes == #noted.nodes and nodes or nil
end

-- The calls between `known` nodes and `node`, in order; each node's stand-in is put into `known`.
local function resolve(node, known, list)
  if known[node] then return known[node] end
  local noted <const> = rawget(node, "_call")
  local arguments <const> = tree.map(noted.args, is_node, function(each)
    return resolve(each, known, list)
  end)
  flatten(noted, arguments, known, list)
  return known[node]
end

-- A call becomes the calls that its module makes, or is appended to `list` itself where it cannot
-- be seen through.
function flatten(noted, arguments, known, list)
  local nodes <const> = look_inside(noted, arguments)
  for k, node in ipairs(noted.nodes) do
    known[node] = nodes and resolve(nodes[k], known, list) or node
    known[known[node]] = known[node]
  end
  if not nodes then list[#list + 1] = { call = noted, args = arguments } end
end

-- ---- what goes together -------------------------------------------------------------------------

local CONVOLUTIONS <const> = { [conv.Conv1d] = true, [conv.Conv2d] = true, [conv.Conv3d] = true }
local NORMS <const> = { [norm.BatchNorm1d] = true, [norm.BatchNorm2d] = true,
  [norm.BatchNorm3d] = true }
local LIMITS <const> = { [pointwise.ReLU] = { 0, math.huge, name = "relu" },
  [pointwise.ReLU6] = { 0, 6, name = "relu6" } }
local LIMITS_OF <const> = { relu = LIMITS[pointwise.ReLU], relu6 = LIMITS[pointwise.ReLU6] }

local function class_of(module) return module._plain and getmetatable(module) or nil end
local function name_of(step) return rawget(step.call.module, "_name") end

local function is_conv(module)
  return CONVOLUTIONS[class_of(module)] and module.padding_mode == "zeros"
end

local function is_linear(module) return class_of(module) == Linear end
local function is_node_or_tensor(value) return is_node(value) or core.is_tensor(value) end

-- node -> the step that alone reads it.
local function readers(list, outputs)
  local only <const> = {}
  local function read(node, by)
    if only[node] == nil then only[node] = by else only[node] = false end
  end
  for _, step in ipairs(list) do
    for _, node in ipairs(tree.leaves(step.args, is_node)) do read(node, step) end
  end
  for _, node in ipairs(outputs) do read(node, false) end
  return only
end

local function same_shape(a, b)
  for d = 1, math.max(a.ndim, b.ndim) do
    if a.shape[d] ~= b.shape[d] then return false end
  end
  return a.dtype == b.dtype
end

-- The other operand where a step is the sum of `node` and one of its shape.
local function summand(step, node)
  if name_of(step) ~= "add" or step.args.n ~= 2 then return nil end
  local a <const>, b <const> = step.args[1], step.args[2]
  local other <const> = rawequal(a, node) and b or a
  return is_node(other) and not rawequal(other, node) and same_shape(node, other) and other or nil
end

local function limits(step)
  return LIMITS_OF[name_of(step)] or LIMITS[class_of(step.call.module)]
end

-- What a layer takes with it: { layer =, input =, norm =, residual =, limits =, last = step } and
-- the list of what it does. The steps it takes are put into `taken`. A linear layer takes the
-- normalisation alone.
local function chain(step, only, taken)
  local found <const> = { layer = step.call.module, input = step.args[1], "conv" }
  local function take(next_step, part)
    found.last, taken[next_step] = next_step, true
    found[#found + 1] = part
    local node <const> = next_step.call.nodes[1]
    local reader <const> = only[node]
    return reader and not taken[reader] and reader or nil, node
  end
  local next_step, node = take(step)
  local bn <const> = next_step and next_step.call.module
  if bn and NORMS[class_of(bn)] and bn.running_mean and (found.input.ndim == 2 or not
    is_linear(found.layer)) then
    found.norm = bn
    next_step, node = take(next_step, "norm")
  end
  if is_linear(found.layer) then return found end
  found.residual = next_step and summand(next_step, node)
  if found.residual then next_step = take(next_step, "add") end
  found.limits = next_step and limits(next_step)
  if found.limits then take(next_step, found.limits.name) end
  return found
end

-- By the last step of each. The sum of two convolutions goes to the one that is called later: it
-- needs the other's result.
local function chains_of(list, only)
  local by_last <const>, taken <const> = {}, {}
  for k = #list, 1, -1 do
    local module <const> = list[k].call.module
    if is_conv(module) or is_linear(module) then
      local found <const> = chain(list[k], only, taken)
      by_last[found.last] = found
    end
  end
  return by_last, taken
end

-- ---- the whole ----------------------------------------------------------------------------------

-- nn.fuse leaves what was not fused to the network; module:freeze keeps copies (`keep`).
local SHARE <const> = { module = function(m) return m end, tensor = function(x) return x end }

-- Weight and bias, folded once however often the network is traced.
local function folded(found, keep)
  local norm_or_not <const> = found.norm or false
  local known <const> = keep.folded and keep.folded[found.layer]
  if known and known[norm_or_not] then return known[norm_or_not] end
  local fold <const> = is_linear(found.layer) and fuse.fuse_linear_bn_eval
    or fuse.fuse_conv_bn_eval
  local of <const> = found.norm and fold(found.layer, found.norm) or found.layer:clone()
  if keep.int8 then int8.store(of) end
  if keep.folded then
    keep.folded[found.layer] = known or {}
    keep.folded[found.layer][norm_or_not] = of:requires_grad_(false)
  end
  return of
end

local NONE <const> = { -math.huge, math.huge }

local function fused_layer(found, keep)
  if is_linear(found.layer) then
    local of <const> = found.norm and folded(found, keep) or keep.module(found.layer)
    return keep.int8 and keep.int8(of) or of
  end
  local low_high <const> = found.limits or NONE
  local layer <const> = FusedConv(folded(found, keep), low_high[1], low_high[2],
    table.concat(found, "_"))
  rawset(layer, "_origin", keep.names and keep.names[found.layer])
  return layer
end

-- A step as it is, on the nodes of the new graph.
local function renote(step, new, keep)
  local args <const> = tree.map(step.args, is_node_or_tensor, function(value)
    return is_node(value) and new[value] or keep.tensor(value)
  end)
  local results <const> = tree.leaves({ Node.note(keep.module(step.call.module),
    table.unpack(args, 1, step.args.n)) }, is_node)
  for k, node in ipairs(step.call.nodes) do new[node] = results[k] end
end

local function rebuild(list, inputs, only, keep)
  local by_last <const>, taken <const> = chains_of(list, only)
  local new <const> = {}
  for _, node in ipairs(inputs) do new[node] = node end
  for _, step in ipairs(list) do
    local found <const> = by_last[step]
    if found then
      new[step.call.nodes[1]] = Node.note(fused_layer(found, keep), new[found.input],
        found.residual and new[found.residual])
    elseif not taken[step] then
      renote(step, new, keep)
    end
  end
  return new
end

-- The model of net(inputs...), symbolic tensors; and how many values that gives, several as a list.
local function trace(net, inputs, keep)
  local _ <close> = autograd.no_grad()
  local known <const>, list <const> = {}, {}
  for _, x in ipairs(inputs) do known[x] = x end
  local outputs <const> = tree.map({ Node.note(net, table.unpack(inputs)) }, is_node,
    function(node) return resolve(node, known, list) end)
  local leaves <const> = tree.leaves(outputs, is_node)
  local new <const> = rebuild(list, inputs, readers(list, leaves), keep)
  local results <const> = tree.map(outputs, is_node, function(node) return new[node] end)
  return graph.Model { inputs = #inputs == 1 and inputs[1] or inputs,
    outputs = #results == 1 and results[1] or results }:eval(), #results
end

return {
  --- nn.fuse(net, sizes...): `net`, in evaluation mode, as an nn.Model whose convolutions
  --- normalise, add and rectify in the same pass, and whose linear layers normalise. The sizes are
  --- those of nn.Input: of an input, without the batch; false for one that varies.
  fuse = function(net, ...)
    if net.is_training then
      core.fail("fuse", 1, "goes with evaluation mode only: call eval() on it")
    end
    return (trace(net, { graph.Input(...) }, SHARE))
  end,
  trace = trace, FusedConv = FusedConv,
}
