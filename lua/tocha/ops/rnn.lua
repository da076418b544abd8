-- Recurrent layers over all of time: one operation a layer and direction, for rnn, lstm and gru.
--
-- Sequences lie step after step, longest first: `input` is (rows, in), a step has the rows of those
-- that are still running. `batch_sizes` says how many in each step; without it all are as long, and
-- input is (T * B, in). `reverse` walks from the last step to the first. Weights and the order of
-- the gates are PyTorch's: weight_ih (G * H, in), weight_hh (G * H, P), P the width of the state.
--
-- The products with weights that can be made for all steps at once are one product each; the
-- kernels do the rest. What a layer returns after its states is what its gradient needs. Large
-- temporaries are closed, not left to the collector: the next layer finds their memory in cache.
--
-- Rows that an embedding looked up may come with their `table` and the `ids` of each row: then the
-- table is multiplied with the weight, not the rows, which are many more, and gets the gradient.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local wide <const> = require "tocha.reduction".wide
local K <const>, empty <const>, joint <const> = core.kernel, core.empty, core.joint

-- ---- checks -------------------------------------------------------------------------------------

-- These run for every step of generation: what fits is found in few calls.

local methods <const> = core.methods
local size <const>, dim <const> = methods.size, methods.dim

local function expect_vector(name, argument, x, n)
  if not x or dim(x) == 1 and size(x, 1) == n then return end
  core.fail(name, argument, "expected the shape (%d,), got %s", n, rule.text(x.shape))
end

-- Rows or columns that are nil may be any.
local function expect_matrix(name, argument, x, rows, cols)
  if dim(x) == 2 and size(x, 1) == (rows or size(x, 1)) and size(x, 2) == (cols or size(x, 2)) then
    return
  end
  core.fail(name, argument, "expected the shape (%s, %s), got %s", rows or "any", cols or "any",
    rule.text(x.shape))
end

-- `gates` blocks of rows in each weight. Gives the sequences, H and P.
local function check(name, gates, x, h0, w_ih, w_hh, b_ih, b_hh, sizes)
  expect_matrix(name, "input", x)
  expect_matrix(name, "weight_hh", w_hh)
  local n <const>, P <const> = size(w_hh, 1), size(w_hh, 2)
  expect_matrix(name, "h0", h0, nil, P)
  expect_matrix(name, "weight_ih", w_ih, n, size(x, 2))
  expect_vector(name, "bias_ih", b_ih, n)
  expect_vector(name, "bias_hh", b_hh, n)
  if n % gates ~= 0 then core.fail(name, "weight_hh", "%d rows are not %d blocks", n, gates) end
  local batch <const>, rows <const> = size(h0, 1), size(x, 1)
  if not sizes and (batch == 0 and rows > 0 or batch > 0 and rows % batch ~= 0) then
    core.fail(name, "input", "%d rows are not whole steps of %d sequences", rows, batch)
  end
  return batch, n // gates, P
end

local function check_lookup(name, x, looked_up, ids)
  if not looked_up then return end
  expect_matrix(name, "table", looked_up, nil, size(x, 2))
  if ids and methods.numel(ids) == size(x, 1) then return end
  core.fail(name, "ids", "expected one for each of the %d rows", size(x, 1))
end

-- Where each step ends, as the kernels want it.
local function ends_of(name, sizes)
  if not sizes then return nil end
  if sizes.ndim ~= 1 then
    core.fail(name, "batch_sizes", "expected a list, got a %s tensor", rule.text(sizes.shape))
  end
  return ops.cumsum(ops.to(sizes, "int64"), 1)
end

-- ---- the definition -----------------------------------------------------------------------------

-- The first row and the number of rows of each step.
local function steps_of(rows, batch, sizes)
  local steps <const> = {}
  if not sizes then
    for first = 1, rows, math.max(batch, 1) do steps[#steps + 1] = { first, batch } end
    return steps
  end
  local first = 1
  for k, count in ipairs(sizes:totable()) do
    steps[k] = { first, count }
    first = first + count
  end
  return steps
end

-- The first rows of a state become those of `new`.
local function replace_rows(state, new)
  local n <const>, count <const> = state:size(1), new:size(1)
  if n == count then return new end
  return ops.cat({ new, state:narrow(1, count + 1, n - count) }, 1)
end

-- cell(inputs, states...) -> new states; the first is the output. Gives all outputs, then the
-- states.
local function walk(inputs, states, sizes, reverse, cell)
  local steps <const>, outputs <const> = steps_of(inputs:size(1), states[1]:size(1), sizes), {}
  for s = 1, #steps do
    local t <const> = reverse and #steps + 1 - s or s
    local first <const>, count <const> = table.unpack(steps[t])
    local now <const> = {}
    for k, state in ipairs(states) do now[k] = state:narrow(1, 1, count) end
    local new <const> = { cell(inputs:narrow(1, first, count), table.unpack(now)) }
    for k, state in ipairs(new) do states[k] = replace_rows(states[k], state) end
    outputs[t] = new[1]
  end
  local y <const> = #outputs > 0 and ops.cat(outputs, 1) or states[1]:narrow(1, 1, 0) * 1
  return y, table.unpack(states)
end

-- ---- what the three share -----------------------------------------------------------------------

local function sum_of(b1, b2, dtype)
  if not (b1 and b2) then return b1 or b2 end
  if joint(b1, b2) == dtype then return b1 + b2 end
  return b1:to(dtype) + b2:to(dtype)
end

-- x weight' + biases; of half types as float32, which the kernels compute in.
local function product(x, weight, b1, b2)
  local dtype <const> = wide(joint(x, weight))
  local y <const> = core.new(x, dtype, x:size(1), weight:size(1))
  K.linear(y, x, weight, sum_of(b1, b2, dtype))
  return y
end

-- The same with x[k] = looked_up[ids[k]], where those are given.
local function input_product(name, x, weight, b1, b2, looked_up, ids)
  check_lookup(name, x, looked_up, ids)
  if not looked_up then return product(x, weight, b1, b2) end
  local rows <close> = product(looked_up, weight, b1, b2)
  local y <const> = core.new(rows, nil, x:size(1), weight:size(1))
  K.index_select(y, rows, 1, ids)
  return y
end

-- The gradient of a last state, which a kernel turns into that of the initial one.
local function seed(g, state)
  local gh <const> = empty(state)
  return g and gh:copy_(g) or gh:zero_()
end

-- Gradients from those of the product x weight' + bias, where they are wanted.
local function input_grad(grads, x, weight)
  return x.requires_grad and ops.matmul(grads, weight):to(x.dtype) or nil
end

local function weight_grad(grads, x, weight)
  if not (weight and weight.requires_grad) then return nil end
  return ops.linear_weight_grad(grads, x):to(weight.dtype)
end

local function bias_grad(grads, bias) return bias and ops.sum(grads, 1):to(bias.dtype) end

-- The gradients of an input, its weight, its bias and its table. With a table those of equal rows
-- are summed first, and go to the table at once unless somebody wants to see those of the rows.
local function input_grads(grads, x, weight, bias, looked_up, ids)
  if not looked_up then
    return input_grad(grads, x, weight), weight_grad(grads, x, weight), bias_grad(grads, bias)
  end
  local sums <close> = ops.embedding_backward(grads, ids, looked_up:size(1))
  local gw <const>, gb <const> = weight_grad(sums, looked_up, weight), bias_grad(sums, bias)
  local is_watched <const> = require "tocha.autograd.sweep".is_watched
  if not looked_up.requires_grad or is_watched(x.node, "embedding") then
    return input_grad(grads, x, weight), gw, gb
  end
  return nil, gw, gb, input_grad(sums, looked_up, weight)
end

-- What the kernels fill with the state before each row. Where all steps have as many rows it has no
-- elements: those states lie in y, a step away.
local function room_before(y, sizes) return sizes and empty(y) or core.new(y, nil, 0) end

-- The gradient of the states' weight; `before` is from `room_before`.
local function state_weight_grad(grads, before, y, h0, weight, sizes, reverse)
  if not (weight and weight.requires_grad) then return nil end
  if sizes then return weight_grad(grads, before, weight) end
  local rows <const>, batch <const> = y:size(1), h0:size(1)
  local later <const> = math.max(rows - batch, 0)
  local g <const> = grads:narrow(1, reverse and 1 or rows - later + 1, later)
  local states <const> = y:narrow(1, reverse and rows - later + 1 or 1, later)
  local first <const> = grads:narrow(1, reverse and later + 1 or 1, rows - later)
  local gw <const> = ops.linear_weight_grad(first, h0:narrow(1, 1, rows - later))
  return gw:add_(ops.linear_weight_grad(g, states)):to(weight.dtype)
end

-- ---- rnn ----------------------------------------------------------------------------------------

op "rnn_layer" {
  doc = "A layer of simple recurrent units, h = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu. "
    .. "Returns the outputs and the last state.",
  args = "input: float, h0: float, weight_ih: float, weight_hh: float, bias_ih: float?, "
    .. "bias_hh: float?, batch_sizes: index?, reverse: bool = false, relu: bool = false, "
    .. "table: float?, ids: index?",
  method = false, outputs = 2, differentiable = 2, first_order = true,
  run = function(x, h0, w_ih, w_hh, b_ih, b_hh, sizes, reverse, relu, looked_up, ids)
    local _, H <const> = check("rnn_layer", 1, x, h0, w_ih, w_hh, b_ih, b_hh, sizes)
    expect_matrix("rnn_layer", "weight_hh", w_hh, H, H)
    local y <const> = input_product("rnn_layer", x, w_ih, b_ih, b_hh, looked_up, ids)
    local h <const> = h0:clone()
    K.rnn_layer(y, h, w_hh, ends_of("rnn_layer", sizes), reverse, relu)
    return y:to(joint(x, w_ih)), h
  end,
  ref = function(x, h0, w_ih, w_hh, b_ih, b_hh, sizes, reverse, relu)
    return walk(ops.linear(x, w_ih, b_ih), { h0 }, sizes, reverse, function(gates, h)
      local sum <const> = gates + ops.linear(h, w_hh, b_hh)
      return relu and ops.relu(sum) or ops.tanh(sum)
    end)
  end,
  grad = function(g, out, x, h0, w_ih, w_hh, b_ih, b_hh, sizes, reverse, relu, looked_up, ids)
    local y <const>, gh <const> = out[1], seed(g[2], h0)
    local grads <close> = empty(y)
    local before <close> = room_before(y, sizes)
    K.rnn_layer_backward(grads, gh, before, g[1], h0, w_hh, y, ends_of("rnn_layer", sizes), reverse,
      relu)
    local gx <const>, gw <const>, gb <const>, gt <const> = input_grads(grads, x, w_ih,
      b_ih or b_hh, looked_up, ids)
    return gx, gh, gw, state_weight_grad(grads, before, y, h0, w_hh, sizes, reverse), gb, gb,
      nil, nil, nil, gt
  end,
  sample = {
    { { 6, 3 }, { 2, 4 }, { 4, 3 }, { 4, 4 }, { 4 }, { 4 } },
    { { 6, 3 }, { 3, 2 }, { 2, 3 }, { 2, 2 }, { 2 }, nil, S.value { 3, 2, 1 }, true, true },
  },
  nograd_sample = {
    { { 30, 3 }, { 6, 20 }, { 20, 3 }, { 20, 20 } },
    { { 18, 3 }, { 6, 20 }, { 20, 3 }, { 20, 20 }, nil, nil, S.value { 6, 5, 4, 2, 1 }, true },
    { { 0, 3 }, { 2, 4 }, { 4, 3 }, { 4, 4 } },
  },
}

-- ---- lstm ---------------------------------------------------------------------------------------

local function check_lstm(x, h0, c0, projection, ...)
  local B <const>, H <const>, P <const> = check("lstm_layer", 4, x, h0, ...)
  expect_matrix("lstm_layer", "c0", c0, B, H)
  if projection then
    expect_matrix("lstm_layer", "weight_hr", projection, P, H)
  elseif P ~= H then
    core.fail("lstm_layer", "weight_hr", "is needed: the state has %d columns, the cell %d", P, H)
  end
  return H, P
end

op "lstm_layer" {
  doc = "A layer of long short-term memory; blocks of the gates: input, forget, cell, output. "
    .. "`weight_hr` (P, H) projects the output. Returns the outputs, the last state and cell; then "
    .. "the cells, the gates and the outputs before projection.",
  args = "input: float, h0: float, c0: float, weight_ih: float, weight_hh: float, "
    .. "bias_ih: float?, bias_hh: float?, weight_hr: float?, batch_sizes: index?, "
    .. "reverse: bool = false, table: float?, ids: index?",
  method = false, outputs = 6, differentiable = 3, first_order = true,
  run = function(x, h0, c0, w_ih, w_hh, b_ih, b_hh, w_hr, sizes, reverse, looked_up, ids)
    local H <const>, P <const> = check_lstm(x, h0, c0, w_hr, w_ih, w_hh, b_ih, b_hh, sizes)
    local gates <const> = input_product("lstm_layer", x, w_ih, b_ih, b_hh, looked_up, ids)
    local rows <const> = x:size(1)
    local y <const> = core.new(x, joint(x, w_ih), rows, P)
    local cells <const> = core.new(gates, nil, rows, H)
    local raw <const> = core.new(gates, nil, w_hr and rows or 0, H)
    local h <const>, c <const> = h0:clone(), c0:clone()
    K.lstm_layer(y, h, c, cells, raw, gates, w_hh, w_hr, ends_of("lstm_layer", sizes), reverse)
    return y, h, c, cells, gates, raw
  end,
  ref = function(x, h0, c0, w_ih, w_hh, b_ih, b_hh, w_hr, sizes, reverse)
    return walk(ops.linear(x, w_ih, b_ih), { h0, c0 }, sizes, reverse, function(gates, h, c)
      local i, f, g, o = table.unpack(ops.chunk(gates + ops.linear(h, w_hh, b_hh), 4, 2))
      c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
      h = ops.sigmoid(o) * ops.tanh(c)
      return w_hr and ops.linear(h, w_hr) or h, c
    end)
  end,
  grad = function(g, out, x, h0, c0, w_ih, w_hh, b_ih, b_hh, w_hr, sizes, reverse, looked_up, ids)
    local y <const>, _, _, cells <const>, gates <const>, raw <const> = table.unpack(out)
    local gh <const>, gc <const> = seed(g[2], h0), seed(g[3], c0)
    local grads <close> = empty(gates)
    local before <close> = room_before(y, sizes)
    local gy <const> = w_hr and empty(y) or core.new(y, nil, 0)
    K.lstm_layer_backward(grads, gh, gc, before, gy, g[1], h0, c0, w_hh, w_hr, y, cells, gates,
      ends_of("lstm_layer", sizes), reverse)
    local gx <const>, gw <const>, gb <const>, gt <const> = input_grads(grads, x, w_ih,
      b_ih or b_hh, looked_up, ids)
    return gx, gh, gc, gw, state_weight_grad(grads, before, y, h0, w_hh, sizes, reverse), gb, gb,
      weight_grad(gy, raw, w_hr), nil, nil, gt
  end,
  sample = {
    { { 6, 3 }, { 2, 2 }, { 2, 2 }, { 8, 3 }, { 8, 2 }, { 8 }, { 8 } },
    { { 6, 3 }, { 3, 2 }, { 3, 3 }, { 12, 3 }, { 12, 2 }, { 12 }, nil, { 2, 3 },
      S.value { 3, 2, 1 }, true },
  },
  nograd_sample = {
    { { 30, 3 }, { 6, 20 }, { 6, 20 }, { 80, 3 }, { 80, 20 } },
    { { 18, 3 }, { 6, 7 }, { 6, 20 }, { 80, 3 }, { 80, 7 }, nil, { 80 }, { 7, 20 },
      S.value { 6, 5, 4, 2, 1 } },
    { { 0, 3 }, { 2, 2 }, { 2, 2 }, { 8, 3 }, { 8, 2 } },
  },
}

-- ---- gru ----------------------------------------------------------------------------------------

-- The new block reads the state behind its reset gate: its bias stays with the state's product.
op "gru_layer" {
  doc = "A layer of gated recurrent units; blocks of the gates: reset, update, new. Returns the "
    .. "outputs and the last state; then what the reset gate multiplied, and the gates.",
  args = "input: float, h0: float, weight_ih: float, weight_hh: float, bias_ih: float?, "
    .. "bias_hh: float?, batch_sizes: index?, reverse: bool = false, table: float?, ids: index?",
  method = false, outputs = 4, differentiable = 2, first_order = true,
  run = function(x, h0, w_ih, w_hh, b_ih, b_hh, sizes, reverse, looked_up, ids)
    local _, H <const>, P <const> = check("gru_layer", 3, x, h0, w_ih, w_hh, b_ih, b_hh, sizes)
    expect_matrix("gru_layer", "weight_hh", w_hh, 3 * P, P)
    local gates <const> = input_product("gru_layer", x, w_ih, b_ih, nil, looked_up, ids)
    local h <const> = h0:clone()
    local y <const> = core.new(x, joint(x, w_ih), x:size(1), H)
    local inner <const> = empty(y, gates.dtype, x)
    K.gru_layer(y, h, inner, gates, w_hh, b_hh, ends_of("gru_layer", sizes), reverse)
    return y, h, inner, gates
  end,
  ref = function(x, h0, w_ih, w_hh, b_ih, b_hh, sizes, reverse)
    return walk(ops.linear(x, w_ih, b_ih), { h0 }, sizes, reverse, function(gates, h)
      local ri, zi, ni = table.unpack(ops.chunk(gates, 3, 2))
      local rh, zh, nh = table.unpack(ops.chunk(ops.linear(h, w_hh, b_hh), 3, 2))
      local r, z = ops.sigmoid(ri + rh), ops.sigmoid(zi + zh)
      local n = ops.tanh(ni + r * nh)
      return n + z * (h - n)
    end)
  end,
  grad = function(g, out, x, h0, w_ih, w_hh, b_ih, b_hh, sizes, reverse, looked_up, ids)
    local y <const>, _, inner <const>, gates <const> = table.unpack(out)
    local grads <close> = empty(gates)
    local gnew <close> = empty(y)
    local before <close> = room_before(y, sizes)
    local gh <const>, H <const> = seed(g[2], h0), y:size(2)
    K.gru_layer_backward(grads, gnew, gh, before, g[1], h0, w_hh, y, inner, gates,
      ends_of("gru_layer", sizes), reverse)
    local gw_hh <const> = state_weight_grad(grads, before, y, h0, w_hh, sizes, reverse)
    local gb_hh <const> = bias_grad(grads, b_hh)
    grads:narrow(2, 2 * H + 1, H):copy_(gnew)  -- from here on those of the inputs' product
    local gx <const>, gw <const>, gb <const>, gt <const> = input_grads(grads, x, w_ih, b_ih,
      looked_up, ids)
    return gx, gh, gw, gw_hh, gb, gb_hh, nil, nil, gt
  end,
  sample = {
    { { 6, 3 }, { 2, 2 }, { 6, 3 }, { 6, 2 }, { 6 }, { 6 } },
    { { 6, 3 }, { 3, 3 }, { 9, 3 }, { 9, 3 }, { 9 }, nil, S.value { 3, 2, 1 }, true },
  },
  nograd_sample = {
    { { 30, 3 }, { 6, 20 }, { 60, 3 }, { 60, 20 } },
    { { 18, 3 }, { 6, 20 }, { 60, 3 }, { 60, 20 }, nil, { 60 }, S.value { 6, 5, 4, 2, 1 } },
    { { 0, 3 }, { 2, 2 }, { 6, 3 }, { 6, 2 } },
  },
}
