-- module:summary(): its layers with their output shapes, parameters and multiply-adds, as a table
-- of rows that also prints. nn/module.lua calls `summary.of`.
--
-- Shapes come from a run on a batch of no examples (graph_infer.lua), watched by hooks, so that any
-- module has them whose input is known: given here, or by nn.Input. Multiply-adds and the memory of
-- activations are those of one example, counted by operations (work.lua).

local columns = require "tocha.columns"
local core = require "tocha.core"
local Object = require "tocha.class"
local Node = require "tocha.nn.graph_node"
local infer = require "tocha.nn.graph_infer"
local tensors = require "tocha.nn.tensors"
local tree = require "tocha.nn.graph_tree"
local work = require "tocha.nn.work"

local summary <const> = {}
local is_node <const> = Node.is_node

-- ---- what goes in -------------------------------------------------------------------------------

local function is_options(value)
  return tree.is_plain(value) and type(next(value)) == "string"
end

-- Sizes, lists of sizes, tensors or nodes become the arguments as nodes.
local function as_inputs(values, dtype)
  if #values == 0 then return nil end
  if math.type(values[1]) or values[1] == false then
    return { Node.Input(values, { dtype = dtype }) }
  end
  local nodes <const> = {}
  for k, value in ipairs(values) do
    if is_node(value) then
      nodes[k] = value
    elseif core.is_tensor(value) then
      local sizes <const> = table.move(value.shape, 2, value.ndim, 1, {})
      nodes[k] = Node.Input(sizes, { dtype = value.dtype, device = value.device })
    else
      nodes[k] = Node.Input(value, { dtype = dtype })
    end
  end
  return nodes
end

local OPTIONS <const> = { dtype = "string", depth = "number", print = "any", style = "table" }

local function read_options(options)
  for name in pairs(options) do
    if not OPTIONS[name] then
      core.fail("summary", nil, "unknown option '%s' (there are: depth, dtype, print)",
        tostring(name))
    end
  end
  return options
end

local function read(module, ...)
  local values, options = { ... }, {}
  if is_options(values[#values]) then options = read_options(table.remove(values)) end
  local nodes <const> = as_inputs(values, options.dtype)
  local own <const> = not nodes and module.symbolic_inputs and module:symbolic_inputs()
  return nodes or own or nil, options
end

-- ---- the run ------------------------------------------------------------------------------------

-- Every call of a submodule, with the sizes of what went in and what came out.
local function watch(modules, calls)
  local hooks <const> = {}
  for k, m in ipairs(modules) do
    hooks[k] = m:register_forward_hook(function(_, inputs, output)
      local given <const> = tree.leaves(inputs, core.is_tensor)
      local made <const> = tree.leaves({ output }, core.is_tensor)
      calls[#calls + 1] = { module = m, given = #given, tensors = table.move(made, 1, #made,
        #given + 1, given) }
    end)
  end
  return hooks
end

local function sizes_of(calls)
  local list <const> = {}
  for _, each in ipairs(calls) do
    for _, x in ipairs(each.tensors) do list[#list + 1] = x.shape end
  end
  return list
end

local function examples(inputs, p, batch, device)
  return tree.map(inputs, is_node, function(node)
    return infer.zeros(node._probes[p] or node._probes[1], batch, node.dtype, device or node.device)
  end)
end

local function run_watched(module, inputs, p, batch)
  local calls <const> = {}
  local hooks <const> = watch(module:modules(), calls)
  local ok <const>, message <const> = pcall(module, table.unpack(examples(inputs, p, batch)))
  for _, hook in ipairs(hooks) do hook.remove() end
  if not ok then error(message, 0) end
  return calls
end

-- module -> list of its calls, each { inputs = list of probes, outputs = list of probes }
local function trace(module, inputs)
  local count, calls = 1, nil
  for _, node in ipairs(tree.leaves(inputs, is_node)) do
    count = math.max(count, #node._probes)
  end
  local probes <const> = infer.quietly(module, function()
    return infer.sizes(module, function(p, batch)
      calls = run_watched(module, inputs, p, batch)
      return sizes_of(calls)
    end, count)
  end)
  local found <const>, k = {}, 0
  for _, each in ipairs(calls) do
    local seen <const> = { inputs = {}, outputs = {} }
    for j = 1, #each.tensors do
      k = k + 1
      table.insert(j <= each.given and seen.inputs or seen.outputs, probes[k])
    end
    found[each.module] = found[each.module] or {}
    table.insert(found[each.module], seen)
  end
  return found
end

local function measure(module, inputs)
  return infer.quietly(module, function()
    return work.of(module, function(device) return examples(inputs, 1, 1, device) end)
  end)
end

-- ---- parameters ---------------------------------------------------------------------------------

local function any_unsized(module)
  for _, m in ipairs(module:modules()) do
    if tensors.unsized(m) then return true end
  end
  return false
end

-- Numbers and bytes; in Keras's count floating buffers are parameters that are not trained.
local function weigh(module, with_buffers)
  local n <const> = { total = 0, trainable = 0, bytes = 0 }
  local function add(x, trained)
    n.total, n.bytes = n.total + x:numel(), n.bytes + x:numel() * x:element_size()
    if trained then n.trainable = n.trainable + x:numel() end
  end
  for _, p in ipairs(module:parameters()) do add(p, p.requires_grad) end
  for _, b in ipairs(with_buffers and module:buffers() or {}) do
    if b:is_floating_point() then add(b, false) end
  end
  n.non_trainable = n.total - n.trainable
  return n
end
summary.weigh = weigh

-- ---- rows ---------------------------------------------------------------------------------------

local function shapes_of(probes_list)
  local shapes <const> = {}
  for k, probes in ipairs(probes_list) do shapes[k] = infer.shape(probes) end
  return shapes
end

local function make_row(self, name, module, level)
  local seen <const> = self.calls and (self.calls[module] or {})[1]
  local n <const> = weigh(module, self.style.buffers)
  local shapes <const> = seen and shapes_of(seen.outputs) or {}
  return {
    name = name, type = getmetatable(module).__name, level = level, module = module,
    output_shape = shapes[1], output_shapes = shapes,
    parameters = not any_unsized(module) and n.total or nil, trainable = n.trainable,
    multiply_adds = self.work and self.work.multiply_adds[module],
    connected_to = self.sources and self.sources[module],
  }
end

local function add_rows(self, module, level)
  for name, child in module:named_children() do
    self.rows[#self.rows + 1] = make_row(self, name, child, level)
    if level < self.depth then add_rows(self, child, level + 1) end
  end
end

-- Of a model made of a graph: where the arguments of each layer's calls come from.
local function add_inputs(self, module)
  self.sources = module:layer_sources()
  for k, name in ipairs(module:input_names()) do
    self.rows[k] = { name = name, type = self.style.input, level = 1, parameters = 0, trainable = 0,
      output_shape = module._inputs[k].shape, output_shapes = { module._inputs[k].shape },
      multiply_adds = 0, connected_to = {} }
  end
end

-- ---- the text -----------------------------------------------------------------------------------

local STYLE <const> = {
  title = function(self) return getmetatable(self.module).__name end,
  thin = "-", thick = "-", input = "Input", batch = "N", open = "?",
  headings = { "Layer (type)", "Output shape", "Parameters", "Multiply-adds", "Connected to" },
  number = columns.grouped, label = "%s (%s)",
  totals = { "Parameters: ", "Trainable: ", "Not trainable: " },
}

local function shape_text(style, shape)
  local parts <const> = {}
  for d, size in ipairs(shape) do
    parts[d] = size and ("%d"):format(size) or d == 1 and style.batch or style.open
  end
  return ("(%s%s)"):format(table.concat(parts, ", "), #parts == 1 and "," or "")
end

local function shapes_text(style, row)
  local parts <const> = {}
  for k, shape in ipairs(row.output_shapes) do parts[k] = shape_text(style, shape) end
  return #parts > 0 and table.concat(parts, ", ") or "?"
end

-- "[1] Linear" for a place in a list, "conv (Conv2d)" for a name.
local function label(style, row)
  local indent <const> = ("  "):rep(row.level - 1)
  if row.name == "" then return row.type end
  if not row.name:find "^%d+$" then return indent .. style.label:format(row.name, row.type) end
  return ("%s[%d] %s"):format(indent, tonumber(row.name) + 1, row.type)
end

local function number_text(style, n, otherwise) return n and style.number(n) or otherwise end

local function cells(self, row)
  local style <const> = self.style
  local list <const> = { label(style, row), shapes_text(style, row),
    number_text(style, row.parameters, "?") }
  if style.headings[4] then
    list[4] = row.multiply_adds ~= 0 and number_text(style, row.multiply_adds, "?") or ""
  end
  if self.sources then list[#list + 1] = table.concat(row.connected_to or {}, ", ") end
  return list
end

local function headings(self)
  local list <const> = {}
  for c = 1, 5 do
    local text <const> = self.style.headings[c]
    if text and (c < 5 or self.sources) then list[#list + 1] = text end
  end
  return list
end

local Summary <const> = Object:extend "Summary"

local function totals(self, lines)
  local style <const> = self.style
  local amounts <const> = { self.total, self.trainable, self.non_trainable }
  for k, text in ipairs(style.totals) do lines[#lines + 1] = text .. columns.grouped(amounts[k]) end
  lines[#lines - 2] = ("%s (%s)"):format(lines[#lines - 2], columns.bytes(self.bytes))
  if style.headings[4] and self.multiply_adds then
    lines[#lines + 1] = "Multiply-adds: " .. columns.grouped(self.multiply_adds)
    lines[#lines + 1] = "Activations: " .. columns.bytes(self.activations)
  end
end

function Summary:__tostring()
  local style <const>, rows <const> = self.style, { headings(self) }
  for k, row in ipairs(self.rows) do rows[k + 1] = cells(self, row) end
  local widths <const> = columns.widths(rows)
  local wide = 2 * (#widths - 1)
  for _, width in ipairs(widths) do wide = wide + width end
  local right <const> = style.headings[4] and { [3] = true, [4] = true } or {}
  local lines <const> = { style.title(self), style.thin:rep(wide) }
  for k, row in ipairs(rows) do
    lines[#lines + 1] = columns.line(row, widths, right)
    if k == 1 then lines[#lines + 1] = style.thick:rep(wide) end
  end
  lines[#lines + 1] = style.thick:rep(wide)
  totals(self, lines)
  lines[#lines + 1] = style.last and style.thin:rep(wide) or nil
  return table.concat(lines, "\n")
end

-- ---- the whole ----------------------------------------------------------------------------------

function Summary:new(module, inputs, options)
  self.module, self.style, self.depth = module, options.style or STYLE, options.depth or 1
  self.calls, self.rows = inputs and trace(module, inputs) or nil, {}
  self.work = inputs and measure(module, inputs) or nil
  if module.layer_sources then add_inputs(self, module) end
  if #module:children() > 0 then add_rows(self, module, 1)
  else self.rows[1] = make_row(self, "", module, 1) end
  if any_unsized(module) then
    core.fail("summary", nil, "sizes of layers are not known before the first call: give the sizes "
      .. "of the input without the batch, as in summary(28, 28, 1)")
  end
  for name, n in pairs(weigh(module, self.style.buffers)) do self[name] = n end
  self.multiply_adds = self.work and self.work.multiply_adds[module]
  self.activations = self.work and self.work.activations
end

-- What module:summary does; nn/module.lua tells users.
function summary.of(module, ...)
  local inputs <const>, options <const> = read(module, ...)
  local made <const> = Summary(module, inputs, options)
  local show <const> = options.print == nil and print or options.print
  if show then show(tostring(made)) end
  return made
end

summary.STYLE = STYLE
return summary
