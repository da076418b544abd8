-- Recurrent layers by the device's library: a stack of layers in one or both directions, as one
-- operation. On CUDA that is cuDNN, where it is there and takes the stack (csrc/cuda/dnn_rnn.h).
--
-- Not in the registry, since it has no meaning where there is no library: its definition, which
-- second derivatives run, is the layers of ops/rnn.lua. Sequences lie as they say there.
--
-- cuDNN wants all weights in one piece of its own order, so they come as one flat tensor: for each
-- layer and direction weight_ih, weight_hh, bias_ih, bias_hh, weight_hr, what there is of them.

local core = require "tocha.core"
local registry = require "tocha.op"

local ops <const> = registry.ops
local K <const>, empty <const>, new <const> = core.kernel, core.empty, core.new
local stack <const> = {}

-- ---- what a stack is ----------------------------------------------------------------------------

-- As csrc/cuda_calls.h numbers them; gates: blocks of rows in a weight.
local KINDS <const> = {
  [0] = { name = "relu", layer = "rnn_layer", gates = 1 },
  { name = "tanh", layer = "rnn_layer", gates = 1 },
  { name = "lstm", layer = "lstm_layer", gates = 4 },
  { name = "gru", layer = "gru_layer", gates = 3 },
}
local ID <const>, LSTM <const> = {}, 2
for id, kind in pairs(KINDS) do ID[kind.name] = id end

-- What a stack is, as the kernels and the tape take it: a list of integers.
local function numbers_of(s)
  return { ID[s.kind], s.hidden, s.width, s.layers, s.directions, s.biased and 1 or 0,
    s.training and 1 or 0, s.batch }
end

local function described(n)
  return { kind = KINDS[n[1]].name, gates = KINDS[n[1]].gates, layer = KINDS[n[1]].layer,
    hidden = n[2], width = n[3], layers = n[4], directions = n[5], biased = n[6] == 1,
    batch = n[8] }
end

-- How many steps each sequence has, of how many sequences each step has.
local function lengths_of(sizes)
  local lengths <const>, counts <const> = {}, sizes:totable()
  local running = counts[1]
  for t = 1, #counts do
    for b = counts[t] + 1, running do lengths[b] = t - 1 end
    running = counts[t]
  end
  for b = 1, running do lengths[b] = #counts end
  return lengths
end

local function ends_of(sizes) return sizes and ops.cumsum(ops.to(sizes, "int64"), 1) end

-- ---- the definition -----------------------------------------------------------------------------

-- The weights of one layer and direction, taken off the flat tensor from element `at` on; where the
-- next begin.
local function weights_at(flat, at, s, inputs)
  local rows <const>, list <const> = s.gates * s.hidden, {}
  local function take(part, ...)
    local n = 1
    for _, size in ipairs { ... } do n = n * size end
    list[part] = flat:narrow(1, at, n):view(...)
    at = at + n
  end
  take(1, rows, inputs)
  take(2, rows, s.width)
  if s.biased then take(3, rows) end
  if s.biased then take(4, rows) end
  if s.width ~= s.hidden then take(5, s.width, s.hidden) end
  return list, at
end

local function layer_of(s, x, h, c, p, sizes, reverse)
  local layer <const> = ops[s.layer]
  if s.kind == "lstm" then
    return layer(x, h, c, p[1], p[2], p[3], p[4], p[5], sizes, reverse)
  elseif s.kind == "gru" then
    return layer(x, h, p[1], p[2], p[3], p[4], sizes, reverse)
  end
  return layer(x, h, p[1], p[2], p[3], p[4], sizes, reverse, s.kind == "relu")
end

local function state_at(state, k, x, s, width)
  return state and state:select(1, k) or new(x, nil, s.batch, width):zero_()
end

local function definition(x, h0, c0, flat, sizes, n)
  local s <const>, hs <const>, cs <const>, at = described(n), {}, {}, 1
  for _ = 1, s.layers do
    local outputs <const>, inputs <const> = {}, x:size(2)
    for direction = 1, s.directions do
      local k <const> = #hs + 1
      local p
      p, at = weights_at(flat, at, s, inputs)
      local h <const> = state_at(h0, k, x, s, s.width)
      local c <const> = s.kind == "lstm" and state_at(c0, k, x, s, s.hidden)
      outputs[direction], hs[k], cs[k] = layer_of(s, x, h, c, p, sizes, direction == 2)
    end
    x = s.directions == 1 and outputs[1] or ops.cat(outputs, 2)
  end
  return x, ops.stack(hs, 1), s.kind == "lstm" and ops.stack(cs, 1) or new(x, nil, 0)
end

-- ---- the operation ------------------------------------------------------------------------------

local function run(x, h0, c0, flat, sizes, n, room)
  local s <const> = described(n)
  local states <const> = s.layers * s.directions
  local y <const> = new(x, nil, x:size(1), s.directions * s.width)
  local h <const> = new(x, nil, states, s.batch, s.width)
  local c <const> = new(x, nil, n[1] == LSTM and states or 0, s.batch, s.hidden)
  local memory <const> = new(x, "uint8", room)
  K.rnn_stack(y, h, c, memory, x, h0, c0, flat, ends_of(sizes), n)
  return y, h, c, memory
end

local function wanted(x) return x and x.requires_grad and empty(x) or nil end

-- Memory is used up by a backward: one that may come again works on a copy.
local function backward(g, out, x, h0, c0, flat, sizes, n)
  local y <const>, memory = out[1], out[4]
  if not core.frees_graph() then memory = memory:clone() end
  local none <const>, gx <const> = new(x, nil, 0), empty(x)
  local gh <const>, gc <const>, gw <const> = wanted(h0), wanted(c0), wanted(flat)
  local gy <const> = g[1] or empty(y):zero_()
  K.rnn_stack_backward(gx, gh or none, gc or none, gw or none, memory, gy, g[2],
    n[1] == LSTM and g[3] or nil, x, h0, c0, y, ends_of(sizes), n)
  return gx, gh, gc, gw
end

local function parameters(...)
  local list <const> = {}
  for k, name in ipairs { ... } do list[k] = { name = name, code = "a", optional = true } end
  return list
end

local call <const> = core.op({
  name = "rnn_stack", kind = "function", nargs = 7,
  params = parameters("input", "h0", "c0", "weights", "batch_sizes", "stack", "room"),
  outputs = 4, differentiable = 3, own_grad = true, first_order = true, saves_bits = 0xFFFFFFFF,
  joint = backward, ref = definition,
}, run, {})

-- ---- where it is taken --------------------------------------------------------------------------

local function flat_of(list)
  local parts <const> = {}
  for k, p in ipairs(list) do parts[k] = p:reshape(-1) end
  return ops.cat(parts, 1)
end

-- As the layer's operation would get them under autocast.
local function as_cast(s, ...)
  local autocast <const> = package.loaded["tocha.autocast"]
  if autocast then return autocast.arguments(KINDS[ID[s.kind]].layer, ...) end
  return ...
end

local function as(dtype, x) return x and (x.dtype == dtype and x or x:to(dtype)) end

local function wants_grad(...)
  if not core.grad_enabled() then return false end
  for k = 1, select("#", ...) do
    local x <const> = select(k, ...)
    if x and x.requires_grad then return true end
  end
  return false
end

-- The outputs (rows, directions * width), the last states (layers * directions, batch, width) and
-- for LSTM the last cells; nil where no library takes it, and nothing was done. s: kind ("lstm",
-- "gru", "tanh", "relu"), hidden, width (of the state), layers, directions, biased, batch. h0 and
-- c0 may be nil: zeros. weights: a list, in the order of the flat tensor. sizes: the sequences of
-- each step on the host, or nil.
local function run_stack(s, x, h0, c0, weights, sizes)
  x, h0, c0, weights = as_cast(s, x, h0, c0, weights)
  local h_dtype <const>, c_dtype <const> = (h0 or x).dtype, (c0 or x).dtype
  local flat <const> = flat_of(weights)
  local dtype <const> = core.joint(x, flat)
  x, s.training = as(dtype, x), wants_grad(x, h0, c0, flat)
  local steps <const> = sizes and sizes:size(1) or s.batch > 0 and x:size(1) // s.batch or 0
  local n <const> = numbers_of(s)
  local room <const> = core.cuda.rnn_room(x, n, steps, sizes and lengths_of(sizes))
  if not room then return nil end
  local y <const>, h <const>, c <const>, memory <const> = call(x, as(dtype, h0), as(dtype, c0),
    as(dtype, flat), sizes and sizes:to(x.device), n, room)
  if not s.training then local _ <close> = memory end
  return y, as(h_dtype, h), as(c_dtype, c)
end

local function narrowed(state, first, final)
  return state and state.ndim == 3 and state:narrow(1, first, final - first + 1) or nil
end

--- stack.run_layers(module, width, plan, x, states, first, final): layers and directions `first` to
--- `final` of an nn.RNN, LSTM or GRU at once, as nn/rnn.lua runs them one by one; nil where no
--- library takes them.
function stack.run_layers(module, width, plan, x, states, first, final)
  if x.device:sub(1, 4) ~= "cuda" then return nil end
  local directions <const>, weights <const> = module.bidirectional and 2 or 1, {}
  for k = first, final do
    for _, name in ipairs(module._names[k]) do weights[#weights + 1] = module[name] end
  end
  local s <const> = {
    kind = module.kind == "RNN" and (module.nonlinearity or "tanh") or module.kind:lower(),
    hidden = module.hidden_size, width = width, layers = (final - first + 1) // directions,
    directions = directions, biased = module.bias, batch = plan.batch,
  }
  return run_stack(s, x, narrowed(states[1], first, final), narrowed(states[2], first, final),
    weights, plan.packed and plan.packed.batch_sizes)
end

return stack
