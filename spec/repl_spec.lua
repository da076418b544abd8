-- The command: scripts, -e, pipes; the prompt's parts one by one. The prompt on a terminal is in
-- repl_terminal_spec.lua, its commands in repl_magic_spec.lua.

local tocha = require "tocha"
local complete = require "tocha.repl.complete"
local lexer = require "tocha.repl.lexer"
local pretty = require "tocha.repl.pretty"
local statement = require "tocha.repl.statement"

local BUILD <const> = os.getenv "TOCHA_BUILD" or "build"
local COMMAND <const> = "env TOCHA_BUILD='" .. BUILD .. "' NO_COLOR=1 bin/tocha"

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

-- Both outputs of a shell command, and its status.
local function output(command)
  local pipe <const> = assert(io.popen("{ " .. command .. "\n} 2>&1; echo \"status $?\""))
  local text <const> = pipe:read "a"
  pipe:close()
  local body <const>, status <const> = text:match "^(.*)status (%d+)\n$"
  return body, tonumber(status)
end

local function write_file(path, text)
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
end

-- A file that is gone after the test.
local function scratch(text)
  local path <const> = os.tmpname()
  write_file(path, text)
  finally(function() os.remove(path) end)
  return path
end

describe("the command", function()
  it("runs a script with its arguments", function()
    local path <const> = scratch "print(arg[0] == nil, #arg, arg[2], tocha, ...)"
    local text <const>, status <const> = output(COMMAND .. " " .. path .. " a 'b c'")
    assert.are.equal("false\t2\tb c\tnil\ta\tb c\n", text)
    assert.are.equal(0, status)
  end)

  it("runs -e, -l and standard input", function()
    assert.are.equal("3.0\n", (output(COMMAND .. " -e 'print(tocha.ones(3):sum():item())'")))
    assert.are.equal("true\n",
      (output(COMMAND .. " -l tocha.nn -l o=tocha.optim -e 'print(nn.Linear and o.SGD and true)'")))
    assert.are.equal("7\n", (output("echo 'print(3 + 4, ...)' | " .. COMMAND .. " -")))
    assert.truthy(output("echo 'help(tocha.relu)' | " .. COMMAND):find("relu(input)", 1, true))
  end)

  it("says what it is and how it is used", function()
    assert.is_truthy(output(COMMAND .. " -v"):find "^Tocha %d")
    assert.is_truthy(output(COMMAND .. " -h"):find "^usage: tocha")
    local text <const>, status <const> = output(COMMAND .. " --nonsense")
    assert.is_truthy(text:find "unknown option '%-%-nonsense'")
    assert.are.equal(1, status)
    assert.is_truthy(output(COMMAND .. " -e"):find "'%-e' needs an argument")
  end)

  it("tells where a script failed, with shapes, and ends with status 1", function()
    local path <const> = scratch [[
local tocha = require "tocha"
local function mix(a)
  local weight = tocha.ones(5, 6)
  return (a:matmul(weight))
end
mix(tocha.ones(2, 3))
]]
    local text <const>, status <const> = output(COMMAND .. " " .. path)
    assert.are.equal(1, status)
    assert.is_truthy(text:find("  >    4 |   return (a:matmul(weight))", 1, true), text)
    assert.is_truthy(text:find("a = float32 (2, 3)", 1, true))
    assert.is_truthy(text:find("weight = float32 (5, 6)", 1, true))
    assert.is_truthy(text:find("      6 | mix(tocha.ones(2, 3))", 1, true))
    assert.is_truthy(text:find("tocha: " .. path .. ":4: [matmul] argument 2", 1, true))
  end)

  it("folds the calls inside Tocha and finds the user's layer", function()
    local path <const> = scratch [[
local nn = require "tocha".nn
local Net = nn.Module:extend "Net"
function Net:new() self.layer = nn.Linear(3, 4) end
function Net:forward(x)
  local y = self.layer(x)
  return y
end
local net = nn.Sequential(Net())
local z = net(require "tocha".ones(2, 7))
]]
    local text <const> = output(COMMAND .. " " .. path)
    assert.is_truthy(text:find("  >    5 |   local y = self.layer(x)", 1, true), text)
    assert.is_truthy(text:find("x = float32 (2, 7)", 1, true))
    assert.is_truthy(text:find("self.layer = Linear(3, 4)", 1, true))
    assert.is_truthy(text:find "%.%.%. %d+ calls? inside Tocha")
    assert.is_truthy(text:find("in 0.layer (Linear) of Sequential", 1, true))
  end)

  it("survives errors of every kind", function()
    for code, expected in pairs {
      ["error {}"] = "error object is a table value", ["error()"] = "error object is a nil value",
      ["local function f() return 1 + f() end f()"] = "stack overflow",
      ["error(setmetatable({}, {__tostring = function() return 'mine' end}))"] = "mine",
      ["x ="] = "unexpected symbol",
    } do
      local text <const>, status <const> = output(COMMAND .. " -e " .. quoted(code))
      assert.are.equal(1, status, code)
      assert.is_truthy(text:find(expected, 1, true), code .. ": " .. text)
    end
  end)

  it("shows no colours in a pipe", function()
    local text <const> = output("TOCHA_BUILD=" .. BUILD .. " bin/tocha -e 'error \"x\"'")
    assert.is_nil(text:find("\27", 1, true))
  end)
end)

describe("standard input that is no terminal", function()
  it("is a script where it is one", function()
    local text <const>, status <const> = output("printf 'local x = 2\nprint(x)\n' | " .. COMMAND)
    assert.are.equal("2\n", text)
    assert.are.equal(0, status)
  end)

  it("is statements where it is none, up to the first that fails", function()
    local lines <const> = "local x = 2\nx + 1\nfor i = 1, 2 do\nprint(i)\nend\n%who\nx.y.z\n'never'"
    local text <const>, status <const> = output("printf " .. quoted((lines:gsub("%%", "%%%%")))
      .. " | " .. COMMAND)
    assert.is_truthy(text:find "^3\n1\n2\nx\n", text)
    assert.is_truthy(text:find "attempt to index a number value")
    assert.is_nil(text:find "never")
    assert.are.equal(1, status)
  end)

  it("shows a mistake of writing in one line", function()
    local text <const> = output("printf 'x:y\n' | " .. COMMAND)
    assert.are.equal("error: [1]:1: function arguments expected near <eof>\n", text)
  end)

  it("can be read with prompts", function()
    local text <const>, status <const> = output("printf '1,\"a\"\n_ + 1\n_2\n_9\nx.y\n7;\n' | "
      .. COMMAND .. " -i 2>/dev/null")
    assert.are.equal("1\t\"a\"\n2\n2\nnil\n\n", (text:gsub("^Tocha[^\n]*\n", "")))
    assert.are.equal(0, status)
  end)
end)

describe("statements", function()
  it("make top-level locals global and leave the others", function()
    for text, expected in pairs {
      ["local x = 1"] = "      x = 1", ["local x"] = "      x = nil",
      ["local a <const>, b = 1, 2"] = "      a        , b = 1, 2",
      ["local function f() local y end"] = "      function f() local y end",
      ["local x, y"] = "      x, y = nil", ["local x\nlocal y <const>\nx()"]
        = "      x = nil\n      y         = nil\nx()",
      ["local x <const> local y"] = "      x         = nil       y = nil",
      ["repeat local a until a local b = 1"] = "repeat local a until a       b = 1",
      ["for i = 1, 2 do local a end local b = 1"] = "for i = 1, 2 do local a end       b = 1",
      ["local"] = "local", ["local x <const"] = "local x <const",
      ["local x <close> = f()"] = "local x <close> = f()",
      ["do local x end"] = "do local x end",
      ["x = 'local y' -- local z"] = "x = 'local y' -- local z",
      ["if a then local b end local c"] = "if a then local b end       c = nil",
      ["f(function() local a end) local b"] = "f(function() local a end)       b = nil",
    } do assert.are.equal(expected, statement.global(text)) end
  end)

  it("are expressions, statements, or not whole yet", function()
    assert.are.same({ 1, 2 }, { statement.compile("1, 2 -- two", "=x").run() })
    assert.is_true(statement.compile("f();", "=x").quiet)
    assert.are.equal(5, statement.compile("= 2 + 3", "=x").run())
    for _, text in ipairs { "for i = 1, 2 do", "f(", "x = {", "s = [[", "local x =", "--[[ a" } do
      local compiled <const>, _, more <const> = statement.compile(text, "=x")
      assert.is_nil(compiled)
      assert.is_true(more, text)
    end
    local compiled <const>, message <const>, more <const> = statement.compile("x = = 1", "=x")
    assert.is_nil(compiled)
    assert.is_false(more)
    assert.is_truthy(message:find "unexpected symbol")
  end)

  it("are cut into tokens that cover every character but blanks", function()
    local text <const> = "local t<const> = {[==[a]]b]==], 'q\\'', 0x1p4, 1e-3, a.b:c(...)} "
      .. "--[[c]] ~= // -- d"
    local covered = text
    for _, token in ipairs(lexer.tokens(text)) do
      assert.are.equal(text:sub(token.from, token.to), token.text)
      local blank <const> = (" "):rep(#token.text)
      covered = covered:sub(1, token.from - 1) .. blank .. covered:sub(token.to + 1)
    end
    assert.is_nil(covered:find "%S")
    assert.are.equal("open", lexer.tokens("x = 'abc")[3].kind)
    assert.are.equal("open", lexer.tokens("--[[ abc")[1].kind)
  end)
end)

describe("values", function()
  it("are shown as one would write them", function()
    assert.are.equal('"a\\nb\\"c"', pretty.text 'a\nb"c')
    assert.are.equal('{ 1, 2, a = { b = true }, ["end"] = 3, ["x y"] = 4 }',
      pretty.text { 1, 2, a = { b = true }, ["x y"] = 4, ["end"] = 3 })
    assert.are.equal("{ float32 (2, 3) }", pretty.text { tocha.ones(2, 3) })
    assert.are.equal(tostring(tocha.ones(2)), pretty.text(tocha.ones(2)))
    assert.are.equal("Linear(2, 3)", pretty.text(tocha.nn.Linear(2, 3)))
    assert.are.equal("function tocha.relu(input)", pretty.text(tocha.relu))
    assert.are.equal("function (in C)", pretty.text(print))
    assert.is_truthy(pretty.text(function() end):find "^function %(.*repl_spec.lua:%d+%)$")
    local narrow <const> = { width = 12 }
    assert.are.equal("{\n  { 1, 2 },\n  { 3, 4 }\n}", pretty.text({ { 1, 2 }, { 3, 4 } }, narrow))
    assert.are.equal("{\n  1,\n  { 2, 3 },\n  4\n}", pretty.text({ 1, { 2, 3 }, 4 }, narrow))
    assert.are.equal("{\n  1, 2, 3,\n  4, 5, 6\n}", pretty.text({ 1, 2, 3, 4, 5, 6 }, narrow))
    assert.are.equal("{ [0] = 1, [2.5] = 2, [true] = 3 }",
      pretty.text { [0] = 1, [2.5] = 2, [true] = 3 })
    assert.are.equal("{ 1, { a = 2 } }", pretty.brief { 1, { a = 2 } })
  end)

  it("have limits", function()
    local list <const>, itself <const>, named <const>, sixty <const> = {}, {}, {}, {}
    for k = 1, 1000 do list[k] = k end
    for k = 1, 100 do named["a" .. k] = k end
    for k = 1, 60 do sixty[k] = k end
    assert.is_truthy(pretty.text(named):find("... 40 more", 1, true))
    assert.is_nil(pretty.text(sixty):find("more", 1, true))
    assert.are.equal(("%q"):format(("x"):rep(2000)), pretty.text(("x"):rep(2000)))
    assert.is_truthy(pretty.text(("x"):rep(2001)):find '"%.%.%. %(2001 bytes%)$')
    itself.again = itself
    assert.is_truthy(pretty.text(list):find("... 940 more", 1, true))
    for line in pretty.text(list):gmatch "[^\n]+" do assert.is_true(#line <= 80) end
    assert.are.equal("{ again = { itself } }", pretty.text(itself))
    assert.are.equal("{ { { { { { ... } } } } }, { { { { { ... } } } } } }",
      pretty.text { { { { { {} } } } }, { { { { {} } } } } })
    assert.is_truthy(pretty.text { { { { { { 1 } } } } } }:find("{ ... }", 1, true))
    assert.is_truthy(#pretty.text(("x"):rep(1e6)) < 3000)
    assert.are.equal(20, utf8.len(pretty.brief(("é"):rep(100), 20)))
  end)
end)

describe("Tab", function()
  -- What is inserted after the text, and the list as names.
  local function tab(text)
    local insert <const>, list <const> = complete.text(text)
    local names <const> = {}
    for name in (list or ""):gmatch "%S+" do names[name] = true end
    return insert, names
  end

  setup(function()
    _G.t_ = { alpha = 1, beta = { gamma = 2, ["two words"] = 3 }, f = print }
    _G.x_ = tocha.ones(2, 3)
    _G.net_ = tocha.nn.Sequential { { "first", tocha.nn.Linear(2, 3) },
      { "second", tocha.nn.ReLU() } }
    _G.tocha = tocha
  end)
  teardown(function() _G.t_, _G.x_, _G.net_, _G.tocha = nil, nil, nil, nil end)

  it("completes names, fields and methods", function()
    for text, expected in pairs {
      ["t_.al"] = "pha", ["t_.beta.g"] = "amma", ["math.flo"] = "or", ["retur"] = "n",
      ["x = tocha.nn.Lin"] = "ear", ["tocha.opti"] = "m", ["x_.sha"] = "pe", ["x_:soft"] = nil,
      ["net_:zero_g"] = "rad", ["net_.fir"] = "st", ["net_[1].wei"] = "ght", ["('a'):rev"] = "erse",
      ["x_:relu():cums"] = "um", ["tocha.ones(2):argma"] = "x", ["x_[1]:argma"] = "x",
      ["tocha.nn.Linear(2, 3):zero_g"] = "rad", ["t_:"] = "f", ["io.stdout:see"] = "k",
      ["local foobar = 1\nreturn fooba"] = "r", ["f(x_.T:argma"] = "x",
      ["-- x\nmath.flo"] = "or", ["tocha.nn.Linear(2, 3).out_f"] = "eatures",
      ["(x_[1]):argma"] = "x", ["t_.beta['two words'].x"] = nil, ["x_._me"] = nil,
    } do assert.are.equal(expected, (tab(text)), text) end
    local _, names <const> = tab "x_:soft"
    assert.is_true(names.softmax and names.softplus and not names.relu)
    assert.is_true(select(2, tab "x_.").requires_grad)
    assert.is_true(select(2, tab "tocha.nn.C").CTCLoss)
    assert.is_nil(select(2, tab "t_:").alpha)
  end)

  it("completes the options of a call", function()
    for text, expected in pairs {
      ["tocha.softmax(x, {di"] = "m = ", ["x_:sum(1, {keep"] = "dim = ",
      ["tocha.nn.Conv2d(3, 4, 5, {stri"] = "de = ", ["tocha.nn.Linear(2, 3, {bi"] = "as = ",
      ["tocha.optim.SGD(p, {momen"] = "tum = ", ["tocha.zeros(2, {\n  dty"] = "pe = ",
      ["tocha.zeros(2, {dtype = \"bfl"] = "oat16", ["x_:to('uin"] = "t8",
    } do assert.are.equal(expected, (tab(text)), text) end
    local _, list <const> = complete.text "tocha.softmax("
    assert.is_truthy(list:find "^softmax%(input, dim = %-1.*\n.*sum to one")
    assert.are.equal("ght = ", (tab "tocha.plot.figure{wid")  and (tab "tocha.plot.figure { hei"))
    assert.are.equal("idth = ", (tab "tocha.plot.figure({title = 'x', w"))
  end)

  it("completes keys, files, modules and commands", function()
    for text, expected in pairs {
      ["t_['al"] = "pha", ['t_.beta["two'] = " words", ["io.open 'lua/toc"] = "ha/",
      ["f('lua/tocha/repl/prom"] = "pt.lua", ['require "tocha.repl.comp'] = "lete",
      ["require('tocha.opti"] = "m", ["%timei"] = "t ", ["%run lua/toc"] = "ha/",
      ["!cat lua/toc"] = "ha/",
      ["%save lua/toc"] = "ha/", ["require 'tocha.repl.magic_t"] = "iming",
      ["?tocha.nn.Lin"] = "ear", ["%time math.flo"] = "or",
    } do assert.are.equal(expected, (tab(text)), text) end
  end)

  it("does nothing where there is nothing to say, and indents", function()
    for _, text in ipairs { "nothing.here", "x = 1 -- tocha.", "a.b.c.", "12", "--[[ tocha." } do
      assert.is_nil((tab(text)), text)
    end
    assert.are.equal("  ", (tab ""))
    assert.are.equal("  ", (tab "for i = 1, 2 do\n"))
  end)

  it("lists what there is more than one of, in columns that end", function()
    assert.is_nil(select(2, complete.text "t_.al"))
    assert.are.equal("sub     sub_    sum     sum_to", (select(2, complete.text "x_:relu():su")))
    assert.is_truthy(select(2, complete.text "tocha."):find "\n%.%.%. and %d+ more$")
    _G._7 = 1
    finally(function() _G._7 = nil end)
    assert.is_nil((tab "_7"))
    assert.is_truthy(select(2, complete.text 'require "tocha.re'):find("tocha.repl.", 1, true))
  end)

  it("calls nothing of the user's", function()
    local called = false
    _G.trap_ = setmetatable({}, { __index = function() called = true end })
    finally(function() _G.trap_ = nil end)
    tab "trap_.field.na"
    tab "trap_."
    assert.is_false(called)
  end)
end)
