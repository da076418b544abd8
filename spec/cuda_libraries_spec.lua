-- NVIDIA's libraries without a GPU. Graphs for cuDNN are accepted on cards that are only described;
-- what they and cublasLt's calls compute is held against the CPU by stand-ins for both libraries,
-- which the emulated device opens from TOCHA_CUDA_STAND_INS (spec/cuda/fake_*.c). All in processes
-- of their own.

local device = require "spec.cuda_support"
local stand_ins = require "spec.cuda_stand_ins"

local describe_cuda <const> = device.suite(describe, pending)
local BUILD <const>, LIBRARIES <const> = stand_ins.BUILD, stand_ins.LIBRARIES
local run <const>, each_library <const> = stand_ins.run, stand_ins.each_library
local beside <const>, again <const> = stand_ins.beside, stand_ins.again
local it_beside <const> = stand_ins.it_beside(it, pending)

local function exists(path)
  local f <const> = io.open(path)
  if f then f:close() end
  return f ~= nil
end

-- ---- cards that are described -------------------------------------------------------------------

describe("graphs for cuDNN get a plan from an engine that is no fallback #slow", function()
  for _, card in ipairs { "sm_80", "sm_90", "sm_100" } do
    it("on " .. card, function()
      local program <const> = BUILD .. "/c/dnn_check"
      if not exists(program) then return pending "dnn_check is not built (CHECKS=ON, with CUDA)" end
      local text <const>, status <const> = run(
        ("LD_LIBRARY_PATH='%s/c/driver' '%s' spec/cuda/%s.json"):format(BUILD, program, card))
      if status == 77 then return pending(text) end
      assert.equal(0, status, text)
      assert.truthy(text:find("%d%d%d graphs, 0 failed"), text)
    end)
  end
end)

-- ---- stand-ins ----------------------------------------------------------------------------------

local function count(text, pattern) return select(2, text:gsub(pattern, "")) end

describe_cuda("beside cublasLt", function()
  it_beside("products are the CPU's", function()
    again("cuda_registry", "matmul", "linear", "bmm", "addmm")
    again "cuda_products"
  end)

  it_beside("a shape's plan is made once, and again for another type or transpose", function()
    local _, noted <const> = beside [[
      local a, b = tocha.randn(4, 8):to "cuda", tocha.randn(8, 6):to "cuda"
      for _ = 1, 20 do tocha.matmul(a, b) end
      tocha.matmul(tocha.randn(8, 4):to "cuda":t(), b)
      tocha.matmul(a:to "bfloat16", b:to "bfloat16")]]
    assert.equal(21, count(noted, "product NN 6 x 4 x 8, 1\n"))
    assert.equal(1, count(noted, "product NT 6 x 4 x 8, 1\n"))
    assert.is_true(count(noted, "heuristic") <= 6, noted)  -- results lie at two kinds of addresses
  end)

  it_beside("a bias is part of the product, batches are strided or become rows", function()
    local _, noted <const> = beside [[
      local function rand(...) return tocha.randn(...):to "cuda" end
      tocha.linear(rand(2, 5, 8), rand(6, 8), rand(6))
      tocha.matmul(rand(3, 5, 8), rand(8, 6))
      tocha.matmul(rand(3, 5, 8), rand(3, 8, 6))
      tocha.matmul(rand(2, 5, 3, 8):transpose(2, 3), rand(2, 3, 8, 6))]]
    assert.truthy(noted:find("product TN 6 x 10 x 8, 1, bias\n", 1, true), noted)
    assert.truthy(noted:find("product NN 6 x 15 x 8, 1\n", 1, true), noted)
    assert.truthy(noted:find("product NN 6 x 5 x 8, 3\n", 1, true), noted)
    assert.equal(3, count(noted, "product NN 6 x 5 x 8, 3\n"))
  end)

  it_beside("TensorFloat-32 is a plan of its own, for float32 where the user allows it", function()
    local text <const>, noted <const> = beside [[
      local function product(dtype)
        local x = tocha.ones(4, 4):to(dtype):to "cuda"
        tocha.matmul(x, x)
      end
      print(tocha.cuda.allow_tf32())
      product "float32"
      print(tocha.cuda.allow_tf32(true), tocha.cuda.allow_tf32())
      product "float32"
      product "float64"
      print(tocha.cuda.allow_tf32(false))
      product "float32"]]
    assert.equal("false\ntrue\ttrue\nfalse\n", text)
    local plain <const> = "product NN 4 x 4 x 4, 1\n"
    local rounded <const> = "product NN 4 x 4 x 4, 1, tf32\n"
    assert.equal(plain .. rounded .. plain .. plain, (noted:gsub("heuristic\n", "")))
  end)

  it_beside("activations, derivatives and biases' gradients come with the products", function()
    again("linear_act", "CUDA")
    local _, noted <const> = beside [[
      local nn = tocha.nn
      local function train(activation, dtype)
        local net = nn.Sequential(nn.Linear(8, 16), activation, nn.Linear(16, 4)):to("cuda", dtype)
        local x = tocha.randn(5, 8):to(dtype):to "cuda":requires_grad_()
        net(x):pow(2):sum():backward()
      end
      train(nn.ReLU(), "float32")
      train(nn.GELU { approximate = "tanh" }, "bfloat16")
      local net = nn.Sequential(nn.Linear(8, 16), nn.GELU { approximate = "tanh" }):to "cuda"
      local _ <close> = tocha.no_grad()
      net(tocha.randn(5, 8):to "cuda")]]
    local function step(forward, back)
      return ("product TN 16 x 5 x 8, 1, %s\nproduct TN 4 x 5 x 16, 1, bias\n"
        .. "product NT 16 x 4 x 5, 1, sums\n%sproduct NN 8 x 5 x 16, 1\n%s"):format(forward,
        back, back:find "dgelu" and "product NT 8 x 16 x 5, 1\n"
          or "product NT 8 x 16 x 5, 1, sums\n")
    end
    assert.equal(step("relu", "product NN 16 x 5 x 4, 1\n")
      .. step("gelu, aux", "product NN 16 x 5 x 4, 1, dgelu, aux\n")
      .. "product TN 16 x 5 x 8, 1, gelu\n", (noted:gsub("heuristic\n", "")))
  end)

  it_beside("integers and what it cannot lay out go to the own kernels", function()
    local text <const>, noted <const> = beside [[
      local a = tocha.arange(1, 6):view(2, 3):to "cuda"
      print(tocha.matmul(a, a:t()):to "cpu":sum():item())
      local x = tocha.ones(4, 6, 2):to "cuda":select(3, 1)
      print(tocha.matmul(x, x:t()):to "cpu":sum():item())]]
    assert.equal("155\n96.0\n", text)
    assert.equal("", noted)
  end)
end)

describe_cuda("beside cuDNN", function()
  it_beside("convolutions and their gradients are the CPU's", function()
    again("cuda_registry", "conv")
  end)

  it_beside("channels last go to it as they lie, forward and backward", function()
    again("channels_last", "convolution")
    local text <const>, noted <const> = beside [[
      local LAST = "channels_last"
      local w = tocha.randn(8, 4, 3, 3):half():to "cuda"
      local x = tocha.randn(2, 4, 6, 6):half():to "cuda"
      local function step(a, b)
        a, b = a:requires_grad_(), b:requires_grad_()
        local y = tocha.conv2d(a, b)
        y:backward(tocha.ones_like(y))
        print(y:is_contiguous(LAST), a.grad:is_contiguous(LAST), b.grad:is_contiguous(LAST))
      end
      step(x:contiguous(LAST), w:contiguous(LAST))
      step(x:contiguous(LAST), w:clone())
      step(x:clone(), w:clone())]]
    assert.equal("true\ttrue\ttrue\ntrue\ttrue\ttrue\nfalse\tfalse\tfalse\n", text)
    assert.equal(("graph of 1, channels last\n"):rep(6) .. ("graph of 1\n"):rep(3), noted)
  end)

  local GRADIENTS <const> = [[
    local function grads(device, q, k, v, causal, mask)
      local list = {}
      for i, x in ipairs { q, k, v } do list[i] = x:clone():to(device):requires_grad_() end
      local y = ops.attention(list[1], list[2], list[3], mask and mask:to(device), causal, 0.4)
      y:backward(tocha.ones_like(y) * 0.5)
      return { y, list[1].grad, list[2].grad, list[3].grad }
    end
    local function worst(heads, groups, dtype, mask)
      local worst = 0
      for _, causal in ipairs { false, true } do
        local q, k = tocha.randn(heads * groups, 9, 8):to(dtype), tocha.randn(heads, 7, 8):to(dtype)
        local v = tocha.randn(heads, 7, 8):to(dtype)
        local want = grads("cpu", q, k, v, causal, mask)
        local got = grads("cuda", q, k, v, causal, mask)
        for i = 1, 4 do
          local d = (want[i]:float() - got[i]:to "cpu":float()):abs():max():item()
          worst = d <= worst and worst or d
        end
      end
      return worst
    end
  ]]

  it_beside("attention and its gradients are the CPU's in halves", function()
    local text <const>, noted <const> = beside(GRADIENTS .. [[
      print(worst(6, 1, "bfloat16") < 0.03, worst(6, 1, "float16") < 0.004)]])
    assert.equal("true\ttrue\n", text)
    local step <const> = "graph of 10\ngraph of 17\ngraph of 14\ngraph of 21\n"  -- causal: 4 more
    assert.equal(step .. step, noted)
  end)

  it_beside("heads that queries share get the sum of their gradients", function()
    local text <const>, noted <const> = beside(GRADIENTS .. [[
      print(worst(2, 3, "bfloat16") < 0.06, worst(2, 3, "float16") < 0.008)]])
    assert.equal("true\ttrue\n", text)
    local step <const> = "graph of 10\ngraph of 19\ngraph of 14\ngraph of 23\n"
    assert.equal(step .. step, noted)
  end)

  it_beside("backward takes some heads at a time where all would take too much memory", function()
    local _, noted <const> = beside(GRADIENTS .. [[
      assert(worst(6, 2, "bfloat16") < 0.06)]], LIBRARIES, "TOCHA_CUDNN_WORKSPACE=600")
    local step <const> = "graph of 10\n" .. ("graph of 19\n"):rep(3)  -- 2 * 2 * 9 * 7 bytes a head
      .. "graph of 14\n" .. ("graph of 23\n"):rep(3)
    assert.equal(step, noted)
  end)

  it_beside("masks of what may be seen are added to the scores, blind rows are zeros", function()
    local text <const>, noted <const> = beside(GRADIENTS .. [[
      local one = tocha.rand(1, 9, 7):gt(0.4)
      one[{ {}, 3 }] = false
      local each = tocha.rand(6, 1, 7):gt(0.4)
      each[2] = false
      print(worst(2, 3, "bfloat16", one) < 0.06, worst(6, 1, "float16", one) < 0.008)
      print(worst(2, 3, "bfloat16", each) < 0.06, worst(6, 1, "float16", each) < 0.008)
      local q = tocha.randn(6, 9, 8):to "bfloat16":to "cuda"
      local y, lse = ops.attention(q, q, q, each:to "cuda":expand(6, 1, 7):narrow(3, 1, 1)
        :expand(6, 1, 9):contiguous(), false, 1.0)
      print(y:to "cpu"[2]:abs():max():item(), lse:to "cpu"[2][1]:item())]], LIBRARIES,
      "TOCHA_CUDNN_WORKSPACE=600")
    assert.equal("true\ttrue\ntrue\ttrue\n0.0\t-inf\n", text)
    assert.truthy(noted:find("graph of 11\n", 1, true), noted)
    assert.truthy(noted:find("graph of 20\n", 1, true), noted)
  end)

  it_beside("float32, added masks and narrow heads go to the own kernels", function()
    local _, noted <const> = beside [[
      local function rand(...) return tocha.randn(...):to "cuda" end
      local function half(...) return rand(...):to "bfloat16" end
      ops.attention(rand(2, 3, 8), rand(2, 3, 8), rand(2, 3, 8), nil, false, 1.0)
      ops.attention(half(2, 3, 8), half(2, 3, 8), half(2, 3, 8), half(1, 3, 3), false, 1.0)
      ops.attention(half(2, 3, 4), half(2, 3, 4), half(2, 3, 4), nil, false, 1.0)]]
    assert.equal("", noted)
  end)

  it_beside("what follows a convolution is fused, or a pass where cuDNN refuses", function()
    local text <const>, noted <const> = beside [[
      local x, w, b = tocha.randn(2, 4, 6, 6), tocha.randn(5, 4, 3, 3), tocha.randn(5)
      local r = tocha.randn(2, 5, 4, 4)
      local function both(...)
        local want = ops.conv_fused(...)
        local args = table.pack(...)
        for i = 1, args.n do
          if tocha.is_tensor(args[i]) then args[i] = args[i]:to "cuda" end
        end
        local got = ops.conv_fused(table.unpack(args, 1, args.n)):to "cpu"
        print((want - got):abs():max():item() < 1e-5)
      end
      both(x, w, b, nil, 1, 0, 1, 1, 0.0, math.huge)   -- ReLU: one graph
      both(x, w, b, r, 1, 0, 1, 1, 0.0, math.huge)     -- residual: refused
      both(x, w, b, nil, 1, 0, 1, 1, 0.0, 6.0)         -- a clamp cuDNN has not
      x, r = x:contiguous "channels_last", r:contiguous "channels_last"
      both(x, w, b, r, 1, 0, 1, 1, 0.0, math.huge)     -- all of it
      both(x, w, b, r, 1, 0, 1, 1, 0.0, 6.0)]]
    assert.equal(("true\n"):rep(5), text)
    assert.equal("graph of 3\ngraph of 1\ngraph of 1\ngraph of 4, channels last\n"
      .. "graph of 1, channels last\n", noted)
  end)
end)

describe_cuda("cuda.libraries()", function()
  it_beside("tells what was found where, and what is missing and what for", function()
    local text <const> = beside [[
      for _, l in ipairs(tocha.cuda.libraries()) do
        print(l.name, l.version and l.path:match "[^/]+$", l.problem)
      end]]
    assert.truthy(text:find "^cublasLt\tlibcublasLt.so.%d+\tnil\n", text)
    assert.truthy(text:find "\ncuDNN\tlibcudnn.so.%d+\tnil\n", text)
    assert.truthy(text:find("\nNVRTC\tnil\tNVRTC (libnvrtc.so.", 1, true), text)
    assert.truthy(text:find("was not found; nothing is compiled at run time. Looked in "
      .. "TOCHA_CUDA_STAND_INS (" .. LIBRARIES, 1, true), text)
  end)
end)

describe_cuda("without libraries", function()
  it_beside("the own kernels run", function()
    local text <const>, noted <const> = beside([[
      local x = tocha.ones(2, 3):to "cuda"
      print(tocha.matmul(x, x:t()):to "cpu":sum():item())]], "/nowhere")
    assert.equal("12.0\n", text)
    assert.equal("", noted)
  end)

  it_beside("one of another version is not taken", function()
    local folder <const> = os.tmpname()
    os.remove(folder)
    run("mkdir " .. folder)
    each_library(function(name) run(("cp '%s/c/driver/libcuda.so.1' '%s/%s'")
      :format(BUILD, folder, name)) end)
    local text <const> = beside([[
      local x = tocha.ones(2, 3):to "cuda"
      print(tocha.matmul(x, x:t()):to "cpu":sum():item())]], folder)
    run("rm -r " .. folder)
    assert.equal("12.0\n", text)
  end)
end)
