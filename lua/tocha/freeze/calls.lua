-- Which function of an emitted program a recorded kernel becomes, with its arguments: a line or a
-- few for each kernel. c_kernels.lua and lua_kernels.lua have the functions; what is not in this
-- table has no meaning outside of Tocha.

local pointwise = require "tocha.freeze.pointwise"

local calls <const> = {}

--- Which argument of a function is a weight that may be int8: its scale follows it.
calls.SCALED = { conv = 3, linear = 3, lstm = 5, gru = 4, rnn = 3 }

local RULES <const> = {}

-- ---- arguments ----------------------------------------------------------------------------------

local function int(v) return { kind = "int", value = v } end
local function float(v) return { kind = "float", value = v } end

local function append_ints(args, ...)
  for k = 1, select("#", ...) do args[#args + 1] = int((select(k, ...))) end
  return args
end

local function append_floats(args, ...)
  for k = 1, select("#", ...) do args[#args + 1] = float((select(k, ...))) end
  return args
end

local function refs(places, ...)
  local args <const> = {}
  for k = 1, select("#", ...) do args[k] = places:ref((select(k, ...))) end
  return args
end

local function count(shape, first, last)
  local n = 1
  for d = first or 1, last or #shape do n = n * shape[d] end
  return n
end

-- The last two of n spatial values; one dimension is the second, the first has `other`.
local function pair(places, list, n, other)
  if n > 2 then places:refuse("three spatial dimensions have no meaning here") end
  if n == 1 then return other, list[1] end
  return list[1], list[2]
end

local function spatial(places, t, n)
  return pair(places, table.move(t.shape, #t.shape - n + 1, #t.shape, 1, {}), n, 1)
end

-- The pads before, of pairs (before, after).
local function pads_before(places, list, n) return pair(places, { list[1], list[3] }, n, 0) end

-- ---- convolution, products ----------------------------------------------------------------------

function RULES.conv(places, s)
  local y <const>, x <const>, w <const>, bias <const>, residual <const> = table.unpack(s.tensors)
  local n <const> = #s.lists[1]
  local images <const> = #x.shape == n + 2 and x.shape[1] or 1
  local args <const> = { places:ref(y), places:ref(x), places:matrix(w), places:ref(bias),
    places:ref(residual) }
  append_ints(args, images, x.shape[#x.shape - n])
  append_ints(args, spatial(places, x, n))
  append_ints(args, w.shape[1])
  append_ints(args, spatial(places, y, n))
  append_ints(args, spatial(places, w, n))
  append_ints(args, pair(places, s.lists[1], n, 1))
  append_ints(args, pads_before(places, s.lists[2], n))
  append_ints(args, pair(places, s.lists[3], n, 1))
  append_ints(args, s.integers[1])
  return { fn = "conv", args = append_floats(args, s.numbers[1], s.numbers[2]) }
end

-- A convolution turned round: y, x, the weight (channels of x, outputs / groups, ...), bias.
function RULES.conv_input_grad(places, s)
  local y <const>, x <const>, w <const>, bias <const> = table.unpack(s.tensors, 1, 4)
  local n <const> = #s.lists[1]
  local args <const> = refs(places, y, x, w, bias)
  append_ints(args, #x.shape == n + 2 and x.shape[1] or 1, w.shape[1])
  append_ints(args, spatial(places, x, n))
  append_ints(args, y.shape[#y.shape - n])
  append_ints(args, spatial(places, y, n))
  append_ints(args, spatial(places, w, n))
  append_ints(args, pair(places, s.lists[1], n, 1))
  append_ints(args, pads_before(places, s.lists[2], n))
  append_ints(args, pair(places, s.lists[3], n, 1))
  return { fn = "conv_transpose", args = append_ints(args, s.integers[1]) }
end

-- The weight is (out, in), by rows or turned.
function RULES.linear(places, s)
  local y <const>, x <const>, w <const>, bias <const> = table.unpack(s.tensors)
  local rows <const> = count(y.shape) // math.max(w.shape[1], 1)
  local plain <const> = w.strides[2] == 1 and w.strides[1] == w.shape[2]
  local args <const> = { places:ref(y), places:ref(x),
    plain and places:matrix(w) or places:ref(w), places:ref(bias) }
  return { fn = "linear", args = append_ints(args, rows, w.shape[2], w.shape[1], w.strides[1],
    w.strides[2]) }
end

local function batch_stride(places, t, batches)
  local n <const> = count(t.shape, 1, #t.shape - 2)
  if n == 1 then return 0 end
  local inner <const> = t.strides[#t.shape - 2]
  if n ~= batches or #t.shape > 3 and t.strides[#t.shape - 3] ~= inner * t.shape[#t.shape - 2] then
    places:refuse("a product of matrices whose batches lie apart has no meaning here")
  end
  return inner
end

-- y = alpha a b + beta y0
function RULES.matmul(places, s)
  local y <const>, a <const>, b <const>, added <const> = table.unpack(s.tensors)
  if added then places:refuse("a product that is added to has no meaning here") end
  local n <const>, batches <const> = #y.shape, count(y.shape, 1, #y.shape - 2)
  local args <const> = refs(places, y, a, b)
  append_ints(args, batches, y.shape[n - 1], y.shape[n], a.shape[#a.shape])
  append_ints(args, batch_stride(places, a, batches), a.strides[#a.shape - 1], a.strides[#a.shape])
  append_ints(args, batch_stride(places, b, batches), b.strides[#b.shape - 1], b.strides[#b.shape])
  return { fn = "matmul", args = append_floats(args, s.numbers[2]) }
end

-- ---- pooling ------------------------------------------------------------------------------------

local function window_of(places, s, args)
  local y <const>, x <const> = s.tensors[1], s.tensors[2]
  local n <const> = #s.lists[1]
  append_ints(args, count(x.shape, 1, #x.shape - n))
  append_ints(args, spatial(places, x, n))
  append_ints(args, spatial(places, y, n))
  append_ints(args, pair(places, s.lists[1], n, 1))
  append_ints(args, pair(places, s.lists[2], n, 1))
  return append_ints(args, pads_before(places, s.lists[3], n)), n
end

function RULES.max_pool(places, s)
  local args <const>, n <const> = window_of(places, s, refs(places, s.tensors[1], s.tensors[2]))
  return { fn = "max_pool", args = append_ints(args, pair(places, s.lists[4], n, 1)) }
end

function RULES.avg_pool(places, s)
  local args <const>, n <const> = window_of(places, s, refs(places, s.tensors[1], s.tensors[2]))
  local pads <const> = s.lists[3]
  append_ints(args, pair(places, { pads[2], pads[4] }, n, 0))
  return { fn = "avg_pool", args = append_ints(args, s.integers[1], s.integers[2]) }
end

-- ---- normalisation ------------------------------------------------------------------------------

-- y, x, weight, bias, mean, var; images, channels, plane; eps
function RULES.batch_norm_eval(places, s)
  local args <const> = refs(places, table.unpack(s.tensors, 1, 6))
  append_ints(args, s.integers[1], s.integers[2], s.integers[3])
  return { fn = "batch_norm", args = append_floats(args, s.numbers[1]) }
end

function RULES.layer_norm(places, s)
  local args <const> = refs(places, table.unpack(s.tensors, 1, 4))
  append_ints(args, s.integers[1], s.integers[2], s.integers[3])
  return { fn = "layer_norm", args = append_floats(args, s.numbers[1]) }
end

function RULES.group_norm(places, s)
  local args <const> = refs(places, table.unpack(s.tensors, 1, 4))
  append_ints(args, s.integers[1], s.integers[2], s.integers[3], s.integers[4])
  return { fn = "group_norm", args = append_floats(args, s.numbers[1]) }
end

-- ---- along a dimension of (outer, n, inner) -----------------------------------------------------

local function along(fn, ...)
  local more <const> = { ... }
  return function(places, s)
    local args <const> = refs(places, s.tensors[1], s.tensors[2])
    append_ints(args, s.integers[1], s.integers[2], s.integers[3], table.unpack(more))
    return { fn = fn, args = args }
  end
end

RULES.softmax, RULES.log_softmax = along("softmax", 0), along("softmax", 1)
RULES.sum, RULES.mean = along("sum", 0), along("sum", 1)
RULES.amax, RULES.amin = along("extreme", 1), along("extreme", 0)

function RULES.index_select(places, s)
  local y <const>, x <const>, ids <const> = table.unpack(s.tensors, 1, 3)
  local d <const> = s.integers[1] + 1
  local args <const> = { places:ref(y), places:ref(x), places:ids(ids) }
  return { fn = "index_select", args = append_ints(args, count(x.shape, 1, d - 1), x.shape[d],
    y.shape[d], count(x.shape, d + 1)) }
end

-- A sparse map along one dimension, as interpolation is.
function RULES.resample(places, s)
  local y <const>, x <const>, ids <const>, w <const> = table.unpack(s.tensors, 1, 4)
  local d <const> = s.integers[1] + 1
  local args <const> = { places:ref(y), places:ref(x), places:ids(ids), places:ref(w) }
  return { fn = "resample", args = append_ints(args, count(x.shape, 1, d - 1), x.shape[d],
    y.shape[d], ids.shape[2], count(x.shape, d + 1)) }
end

-- y, (logarithms of sums), q (heads, rows, width), k and v (heads / groups, keys, width), masks.
function RULES.attention(places, s)
  local y <const>, _, q <const>, k <const>, v <const>, mask <const>, allowed <const> =
    table.unpack(s.tensors, 1, 7)
  if allowed then places:refuse("attention under a mask of booleans has no meaning here") end
  local args <const> = refs(places, y, q, k, v, mask)
  append_ints(args, q.shape[1], q.shape[1] // math.max(k.shape[1], 1), q.shape[2], k.shape[2],
    q.shape[3], v.shape[3], k.strides[1], v.strides[1])
  append_ints(args, table.unpack(s.lists[1], 1, 3))
  return { fn = "attention", args = append_floats(append_ints(args, s.integers[1]), s.numbers[1]) }
end

-- Rows of several tensors side by side: a copy each.
function RULES.join(places, s)
  local y <const>, outer <const>, list <const> = s.tensors[1], s.integers[1], {}
  local row <const> = count(y.shape) // math.max(outer, 1)
  local at = s.integers[2]
  for k = 2, #s.tensors do
    local x <const> = s.tensors[k]
    if x then
      local width <const> = count(x.shape) // math.max(outer, 1)
      list[#list + 1] = { fn = "join", args = append_ints(refs(places, y, x), outer, row, at,
        width) }
      at = at + width
    end
  end
  return table.unpack(list)
end

-- ---- recurrent layers: the products with the inputs are made before -----------------------------

local function check_steps(places, ends, batch)
  if ends and batch ~= 1 then
    places:refuse("sequences of several lengths have no meaning here")
  end
end

function RULES.lstm_layer(places, s)
  local y <const>, h <const>, c <const> = table.unpack(s.tensors, 1, 3)
  local gates <const>, w <const>, projection <const>, ends <const> = table.unpack(s.tensors, 6, 9)
  if projection then places:refuse("a projected LSTM has no meaning here") end
  check_steps(places, ends, h.shape[1])
  local args <const> = refs(places, y, h, c, gates)
  args[5] = places:matrix(w)
  return { fn = "lstm", args = append_ints(args, y.shape[1] // h.shape[1], h.shape[1], w.shape[2],
    s.integers[1]) }
end

function RULES.gru_layer(places, s)
  local y <const>, h <const>, _, gates <const> = table.unpack(s.tensors, 1, 4)
  local w <const>, bias <const>, ends <const> = table.unpack(s.tensors, 5, 7)
  check_steps(places, ends, h.shape[1])
  local args <const> = refs(places, y, h, gates)
  args[4], args[5] = places:matrix(w), places:ref(bias)
  return { fn = "gru", args = append_ints(args, y.shape[1] // h.shape[1], h.shape[1], w.shape[2],
    s.integers[1]) }
end

-- y holds the products and becomes the states.
function RULES.rnn_layer(places, s)
  local y <const>, h <const>, w <const>, ends <const> = table.unpack(s.tensors, 1, 4)
  check_steps(places, ends, h.shape[1])
  local args <const> = { places:ref(y), places:ref(h), places:matrix(w) }
  return { fn = "rnn", args = append_ints(args, y.shape[1] // h.shape[1], h.shape[1], w.shape[2],
    s.integers[1], s.integers[2]) }
end

-- ---- the whole ----------------------------------------------------------------------------------

--- calls.of(places, step): the calls that a step becomes.
function calls.of(places, step)
  if step.pointwise then return { pointwise.call(places, step) } end
  local rule <const> = RULES[step.name]
  if not rule then places:refuse("'%s' has no meaning outside of Tocha", step.name) end
  return { rule(places, step) }
end

--- calls.copy(places, name, tensor): a tensor of the program into a buffer, row by row.
function calls.copy(places, name, from)
  return pointwise.copy(places, name, from)
end

return calls
