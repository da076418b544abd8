-- Batch normalisation, sum and ReLU as one operation in training: the numbers of the three, on the
-- CPU and on the emulated CUDA device, where networks find it by themselves, and where they do not.

local tocha = require "tocha"
local device = require "spec.cuda_support"
local support = require "spec.support"
local norm_relu = require "tocha.nn.norm_relu".norm_relu

local nn <const>, ops <const> = tocha.nn, require "tocha.op".ops
local SHAPES <const> = { { 4, 3, 5, 7 }, { 6, 5 }, { 2, 70, 3 }, { 3, 9, 2, 2, 3 }, { 5, 8, 4, 4 } }

local function random(shape, dtype)
  return tocha.randn(shape):to(dtype or "float64"):requires_grad_()
end

-- x, residual, weight and bias to the result and the running estimates.
local function whole(x, residual, w, b)
  local mean <const>, var <const> = tocha.zeros_like(w:detach()), tocha.ones_like(w:detach())
  return ops.batch_norm_relu(x, mean, var, w, b, residual or nil, true), mean, var
end

local function parts(x, residual, w, b)
  local mean <const>, var <const> = tocha.zeros_like(w:detach()), tocha.ones_like(w:detach())
  local y <const> = ops.batch_norm(x, mean, var, w, b, true)
  return ops.relu(residual and y + residual or y), mean, var
end

-- The results of f and its gradients, which are asked for by a pattern.
local function evaluate(f, x, residual, w, b)
  local results <const> = table.pack(f(x, residual, w, b))
  local leaves <const> = { x, w, b, residual or nil }
  local pattern <const> = tocha.arange(1, x:numel()):double():sin():view(x.shape):to(x.dtype)
  local grads <const> = tocha.autograd.grad({ results[1] }, leaves,
    { grad_outputs = { pattern:to(x.device) } })
  for k = 1, #leaves do results[3 + k] = grads[k] end
  return results
end

local function last(t) return t.ndim == 4 and t:contiguous "channels_last" or t end

-- What the three give; for halves what the one gives in float32, since a sum that is rounded once,
-- not twice, may lie on the other side of zero.
local function reference(args)
  if args[1]:element_size() > 2 then return evaluate(parts, table.unpack(args)) end
  local wide <const> = {}
  for k, v in ipairs(args) do wide[k] = v and v:detach():float():requires_grad_() end
  return evaluate(whole, table.unpack(wide))
end

local function check(where, dtype, tolerance, layout)
  for _, shape in ipairs(SHAPES) do
    for with = 0, 1 do
      tocha.manual_seed(3)
      local C <const> = { shape[2] }
      local x <const>, w <const>, b <const> = random(shape, dtype), random(C), random(C)
      local given <const> = { x, with == 1 and random(shape, dtype) or false, w, b }
      for k = 1, 4 do
        local v <const> = given[k] and given[k]:detach():to(where)
        given[k] = v and (k < 3 and layout(v) or v):requires_grad_()
      end
      local got <const> = evaluate(whole, table.unpack(given))
      local want <const> = reference(given)
      for k, y in ipairs(want) do
        support.assert_alike(got[k]:to("cpu", y.dtype), y:to "cpu", tolerance, tolerance,
          "result " .. k)
      end
    end
  end
end

local function same(t) return t end

describe("batch_norm_relu", function()
  it("is batch_norm, sum and relu", function()
    check("cpu", "float64", 1e-12, same)
    check("cpu", "float32", 1e-5, same)
    check("cpu", "float64", 1e-12, last)
  end)

  it("lets NaN pass, and its gradient", function()
    local x <const> = tocha.tensor { { 1.0, 2.0 }, { 0 / 0, 3.0 }, { 2.0, 5.0 } }:requires_grad_()
    local w <const>, b <const> = tocha.ones(2), tocha.zeros(2)
    local y <const> = whole(x, nil, w, b)
    assert.is_true(y:isnan():select(2, 1):all():item())
    assert.same({ 0.0, 0.0 }, { y[1][2]:item(), y[2][2]:item() })
    y:sum():backward()
    assert.is_true(x.grad:isnan():select(2, 1):all():item())
  end)

  it("rectifies too without training, by the running estimates", function()
    local x <const> = tocha.randn(4, 3)
    local mean <const>, var <const> = tocha.randn(3), tocha.rand(3) + 1
    local y <const> = ops.batch_norm_relu(x, mean, var)
    assert.same(ops.relu(ops.batch_norm(x, mean, var)):tolist(), y:tolist())
  end)

  it("says what does not fit", function()
    assert.error_matches(function()
      ops.batch_norm_relu(tocha.randn(4, 3), nil, nil, nil, nil, tocha.randn(4, 1), true)
    end, "'residual': expected the shape of the input, %(4, 3%), got %(4, 1%)")
  end)
end)

describe("norm and ReLU in a network", function()
  local function operation(y) return y.node[1].name end
  local x <const> = tocha.randn(2, 3, 6, 6)

  it("are one operation in training, in a Sequential and by norm_relu", function()
    local net <const> = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU())
    assert.equal("batch_norm_relu_train", operation(net(x)))
    assert.equal(1, net[2].num_batches_tracked:item())
    local r <const> = tocha.randn(2, 3, 6, 6)
    local norm <const> = nn.BatchNorm2d(3)
    assert.equal("batch_norm_relu_train", operation(norm_relu(norm, nn.ReLU(), x, r)))
    assert.equal("batch_norm_relu_train", operation(norm_relu(norm, false, x)))
    net:eval()
    assert.equal("relu", operation(net(x)))
  end)

  it("are two where something listens, or where they are others", function()
    local function with(change, ...)
      local net <const> = nn.Sequential(nn.Conv2d(3, 4, 3), ...)
      change(net)
      return operation(net(x))
    end
    local function nothing() end
    local seen = 0
    local function listen(k)
      return function(net) net[k]:register_forward_hook(function() seen = seen + 1 end) end
    end
    assert.equal("relu", with(listen(2), nn.BatchNorm2d(4), nn.ReLU()))
    assert.equal("relu", with(listen(3), nn.BatchNorm2d(4), nn.ReLU()))
    assert.equal(2, seen)
    assert.equal("relu6", with(nothing, nn.BatchNorm2d(4), nn.ReLU6()))
    assert.equal("batch_norm_train", with(nothing, nn.ReLU(), nn.BatchNorm2d(4)))
    local wide <const> = norm_relu(nn.BatchNorm2d(3), false, x, tocha.randn(3, 1, 1))
    assert.equal("relu", operation(wide))
  end)

  it("train a ResNet to the same numbers", function()
    local function trained(change)
      tocha.manual_seed(1)
      local net <const> = require "tocha.vision.models".resnet18 { num_classes = 5 }
      change(net)
      local optimiser <const> = tocha.optim.SGD(net:parameters(), { lr = 0.1 })
      for _ = 1, 2 do
        optimiser:zero_grad()
        net(tocha.randn(2, 3, 32, 32)):pow(2):mean():backward()
        optimiser:step()
      end
      return net.layer4[2].bn2.running_var, net.conv1.weight:detach()
    end
    local var <const>, weight <const> = trained(function() end)
    local var2 <const>, weight2 <const> = trained(function(net)
      for _, m in net:named_modules() do m:register_forward_hook(function() end) end
    end)
    support.assert_alike(var, var2, 1e-5, 1e-6)
    support.assert_alike(weight, weight2, 1e-4, 1e-5)
  end)
end)

device.suite(describe, pending)("batch_norm_relu on CUDA", function()
  it("is batch_norm, sum and relu", function()
    check("cuda", "float64", 1e-12, same)
    check("cuda", "float32", 1e-5, same)
    check("cuda", "float64", 1e-12, last)
    check("cuda", "float16", 6e-3, same)
    check("cuda", "bfloat16", 5e-2, last)
  end)

  it("is the CPU's", function()
    for _, shape in ipairs(SHAPES) do
      local C <const> = { shape[2] }
      device.assert_same(whole, { random(shape), random(shape), random(C), random(C), n = 4 }, 1e-9)
    end
  end)

  it("takes memory for its results alone", function()
    local x <const> = random({ 8, 6, 9, 9 }, "float16"):detach():to "cuda":requires_grad_()
    local norm <const>, relu <const> = nn.BatchNorm2d(6):to "cuda", nn.ReLU()
    local function taken(f)
      tocha.cuda.reset_peak_memory_stats()
      local before <const> = tocha.cuda.memory_allocated()
      local y <const> = f()
      y:backward(y:detach())
      x.grad = nil
      return tocha.cuda.max_memory_allocated() - before
    end
    taken(function() return norm(x) end)  -- parameters have gradients now
    local fused <const> = taken(function() return norm_relu(norm, relu, x, x) end)
    local plain <const> = taken(function() return relu(norm(x) + x) end)
    local one <const> = x:numel() * 2
    assert.is_true(plain - fused >= 2 * one, ("%d, %d: %d each"):format(fused, plain, one))
  end)
end)
