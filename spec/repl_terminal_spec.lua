-- The prompt on a terminal, which script(1) of util-linux gives: editing, completion, history,
-- Ctrl-C. Without script the tests are pending.

local terminal = require "spec.terminal"

local BUILD <const> = os.getenv "TOCHA_BUILD" or "build"
local COMMAND <const> = "env TOCHA_BUILD='" .. BUILD .. "' NO_COLOR=1 bin/tocha"

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

-- A file that is gone after the test.
local function scratch(text)
  local path <const> = os.tmpname()
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
  finally(function() os.remove(path) end)
  return path
end

-- A test on a terminal: pending where there is none to be had.
local function on_terminal(name, test)
  it(name, function()
    if not terminal.there() then return pending "no script(1) of util-linux" end
    test()
  end)
end

local function editors()
  local found <const> = { "plain" }
  for _, name in ipairs { "editline", "readline" } do
    if package.searchpath("tocha." .. name, package.cpath) then found[#found + 1] = name end
  end
  return found
end

describe("the prompt on a terminal", function()
  -- A session that has shown its first prompt.
  local function start(editor, environment)
    environment = environment or {}
    environment.TOCHA_EDITOR = editor
    environment.TOCHA_HISTORY = environment.TOCHA_HISTORY or ""
    local session <const> = terminal.start(COMMAND, environment)
    session:wait "[1]> "
    return session
  end

  for _, editor in ipairs(editors()) do
    on_terminal("keeps the session through errors and Ctrl-C, with " .. editor, function()
      local session <close> = start(editor)
      session:type "local x = tocha.ones(2, 2)\r"
      session:wait "[2]> "
      session:type "x:matmul(tocha.ones(3))\r"
      assert.is_truthy(session:wait "[3]> ":find("x = float32 (2, 2)", 1, true))
      session:type "while true do end\r"
      session:wait "end"
      os.execute "sleep 0.2"
      session:type "\3"
      session:wait "interrupted at [3]:1"
      session:wait "[4]> "
      session:type "half a lin\3"
      session:wait "[4]> "
      session:type "for i = 1, 2 do\r"
      session:wait "...> "
      session:type "print(i * 21) end\r"
      session:wait "42"
      session:wait "[5]> "
      session:type "x:sum():item() + 38.5\r"
      session:wait "42.5"
      session:wait "[6]> "
      session:type "\4"
      session:finish()
    end)
  end

  on_terminal("stops a loop of operations, also in a coroutine or behind pcall", function()
    local session <close> = start "plain"
    for n, code in ipairs {
      "local a = tocha.ones(64, 64) while true do a:matmul(a) end",
      "for _ in coroutine.wrap(function() while true do tocha.rand(9) end end) do end",
      "while true do tocha.rand(9):requires_grad_():exp():sum():backward() end",
    } do
      session:type(code .. "\r")
      session:wait(code:sub(-9))
      os.execute "sleep 0.3"
      session:type "\3"
      session:wait "interrupted"
      session:wait(("[%d]> "):format(n + 1))
    end
    session:type "while true do pcall(function() while true do end end) end\r"
    session:wait "end) end"
    for _ = 1, 2 do
      os.execute "sleep 0.3"
      session:type "\3"
    end
    session:wait "interrupted"
    session:wait "[5]> "
    session:type "tocha.is_grad_enabled(), tocha.ones(2):sum():item()\r"
    session:wait "true\t2.0"
  end)

  on_terminal("ends a script with status 130 and its files closed", function()
    local kept <const> = os.tmpname()
    finally(function() os.remove(kept) end)
    local path <const> = scratch("require 'tocha' local f = io.open('" .. kept .. "', 'w')\n"
      .. "f:write 'kept'\n"
      .. "local _ <close> = setmetatable({}, {__close = function() print 'closed' end})\n"
      .. "print 'ready' while true do require 'tocha'.ones(3) end")
    local session <close> = terminal.start("sh -c "
      .. quoted("trap : INT; " .. COMMAND .. " " .. path .. "; echo status $?"))
    session:wait "ready"
    session:type "\3"
    session:wait "closed"
    session:wait("interrupted at " .. path .. ":4")
    session:wait "status 130"
    local file <close> = assert(io.open(kept))
    assert.are.equal("kept", file:read "a")
  end)

  for _, editor in ipairs(editors()) do
    if editor ~= "plain" then
      on_terminal("edits, completes and remembers, with " .. editor, function()
        local history <const> = os.tmpname()
        finally(function() os.remove(history) end)
        do
          local session <close> = start(editor, { TOCHA_HISTORY = history, LANG = "C.UTF-8" })
          session:type "tocha.nn.Lin\t(2, 3).out_fea\t\r"
          session:wait "3\n"
          session:wait "[2]> "
          session:type "s = 'h\u{e9}llo \u{65e5}'\27[D\127!\r"  -- left, backspace
          session:wait "[3]> "
          session:type "s\r"
          session:wait "\"h\u{e9}llo !\""
          session:type "for i = 7, 8 do\r"
          session:wait "...> "
          session:type "print(i) end\r"
          session:wait "8\n"
          session:wait "[5]> "
          session:type "\4"
          session:finish()
        end
        local file <close> = assert(io.open(history))
        assert.are.equal("tocha.nn.Linear(2, 3).out_features\ns = 'h\u{e9}llo !'\ns\n"
          .. "for i = 7, 8 do\\nprint(i) end\n", file:read "a")
        local session <close> = start(editor, { TOCHA_HISTORY = history })
        session:type "\27[A\r"  -- the loop again, whole
        session:wait "7\n"
        session:wait "8\n"
        session:wait "[2]> "
        session:type "\18tocha.nn\r"  -- Ctrl-R
        session:wait "3\n"
      end)
    end
  end

  on_terminal("does with a dumb terminal", function()
    local session <close> = start(nil, { TERM = "dumb" })
    session:type "1 + 1\r"
    session:wait "2\n"
    session:type "exit\r"
    assert.is_nil(session:finish():find("\27", 1, true))
  end)

  on_terminal("has colours only where they are wanted", function()
    for command, expected in pairs {
      [COMMAND] = false, [COMMAND:gsub("NO_COLOR=1 ", "")] = true,
    } do
      local session <close> = terminal.start(command, { TOCHA_HISTORY = "" })
      session:wait "[1]> "
      session:type "error 'x'\r"
      session:wait "[2]> "
      assert.are.equal(expected, session.raw:find("\27[1;31m", 1, true) ~= nil)
      session:type "\4"
      session:finish()
    end
  end)
end)
