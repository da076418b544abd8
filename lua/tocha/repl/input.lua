-- How the prompt reads a line: through libedit or readline where one was built in and there is a
-- terminal that can be drawn on, plainly otherwise.
--
--     input.read(prompt)      -- the line; false after Ctrl-C; nil at the end
--     input.add(text)         -- an entry of the history
--     input.complete(f)       -- f(before, after): what Tab inserts, and what it lists

local core = require "tocha.core"
local paint = require "tocha.repl.paint"
local terminal = require "tocha.terminal"

local EDITORS <const> = { "editline", "readline" }

-- ---- without an editor --------------------------------------------------------------------------

local plain <const> = { name = "plain" }

local function ignore() end

-- Ctrl-C is heard as soon as the prompt is seen.
local function ask(out, prompt)
  out:write((prompt:gsub("[\1\2]", "")))
  out:flush()
  if not terminal.is_terminal(0) or core.await_input() then return io.read "l" end
end

function plain.read(prompt)
  local out <const> = terminal.is_terminal(1) and io.stdout or io.stderr
  local _, line <const> = core.interruptible(ignore, ask, out, prompt)
  if not core.interrupted() then return line end
  out:write "\n"
  return false
end

plain.add, plain.complete = ignore, ignore

-- ---- choosing -----------------------------------------------------------------------------------

local function can_draw()
  return terminal.is_terminal(0) and terminal.is_smart(1) and os.getenv "TERM" ~= nil
end

local function choose()
  local asked <const> = os.getenv "TOCHA_EDITOR"
  if asked == "plain" or not can_draw() then return plain end
  for _, name in ipairs(asked and asked ~= "" and { asked } or EDITORS) do
    local found <const>, editor <const> = pcall(require, "tocha." .. name)
    if found then return editor end
  end
  return plain
end

local input <const> = {}
for name, value in pairs(choose()) do input[name] = value end

--- input.prompt(text, style): the text of a prompt, its colours between the marks that editors
--- want.
function input.prompt(text, style)
  local painted <const> = paint(1)(style, text)
  return (painted:gsub("\27%[[%d;]*m", "\1%0\2"))
end

return input
