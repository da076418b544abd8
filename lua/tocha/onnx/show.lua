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

-- f(inner graph, name of the attribute) for each subgraph.
local function each_subgraph(node, f)
  for _, each in ipairs(node.decl and node.decl.attributes or {}) do
    local inner <const> = each.kind == "graph" and node.a[each.name]
    if inner then f(inner, each.name) end
  end
end

local function add_nodes(lines, g, indent)
  for k, node in ipairs(g.nodes) do
    local shapes <const>, count <const> = weights_of(node, g)
    local words <const> = { ("%s[%d] %s"):format(indent, k, node.op_type) }
    if node.name ~= "" then words[#words + 1] = node.name end
    if shapes ~= "" then words[#words + 1] = shapes end
    lines[#lines + 1] = { table.concat(words, " "), count > 0 and columns.grouped(count) or "" }
    each_subgraph(node, function(inner, name)
      lines[#lines + 1] = { ("%s    %s"):format(indent, name), "" }
      add_nodes(lines, inner, indent .. "      ")
    end)
  end
end

-- operator -> how many nodes, subgraphs included; all of them.
local function count_nodes(g, counts)
  local all = #g.nodes
  for _, node in ipairs(g.nodes) do
    counts[node.op_type] = (counts[node.op_type] or 0) + 1
    each_subgraph(node, function(inner) all = all + count_nodes(inner, counts) end)
  end
  return all
end

local function add_counts(lines, counts, all)
  local names <const> = {}
  for name in pairs(counts) do names[#names + 1] = name end
  table.sort(names, function(a, b)
    if counts[a] ~= counts[b] then return counts[a] > counts[b] end
    return a < b
  end)
  lines[#lines + 1] = { ("  %d nodes:"):format(all), "" }
  for _, name in ipairs(names) do
    lines[#lines + 1] = { ("    %d x %s"):format(counts[name], name), "" }
  end
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
  local counts <const> = {}
  local all <const> = count_nodes(g, counts)
  if all <= NODES_MOST then add_nodes(lines, g, "  ") else add_counts(lines, counts, all) end
  add_ends(lines, "output", self.outputs)
  lines[#lines + 1] = { ")", columns.grouped(self:num_parameters()) }
  return aligned(lines)
end

return show
