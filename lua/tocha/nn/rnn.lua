-- RNN, LSTM, GRU over whole sequences; RNNCell, LSTMCell, GRUCell for one step.
--
--     local lstm = nn.LSTM(65, 128, { num_layers = 2, batch_first = true })
--     local y, state = lstm(x)            -- x (B, T, 65), y (B, T, 128), state = { h_n, c_n }
--     y, state = lstm(next_x, state)      -- goes on where it stopped
--
-- The state of LSTM is a list of two tensors, that of RNN and GRU one tensor, (D * num_layers, B,
-- P): D is 2 when bidirectional, P proj_size or hidden_size. Parameters and gates are PyTorch's.
-- Inputs are (T, B, in), (B, T, in) with `batch_first`, (T, in) for one sequence, or packed
-- (nn.utils.rnn). nn.LSTM(hidden_size) learns input_size from its first input.

local core = require "tocha.core"
local registry = require "tocha.op"
local rule = require "tocha.rule"
local lookup = require "tocha.lookup"
local stack = require "tocha.ops.rnn_stack"
local Module = require "tocha.nn.module"
local PackedSequence = require "tocha.nn.rnn_utils".PackedSequence
local init = require "tocha.nn.initialize"

local ops <const> = registry.ops
local classes <const> = {}
local is_tensor <const> = core.is_tensor

local function fail(self, ...) core.fail(getmetatable(self).__name, ...) end

local function is_count(n) return math.type(n) == "integer" and n >= 1 end

local function reset_uniform(self)
  local bound <const> = 1 / math.sqrt(self.hidden_size)
  for _, p in ipairs(self:parameters()) do init.uniform_(p, -bound, bound) end
end

-- ---- the arithmetic of each kind ----------------------------------------------------------------

-- What only a gradient would need is given back at once where none is recorded.
local function without_saved(keep, y, h, c, ...)
  if not y.requires_grad then
    if keep == 2 then local _ <close> = c end
    for k = 1, select("#", ...) do local _ <close> = select(k, ...) end
  end
  return y, h, keep == 3 and c or nil
end

-- gates: blocks of rows in a weight; states: tensors in a state; run(x, states, p, plan, reverse):
-- outputs and the new states, p = { ih, hh, bias_ih, bias_hh, hr }.
local KINDS <const> = {
  RNN = { gates = 1, states = 1, run = function(x, states, p, plan, reverse, relu)
    return ops.rnn_layer(x, states[1], p[1], p[2], p[3], p[4], plan.sizes, reverse, relu,
      plan.table, plan.ids)
  end },
  GRU = { gates = 3, states = 1, run = function(x, states, p, plan, reverse)
    return without_saved(2, ops.gru_layer(x, states[1], p[1], p[2], p[3], p[4], plan.sizes, reverse,
      plan.table, plan.ids))
  end },
  LSTM = { gates = 4, states = 2, run = function(x, states, p, plan, reverse)
    return without_saved(3, ops.lstm_layer(x, states[1], states[2], p[1], p[2], p[3], p[4], p[5],
      plan.sizes, reverse, plan.table, plan.ids))
  end },
}

-- ---- parameters ---------------------------------------------------------------------------------

local function width_of(self)  -- P
  return self.proj_size and self.proj_size > 0 and self.proj_size or self.hidden_size
end

-- "_l0", "_l0_reverse", "_l1" ... in the order of layers and directions
local function suffixes(self)
  local list <const> = {}
  for layer = 0, self.num_layers - 1 do
    list[#list + 1] = "_l" .. layer
    if self.bidirectional then list[#list + 1] = "_l" .. layer .. "_reverse" end
  end
  return list
end

local PARTS <const> = { "weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr" }

-- The sizes of PARTS in layer k; false where there is none.
local function part_sizes(self, inputs)
  local n <const> = KINDS[self.kind].gates * self.hidden_size
  local P <const> = width_of(self)
  local bias <const> = self.bias and { n }
  return { { n, inputs }, { n, P }, bias, bias, P ~= self.hidden_size and { P, self.hidden_size } }
end

local function shapes(self)
  local list <const>, directions <const> = {}, self.bidirectional and 2 or 1
  for k, suffix in ipairs(suffixes(self)) do
    local inputs <const> = k <= directions and self.input_size or directions * width_of(self)
    for part, size in ipairs(part_sizes(self, inputs)) do
      list[#list + 1] = size and { PARTS[part] .. suffix, size }
    end
  end
  return list
end

local function check_arguments(self)
  for _, name in ipairs { "hidden_size", "num_layers" } do
    if not is_count(self[name]) then
      fail(self, name, "expected a positive integer, got %s", tostring(self[name]))
    end
  end
  if type(self.dropout) ~= "number" or not (self.dropout >= 0 and self.dropout <= 1) then
    fail(self, "dropout", "expected a probability in 0 .. 1, got %s", tostring(self.dropout))
  end
  local P <const> = self.proj_size or 0
  if P ~= 0 and not (is_count(P) and P < self.hidden_size) then
    fail(self, "proj_size", "expected 0 or less than hidden_size %d, got %s", self.hidden_size,
      tostring(P))
  end
  if self.nonlinearity and self.nonlinearity ~= "tanh" and self.nonlinearity ~= "relu" then
    fail(self, "nonlinearity", "expected 'tanh' or 'relu', got '%s'", tostring(self.nonlinearity))
  end
end

-- The names of the parameters of each layer and direction are made once.
local function build(self, args)
  check_arguments(self)
  Module.build(self, args)
  local names <const> = {}
  for k, suffix in ipairs(suffixes(self)) do
    names[k] = {}
    for part, name in ipairs(PARTS) do names[k][part] = name .. suffix end
  end
  self._names = names
end

-- ---- inputs and states --------------------------------------------------------------------------

-- What is the same for all layers of a call: rows of data, sequences in a step, and the way back;
-- for the first layer alone, the table and the ids that the rows were looked up by.
local function plan_packed(x)
  return { rows = x.data, batch = x.batch_sizes[1]:item(), packed = x,
    sizes = x.batch_sizes:to(x.data.device) }
end

local function plan_dense(self, x)
  local plan <const> = { single = x.ndim == 2, batch_first = self.batch_first and x.ndim == 3 }
  if x.ndim ~= 2 and x.ndim ~= 3 then
    fail(self, 1, "expected 2 or 3 dimensions, got a %s tensor", rule.text(x.shape))
  end
  local ids <const>, looked_up <const> = lookup.of(x)
  if ids then
    plan.ids = (plan.batch_first and ids:transpose(1, 2) or ids):reshape { -1 }
    plan.table = looked_up:clone()  -- the user's may change before backward
  end
  if plan.single then x = x:unsqueeze(2) end
  if plan.batch_first then x = x:transpose(1, 2) end
  plan.steps, plan.batch = x:size(1), x:size(2)
  plan.rows = x:reshape(plan.steps * plan.batch, x:size(3))
  return plan
end

local function plan_of(self, x)
  local plan
  if getmetatable(x) == PackedSequence then plan = plan_packed(x)
  elseif is_tensor(x) then plan = plan_dense(self, x)
  else fail(self, 1, "expected a tensor or a packed sequence, got a %s", type(x)) end
  if not self.input_size then self:set_size(plan.rows:size(2)) end
  if plan.rows:size(2) ~= self.input_size then
    fail(self, 1, "expected %d features, got %d", self.input_size, plan.rows:size(2))
  end
  return plan
end

local function restored(plan, y)
  if plan.packed then return plan.packed:with(y) end
  y = y:view(plan.steps, plan.batch, y:size(2))
  if plan.single then return y:squeeze(2) end
  return plan.batch_first and y:transpose(1, 2) or y
end

local function check_state(self, state, sizes)
  if not is_tensor(state) then
    fail(self, 2, "expected a state tensor, got a %s", type(state))
  end
  local fits = state:dim() == #sizes
  for d, n in ipairs(sizes) do fits = fits and state:size(d) == n end
  if not fits then
    fail(self, 2, "expected a state of the shape %s, got %s", rule.text(sizes),
      rule.text(state.shape))
  end
end

local function as_states(self, given)
  if KINDS[self.kind].states == 1 then return { given } end
  if type(given) ~= "table" or #given ~= 2 then
    fail(self, 2, "expected a state {h, c}, got %s", is_tensor(given) and "one tensor"
      or "a " .. type(given))
  end
  return given
end

-- One state as the layers want it: (layers, B, width), in the order of a packed sequence.
local function given_state(self, plan, state, width)
  local n <const> = #self._names
  check_state(self, state, plan.single and { n, width } or { n, plan.batch, width })
  if plan.single then state = state:unsqueeze(2) end
  local order <const> = plan.packed and plan.packed.sorted_indices
  return order and state:index_select(2, order) or state
end

-- Initial states of all layers: each a tensor (layers, B, width), or one of zeros (B, width).
local function initial_states(self, plan, given)
  local widths <const>, states <const> = { width_of(self), self.hidden_size }, {}
  if given ~= nil then given = as_states(self, given) end
  for k = 1, KINDS[self.kind].states do
    states[k] = given and given_state(self, plan, given[k], widths[k])
      or core.new(plan.rows, nil, plan.batch, widths[k]):zero_()
  end
  return states
end

-- One state of all layers: `list` has those of each stack that ran at once, (layers, B, width).
local function last_state(plan, list)
  local state = #list == 1 and list[1] or ops.cat(list, 1)
  local order <const> = plan.packed and plan.packed.unsorted_indices
  if order then return state:index_select(2, order) end
  return plan.single and state:squeeze(2) or state
end

-- ---- layers -------------------------------------------------------------------------------------

local function parameters_of(self, k)
  local p <const> = {}
  for part, name in ipairs(self._names[k]) do p[part] = self[name] end
  return p
end

-- The states of layer k from those of all.
local function states_of(states, k)
  local mine <const> = {}
  for j, state in ipairs(states) do mine[j] = state.ndim == 3 and state:select(1, k) or state end
  return mine
end

-- One direction of one layer; its last states are added to the lists `last`.
local function run_layer(self, plan, x, states, k, last)
  local kind <const> = KINDS[self.kind]
  local reverse <const> = self.bidirectional and k % 2 == 0
  local y, h, c = kind.run(x, states_of(states, k), parameters_of(self, k), plan, reverse,
    self.nonlinearity == "relu")
  table.insert(last[1], h)
  if last[2] then table.insert(last[2], c) end
  return y
end

local function joined(list) return #list == 1 and list[1]:unsqueeze(1) or ops.stack(list, 1) end

-- Layers and directions `first` to `final`, one after the other.
local function run_layers(self, plan, y, states, first, final)
  local last <const>, directions <const> = { {}, states[2] and {} }, self.bidirectional and 2 or 1
  for k = first, final, directions do
    local found <const> = run_layer(self, plan, y, states, k, last)
    y = directions == 1 and found
      or ops.cat({ found, run_layer(self, plan, y, states, k + 1, last) }, 2)
    plan.table, plan.ids = nil, nil
  end
  return y, joined(last[1]), last[2] and joined(last[2])
end

-- Layers run together, or, where dropout acts between them, one by one.
local function forward(self, x, given)
  local plan <const> = plan_of(self, x)
  local states <const>, last <const> = initial_states(self, plan, given), { {}, {} }
  local drops <const> = self.is_training and self.dropout > 0
  local all <const>, y = #self._names, plan.rows
  local step <const> = drops and (self.bidirectional and 2 or 1) or all
  for first = 1, all, step do
    if first > 1 then y = ops.dropout(y, self.dropout) end
    local final <const>, x1 <const> = first + step - 1, y
    local h, c
    y, h, c = stack.run_layers(self, width_of(self), plan, x1, states, first, final)
    if not y then y, h, c = run_layers(self, plan, x1, states, first, final) end
    last[1][#last[1] + 1], last[2][#last[2] + 1] = h, c or nil
    plan.table, plan.ids = nil, nil
  end
  local h <const> = last_state(plan, last[1])
  return restored(plan, y), states[2] and { h, last_state(plan, last[2]) } or h
end

local LAZY <const> = {
  field = "input_size", key = "weight_ih_l0", of_weight = function(_, shape) return shape[2] end,
}
local COMMON <const> = "bias = true, batch_first = false, dropout = 0.0, bidirectional = false"

local ARGUMENTS <const> = {}

--- nn.RNN(input_size, hidden_size, num_layers = 1, nonlinearity = "tanh", {bias = true,
--- batch_first = false, dropout = 0, bidirectional = false}): h = tanh(W_ih x + b_ih + W_hh h +
--- b_hh), or relu (Elman, 1990). y, h_n = rnn(x, h_0): x is (T, B, in), (B, T, in) with
--- `batch_first`, (T, in), or packed; y likewise with hidden_size columns, twice as many when
--- bidirectional; states are (D * num_layers, B, hidden), D directions, zeros unless given.
--- `dropout` acts between layers.
ARGUMENTS.RNN = "num_layers = 1, nonlinearity = 'tanh', " .. COMMON

--- nn.LSTM(input_size, hidden_size, num_layers = 1, {bias = true, batch_first = false, dropout = 0,
--- bidirectional = false, proj_size = 0}): long short-term memory (Hochreiter and Schmidhuber,
--- 1997). y, state = lstm(x, state): x and y as for nn.RNN; a state is {h, c}, h (D * num_layers,
--- B, P), c (D * num_layers, B, hidden). With proj_size outputs and h are projected to P =
--- proj_size columns.
ARGUMENTS.LSTM = "num_layers = 1, " .. COMMON .. ", proj_size = 0"

--- nn.GRU(input_size, hidden_size, num_layers = 1, {bias = true, batch_first = false, dropout = 0,
--- bidirectional = false}): gated recurrent units (Cho et al., 2014). y, h_n = gru(x, h_0), as for
--- nn.RNN.
ARGUMENTS.GRU = "num_layers = 1, " .. COMMON

for kind, args in pairs(ARGUMENTS) do
  local class <const> = Module:extend(kind, "input_size, hidden_size, " .. args
    .. ", device = nil, dtype = nil")
  class.kind, class.short, class.lazy = kind, 1, LAZY
  class.owns = { device = true, dtype = true }
  class.shapes, class.build, class.reset_parameters = shapes, build, reset_uniform
  class.forward = forward
  classes[kind] = class
end

-- ---- cells --------------------------------------------------------------------------------------

local function cell_shapes(self)
  local list <const> = {}
  for part, size in ipairs(part_sizes(self, self.input_size)) do
    list[part] = size and { PARTS[part], size }
  end
  return list
end

local function cell_states(self, x, given)
  local states <const>, H <const> = {}, self.hidden_size
  if given ~= nil then given = as_states(self, given) end
  for k = 1, KINDS[self.kind].states do
    local state = given and given[k]
    if given then
      check_state(self, state, x.ndim == 1 and { H } or { x:size(1), H })
      if x.ndim == 1 then state = state:unsqueeze(1) end
    end
    states[k] = state or core.new(x, nil, x.ndim == 1 and 1 or x:size(1), H):zero_()
  end
  return states
end

local function cell_forward(self, x, given)
  if not (is_tensor(x) and (x.ndim == 1 or x.ndim == 2)) then
    fail(self, 1, "expected (batch, features) or (features), got %s",
      is_tensor(x) and "a " .. rule.text(x.shape) .. " tensor" or "a " .. type(x))
  end
  if not self.input_size then self:infer(x) end
  if x:size(-1) ~= self.input_size then
    fail(self, 1, "expected %d features, got %d", self.input_size, x:size(-1))
  end
  local states <const> = cell_states(self, x, given)
  local single <const> = x.ndim == 1
  local p <const> = { self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh }
  local _, h, c = KINDS[self.kind].run(single and x:unsqueeze(1) or x, states, p, {}, false,
    self.nonlinearity == "relu")
  if #states == 1 then return single and h:squeeze(1) or h end
  if single then return h:squeeze(1), c:squeeze(1) end
  return h, c
end

local CELL_ARGUMENTS <const> = {}

--- nn.RNNCell(input_size, hidden_size, bias = true, nonlinearity = "tanh"): a step of nn.RNN.
--- h = cell(x, h): x is (B, in) or (in), h (B, hidden) or (hidden), zeros unless given.
CELL_ARGUMENTS.RNN = "bias = true, nonlinearity = 'tanh', "

--- nn.LSTMCell(input_size, hidden_size, bias = true): a step of nn.LSTM. h, c = cell(x, {h, c}):
--- sizes as for nn.RNNCell.
CELL_ARGUMENTS.LSTM = "bias = true, "

--- nn.GRUCell(input_size, hidden_size, bias = true): a step of nn.GRU. h = cell(x, h): sizes as
--- for nn.RNNCell.
CELL_ARGUMENTS.GRU = "bias = true, "

for kind, text in pairs(CELL_ARGUMENTS) do
  local class <const> = Module:extend(kind .. "Cell", "input_size, hidden_size, " .. text
    .. "device = nil, dtype = nil")
  class.kind, class.short, class.num_layers, class.dropout = kind, 1, 1, 0
  class.owns = { device = true, dtype = true }
  class.lazy = { field = "input_size", key = "weight_ih", of_weight = LAZY.of_weight,
    of_input = function(_, x) return x:size(-1) end }
  class.shapes, class.reset_parameters, class.forward = cell_shapes, reset_uniform, cell_forward
  function class:build(args)
    check_arguments(self)
    Module.build(self, args)
  end
  classes[kind .. "Cell"] = class
end

return classes
