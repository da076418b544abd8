-- help and the doc comments that it reads; that everything public has one.

local tocha = require "tocha"
local doc = require "tocha.doc"
local fields = require "tocha.repl.fields"
local help = require "tocha.help"

local ROOMS <const> = { "", "nn", "optim", "data", "io", "linalg", "train", "plot", "keras",
  "threads", "nn.utils", "nn.init", "optim.lr_scheduler", "data.csv", "vision.io",
  "vision.transforms", "vision.transforms.functional" }

local function has(text, part)
  assert.is_truthy(text:find(part, 1, true), ("%q is not in:\n%s"):format(part, text))
end

describe("help", function()
  it("explains operations, by function and by name", function()
    has(help.text(tocha.tanh), "d input = g * (1 - y * y)")
    has(help.text "softmax", "softmax(input, dim = -1, dtype?)")
    has(help.text "tocha.softmax", "Exponentials along `dim`")
  end)

  it("explains classes with their signature, also those made in loops", function()
    has(help.text(tocha.nn.Linear), "nn.Linear(in_features, out_features, bias = true): y = x")
    has(help.text "optim.Adam", "Kingma and Ba")
    has(help.text "nn.Conv2d", "nn.Conv2d(in_channels, out_channels, kernel_size, stride = 1")
    has(help.text "nn.Conv1d", "Convolutions and their transposes")
    has(help.text "nn.MSELoss", "Squared differences")
    has(help.text "nn.LazyLinear", "comes from the first input")
    has(help.text "nn.Linear", "lua/tocha/nn/linear.lua:")
  end)

  it("explains functions, objects, tensors, rooms and Lua's own", function()
    has(help.text "nn.utils.clip_grad_norm_", "scales all gradients together")
    has(help.text(tocha.nn.Linear(2, 3)), "is a Linear")
    has(help.text(tocha.ones(2, 3)), "is a tensor: float32 (2, 3) on cpu")
    has(help.text "nn.utils", "clip_grad_value_")
    has(help.text "tocha.data", "StandardScaler")
    has(help.text "string.format", "manual.html#pdf-string.format")
    has(help.text(), "operations are in tocha.ops")
    has(help.text(3), "is a number: 3")
    has(help.text "string", "string is a table, a library of Lua")
    has(help.text { help = "my own words" }, "my own words")
    has(help.text { doc = "my doc" }, "my doc")
    assert.is_nil(help.text "tocha":find("manual_seed", 1, true))
  end)

  it("finds what is like an unknown name", function()
    local text <const> = help.text "softma"
    has(text, "there is no 'softma'")
    has(text, "softmax")
    has(help.text "nn.Nonsense.more", "there is no")
    has(help.text "not a name (", "there is no")
  end)

  it("prints", function()
    local printed
    local original <const> = print
    _G.print = function(text) printed = text end  -- luacheck: ignore
    finally(function() _G.print = original end)  -- luacheck: ignore
    assert.is_nil(tocha.help "relu")
    has(printed, "The positive part.")
  end)

  it("shows sources", function()
    has(doc.source(tocha.nn.Linear), "function Linear:forward(x)")
    has(doc.source(tocha.linear), 'op "linear" {')
    has(doc.source(tocha.nn.utils.clip_grad_norm_), "--- nn.utils.clip_grad_norm_(")
    has(doc.source(tocha.tanh), "y = tanh(input)")
    has(doc.source(tocha.nn.Linear(2, 3)), "function Linear:forward(x)")
    local declared <const> = doc.source(tocha.linear)
    assert.is_truthy(declared:find "^op \"linear\" {.*\n}$")
    assert.are.equal(1, select(2, declared:gsub('op "', "")))
    assert.is_nil(doc.source(print))
    assert.is_nil(doc.source(3))
  end)
end)

describe("a room that loads in parts", function()
  it("reads a part once, tells its names, and shows all to pairs", function()
    local lazy <const> = require "tocha.lazy"
    local got = 0
    package.preload["spec.part"] = function()
      got = got + 1
      return { one = 1 }
    end
    local room <const> = lazy({ here = 0 }, { one = { "spec.part", "one" }, whole = "spec.part" },
      { get = function(name) return name == "more" and 2 or nil end, names = function()
        return { "more" }
      end })
    assert.are.same({ 1, 1, 2 }, { room.one, room.whole.one, room.more })
    assert.are.same({ 1, nil }, { rawget(room, "one"), room.nothing })
    assert.are.equal(1, got)
    assert.are.same({ "here", "more", "one", "whole" }, (function()
      local names <const> = fields.names({ value = room }, false, "")
      table.sort(names)
      return names
    end)())
    local found <const> = {}
    for name, value in pairs(lazy({}, { one = { "spec.part", "one" } })) do found[name] = value end
    assert.are.same({ one = 1 }, found)
  end)
end)

describe("a summary", function()
  it("is the first sentence, without the call", function()
    assert.are.equal("Hyperbolic tangent.", doc.summary(tocha.tanh, "tanh"))
    assert.are.equal("y = x weight' + bias on the last dimension.",
      doc.summary(tocha.nn.Linear, "Linear"))
    assert.are.equal("each gradient's elements into [-clip_value, clip_value].",
      doc.summary(tocha.nn.utils.clip_grad_value_, "clip_grad_value_"))
  end)
end)

describe("comments", function()
  for _, room in ipairs(ROOMS) do
    it("are there for all that is public in tocha." .. room, function()
      local where <const> = room == "" and tocha or help.find("tocha." .. room)
      assert.is_truthy(where, room)
      local missing <const> = {}
      for _, name in ipairs(fields.names({ value = where }, false, "")) do
        local value <const> = where[name]
        local public <const> = type(value) == "function" or doc.is_class(value)
        if public and not doc.of(value, room .. "." .. name).told then
          missing[#missing + 1] = name
        end
      end
      assert.are.same({}, missing)
    end)
  end
end)
