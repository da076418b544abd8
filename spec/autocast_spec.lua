-- Autocast: which operations compute in which dtype, where gradients end, and when it is over.

local tocha = require "tocha"
local support = require "spec.support"
local registry = require "tocha.op"

local alike <const> = support.assert_alike
local nn <const>, F <const> = tocha.nn, tocha.nn.functional

local function inside(f)
  local _ <close> = tocha.autocast("cpu", "bfloat16")
  return f()
end

require("spec.cuda_support").suite(describe, pending)("autocast on CUDA", function()
  it("computes products in a half type, sums and exponentials in float32", function()
    local x <const>, w <const> = tocha.randn(4, 6):cuda(), tocha.randn(5, 6):cuda()
    for _, dtype in ipairs { "float16", "bfloat16" } do
      local _ <close> = tocha.autocast("cuda", dtype)
      local y <const> = F.linear(x, w)
      assert.same({ dtype, dtype, "float32", "float32", "float32", "float32", dtype },
        { y.dtype, F.relu(y).dtype, F.softmax(y, -1).dtype, y:sum().dtype, y:exp().dtype,
          F.layer_norm(y, { 5 }).dtype, (y * 2).dtype })
    end
  end)

  it("leaves tensors of the other device alone", function()
    local x <const>, w <const> = tocha.randn(4, 6), tocha.randn(5, 6)
    local _ <close> = tocha.autocast "cuda"
    assert.equal("float32", F.linear(x, w).dtype)
    local _ <close> = tocha.autocast "cpu"
    assert.equal("float32", F.linear(x:cuda(), w:cuda()).dtype)
  end)

  it("gives gradients in the parameters' dtype, near those of float32", function()
    local layer <const>, input <const> = nn.Linear(6, 5):cuda(), tocha.randn(8, 6):cuda()
    F.cross_entropy(layer(input), tocha.tensor { 1, 2, 3, 4, 5, 1, 2, 3 }:cuda()):backward()
    local want <const> = layer.weight.grad:clone()
    layer:zero_grad()
    do
      local _ <close> = tocha.autocast("cuda", "bfloat16")
      F.cross_entropy(layer(input), tocha.tensor { 1, 2, 3, 4, 5, 1, 2, 3 }:cuda()):backward()
    end
    assert.equal("float32", layer.weight.grad.dtype)
    alike(layer.weight.grad:cpu(), want:cpu(), 0.05, 0.01)
  end)
end)

describe("autocast", function()
  local x, w = tocha.randn(4, 6), tocha.randn(5, 6)

  it("computes products in bfloat16, losses in float32, the rest in what it is given", function()
    local dtypes <const> = inside(function()
      local y <const> = F.linear(x, w)
      return {
        y.dtype, x:mm(w:t()).dtype, x:matmul(w[1]).dtype, tocha.einsum("ij,kj->ik", x, w).dtype,
        tocha.addmm(tocha.zeros(5), x, w:t()).dtype,
        F.conv2d(tocha.randn(2, 3, 8, 8), tocha.randn(4, 3, 3, 3)).dtype,
        F.relu(y).dtype, F.softmax(y, -1).dtype, (y + 1).dtype, (y + x:sum()).dtype,
        F.cross_entropy(y, tocha.tensor { 1, 2, 3, 4 }).dtype, F.mse_loss(y, y).dtype,
        y:prod().dtype, F.linear(x:double(), w:double()).dtype, x:exp().dtype,
      }
    end)
    assert.same({ "bfloat16", "bfloat16", "bfloat16", "bfloat16", "bfloat16", "bfloat16",
      "bfloat16", "bfloat16", "bfloat16", "bfloat16", "float32", "float32", "float32", "float64",
      "float32" }, dtypes)
  end)

  it("rounds operands to bfloat16 and a sum once", function()
    for _, size in ipairs { { 1, 7, 3 }, { 4, 6, 5 }, { 9, 33, 65 }, { 70, 200, 40 } } do
      local a, b = tocha.randn(size[1], size[2]), tocha.randn(size[3], size[2])
      local want = a:bfloat16():double():mm(b:bfloat16():double():t())
      local y = inside(function() return F.linear(a, b) end)
      assert.equal("bfloat16", y.dtype)
      alike(y:double(), want, 2 ^ -8, 1e-3)
    end
  end)

  it("gives gradients in the parameters' dtype, near those of float32", function()
    local layer, input = nn.Linear(6, 5), tocha.randn(8, 6)
    local target = tocha.tensor { 1, 2, 3, 4, 5, 1, 2, 3 }
    F.cross_entropy(layer(input), target):backward()
    local want = layer.weight.grad:clone()
    layer:zero_grad()
    local loss = inside(function() return F.cross_entropy(layer(input), target) end)
    loss:backward()
    assert.equal("float32", layer.weight.grad.dtype)
    assert.equal("float32", layer.bias.grad.dtype)
    alike(layer.weight.grad, want, 0.05, 0.01)
  end)

  it("casts a parameter once, until it is written", function()
    local layer, input = nn.Linear(6, 5), tocha.randn(2, 6)
    local _ <close> = tocha.autocast("cpu", "bfloat16")
    local first = layer(input)
    assert.is_true(first:eq(layer(input)):all():item())
    tocha.no_grad(function() layer.weight:zero_() layer.bias:fill_(1) end)
    alike(layer(input):float(), tocha.ones(2, 5))
    local y = tocha.no_grad(function() return layer(input) end)
    assert.is_false(y.requires_grad)
    assert.is_true(layer(input).requires_grad)
  end)

  it("goes on after a gradient inside the scope", function()
    local layer, input = nn.Linear(6, 5), tocha.randn(2, 6)
    local _ <close> = tocha.autocast("cpu", "bfloat16")
    for _ = 1, 2 do layer(input):sum():backward() end
    alike(layer.bias.grad, tocha.full({ 5 }, 4.0))
  end)

  it("ends with its scope, by an error too, and can be off inside another", function()
    assert.is_false(pcall(inside, function() error "over" end))
    assert.is_false(tocha.is_autocast_enabled())
    assert.equal("float32", F.linear(x, w).dtype)
    inside(function()
      assert.is_true(tocha.is_autocast_enabled())
      do
        local _ <close> = tocha.autocast("cpu", { enabled = false })
        assert.equal("float32", F.linear(x, w).dtype)
      end
      assert.equal("bfloat16", F.linear(x, w).dtype)
    end)
  end)

  it("names operations that exist", function()
    local file <close> = assert(io.open "lua/tocha/autocast.lua")
    for list in file:read "a":gmatch "set %[%[(.-)%]%]" do
      for name in list:gmatch "%S+" do
        local _ = tocha[name]
        assert.truthy(registry.decl[name], name)
      end
    end
  end)

  it("refuses what it does not know", function()
    support.fails_with("unknown device 'gpu'", tocha.autocast, "gpu", "bfloat16")
    support.fails_with("expected 'bfloat16'", tocha.autocast, "cpu", "float64")
    support.fails_with("expected 'bfloat16'", tocha.autocast, "cpu", { dtype = "float16" })
    support.fails_with("unknown option 'cache'", tocha.autocast, "cpu", { cache = false })
  end)
end)
