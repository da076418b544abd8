-- Use that nobody means well: an error each time, and never a crash.

local tocha = require "tocha"
local core = require "tocha.core"

local MIN <const>, MAX <const> = math.mininteger, math.maxinteger

-- An error that is Tocha's or Lua's, not success and not a value that is no text.
local function refuses(f, ...)
  local ok, message = pcall(f, ...)
  if ok then error("no error", 2) end
  assert.equal("string", type(message))
  return message
end

describe("hostile use:", function()
  it("methods called with another self", function()
    local selves <const> = { io.stdout, {}, "text", 3, print, coroutine.create(print),
      setmetatable({}, {}) }
    for name, method in pairs(core.methods) do
      if type(method) == "function" and name ~= "set_" then
        for _, self in ipairs(selves) do pcall(method, self) end
        pcall(method)
      end
    end
    for _, meta in ipairs { core.metatable, core.small_metatable } do
      for event, f in pairs(meta) do
        if type(f) == "function" and event ~= "__index" then
          for _, self in ipairs(selves) do pcall(f, self, self) end
          pcall(f)
        end
      end
    end
  end)

  for event in pairs { __gc = 1, __close = 1 } do
    for what, make in pairs {
      large = function() return tocha.ones(40, 40) end,
      small = function() return tocha.ones(2, 2) end,
      ["view of a large"] = function() return tocha.ones(40, 40):t() end,
      ["view of a small"] = function() return tocha.ones(2, 2):t() end,
    } do
      it(("%s of a %s tensor by hand, then use"):format(event, what), function()
        local x <const> = make()
        local f <const> = getmetatable(x)[event] or core.metatable[event]
        f(x)
        f(x)
        local uses <const> = {
          function() return x + 1 end, function() return x:sum() end, function() return x:t() end,
          function() return x:item() end, function() return x:totable() end,
          function() return x[1] end, function() x[1] = 2 end, function() return x:to "int64" end,
          function() return x:clone() end, function() x:fill_(1) end,
          function() return x:to_bytes() end,
          function() x.data = x end, function() tocha.ones(2, 2).data = x end,
          function() return x:softmax(1) end, function() return tocha.cat { x, x } end,
          function() return x:matmul(x) end, function() return tocha.tensor(x) end,
        }
        for k, use in ipairs(uses) do
          local ok, message = pcall(use)
          assert.is_false(ok, "use " .. k)
          assert.truthy(message:find "no values", message)
        end
        pcall(tostring, x)
      end)
    end
  end

  it("use after <close>", function()
    local kept
    do
      local x <close> = tocha.ones(100)
      kept = x
    end
    assert.truthy(refuses(function() return kept * 2 end):find "no values")
  end)

  it("ghosts from the tape", function()
    local x <const> = tocha.ones(3, 3):requires_grad_()
    local y <const> = x:softmax(1):reshape(9):sum()
    local seen = 0
    local function visit(node)
      for k = 3, 3 + 2 * node[1].nargs do
        local item <const> = node[k]
        if core.is_tensor(item) and core.is_ghost(item) then
          seen = seen + 1
          for _, use in ipairs { "sum", "item", "totable", "t", "clone", "exp", "to_bytes",
            "detach" } do
            pcall(item[use], item)
          end
          pcall(tostring, item)
          pcall(function() return item + item end)
        elseif type(item) == "userdata" and not core.is_tensor(item) then
          visit(item)
        end
      end
    end
    visit(y.node)
    assert.is_true(seen > 0)
    y:backward()
  end)

  it("sizes, dims and strides that cannot be", function()
    local x <const> = tocha.arange(12):view(3, 4)
    for _, n in ipairs { MIN, MAX, -1, 1 << 40, 1 << 62, -(1 << 40) } do
      for _, f in ipairs { tocha.zeros, tocha.empty, tocha.randn } do
        refuses(f, n)
        refuses(f, n, n)
        pcall(f, 3, n, 0, n)  -- no element
      end
      refuses(x.as_strided, x, { n }, { 1 })
      refuses(x.as_strided, x, { 2, 2 }, { n, n })
      refuses(x.as_strided, x, { 2 }, { 1 }, n)
      refuses(x.narrow, x, 1, 1, n)
      refuses(x.narrow, x, 1, n == -1 and -9 or n, 1)
      refuses(x.select, x, 1, n == -1 and 9 or n)
      refuses(x.sum, x, n == -1 and 3 or n)
      refuses(x.unsqueeze, x, n == -1 and -9 or n)
      refuses(x.view, x, n, 5)
      refuses(x.transpose, x, 1, n == -1 and 3 or n)
      pcall(x.expand, x, n, 3, 4)
      pcall(x.roll, x, n, 1)
      pcall(x.diagonal, x, n)
      pcall(x.tril, x, n)
      pcall(x.unfold, x, 1, 2, n)
    end
    for _, v in ipairs { 0 / 0, 1 / 0, 2.5, "x", print } do
      refuses(tocha.zeros, 3, v)
      refuses(x.narrow, x, 1, v, 1)
    end
    refuses(tocha.zeros, 1, 1, 1, 1, 1, 1, 1, 1, 1)
    pcall(tocha.zeros, table.unpack({}, 1, 100))
    refuses(function() return tocha.ones(1, 1, 1, 1, 1, 1, 1, 1):unsqueeze(1) end)
    local many = {}
    for k = 1, 50000 do many[k] = 1 end
    refuses(tocha.zeros, table.unpack(many))
    local deep = {}
    for _ = 1, 100 do deep = { deep } end
    refuses(tocha.tensor, deep)
    local loop = {}
    loop[1] = loop
    refuses(tocha.tensor, loop)
  end)

  it("indices at the ends of what an integer holds", function()
    local x <const> = tocha.arange(12):view(3, 4):to "float32"
    for _, i in ipairs { MIN, MAX, MIN + 1, 0, 4, -4, 1 << 32, (1 << 32) + 1, -(1 << 61) } do
      local id <const> = tocha.tensor { i, 1 }
      local wide <const> = id:view(1, 2)
      local ones <const> = tocha.ones(2, 4)
      refuses(x.index_select, x, 1, id)
      refuses(x.index_add, x, 1, id, ones)
      refuses(x.index_copy, x, 1, id, ones)
      refuses(x.index_fill, x, 1, id, 1)
      refuses(x.gather, x, 1, wide)
      refuses(x.scatter, x, 1, wide, tocha.ones(1, 2))
      refuses(x.scatter_add, x, 1, wide, tocha.ones(1, 2))
      refuses(x.take_along_dim, x, wide, 1)
      refuses(tocha.embedding, id, x)
      refuses(tocha.one_hot, id, 3)
      refuses(tocha.nll_loss, x:narrow(1, 1, 2), id + (i == 4 and 1 or 0) - (i == -4 and 97 or 0))
      refuses(function() return x[id] end)
      refuses(function() x[id] = 1 end)
      refuses(function() return x[i] end)
      refuses(function() return x[{ i, i }] end)
      pcall(function() return x[{ 1, { i, i } }] end)
    end
  end)

  it("an index that is also what is written", function()
    for _ = 1, 20 do
      local x <const> = tocha.tensor { 2, 1, 3, 4 }
      local far <const> = tocha.full({ 4 }, 1 << 40, { dtype = "int64" })
      pcall(x.scatter_, x, 1, x, far)
      local y <const> = tocha.tensor { 2, 1, 3, 4 }
      pcall(y.index_copy_, y, 1, y, far)
      local z <const> = tocha.tensor { 2, 1, 3, 4 }
      pcall(z.index_add_, z, 1, z, far)
      local w <const> = tocha.tensor { 2, 1, 3, 4 }
      pcall(function() w[w] = far end)
      local m <const> = tocha.tensor { true, false, true, false }
      pcall(m.masked_scatter_, m, m, tocha.tensor { true, true })
    end
  end)

  it("a tensor stored into itself", function()
    for _, n in ipairs { 2, 30 } do
      local x <const> = tocha.arange(n * n):view(n, n):clone()
      local sum <const> = x:sum():item()
      x.data = x
      x:copy_(x:t())
      x:add_(x:t()):sub_(x)
      x.data = x:t()
      x.data = x:t():view(n * n)
      assert.is_number(sum)
      assert.equal(n * n, x:numel())
      x:sum():item()
    end
    local x <const> = tocha.ones(3):requires_grad_()
    x.grad = x
    x.grad = nil
  end)

  it("errors inside hooks and custom functions leave the library as it was", function()
    local f <const> = tocha.autograd.Function {
      name = "odd", forward = function(_, x) return x * 2 end,
      backward = function() error "no gradient" end,
    }
    local x <const> = tocha.ones(3):requires_grad_()
    refuses(function() f(x):sum():backward() end)
    local bad <const> = tocha.autograd.Function {
      forward = function() error "no value" end, backward = function(_, g) return g end,
    }
    for _ = 1, 50 do refuses(bad, x) end
    collectgarbage()
    for _, result in ipairs { 1, "text", {}, tocha.ones(7), tocha.ones(1, 3), io.stdout } do
      local y <const> = x * 1
      y:register_hook(function() return result end)
      refuses(function() (y:exp() * 2):sum():backward() end)
    end
    local z <const> = x * 1
    z:register_hook(function() error "in the hook" end)
    refuses(function() z:sum():backward() end)
    assert.is_true(tocha.is_grad_enabled())
    x.grad = nil
    local again = 0
    local w <const> = x * 1
    w:register_hook(function()
      again = again + 1
      local inner = tocha.ones(3):requires_grad_()
      do
        local _ <close> = tocha.enable_grad()
        inner:exp():sum():backward()
      end
    end)
    w:sum():backward()
    assert.equal(1, again)
    assert.same({ 1, 1, 1 }, x.grad:totable())
  end)

  it("through coroutines", function()
    local x <const> = tocha.ones(3):requires_grad_()
    local make <const> = coroutine.wrap(function()
      for k = 1, 5 do coroutine.yield(x * k) end
    end)
    local total = make() + make()
    local other <const> = coroutine.wrap(function(y) y:sum():backward() end)
    other(total)
    assert.same({ 3, 3, 3 }, x.grad:totable())
    local f <const> = tocha.autograd.Function {
      forward = function() coroutine.yield() end, backward = function(_, g) return g end,
    }
    assert.is_false(coroutine.resume(coroutine.create(function() f(x) end)))
    assert.is_true(tocha.is_grad_enabled())
  end)

  it("a finaliser that closes and reshapes what an operation reads", function()
    for k = 1, 300 do
      local x <const>, y <const> = tocha.ones(30, 30), tocha.ones(30, 30)
      setmetatable({}, { __gc = function()
        if k % 2 == 0 then core.metatable.__close(x) else x.data = tocha.ones(2) end
      end })
      for _ = 1, 20 do
        local function work() return (x + y):t():exp(), x:t(), x:totable(), y:add_(x) end
        if not pcall(work) then break end
      end
    end
  end)

  it("cat of 10,000 tensors", function()
    local list <const> = {}
    for k = 1, 10000 do list[k] = tocha.full({ 1 }, k + 0.0) end
    list[1]:requires_grad_()
    local y <const> = tocha.cat(list)
    assert.equal(10000, y:numel())
    assert.equal(10000, y[10000]:item())
    y:sum():backward()
    assert.equal(1, list[1].grad:item())
  end)

  it("a graph of 200,000 nodes, swept and collected", function()
    local x <const> = tocha.ones(1):requires_grad_()
    local y = x
    for _ = 1, 200000 do y = y + 1 end
    y:backward()
    assert.equal(1, x.grad:item())
    y = x
    for _ = 1, 200000 do y = y + 1 end
    y = nil  -- luacheck: ignore
    collectgarbage()
  end)
end)

describe("memory stays flat:", function()
  it("garbage", function()
    for _ = 1, 2000 do tocha.empty(1 << 20) end
    local peak <const> = tocha.memory().in_use + tocha.memory().cached
    assert.is_true(peak < 1 << 30, peak)
  end)

  it("training steps", function()
    local model <const> = tocha.nn.Linear(20, 20)
    local optimizer <const> = tocha.optim.Adam(model:parameters())
    local x <const> = tocha.randn(8, 20)
    local function steps(n)
      for _ = 1, n do
        optimizer:zero_grad()
        model(x):relu():pow(2):mean():backward()
        optimizer:step()
      end
      collectgarbage()
      collectgarbage()
      return collectgarbage "count", tocha.memory().in_use
    end
    steps(50)
    local lua_before <const>, before <const> = steps(50)
    local lua_after <const>, after <const> = steps(400)
    assert.is_true(after <= before, ("%d bytes, then %d"):format(before, after))
    assert.is_true(lua_after < lua_before + 64,
      ("%.0f KB, then %.0f"):format(lua_before, lua_after))
  end)
end)
