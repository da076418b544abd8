-- The commands of the prompt: %time, %who, %run, ?name, !shell and the others.

local history = require "tocha.repl.history"
local magic = require "tocha.repl.magic"

local BUILD <const> = os.getenv "TOCHA_BUILD" or "build"

local function write_file(path, text)
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
end

local function read_file(path)
  local file <close> = assert(io.open(path))
  return file:read "a"
end

-- A file that is gone after the test.
local function scratch(text)
  local path <const> = os.tmpname()
  write_file(path, text)
  finally(function() os.remove(path) end)
  return path
end

-- What a session prints for these lines: values and messages, without the prompts.
local function session(lines, environment)
  local input <const> = scratch(table.concat(lines, "\n") .. "\n")
  local pipe <const> = assert(io.popen(("env TOCHA_BUILD='%s' TOCHA_HISTORY= NO_COLOR=1 %s "
    .. "bin/tocha -i <%s 2>&1"):format(BUILD, environment or "", input)))
  local text <const> = pipe:read "a"
  pipe:close()
  return (text:gsub("^Tocha[^\n]*\n", ""):gsub("%[%d+%]> ", ""):gsub("%.%.%.+> ", ""))
end

local function has(text, part)
  assert.is_truthy(text:find(part, 1, true), ("%q is not in:\n%s"):format(part, text))
end

describe("a command", function()
  it("is told from Lua", function()
    for text, expected in pairs {
      ["%time f(x)"] = { "time", "f(x)" }, ["  %who"] = { "who", "" },
      ["!ls -l"] = { "shell", "ls -l" },
      ["?nn.Linear"] = { "help", "nn.Linear" }, ["nn.Linear?"] = { "help", "nn.Linear" },
      ["??f"] = { "source", "f" }, ["f??"] = { "source", "f" }, ["?"] = { "help", "" },
      ["x:sum?"] = { "help", "x:sum" },
    } do assert.are.same(expected, { magic.parse(text) }, text) end
    for _, text in ipairs { "x % 2", "f(x) -- why?", "'?'", "x = 'what?'", "a ~= b", "" } do
      assert.is_nil(magic.parse(text), text)
    end
  end)

  it("is in one list, with its help", function()
    local text <const> = session { "%help" }
    for _, command in ipairs(magic.list()) do
      has(text, "%" .. command.name)
      assert.is_true(#command.doc > 10)
    end
    has(session { "%nonsense" }, "there is no command %nonsense")
    has(session { "%help %time" }, "%time statement: runs it once")
  end)

  it("shows help and sources", function()
    has(session { "?tocha.tanh" }, "Hyperbolic tangent.")
    has(session { "tocha.nn.Linear?" }, "nn.Linear(in_features, out_features")
    has(session { "help(tocha.relu)" }, "The positive part.")
    has(session { "??tocha.nn.Linear" }, "function Linear:forward(x)")
    has(session { "??print" }, "there is no Lua source of print")
    has(session { "function f(a)", "  return a + 1", "end", "??f" }, "  return a + 1")
  end)
end)

describe("timing", function()
  it("%time shows the values and keeps them", function()
    local text <const> = session { "%time 6 * 7", "_ + 1" }
    assert.is_truthy(text:find "^42\nwall %d[^\n]*, processor %d[^\n]*\n43\n", text)
  end)

  it("%timeit calls as often as it is told", function()
    local text <const> = session { "n = 0", "%timeit -n 10 -r 3 n = n + 1", "n" }
    local call <const> = "^%d[%d.e]* [mun]?s %+%- %S+ [mun]?s a call "
    local rest <const> = "%(mean and deviation of 3 rounds of 10 calls%)\n30\n"
    assert.is_truthy(text:find(call .. rest), text)
    has(session { "%timeit x = " }, "unexpected symbol")
    has(session { "%time" }, "what is to be timed?")
  end)
end)

describe("names", function()
  it("%who and %whos list what the user made", function()
    local lines <const> = { "local x = tocha.ones(3, 4)", "name = 'lua'", "7" }
    local names <const> = session { lines[1], lines[2], lines[3], "%who" }
    assert.are.equal("7\nname  x\n", (names:gsub("\n+$", "\n")))
    local text <const> = session { lines[1], lines[2], "net = tocha.nn.Linear(2, 3)", "t = {}",
      "%whos" }
    assert.is_truthy(text:find "net%s+Linear%s+Linear%(2, 3%)")
    assert.is_truthy(text:find "t%s+table%s+{}")
    assert.is_truthy(text:find "x%s+tensor%s+48 B%s+float32 %(3, 4%)", text)
    assert.is_truthy(text:find 'name%s+string%s+"lua"')
    has(session { "%who" }, "nothing yet")
  end)

  it("%reset forgets names and results", function()
    local text <const> = session { "x = 1", "7", "%reset", "x, _, _2", "tocha ~= nil" }
    assert.is_truthy(text:find "7\n1 name and all results forgotten\nnil\tnil\tnil\ntrue\n", text)
  end)

  it("%memory tells the bytes of tensors", function()
    local text <const> = session { "x = tocha.ones(1024, 1024)", "%memory" }
    assert.is_truthy(text:find "^tensors%s+[45]%.%d%d MB\n", text)
  end)

  it("results are kept by number, the last hundred", function()
    local lines <const> = {}
    for k = 1, 103 do lines[k] = k * 2 .. ";" end
    lines[104] = "_103, _4, _3, _"
    assert.are.equal("206\t8\tnil\t206", session(lines):match "^%S+\t%S+\t%S+\t%d+")
  end)
end)

describe("files", function()
  it("%run runs a script, gives it arguments and keeps its locals", function()
    local path <const> = scratch "local a, print = 5, print\nlocal args = {...}\nb = a + #args\n"
    local text <const> = session { "%run " .. path .. " one 'two words'", "a, b, args[2], arg[0]" }
    assert.is_truthy(text:find('^5\t7\t"two words"\t"' .. path:gsub("%p", "%%%0") .. '"\n'), text)
    has(session { "%run /no/such/file.lua" }, "/no/such/file.lua: No such file")
    has(session { "%run " .. scratch "x = = 1" }, "unexpected symbol")
    has(session { "%run " .. scratch "return 1" }, "")
  end)

  it("%save writes statements, and over no file", function()
    local path <const> = os.tmpname()
    finally(function() os.remove(path) end)
    has(session { "x = 1", "%save " .. path }, path .. " is there already")
    os.remove(path)
    session { "x = 1", "for i = 1, 2 do", "x = x + i end", "%who", "x",
      "%save " .. path .. " 1-3" }
    assert.are.equal("x = 1\nfor i = 1, 2 do\nx = x + i end\n", read_file(path))
  end)

  it("%edit runs what the editor leaves", function()
    local editor <const> = scratch "#!/bin/sh\nsed -i s/20/21/ \"$1\"\n"
    os.execute("chmod +x " .. editor)
    local text <const> = session({ "20 * 2", "%edit", "%edit 1" },
      "EDITOR=" .. editor .. " VISUAL=")
    assert.is_truthy(text:find "^40\n42\n42\n", text)
    has(session({ "%edit" }, "EDITOR=false VISUAL="), "the editor failed")
  end)

  it("%history lists this session, and !command is the shell's", function()
    local text <const> = session { "x = 1", "for i = 1, 2 do", "end", "%history" }
    assert.is_truthy(text:find "   1  x = 1\n   2  for i = 1, 2 do\n      end\n", text)
    assert.is_truthy(session { "!echo a shell; exit 3" }:find "^a shell\n%(status 3%)\n")
  end)
end)

describe("the history file", function()
  -- Runs f with TOCHA_HISTORY as it is seen by history.lua.
  local function with_path(path, f)
    local original <const> = os.getenv
    -- luacheck: push ignore 122
    os.getenv = function(name) return name == "TOCHA_HISTORY" and path or original(name) end
    local ok <const>, message <const> = pcall(f)
    os.getenv = original
    -- luacheck: pop
    if not ok then error(message, 0) end
  end

  it("gives back what was put in, lines and backslashes too", function()
    with_path(scratch "", function()
      local entries <const> = { "x = 1", "for i = 1, 2 do\n  print '\\n'\nend", "s = 'é\\\\'" }
      for _, entry in ipairs(entries) do history.append(entry) end
      assert.are.same(entries, history.load())
    end)
  end)

  it("is where the environment says, else in the home folder's state", function()
    local original <const> = os.getenv
    local values = {}
    -- luacheck: push ignore 122
    os.getenv = function(name) return values[name] end
    finally(function() os.getenv = original end)
    -- luacheck: pop
    for expected, given in pairs {
      ["/h/.local/state/tocha/history"] = { HOME = "/h" }, ["/s/tocha/history"] = { HOME = "/h",
        XDG_STATE_HOME = "/s" }, ["/f"] = { HOME = "/h", TOCHA_HISTORY = "/f" },
      [false] = { HOME = "/h", TOCHA_HISTORY = "" },
    } do
      values = given
      assert.are.equal(expected or nil, history.path())
    end
    values = {}
    assert.is_nil(history.path())
  end)

  it("makes its folder, and does without where it cannot", function()
    local folder <const> = os.tmpname()
    os.remove(folder)
    finally(function() os.execute("rm -rf " .. folder) end)
    with_path(folder .. "/a/b/history", function()
      history.append "x"
      assert.are.same({ "x" }, history.load())
    end)
    with_path("/proc/no/history", function()
      history.append "x"
      assert.are.same({}, history.load())
    end)
  end)

  it("keeps the last ten thousand", function()
    local lines <const> = {}
    for k = 1, 20001 do lines[k] = "x = " .. k end
    local path <const> = scratch(table.concat(lines, "\n") .. "\n")
    with_path(path, function()
      local entries <const> = history.load()
      assert.are.equal(10000, #entries)
      assert.are.equal("x = 20001", entries[10000])
      assert.are.equal(10000, select(2, read_file(path):gsub("\n", "")))
    end)
  end)
end)
