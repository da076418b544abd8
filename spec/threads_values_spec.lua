-- What is sent between threads, and how a program with threads ends.

local tocha = require "tocha"
local core = require "tocha.core"
local names = require "tocha.threads.names"
local pack = require "tocha.threads.pack"
local threads, nn = tocha.threads, tocha.nn
local fails <const> = require "spec.support".fails

-- As another state would see it.
local function sent(...)
  return pack.unpack(pack.pack(nil, ...))
end

-- How long a script takes to end, and its status.
local function run(code)
  local file = os.tmpname()
  local out = assert(io.open(file, "w"))
  out:write(code)
  out:close()
  local start = core.clock()
  local build = os.getenv "TOCHA_BUILD" or "build"
  local _, _, status = os.execute(("LUA_PATH='lua/?.lua;lua/?/init.lua;;' LUA_CPATH='%s/?.so;;' "
    .. "%s lua5.4 %s >/dev/null 2>&1"):format(build, os.getenv "TOCHA_RUN" or "", file))
  os.remove(file)
  return core.clock() - start, status
end

describe("packing", function()
  it("keeps plain values", function()
    local values = table.pack(nil, true, false, 1, -2.5, 2^53 | 0, math.huge, "a\0b", "", nil)
    assert.same(values, table.pack(sent(table.unpack(values, 1, values.n))))
    assert.equal("integer", math.type((sent(3))))
    assert.equal("float", math.type((sent(3.0))))
    assert.same({ 1, { x = { "y", [3] = false } }, [true] = 0.5 },
      sent { 1, { x = { "y", [3] = false } }, [true] = 0.5 })
  end)

  it("keeps cycles, shared tables and metatables", function()
    local inner = { 1 }
    local outer = setmetatable({ inner, inner, {} }, { __call = function(_, x) return x + 1 end })
    outer.self = outer
    local copy = sent(outer)
    assert.not_equal(outer, copy)
    assert.equal(copy, copy.self)
    assert.equal(copy[1], copy[2])
    assert.not_equal(copy[1], copy[3])
    assert.equal(3, copy(2))
  end)

  it("keeps functions, their upvalues, and what they share", function()
    local n, step = 10, 2
    local function add() n = n + step return n end
    local function get() return n end
    local function count(k) return k == 0 and 0 or 1 + count(k - 1) end
    local add2, get2, count2 = sent(add, get, count)
    assert.equal(12, add2())
    assert.equal(12, get2())
    assert.equal(10, get())
    assert.equal(5, count2(5))
  end)

  it("sends modules, classes and their functions by name", function()
    local relu, module, class, print_, format = sent(tocha.relu, tocha, nn.Linear, print,
      string.format)
    assert.equal(tocha.relu, relu)
    assert.equal(tocha, module)
    assert.equal(nn.Linear, class)
    assert.equal(print, print_)
    assert.equal(string.format, format)
  end)

  it("sends modules of a network, and classes of one's own by value", function()
    local Double = nn.Module:extend "Double"
    function Double:new() self.inner = nn.Linear(2, 2) end
    function Double:forward(x) return 2 * self.inner(x) end
    local net = Double()
    local copy = sent(net)
    assert.is_true(copy:is(nn.Module))
    assert.equal(getmetatable(net.inner), getmetatable(copy.inner))
    local x = tocha.ones(1, 2)
    assert.same(net(x):totable(), copy(x):totable())
    assert.equal(2, #copy:parameters())
  end)

  it("looks for names again where it must", function()
    local module = {}
    package.loaded["spec.fake"] = module
    names.all()
    local class, child = { f = function() end }, {}
    child.__index = child
    module.class, module.child = class, child
    local function by_name(object, fresh)
      return rawequal(object, (pack.unpack(pack.pack({ fresh = fresh }, object))))
    end
    assert.is_true(by_name(module))
    assert.is_false(by_name(class))
    assert.is_true(by_name(class, true))
    assert.is_true(by_name(child, true))
    assert.is_false(by_name({}, true))
    package.loaded["spec.fake"] = nil
    fails("not found in the thread: module 'spec.fake' not found", function()
      package.loaded["spec.fake"] = module
      local bytes = pack.pack({ fresh = true }, class)
      package.loaded["spec.fake"] = nil
      pack.unpack(bytes)
    end)
  end)

  it("gives functions the globals of where they come to", function()
    _G.here = 1
    local f = sent(load("return here, inside", "=f", "t", { inside = 2 }))
    assert.same({ 1, nil, n = 2 }, table.pack(f()))
    _G.here = nil
  end)

  it("shares the memory of tensors", function()
    for _, x in ipairs { tocha.zeros(3), tocha.zeros(100, 100) } do
      local channel = threads.channel()
      channel:send(x)
      local _, y = channel:receive()
      y:add_(1)
      assert.equal(x:numel() * 1.0, x:sum():item())
    end
  end)

  it("copies what others see in a small tensor's memory", function()
    core.small_limit(4097)  -- which the debug build has at 0
    local x = tocha.zeros(4)
    core.small_limit(tonumber(os.getenv "TOCHA_SMALL") or 4097)
    local view = x:narrow(1, 2, 2)
    local channel = threads.channel()
    channel:send(view, x)
    local _, y, z = channel:receive()
    y:add_(1)
    z:add_(2)
    assert.same({ 0.0, 0.0, 0.0, 0.0 }, x:totable())
    assert.same({ 1.0, 1.0 }, y:totable())
    assert.same({ 0.0, 0.0 }, view:totable())
  end)

  it("keeps layouts, dtypes, leaves and one tensor one", function()
    local x = tocha.arange(1, 6):view(2, 3):t()
    local leaf = tocha.ones(2):requires_grad_()
    local a, b, c = sent(x, x, leaf)
    assert.equal(a, b)
    assert.same({ { 1, 4 }, { 2, 5 }, { 3, 6 } }, a:totable())
    assert.equal("int64", a.dtype)
    assert.is_true(c.requires_grad)
    local channel = threads.channel()
    channel:send(leaf, x)
    local _, d, e = channel:receive()
    assert.is_true(d.requires_grad and d:is_leaf() and not e.requires_grad)
    fails("argument 1.y is a tensor that was computed on the tape", sent, { y = leaf * 2 })
  end)

  it("says what stays, and where it was found", function()
    fails("argument 2.files%[1%] is a userdata %(file", sent, 1, { files = { io.stdout } })
    fails("argument 1 is a coroutine", sent, coroutine.create(print))
    fails("argument 1.inner is a C function", sent, { inner = string.gmatch("a", "a") })
    local file = io.stdout
    fails("argument 1.file is a userdata", sent, function() return file end)
  end)

  it("takes thousands of values and deep nests", function()
    local nest = {}
    for _ = 1, 5000 do nest = { nest } end
    local copy, depth = sent(nest), 0
    while copy[1] do copy, depth = copy[1], depth + 1 end
    assert.equal(5000, depth)
  end)
end)

describe("a program that ends", function()
  local PRELUDE <const> = [[
    local threads = require "tocha".threads
    local channel = threads.channel()
    local never = threads.channel()
    local t = threads.spawn(function(c, n) c:send(1) n:receive() end, channel, never)
    channel:receive()
  ]]

  it("does not wait for threads that wait", function()
    for _, last in ipairs { "", "os.exit(0)", "os.exit(true, true)", "t:wait(0.01)" } do
      local seconds, status = run(PRELUDE .. last)
      assert.equal(0, status)
      assert.is_true(seconds < 1.9, seconds)
    end
  end)

  it("leaves a thread that computes for ever after two seconds", function()
    local seconds, status = run [[
      local threads = require "tocha".threads
      local channel = threads.channel()
      threads.spawn(function(c) c:send(1) while true do end end, channel)
      channel:receive()
    ]]
    assert.equal(0, status)
    assert.is_true(seconds > 1.9)
  end)

  it("may be ended by a thread", function()
    local seconds, status = run(PRELUDE .. [[
      threads.spawn(function() os.exit(7) end)
      t:join()
    ]])
    assert.equal(7, status)
    assert.is_true(seconds < 10)
  end)
end)
