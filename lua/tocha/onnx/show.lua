-- An ONNX model as text: inputs, outputs, nodes with the sizes of their weights.
--
--     OnnxModel(resnet18, opset 17, by pytorch 2.1)          parameters
--       input   x: float32 (N, 3, 224, 224)
--       [1]     Conv conv1                                        9,408

local core = require "tocha.core"
local columns = require "tocha.columns"
local info = require "tocha.onnx.info"
local rule = require "tocha.rule"

local show <const> = {}

local NODES_MOST <const> = 80  -- more are counted by operator

local function head_of(self, g)
  local parts <const> = {}
  if g.name ~= "" then parts[1] = g.name end
  parts[#parts + 1] = self.opset and "opset " .. self.opset
  if self.producer ~= "" then parts[#parts + 1] = "by " .. self.producer end
  return table.concat(parts, ", ")
end

local function weights_of(node, g)
  local shapes <const>, count = {}, 0
  for _, name in ipairs(node.inputs) do
    local x <const> = g.initials[name]
    if core.is_tensor(x) and x:is_leaf() and x.requires_grad then
      shapes[#shapes + 1], count = rule.text(x.shape), count + x:numel()
    end
  end
  return table.concat(shapes, " "), count
end

local function node_lines(g)
  local lines <const> = {}
  for k, node in ipairs(g.nodes) do
    local shapes <const>, count <const> = weights_of(node, g)
    local words <const> = { ("[%d] %s"):format(k, node.op_type) }
    if node.name ~= "" then words[#words + 1] = node.name end
    if shapes ~= "" then words[#words + 1] = shapes end
    lines[k] = { "  " .. table.concat(words, " "), count > 0 and columns.grouped(count) or "" }
  end
  return lines
end

-- "20 Conv, 17 Relu, ..."
local function count_lines(g)
  local counts <const>, names <const> = {}, {}
  for _, node in ipairs(g.nodes) do
    if not counts[node.op_type] then names[#names + 1] = node.op_type end
    counts[node.op_type] = (counts[node.op_type] or 0) + 1
  end
  table.sort(names, function(a, b)
    if counts[a] ~= counts[b] then return counts[a] > counts[b] end
    return a < b
  end)
  local lines <const> = { { ("  %d nodes:"):format(#g.nodes), "" } }
  for _, name in ipairs(names) do
    lines[#lines + 1] = { ("    %d x %s"):format(counts[name], name), "" }
  end
  return lines
end

local function add_ends(lines, title, list)
  for _, each in ipairs(list) do
    lines[#lines + 1] = { ("  %s %s: %s"):format(title, each.name, info.text(each)), "" }
  end
end

local function aligned(lines)
  local wide, high = 0, 0
  for _, line in ipairs(lines) do
    wide, high = math.max(wide, #line[1]), math.max(high, #line[2])
  end
  local texts <const> = {}
  for k, line in ipairs(lines) do
    local gap <const> = (" "):rep(wide + 2 + high - #line[1] - #line[2])
    texts[k] = line[2] == "" and line[1] or line[1] .. gap .. line[2]
  end
  return table.concat(texts, "\n")
end

--- show.text(model, graph)
function show.text(self, g)
  local lines <const> = { { "OnnxModel(" .. head_of(self, g), "parameters" } }
  add_ends(lines, "input", self.inputs)
  local nodes <const> = #g.nodes <= NODES_MOST and node_lines(g) or count_lines(g)
  table.move(nodes, 1, #nodes, #lines + 1, lines)
  add_ends(lines, "output", self.outputs)
  lines[#lines + 1] = { ")", columns.grouped(self:num_parameters()) }
  return aligned(lines)
end

return show
