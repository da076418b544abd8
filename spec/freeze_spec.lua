-- module:freeze(): what a frozen network computes against the network itself, what a call leaves
-- behind (nothing), which inputs it serves, and that it is independent of the network.

local tocha = require "tocha"
local support = require "spec.support"

local nn <const> = tocha.nn
local assert_alike <const>, fails_with <const> = support.assert_alike, support.fails_with
local lived <const> = support.lived

local function evaluated(net, ...)
  local _ <close> = tocha.no_grad()
  return net:eval()(...)
end

local Block <const> = require "spec.residual_support":extend "Block"

-- As torchvision's: rectified in place.
function Block:forward(x)
  local h <const> = self.b1(self.c1(x)):relu_()
  return (self.b2(self.c2(h)) + (self.short and self.short(x) or x)):relu_()
end

local function residual()
  return lived(nn.Sequential(Block(3, 16, 1), Block(16, 20, 2), nn.AdaptiveAvgPool2d(1),
    nn.Flatten(), nn.Linear(20, 8), nn.BatchNorm1d(8), nn.Hardswish(), nn.Linear(8, 3)))
end

local function tiny() return nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1)) end

describe("a frozen network", function()
  it("computes what the network does, whatever the batch", function()
    local net = residual()
    local frozen = net:freeze(3, 9, 8)
    for _, batch in ipairs { 1, 3, 1, 2 } do
      local x = tocha.randn(batch, 3, 9, 8)
      assert_alike(frozen(x), evaluated(net, x), 1e-4, 1e-4)
    end
    local names = {}
    for k, layer in ipairs(frozen:model():children()) do names[k] = getmetatable(layer).__name end
    assert.equal("FusedConv FusedConv FusedConv FusedConv FusedConv FusedConv AdaptiveAvgPool2d "
      .. "Flatten Linear Hardswish Linear", table.concat(names, " "))
  end)

  it("leaves nothing behind in 10,000 calls", function()
    local frozen, x = tiny():freeze(2), tocha.randn(1, 2)
    frozen(x)
    collectgarbage()
    collectgarbage "stop"
    local memory, lua = tocha.memory(), collectgarbage "count"
    for _ = 1, 10000 do frozen(x) end
    local after, grown = tocha.memory(), collectgarbage "count" - lua
    collectgarbage "restart"
    assert.equal(memory.allocations, after.allocations)
    assert.equal(memory.in_use, after.in_use)
    assert.is_true(grown < 1, grown)  -- the table of sizes itself
  end)

  it("takes no memory from the system with convolutions", function()
    local frozen, x = residual():freeze(3, 9, 8), tocha.randn(1, 3, 9, 8)
    frozen(x)
    collectgarbage()
    local before = tocha.memory()
    for _ = 1, 200 do frozen(x) end
    local after = tocha.memory()
    assert.equal(before.in_use, after.in_use)
    assert.equal(before.cached, after.cached)
  end)

  it("returns the same tensor, or copies where asked", function()
    local net = tiny()
    local frozen, copying = net:freeze(2), net:freeze(2, { copy = true })
    local a, b = tocha.randn(1, 2), tocha.randn(1, 2)
    assert.is_true(rawequal(frozen(a), frozen(b)))
    local first, second = copying(a), copying(b)
    assert_alike(first, evaluated(net, a), 1e-6, 1e-6)
    assert_alike(second, evaluated(net, b), 1e-6, 1e-6)
  end)

  it("is filled where its input lies", function()
    local net = tiny()
    local frozen = net:freeze(2)
    local x = frozen:inputs()
    x:copy_(tocha.tensor { { 0.25, -2 } })
    assert_alike(frozen(x), evaluated(net, tocha.tensor { { 0.25, -2 } }), 1e-6, 1e-6)
    fails_with("[inputs] nothing is planned yet", net:freeze().inputs, net:freeze())
  end)

  it("serves calls on the tape and off, and stays off it", function()
    local net = tiny()
    local frozen, x = net:freeze(2), tocha.randn(1, 2, { requires_grad = true })
    local y = frozen(x)
    assert.is_false(y.requires_grad)
    local _ <close> = tocha.no_grad()
    assert.is_true(rawequal(y, frozen(x:detach())))
    assert.equal(1, #frozen)
  end)

  it("does not follow the network, which stays as it was", function()
    local net, x = residual():train(), tocha.randn(2, 3, 9, 8)
    local frozen = net:freeze(x)
    assert.is_true(net.is_training and net[1].b1.is_training)
    local before = frozen(x):clone()
    for _, p in ipairs(net:parameters()) do
      assert.is_true(p.requires_grad)
      p:detach():fill_(0)
    end
    for _, b in ipairs(net:buffers()) do b:fill_(0) end
    assert_alike(frozen(x), before)
    local small = x:narrow(1, 1, 1):clone()  -- traced anew: a plan of its own
    assert_alike(frozen(small), before:narrow(1, 1, 1), 1e-5, 1e-5)
    local wide = tocha.randn(1, 3, 11, 8)
    assert.is_true(frozen(wide):abs():sum():item() > 0)
  end)

  it("has copies of what a forward uses beside layers", function()
    local Scaled <const> = nn.Module:extend("Scaled", "")
    function Scaled:new()
      self.scale, self.fc = nn.Parameter(tocha.ones(3)), nn.Linear(2, 3)
    end
    function Scaled:forward(x) return self.fc(x) * self.scale end
    local net, x = Scaled(), tocha.randn(1, 2)
    local frozen = net:freeze(x)
    local before = frozen(x):clone()
    net.scale:detach():fill_(7)
    assert_alike(frozen(x), before)
    assert_alike(frozen(tocha.cat { x, x }):narrow(1, 1, 1), before, 1e-6, 1e-6)
  end)

  it("keeps as many shapes as it says, and plans others again", function()
    local net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU())
    local frozen = net:freeze()
    for round = 1, 2 do
      for side = 3, 22 do
        local x = tocha.full({ 1, 1, side, 4 }, round + 0.5)
        assert_alike(frozen(x), evaluated(net, x), 1e-5, 1e-5)
      end
    end
    assert.equal(16, #frozen)
  end)

  it("runs in a coroutine, and after collections", function()
    local frozen, x = tiny():freeze(2), tocha.randn(1, 2)
    local want = frozen(x):clone()
    local routine = coroutine.wrap(function()
      while true do coroutine.yield(frozen(x)) end
    end)
    for _ = 1, 3 do
      collectgarbage()
      assert_alike(routine(), want)
    end
  end)

  it("takes several inputs and gives several outputs", function()
    local Two <const> = nn.Module:extend("Two", "")
    function Two:new() self.a, self.embed = nn.Linear(3, 4), nn.Embedding(5, 4) end
    function Two:forward(x, id)
      local h <const> = self.a(x)
      return { sum = h + self.embed(id), plain = h }
    end
    local net, x, id = Two(), tocha.randn(2, 3), tocha.tensor({ 5, 1 }, { dtype = "int64" })
    local frozen = net:freeze(x, id)
    local got, want = frozen(x, id), evaluated(net, x, id)
    assert_alike(got.sum, want.sum, 1e-6, 1e-6)
    assert_alike(got.plain, want.plain, 1e-6, 1e-6)
  end)

  it("records what cannot be fused as it is", function()
    local net, x = tiny(), tocha.randn(2)  -- no batch: the layer wants two features
    local frozen = net:freeze(x)
    assert_alike(frozen(x), evaluated(net, x), 1e-6, 1e-6)
    local lstm, s = nn.LSTM(3, 4), tocha.randn(5, 2, 3)
    assert_alike((lstm:freeze(s)(s)), (evaluated(lstm, s)), 1e-6, 1e-6)
  end)

  it("is a part of a step that is being recorded", function()
    local net, x = tiny(), tocha.randn(1, 2)
    local frozen = net:freeze(x)
    local step = tocha.graph(function(v) return frozen(v) * 2 end)
    for _ = 1, 3 do assert_alike(step(x), evaluated(net, x) * 2, 1e-6, 1e-6) end
  end)

  it("shows its plan", function()
    local frozen = residual():freeze(3, 9, 8)
    local text = tostring(frozen)
    assert.truthy(text:find("conv_norm_add_relu", 1, true), text)
    assert.truthy(text:find("float32(1, 3, 9, 8) -> float32(1, 3): ", 1, true), text)
    assert.truthy(tostring(tiny():freeze()):find("Nothing is planned yet.", 1, true))
    local memory = frozen:memory()
    assert.is_true(memory.arena > 0 and memory.arena < memory.temporaries)
  end)

  it("names what is wrong", function()
    local net = residual()
    fails_with("[freeze] argument 2: unknown option 'int4'", net.freeze, net, 2, { int4 = true })
    fails_with("[freeze] argument 2: expected a size or an example tensor, got 0", net.freeze, net,
      3, 0, 8)
    local frozen = net:freeze(3, 9, 8)
    fails_with("expected a tensor, got string", function() frozen("x") end)
    fails_with("expected 4 input channels, got 3", function() frozen(tocha.randn(1, 4, 9, 8)) end)
    local Reads <const> = nn.Module:extend("Reads", "")
    function Reads:forward(x) return x:sum():item() > 0 and x or -x end  -- luacheck: ignore self
    fails_with("reads values into Lua", function() Reads():freeze(tocha.ones(1, 2)) end)
    local again = net:freeze(3, 9, 8)  -- a failed recording leaves nothing behind
    assert.equal(1, #again)
  end)
end)

describe("writing in place on a symbolic tensor", function()
  it("gives what follows the result, and what came before the old value", function()
    local Net <const> = nn.Module:extend("Net", "")
    function Net:new() self.fc = nn.Linear(3, 3) end
    function Net:forward(x)
      local h <const> = self.fc(x)
      local before <const> = h:sum(2, true)
      h:relu_():mul_(2)
      local other <const> = h * 0
      other:copy_(h)
      return h + before + other
    end
    local net, x = Net(), tocha.randn(4, 3)
    local frozen = net:freeze(x)
    assert_alike(frozen(x), evaluated(net, x), 1e-6, 1e-6)
    assert.is_nil(frozen.unfused)
    assert.is_true(#frozen:model():children() > 4)  -- seen through
  end)

  it("is refused where a view would show it", function()
    local x = nn.Input(4)
    local h = x * 1
    local _ = h:narrow(2, 1, 2)
    fails_with("[relu_] argument 1: a symbolic tensor that shares its memory", h.relu_, h)
  end)
end)
