-- The gradient of cross_entropy over its logits: when it may take their memory and when not, that
-- it is the same gradient, and what it saves; on CUDA also logits in halves under autocast.

local tocha = require "tocha"
local device = require "spec.cuda_support"
local support = require "spec.support"

local F <const>, nn <const> = tocha.nn.functional, tocha.nn
local SHAPES <const> = { { 7, 5 }, { 3, 6, 4 }, { 64, 4100 } }  -- the last: long
local OPTIONS <const> = {
  {}, { reduction = "sum", label_smoothing = 0.1 }, { ignore_index = 2, weight = true },
  { reduction = "none", weight = true, label_smoothing = 0.2 },
}

local function ids(shape, C) return (tocha.rand(shape) * C):floor():to "int64" + 1 end

-- The loss of 2 a, and the gradient of a.
local function gradient(a, target, options, in_place)
  local given <const> = { inplace = in_place }
  for key, value in pairs(options) do given[key] = value end
  a = a:detach():requires_grad_()
  if options.weight then
    given.weight = (tocha.arange(1, a:size(2)):float() / a:size(2)):to(a.device, a.dtype)
  end
  local loss <const> = F.cross_entropy(a * 2, target, given)
  loss:backward(tocha.ones_like(loss) * 3)
  return loss:detach(), a.grad
end

local function check(where, dtype)
  for k, shape in ipairs(SHAPES) do
    for j = 1, k < 3 and #OPTIONS or 1 do
      local options <const> = OPTIONS[j]
      tocha.manual_seed(4)
      local a <const> = tocha.randn(shape):to(where, dtype)
      local target <const> = ids({ shape[1], shape[3] }, shape[2]):to(where)
      local loss <const>, g <const> = gradient(a, target, options, true)
      local want_loss <const>, want <const> = gradient(a, target, options, false)
      assert.same(want_loss:to "cpu":tolist(), loss:to "cpu":tolist())
      support.assert_alike(g:to "cpu", want:to "cpu", 0, 0)
    end
  end
end

describe("cross_entropy in place", function()
  it("has the same gradient, bit for bit", function()
    check("cpu", "float64")
    check("cpu", "float32")
    check("cpu", "bfloat16")
  end)

  local x <const>, target <const> = tocha.randn(4, 3), tocha.tensor { 1, 2, 3, 1 }

  it("writes over the logits, and says so to whoever kept them", function()
    local a <const> = x:detach():requires_grad_()
    local logits <const> = a * 1
    F.cross_entropy(logits, target, { inplace = true }):backward()
    assert.same(a.grad:tolist(), logits:detach():tolist())
    local other <const> = a:tanh()  -- keeps its result
    local loss <const> = F.cross_entropy(other, target, { inplace = true })
    assert.error_matches(function() loss:backward() end, "in place")
  end)

  it("spares leaves, targets that are probabilities, and what is asked for twice", function()
    local a <const> = x:detach():clone():requires_grad_()
    local before <const> = a:tolist()
    F.cross_entropy(a, target, { inplace = true }):backward()
    assert.same(before, a:tolist())
    local logits <const> = a * 1
    F.cross_entropy(logits, tocha.softmax(x, 2), { inplace = true }):backward()
    assert.same(before, logits:tolist())
    local again <const> = a * 1
    local loss <const> = F.cross_entropy(again, target, { inplace = true })
    loss:backward(nil, { retain_graph = true })
    assert.same(before, again:tolist())
    loss:backward()
    assert.not_same(before, again:tolist())
  end)

  it("can be differentiated again", function()
    local a <const> = x:detach():requires_grad_()
    local loss <const> = F.cross_entropy(a * 1, target, { inplace = true })
    local g <const> = tocha.autograd.grad({ loss }, { a }, { create_graph = true })[1]
    g:pow(2):sum():backward()
    assert.is_true(a.grad:abs():sum():item() > 0)
  end)

  it("is an option of the loss's module, and what a projection's loss does", function()
    local a <const> = x:detach():requires_grad_()
    local logits <const> = a * 1
    nn.CrossEntropyLoss { inplace = true }(logits, target):backward()
    assert.same(a.grad:tolist(), logits:detach():tolist())
    local loss <const> = nn.LinearCrossEntropyLoss(3, 5)
    loss(a, target):backward()
    local plain <const> = a:detach():requires_grad_()
    local weight <const> = loss.linear.weight:detach():requires_grad_()
    F.cross_entropy(F.linear(plain, weight), target):backward()
    assert.same(weight.grad:tolist(), loss.linear.weight.grad:tolist())
  end)
end)

device.suite(describe, pending)("cross_entropy in place on CUDA", function()
  it("has the same gradient, bit for bit", function()
    for _, dtype in ipairs { "float64", "float32", "bfloat16" } do check("cuda", dtype) end
  end)

  -- Bytes at most while a linear layer's loss goes forward and back.
  local function peak(options, scope)
    tocha.manual_seed(6)
    local layer <const> = nn.Linear(8, 4000):to "cuda"
    local x <const> = tocha.randn(64, 8):to "cuda"
    local target <const> = ids({ 64 }, 4000):to "cuda"
    local function step()
      local _ <close> = scope and tocha.autocast("cuda", scope) or nil
      return F.cross_entropy(layer(x), target, options)
    end
    step():backward()
    collectgarbage()
    collectgarbage()
    tocha.cuda.reset_peak_memory_stats()
    local loss <const> = step()
    loss:backward()
    assert.equal("float32", loss.dtype)
    return tocha.cuda.max_memory_allocated()
  end

  it("saves the memory of the logits, in halves too", function()
    local logits <const> = 64 * 4000 * 4
    local plain <const>, saved <const> = peak {}, peak { inplace = true }
    assert.is_true(plain - saved >= logits, ("%d, %d"):format(plain, saved))
    local half <const>, half_saved <const> = peak({}, "bfloat16"),
      peak({ inplace = true }, "bfloat16")
    assert.is_true(half - half_saved >= logits // 2, ("%d, %d"):format(half, half_saved))
    assert.is_true(half < plain - logits // 2, ("%d, %d"):format(half, plain))  -- no float32 copy
  end)

  it("halves under autocast give the loss of float32", function()
    local x <const> = tocha.randn(9, 50)
    local target <const> = ids({ 9 }, 50)
    local half <const> = x:bfloat16():cuda():requires_grad_()
    local loss
    do
      local _ <close> = tocha.autocast("cuda", "bfloat16")
      loss = F.cross_entropy(half, target:cuda(), (tocha.rand(50) + 1):cuda())
      assert.equal("float32", loss.dtype)
      tocha.manual_seed(2)
      local weight <const> = (tocha.rand(50) + 1):cuda()
      loss = F.cross_entropy(half, target:cuda(), weight)
    end
    loss:backward()
    assert.equal("bfloat16", half.grad.dtype)
    tocha.manual_seed(2)
    local weight <const>, wide <const> = tocha.rand(50) + 1, x:bfloat16():float():requires_grad_()
    local want <const> = F.cross_entropy(wide, target, weight)
    want:backward()
    support.assert_alike(loss:to "cpu":detach(), want:detach(), 1e-6, 1e-6)
    support.assert_alike(half.grad:to "cpu":float(), wide.grad, 1e-2, 1e-3)
    assert.equal("bfloat16", F.cross_entropy(half, target:cuda()).dtype)  -- outside as PyTorch
  end)
end)
