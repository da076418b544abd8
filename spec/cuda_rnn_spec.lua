-- Recurrent layers on the CUDA device against the CPU: batches of one tile and of several, units
-- that leave a rest, sequences that end early in both directions, projections.

local tocha = require "tocha"
local device = require "spec.cuda_support"
local support = require "spec.support"

local describe_cuda <const> = device.suite(describe, pending)
local ops <const> = require "tocha.op".ops
local DTYPES <const> = { float64 = 1e-10, float32 = 1e-4, bfloat16 = 5e-2, tf32 = 1e-2 }

-- rows of input; batch; width of the input, units, width of the state
local function arguments(kind, dtype, rows, batch, width, units, state)
  tocha.manual_seed(5)
  dtype = dtype == "tf32" and "float32" or dtype
  local function random(...)
    return (tocha.randn({ ... }, { dtype = "float64" }) * 0.4):to(dtype):requires_grad_()
  end
  local gates <const> = ({ rnn = 1, lstm = 4, gru = 3 })[kind] * units
  local list <const> = { random(rows, width), random(batch, state) }
  if kind == "lstm" then list[3] = random(batch, units) end
  for _, w in ipairs { random(gates, width), random(gates, state), random(gates), random(gates) } do
    list[#list + 1] = w
  end
  if kind == "lstm" and state < units then list[#list + 1] = random(state, units) end
  list.n = kind == "lstm" and 8 or #list
  return list
end

-- Gradients of the outputs and of the last states.
local function check(kind, dtype, sizes, reverse, rows, batch, width, units, state)
  local _ <close> = setmetatable({}, { __close = function() tocha.cuda.allow_tf32(false) end })
  tocha.cuda.allow_tf32(dtype == "tf32")
  local layer <const>, n <const> = ops[kind .. "_layer"], kind == "lstm" and 3 or 2
  local args <const> = arguments(kind, dtype, rows, batch, width, units, state or units)
  local count <const> = args.n
  args.n = count + 1
  args[args.n] = sizes and tocha.tensor(sizes)
  device.assert_same(function(...)
    local given <const> = table.pack(...)
    given[count + 2] = reverse
    local results <const> = table.pack(layer(table.unpack(given, 1, count + 2)))
    return table.unpack(results, 1, n)
  end, args, DTYPES[dtype])
end

describe_cuda("recurrent layers on CUDA, as on the CPU:", function()
  for _, kind in ipairs { "rnn", "lstm", "gru" } do
    for dtype in pairs(DTYPES) do
      it(kind .. " in " .. dtype, function()
        check(kind, dtype, nil, false, 12, 3, 5, 17)
        check(kind, dtype, nil, true, 138, 69, 3, 9)
        check(kind, dtype, { 5, 3, 3, 1 }, false, 12, 5, 4, 18)
        check(kind, dtype, { 5, 3, 3, 1 }, true, 12, 5, 4, 18)
        check(kind, dtype, { 20, 19, 2 }, true, 41, 20, 4, 6)
      end)
    end
    it(kind .. ", nothing", function()
      check(kind, "float32", nil, false, 0, 3, 5, 4)
      check(kind, "float32", nil, false, 0, 0, 5, 4)
    end)
  end

  it("lstm with a projection", function()
    for dtype in pairs(DTYPES) do
      check("lstm", dtype, nil, false, 12, 3, 5, 19, 7)
      check("lstm", dtype, { 5, 3, 3, 1 }, true, 12, 5, 4, 18, 5)
    end
  end)

  it("lstm with two or four sequences a thread", function()
    check("lstm", "float64", nil, false, 600, 300, 2, 160, 3)
    check("lstm", "float64", nil, true, 260, 130, 2, 640, 3)
  end)

  it("are another sum on tensor cores", function()
    local args <const> = device.moved(arguments("gru", "float32", 12, 3, 4, 30, 30))
    local function last()
      local _, h = ops.gru_layer(args[1], args[2], args[3], args[4], args[5], args[6])
      return h:to "cpu"
    end
    local exact <const> = last()
    tocha.cuda.allow_tf32(true)
    local rounded <const> = last()
    tocha.cuda.allow_tf32(false)
    assert.is_false(rounded:equal(exact))
    assert.is_true(rounded:allclose(exact, 1e-2, 1e-2))
  end)

  it("rnn with relu", function()
    local args <const> = arguments("rnn", "float64", 12, 3, 4, 5, 5)
    device.assert_same(function(x, h, wi, wh, bi, bh)
      return ops.rnn_layer(x, h, wi, wh, bi, bh, nil, false, true)
    end, args, 1e-10)
  end)

  it("refuse steps that grow", function()
    local args <const> = device.moved(arguments("gru", "float32", 12, 5, 4, 6, 6))
    local sizes <const> = tocha.tensor({ 5, 2, 4, 1 }):to "cuda"
    support.fails("out of range", function()
      return ops.gru_layer(args[1], args[2], args[3], args[4], args[5], args[6], sizes):to "cpu"
    end)
  end)
end)
