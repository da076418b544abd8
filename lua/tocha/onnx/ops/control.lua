-- Control flow: If, Loop, Scan, SequenceMap. Their subgraphs see the values around them.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local execute = require "tocha.onnx.execute"
local op = require "tocha.onnx.registry".op
local types = require "tocha.onnx.types"
local value = require "tocha.onnx.value"

op "If" {
  since = 1, inputs = "cond: cpu", types = "none",
  attributes = { then_branch = op.need.graph, else_branch = op.need.graph },
  doc = "One of two subgraphs",
  run = function(a, cond)
    local branch <const> = cond:reshape { -1 }[1]:item() and a.then_branch or a.else_branch
    return table.unpack(execute.inside(branch, a.scope, {}), 1, a.outputs)
  end,
}

-- ---- what loops collect -------------------------------------------------------------------------

-- Of no steps: no elements, with the sizes that the graph promises.
local function nothing(info)
  local shape <const> = { 0 }
  for _, size in ipairs(info.shape or {}) do
    shape[#shape + 1] = math.type(size) == "integer" and size or 0
  end
  local type_ <const> = types.named(info.dtype or "float32")
  return types.mark(core.empty(shape, type_.dtype), type_)
end

-- The results of all steps, along a new axis, last first where `backwards`.
local function collected(list, info, axis, backwards)
  if #list == 0 then return nothing(info) end
  local type_ <const> = types.of(list[1])
  local y <const> = ops.stack(list, op.axis(axis or 0, list[1].ndim + 1))
  return types.mark(backwards and y:flip { op.axis(axis or 0, y.ndim) } or y, type_)
end

local function lists(n)
  local result <const> = {}
  for k = 1, n do result[k] = {} end
  return result
end

-- Puts what a step returned beyond the first `n` into the lists.
local function keep(kept, results, n)
  for k, list in ipairs(kept) do list[#list + 1] = results[n + k] end
end

-- ---- Loop ---------------------------------------------------------------------------------------

local function is_true(cond) return cond == nil or cond:reshape { -1 }[1]:item() end

-- While the condition holds, at most `most` times: f(iteration, condition, state) -> state...
op "Loop" {
  since = 1, inputs = "M?: cpu, cond?: cpu, v_initial...", attributes = { body = op.need.graph },
  types = "none", doc = "A subgraph, over and over; what it returns beyond its state is stacked",
  run = function(a, most, cond, ...)
    local body <const>, n <const>, state = a.body, select("#", ...), { ... }
    local kept <const> = lists(#body.outputs - 1 - n)
    local last <const> = most and op.list(most)[1] or math.maxinteger
    local step = 0
    while step < last and is_true(cond) do
      local results <const> = execute.inside(body, a.scope, { core.from_table(step, "int64"),
        cond or core.from_table(true, "bool"), table.unpack(state, 1, n) })
      cond, state = results[1], table.move(results, 2, n + 1, 1, {})
      keep(kept, results, n + 1)
      step = step + 1
    end
    for k, list in ipairs(kept) do
      state[n + k] = collected(list, body.output_info[n + 1 + k])
    end
    return table.unpack(state, 1, n + #kept)
  end,
}

-- ---- Scan ---------------------------------------------------------------------------------------

local function at(list, k) return list and list[k] or 0 end

-- s: { body, scope, state, n (how many), scanned (tensors), axes, backwards (lists), steps }
local function scan(s)
  local state, kept <const> = s.state, lists(#s.body.outputs - s.n)
  for step = 1, s.steps do
    local args <const> = table.move(state, 1, s.n, 1, {})
    for k, x in ipairs(s.scanned) do
      local place <const> = at(s.backwards, k) ~= 0 and s.steps + 1 - step or step
      args[s.n + k] = types.mark(x:select(op.axis(at(s.axes, k), x.ndim), place), types.of(x))
    end
    local results <const> = execute.inside(s.body, s.scope, args)
    state = table.move(results, 1, s.n, 1, {})
    keep(kept, results, s.n)
  end
  return state, kept
end

local function steps_of(x, axis) return x:size(op.axis(axis, x.ndim)) end

local function scan_9(a, ...)
  local args <const>, n <const> = { ... }, select("#", ...) - a.num_scan_inputs
  local scanned <const> = table.move(args, n + 1, #args, 1, {})
  local state <const>, kept <const> = scan { body = a.body, scope = a.scope, n = n,
    state = table.move(args, 1, n, 1, {}), scanned = scanned, axes = a.scan_input_axes,
    backwards = a.scan_input_directions, steps = steps_of(scanned[1], at(a.scan_input_axes, 1)) }
  for k, list in ipairs(kept) do
    state[n + k] = collected(list, a.body.output_info[n + k], at(a.scan_output_axes, k),
      at(a.scan_output_directions, k) ~= 0)
  end
  return table.unpack(state, 1, n + #kept)
end

local function filled_up(x, steps)
  local flat <const> = {}
  for k = 1, 2 * x.ndim do flat[k] = 0 end
  flat[2 * x.ndim] = steps - x:size(1)
  return x:constant_pad_nd(flat)
end

-- Version 8: every input has a batch before the steps; sequences may be shorter than the longest.
local function scan_8(a, lengths, ...)
  local args <const>, n <const> = { ... }, select("#", ...) - a.num_scan_inputs
  local batch <const>, most <const> = args[n + 1]:size(1), args[n + 1]:size(2)
  local all <const> = lists(#a.body.outputs)
  for b = 1, batch do
    local mine <const> = {}
    for k, x in ipairs(args) do mine[k] = x:select(1, b) end
    local state <const>, kept <const> = scan { body = a.body, scope = a.scope, n = n,
      state = mine, scanned = table.move(mine, n + 1, #mine, 1, {}), backwards = a.directions,
      steps = lengths and op.list(lengths)[b] or most }
    for k = 1, n do all[k][b] = state[k] end
    for k, list in ipairs(kept) do
      all[n + k][b] = filled_up(collected(list, a.body.output_info[n + k]), most)
    end
  end
  for k, list in ipairs(all) do all[k] = ops.stack(list, 1) end
  return table.unpack(all)
end

op "Scan" {
  since = 8, inputs = "initial_state_and_scan_inputs...", types = "none",
  attributes = { body = op.need.graph, num_scan_inputs = op.need.int, directions = op.ints,
    scan_input_axes = op.ints, scan_input_directions = op.ints, scan_output_axes = op.ints,
    scan_output_directions = op.ints },
  doc = "A subgraph for each slice of the inputs, with a state that goes from one to the next "
    .. "(version 8: the first input is the lengths of the sequences in a batch)",
  run = function(a, ...) return (a.opset < 9 and scan_8 or scan_9)(a, ...) end,
}

-- ---- SequenceMap --------------------------------------------------------------------------------

op "SequenceMap" {
  since = 17, inputs = "input_sequence, additional_inputs...", types = "none",
  attributes = { body = op.need.graph },
  doc = "A subgraph for each of a sequence (and of further ones)",
  run = function(a, first, ...)
    local given <const>, results <const> = { first, ... }, lists(a.outputs)
    for k = 1, #first do
      local args <const> = {}
      for j, x in ipairs(given) do args[j] = value.is_sequence(x) and x[k] or x end
      keep(results, execute.inside(a.body, a.scope, args), 0)
    end
    for k, list in ipairs(results) do results[k] = value.sequence(list) end
    return table.unpack(results)
  end,
}
