-- Modules that hold modules or parameters, and networks that part and join.

local tocha = require "tocha"
local nn = tocha.nn
local modules = require "spec.modules"
local names_of <const>, same <const> = modules.names_of, modules.same

describe("containers", function()
  it("are made from layers, lists, pairs and functions, and by add", function()
    local a <const> = nn.Sequential():add(nn.Linear(2, 2)):add(nn.ReLU(), "act")
    assert.are.same({ "0", "act" }, names_of(a:named_children()))
    assert.are.equal(a[2], a.act)
    a.act = nn.Tanh()
    assert.are.equal("Tanh()", tostring(a[2]))
    assert.are.equal(2, #nn.Sequential { nn.ReLU(), nn.ReLU() })
    local b <const> = nn.Sequential { { "one", nn.Linear(2, 3) }, { "two",
      function(x) return x * 2 end } }
    assert.is_truthy(b:state_dict()["one.weight"])
    assert.is_true(same(b(tocha.ones(1, 2)), b.one(tocha.ones(1, 2)) * 2))
    assert.has_error(function() nn.Sequential { one = nn.ReLU() } end)
    assert.has_error(function() nn.Sequential(3) end)
  end)

  it("hold lists and tables of modules", function()
    local Stack <const> = nn.Module:extend "Stack"
    function Stack:new()
      self.list = nn.ModuleList { nn.Linear(1, 1), nn.Linear(1, 1) }
      self.dict = nn.ModuleDict { b = nn.Linear(1, 1), a = nn.ReLU() }
    end
    local s <const> = Stack()
    s.list:append(nn.Linear(1, 1)):insert(1, nn.ReLU())
    assert.are.equal(4, #s.list)
    assert.are.same({ "a", "b" }, s.dict:keys())
    assert.is_truthy(s:state_dict()["list.3.bias"])
    assert.is_truthy(s:state_dict()["dict.b.weight"])
  end)

  it("can be extended", function()
    local Block <const> = nn.Sequential:extend "Block"
    function Block:new(n) Block.super.new(self, { { "fc", nn.Linear(n, n) } }) end
    function Block:forward(x) return x + Block.super.forward(self, x) end
    local block <const> = Block(3)
    assert.are.same({ "fc.weight", "fc.bias" }, names_of(block:named_parameters()))
    assert.are.same({ 2, 3 }, block(tocha.ones(2, 3)).shape)
  end)

  it("take out, insert, slice and join, with names", function()
    local net <const> = nn.Sequential { { "a", nn.ReLU() }, nn.Tanh(), { "c", nn.Sigmoid() } }
    net:insert(2, { "b", nn.GELU() })
    assert.are.same({ "a", "b", "2", "c" }, names_of(net:named_children()))
    assert.are.equal(net[4], net.c)
    assert.are.equal("GELU()", tostring(net:pop(2)))
    assert.are.same({ "a", "1", "c" }, names_of(net:named_children()))
    assert.are.equal(net.c, net[-1])
    assert.are.equal(net.c, net:remove())
    assert.is_nil(net.c)
    local more <const> = net + nn.Sequential { { "z", nn.Mish() } }
    assert.are.same({ "a", "1", "z" }, names_of(more:named_children()))
    assert.are.equal(net[1], more[1])
    assert.are.equal(2, #net)
    assert.are.same({ "0", "z" }, names_of(more:slice(2, -1):named_children()))
    assert.are.equal(0, #more:slice(1, 0))
    assert.are.equal(0, #net:clear())
    assert.error_matches(function() net:pop(1) end, "pop: place 1 is out of range for 0")
    assert.error_matches(function() net:insert(3, nn.ReLU()) end, "place 3 is out of range")
    assert.error_matches(function() more:append { "z", nn.ReLU() } end, "there is a 'z' already")
    assert.error_matches(function() more:append { "z.a", nn.ReLU() } end, "without dots")
  end)

  it("extend a list by another", function()
    local list <const> = nn.ModuleList { nn.ReLU() }
    list:extend { nn.Linear(1, 1), nn.Linear(1, 1) }
    assert.are.equal(3, #list)
    assert.are.same({ "1.weight", "1.bias", "2.weight", "2.bias" },
      names_of(list:named_parameters()))
    assert.error_matches(function() list:extend { 3 } end, "expected a module or a function")
  end)

  it("hold modules by name: all of PyTorch's methods", function()
    local dict <const> = nn.ModuleDict { { "z", nn.ReLU() }, { "a", nn.Linear(1, 2) } }
    assert.are.equal(2, #dict)
    assert.is_true(dict:contains "a" and not dict:contains "keys")
    dict:update { m = nn.Tanh() }
    assert.are.same({ "z", "a", "m" }, dict:keys())
    dict.z = nn.GELU()
    assert.are.same({ "z", "a", "m" }, dict:keys())
    local seen <const> = {}
    for name, module in dict:items() do seen[#seen + 1] = name .. tostring(module):match "%a+" end
    assert.are.same({ "zGELU", "aLinear", "mTanh" }, seen)
    assert.are.equal("GELU()", tostring(dict:pop "z"))
    assert.are.same({ "a.weight", "a.bias" }, names_of(dict:named_parameters()))
    assert.are.equal("none", dict:pop("z", "none"))
    assert.error_matches(function() dict:pop "z" end, "there is no 'z' %(there are: a, m%)")
    assert.error_matches(function() dict:set("keys", nn.ReLU()) end, "name of a method")
    assert.error_matches(function() dict:set("a.b", nn.ReLU()) end, "without dots")
    local twin <const> = dict:copy()
    dict.a = nil
    assert.are.same({ "m" }, dict:keys())
    assert.are.same({ "a", "m" }, twin:keys())
    assert.are.equal("Tanh()", tostring((select(2, twin:popitem()))))
    assert.are.equal(0, #twin:clear())
  end)

  it("of modules by name can be extended", function()
    local Bank <const> = nn.ModuleDict:extend "Bank"
    function Bank:new(...)
      Bank.super.new(self)
      for _, name in ipairs { ... } do self[name] = nn.Linear(1, 1) end
    end
    function Bank:forward(x, name) return self[name](x) end
    local bank <const> = Bank("u", "v")
    assert.are.same({ "u", "v" }, bank:keys())
    assert.is_true(same(bank(tocha.ones(1, 1), "v"), bank.v(tocha.ones(1, 1))))
    assert.are.same({ "u.weight", "u.bias", "v.weight", "v.bias" },
      names_of(bank:named_parameters()))
  end)

  it("hold parameters in lists and by name", function()
    local Mixed <const> = nn.Module:extend "Mixed"
    function Mixed:new()
      self.list = nn.ParameterList { tocha.ones(2), tocha.ones(3) }
      self.dict = nn.ParameterDict { b = tocha.ones(1), a = nn.Parameter(tocha.ones(4)) }
    end
    local m <const> = Mixed()
    m.list:append(tocha.ones(5))
    assert.are.same({ "list.0", "list.1", "list.2", "dict.a", "dict.b" },
      names_of(m:named_parameters()))
    assert.is_true(m.list[3].requires_grad)
    m.list[1] = nn.Parameter(tocha.zeros(2))
    assert.are.equal(0.0, m:state_dict()["list.0"]:sum():item())
    assert.are.equal(4, m.dict:get "a":numel())
    assert.are.equal(7, m.dict:get("q", 7))
    m.dict:setdefault("q", tocha.zeros(6))
    assert.are.same({ "a", "b", "q" }, m.dict:keys())
    assert.are.equal("ParameterList((2,), (3,), (5,))", tostring(m.list):match "^[^ ]+ [^ ]+ [^ ]+")
    assert.are.same({ "x", "y" }, nn.ParameterDict.fromkeys({ "x", "y" }, tocha.ones(1)):keys())
    m.dict.a = nil
    assert.are.equal(2 + 3 + 5 + 1 + 6, m:num_parameters())
    local twin <const> = m:clone()
    twin.list:pop()
    assert.are.equal(3, #m.list)
    assert.are.same({ "b", "q" }, twin.dict:keys())
  end)
end)

describe("networks that part and join", function()
  local x <const> = tocha.randn(3, 4)

  it("add what goes past", function()
    local f <const>, g <const> = nn.Linear(4, 4), nn.Linear(4, 4)
    assert.is_true(same(nn.Residual(f)(x), f(x) + x))
    local block <const> = nn.Residual(f, g)
    assert.is_true(same(block(x), f(x) + g(x)))
    assert.are.same({ "block.weight", "block.bias", "shortcut.weight", "shortcut.bias" },
      names_of(block:named_parameters()))
    assert.is_true(same(nn.Residual(function(y) return y * 2 end)(x), x * 3))
  end)

  it("put branches side by side", function()
    local a <const>, b <const> = nn.Linear(4, 2), nn.Linear(4, 3)
    local concat <const> = nn.Concat(2, a, b)
    assert.is_true(same(concat(x), tocha.cat({ a(x), b(x) }, 2)))
    assert.are.same({ "0.weight", "0.bias", "1.weight", "1.bias" },
      names_of(concat:named_parameters()))
    assert.are.equal(1, #nn.Concat(2):add(a))
    local both <const> = nn.ConcatTable(a, b)(x)
    assert.is_true(same(both[2], b(x)))
    local each <const> = nn.ParallelTable(a, b) { x, x + 1 }
    assert.is_true(same(each[2], b(x + 1)))
    assert.error_matches(function() nn.ParallelTable(a, b)(x) end, "expected 2 inputs.*got 1")
    local y <const> = tocha.randn(2, 3, 4)
    assert.is_true(same(nn.Parallel(1, 2, a, b)(y), tocha.cat({ a(y[1]), b(y[2]) }, 2)))
  end)

  it("make one of several", function()
    local a <const>, b <const> = nn.Linear(4, 2), nn.Linear(4, 2)
    assert.is_true(same(nn.Sequential(nn.ConcatTable(a, b), nn.Add())(x), a(x) + b(x)))
    assert.is_true(same(nn.CMulTable()(x, x, x), x * x * x))
    assert.are.same({ 3, 8 }, nn.JoinTable(2)({ x, x }).shape)
    assert.error_matches(function() nn.Add() {} end, "there are no inputs")
  end)

  it("change shapes", function()
    local y <const> = tocha.randn(2, 3, 4)
    assert.are.same({ 4, 6 }, nn.View(4, -1)(y).shape)
    assert.are.same({ 2, 6, 2 }, nn.Reshape({ 6, 2 })(y).shape)
    assert.are.same({ 4, 2, 3 }, nn.Permute(3, 1, 2)(y).shape)
    assert.are.same({ 3, 2, 4 }, nn.Transpose(1, 2)(y).shape)
    assert.are.same({ 2, 3, 4 }, nn.Sequential(nn.Unsqueeze(2), nn.Squeeze(2))(y).shape)
    assert.are.equal("Permute(3, 1, 2)", tostring(nn.Permute { 3, 1, 2 }))
    assert.error_matches(function() nn.View("a") end, "expected an integer")
  end)
end)

describe("a hole in a list of layers", function()
  it("is an error, not the end of the list", function()
    assert.error_matches(function() nn.Sequential(nn.ReLU(), nil, nn.Tanh()) end, "got nil")
    assert.error_matches(function() nn.ModuleList(nn.ReLU(), nil) end, "got nil")
  end)
end)

describe("the layers of a Sequential", function()
  local function failing() return nn.Lambda(function() error("mine", 0) end) end

  it("are named in an error, wherever it arises", function()
    local net <const> = nn.Sequential(nn.ReLU(), nn.Sequential(nn.Tanh(), failing()))
    local ok, message = pcall(net, tocha.ones(2))
    assert.is_false(ok)
    assert.matches("mine\n  in 1%.1 %(Lambda%) of Sequential", message)
    assert.equal(1, nn.ReLU()(tocha.ones(1)):item())
  end)

  it("run their hooks, and those of all modules", function()
    local net <const>, seen = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.ReLU()), {}
    local handle <const> = net[2]:register_forward_hook(function() seen[#seen + 1] = "tanh" end)
    net(tocha.ones(2))
    handle.remove()
    net(tocha.ones(2))
    assert.same({ "tanh" }, seen)
  end)

  it("take what the first gives, with all its arguments", function()
    local net <const> = nn.Sequential(function(a, b) return a + b, "dropped" end,
      function(...) return select("#", ...) end)
    assert.equal(1, net(1, 2))
    assert.equal(3, nn.Sequential(function(a, b) return a + b end)(1, 2))
    local x <const>, left = tocha.ones(2), nil
    local stays <const> = nn.Sequential(nn.ReLU(), function(y)
      left = select(2, pcall(failing(), y))
      return y
    end, nn.ReLU(), nn.ReLU())
    assert.is_true(tocha.equal(x, stays(x)))
    assert.matches("mine", left)
    assert.is_true(tocha.equal(x, nn.Sequential.forward(stays, x)))
  end)
end)
