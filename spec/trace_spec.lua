-- Tracebacks: what the command shows of an error.

local tocha = require "tocha"
local trace = require "tocha.repl.trace"
local source = require "tocha.repl.source"

local function plain(_, text) return text end

-- The report of an error in a chunk of this name.
local function report(text, name, ...)
  source.remember(name, text)
  local ok <const>, problem <const> = xpcall(assert(load(text, name)), trace.capture, ...)
  assert.is_false(ok)
  return trace.text(problem, plain, "error: ")
end

local function has(text, part)
  assert.is_truthy(text:find(part, 1, true), ("%q is not in:\n%s"):format(part, text))
end

describe("a traceback", function()
  after_each(trace.forget)

  it("shows the failing line between its neighbours, the calls, the message last", function()
    local text <const> = report([[
local function inner(a)
  local b = a + 1
  error "boom"
  return b
end
local outer = function(v) inner(v) end
outer(7)
]], "=[1]")
    has(text, "Traceback (the call that failed last)\n")
    has(text, "  [1]:7, in main chunk\n       7 | outer(7)\n")
    has(text, "  [1]:6, in 'outer'\n       6 | local outer")
    has(text, "  [1]:3, in 'inner'\n       2 |   local b = a + 1\n  >    3 |   error \"boom\"\n"
      .. "       4 |   return b\n")
    assert.is_truthy(text:find "error: %[1%]:3: boom\n$")
    assert.is_true(text:find("main chunk", 1, true) < text:find("in 'outer'", 1, true))
  end)

  it("names functions without a name by their line", function()
    has(report("return (function()\n error 'x' end)() + 1", "=[2]"), "in a function of line 1")
  end)

  it("shows what the line names, wherever it comes from, and the other tensors", function()
    local up <const> = tocha.ones(2)
    _G.global_ = tocha.ones(4, 4):to "float64"
    finally(function() _G.global_ = nil end)
    local text <const> = report([[
local up = ...
local function f(x, unused)
  local other, note, field, number = x + 1, "a text", { weight = x }, 3
  error("bad" .. up:numel() .. global_:numel() .. note .. field.weight:numel() .. number)
end
f(require "tocha".ones(2, 3), 5)
]], "=[3]", up)
    for _, part in ipairs { "up = float32 (2)", "global_ = float64 (4, 4)", 'note = "a text"',
      "field.weight = float32 (2, 3)", "number = 3", "x = float32 (2, 3)",
      "other = float32 (2, 3)" } do has(text, "          " .. part .. "\n") end
    assert.is_nil(text:find("unused", 1, true))
    assert.is_nil(text:find("_ENV", 1, true))
  end)

  it("cuts long values, and tells a tensor without dimensions its number", function()
    local text <const> = report("local s, loss = ('x'):rep(500), require 'tocha'.tensor(2.5)\n"
      .. "error(s .. loss:item())", "=[4]")
    local nets <const> = report("local nn = require 'tocha'.nn local a, b = nn.ReLU(), "
      .. "nn.Sequential(nn.ReLU())\nerror('x' .. a.k .. b.k)", "=[8]")
    has(nets, "a = ReLU()\n")
    has(nets, "b = Sequential(...)\n")
    has(text, 's = "' .. ("x"):rep(56) .. "...\n")
    has(text, "loss = float32 () 2.5\n")
  end)

  it("folds the library, and keeps the ends of a deep recursion", function()
    local text <const> = report([[
local tocha = require "tocha"
local function deep(n)
  if n == 0 then return tocha.ones(2, 2):matmul(tocha.ones(3, 3)) end
  local result = deep(n - 1)
  return result
end
deep(100)
]], "=[5]")
    assert.is_truthy(text:find "\n  %.%.%. %d+ more calls\n")
    assert.is_true(select(2, text:gsub("in 'deep'", "")) < 45)
    assert.is_truthy(report("require 'tocha'.nn.Linear(2, 3)(require 'tocha'.ones(5, 5))", "=[6]")
      :find "\n  %.%.%. %d+ calls? inside Tocha\n")
  end)

  it("does without the source", function()
    local chunk <const> = assert(load("error 'no lines'", "@/no/such/file.lua"))
    local _, problem <const> = xpcall(chunk, trace.capture)
    has(trace.text(problem, plain, "error: "), "error: /no/such/file.lua:1: no lines")
  end)

  it("takes the stack from before a handler of the library", function()
    -- A handler whose file is the library's.
    local library <const> = debug.getinfo(trace.capture, "S").source:gsub("repl/trace.lua$", "")
    local handler <const> = load("local note = ... return function(m) note(m) return m end",
      library .. "handler.lua")(trace.note)
    local function fail()
      local x <const> = tocha.ones(3, 1)  -- luacheck: ignore
      error "inside"
    end
    local function rethrow(ok, message)
      if not ok then error(message .. "\n  in a layer", 0) end
    end
    local _, problem <const> = xpcall(function() rethrow(xpcall(fail, handler)) end, trace.capture)
    local text <const> = trace.text(problem, plain, "error: ")
    has(text, "x = float32 (3, 1)")
    has(text, "inside\n  in a layer\n")
    trace.forget()
    local _, later <const> = xpcall(function() error "inside" end, trace.capture)
    assert.is_nil(later.frames[1].variables[1])
  end)

  it("survives values whose text fails", function()
    local object <const> = setmetatable({}, { is_module = true,
      __tostring = function() error "no text" end })
    has(report("local o = ... error('x' .. o.y)", "=[7]", object), "attempt to concatenate")
  end)
end)
