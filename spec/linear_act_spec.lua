-- Linear layers with activations in one pass: the numbers of the layers one after the other, on the
-- CPU and on the emulated CUDA device, and where a Sequential finds them. What cublasLt is asked
-- for: cuda_libraries_spec.lua.

local tocha = require "tocha"
local device = require "spec.cuda_support"
local support = require "spec.support"

local nn <const>, ops <const> = tocha.nn, require "tocha.op".ops
local TOLERANCE <const> = { float64 = 1e-10, float32 = 1e-5, bfloat16 = 4e-2 }
local ACTIVATIONS <const> = { "relu", "gelu_tanh" }

local function random(dtype, ...) return (tocha.randn(...) * 0.5):to(dtype):requires_grad_() end

local function one(activation)
  return function(x, w, b) return ops.linear_act(x, w, b, activation) end,
    function(x, w, b) return ops[activation](ops.linear(x, w, b)) end
end

local function two(activation)
  return function(x, w, b, v, c) return ops.mlp(x, w, b, v, c, activation) end,
    function(x, w, b, v, c) return ops.linear(ops[activation](ops.linear(x, w, b)), v, c) end
end

local function evaluate(f, args)
  local y <const> = f(table.unpack(args, 1, 5))
  local leaves <const> = {}
  for k = 1, 5 do leaves[#leaves + 1] = args[k] end
  local pattern <const> = tocha.arange(1, y:numel()):double():sin():view(y.shape):to(y.dtype)
  return { y, table.unpack(tocha.autograd.grad({ y }, leaves,
    { grad_outputs = { pattern:to(y.device) } })) }
end

local function check(where, dtype, lead, inputs, hidden, outputs)
  for _, activation in ipairs(ACTIVATIONS) do
    for k, pair in ipairs { one, two } do
      for _, bias in ipairs { true, false } do
        tocha.manual_seed(2)
        local shape <const> = { table.unpack(lead) }
        shape[#shape + 1] = inputs
        local args <const> = { random(dtype, shape), random(dtype, hidden, inputs),
          bias and random(dtype, hidden) or nil, k == 2 and random(dtype, outputs, hidden) or nil,
          k == 2 and bias and random(dtype, outputs) or nil }
        for j = 1, 5 do
          args[j] = args[j] and args[j]:detach():to(where):requires_grad_() or nil
        end
        local fused <const>, parts <const> = pair(activation)
        local got <const>, want <const> = evaluate(fused, args), evaluate(parts, args)
        for j, y in ipairs(want) do
          support.assert_alike(got[j]:to "cpu", y:to "cpu", TOLERANCE[dtype], TOLERANCE[dtype],
            ("%s, %d layers, result %d"):format(activation, k, j))
        end
      end
    end
  end
end

local function check_all(where)
  for dtype in pairs(TOLERANCE) do
    check(where, dtype, { 5 }, 8, 16, 6)
    check(where, dtype, { 2, 3 }, 5, 7, 3)
    check(where, dtype, {}, 4, 8, 2)
  end
end

describe("linear layers with an activation", function()
  it("are the layers one after the other", function() check_all "cpu" end)

  it("of nothing", function()
    local y <const> = ops.mlp(tocha.zeros(0, 4), tocha.ones(3, 4), nil, tocha.ones(2, 3), nil)
    assert.same({ 0, 2 }, y.shape)
  end)

  it("say what does not fit", function()
    assert.error_matches(function()
      ops.mlp(tocha.ones(2, 4), tocha.ones(3, 5), nil, tocha.ones(2, 3), nil)
    end, "a %(2, 4%) tensor has 4 features, the weight %(3, 5%) takes 5")
    assert.error_matches(function()
      ops.linear_act(tocha.ones(2, 4), tocha.ones(3, 4), nil, "tanh")
    end, "'activation': expected 'relu' or 'gelu_tanh', got 'tanh'")
  end)

  it("are called one by one on the CPU", function()
    local net <const> = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
    assert.equal("relu", net(tocha.randn(2, 4)).node[1].name)
  end)
end)

device.suite(describe, pending)("linear layers with an activation on CUDA", function()
  it("are the layers one after the other", function() check_all "cuda" end)

  local function operation(...)
    local net <const> = nn.Sequential(...):to "cuda"
    return net(tocha.randn(2, 4):to "cuda").node[1].name
  end

  it("are found by a Sequential", function()
    local tanh <const> = { approximate = "tanh" }
    assert.equal("mlp_train", operation(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)))
    assert.equal("mlp_train", operation(nn.Linear(4, 8), nn.GELU(tanh), nn.Linear(8, 3)))
    assert.equal("linear_act_train", operation(nn.Linear(4, 8), nn.ReLU()))
    assert.equal("gelu_erf", operation(nn.Linear(4, 8), nn.GELU()))
    assert.equal("linear", operation(nn.ReLU(), nn.Linear(4, 8)))
  end)

  it("are not where a layer has hooks or another forward", function()
    local heard = 0
    local listening <const> = nn.ReLU()
    listening:register_forward_hook(function() heard = heard + 1 end)
    assert.equal("linear", operation(nn.Linear(4, 8), listening, nn.Linear(8, 3)))
    assert.equal(1, heard)
    local Twice <const> = nn.Linear:extend "Twice"
    function Twice:forward(x) return nn.Linear.forward(self, x) * 2 end
    assert.equal("relu", operation(Twice(4, 8), nn.ReLU()))
  end)

  it("take halves under autocast", function()
    local net <const> = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)):to "cuda"
    local _ <close> = tocha.autocast("cuda", "bfloat16")
    local y <const> = net(tocha.randn(2, 4):to "cuda")
    assert.equal("bfloat16", y.dtype)
    y:float():sum():backward()
    assert.equal("float32", net[1].weight.grad.dtype)
  end)
end)
