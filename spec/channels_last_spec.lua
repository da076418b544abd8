-- Tensors whose channels lie last: who makes them, what keeps them so, and that nothing but the
-- layout changes, on the CPU and on the emulated CUDA device; there also that convolution, pooling
-- and normalisation take them as they are, without copies.

local tocha = require "tocha"
local nn = require "tocha.nn"
local device = require "spec.cuda_support"
local support = require "spec.support"

local LAST <const> = "channels_last"

local function strides(x) return table.concat(x:stride(), " ") end
local function is_last(x) return require "tocha.core".is_channels_last(x) end
local function last(x) return x:contiguous(x.ndim == 5 and "channels_last_3d" or LAST) end

describe("channels last", function()
  local x <const> = tocha.arange(1, 120):float():view(2, 3, 4, 5)

  it("is made by contiguous and by to, with PyTorch's strides", function()
    local y <const> = x:contiguous(LAST)
    assert.equal("60 1 15 3", strides(y))
    assert.same(x:tolist(), y:tolist())
    assert.equal("60 1 15 3", strides(x:to { memory_format = LAST }))
    assert.equal("60 20 5 1", strides(y:contiguous()))
    assert.equal("60 20 5 1", strides(y:to { memory_format = "contiguous_format" }))
    assert.is_true(rawequal(y, y:contiguous(LAST)))
    local one <const> = tocha.ones(2, 3, 1, 1):contiguous(LAST)
    assert.equal("3 1 3 3", strides(one))
    assert.equal("24 1 12 6 3", strides(tocha.ones(2, 3, 2, 2, 2):contiguous "channels_last_3d"))
  end)

  it("is told apart", function()
    local y <const> = x:contiguous(LAST)
    assert.is_true(y:is_contiguous(LAST))
    assert.is_true(y:is_contiguous { memory_format = LAST })
    assert.is_false(y:is_contiguous())
    assert.is_false(x:is_contiguous(LAST))
    assert.is_true(x:is_contiguous())
    assert.is_true(tocha.ones(2, 3, 1, 1):is_contiguous(LAST))  -- one of either kind
    assert.is_false(x[1]:is_contiguous(LAST))
  end)

  it("needs four dimensions, and a format that there is", function()
    assert.error_matches(function() x[1]:contiguous(LAST) end,
      "%[contiguous%].*'channels_last' is for 4 dimensions, got a %(3, 4, 5%) tensor")
    assert.error_matches(function() x:to { memory_format = "nhwc" } end, "unknown format 'nhwc'")
    assert.error_matches(function() nn.Linear(2, 2):to { memory_format = "nhwc" } end,
      "unknown format 'nhwc'")
  end)

  it("is kept by elementwise operations, copies, conversions and what is like", function()
    local y <const> = x:contiguous(LAST)
    for name, z in pairs { mul = y * 2, add = y + y, mixed = y + x, relu = tocha.relu(y),
      bias = y + tocha.ones(3, 1, 1), compare = y:gt(3), clone = y:clone(), half = y:half(),
      like = tocha.zeros_like(y), detach = y:detach(), part = y:narrow(1, 1, 1) * 2 } do
      assert.is_true(is_last(z), name)
    end
    assert.is_false(is_last(x + y))
    assert.same((x + x):tolist(), (y + x):tolist())
    assert.same((x + tocha.arange(1, 5)):tolist(), (y + tocha.arange(1, 5)):tolist())
    assert.same(x:half():tolist(), y:half():tolist())
  end)

  it("lets a view be written, and its gradient go to the right places", function()
    local function gradient(lay)
      local a <const> = tocha.linspace(1, 2, 24):view(1, 2, 3, 4):requires_grad_()
      local b <const> = lay(a * a)
      b[{ 1, 2 }]:mul_(3)
      b:mul(tocha.arange(1, 24):view(1, 2, 3, 4)):sum():backward()
      return a.grad
    end
    support.assert_alike(gradient(last), gradient(function(t) return t end), 1e-6, 1e-6)
  end)

  it("is a module's, of its four-dimensional parameters alone", function()
    local net <const> = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Conv2d(8, 4, 1))
    local weight <const> = net[1].weight
    net:to { memory_format = LAST }
    assert.is_true(rawequal(weight, net[1].weight))
    assert.equal("27 1 9 3", strides(net[1].weight))
    assert.equal("8 1 8 8", strides(net[3].weight))
    assert.equal("1", strides(net[2].weight))
    assert.is_true(is_last(net(x)))
    net:to { memory_format = "contiguous_format" }
    assert.equal("27 9 3 1", strides(net[1].weight))
  end)

  it("passes through an optimiser, whose state lies so too", function()
    local function trained(lay)
      tocha.manual_seed(3)
      local p <const> = lay(tocha.randn(4, 3, 2, 2)):requires_grad_()
      local optimiser <const> = tocha.optim.AdamW({ p }, { lr = 0.1 })
      for k = 1, 3 do
        p.grad = k == 2 and tocha.randn(4, 3, 2, 2) or lay(tocha.randn(4, 3, 2, 2))
        optimiser:step()
      end
      return p
    end
    local got <const> = trained(last)
    assert.is_true(is_last(got))
    support.assert_alike(got:detach(), trained(function(t) return t end):detach(), 1e-6, 1e-6)
  end)
end)

-- ---- operations ---------------------------------------------------------------------------------

local function random(shape, dtype)
  local n <const> = math.max(1, tocha.zeros(shape):numel()) / math.max(1, shape[1])
  return (tocha.randn(shape, { dtype = "float64" }) / n ^ 0.5):to(dtype or "float64")
end

-- f's results and the gradients of its arguments, all as they come.
local function evaluate(f, args)
  local leaves <const> = {}
  for k, v in ipairs(args) do leaves[k] = v:detach():requires_grad_() end
  local y <const> = f(table.unpack(leaves))
  local pattern <const> = tocha.arange(1, y:numel()):to "float64":sin():view(y.shape):to(y.dtype)
  local grads <const> = tocha.autograd.grad({ y }, leaves,
    { grad_outputs = { pattern:to(y.device) } })
  return { y, table.unpack(grads) }
end

-- Channels last in `which` of the arguments: the results are those by rows; the first lies so, and
-- the gradients of what lay so.
local function check(where, f, args, which, tolerance)
  local moved <const>, turned <const> = {}, {}
  for k, v in ipairs(args) do
    moved[k] = v:to(where)
    turned[k] = (which or "123"):find(tostring(k), 1, true) and v.ndim >= 4 and last(moved[k])
      or moved[k]
  end
  local want <const>, got <const> = evaluate(f, moved), evaluate(f, turned)
  for k, y in ipairs(want) do
    support.assert_alike(got[k]:to "cpu", y:to "cpu", tolerance or 1e-9, tolerance or 1e-9,
      k == 1 and "result" or "gradient " .. k - 1)
  end
  assert.is_true(is_last(got[1]), "the result is by rows")
  return got
end

local CONVOLUTIONS <const> = {
  { "3 x 3", { 2, 5, 7, 6 }, { 9, 5, 3, 3 }, { 9 }, 1, 1 },
  { "1 x 1", { 2, 5, 7, 6 }, { 9, 5, 1, 1 }, { 9 } },
  { "strides and unequal padding", { 3, 3, 9, 8 }, { 10, 3, 3, 2 }, { 10 }, 2, { 1, 0, 2, 1 } },
  { "several tiles", { 2, 9, 10, 13 }, { 130, 9, 2, 3 }, { 130 } },
  { "dilated groups", { 2, 6, 9, 9 }, { 27, 2, 3, 3 }, { 27 }, 1, 1, 2, 3 },
  { "thin groups", { 2, 6, 9, 7 }, { 6, 2, 3, 3 }, { 6 }, 2, 1, 1, 3 },
  { "depthwise", { 2, 5, 8, 7 }, { 10, 1, 3, 3 }, { 10 }, 1, 1, 1, 5 },
  { "one channel", { 2, 1, 8, 7 }, { 9, 1, 3, 3 }, { 9 }, 1, 1 },
  { "three dimensions", { 2, 3, 4, 5, 6 }, { 9, 3, 2, 3, 2 }, { 9 }, { 1, 2, 1 }, 1 },
}

local POOLS <const> = {
  { "max", function(x) return tocha.max_pool2d(x, 3, 2, 1) end, { 2, 5, 7, 8 } },
  { "max over threes", function(x) return tocha.max_pool3d(x, 2) end, { 2, 3, 4, 5, 6 } },
  { "average", function(x) return tocha.avg_pool2d(x, { 3, 2 }, 2, 1) end, { 2, 5, 7, 8 } },
  { "global average", function(x) return tocha.adaptive_avg_pool2d(x, 1) end, { 3, 5, 4, 6 } },
}

local function batch_norm(x, w, b)
  return tocha.batch_norm(x, nil, nil, w, b, true)
end

local function describe_operations(where)
  local function it_checks(title, ...)
    local args <const> = table.pack(...)
    it(title .. ", " .. where, function()
      tocha.manual_seed(5)
      check(where, table.unpack(args, 1, args.n))
    end)
  end

  for _, case in ipairs(CONVOLUTIONS) do
    it(("convolution, %s, %s"):format(case[1], where), function()
      tocha.manual_seed(5)
      local conv <const> = tocha["conv" .. #case[2] - 2 .. "d"]
      local f <const> = function(x, w, b) return conv(x, w, b, table.unpack(case, 5, 8)) end
      local args <const> = { random(case[2]), random(case[3]), random(case[4]) }
      local got <const> = check(where, f, args)
      assert.is_true(is_last(got[2]) and is_last(got[3]), "a gradient is by rows")
      check(where, f, args, "1")
      check(where, f, args, "2")
    end)
  end

  it_checks("transposed convolution", function(x, w, b)
    return tocha.conv_transpose2d(x, w, b, 2, 1, 1)
  end, { random { 2, 9, 5, 6 }, random { 9, 11, 3, 3 }, random { 11 } })

  for _, case in ipairs(POOLS) do
    it_checks(case[1] .. " pooling", case[2], { random(case[3]) })
  end

  it_checks("batch_norm in training", batch_norm,
    { random { 3, 5, 4, 6 }, random { 5 }, random { 5 } }, "1")
  it_checks("batch_norm in evaluation", function(x, w, b)
    return tocha.batch_norm(x, w:abs() + 1, b:abs() + 0.5, w, b)
  end, { random { 3, 5, 4, 6 }, random { 5 }, random { 5 } }, "1")

  it("a gradient by rows meets a convolution with channels last, " .. where, function()
    local x <const>, w <const> = random { 2, 3, 6, 5 }:to(where), random { 9, 3, 3, 3 }:to(where)
    local function f(a, b) return tocha.conv2d(a, b):contiguous() end
    local want <const>, got <const> = evaluate(f, { x, w }), evaluate(f, { last(x), last(w) })
    for k, y in ipairs(want) do
      support.assert_alike(got[k]:to "cpu", y:to "cpu", 1e-9, 1e-9)
    end
  end)
end

-- The weight and the loss after steps that are recorded, in float64.
local function trained(where, format)
  tocha.manual_seed(4)
  local net <const> = nn.Sequential(nn.Conv2d(3, 6, 3, { padding = 1 }), nn.BatchNorm2d(6),
    nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 5, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())
  net:to("float64"):to(where):to { memory_format = format }
  local x <const> = random { 4, 3, 6, 6 }:to(where):to { memory_format = format }
  local y <const> = tocha.tensor { 1, 2, 3, 4 }:to(where)
  local optimiser <const> = tocha.optim.SGD(net:parameters(), { lr = 0.1, momentum = 0.9 })
  local step <const> = tocha.graph(function()
    optimiser:zero_grad()
    local loss <const> = tocha.nn.functional.cross_entropy(net(x), y)
    loss:backward()
    optimiser:step()
    return loss
  end)
  local loss
  for _ = 1, 6 do loss = step():detach():clone() end
  return loss:to "cpu", net[1].weight:detach():to "cpu", net[2].running_var:to "cpu"
end

local function it_trains(where)
  it("a recorded step trains to the numbers by rows, " .. where, function()
    local want <const> = { trained(where, "contiguous_format") }
    local got <const> = { trained(where, LAST) }
    for k, v in ipairs(want) do support.assert_alike(got[k], v, 1e-10, 1e-10) end
    assert.is_true(is_last(got[2]))
  end)
end

describe("channels last", function()
  describe_operations "cpu"
  it_trains "cpu"
end)

device.suite(describe, pending)("channels last on CUDA", function()
  describe_operations "cuda"
  it_trains "cuda"

  it("a copy between devices keeps the layout", function()
    local x <const> = random { 2, 3, 4, 5 }
    local there <const> = last(x):to "cuda"
    assert.is_true(is_last(there))
    assert.is_true(is_last(there:to "cpu"))
    assert.same(x:tolist(), there:to "cpu":tolist())
  end)

  -- How often device memory was taken for f, which gives what must stay.
  local function taken(f)
    local before <const> = tocha.cuda.memory_stats().allocations
    local kept <const> = table.pack(f())
    return tocha.cuda.memory_stats().allocations - before, kept
  end

  it("nothing is copied on the way", function()
    local x <const>, w <const> = last(random({ 2, 8, 6, 6 }, "float16"):to "cuda"),
      last(random({ 16, 8, 3, 3 }, "float16"):to "cuda")
    local ops <const> = require "tocha.op".ops
    local g <const> = tocha.conv2d(x, w)
    local stride <const>, pads <const> = { 1, 1 }, { 0, 0, 0, 0 }
    local function none(want, f) assert.equal(want, (taken(f))) end
    none(1, function() return tocha.conv2d(x, w) end)
    none(1, function()
      return ops.conv_input_grad(g, w, x.shape, stride, pads, stride, 1)
    end)
    none(1, function() return ops.conv_weight_grad(x, g, w.shape, stride, pads, stride, 1) end)
    none(1, function() return tocha.max_pool2d(x, 2) end)
    none(1, function() return tocha.avg_pool2d(x, 2) end)
    none(1, function() return tocha.relu(x) end)
    none(1, function() return x + x end)
    local rows <const> = w:contiguous()
    none(2, function() return tocha.conv2d(x, rows) end)  -- the one who lies otherwise is
  end)

  it("a network under autocast is the one by rows", function()
    tocha.manual_seed(2)
    local net <const> = nn.Sequential(nn.Conv2d(3, 16, 3, { padding = 1 }), nn.BatchNorm2d(16),
      nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 12, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
      nn.Linear(12, 4)):to "cuda"
    local other <const> = net:clone():to { memory_format = LAST }
    local x <const> = random({ 4, 3, 8, 8 }, "float32"):to "cuda"
    local function gradients(n, input)
      do
        local _ <close> = tocha.autocast("cuda", "float16")
        assert.equal("float16", n[1](input).dtype)
        tocha.cross_entropy(n(input), tocha.tensor { 1, 2, 3, 4 }:to "cuda"):backward()
      end
      local list <const> = {}
      for k, p in ipairs(n:parameters()) do list[k] = p.grad end
      return list
    end
    local want <const>, got <const> = gradients(net, x), gradients(other, last(x))
    assert.is_true(is_last(other[1](last(x))))
    assert.is_true(is_last(got[1]))
    device.assert_alike(got, device.back(want), 2e-2, 4e-3)
  end)
end)
